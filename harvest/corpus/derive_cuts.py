"""Captures that were cut short: panels that stayed shut, parts that did not load, while the policy changed beside them.

A text is *cut* where much of what went with it is back word for word in a later one, soon, and is nearly all that
comes back there. The text before and the later one then tell what the policy changed; the cut one stands beside
the line. A text that says other things instead is none: it may be a change that was taken back.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from harvest.corpus.derive_model import Sighting
from harvest.corpus.derive_pieces import Step
from harvest.corpus.derive_wordings import Wordings, words_of
from harvest.timestamps import days_between

#: Nobody was seen to drop so much of a policy and to put it back word for word after months; a page that opens its
#: panels only sometimes did so for 29 and 124 days.
CUT_DAYS = 180
#: What must be back, in words and in pieces: a paragraph taken back is a change.
LEAST_WORDS = 100
LEAST_PIECES = 5
#: Shares: of what went, what is back; of what comes at the end, what was there before; and of what is back, what the
#: cut text alone had. Pieces that were edited meanwhile are not back.
_BACK = 0.4
#: … where what comes is hardly anything else: the policy was rewritten beside panels that stayed shut.
_BACK_ALONE, _ALONE = 0.2, 0.9
_NOTHING_ELSE = 0.5
_OWN = 0.3
#: Share of the words that went which may come and go in other texts within the cut: what changed there has its day.
_MEANWHILE = 0.1
_AHEAD = 4  # wordings looked at from the cut one on


@dataclass(frozen=True, slots=True)
class _Spell:
    text: str
    captures: Sequence[int]


def find_cuts(ordered: Sequence[Sighting], candidates: Sequence[int], wordings: Wordings) -> dict[int, int]:
    """Map the captures of texts that were cut short to the number of the cut. *candidates*: indices on the line."""
    spells = []
    for _, run in itertools.groupby(candidates, key=lambda at: wordings.mark(ordered[at].text)):
        captures = tuple(run)
        spells.append(_Spell(ordered[captures[0]].text, captures))
    found: dict[int, int] = {}
    for number, inside in enumerate(_cuts(ordered, spells, wordings)):
        for place in inside:
            found.update(dict.fromkeys(spells[place].captures, number))
    return found


def _cuts(ordered: Sequence[Sighting], spells: Sequence[_Spell], wordings: Wordings) -> Iterator[range]:
    """Yield the places of spells that were cut short, each once."""
    steps = [wordings.step(a.text, b.text) for a, b in itertools.pairwise(spells)]
    start = 0
    while start < len(spells) - 2:
        end = _end_of_cut(ordered, spells, steps, start) if _went(steps[start]) >= LEAST_WORDS else None
        if end is not None:
            yield range(start + 1, end)
        start = end or start + 1


def _end_of_cut(ordered: Sequence[Sighting], spells: Sequence[_Spell], steps: Sequence[Step], start: int) -> int | None:
    began = ordered[spells[start + 1].captures[0]].at
    net = Counter(steps[start])
    for end in range(start + 2, min(len(spells), start + 2 + _AHEAD)):
        if days_between(began, ordered[spells[end].captures[0]].at) > CUT_DAYS:
            return None
        net.update(steps[end - 1])
        if _is_back(steps[start], steps[end - 1], net):
            return end
        if words_of(steps[end - 1]) > _MEANWHILE * _went(steps[start]):
            return None
    return None


def _is_back(first: Step, last: Step, net: Step) -> bool:
    """Return whether what the *first* step took away the *last* one mostly brings, and little else."""
    back = {piece: min(-first.get(piece, 0), count) for piece, count in last.items() if count > 0}
    restored = {piece: count for piece, count in back.items() if count > 0 and net[piece] >= 0}
    words = sum(piece.words * count for piece, count in restored.items())
    came = sum(piece.words * count for piece, count in last.items() if count > 0)
    own = sum(piece.words * min(count, count - net[piece]) for piece, count in first.items() if 0 < count > net[piece])
    share = _BACK_ALONE if words >= _ALONE * came else _BACK
    return (
        words >= max(LEAST_WORDS, share * _went(first), _NOTHING_ELSE * came)
        and len(restored) >= LEAST_PIECES
        and own <= _OWN * words
    )


def _went(step: Step) -> int:
    return -sum(piece.words * count for piece, count in step.items() if count < 0)
