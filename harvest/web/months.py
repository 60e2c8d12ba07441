"""A calendar of captures: how many there are of each month, for a table. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil, log1p

from harvest.corpus.queries_model import CaptureMark

#: Shades of a cell. Counts of months lie far apart (1 and 60 are common in one policy): they follow the logarithm.
SHADES = 4


@dataclass(frozen=True, slots=True)
class Month:
    """The captures of a month. *shows*: at least one of them shows the policy; *shade* from 0 (none) to `SHADES`."""

    date: str
    captures: int
    shows: bool
    shade: int


@dataclass(frozen=True, slots=True)
class Years:
    """One year with its twelve months; or several in a row without any capture, and no months."""

    first: int
    last: int
    months: tuple[Month, ...] = ()


def calendar(marks: Sequence[CaptureMark]) -> tuple[Years, ...]:
    """Lay out captures by year and month, the oldest year first; years without any in a row are one line."""
    every = Counter((mark.captured_at.year, mark.captured_at.month) for mark in marks)
    if not every:
        return ()
    shown = {(mark.captured_at.year, mark.captured_at.month) for mark in marks if mark.version is not None}
    known = {year for year, _ in every}
    most = log1p(max(every.values()))

    def month(year: int, number: int) -> Month:
        count = every[year, number]
        shade = ceil(SHADES * log1p(count) / most)
        return Month(f"{year}-{number:02}", count, (year, number) in shown, shade)

    def lines() -> Iterator[Years]:
        for is_known, run in groupby(range(min(known), max(known) + 1), key=known.__contains__):
            if is_known:
                yield from (Years(year, year, tuple(month(year, number) for number in range(1, 13))) for year in run)
            else:
                empty = [*run]
                yield Years(empty[0], empty[-1])

    return tuple(lines())
