"""There is no answer for which "could not ask" becomes "nothing there"."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harvest.archive.listing import CdxQuery, list_captures
from harvest.archive.session import ArchiveSession
from harvest.config import Settings
from harvest.errors import StopAsking

ENDPOINT = "https://archive.example/cdx/search/cdx"
URL = "http://a.example/privacy"
STAMPS = [f"2003040111{minute:02}00" for minute in range(10)]
CDXJ = {"url": URL, "mime": "text/html", "status": "200", "digest": "sha1:AAAA", "length": "1234"}


def _row(stamp: str, url: str = URL, status: str = "200", digest: str = "AAAA", mime: str = "text/html") -> str:
    return f"example,a)/privacy {stamp} {url} {mime} {status} {digest} 1234"


# What was seen under a listing's address, whole, cut and mixed; and anything else.
PIECES = [
    *(_row(stamp) for stamp in STAMPS[:3]),
    _row(STAMPS[3], status="-", mime="warc/revisit"),
    _row(STAMPS[4], url="mailto:x@a.example"),
    json.dumps({"urlkey": "example,a)/privacy", "timestamp": STAMPS[5], **CDXJ}),
    '{"error": "no"}',
    '[["message"]]',
    "[]",
    "<html><body>503",
    "Too Many Requests",
    "org.archive.RuntimeIOException: AdministrativeAccessControlException",
    "example%2Ca%29%2Fprivacy+20030401110901",
    "",
]
BODIES = st.binary(max_size=200) | st.lists(st.sampled_from(PIECES), max_size=6).flatmap(
    lambda lines: st.integers(0, 40).map(lambda cut: "\n".join(lines).encode()[: -cut or None])
)
HEADERS = st.dictionaries(
    st.sampled_from(["Content-Type", "Content-Encoding", "Retry-After", "Location", "X-Archive-Wayback-Runtime-Error"]),
    st.sampled_from(["text/plain", "text/html", "gzip", "5", "-1", "http://a.example/", "Blocked By Robots", "\x00"]),
)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    status=st.sampled_from([200, 200, 200, 204, 206, 301, 302, 400, 403, 404, 429, 500, 502, 503, 504, 599]),
    headers=HEADERS,
    body=BODIES,
)
def test_could_not_ask_never_becomes_nothing_there(
    make_session: Callable[..., ArchiveSession],
    adapter: Any,
    told: Any,
    status: int,
    headers: dict[str, str],
    body: bytes,
) -> None:
    """For no answer at all is a listing empty but for an empty one, given twice with status 200 and as data."""
    query = CdxQuery(URL, endpoint=ENDPOINT, settings=Settings(), since=None, until=None)
    adapter.answers = {}
    adapter.tell(query.address(), told(status, list(headers.items()), body))
    adapter.send = partial(_same_for_all, adapter, type(adapter).send, query.address())
    try:
        listing = list_captures(make_session(), URL, archive="x", endpoint=ENDPOINT, settings=Settings())
    except StopAsking:
        return

    text = body.decode("utf-8", "replace").strip()
    said_nothing = text in ("", "[]") and status == 200 and "html" not in headers.get("Content-Type", "")
    assert (listing.outcome == "empty") <= said_nothing
    if listing.outcome == "ok":
        lines = [line for line in text.splitlines() if line.strip()]
        assert listing.captures or listing.oddities
        assert len(lines) - 1 <= listing.rows or text.startswith("[")
    else:
        assert listing.message or listing.outcome == "empty"


def _same_for_all(adapter: Any, send: Any, address: str, request: Any, **options: Any) -> Any:
    """Answer whatever page is asked for as the first one."""
    adapter.answers[request.url] = adapter.answers[address]
    return send(adapter, request, **options)
