"""When a piece of a text turned back: went after it had come, or came again after it had gone."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from harvest.corpus.derive_model import Version
from harvest.corpus.derive_passages import LABEL_WORDS
from harvest.corpus.derive_pieces import Piece, Step
from harvest.corpus.derive_wordings import words_of
from harvest.timestamps import days_between

Turn = tuple[int, int]
"""Which transition, and how many of the piece came (> 0) or went."""

#: The pieces of a step, with how many came or went, by how they begin; none of those that are shorter.
Beginnings = Mapping[str, Sequence[tuple[Piece, int]]]

_BEGINS = 24  # characters that two wordings of one clause begin with
_NUMBER = re.compile(r"\d+")
#: What goes with so many times as many words as came with it was not taken back: the text was cut, or rewritten.
_WITH_ALL_ELSE = 4
#: How lines begin (folded, without apostrophes) that announce an edition or lead to one, without its day perhaps.
_ANNOUNCES = re.compile(
    r"^(?:(?:starting|beginning|effective|from|on|as of) ){1,2}(?:\w+ ){2}\d{4}\b"
    r"|\b(?:were|weve|we are|we have|we)(?: \w+)? (?:(?:made )?(?:some )?updat|revis|chang|amend|modif)\w+"
    r"|\b(?:previous|prior|earlier|new|newer|updated|upcoming|revised|latest|older) (?:\w+ ){0,3}"
    r"(?:versions?|editions?|polic(?:y|ies)|terms|notice|agreement|statement|conditions|guidelines)\b"
    r"|\bnous (?:avons mis à jour|avons modifié|mettons à jour|modifions)|\b(?:nouvelle|ancienne) version"
    r"|\bversion (?:précédente|antérieure|mise à jour)"
    r"|\bwir (?:haben|aktualisieren|ändern)\b.*\b(?:datenschutz|bedingungen|agb)"
    r"|\b(?:hemos actualizado|actualizamos|nueva versión|nuev[oa]s (?:términos|condiciones)|versión anterior)"
    r"|\b(?:nouvelles conditions|neuen? (?:agb|bedingungen)|atualizamos|nova versão|novos termos)\b"
)


@dataclass(frozen=True, slots=True)
class Turning:
    """How a piece turned: so many *turns*, so many *times* of them from nothing or to nothing.

    *days*: until it turned back, by transition; *others*: of each of these the one that undid it, or that it undid.
    """

    turns: int
    times: int
    days: Mapping[int, float]
    others: Mapping[int, int]

    def is_back(self, place: int, limit: float) -> bool:
        """Return whether what it did at a transition was undone, or undid something, within so many days."""
        return self.days.get(place, limit + 1) <= limit


def beginnings_of(step: Step) -> Beginnings:
    """Group what came and went: a list of 4,000 entries that goes and comes back is not looked through for each."""
    found: dict[str, list[tuple[Piece, int]]] = defaultdict(list)
    for piece, count in step.items():
        if len(begins := piece.label[:_BEGINS]) == _BEGINS:
            found[begins].append((piece, count))
    return found


def counters_of(step: Step) -> frozenset[int]:
    """Return the keys of pieces that went as the same line with another number came, and of those that came so."""
    signs: dict[tuple[int, str], set[bool]] = defaultdict(set)
    numbered = [piece for piece in step if _NUMBER.search(piece.label)]
    for piece in numbered:
        signs[_unnumbered(piece)].add(step[piece] > 0)
    return frozenset(piece.key for piece in numbered if len(signs[_unnumbered(piece)]) == 2)


def _unnumbered(piece: Piece) -> tuple[int, str]:
    return piece.words, _NUMBER.sub("", piece.label)[:_BEGINS]


def turning_of(
    piece: Piece,
    line: Sequence[Version],
    turns: Sequence[Turn],
    begun: Sequence[Beginnings],
    is_swept: Callable[[int, int], bool],
) -> Turning:
    """Return how a piece turned. *turns* in order of time; *begun*: what else came and went at each transition.

    Where another wording of it came as it went, or went as it came, it was edited: that is no turn. Nor does it turn
    if it stands at several places and comes or goes at some: a word of a list; nor if it went with far more than it
    came with: *is_swept* says so of two transitions.
    """
    days: dict[int, float] = {}
    others: dict[int, int] = {}
    says = piece.speech > 0
    for (first, came), (second, back) in itertools.pairwise(turns):
        if came == -back:
            between = days_between(line[first + 1].first_seen, line[second + 1].first_seen)
            with_all = says and came > 0 and is_swept(first, second)
            if not with_all and not is_edited(piece, back, begun[second]) and between <= days.get(first, between):
                days[first], others[first] = between, second
            if not is_edited(piece, came, begun[first]):
                days[second], others[second] = between, first
    held = list(itertools.accumulate(count for _, count in turns))
    least = min(0, *held)
    times = sum(least in pair for pair in itertools.pairwise((0, *held)))
    return Turning(len(turns), times, days, others)


def swept(steps: Sequence[Step]) -> Callable[[int, int], bool]:
    """Return what tells whether the words that came at a transition, and announce nothing, went with far more.

    Remembers its answers: a list of 4,000 entries that comes and goes is counted once.
    """

    @cache
    def is_swept(came: int, went: int) -> bool:
        few, many = words_of(steps[came]), words_of(steps[went])
        return many > _WITH_ALL_ELSE * few and not any(map(announces, steps[came]))

    return is_swept


def announces(piece: Piece) -> bool:
    """Return whether a line begins as those do that announce an edition of the policy, or lead to one."""
    return _ANNOUNCES.search(piece.label) is not None


def is_label(piece: Piece) -> bool:
    """Return whether a piece is short and says nothing."""
    return piece.speech == 0 and piece.words <= LABEL_WORDS


def is_edited(piece: Piece, turn: int, begun: Beginnings) -> bool:
    """Return whether another piece that begins as this one came as it went (*turn* < 0), or went as it came.

    A line with another number is none.
    """
    others = begun.get(piece.label[:_BEGINS], ())
    return any(count * turn < 0 and not _is_counter(piece, other) for other, count in others)


def _is_counter(one: Piece, other: Piece) -> bool:
    return one.words == other.words and _NUMBER.sub("", one.label) == _NUMBER.sub("", other.label)
