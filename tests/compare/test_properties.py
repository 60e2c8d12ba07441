"""What holds for every diff, whatever the texts."""

from __future__ import annotations

import importlib.util
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvest.compare import compare
from harvest.compare.change import show_heading
from harvest.compare.diff import align_canonically, compare_aligned
from harvest.compare.lineage import link
from harvest.compare.ops import ops_of
from harvest.compare.render import to_html, to_json, to_markdown, to_terminal
from harvest.compare.tokens import tokenise
from harvest.compare.units import Work
from harvest.compare.words import diff_words
from harvest.model import Change, Section

_spec = importlib.util.spec_from_file_location("compare_strategies", Path(__file__).parent / "conftest.py")
assert _spec is not None and _spec.loader is not None
strategies = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(strategies)
documents = strategies.documents

MIRROR = {
    "added": "removed",
    "removed": "added",
    "split": "merged",
    "merged": "split",
    "section-added": "section-removed",
    "section-removed": "section-added",
}
TURNED = {"+": "-", "-": "+", "=": "="}


def side(change: Change, op: str) -> str:
    return "".join(text for kind, text in change.ops if kind in ("=", op))


@given(documents, documents)
@settings(max_examples=150, deadline=None)
def test_ops_rebuild_both_sides(before, after):
    """The ops of every change join to its text before without insertions, to its text after without deletions."""
    for change in compare(before, after).changes:
        if change.ops:
            assert side(change, "-") == (change.before or "")
            assert side(change, "+") == (change.after or "")
        else:
            assert change.before == change.after or (not change.before and not change.after)


@given(documents, documents)
@settings(max_examples=150, deadline=None)
def test_every_clause_is_accounted_for_once(before, after):
    """Every clause of both texts stands in exactly one entry."""
    entries = compare(before, after).entries

    for refs, text in (
        ([ref for e in entries for ref in e.before_clauses], before),
        ([ref for e in entries for ref in e.after_clauses], after),
    ):
        expected = [(n, k) for n, section in enumerate(text) for k in range(len(section.clauses))]
        assert sorted((ref.section, ref.clause) for ref in refs) == expected


@given(documents, documents)
@settings(max_examples=150, deadline=None)
def test_entries_hold_the_texts_of_their_clauses(before, after):
    """An entry's text is that of the clauses it names: none is shown in another's place."""
    for entry in compare(before, after).entries:
        for refs, text, sections in (
            (entry.before_clauses, entry.before, before),
            (entry.after_clauses, entry.after, after),
        ):
            for ref in refs:
                clause = sections[ref.section].clauses[ref.clause]
                assert clause.text in (text or "") or clause.markdown in (text or "")


@given(documents, documents)
@settings(max_examples=150, deadline=None)
def test_a_brief_diff_leaves_out_what_is_only_shown(before, after):
    """What a corpus keeps of a diff is the same, whether ops, links and what stayed were made or not."""
    whole, brief = compare_aligned(before, after), compare_aligned(before, after, brief=True)

    assert brief[1] == whole[1]
    assert brief[0].changes == tuple(replace(change, ops=(), links=()) for change in whole[0].changes)
    judged = [
        (d.tier, d.reason, d.method, d.similarity, d.words_added, d.words_removed, d.words_moved)
        for d, _ in (whole, brief)
    ]
    assert judged[0] == judged[1]


@given(documents, documents)
@settings(max_examples=150, deadline=None)
def test_swapping_the_sides_swaps_insert_and_delete(before, after):
    """The diff from after to before is the diff from before to after, read the other way."""
    there, back = compare(before, after), compare(after, before)

    assert (there.tier, there.similarity) == (back.tier, back.similarity)
    assert (there.words_added, there.words_removed) == (back.words_removed, back.words_added)
    assert Counter(map(outline, there.changes)) == Counter(map(turned_outline, back.changes))


def outline(change: Change) -> tuple[object, ...]:
    kept = Counter(op for op in change.ops if op[1])
    return change.kind, change.tier, change.before, change.after, frozenset(kept.items())


def turned_outline(change: Change) -> tuple[object, ...]:
    kept = Counter((TURNED[op], text) for op, text in change.ops if text)
    kind = MIRROR.get(change.kind, change.kind)
    return kind, change.tier, change.after, change.before, frozenset(kept.items())


@given(documents)
@settings(max_examples=100, deadline=None)
def test_a_text_does_not_differ_from_itself(text):
    """Equal texts have no changes and no tier."""
    found = compare(text, text)

    assert found.tier is None
    assert found.changes == ()
    assert found.similarity == 1.0


@given(documents, documents)
@settings(max_examples=100, deadline=None)
def test_different_texts_differ(before, after):
    """Texts that are not equal always have a tier, at least typography."""
    same = [(s.number, s.heading, [c.markdown for c in s.clauses]) for s in before] == [
        (s.number, s.heading, [c.markdown for c in s.clauses]) for s in after
    ]

    assert (compare(before, after).tier is None) == same


def _texts_of(section):
    return section.heading, *(clause.text for clause in section.clauses)


@given(documents, documents)
@settings(max_examples=60, deadline=None)
def test_work_stays_within_its_limit(before, after):
    """Nothing is compared beyond the limit but the pair that reached it, and every clause is still accounted for."""
    work = Work(limit=3)
    letters = [sum(len(text) for section in side for text in _texts_of(section)) for side in (before, after)]

    found = compare(before, after, work=work)

    assert work.cells <= 3 + (letters[0] * letters[1] >> 12)  # what a pair of all there is would weigh
    assert sum(len(e.before_clauses) for e in found.entries) == sum(len(s.clauses) for s in before)


@given(documents, documents)
@settings(max_examples=60, deadline=None)
def test_every_form_can_be_rendered(before, after):
    """No text breaks a renderer, and none smuggles mark-up or terminal commands through it."""
    found = compare(before, after)

    json.dumps(to_json(found, include_same=True))
    to_markdown(found)
    assert "\x1b" not in to_terminal(found, colour=False)
    assert "<script" not in to_html(found, before=before, after=after)


@given(st.text(max_size=200), st.text(max_size=200))
@settings(max_examples=300, deadline=None)
def test_tokens_join_to_the_text(a, b):
    """Tokens lose nothing, and ops over any two strings rebuild both."""
    tokens = tokenise(a)
    ops = ops_of(diff_words(tokens, tokenise(b)))

    assert tokens.lead + tokens.slice(0, len(tokens.cores)) == a
    assert "".join(text for op, text in ops if op != "+") == a
    assert "".join(text for op, text in ops if op != "-") == b


@given(st.lists(documents, max_size=5))
@settings(max_examples=60, deadline=None)
def test_lineages_are_unique_within_a_text(history):
    """Every section has one lineage, no two of a text share one, and a text that comes back has its old ones."""
    linked = link([*history, *history])

    assert [len(numbers) for numbers in linked] == [len(text) for text in (*history, *history)]
    assert all(len(set(numbers)) == len(numbers) for numbers in linked)
    assert linked[: len(history)] == linked[len(history) :]


@pytest.mark.parametrize("size", [200, 400])
def test_nothing_grows_with_the_square(size):
    """Two wholly different texts of many clauses are compared within the bound, and the diff says so."""
    before = _long_text("alpha", size)
    after = _long_text("omega", size)
    work = Work()

    found = compare(before, after, work=work)

    assert work.cells <= work.limit + 1
    assert len(found.entries) == 2 * size


def _long_text(word: str, size: int) -> tuple[Section, ...]:
    from harvest.model import Clause

    texts = [" ".join(f"{word}{n}x{k}" for k in range(30)) for n in range(size)]
    return (Section(2, "", "Use", "markup", 1.0, tuple(Clause("paragraph", 0, t, t) for t in texts)),)


@given(documents, documents)
@settings(max_examples=100, deadline=None)
def test_every_section_and_clause_is_in_one_place_of_the_alignment(before, after):
    """Sections are in one pair at most, clauses in one group or turned into a heading, and no heading is both."""
    found = align_canonically(before, after, Work())

    for n, side in enumerate((found.a, found.b)):
        paired = [pair[n] for pair in found.sections]
        grouped = [unit for group in found.groups for unit in (group.b if n else group.a)]
        headings = [i for turned in found.turned for i in (turned.headings_b if n else turned.headings_a)]
        turned = [unit for each in found.turned for unit in (each.units_b if n else each.units_a)]
        assert len(set(paired) | set(headings)) == len(paired) + len(headings)
        assert len(set(grouped) | set(turned)) == len(grouped) + len(turned)
        assert max([*paired, *headings, -1]) < len(side.sections)
        assert max([*grouped, *turned, -1]) < len(side.units)


@given(documents, documents)
@settings(max_examples=100, deadline=None)
def test_every_heading_is_shown(before, after):
    """Each heading of both texts stands in some line of the diff, with its number."""
    found = compare(before, after)
    lines = [*found.entries, *found.headings]

    for sections, shown in (
        (before, {*(line.heading_before for line in lines), *_pieces(line.before for line in lines)}),
        (after, {*(line.heading_after for line in lines), *_pieces(line.after for line in lines)}),
    ):
        assert {show_heading(section) for section in sections if section.heading} <= shown


def _pieces(texts):
    return [piece for text in texts for piece in (text or "").split("\n\n")]
