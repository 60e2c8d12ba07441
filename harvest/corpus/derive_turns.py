"""Texts that take turns with the policy's own, and texts that only pass: both stand beside the main line.

Between a *spell* of captures and the next one at which its wording is back lies a *gap* (`harvest.corpus.derive_gaps`).

- Gaps that touch (A b A c A) or cross (A B A B) form a *zone* of texts that take turns. The wording seen most often
  in it is the main one (ties: the one that stood first). The zone's first spell stands; its last one stands if it
  outlasts the longest absence of the main wording. All else is beside the line.
- One gap alone (A B A), or gaps nested in one another (A B C B A). If words only came or only went, and were back
  within `PASSING_DAYS`, or if anything was back within `HASTY_DAYS`, what lies within leaves the line. Else it was a
  change that was taken back: it stays, and its end is a ``return``.
- A *detour*, round another page that stood there: it leaves the line if it did so for less than `PASSING_DAYS`.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from typing import Literal

from harvest.corpus.derive_gaps import (
    LOST,
    PASSING_DAYS,
    Gap,
    Spell,
    elapsed,
    find_detours,
    find_gaps,
    find_near_gaps,
    list_spells,
)
from harvest.corpus.derive_model import Sighting
from harvest.corpus.derive_pieces import Step
from harvest.corpus.derive_wordings import Wordings, words_of

#: A text that says other things instead may be a change that was taken back: the best known was taken back after 14
#: days. Sooner than this it is the other half of a test, or a page put online by mistake.
HASTY_DAYS = 10


def find_turns(
    ordered: Sequence[Sighting], candidates: Sequence[int], wordings: Wordings, *, by: Literal["text", "wording"]
) -> dict[int, int]:
    """Map the captures that show a text beside the line to the number of the zone or gap they are in.

    *ordered*: all sightings in order of time; *candidates*: indices of those that may be on the main line. *by*:
    whether only a text that is the same in every sign is back, or one with the same or nearly the same pieces too.
    """
    if by == "text":
        detours = set()
        spells = list_spells(ordered, candidates, lambda at: ordered[at].text)
        gaps = sorted(find_gaps(ordered, spells))
    else:
        for one, other in itertools.pairwise(dict.fromkeys(ordered[at].text for at in candidates)):
            wordings.step(one, other)  # each text is read once: all that follows is remembered
        spells = list_spells(ordered, candidates, lambda at: wordings.mark(ordered[at].text))
        detours = set(find_detours(ordered, spells, wordings))
        gaps = sorted({*find_gaps(ordered, spells), *find_near_gaps(ordered, spells, wordings), *detours})
    found: dict[int, int] = {}
    for number, group in enumerate(_groups(gaps)):
        aside = (
            _in_turns(ordered, spells, group) if _cross(group) else _passing(ordered, spells, group, wordings, detours)
        )
        for place in aside:
            found.update(dict.fromkeys(spells[place].captures, number))
    return found


def _groups(gaps: Sequence[Gap]) -> Iterator[list[Gap]]:
    """Join gaps that touch or overlap; *gaps* in order."""
    group: list[Gap] = []
    end = -1
    for gap in gaps:
        if group and gap[0] > end:
            yield group
            group = []
        group.append(gap)
        end = max(end, gap[1])
    if group:
        yield group


def _cross(gaps: Sequence[Gap]) -> bool:
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
    ordered: Sequence[Sighting], spells: Sequence[Spell], gaps: Sequence[Gap], wordings: Wordings, detours: set[Gap]
) -> set[int]:
    """Which spells lie within a gap that closed too soon for a change of the policy."""
    found: set[int] = set()
    for start, end in gaps:
        step = wordings.step(spells[start].text, spells[start + 1].text)
        limit = PASSING_DAYS if (start, end) in detours or is_one_sided(step) else HASTY_DAYS
        if elapsed(ordered, spells[start + 1].captures[0], spells[end].captures[0]) <= limit:
            found.update(range(start + 1, end))
    return found


def is_one_sided(step: Step) -> bool:
    """True where words only came or only went: something was caught or not. Who changes a rule does both."""
    came = sum(piece.words * count for piece, count in step.items() if count > 0)
    return min(came, words_of(step) - came) <= LOST * words_of(step)


def _in_turns(ordered: Sequence[Sighting], spells: Sequence[Spell], gaps: Sequence[Gap]) -> list[int]:
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


def _texts_in_turn(spells: Sequence[Spell], gaps: Sequence[Gap]) -> dict[int, int]:
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


def _longest_absence(ordered: Sequence[Sighting], own: Sequence[Spell]) -> float:
    return max((elapsed(ordered, a.captures[-1], b.captures[0]) for a, b in itertools.pairwise(own)), default=0.0)


def _span(ordered: Sequence[Sighting], spell: Spell) -> float:
    return elapsed(ordered, spell.captures[0], spell.captures[-1])
