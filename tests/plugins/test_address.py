"""Addresses below /-/policies/: what they mean, and that nothing else is taken for one."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.timestamps import end_of
from harvest.web.address import date_token, diff_token, parse_address


@pytest.mark.parametrize(
    ("path", "policy", "page", "dates", "slug"),
    [
        pytest.param("a.example", "a.example", "timeline", (), "", id="site"),
        pytest.param("a.example/", "a.example", "timeline", (), "", id="trailing-slash"),
        pytest.param("a.example/terms", "a.example/terms", "timeline", (), "", id="kind"),
        pytest.param("a.example/privacy:eu", "a.example/privacy:eu", "timeline", (), "", id="label"),
        pytest.param("a.example/privacy:a%2Fb", "a.example/privacy:a/b", "timeline", (), "", id="label-with-slash"),
        pytest.param("a.example/2009", "a.example", "version", ("2009",), "", id="year"),
        pytest.param("a.example/terms/2009-03-01", "a.example/terms", "version", ("2009-03-01",), "", id="day"),
        pytest.param(
            "a.example/2009-03-01T10:11:12Z", "a.example", "version", ("2009-03-01T10:11:12Z",), "", id="time"
        ),
        pytest.param("a.example/2009..2010-02", "a.example", "diff", ("2009", "2010-02"), "", id="diff"),
        pytest.param("a.example/blame/2009", "a.example", "blame", ("2009",), "", id="blame"),
        pytest.param("a.example/section/cookies", "a.example", "section", (), "cookies", id="section"),
    ],
)
def test_addresses_are_read(path: str, policy: str, page: str, dates: tuple[str, ...], slug: str) -> None:
    """Site, kind with label, dates and fixed words each find their place."""
    found = parse_address(path)

    assert (found.policy, found.page, found.dates, found.slug) == (policy, page, dates, slug)
    assert found.moments == tuple(map(end_of, dates))


@pytest.mark.parametrize(
    "path",
    [
        "a.example/2009-13",
        "a.example/20x",
        "a.example/2009..",
        "a.example/1..2..3",
        "a.example/section",
        "a.example/x/y/z",
    ],
)
def test_what_is_no_address_is_refused(path: str) -> None:
    """A refusal is a ValueError with words for the reader."""
    with pytest.raises(ValueError, match=r"date|write"):
        parse_address(path)


@given(st.text(max_size=80))
def test_no_path_breaks_the_reading(path: str) -> None:
    """Anything typed is an address or a ValueError."""
    with suppress(ValueError):
        parse_address(path)


moments = st.datetimes(datetime(1996, 1, 1), datetime(2030, 1, 1)).map(lambda m: m.replace(microsecond=0, tzinfo=UTC))


@given(moments, st.integers(1, 10**7), st.integers(1, 10**7))
def test_a_token_means_the_version_it_was_made_for(first: datetime, stay: int, window: int) -> None:
    """Read as a date, the token of a version falls where it was there and not yet gone."""
    gone_by = first + timedelta(seconds=stay)

    assert first <= end_of(date_token(first, gone_by)) < gone_by or end_of(date_token(first, gone_by)) == first
    before, after = diff_token(first - timedelta(seconds=window), first, gone_by).split("..")
    assert end_of(before) < first <= end_of(after)
