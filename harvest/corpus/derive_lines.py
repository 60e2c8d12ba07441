"""What belongs to the main line of a policy, and what is a variant beside it.

Three things leave the main line, in this order:

1. **Variant URLs** (role ``variant``): always, unless the policy has no other captures.
2. **Another language.** The main language is that of most captures. A text in another language leaves the line
   where the main language was seen before it, unless it stays: three captures over a year, and the main language
   never again. So a policy may change its language, and a flip stays a flip.
3. **Alternating texts.** Runs of captures with one text are spells. A *gap* is the way from one spell of a text to
   its next, if the text is back within `RETURN_DAYS`. Gaps that touch (A b A c A) or cross (A B A B) form a *zone*
   of alternation; one gap alone (A B A), or gaps nested in one another (A B C B A), are changes taken back. In a
   zone the text most often seen is the main one (ties: the one that stood first). The zone's first spell stands;
   its last one stands if it outlasts the longest absence of the main text in the zone. All else is alternate.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from harvest.corpus.derive_model import Sighting, TextFacts

#: A text that is back within this time may be alternating; later it is a return. In two archives of real histories
#: (278 and 3,541 texts that came back) half were back after 5 and 4 days, 95 % after 126 and 34, 99 % after 376 and
#: 174; captures taken twice a year see a page that takes turns after 365.
RETURN_DAYS = 400
#: A change of language is believed after this many captures over this many days without the old one.
SETTLED_CAPTURES = 3
SETTLED_DAYS = 365


@dataclass(frozen=True, slots=True)
class Line:
    """A line of versions: ``main``, or beside it ``url``, ``language`` or ``alternate`` with a name of its own."""

    kind: str
    name: str = ""


MAIN = Line("main")


@dataclass(frozen=True, slots=True)
class _Spell:
    text: str
    captures: Sequence[int]


def assign_lines(ordered: Sequence[Sighting], texts: Mapping[str, TextFacts]) -> list[Line | None]:
    """Return the line of each sighting; None for those without a text."""
    lines: list[Line | None] = [None] * len(ordered)
    showing = [at for at, sighting in enumerate(ordered) if sighting.text]
    main = [at for at in showing if not ordered[at].variant_url] or showing
    for at in showing:
        lines[at] = Line("url", ordered[at].urlkey)
    for at in main:
        lines[at] = MAIN
    for at in _foreign(ordered, main, texts):
        lines[at] = Line("language", texts[ordered[at].text].language)
    remaining = [at for at in main if lines[at] == MAIN]
    for at, zone in _alternates(ordered, remaining).items():
        lines[at] = Line("alternate", f"{zone}:{ordered[at].text}")
    return lines


def _foreign(ordered: Sequence[Sighting], main: Sequence[int], texts: Mapping[str, TextFacts]) -> list[int]:
    """Which captures show another language than the policy's, for a while."""
    language = [texts[ordered[at].text].language for at in main]
    counts = Counter(name for name in language if name)
    if len(counts) < 2:
        return []
    own = max(counts, key=lambda name: (counts[name], -language.index(name)))
    at_home = [place for place, name in enumerate(language) if name in ("", own)]
    tail = range(at_home[-1] + 1, len(main))
    settled = len(tail) >= SETTLED_CAPTURES and _days(ordered, main[tail[0]], main[tail[-1]]) >= SETTLED_DAYS
    until = at_home[-1] if settled else len(main)
    return [main[place] for place in range(at_home[0], until) if language[place] not in ("", own)]


def _alternates(ordered: Sequence[Sighting], candidates: Sequence[int]) -> dict[int, int]:
    """Map the captures that show an alternate text to the number of their zone."""
    spells = _spells(ordered, candidates)
    found: dict[int, int] = {}
    for number, (first, last) in enumerate(_zones(ordered, spells)):
        for spell in _beside_the_line(ordered, spells[first : last + 1]):
            found.update(dict.fromkeys(spell.captures, number))
    return found


def _spells(ordered: Sequence[Sighting], candidates: Sequence[int]) -> list[_Spell]:
    spells: list[tuple[str, list[int]]] = []
    for at in candidates:
        if not spells or spells[-1][0] != ordered[at].text:
            spells.append((ordered[at].text, []))
        spells[-1][1].append(at)
    return [_Spell(text, captures) for text, captures in spells]


def _zones(ordered: Sequence[Sighting], spells: Sequence[_Spell]) -> list[tuple[int, int]]:
    """Join gaps that touch or overlap; keep the groups in which two touch or cross."""
    zones: list[tuple[int, int]] = []
    group: list[tuple[int, int]] = []
    end = -1
    for gap in [*_gaps(ordered, spells), (len(spells), len(spells))]:
        if gap[0] > end:
            if _alternate(group):
                zones.append((group[0][0], end))
            group, end = [], gap[1]
        group.append(gap)
        end = max(end, gap[1])
    return zones


def _gaps(ordered: Sequence[Sighting], spells: Sequence[_Spell]) -> list[tuple[int, int]]:
    """Ways from a spell to the next one of the same text, in order of their start."""
    latest: dict[str, int] = {}
    gaps = []
    for place, spell in enumerate(spells):
        before = latest.get(spell.text)
        if before is not None and _days(ordered, spells[before].captures[-1], spell.captures[0]) <= RETURN_DAYS:
            gaps.append((before, place))
        latest[spell.text] = place
    return sorted(gaps)


def _alternate(gaps: Sequence[tuple[int, int]]) -> bool:
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


def _beside_the_line(ordered: Sequence[Sighting], zone: Sequence[_Spell]) -> list[_Spell]:
    """Which spells of a zone are alternates. What lies before and after the zone does not weigh in the count."""
    weights: Counter[str] = Counter()
    for place, spell in enumerate(zone):
        weights[spell.text] += 1 if place in (0, len(zone) - 1) else len(spell.captures)
    order = {spell.text: -place for place, spell in reversed(list(enumerate(zone)))}
    main = max(weights, key=lambda text: (weights[text], order[text]))
    last = zone[-1]
    stands = {0}
    if _span(ordered, last) > _longest_absence(ordered, zone, main):
        stands.add(len(zone) - 1)
    return [spell for place, spell in enumerate(zone) if spell.text != main and place not in stands]


def _longest_absence(ordered: Sequence[Sighting], zone: Sequence[_Spell], main: str) -> float:
    own = [spell for spell in zone if spell.text == main]
    return max((_days(ordered, a.captures[-1], b.captures[0]) for a, b in itertools.pairwise(own)), default=0.0)


def _span(ordered: Sequence[Sighting], spell: _Spell) -> float:
    return _days(ordered, spell.captures[0], spell.captures[-1])


def _days(ordered: Sequence[Sighting], first: int, last: int) -> float:
    elapsed = datetime.fromisoformat(ordered[last].at) - datetime.fromisoformat(ordered[first].at)
    return elapsed.total_seconds() / 86_400
