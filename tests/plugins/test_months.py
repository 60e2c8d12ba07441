"""The calendar of captures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from harvest.corpus.queries_model import CaptureMark
from harvest.corpus.store import Store
from harvest.web.months import SHADES, calendar

PAGE = "/-/policies/ferry.example"
TEXT = "# Ferries\n\n" + "We write down who crosses the lake with us, and keep these lists for a year and a day. " * 6
Get = Callable[..., Any]


def mark(day: str, version: int | None = 1) -> CaptureMark:
    """A capture of a day."""
    return CaptureMark(datetime.fromisoformat(day).replace(tzinfo=UTC), "fetched", version)


def test_captures_are_counted_by_month() -> None:
    """Each year has twelve months; years without any in a row are one line."""
    first, hole, last = calendar([mark("2003-04-01"), mark("2003-04-30"), mark("2003-12-01", None), mark("2009-01-01")])

    assert [month.captures for month in first.months] == [0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1]
    assert (first.months[3].date, first.months[3].shows, first.months[11].shows) == ("2003-04", True, False)
    assert (hole.first, hole.last, hole.months) == (2004, 2008, ())
    assert (last.first, last.months[0].captures) == (2009, 1)


def test_no_capture_no_calendar() -> None:
    """Nothing to lay out."""
    assert calendar([]) == ()


@given(st.lists(st.tuples(st.datetimes(datetime(1996, 1, 1), datetime(2030, 1, 1)), st.booleans()), max_size=60))
def test_every_capture_is_counted_once(captures: list[tuple[datetime, bool]]) -> None:
    """Whatever the days; lines follow one another without a hole, and only what is counted has a shade."""
    marks = [CaptureMark(moment.replace(tzinfo=UTC), "", 1 if good else None) for moment, good in captures]
    lines = calendar(sorted(marks, key=lambda each: each.captured_at))

    assert sum(month.captures for line in lines for month in line.months) == len(captures)
    assert all(after.first == before.last + 1 for before, after in pairwise(lines))
    assert all((month.shade > 0) == (month.captures > 0) for line in lines for month in line.months)
    assert all(month.shade <= SHADES for line in lines for month in line.months)


async def test_a_month_leads_to_its_text(get: Get, serve: Get, fill: Get, tmp_path: Path) -> None:
    """A table with months for its columns; a month that shows no policy leads nowhere."""
    days = [datetime(2013, 11, 3, tzinfo=UTC), *(datetime(2014, 3, day, tzinfo=UTC) for day in range(1, 6))]
    pages = [*((day, TEXT) for day in days), (datetime(2014, 7, 1, tzinfo=UTC), None)]
    with Store.open(tmp_path / "ferry.db") as store:
        fill(store, {("ferry.example", "privacy"): pages})
    datasette = serve(tmp_path / "ferry.db")

    page = LexborHTMLParser((await get(PAGE, datasette=datasette)).text)
    table = page.css_first(".calendar table")
    cells = [cell.text() for cell in table.css("tbody tr")[1].css("td")]
    link = table.css("tbody tr")[1].css("td")[2].css_first("a").attributes["href"]

    assert [head.text() for head in table.css("thead th")][:4] == ["Year", "January", "February", "March"]
    assert (cells[2], cells[6], cells[0]) == ("5", "(1)", "") and "(1)" not in [a.text() for a in table.css("a")]
    assert [cell.attributes.get("class") for cell in table.css("tbody tr")[1].css("td")][2:7:4] == ["shade-4", None]
    assert link == f"{PAGE}/2014-03" and (await get(link, datasette=datasette)).status_code == 200
    assert page.css_first(".lead a").attributes["href"] == "#months" and page.css_first(".calendar #months")


async def test_few_captures_need_no_calendar(get: Get) -> None:
    """The list of changes has them all."""
    page = LexborHTMLParser((await get("/-/policies/beta.example")).text)

    assert page.css_first(".calendar") is None and page.css_first(".lead a") is None
