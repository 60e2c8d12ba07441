"""Timestamps: the archive's fourteen digits, ISO 8601 in the corpus, dates as people write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.timestamps import days_between, end_of, format_stamp, from_iso, parse_stamp, start_of, to_iso

MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2100, 12, 31)).map(
    lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
)


@pytest.mark.parametrize(
    ("stamp", "iso", "approximate"),
    [
        pytest.param("20030401113213", "2003-04-01T11:32:13Z", False, id="plain"),
        pytest.param("20000800241623", "2000-08-01T23:16:23Z", True, id="month-00-hour-24"),
        pytest.param("20100100190155", "2010-01-01T19:01:55Z", True, id="day-00"),
        pytest.param("20101331000000", "2010-12-31T00:00:00Z", True, id="month-13"),
        pytest.param("20230229120000", "2023-02-28T12:00:00Z", True, id="no-leap-day"),
        pytest.param("20100101006161", "2010-01-01T00:59:59Z", True, id="minute-61"),
        pytest.param("199801020304", "1998-01-02T03:04:00Z", True, id="twelve-digits"),
        pytest.param("1998", "1998-01-01T00:00:00Z", True, id="year"),
    ],
)
def test_stamps_are_read_or_repaired(stamp: str, iso: str, approximate: bool) -> None:
    """A stamp that is no date becomes the nearest one that is, and says so."""
    moment, repaired = parse_stamp(stamp)

    assert (to_iso(moment), repaired) == (iso, approximate)


@pytest.mark.parametrize(
    "stamp", ["", "-", "199", "19890101000000", "99990101000000", "2003040111321a", "２００３", "1" * 15]
)
def test_what_holds_no_year_is_put_aside(stamp: str) -> None:
    """Rows without a year of the web raise ValueError, so that the listing can put them aside."""
    with pytest.raises(ValueError, match="timestamp"):
        parse_stamp(stamp)


@given(st.text(max_size=16))
def test_any_text_is_a_stamp_or_a_value_error(text: str) -> None:
    """No input makes the reader of stamps fail in another way."""
    try:
        moment, _ = parse_stamp(text)
    except ValueError:
        return
    assert moment.tzinfo is UTC


@given(MOMENTS)
def test_moments_survive_both_forms(moment: datetime) -> None:
    """Fourteen digits and ISO text give the moment back."""
    assert parse_stamp(format_stamp(moment)) == (moment, False)
    assert from_iso(to_iso(moment)) == moment


@given(MOMENTS, MOMENTS)
def test_both_forms_sort_as_time_does(one: datetime, other: datetime) -> None:
    """SQLite and listings may sort the text."""
    assert (one < other) == (to_iso(one) < to_iso(other)) == (format_stamp(one) < format_stamp(other))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        pytest.param("2012", "2012-01-01T00:00:00Z", "2012-12-31T23:59:59Z", id="year"),
        pytest.param("2012-02", "2012-02-01T00:00:00Z", "2012-02-29T23:59:59Z", id="month"),
        pytest.param("2012-02-03", "2012-02-03T00:00:00Z", "2012-02-03T23:59:59Z", id="day"),
        pytest.param("2012-02-03T04:05:06Z", "2012-02-03T04:05:06Z", "2012-02-03T04:05:06Z", id="iso"),
        pytest.param("2012-02-03T04:05:06+01:00", "2012-02-03T03:05:06Z", "2012-02-03T03:05:06Z", id="offset"),
        pytest.param("20120203040506", "2012-02-03T04:05:06Z", "2012-02-03T04:05:06Z", id="stamp"),
    ],
)
def test_dates_of_people_have_two_ends(text: str, first: str, last: str) -> None:
    """A day, month or year means its first second as a beginning and its last as an end."""
    assert (to_iso(start_of(text)), to_iso(end_of(text))) == (first, last)


def test_days_are_counted_with_their_parts() -> None:
    """Forwards and backwards, over a leap day."""
    assert days_between("2012-02-28T00:00:00Z", "2012-03-01T12:00:00Z") == 2.5
    assert days_between("2012-03-01T12:00:00Z", "2012-02-28T00:00:00Z") == -2.5


@pytest.mark.parametrize(
    "text", ["", "12", "2012-13", "2012-02-30", "2012-2-3", "yesterday", "0001-01-01T00:00:00+23:59"]
)
def test_other_dates_are_refused_with_the_forms_that_work(text: str) -> None:
    """The message tells what to write."""
    with pytest.raises(ValueError, match="YYYY-MM-DD"):
        end_of(text)


@given(st.text(max_size=30))
def test_any_text_is_a_date_or_a_value_error(text: str) -> None:
    """No input makes the reader of dates fail in another way, and the ends are in order."""
    try:
        assert start_of(text) <= end_of(text)
    except ValueError:
        return
