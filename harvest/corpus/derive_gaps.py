"""Ways from a text to the one at which it is back: spells of captures, and the gaps between them.

Runs of captures with one wording are *spells*. A *gap* is the way from a spell to the next one at which its wording
is back: the same pieces in whatever order (within `RETURN_DAYS`), or (within `PASSING_DAYS`) a wording at which all
but `LOST` of the words that came and went in between are as they were, and at most `_NEW` of it is new. A page that
was cut short in one capture, or caught with its menus open, comes back in this second way.

A *detour* is a gap of a third kind: what lies within has next to nothing in common with the text before it, and the
text after it most, though it may have changed meanwhile. Another page stood there.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass

from harvest.corpus.derive_model import Sighting
from harvest.corpus.derive_pieces import Piece
from harvest.corpus.derive_wordings import Wordings, words_of
from harvest.timestamps import days_between

#: A text that is back within this time may be taking turns; later it is a return. In two archives of real histories
#: (278 and 3,541 texts that came back) half were back after 5 and 4 days, 95 % after 126 and 34, 99 % after 376 and
#: 174; captures taken twice a year see a page that takes turns after 365.
RETURN_DAYS = 400
#: What only was away, or only was there, for less than this passed by: from the first capture of it to the first one
#: after it, since archives that keep a page only when it changes have no other. In the first of those archives 95 % of
#: the texts that came back once, and stayed, were back sooner; read one by one, those that lacked something were
#: captures cut short, and those that had more showed menus, panels and banners.
PASSING_DAYS = 90
#: Share of the words that came and went which may not be as they were: a date, a counter.
LOST = 0.05
#: Share of the words of both texts that may be new in the one that is like an earlier one.
_NEW = 0.05
#: Wordings between a text and its return that are looked at: with links alone changing in each capture (which makes
#: no new wording), nobody was seen to need more than five.
_AHEAD = 8

#: Share of the words of two texts that came or went between them: from the first on they are two documents, or one
#: rewritten (up to 0.97 was seen, and no such one withdrawn); up to the second they are editions of one: what two
#: documents of a site share is less.
_OTHER = 0.9
_OWN = 0.75
#: Words of a text that can be told from another page by what it does not share with it.
_TELLING_WORDS = 100

#: Places of two spells: the one before what lies within, and the one after it.
Gap = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Spell:
    """A run of captures with one wording. *text* is one of its texts, *wording* equal for equal ones."""

    text: str
    wording: Hashable
    captures: Sequence[int]


def list_spells(
    ordered: Sequence[Sighting], candidates: Sequence[int], wording: Callable[[int], Hashable]
) -> list[Spell]:
    """Return the runs of captures that are equal by *wording*, in order of time."""
    spells: list[Spell] = []
    for name, run in itertools.groupby(candidates, key=wording):
        captures = tuple(run)
        spells.append(Spell(ordered[captures[0]].text, name, captures))
    return spells


def find_gaps(ordered: Sequence[Sighting], spells: Sequence[Spell]) -> Iterator[Gap]:
    """Yield the ways from a spell to the next one with the same wording."""
    latest: dict[Hashable, int] = {}
    for place, spell in enumerate(spells):
        before = latest.get(spell.wording)
        if before is not None and _away(ordered, spells, (before, place)) <= RETURN_DAYS:
            yield before, place
        latest[spell.wording] = place


def find_near_gaps(ordered: Sequence[Sighting], spells: Sequence[Spell], wordings: Wordings) -> Iterator[Gap]:
    """Yield the ways from a spell to the next one at which what came and went is undone, and not much else is new."""
    steps = [wordings.step(a.text, b.text) for a, b in itertools.pairwise(spells)]
    for start in range(len(spells) - 2):
        touched: set[Piece] = set(steps[start])
        net: Counter[Piece] = Counter(steps[start])
        size = words_of(steps[start])
        for end in range(start + 2, min(len(spells), start + 2 + _AHEAD)):
            away = elapsed(ordered, spells[start + 1].captures[0], spells[end].captures[0])
            if spells[end].wording == spells[start].wording or away > PASSING_DAYS:
                break
            net.update(steps[end - 1])
            lost = sum(piece.words for piece in touched if net[piece])
            if lost <= LOST * sum(piece.words for piece in touched) and words_of(net) <= size:
                if words_of(net) <= _NEW * (wordings.words(spells[start].text) + wordings.words(spells[end].text)):
                    yield start, end
                break
            touched.update(steps[end - 1])


def find_detours(ordered: Sequence[Sighting], spells: Sequence[Spell], wordings: Wordings) -> Iterator[Gap]:
    """Yield the ways round another page: it has nothing of the text before it, which the text after it has."""
    for start in range(len(spells) - 2):
        if wordings.words(spells[start].text) < _TELLING_WORDS:
            continue
        for end in range(start + 1, min(len(spells), start + 1 + _AHEAD)):
            changed = _changed(wordings, spells[start].text, spells[end].text)
            if end > start + 1 and changed <= _OWN:
                if elapsed(ordered, spells[start + 1].captures[0], spells[end].captures[0]) <= PASSING_DAYS:
                    yield start, end
                break
            if changed < _OTHER:
                break


def _changed(wordings: Wordings, one: str, other: str) -> float:
    return words_of(wordings.step(one, other)) / max(1, wordings.words(one) + wordings.words(other))


def _away(ordered: Sequence[Sighting], spells: Sequence[Spell], gap: Gap) -> float:
    return elapsed(ordered, spells[gap[0]].captures[-1], spells[gap[1]].captures[0])


def elapsed(ordered: Sequence[Sighting], first: int, last: int) -> float:
    """Return the days from one capture to another."""
    return days_between(ordered[first].at, ordered[last].at)
