"""The place that something left which moved: where it is, what it says, and how every renderer shows both ends."""

from __future__ import annotations

import importlib.util
import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings

from harvest.compare import compare
from harvest.compare.render import to_html, to_json, to_markdown, to_terminal
from harvest.compare.tokens import count_words
from harvest.model import MOVES, Clause, Departure, Diff, Same, Section, Tier

_spec = importlib.util.spec_from_file_location("compare_strategies", Path(__file__).parent / "conftest.py")
assert _spec is not None and _spec.loader is not None
strategies = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(strategies)

KEEP = "We keep the address you give us for as long as your account is open."
BASKET = "Cookies help the shop remember what you put in your basket until you come back another day."
LETTERS = "Nobody outside the company reads the letters you write to us, and we keep them under lock and key."
BANK = "Payment details travel by coach to the bank in the old town of the island."
ERASE = "You may ask us at any time of the day to erase everything that we hold about you."
COURT = "If the law obliges us to hand over records, we tell you unless a court of the county forbids it."


def reading(diff: Diff) -> list[str]:
    """What a reader meets, from top to bottom: first words of what stayed, kinds of changes, and ``<left>``."""
    names: list[str] = []
    for line in diff.reading:
        if isinstance(line, Same):
            names += [text.split()[0] for text in line.texts]
        else:
            names.append("<left>" if isinstance(line, Departure) else line.kind)
    return names


def test_a_clause_leaves_a_mark_where_it_stood(doc):
    """Both ends of a move stand in the reading order, each says where the other is."""
    found = compare(
        doc(("Use", KEEP, LETTERS, BANK), ("Rights", ERASE)), doc(("Use", KEEP, BANK), ("Rights", ERASE, LETTERS))
    )
    (left,) = found.departures

    assert reading(found) == ["We", "<left>", "Payment", "You", "moved"]
    assert (left.origin, left.destination, left.is_down) == ("from “Use”", "to “Rights”", True)
    assert left.beginning == "Nobody outside the company reads the …"


def test_a_clause_that_moved_inside_a_section_that_moved_is_a_move_of_its_own(doc):
    """No word changed, so none is struck: the section moved, and within it a clause; both leave their marks."""
    found = compare(
        doc(("Use", KEEP, BASKET, LETTERS), ("Bank", BANK, COURT), ("Rights", ERASE, ERASE + " Write to us.")),
        doc(("Bank", BANK, COURT), ("Rights", ERASE, ERASE + " Write to us."), ("Use", LETTERS, KEEP, BASKET)),
    )

    assert found.tier is Tier.ORDER
    assert [(change.kind, change.words_added, change.words_removed) for change in found.changes] == [
        ("section-moved", 0, 0),
        ("moved", 0, 0),
    ]
    assert len(found.departures) == 2


def test_a_move_up_inside_a_section_is_said_as_such(doc):
    """The way to look is up, and what the clause stands below now is named."""
    found = compare(doc(("Use", KEEP, BASKET, BANK, LETTERS)), doc(("Use", KEEP, LETTERS, BASKET, BANK)))
    (left,) = found.departures

    assert reading(found) == ["We", "moved", "Cookies", "Payment", "<left>"]
    assert (left.is_down, left.destination) == (False, "to below “We keep the address you give …”")


def test_a_section_leaves_one_mark_between_sections(doc):
    """A section that moved is told once at either end, under no heading of another one."""
    parts = ("Use", KEEP, LETTERS), ("Cookies", BASKET, BANK), ("Rights", ERASE, COURT)
    found = compare(doc(*parts), doc(parts[0], parts[2], parts[1]))
    (left,) = found.departures

    assert left.is_section and left.beginning in ("Cookies", "Rights")
    assert reading(found).count("<left>") == reading(found).count("section-moved") == 1
    assert "section “" in to_terminal(found, colour=False)


def test_clauses_that_moved_along_together_leave_one_mark(doc):
    """Three clauses in a row that stand in a row elsewhere are three changes, and one mark."""
    found = compare(
        doc(("Use", KEEP, LETTERS, BANK, COURT), ("Rights", ERASE, BASKET)),
        doc(("Use", KEEP), ("Rights", ERASE, BASKET, LETTERS, BANK, COURT)),
    )

    assert [left.along for left in found.departures] == [2, 1, 0]
    assert reading(found) == ["We", "<left>", "You", "Cookies", "moved", "moved", "moved"]
    assert "3 clauses from “Nobody outside the company reads the …” on stood here" in to_markdown(found)


def test_a_paragraph_that_moved_and_was_cut_leaves_a_mark(doc):
    """A split that moved is said to have moved."""
    stayed = ERASE, KEEP, BASKET, "Dogs wait outside, for the pier belongs to the gulls from six in the morning on."
    before = doc(("Law", BANK), ("Use", f"{LETTERS} See section 2 for your choices.", *stayed))
    after = doc(("Law", BANK, *stayed), ("Letters", LETTERS, "See section 2 for your choices."))
    found = compare(before, after)

    (split,) = (change for change in found.changes if change.kind == "split")
    assert (split.tier, found.departures[0].line) == ("order", found.lines.index(split))
    assert split.reason == "moved inside its section; one clause became several, no word changed"


@given(strategies.documents, strategies.documents)
@settings(max_examples=150, deadline=None)
def test_every_move_leaves_one_mark(before, after):
    """Marks and moves are one to one, in reading order; the other way round the same things moved."""
    found, back = compare(before, after), compare(after, before)
    told = [found.lines[left.line] for left in found.departures]

    assert len({id(line) for line in told}) == len(told) == len(back.departures)
    assert {id(change) for change in found.changes if change.kind in MOVES} <= {id(line) for line in told}
    assert all(first.at <= second.at <= len(found.lines) for first, second in pairwise(found.departures))
    assert all(line.tier is not None and not line.tier.is_noise for line in told)


@pytest.fixture
def found(doc):
    """A clause and a section that moved, and nothing else."""
    return compare(
        doc(("Use", KEEP, LETTERS, BASKET), ("Payment", BANK), ("Rights", ERASE, COURT), ("Law", f"{COURT} Always.")),
        doc(("Rights", ERASE, COURT), ("Use", KEEP, BASKET), ("Payment", BANK), ("Law", f"{COURT} Always.", LETTERS)),
    )


def test_html_links_both_ends(found):
    """Every link of the fragment leads to an id of it, from the mark to the change and back."""
    html = str(to_html(found))
    ids, links = re.findall(r' id="([^"]+)"', html), re.findall(r'href="#([^"]+)"', html)

    assert len(ids) == len(set(ids)) and set(links) <= set(ids)
    left = [name for name in ids if name.startswith("left-")]
    assert len(left) == len(found.departures) == 2
    assert all(name in links and name.replace("left-", "change-") in links for name in left)


def test_text_and_markdown_say_both_ends(found):
    """The terminal and the redline name at the old place where a thing is now."""
    for shown in (to_terminal(found, colour=False), to_markdown(found)):
        assert shown.count(" stood here: moved to ") == 2
        assert "moved from “Use”" in shown.replace("\\", "")


def test_json_says_both_places(found):
    """A change that moved has where from and where to; no other change has the key."""
    changes = to_json(found)["changes"]

    assert {change["kind"] for change in changes if "moved" in change} == {"moved", "section-moved"}
    assert {"origin": "from “Use”", "destination": "to “Law”"} in [change.get("moved") for change in changes]


def test_marks_count_for_nothing(found):
    """No word of a mark is a word that was added, removed or moved."""
    moved = sum(count_words(change.after or "") for change in found.changes)

    assert (found.words_added, found.words_removed, found.words_moved) == (0, 0, moved)


def test_a_rule_that_moved_in_both_parts_of_a_text_moved_twice() -> None:
    """Two copies of one clause before and after are no reason to call them removed and added."""

    def part(*texts: str) -> tuple[Clause, ...]:
        return tuple(Clause("item", 0, text, text) for text in texts)

    def text(one: tuple[str, ...], other: tuple[str, ...]) -> list[Section]:
        names = ("Letters", "Coaches", "Letters and parcels", "Coaches and carts")
        lines = (one, other, one, other)
        return [Section(1, "", name, "atx", 1.0, part(*some)) for name, some in zip(names, lines, strict=True)]

    diff = compare(text((LETTERS, COURT), (BANK, ERASE)), text((LETTERS,), (BANK, COURT, ERASE)))

    assert [change.kind for change in diff.changes] == ["moved", "moved"]
    assert diff.tier is Tier.ORDER
