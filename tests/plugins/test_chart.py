"""Geometry of the timelines and of the bars of presence."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import groupby, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.web.chart import WIDTH, Axis, _together


def axis(start: str, end: str) -> Axis:
    """An axis between two days."""
    return Axis(*(datetime.fromisoformat(day).replace(tzinfo=UTC) for day in (start, end)))


@pytest.mark.parametrize(
    ("start", "end", "labels"),
    [
        pytest.param(
            "1998-12-06", "2006-09-28", ["1999", "2000", "2001", "2002", "2003", "2004", "2005", "2006"], id="years"
        ),
        pytest.param("1996-05-01", "2026-01-02", ["2000", "2005", "2010"], id="thinned"),
        pytest.param("2024-03-14", "2025-02-23", ["Apr 2024", "Jul 2024", "Oct 2024", "2025"], id="quarters"),
        pytest.param("2012-01-01", "2013-01-01", ["2012", "Apr 2012", "Jul 2012", "Oct 2012", "2013"], id="one-year"),
    ],
)
def test_every_axis_says_where_it_is(start: str, end: str, labels: list[str]) -> None:
    """Years, thinned where there are many; quarters where there are so few years that one label or none would stand."""
    ticks = axis(start, end).ticks

    assert [label for _, label in ticks][: len(labels)] == labels
    assert all(0 <= x <= WIDTH for x, _ in ticks)
    assert min(b - a for (a, _), (b, _) in pairwise(ticks)) > 55


@given(st.lists(st.integers(0, 40)))
def test_marks_of_one_place_are_found_without_asking_all(places: list[int]) -> None:
    marks = sorted(places)
    asked: list[int] = []

    def place(mark: int) -> int:
        asked.append(mark)
        return mark // 4

    found = [list(some) for some in _together(marks, place)]
    runs = [list(run) for _, run in groupby(marks, key=lambda mark: mark // 4)]
    assert found == runs
    assert len(asked) <= len(runs) * (2 + len(marks).bit_length())
