"""Which captures to fetch to find every change of a text with few playbacks. Pure: rounds of one decision.

A round is `select_changes(captures, shown)`: what is to be fetched now, given what earlier captures turned out to show.
Fetch that, and decide again; nothing new means done. The same captures and texts give the same choice, so a killed
harvest goes on where it stopped.

What is searched: the first and the last page of an address, then the gaps between pages that were seen:

- texts differ → the middle of the captures between, until the two are neighbours;
- texts are alike, but more than `GAP_DAYS` apart → the capture nearest to the middle of that time;
- texts are alike and nearer → what lies between is **assumed** to show the same, and says so.

So the assumption is: a text that was left does not come back within `GAP_DAYS`. Where it holds, every change that the
listing can show is found between two neighbouring captures. Two texts that were seen to take turns (and a page that
comes and goes) are not told apart capture by capture, which would fetch all of a page that shows one of two texts at
random; they are looked at more often instead, so that a third text is not missed behind them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from harvest.model import Capture

#: Half a year: chosen on 26 documents of 51,815 captures, see docs/decisions/2026-11-21-selection-strategies.md.
GAP_DAYS = 180
#: Two texts take turns when they were seen to follow each other this often (A B A B A), each time within a year or so.
TURNS = 4
TURN_DAYS = 400
#: Where texts take turns, one glance says less: captures must be so much nearer for what lies between to be assumed.
TURN_SHARE = 4

#: What is known of captures: sha256 of the text one showed, '' for a page without; None while it is chosen and not
#: settled. A capture that is missing was not chosen yet.
Shown = Mapping[Capture, str | None]


@dataclass(frozen=True, slots=True)
class Round:
    """What to fetch now (*wanted*, with the reason) and what need not be (*assumed*, likewise). The rest is open."""

    wanted: Mapping[Capture, str]
    assumed: Mapping[Capture, str]


def next_round(pages: Sequence[Capture], shown: Shown, *, gap_days: int = GAP_DAYS) -> Round:
    """Decide what to fetch next of one address. *pages*: those that may be played, oldest first, redirects left out."""
    wanted: dict[Capture, str] = {}
    assumed: dict[Capture, str] = {}
    for place, what in ((0, "first page"), (len(pages) - 1, "last page")):
        if pages and pages[place] not in shown:
            wanted.setdefault(pages[place], what)
    line = _Line.of(pages, shown)
    for before, after in pairwise(line.seen):
        between = range(before + 1, after)
        if any(pages[place] in shown for place in between):
            continue  # chosen, and not known yet
        verdict = line.judge(before, after, timedelta(days=gap_days))
        if verdict.assumed:
            assumed.update(dict.fromkeys((pages[place] for place in between), verdict.reason))
        elif between:
            wanted[pages[_middle(pages, between, by_time=verdict.alike)]] = verdict.reason
    return Round(wanted, assumed)


def at_least(captures: int, days: float, *, gap_days: int = GAP_DAYS) -> int:
    """Return how many pages a search of an address asks for where its text never changes: what can be said before."""
    halvings = 1
    while days / halvings > gap_days:
        halvings *= 2
    return min(captures, halvings + 1)


@dataclass(frozen=True, slots=True)
class _Verdict:
    reason: str
    assumed: bool = False
    alike: bool = False


@dataclass(frozen=True, slots=True)
class _Line:
    """The captures of an address that were seen (*seen*, by place) and what each shows."""

    pages: Sequence[Capture]
    seen: Sequence[int]
    texts: Mapping[int, str]
    showing: Sequence[int]  # those of *seen* that show a text
    spans: Mapping[int, Sequence[int]]  # by place: where its text was seen around it
    others: Mapping[int, tuple[int | None, int | None]]  # by place: where another text was seen last and next

    @classmethod
    def of(cls, pages: Sequence[Capture], shown: Shown) -> _Line:
        texts = {place: text for place, page in enumerate(pages) if (text := shown.get(page)) is not None}
        showing = [place for place, text in texts.items() if text]
        return cls(pages, list(texts), texts, showing, _spans(pages, texts), _others(showing, texts))

    def judge(self, before: int, after: int, gap: timedelta) -> _Verdict:
        """Say what becomes of the captures between two that were seen, neighbours among these."""
        held, next_ = self._texts_around(before, after)
        if held is not None and next_ is not None and self._is_near(held, next_, gap):
            same, ends = self.texts[held] == self.texts[next_], (self._stamp(held), self._stamp(next_))
            restless = self._is_restless(held, next_) if same else self._take_turns(held, next_)
            if same and (not restless or self._is_near(held, next_, gap / TURN_SHARE)):
                return _Verdict("assumed same as {} and {}".format(*ends), assumed=True)
            if restless and self._is_near(held, next_, gap / TURN_SHARE):
                return _Verdict("assumed same as {} or {}, which take turns".format(*ends), assumed=True)
        alike = self.texts[before] == self.texts[after]
        if alike and not self.texts[before] and self._is_near(before, after, gap) and not self._comes_and_goes(before):
            return _Verdict(f"assumed without text as {self._stamp(before)} and {self._stamp(after)}", assumed=True)
        days = (self._at(after) - self._at(before)).days
        state = f"are alike and {days} days apart" if alike else "differ"
        return _Verdict(f"between {self._stamp(before)} and {self._stamp(after)}, which {state}", alike=alike)

    def _texts_around(self, before: int, after: int) -> tuple[int | None, int | None]:
        held = bisect_right(self.showing, before) - 1
        next_ = bisect_left(self.showing, after)
        return (
            self.showing[held] if held >= 0 else None,
            self.showing[next_] if next_ < len(self.showing) else None,
        )

    def _is_near(self, before: int, after: int, gap: timedelta) -> bool:
        return self._at(after) - self._at(before) <= gap

    def _take_turns(self, one: int, other: int) -> bool:
        order = sorted([*((place, 0) for place in self.spans[one]), *((place, 1) for place in self.spans[other])])
        return sum(first[1] != second[1] for first, second in pairwise(order)) >= TURNS

    def _is_restless(self, held: int, next_: int) -> bool:
        """True where the text of two captures takes turns with the text before or after them."""
        around = (self.others.get(held, (None, None))[0], self.others.get(next_, (None, None))[1])
        return any(other is not None and self._take_turns(held, other) for other in around)

    def _comes_and_goes(self, blank: int) -> bool:
        held, next_ = self._texts_around(blank, blank)
        return any(text is not None and self._take_turns(blank, text) for text in (held, next_))

    def _at(self, place: int) -> datetime:
        return self.pages[place].captured_at

    def _stamp(self, place: int) -> str:
        return self.pages[place].timestamp


def _spans(pages: Sequence[Capture], texts: Mapping[int, str]) -> dict[int, Sequence[int]]:
    """Map each place to all places of its text around it, as far as no more than `TURN_DAYS` lie between two."""
    open_spans: dict[str, list[int]] = {}
    spans: dict[int, Sequence[int]] = {}
    for place, text in texts.items():
        span = open_spans.get(text)
        if span is None or (pages[place].captured_at - pages[span[-1]].captured_at).days > TURN_DAYS:
            span = open_spans[text] = []
        span.append(place)
        spans[place] = span
    return spans


def _others(showing: Sequence[int], texts: Mapping[int, str]) -> dict[int, tuple[int | None, int | None]]:
    before: dict[int, int | None] = {}
    after: dict[int, int | None] = {}
    for found, order in ((before, list(showing)), (after, list(reversed(showing)))):
        for one, other in pairwise(order):
            found[other] = one if texts[one] != texts[other] else found.get(one)
    return {place: (before.get(place), after.get(place)) for place in showing}


def _middle(pages: Sequence[Capture], between: range, *, by_time: bool) -> int:
    """Return the middle capture, or (texts alike) the one nearest to the middle of the time."""
    if not by_time:
        return between[len(between) // 2]
    first, last = pages[between[0] - 1].captured_at, pages[between[-1] + 1].captured_at
    return min(_nearest_two(pages, between, first + (last - first) / 2), key=lambda found: (found[0], found[1]))[1]


def _nearest_two(pages: Sequence[Capture], between: range, target: datetime) -> Iterator[tuple[timedelta, int]]:
    place = bisect_left(pages, target, lo=between[0], hi=between[-1] + 1, key=lambda page: page.captured_at)
    for near in (place - 1, place):
        if near in between:
            yield abs(pages[near].captured_at - target), near
