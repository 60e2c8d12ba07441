"""Changes that read badly when every word is told for itself."""

from __future__ import annotations

import pytest

from harvest.compare import compare
from harvest.model import Tier

KEEP = "We keep the address you give us for as long as your account is open."
BASKET = "Cookies help the shop remember what you put in your basket until you come back another day."
LETTERS = "Nobody outside the company reads the letters you write to us, and we keep them under lock and key."
OLD = "We at times show your orders from this house to banks in town and then let other folk see the goods."
NEW = "A clerk may also show your orders from some place to many carriers and then let your own friends find the goods."


def test_a_sentence_written_anew_is_shown_old_and_new(doc):
    """Where words that stayed lie scattered in a rewritten sentence, it is one deletion and one insertion."""
    found = compare(doc(("Use", f"{KEEP} {OLD} {LETTERS}")), doc(("Use", f"{KEEP} {NEW} {LETTERS}")))

    (change,) = found.changes
    assert [op for op, _ in change.ops] == ["=", "-", "+", "="]
    assert "1 sentence shown as old and new" in found.method


def test_a_sentence_beside_one_written_anew_keeps_its_words(doc):
    """Sentences are judged one by one: an edit of a word stays an edit of a word."""
    edited = KEEP.replace("address", "number")
    (change,) = compare(doc(("Use", f"{KEEP} {OLD} {LETTERS}")), doc(("Use", f"{edited} {NEW} {LETTERS}"))).changes

    assert change.ops[1:3] == (("-", "address"), ("+", "number"))


@pytest.mark.parametrize("swap", [False, True], ids=["to the sign", "to the word"])
def test_the_sign_for_and_is_no_edit(doc, swap):
    """A heading or clause that writes & for and differs in typography."""
    pair = doc(("Tax and customs", KEEP)), doc(("Tax & customs", KEEP.replace("you give", "you & yours give")))
    pair = pair[0], pair[1], doc(("Tax and customs", KEEP.replace("you give", "you and yours give")))
    before, after = (pair[1], pair[2]) if swap else (pair[2], pair[1])
    found = compare(before, after)

    assert found.tier == Tier.TYPOGRAPHY
    assert (found.words_added, found.words_removed) == (0, 0)


def test_a_heading_that_recurs_is_the_one_beside_the_same_section(doc, kinds):
    """With a rule taken out from among many, the heading below each of the others stays where it is."""
    rules = ("Fire", KEEP), ("Water", BASKET), ("Air", LETTERS)
    before = doc(*(part for rule in rules for part in (rule, ("What this means for you",))))
    after = doc(*(part for rule in (rules[1], rules[2], rules[0]) for part in (rule, ("What this means for you",))))

    assert kinds(compare(before, after)) == {"section-moved": 1}


def test_a_heading_set_between_a_heading_and_its_text_is_added(doc, kinds):
    """The heading above keeps its name, though what stood below it stands below the new one."""
    lists = ("Cities", "Basel", "Bern", BASKET), ("Rules", KEEP)
    before = doc(*lists, ("Cities", "Rome", "Milan", LETTERS), ("End", KEEP))
    after = doc(*lists, ("Cities", "Rome"), ("Letters", LETTERS), ("End", KEEP))

    assert "heading-renamed" not in kinds(compare(before, after))
