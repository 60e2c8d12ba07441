"""Which number of a numeric date is the day, decided by the history of a policy where a page alone cannot tell.

05/11/2021 is read as 11 May where nothing on its page speaks for November. Other texts of the policy may: one states
22/07/2026, one states a day that would lie after the capture that shows it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from harvest.text.stated_days import short_year

_NUMERIC = re.compile(r"(?<![\d./-])(\d{1,2})\s?([/-])\s?(\d{1,2})\s?\2\s?((?:19|20)\d\d|\d\d)(?!\d|[./-]\d)")
# How far a stated day may lie after the first capture. Of 6,889 stated days of real histories 14 updates lie after it,
# by 19 days at most: pages are put up ahead of their day. What comes into effect is announced up to 11 months before.
_AHEAD = {"effective": timedelta(days=366)}
_PUT_UP = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Stated:
    """The date that a text states: the *day* as its page alone is read (ISO, '' for none), its kind and its words."""

    day: str
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class _Numeric:
    """A date in numbers; *votes* says whether it puts the day first, as far as it tells that itself."""

    text: str
    seen: date
    day_first: date | None
    month_first: date | None
    votes: bool | None


def settle_dates(stated: Mapping[str, Stated], first_seen: Mapping[str, str]) -> dict[str, str]:
    """Return the days (ISO) of the texts that history reads otherwise than their page alone.

    *stated* and *first_seen* (ISO times) by text. All dates in numbers that tell their order themselves decide for the
    others; where they differ, the nearest in time. Where none tells, the order in which later texts state later days.
    Pure; any order of texts gives the same days.
    """
    numbers = sorted(
        (one for text in stated if text in first_seen and (one := _numeric(text, stated[text], first_seen[text]))),
        key=lambda one: (one.seen, one.text),
    )
    votes = [one for one in numbers if one.votes is not None]
    grown = None if votes else _growing(numbers)
    settled: dict[str, str] = {}
    for one in numbers:
        first = one.votes
        if first is None:
            first = _nearest(one, votes) if votes else grown
        day = None if first is None else one.day_first if first else one.month_first
        if day is not None and day.isoformat() != stated[one.text].day:
            settled[one.text] = day.isoformat()
    return settled


def _numeric(text: str, stated: Stated, first_seen: str) -> _Numeric | None:
    match = _NUMERIC.search(stated.words) if stated.day else None
    if match is None:
        return None
    first, second, year = int(match[1]), int(match[3]), short_year(match[4])
    readings = _day(year, second, first), _day(year, first, second)
    if readings[0] == readings[1] or stated.day not in [day.isoformat() for day in readings if day]:
        return None
    seen = date.fromisoformat(first_seen[:10])
    latest = seen + _AHEAD.get(stated.kind, _PUT_UP)
    possible = [day is not None and day <= latest for day in readings]
    return _Numeric(text, seen, *readings, votes=possible[0] if possible[0] != possible[1] else None)


def _nearest(one: _Numeric, votes: Sequence[_Numeric]) -> bool | None:
    return min(votes, key=lambda other: (abs(other.seen - one.seen), other.seen, other.text)).votes


def _growing(numbers: Sequence[_Numeric]) -> bool | None:
    """Say which order makes later texts state later days; None where both do, or neither."""
    grows = [
        all(a <= b for a, b in pairwise([day for day in days if day is not None]))
        for days in ([one.day_first for one in numbers], [one.month_first for one in numbers])
    ]
    return grows[0] if grows[0] != grows[1] else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
