"""Playback: what the site said, what the archive said, and how far from the capture it was."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import Any

import pytest

from harvest.archive import memento
from harvest.archive.memento import Place, archived_headers, place_of
from harvest.archive.session import ArchiveSession
from harvest.config import Settings
from harvest.model import Capture, Outcome, RawPage
from harvest.timestamps import parse_stamp

BASE = "https://archive.example/web/"
URL = "http://www.brook.example/privacy.html"
AT = "20030401113213"
PAGE = b"<html><p>We keep nothing.</p></html>"


def _dated(stamp: str = AT) -> tuple[str, str]:
    return "Memento-Datetime", f"{parse_stamp(stamp)[0]:%a, %d %b %Y %H:%M:%S} GMT"


def _address(url: str = URL, at: str = AT) -> str:
    return f"{BASE}{at}id_/{url}"


@pytest.fixture
def play(make_session: Callable[..., ArchiveSession]) -> Callable[..., RawPage]:
    """Return a function that fetches the capture of URL at a second."""

    def play(at: str = AT, **settings: Any) -> RawPage:
        capture = Capture("wayback", URL, "example,brook)/privacy.html", at, parse_stamp(at)[0])
        chosen = Settings(**settings)
        return memento.fetch(make_session(chosen), capture, prefix=BASE, settings=chosen)

    return play


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("https://web.archive.org/web/2003id_/http://a.example/x", Place("2003", "http://a.example/x")),
        ("/web/20030401113213/http:/a.example/x", Place(AT, "http://a.example/x")),
        (
            "http://127.0.0.1:8080/coll/20030401113213id_/https://a.example/?u=http://b.example/",
            Place(AT, "https://a.example/?u=http://b.example/"),
        ),
        ("http://a.example/2003/report", None),
        ("http://a.example/web/", None),
    ],
)
def test_addresses_of_mementos_come_apart(address: str, place: Place | None) -> None:
    """Timestamp and URL, with a lost slash put back; other addresses are none."""
    assert place_of(address) == place


def test_a_page_comes_as_archived(play: Callable[..., RawPage], adapter: Any, told: Any) -> None:
    """Body, status, the site's own headers, and where it landed."""
    headers = [
        _dated(),
        ("Content-Type", "text/html; charset=guessed"),
        ("X-Archive-Orig-Content-Type", "text/html; charset=koi8-r"),
        ("X-Archive-Orig-Server", "Apache"),
    ]
    adapter.tell(_address(), told(200, headers, PAGE))
    page = play()

    assert (page.outcome, page.body, page.status) == (Outcome.FETCHED, PAGE, 200)
    assert page.headers == {"content-type": "text/html; charset=koi8-r", "server": "Apache"}
    assert (page.landed_timestamp, page.landed_url) == (AT, URL)


def test_the_archives_charset_is_no_evidence() -> None:
    """The outer Content-Type counts for its type; its charset is the archive's guess."""
    headers = {"content-type": "text/html; charset=utf-8", "x-archive-orig-date": "x"}

    assert archived_headers(headers)["content-type"] == "text/html"


@pytest.mark.parametrize("status", [403, 404, 429, 500, 503])
def test_what_the_site_answered_then_is_a_page(
    play: Callable[..., RawPage], adapter: Any, told: Any, clock: Any, status: int
) -> None:
    """An error with Memento-Datetime is the site's; nothing is retried or waited for."""
    adapter.tell(_address(), told(status, [_dated()], PAGE))
    page = play()

    assert (page.outcome, page.status, page.body) == (Outcome.FETCHED, status, PAGE)
    assert clock.slept == []


@pytest.mark.parametrize(
    ("status", "headers", "body", "outcome"),
    [
        pytest.param(404, [], b"", Outcome.MISSING, id="404"),
        pytest.param(200, [], b"<p>The Wayback Machine has not archived that URL.", Outcome.MISSING, id="not-archived"),
        pytest.param(403, [("x-archive-wayback-runtime-error", "AdministrativeAccessControlException: x")], b"",
                     Outcome.EXCLUDED, id="header-over-nothing"),
        pytest.param(200, [], b"<p>URL has been excluded from the Wayback Machine.", Outcome.EXCLUDED, id="under-200"),
        pytest.param(401, [], b"<p>no reason", Outcome.UNPLAYABLE, id="401"),
        pytest.param(403, [], b"<p>no reason", Outcome.UNPLAYABLE, id="403"),
        pytest.param(410, [], b"<p>no reason", Outcome.UNPLAYABLE, id="410"),
        pytest.param(451, [], b"<p>no reason", Outcome.UNPLAYABLE, id="451"),
        pytest.param(503, [], b"<h1>503", Outcome.FAILED, id="503-to-the-end"),
        pytest.param(200, [], b"<p>Please log in to this archive", Outcome.FAILED, id="a-page-of-the-archive"),
        pytest.param(302, [("Location", "https://archive.example/sorry")], b"", Outcome.FAILED, id="sent-elsewhere"),
    ],
)  # fmt: skip
def test_what_the_archive_answers_is_no_page(
    play: Callable[..., RawPage],
    adapter: Any,
    told: Any,
    status: int,
    headers: list[tuple[str, str]],
    body: bytes,
    outcome: Outcome,
) -> None:
    """Without Memento-Datetime the archive speaks, whatever the status."""
    adapter.tell(_address(), told(status, headers, body))
    page = play()

    assert (page.outcome, page.body) == (outcome, None)
    assert page.reason


@pytest.mark.parametrize(
    ("nearest", "outcome"),
    [
        pytest.param("20030401113500", Outcome.FETCHED, id="three-minutes"),
        pytest.param("20030402113213", Outcome.FETCHED, id="a-day-to-the-second"),
        pytest.param("20030402113214", Outcome.UNPLAYABLE, id="a-second-more"),
        pytest.param("20030301000000", Outcome.UNPLAYABLE, id="a-month-before"),
    ],
)
def test_the_nearest_capture_counts_within_a_window(
    play: Callable[..., RawPage], adapter: Any, told: Any, nearest: str, outcome: Outcome
) -> None:
    """A page of months later is no page of then; where it landed is kept."""
    adapter.tell(_address(), told(302, [("Location", f"/web/{nearest}id_/{URL}")]))
    adapter.tell(_address(at=nearest), told(200, [_dated(nearest)], PAGE))
    page = play()

    assert (page.outcome, page.landed_timestamp) == (outcome, nearest)


def test_a_server_that_plays_another_time_under_200_is_found_out(
    play: Callable[..., RawPage], adapter: Any, told: Any
) -> None:
    """pywb answers a time it has not with the nearest, without a redirect."""
    adapter.tell(_address(), told(200, [_dated("20040101000000")], PAGE))

    assert play().outcome is Outcome.UNPLAYABLE


def test_a_stamp_that_is_no_date_is_played_as_listed(play: Callable[..., RawPage], adapter: Any, told: Any) -> None:
    """Month 00 and hour 24 stay in the address; the archive knows the capture by them."""
    adapter.tell(_address(at="20000800241623"), told(200, [_dated("20000800241623")], PAGE))

    assert play("20000800241623").landed_timestamp == "20000800241623"


def test_a_redirect_of_the_site_is_followed_for_its_end(play: Callable[..., RawPage], adapter: Any, told: Any) -> None:
    """The capture is a redirect; every step is evidence, the last one the new address."""
    middle, end = "http://www.brook.example/legal", "https://brook.example/legal/privacy"
    adapter.tell(_address(), told(301, [_dated(), ("Location", f"{BASE}{AT}id_/{middle}")]))
    adapter.tell(_address(middle), told(302, [("Location", f"{BASE}20030401120000id_/{middle}")]))
    adapter.tell(_address(middle, "20030401120000"), told(301, [_dated("20030401120000"), ("Location", end)]))
    adapter.tell(_address(end, "20030401120000"), told(200, [_dated("20030401120000")], PAGE))
    page = play()

    assert (page.outcome, page.status, page.body) == (Outcome.REDIRECT, 301, None)
    assert page.redirects == (middle, end)
    assert (page.landed_timestamp, page.landed_url) == (AT, URL)


def test_a_redirect_to_the_same_address_is_not_followed(play: Callable[..., RawPage], adapter: Any, told: Any) -> None:
    """http to https is one address to the index: its captures are listed already."""
    adapter.tell(_address(), told(301, [_dated(), ("Location", f"{BASE}{AT}id_/https://brook.example/privacy.html")]))
    page = play()

    assert (page.outcome, len(adapter.asked)) == (Outcome.REDIRECT, 1)


def test_a_redirect_whose_end_is_not_archived_keeps_its_evidence(
    play: Callable[..., RawPage], adapter: Any, told: Any
) -> None:
    """Where the site sent its visitors is known though the target was never captured."""
    adapter.tell(_address(), told(301, [_dated(), ("Location", f"{BASE}{AT}id_/http://www.brook.example/new")]))
    adapter.tell(_address("http://www.brook.example/new"), told(404))
    page = play()

    assert (page.outcome, page.redirects) == (Outcome.REDIRECT, ("http://www.brook.example/new",))


def test_circles_end(play: Callable[..., RawPage], adapter: Any, told: Any) -> None:
    """Two captures that point at each other are a redirect without an end, and no address to follow."""
    other = "http://www.brook.example/login"
    adapter.tell(_address(), told(302, [_dated(), ("Location", f"{BASE}{AT}id_/{other}")]))
    adapter.tell(_address(other), told(302, [_dated(), ("Location", f"{BASE}{AT}id_/{URL}")]))
    page = play()

    assert (page.outcome, page.redirects) == (Outcome.REDIRECT, ())
    assert "a loop" in page.reason


def test_the_archive_going_in_circles_is_unplayable(play: Callable[..., RawPage], adapter: Any, told: Any) -> None:
    """A 302 to itself is no capture."""
    adapter.tell(_address(), told(302, [("Location", _address())]))

    assert play().outcome is Outcome.UNPLAYABLE


@pytest.mark.parametrize(
    ("headers", "body", "reason"),
    [
        pytest.param([("X-Archive-Orig-Content-Length", "500")], PAGE, "truncated: 36 of 500 bytes", id="short"),
        pytest.param([("X-Archive-Orig-Content-Length", "36")], PAGE, "", id="whole"),
        pytest.param([("X-Archive-Orig-Content-Length", "9"), ("X-Archive-Orig-Content-Encoding", "gzip")], PAGE, "",
                     id="lengths-of-packed-bodies-say-nothing"),
        pytest.param([("Content-Encoding", "gzip")], gzip.compress(PAGE)[:-9], "the body ends early", id="cut-gzip"),
    ],
)  # fmt: skip
def test_missing_bytes_are_noted(
    play: Callable[..., RawPage], adapter: Any, told: Any, headers: list[tuple[str, str]], body: bytes, reason: str
) -> None:
    """A truncated page is a page, and says so."""
    adapter.tell(_address(), told(200, [_dated(), *headers], body))
    page = play()

    assert (page.outcome, page.reason) == (Outcome.FETCHED, reason)


def test_a_body_beyond_the_cap_is_unplayable(play: Callable[..., RawPage], adapter: Any, told: Any) -> None:
    """No policy is that long."""
    adapter.tell(_address(), told(200, [_dated()], b"x" * 5_000))

    assert play(max_body_bytes=1_000).outcome is Outcome.UNPLAYABLE
