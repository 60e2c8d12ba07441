"""Texts that take turns with the policy's own, and texts that only pass: both stand beside the main line.

Runs of captures with one wording are *spells*. A *gap* is the way from a spell to the next one at which its wording
is back: the same pieces in whatever order (within `RETURN_DAYS`), or (within `PASSING_DAYS`) a wording at which all
but `_LOST` of the words that came and went in between are as they were, and at most `_NEW` of it is new. A page that
was cut short in one capture, or caught with its menus open, comes back in this second way.

- Gaps that touch (A b A c A) or cross (A B A B) form a *zone* of texts that take turns. The wording seen most often
  in it is the main one (ties: the one that stood first). The zone's first spell stands; its last one stands if it
  outlasts the longest absence of the main wording. All else is beside the line.
- One gap alone (A B A), or gaps nested in one another (A B C B A). If words only came or only went, and were back
  within `PASSING_DAYS`, or if anything was back within `HASTY_DAYS`, what lies within leaves the line. Else it was a
  change that was taken back: it stays, and its end is a ``return``.

A *detour* is a gap of a third kind: what lies within has next to nothing in common with the text before it, and the
text after it most, though it may have changed meanwhile. Another page stood there; it leaves the line if it did so for
less than `PASSING_DAYS`.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from harvest.corpus.derive_model import Sighting
from harvest.corpus.derive_pieces import Piece, Step
from harvest.corpus.derive_wordings import Wordings, words_of

#: A text that is back within this time may be taking turns; later it is a return. In two archives of real histories
#: (278 and 3,541 texts that came back) half were back after 5 and 4 days, 95 % after 126 and 34, 99 % after 376 and
#: 174; captures taken twice a year see a page that takes turns after 365.
RETURN_DAYS = 400
#: What only was away, or only was there, for less than this passed by: from the first capture of it to the first one
#: after it, since archives that keep a page only when it changes have no other. In the first of those archives 95 % of
#: the texts that came back once, and stayed, were back sooner; read one by one, those that lacked something were
#: captures cut short, and those that had more showed menus, panels and banners.
PASSING_DAYS = 90
#: A text that says other things instead may be a change that was taken back: the best known was taken back after 14
#: days. Sooner than this it is the other half of a test, or a page put online by mistake.
HASTY_DAYS = 10
#: Share of the words that came and went which may not be as they were: a date, a counter.
_LOST = 0.05
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

_Gap = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Spell:
    """A run of captures with one wording. *text* is one of its texts, *wording* equal for equal ones."""

    text: str
    wording: Hashable
    captures: Sequence[int]


def find_turns(
    ordered: Sequence[Sighting], candidates: Sequence[int], wordings: Wordings, *, by: Literal["text", "wording"]
) -> dict[int, int]:
    """Map the captures that show a text beside the line to the number of the zone or gap they are in.

    *ordered*: all sightings in order of time; *candidates*: indices of those that may be on the main line. *by*:
    whether only a text that is the same in every sign is back, or one with the same or nearly the same pieces too.
    """
    if by == "text":
        detours = set()
        spells = _spells(ordered, candidates, lambda at: ordered[at].text)
        gaps = sorted(_gaps(ordered, spells))
    else:
        for one, other in itertools.pairwise(dict.fromkeys(ordered[at].text for at in candidates)):
            wordings.step(one, other)  # each text is read once: all that follows is remembered
        spells = _spells(ordered, candidates, lambda at: wordings.mark(ordered[at].text))
        detours = set(_detours(ordered, spells, wordings))
        gaps = sorted({*_gaps(ordered, spells), *_near_gaps(ordered, spells, wordings), *detours})
    found: dict[int, int] = {}
    for number, group in enumerate(_groups(gaps)):
        aside = (
            _in_turns(ordered, spells, group) if _cross(group) else _passing(ordered, spells, group, wordings, detours)
        )
        for place in aside:
            found.update(dict.fromkeys(spells[place].captures, number))
    return found


def days_between(first: str, last: str) -> float:
    """Return the days from one ISO time to another."""
    return (datetime.fromisoformat(last) - datetime.fromisoformat(first)).total_seconds() / 86_400


def _spells(ordered: Sequence[Sighting], candidates: Sequence[int], wording: Callable[[int], Hashable]) -> list[_Spell]:
    spells: list[_Spell] = []
    for name, run in itertools.groupby(candidates, key=wording):
        captures = tuple(run)
        spells.append(_Spell(ordered[captures[0]].text, name, captures))
    return spells


def _gaps(ordered: Sequence[Sighting], spells: Sequence[_Spell]) -> Iterator[_Gap]:
    """Ways from a spell to the next one with the same wording."""
    latest: dict[Hashable, int] = {}
    for place, spell in enumerate(spells):
        before = latest.get(spell.wording)
        if before is not None and _away(ordered, spells, (before, place)) <= RETURN_DAYS:
            yield before, place
        latest[spell.wording] = place


def _near_gaps(ordered: Sequence[Sighting], spells: Sequence[_Spell], wordings: Wordings) -> Iterator[_Gap]:
    """Ways from a spell to the next one at which what came and went since is undone, and not much else is new."""
    steps = [wordings.step(a.text, b.text) for a, b in itertools.pairwise(spells)]
    for start in range(len(spells) - 2):
        touched: set[Piece] = set(steps[start])
        net: Counter[Piece] = Counter(steps[start])
        size = words_of(steps[start])
        for end in range(start + 2, min(len(spells), start + 2 + _AHEAD)):
            elapsed = _elapsed(ordered, spells[start + 1].captures[0], spells[end].captures[0])
            if spells[end].wording == spells[start].wording or elapsed > PASSING_DAYS:
                break
            net.update(steps[end - 1])
            lost = sum(piece.words for piece in touched if net[piece])
            if lost <= _LOST * sum(piece.words for piece in touched) and words_of(net) <= size:
                if words_of(net) <= _NEW * (wordings.words(spells[start].text) + wordings.words(spells[end].text)):
                    yield start, end
                break
            touched.update(steps[end - 1])


def _detours(ordered: Sequence[Sighting], spells: Sequence[_Spell], wordings: Wordings) -> Iterator[_Gap]:
    """Ways round another page: what lies within has nothing of the text before it, which the text after it has."""
    for start in range(len(spells) - 2):
        if wordings.words(spells[start].text) < _TELLING_WORDS:
            continue
        for end in range(start + 1, min(len(spells), start + 1 + _AHEAD)):
            changed = _changed(wordings, spells[start].text, spells[end].text)
            if end > start + 1 and changed <= _OWN:
                if _elapsed(ordered, spells[start + 1].captures[0], spells[end].captures[0]) <= PASSING_DAYS:
                    yield start, end
                break
            if changed < _OTHER:
                break


def _changed(wordings: Wordings, one: str, other: str) -> float:
    return words_of(wordings.step(one, other)) / max(1, wordings.words(one) + wordings.words(other))


def _groups(gaps: Sequence[_Gap]) -> Iterator[list[_Gap]]:
    """Join gaps that touch or overlap; *gaps* in order."""
    group: list[_Gap] = []
    end = -1
    for gap in gaps:
        if group and gap[0] > end:
            yield group
            group = []
        group.append(gap)
        end = max(end, gap[1])
    if group:
        yield group


def _cross(gaps: Sequence[_Gap]) -> bool:
    """Return whether two gaps touch or cross: none is alone or within another."""
    ends = {end for _, end in gaps}
    if any(start in ends for start, _ in gaps):
        return True
    open_ends: list[int] = []  # ends of the gaps around the current one, innermost last
    for start, end in gaps:
        while open_ends and open_ends[-1] <= start:
            open_ends.pop()
        if open_ends and end > open_ends[-1]:
            return True
        open_ends.append(end)
    return False


def _passing(
    ordered: Sequence[Sighting], spells: Sequence[_Spell], gaps: Sequence[_Gap], wordings: Wordings, detours: set[_Gap]
) -> set[int]:
    """Which spells lie within a gap that closed too soon for a change of the policy."""
    found: set[int] = set()
    for start, end in gaps:
        step = wordings.step(spells[start].text, spells[start + 1].text)
        limit = PASSING_DAYS if (start, end) in detours or is_one_sided(step) else HASTY_DAYS
        if _elapsed(ordered, spells[start + 1].captures[0], spells[end].captures[0]) <= limit:
            found.update(range(start + 1, end))
    return found


def is_one_sided(step: Step) -> bool:
    """True where words only came or only went: something was caught or not. Who changes a rule does both."""
    came = sum(piece.words * count for piece, count in step.items() if count > 0)
    return min(came, words_of(step) - came) <= _LOST * words_of(step)


def _in_turns(ordered: Sequence[Sighting], spells: Sequence[_Spell], gaps: Sequence[_Gap]) -> list[int]:
    """Which spells of a zone are beside the line. What lies before and after the zone does not weigh in the count."""
    first, last = gaps[0][0], max(end for _, end in gaps)
    text = _texts_in_turn(spells, gaps)
    places = range(first, last + 1)
    weights: Counter[int] = Counter()
    for place in places:
        weights[text[place]] += 1 if place in (first, last) else len(spells[place].captures)
    main = max(weights, key=lambda name: (weights[name], -name))
    stands = {first}
    if _span(ordered, spells[last]) > _longest_absence(ordered, [spells[p] for p in places if text[p] == main]):
        stands.add(last)
    return [place for place in places if text[place] != main and place not in stands]


def _texts_in_turn(spells: Sequence[_Spell], gaps: Sequence[_Gap]) -> dict[int, int]:
    """Name each spell of a zone by the first one that a chain of gaps, or its wording, makes the same text."""
    first, last = gaps[0][0], max(end for _, end in gaps)
    name: dict[int, int] = {}
    of_wording: dict[Hashable, int] = {}
    starts: dict[int, int] = {}
    for start, end in reversed(gaps):
        starts.setdefault(end, start)
    for place in range(first, last + 1):
        known = of_wording.get(spells[place].wording)
        if known is None:
            known = name[starts[place]] if place in starts else place
        name[place] = of_wording[spells[place].wording] = known
    return name


def _longest_absence(ordered: Sequence[Sighting], own: Sequence[_Spell]) -> float:
    return max((_elapsed(ordered, a.captures[-1], b.captures[0]) for a, b in itertools.pairwise(own)), default=0.0)


def _away(ordered: Sequence[Sighting], spells: Sequence[_Spell], gap: _Gap) -> float:
    return _elapsed(ordered, spells[gap[0]].captures[-1], spells[gap[1]].captures[0])


def _span(ordered: Sequence[Sighting], spell: _Spell) -> float:
    return _elapsed(ordered, spell.captures[0], spell.captures[-1])


def _elapsed(ordered: Sequence[Sighting], first: int, last: int) -> float:
    return days_between(ordered[first].at, ordered[last].at)
