"""Where the edges of a word diff fall, and which pairs keep their order."""

from __future__ import annotations

import pytest

from harvest.compare.edges import absorb
from harvest.compare.hunks import Hunk
from harvest.compare.ops import ops_of
from harvest.compare.order import heaviest_chain, pair_in_order
from harvest.compare.tokens import tokenise
from harvest.compare.words import MAX_CHANGED, WordDiff, diff_words


def words(before: str, after: str) -> WordDiff:
    return diff_words(tokenise(before), tokenise(after))


def test_an_insertion_slides_to_the_sentence_it_is() -> None:
    """A sentence that begins as the next one does is inserted whole, however long the common beginning is."""
    begins = "We keep for one whole year and a day all of the"
    before = f"{begins} letters. {begins} parcels."
    after = f"{begins} letters. {begins} papers. {begins} parcels."

    assert [text for op, text in ops_of(words(before, after)) if op == "+"] == [f"{begins} papers. "]


@pytest.mark.parametrize(
    ("after", "joined"),
    [
        pytest.param("You may also write short postcards for the new office", 2, id="a word alone"),
        pytest.param("You may at times write short postcards for the new office", 1, id="two"),
    ],
)
def test_an_island_is_absorbed_between_changes_larger_than_itself(after: str, joined: int) -> None:
    """A word that stayed parts a change of one word from a long one; between two longer ones it is no rest."""
    diff = words("You may write letters to our office", after)

    assert len(diff.hunks) == 2
    assert len(absorb(diff.before, diff.after, list(diff.hunks))) == joined


@pytest.mark.parametrize(("changed", "whole"), [(13, False), (14, True)])
def test_a_text_is_shown_whole_above_the_share(changed: int, whole: bool) -> None:
    """Of twenty words thirteen are the share that is still shown word by word."""
    kept = [f"kept{n}" for n in range(20 - changed)]
    diff = words(
        " ".join([*kept, *(f"old{n}" for n in range(changed))]), " ".join([*kept, *(f"new{n}" for n in range(changed))])
    )

    assert MAX_CHANGED * 20 == 13
    assert bool(diff.coarse) is whole
    assert (diff.shown == (Hunk(0, 20, 0, 20),)) is whole


def test_of_equal_chains_the_pair_met_first_stays() -> None:
    """What changed places is told of one of both: always the same one."""
    assert heaviest_chain([(1, 0), (0, 1)], lambda pair: 1.0) == [(0, 1)]
    assert heaviest_chain([(0, 2), (1, 1), (2, 0)], lambda pair: 1.0) == [(0, 2)]
    assert heaviest_chain([(0, 1), (1, 0)], lambda pair: float(pair[0])) == [(1, 0)]


def test_equal_keys_pair_in_order_and_falsy_ones_with_nothing() -> None:
    """Keys that stand once hold the frame; repeated ones pair inside its gaps."""
    pairs = pair_in_order(["a", "x", "", "x", "b"], ["a", "x", "x", "", "b"], lambda pair: 1.0)

    assert pairs == [(0, 0), (1, 1), (3, 2), (4, 4)]
