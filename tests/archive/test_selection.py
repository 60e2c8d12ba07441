"""Selection: the same captures give the same choice, each with its reason."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.archive.selection import Hole, near, select
from harvest.model import Capture
from harvest.targets import EVERY
from harvest.timestamps import format_stamp

URL = "http://brook.example/privacy"


def _capture(day: str, status: str = "200", mime: str = "text/html", digest: str = "") -> Capture:
    moment = datetime.fromisoformat(day).replace(tzinfo=UTC)
    return Capture(
        "x", URL, "example,brook)/privacy", format_stamp(moment), moment, False, mime, status, digest or day, 1
    )


def _chosen(captures: list[Capture], every: str) -> list[str]:
    return [f"{item.capture.captured_at:%Y-%m-%d}" for item in select(captures, every=every) if item.fetch]


AT_ONCE = [every for every in EVERY if every != "change"]  # `change` decides in rounds: test_selection_changes.py

CAPTURES = st.lists(
    st.builds(
        lambda day, status, mime: _capture(
            (datetime(2000, 1, 1) + timedelta(days=day)).isoformat(), status, mime, str(day)
        ),
        st.integers(0, 4_000),
        st.sampled_from(["200", "", "301", "404", "503"]),
        st.sampled_from(["text/html", "warc/revisit", "image/png", "unk"]),
    ),
    max_size=40,
)


@given(CAPTURES, st.sampled_from([*AT_ONCE, "near:2001-05-01,2009-01-01"]))
def test_every_capture_gets_one_decision_with_a_reason(captures: list[Capture], every: str) -> None:
    """Nothing is lost and nothing is decided twice, in any order of arrival."""
    selected = select(captures, every=every)

    assert sorted(map(repr, captures)) == sorted(repr(item.capture) for item in selected)
    assert all(item.reason for item in selected)
    assert {repr(item) for item in select(captures[::-1], every=every)} == {repr(item) for item in selected}


@given(CAPTURES, st.sampled_from(AT_ONCE))
def test_the_first_and_the_last_page_are_never_lost(captures: list[Capture], every: str) -> None:
    """Whatever the interval, the ends of the history are fetched."""
    pages = [item for item in captures if item.statuscode in ("200", "") and item.mimetype != "image/png"]
    days = [item.captured_at for item in select(captures, every=every) if item.fetch for item in [item.capture]]

    if pages:
        assert min(page.captured_at for page in pages) in days
        assert max(page.captured_at for page in pages) in days


@given(CAPTURES, st.sampled_from(AT_ONCE))
def test_an_interval_chooses_among_all(captures: list[Capture], every: str) -> None:
    """What is fetched once a year is among what is fetched altogether, and every year with a page has one."""
    chosen = _chosen(captures, every)
    pages = [item for item in captures if item.statuscode == "200" and item.mimetype == "text/html"]

    assert set(chosen) <= set(_chosen(captures, "all"))
    assert all(any(abs(int(day[:4]) - page.captured_at.year) <= 1 for day in chosen) for page in pages)


def test_the_nearest_to_each_target_is_chosen() -> None:
    """Targets are the first days of calendar intervals, whatever the captures are."""
    days = ["2003-02-03", "2003-06-20", "2003-07-05", "2003-11-30", "2004-01-20", "2004-07-03", "2004-09-09"]

    assert _chosen([_capture(day) for day in days], "6m") == [
        "2003-02-03", "2003-07-05", "2004-01-20", "2004-07-03", "2004-09-09"
    ]  # fmt: skip


def test_new_captures_do_not_move_the_grid() -> None:
    """What was chosen stays chosen when later captures are listed."""
    days = ["2003-02-03", "2003-06-20", "2003-07-05", "2003-11-30", "2004-01-20"]
    before = _chosen([_capture(day) for day in days], "1y")
    after = _chosen([_capture(day) for day in [*days, "2004-12-30", "2006-01-02"]], "1y")

    assert set(before) - set(after) <= {days[-1]}  # the last one of then


@pytest.mark.parametrize(
    ("status", "mime", "fetched"),
    [
        pytest.param("200", "text/html", True, id="page"),
        pytest.param("", "warc/revisit", True, id="revisit"),
        pytest.param("", "", True, id="nothing-known"),
        pytest.param("301", "unk", True, id="redirect"),
        pytest.param("404", "text/html", True, id="error-settled-by-the-listing"),
        pytest.param("200", "image/png", False, id="image"),
        pytest.param("200", "application/pdf", False, id="pdf"),
        pytest.param("301", "application/octet-stream", True, id="redirect-of-any-type"),
    ],
)
def test_all_means_all_that_can_be_read(status: str, mime: str, fetched: bool) -> None:
    """Types that hold no text we read are left out with the type as the reason."""
    (item,) = select([_capture("2003-01-01", status, mime)], every="all")

    assert item.fetch is fetched
    assert fetched or mime in item.reason


def test_pages_are_preferred_to_redirects() -> None:
    """A redirect nearer to the target does not push a page out; one where no page is near is fetched."""
    captures = [
        _capture("2003-01-02", "301"),
        _capture("2003-02-01"),
        _capture("2004-01-20"),
        _capture("2005-01-03", "301"),
        _capture("2006-01-03", "301"),
        _capture("2007-01-03", "301"),
    ]
    assert _chosen(captures, "1y") == [
        "2003-01-02",
        "2003-02-01",
        "2004-01-20",
        "2005-01-03",
        "2006-01-03",
        "2007-01-03",
    ]


def test_holes_are_passed_over() -> None:
    """Where the archive plays nothing until March, the capture of March is the nearest; ends are ends that play."""
    days = ["2003-12-29", "2004-01-03", "2004-02-01", "2004-03-05", "2004-12-30", "2005-02-02", "2005-02-03"]
    captures = [_capture(day) for day in days]
    holes = [
        Hole(captures[1].urlkey, captures[1].captured_at, captures[3].captured_at),
        Hole(captures[6].urlkey, captures[6].captured_at),
    ]
    chosen = [item.capture for item in select(captures, every="1y", holes=holes) if item.fetch]

    assert [f"{capture.captured_at:%Y-%m-%d}" for capture in chosen] == ["2004-03-05", "2004-12-30", "2005-02-02"]


def test_the_nearest_to_given_days_are_chosen() -> None:
    """However far away they are; a redirect or an error only where there is no page at all."""
    days = ["2003-02-03", "2003-06-20", "2009-07-05", "2009-11-30"]
    captures = [*map(_capture, days), _capture("2005-01-01", "301"), _capture("2005-01-02", "404")]
    every = near([datetime(2005, 1, 1, tzinfo=UTC), datetime(2009, 9, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)])

    assert _chosen(captures, every) == ["2003-06-20", "2005-01-02", "2009-07-05", "2009-11-30"]
