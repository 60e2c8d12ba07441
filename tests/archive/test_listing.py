"""Listings: rows of every dialect, pages that overlap, and never an empty list for "could not ask"."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.archive.cdx_rows import Page, is_web_address, read_page
from harvest.archive.listing import CdxQuery, list_captures, overlapping
from harvest.archive.session import ArchiveSession
from harvest.config import Settings
from harvest.errors import BadListing
from harvest.model import Listing

ENDPOINT = "https://archive.example/cdx/search/cdx"
URL = "http://a.example/privacy"
ROW = "example,a)/privacy {} http://a.example/privacy text/html 200 AAAABBBBCCCCDDDDEEEEFFFFGGGGHHHH 1234"


def _row(stamp: str, url: str = URL, status: str = "200", digest: str = "AAAA", mime: str = "text/html") -> str:
    return f"example,a)/privacy {stamp} {url} {mime} {status} {digest} 1234"


# --- rows ----------------------------------------------------------------------------------------------------

CDXJ = {"url": URL, "mime": "text/html", "status": "200", "digest": "sha1:AAAA", "length": "1234"}
DIALECTS = [
    pytest.param(_row("20030401113213"), id="seven-fields"),
    pytest.param(f"example,a)/privacy 20030401113213 {json.dumps(CDXJ)}", id="cdxj"),
    pytest.param(json.dumps({"urlkey": "example,a)/privacy", "timestamp": "20030401113213", **CDXJ}), id="json-lines"),
    pytest.param(
        f"example,a)/privacy 20030401113213 {URL} text/html 200 AAAA - - 1234 55 a.warc.gz", id="eleven-fields"
    ),
    pytest.param(
        json.dumps(
            [
                ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"],
                ["example,a)/privacy", "20030401113213", URL, "text/html", "200", "AAAA", "1234"],
            ]
        ),
        id="json-table",
    ),
]


@pytest.mark.parametrize("text", DIALECTS)
def test_dialects_say_the_same(text: str) -> None:
    """Whatever the server speaks, the capture is one."""
    (capture,) = read_page(text, archive="x").captures

    assert (capture.url, capture.timestamp, capture.mimetype) == (URL, "20030401113213", "text/html")
    assert (capture.statuscode, capture.digest, capture.length) == ("200", "AAAA", 1234)
    assert capture.urlkey == "example,a)/privacy"


def test_a_revisit_keeps_its_digest_and_has_no_status() -> None:
    """Filters on status 200 lose these rows: they are kept, to be settled by their digest."""
    (capture,) = read_page(_row("20030401113213", status="-", mime="warc/revisit"), archive="x").captures

    assert (capture.mimetype, capture.statuscode, capture.digest) == ("warc/revisit", "", "AAAA")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        pytest.param(_row("20030401113213", url="http://mailto:x@a.example/"), "address", id="mailto"),
        pytest.param(_row("20030401113213", url="http://someone@a.example/"), "address", id="mail-address"),
        pytest.param(_row("20030401113213", url="http://a.example/data:image/png;base64,AA"), "address", id="data"),
        pytest.param(_row("20030401113213", url="some/path"), "address", id="no-host"),
        pytest.param(_row("20030401x13213"), "timestamp", id="letters-in-the-stamp"),
        pytest.param(_row("00000000000000"), "year", id="no-year"),
        pytest.param("example,a)/privacy 20030401113213 http://a.example/privacy", "fields", id="cut-row"),
        pytest.param(_row("20030401113213") + " more", "fields", id="extra-field"),
        pytest.param('example,a)/privacy 20030401113213 {"url": ', "fields", id="cut-json"),
    ],
)
def test_rows_that_cannot_be_read_are_put_aside(line: str, why: str) -> None:
    """One bad row costs nothing but itself, and is kept as it came."""
    page = read_page("\n".join([_row("20020101000000"), line, _row("20040101000000")]), archive="x")

    assert [capture.timestamp for capture in page.captures] == ["20020101000000", "20040101000000"]
    (oddity,) = page.oddities
    assert oddity.line == line
    assert why in oddity.why


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("<html><body><h1>503 Service Unavailable</h1></body></html>", id="html"),
        pytest.param("  <!DOCTYPE html><p>Wayback Machine", id="doctype"),
        pytest.param("Internal error", id="words"),
        pytest.param("27", id="a-page-count"),
        pytest.param("[[", id="broken-json"),
        pytest.param('{"error": "no"}\nx', id="json-error"),
    ],
)
def test_what_is_no_listing_is_never_an_empty_one(text: str) -> None:
    """Could not ask is an error, whatever the status code said."""
    try:
        page = read_page(text, archive="x")
    except BadListing:
        return
    assert page.oddities


@given(
    st.text(max_size=300)
    | st.lists(st.sampled_from([_row("20030401113213"), "", "{", "[", "x y z", "<p>"])).map("\n".join)
)
def test_any_answer_is_a_page_or_a_bad_listing(text: str) -> None:
    """Nothing the server says makes the reader fail in another way, and every line is counted."""
    try:
        page = read_page(text, archive="x")
    except BadListing:
        return
    assert page.lines <= len(text.splitlines()) + text.count("]")


@given(st.text(max_size=80))
def test_any_text_is_an_address_or_not(text: str) -> None:
    """The check never raises."""
    assert is_web_address(text) in (True, False)


def test_a_page_may_hold_nothing_but_a_key() -> None:
    """The first page of a rare URL may be empty and go on all the same."""
    assert read_page("\n\nexample%2Ca%29%2Fprivacy+20030401113214\n", archive="x") == Page(
        (), (), "example%2Ca%29%2Fprivacy+20030401113214"
    )


# --- queries -------------------------------------------------------------------------------------------------


def test_a_query_asks_for_one_url_with_all_fields() -> None:
    """No collapse, no filter, no field list, no revisit resolution: each loses rows on the real server."""
    query = CdxQuery(URL, endpoint=ENDPOINT, settings=Settings(listing_page_rows=50), since=None, until=None)
    asked = parse_qs(urlsplit(query.address(resume_key="example%2Ca%29%2F+2003")).query)

    assert asked == {
        "url": [URL],
        "limit": ["50"],
        "showResumeKey": ["true"],
        "gzip": ["false"],
        "resumeKey": ["example%2Ca%29%2F+2003"],
    }


@pytest.mark.parametrize(
    ("key", "last", "moved"),
    [
        pytest.param("com%2Ccnn%29%2F+20010505040413", "20010505040412", "com%2Ccnn%29%2F+20010505040412", id="next"),
        pytest.param(
            "com%2Ccnn%29%2F+2001041400593%3A", "20010414005939", "com%2Ccnn%29%2F+20010414005939", id="colon"
        ),
        pytest.param("com,cnn)/ 20010505040413", "20010505040412", "com,cnn)/ 20010505040412", id="not-encoded"),
        pytest.param("eJxLzy_TyUssTtTUVzAyMDAx", "20010505040412", "eJxLzy_TyUssTtTUVzAyMDAx", id="opaque"),
        pytest.param(
            "com%2Ccnn%29%2F+20080505040413", "20010505040412", "com%2Ccnn%29%2F+20080505040413", id="elsewhere"
        ),
    ],
)
def test_resume_keys_go_back_a_second(key: str, last: str, moved: str) -> None:
    """Keys point past the last row; a twin in the same second would be lost at the edge of a page."""
    assert overlapping(key, last) == moved


# --- whole listings ------------------------------------------------------------------------------------------


class Server:
    """An index over rows, paged as the Wayback Machine pages; faults by name."""

    def __init__(self, rows: list[str], fault: str = "") -> None:
        self.rows = rows
        self.fault = fault
        self.requests = 0

    def answer(self, url: str) -> str:
        self.requests += 1
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        start = asked.get("from", "")
        key = asked.get("resumeKey", "").rpartition("+")[2]
        if self.fault == "opaque-keys" and key:
            key = base64.b64decode(key).decode()
        if key and self.fault != "key-ignored":
            start = min(key, self.rows[-1].split(" ")[1]) if self.fault == "always-more" else key
        rows = [row for row in self.rows if row.split(" ")[1] >= start]
        limit = int(asked["limit"])
        page, rest = rows[:limit], rows[limit:]
        text = "\n".join(page)
        if rest and self.fault != "no-keys":
            after = str(int(page[-1].split(" ")[1]) + 1)
            opaque = base64.b64encode(f"{after:0>24}".encode()).decode()
            text += f"\n\n{opaque}" if self.fault == "opaque-keys" else f"\n\nexample%2Ca%29%2Fprivacy+{after}"
        if self.fault == "always-more" and not rest:
            text += "\n\nexample%2Ca%29%2Fprivacy+20030401110901"
        return f"{text}\n"


@pytest.fixture
def ask(make_session: Callable[..., ArchiveSession], adapter: Any, told: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that lists URL from a `Server`, a few rows a page."""

    def ask(server: Server, *, rows_a_page: int = 3) -> Listing:
        def send(request: Any, **options: Any) -> Any:
            adapter.answers = {request.url: [told(body=server.answer(request.url).encode())]}
            return type(adapter).send(adapter, request, **options)

        session = make_session()
        monkeypatch.setattr(adapter, "send", send)
        settings = Settings(listing_page_rows=rows_a_page)
        return list_captures(session, URL, archive="x", endpoint=ENDPOINT, settings=settings)

    return ask


STAMPS = [f"2003040111{minute:02}00" for minute in range(10)]


@pytest.mark.parametrize("fault", ["", "key-ignored", "no-keys", "opaque-keys"])
def test_every_row_comes_through_the_pages(ask: Any, fault: str) -> None:
    """Rows are complete and in order, whether keys work, are ignored, or never come."""
    listing = ask(Server([_row(stamp) for stamp in STAMPS], fault))

    assert [capture.timestamp for capture in listing.captures] == STAMPS
    assert (listing.outcome, listing.oddities) == ("ok", ())


@pytest.mark.parametrize("fault", ["", "opaque-keys", "no-keys"])
def test_twins_at_a_page_edge_are_kept(ask: Any, fault: str) -> None:
    """Two captures of one second fall on two pages; asking on after that second would lose one."""
    rows = [_row(STAMPS[0]), _row(STAMPS[1], digest="A"), _row(STAMPS[2], digest="B"), _row(STAMPS[2], digest="C")]
    listing = ask(Server([*rows, _row(STAMPS[3])], fault))

    assert [capture.digest for capture in listing.captures] == ["AAAA", "A", "B", "C", "AAAA"]
    assert listing.repeated == 0


def test_repeated_rows_are_counted_once(ask: Any) -> None:
    """Identical rows happen; rows received are captures, repeats and oddities together."""
    listing = ask(Server([_row(STAMPS[0]), _row(STAMPS[0]), _row(STAMPS[1])]), rows_a_page=50)

    assert (len(listing.captures), listing.repeated, listing.rows) == (2, 1, 3)


def test_an_index_that_never_ends_is_not_believed(ask: Any) -> None:
    """A key that leads nowhere for ever gives a failed listing with the rows so far, not a hang."""
    server = Server([_row(stamp) for stamp in STAMPS], "always-more")
    listing = ask(server)

    assert listing.outcome == "failed"
    assert "do not advance" in listing.message
    assert len(listing.captures) == 10
    assert server.requests < 12


@pytest.mark.parametrize(
    ("status", "headers", "body", "outcome"),
    [
        pytest.param(200, [], b"", "empty", id="nothing-there"),
        pytest.param(504, [], b"", "failed", id="empty-504"),
        pytest.param(200, [], b"<html>Sorry", "failed", id="html-under-200"),
        pytest.param(404, [], b"", "failed", id="404"),
        pytest.param(200, [("Content-Type", "text/html")], b" ", "failed", id="an-empty-web-page"),
        pytest.param(200, [], b'{"error": "try later"}\n', "failed", id="json-error"),
        pytest.param(200, [], b'[["message"], ["try later"]]', "failed", id="json-table-of-something-else"),
        pytest.param(200, [], b'[["urlkey", "timestamp", "original"]]\n', "empty", id="json-table-without-rows"),
        pytest.param(302, [("Location", "https://elsewhere.example/")], b"", "failed", id="redirected"),
        pytest.param(204, [], b"", "failed", id="no-content"),
        pytest.param(200, [("Content-Encoding", "gzip")], gzip.compress(b"x" * 999)[:20], "failed", id="cut-gzip"),
        pytest.param(403, [], b"AdministrativeAccessControlException: Blocked Site Error", "excluded", id="excluded"),
        pytest.param(
            403,
            [("X-Archive-Wayback-Runtime-Error", "RobotAccessControlException: Blocked By Robots")],
            b"",
            "excluded",
            id="excluded-in-a-header",
        ),
        pytest.param(200, [], b"org.x.AdministrativeAccessControlException: y", "excluded", id="excluded-under-200"),
    ],
)
def test_the_outcome_says_whether_the_archive_answered(
    make_session: Callable[..., ArchiveSession],
    adapter: Any,
    told: Any,
    status: int,
    headers: list[tuple[str, str]],
    body: bytes,
    outcome: str,
) -> None:
    """Only an empty answer to a good question is an empty listing."""
    settings = Settings()
    query = CdxQuery(URL, endpoint=ENDPOINT, settings=settings, since=None, until=None)
    adapter.tell(query.address(), told(status, headers, body))

    assert list_captures(make_session(), URL, archive="x", endpoint=ENDPOINT, settings=settings).outcome == outcome


@pytest.mark.parametrize(
    ("first", "then"),
    [
        pytest.param("", f"{_row(STAMPS[0])}\n{_row(STAMPS[1])}\n", id="empty-first"),
        pytest.param(
            f"{_row(STAMPS[0])}\nexample,a)/pri", f"{_row(STAMPS[0])}\n{_row(STAMPS[1])}\n", id="cut-in-a-line"
        ),
        pytest.param(
            f"{_row(STAMPS[0])}\n{_row(STAMPS[1])[:-2]}", f"{_row(STAMPS[0])}\n{_row(STAMPS[1])}\n", id="cut-length"
        ),
        pytest.param("<html>Maintenance</html>", f"{_row(STAMPS[0])}\n{_row(STAMPS[1])}\n", id="html-first"),
        pytest.param(
            f"{_row(STAMPS[0])}\n{_row(STAMPS[1])}", f"{_row(STAMPS[0])}\n{_row(STAMPS[1])}", id="never-a-last-line-end"
        ),
    ],
)
def test_an_answer_that_may_be_a_part_is_asked_for_again(
    make_session: Callable[..., ArchiveSession], adapter: Any, told: Any, first: str, then: str
) -> None:
    """Nothing, or half a line, is believed only when it comes twice."""
    query = CdxQuery(URL, endpoint=ENDPOINT, settings=Settings(), since=None, until=None)
    adapter.tell(query.address(), told(body=first.encode()), told(body=then.encode()))
    listing = list_captures(make_session(), URL, archive="x", endpoint=ENDPOINT, settings=Settings())

    assert [(row.timestamp, row.length) for row in listing.captures] == [(STAMPS[0], 1234), (STAMPS[1], 1234)]
    assert (listing.outcome, listing.oddities) == ("ok", ())
