"""A diff that was packed is the same diff when it is read back beside its texts."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from hypothesis import given, settings

from harvest.compare import compare
from harvest.compare.packed import packed, unpacked
from harvest.model import Clause, Section

_spec = importlib.util.spec_from_file_location("packed_strategies", Path(__file__).parent / "conftest.py")
assert _spec is not None and _spec.loader is not None
strategies = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(strategies)


@given(strategies.documents, strategies.documents)
@settings(max_examples=300, deadline=None)
def test_what_is_packed_is_read_back(before, after):
    """Every field of a diff comes back: lines, ops, clauses, moves, headings, what is said of many changes at once."""
    diff = compare(before, after)

    assert unpacked(packed(diff, before, after), before, after) == diff


def _linked(number: int) -> Section:
    words = f"Read about step {number} and what follows from it"
    clauses = [
        Clause("paragraph", 0, words, f"[{words}](https://shop.example/{number})"),
        Clause("item", 0, "So.", "So."),
    ]
    return Section(2, "", f"Step {number}", "atx", 1.0, tuple(clauses))


def test_links_and_moved_sections_are_read_back():
    """Targets of links stand in the markdown of clauses, sections that moved together name headings in between."""
    before = [_linked(n) for n in range(8)]
    other = Clause("paragraph", 0, before[7].clauses[0].text, before[7].clauses[0].markdown.replace("/7", "/seven"))
    last = Section(2, "", "Step 7", "atx", 1.0, (other, before[7].clauses[1]))
    after = [*before[4:7], *before[:4], last]
    diff = compare(before, after)

    kinds = {change.kind for change in diff.changes}
    assert "section-moved" in kinds and any(change.links for change in diff.changes)
    assert unpacked(packed(diff, before, after), before, after) == diff


def test_words_that_the_texts_say_are_not_said_again():
    """Long texts that differ in a word take the room of their clauses' numbers, not of their words."""
    clauses = [
        f"Clause {n} speaks at length of what we keep, for how long and why, in so many words." for n in range(400)
    ]
    before = Section(2, "", "Rules", "atx", 1.0, tuple(Clause("paragraph", 0, text, text) for text in clauses))
    clauses[200] = clauses[200].replace("keep", "store")
    after = Section(2, "", "Rules", "atx", 1.0, tuple(Clause("paragraph", 0, text, text) for text in clauses))
    text = packed(compare([before], [after]), [before], [after])

    assert len(text) < 700 < len(" ".join(clauses))


@pytest.mark.parametrize("text", ['{"form":0}', '{"form":1,"sizes":[3,1]}'])
def test_another_form_or_other_texts_are_not_read(text):
    """What an older program wrote, or wrote of other texts, is compared anew."""
    one = [Section(2, "", "Rules", "atx", 1.0, ())]

    assert unpacked(text, one, one) is None
