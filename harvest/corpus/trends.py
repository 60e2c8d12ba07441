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
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from operator import attrgetter
from typing import NamedTuple

from harvest.corpus.queries_rows import rows
from harvest.corpus.queries_stays import life_of
from harvest.corpus.search import phrase_query

#: Half-years for which an unseen version still stands: half the versions of the sample are seen once in two years.
CARRIED = 4
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


_LINES = """
    SELECT h.policy_id, h.place, t.sha256, h.began, min(h.until, h.seen + :carried)
    FROM {half_years} h CROSS JOIN text_rows t ON t.id = h.text_id ORDER BY h.policy_id, h.place
"""
_NARROWED = """(
      SELECT x.* FROM policies p JOIN sites s ON s.id = p.site_id CROSS JOIN half_years x ON x.policy_id = p.id
      WHERE (:site = '' OR s.host = :site) AND (:kind = '' OR p.kind = :kind))
"""


class Span(NamedTuple):
    """A version in the half-years it stands for. *text*: the hash of its wording, which several policies may share."""

    policy_id: int
    place: int
    text: bytes
    began: int
    until: int


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
    *until* narrow the half-years shown; *seen_only*: see above. One query, and one for each term. Raises
    ValueError for no term, more than MAX_TERMS of them, or one without a word.
    """
    if not 1 <= len(terms) <= MAX_TERMS:
        raise ValueError(f"give one to {MAX_TERMS} terms; {len(terms)} were given")
    matches = [phrase_query(term) for term in terms]
    lines = _LINES.format(half_years=_NARROWED if site or kind else "half_years")
    asked = {"site": site, "kind": kind, "carried": 0 if seen_only else CARRIED}
    spans = [Span._make(row) for row in rows(conn, lines, asked)]
    line: dict[int, list[Span]] = {}
    for span in spans:
        line.setdefault(span.policy_id, []).append(span)
    wanted = _range(spans, since, until)
    halves = tuple(HalfYear(half, *count) for half, count in zip(wanted, _count(spans, wanted), strict=True))
    return Trends(
        halves,
        tuple(_trend(conn, *each, line, wanted) for each in zip(terms, matches, strict=True)),
        site,
        kind,
        seen_only,
    )


def _trend(
    conn: sqlite3.Connection, term: str, match: str, line: Mapping[int, Sequence[Span]], wanted: range
) -> TermTrend:
    said: list[Span] = []
    for policy_id, stays in life_of(conn, match).items():
        spans = line.get(policy_id, ())
        for first, last in stays:
            start = bisect_left(spans, first, key=_PLACE)
            said += spans[start : bisect_right(spans, last, start, key=_PLACE)]
    return TermTrend(term, tuple(TermCount(*count) for count in _count(said, wanted)))


_PLACE = attrgetter("place")


def _range(spans: Sequence[Span], since: datetime | None, until: datetime | None) -> range:
    """The half-years to show: those there are, cut to what was asked for."""
    if not spans:
        return range(0)
    first, last = min(span.began for span in spans), max(span.until for span in spans)
    return range(max(first, _half(since)) if since else first, (min(last, _half(until)) if until else last) + 1)


def _half(moment: datetime) -> int:
    return moment.year * 2 + (moment.month > 6)


def _count(spans: Iterable[Span], wanted: range) -> list[tuple[int, int]]:
    """Count policies and distinct texts in each half-year; every policy has one span in each at most.

    By what changes from one half-year to the next: a text that stands for ten years costs two additions.
    """
    by_text: dict[bytes, list[tuple[int, int]]] = {}
    for span in spans:
        began, after = max(span.began, wanted.start), min(span.until + 1, wanted.stop)
        if began < after:
            by_text.setdefault(span.text, []).append((began, after))
    policies, texts = Counter[int](), Counter[int]()
    for runs in by_text.values():
        _step(policies, runs)
        _step(texts, runs if len(runs) == 1 else _joined(runs))
    return list(
        zip(accumulate(policies[half] for half in wanted), accumulate(texts[half] for half in wanted), strict=True)
    )


def _step(counts: Counter[int], runs: Iterable[tuple[int, int]]) -> None:
    for began, after in runs:
        counts[began] += 1
        counts[after] -= 1


def _joined(runs: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join runs that overlap: one wording at several policies at once is one text.

    >>> _joined([(5, 7), (1, 3), (2, 4)])
    [(1, 4), (5, 7)]
    """
    joined: list[tuple[int, int]] = []
    for began, after in sorted(runs):
        if joined and began < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(after, joined[-1][1]))
        else:
            joined.append((began, after))
    return joined
