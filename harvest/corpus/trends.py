"""How many policies say something, half-year by half-year, with what they are counted out of.

A policy counts in the half-years between its first and its last capture, by the version in force at the end of each:
the one seen last, as on every page of ours. Between the last capture of a version and the first of the next nobody
knows which of them was in force; the older stands for two years at most, after which the policy does not count until
it is seen again. With *seen_only* it does not stand for them at all: fewer policies, each of them certain. Variants
are left out.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import itemgetter

from harvest.corpus.half_year_counts import Span, count, kept_counts, range_of, spans_in, spans_of
from harvest.corpus.queries_stays import Life, life_of
from harvest.corpus.search import phrase_query

#: Lines that a reader can still tell apart in one picture.
MAX_TERMS = 6
#: Below so many policies a share says little: one policy more or less moves it by over ten points.
FEW = 10


@dataclass(frozen=True, slots=True)
class HalfYear:
    """Half a calendar year and the policies known in it. *texts*: the distinct wordings among them."""

    index: int
    policies: int
    texts: int

    @property
    def name(self) -> str:
        """``2018-H1``, for machines: sorts as time does."""
        return f"{self.index // 2}-H{self.index % 2 + 1}"

    @property
    def months(self) -> str:
        """``Jan–Jun 2018``, for people."""
        return f"{'Jul–Dec' if self.index % 2 else 'Jan–Jun'} {self.index // 2}"

    @property
    def starts(self) -> date:
        """Its first day."""
        return date(self.index // 2, 7 if self.index % 2 else 1, 1)

    @property
    def ends(self) -> date:
        """Its last day."""
        following = self.index + 1
        return date(following // 2, 7 if following % 2 else 1, 1) - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class TermCount:
    """In how many policies, and in how many distinct texts, a term stands in one half-year."""

    policies: int
    texts: int


@dataclass(frozen=True, slots=True)
class TermTrend:
    """One term and its counts, in the order of `Trends.halves`."""

    query: str
    counts: tuple[TermCount, ...]

    @property
    def is_said(self) -> bool:
        """True where any policy says it in any half-year."""
        return any(count.policies for count in self.counts)


@dataclass(frozen=True, slots=True)
class Trends:
    """Terms over time. *halves* run without a hole from the first to the last; some may hold no policy."""

    halves: tuple[HalfYear, ...]
    terms: tuple[TermTrend, ...]
    site: str = ""
    kind: str = ""
    seen_only: bool = False


def share(count: int, of: int) -> float | None:
    """Return a share rounded to four places, None of nothing.

    >>> share(1, 3), share(0, 0)
    (0.3333, None)
    """
    return round(count / of, 4) if of else None


def trends(
    conn: sqlite3.Connection,
    terms: Sequence[str],
    *,
    site: str = "",
    kind: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    seen_only: bool = False,
) -> Trends:
    """Return how many policies say each of *terms* in each half-year, and out of how many.

    A term is a phrase: its words must stand together; with quotes or ``OR`` it is a query as in `search`. *since* and
    *until* narrow the half-years shown; *seen_only*: see above. Two queries, and one for each term. Raises
    ValueError for no term, more than MAX_TERMS of them, or one without a word.
    """
    if not 1 <= len(terms) <= MAX_TERMS:
        raise ValueError(f"give one to {MAX_TERMS} terms; {len(terms)} were given")
    matches = [phrase_query(term) for term in terms]
    lives = [life_of(conn, match, site=site, kind=kind) for match in matches]
    kept = None if site else kept_counts(conn, kind=kind, seen_only=seen_only)
    if kept is None:
        spans = spans_of(conn, site=site, kind=kind, seen_only=seen_only)
        wanted = _cut(range_of(spans), since, until)
        known = count(spans, wanted)
    else:
        spans = spans_in(conn, {policy_id for life in lives for policy_id in life}, seen_only=seen_only)
        wanted = _cut(range(min(kept, default=0), max(kept, default=-1) + 1), since, until)
        known = [kept[half] for half in wanted]
    line: dict[int, list[Span]] = {}
    for span in spans:
        line.setdefault(span[0], []).append(span)
    halves = tuple(HalfYear(half, *counted) for half, counted in zip(wanted, known, strict=True))
    told = tuple(_trend(term, life, line, wanted) for term, life in zip(terms, lives, strict=True))
    return Trends(halves, told, site, kind, seen_only)


def _trend(term: str, life: Life, line: Mapping[int, Sequence[Span]], wanted: range) -> TermTrend:
    said: list[Span] = []
    for policy_id, stays in life.items():
        spans = line.get(policy_id, ())
        for first, last in stays:
            start = bisect_left(spans, first, key=_PLACE)
            said += spans[start : bisect_right(spans, last, start, key=_PLACE)]
    return TermTrend(term, tuple(TermCount(*counted) for counted in count(said, wanted)))


_PLACE = itemgetter(1)


def _cut(halves: range, since: datetime | None, until: datetime | None) -> range:
    """The half-years to show: those there are, cut to what was asked for."""
    first, last = halves.start, halves.stop - 1
    if not halves:
        return halves
    return range(max(first, _half(since)) if since else first, (min(last, _half(until)) if until else last) + 1)


def _half(moment: datetime) -> int:
    return moment.year * 2 + (moment.month > 6)
