"""When a piece of a text turned back: went after it had come, or came again after it had gone."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harvest.corpus.derive_model import Version
from harvest.corpus.derive_passages import LABEL_WORDS
from harvest.corpus.derive_pieces import Piece, Step
from harvest.corpus.derive_turns import days_between

Turn = tuple[int, int]
"""Which transition, and how many of the piece came (> 0) or went."""

#: The pieces of a step, with how many came or went, by how they begin; none of those that are shorter.
Beginnings = Mapping[str, Sequence[tuple[Piece, int]]]

_BEGINS = 24  # characters that two wordings of one clause begin with
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Turning:
    """How a piece turned: so many *turns*, so many *times* of them from nothing or to nothing.

    *days*: until it turned back, by transition; *went*: those at which it came again, with those at which it had gone.
    """

    turns: int
    times: int
    days: Mapping[int, float]
    went: Mapping[int, int]

    def is_back(self, place: int, limit: float) -> bool:
        """Return whether what it did at a transition was undone, or undid something, within so many days."""
        return self.days.get(place, limit + 1) <= limit

    def gone(self, place: int) -> int | None:
        """Return the transition at which it had gone, if it came again at this one."""
        return self.went.get(place)


def beginnings_of(step: Step) -> Beginnings:
    """Group what came and went: a list of 4,000 entries that goes and comes back is not looked through for each."""
    found: dict[str, list[tuple[Piece, int]]] = defaultdict(list)
    for piece, count in step.items():
        if len(begins := piece.label[:_BEGINS]) == _BEGINS:
            found[begins].append((piece, count))
    return found


def turning_of(piece: Piece, line: Sequence[Version], turns: Sequence[Turn], begun: Sequence[Beginnings]) -> Turning:
    """Return how a piece turned. *turns* in order of time; *begun*: what else came and went at each transition.

    Where another wording of it came as it went, or went as it came, it was edited: that is no turn. Nor does it turn
    if it stands at several places and comes or goes at some: a word of a list.
    """
    days: dict[int, float] = {}
    went: dict[int, int] = {}
    for (first, came), (second, back) in itertools.pairwise(turns):
        if came == -back:
            between = days_between(line[first + 1].first_seen, line[second + 1].first_seen)
            if not _is_edited(piece, back, begun[second]):
                days[first] = min(between, days.get(first, between))
            if not _is_edited(piece, came, begun[first]):
                days[second] = between
                if back > 0:
                    went[second] = first
    held = list(itertools.accumulate(count for _, count in turns))
    least = min(0, *held)
    return Turning(len(turns), sum(least in pair for pair in itertools.pairwise((0, *held))), days, went)


def is_label(piece: Piece) -> bool:
    """Return whether a piece is short and says nothing."""
    return piece.speech == 0 and piece.words <= LABEL_WORDS


def _is_edited(piece: Piece, turn: int, begun: Beginnings) -> bool:
    """Return whether another piece that begins as this one came as it went. A line with another number is none."""
    others = begun.get(piece.label[:_BEGINS], ())
    return any(count * turn < 0 and not _is_counter(piece, other) for other, count in others)


def _is_counter(one: Piece, other: Piece) -> bool:
    return one.words == other.words and _NUMBER.sub("", one.label) == _NUMBER.sub("", other.label)
