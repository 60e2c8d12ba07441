"""The one door to the network: limits, waits, retries, and bodies as they were sent."""

from __future__ import annotations

import gzip
import http.server
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from harvest.archive.session import ArchiveSession, decide, retry_after_s, undo_encoding
from harvest.config import Rate, Settings
from harvest.errors import ArchiveError, RateLimited, Unreachable

URL = "https://archive.example/web/2003id_/http://a.example/"
NOW = datetime(2026, 6, 1, tzinfo=UTC)
MEMENTO = {"memento-datetime": "Tue, 01 Apr 2003 11:32:13 GMT"}


# --- decisions -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "headers", "attempt", "action", "pause_s"),
    [
        pytest.param(200, {}, 1, "accept", 0, id="answer"),
        pytest.param(404, {}, 1, "accept", 0, id="not-there"),
        pytest.param(429, MEMENTO, 1, "accept", 0, id="archived-429-is-an-answer"),
        pytest.param(503, MEMENTO, 1, "accept", 0, id="archived-503-is-an-answer"),
        pytest.param(429, {}, 1, "slow-down", None, id="429-without-a-time"),
        pytest.param(429, {}, 3, "slow-down", None, id="429-is-never-handed-over"),
        pytest.param(429, {"retry-after": "7"}, 1, "slow-down", 7, id="429-says-how-long"),
        pytest.param(503, {}, 1, "retry", 4, id="503"),
        pytest.param(503, {"retry-after": "30"}, 1, "pause", 30, id="503-says-how-long"),
        pytest.param(504, {}, 2, "retry", 16, id="504-backs-off"),
        pytest.param(500, {}, 3, "accept", 0, id="500-to-the-end"),
    ],
)
def test_answers_call_for(
    status: int, headers: dict[str, str], attempt: int, action: str, pause_s: float | None
) -> None:
    """Archived errors are answers; live ones are waited out, within bounds."""
    decision = decide(status, headers, attempt=attempt, attempts=3, now=NOW)

    assert (decision.action, decision.pause_s) == (action, pause_s)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("120", 120.0), ("Mon, 01 Jun 2026 00:01:00 GMT", 60.0), ("Mon, 01 Jun 2020 00:00:00 GMT", 0.0)]
    + [(junk, None) for junk in ("", "soon", "-5", "Mon", "²")],
)
def test_retry_after_is_seconds_or_a_date(value: str, seconds: float | None) -> None:
    """Whatever else stands there counts as not said."""
    assert retry_after_s(value, now=NOW) == seconds


# --- carrying decisions out ----------------------------------------------------------------------------------


def test_requests_say_who_asks(make_session: Callable[..., ArchiveSession], adapter: Any, told: Any) -> None:
    """Name, version, project and contact: anonymous clients get blocked first."""
    adapter.tell(URL, told())
    make_session(Settings(contact="me@uni.example")).get(URL, endpoint="memento")

    assert adapter.headers[0]["User-Agent"].startswith("policy-harvest/")
    assert adapter.headers[0]["User-Agent"].endswith("; me@uni.example)")


def test_a_429_is_waited_out(make_session: Callable[..., ArchiveSession], adapter: Any, told: Any, clock: Any) -> None:
    """One 429 costs a minute, not the run."""
    adapter.tell(URL, told(429), told(200, body=b"rows"))

    waits: list[tuple[float, str]] = []
    session = make_session(on_wait=lambda seconds, why: waits.append((seconds, why)))

    assert session.get(URL, endpoint="listing").body == b"rows"
    assert [round(seconds) for seconds, _ in waits] == [60]
    assert waits[0][1] == "the archive answered 429: too many requests"
    assert sum(clock.slept) >= 60
    assert session.requests == 2


def test_a_lasting_429_stops_the_run(make_session: Callable[..., ArchiveSession], adapter: Any, told: Any) -> None:
    """The message says when to come back."""
    adapter.tell(URL, told(429, [("Retry-After", "3600")]))

    with pytest.raises(RateLimited, match="until 2026-01-01 01:00 UTC") as caught:
        make_session().get(URL, endpoint="listing")
    assert caught.value.until == datetime(2026, 1, 1, 1, tzinfo=UTC)
    assert len(adapter.asked) == 1


def test_an_error_to_the_end_is_the_answer(
    make_session: Callable[..., ArchiveSession], adapter: Any, told: Any
) -> None:
    """A 503 is tried three times and then handed over for what it is."""
    adapter.tell(URL, told(503))

    assert make_session().get(URL, endpoint="memento").status == 503
    assert len(adapter.asked) == 3


def test_a_reset_is_tried_again(make_session: Callable[..., ArchiveSession], adapter: Any, told: Any) -> None:
    """Connections break; the next attempt counts."""
    adapter.tell(URL, told(error=requests.ConnectionError("reset by peer")), told(body=b"page"))

    assert make_session().get(URL, endpoint="memento").body == b"page"


def test_silence_three_times_over_is_an_archive_that_is_gone(
    make_session: Callable[..., ArchiveSession], adapter: Any, told: Any
) -> None:
    """One page that never comes is that page's trouble; three in a row are the archive's."""
    adapter.tell(URL, told(error=requests.ReadTimeout("timed out")))
    session = make_session()
    for _ in range(2):
        with pytest.raises(ArchiveError, match="no complete answer") as caught:
            session.get(URL, endpoint="memento")
        assert not isinstance(caught.value, Unreachable)

    with pytest.raises(Unreachable, match="3 requests in a row"):
        session.get(URL, endpoint="memento")


# --- bodies --------------------------------------------------------------------------------------------------

PAGE = b"<html>" + b"All we know about you. " * 400 + b"</html>"


@pytest.mark.parametrize(
    ("stored", "encoding"),
    [
        pytest.param(PAGE, "", id="plain"),
        pytest.param(gzip.compress(PAGE), "gzip", id="gzip"),
        pytest.param(gzip.compress(PAGE), "", id="gzip-not-said"),
        pytest.param(PAGE, "gzip", id="gzip-said-but-plain"),
        pytest.param(gzip.compress(PAGE[:500]) + gzip.compress(PAGE[500:]), "gzip", id="two-members"),
        pytest.param(zlib.compress(PAGE), "deflate", id="deflate"),
        pytest.param(zlib.compress(PAGE)[2:-4], "deflate", id="raw-deflate"),
        pytest.param(PAGE, "br", id="unknown-encoding-left-alone"),
    ],
)
def test_encodings_are_undone_by_evidence(stored: bytes, encoding: str) -> None:
    """The first bytes decide, not the header alone."""
    assert undo_encoding(stored, encoding, limit=100_000) == (PAGE, "")


def test_a_cut_body_keeps_what_came() -> None:
    """A truncated gzip stream gives its beginning, and says that it ends early."""
    stored = gzip.compress(bytes(range(256)) * 400)
    body, flaw = undo_encoding(stored[: len(stored) // 2], "gzip", limit=1_000_000)

    assert flaw == "ends early"
    assert (bytes(range(256)) * 400).startswith(body[:256])


def test_a_bomb_does_not_fill_memory() -> None:
    """A body is unpacked up to the cap and no further."""
    body, flaw = undo_encoding(gzip.compress(bytes(50_000_000)), "gzip", limit=1_000)

    assert flaw == "too long"
    assert len(body) < 100_000


@given(st.binary(max_size=300), st.sampled_from(["", "gzip", "deflate", "br", "x"]))
def test_no_bytes_break_the_unpacking(body: bytes, encoding: str) -> None:
    """Hostile bodies come back as something."""
    assert isinstance(undo_encoding(b"\x1f\x8b\x08" + body, encoding, limit=1_000)[0], bytes)


# --- a real socket, for what adapters cannot show ------------------------------------------------------------


class Answering(http.server.ThreadingHTTPServer):
    """A server whose answers may wait, through their handler, until it is over."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.over = threading.Event()


@contextmanager
def _server(*answers: Callable[[Any], None]) -> Iterator[str]:
    """Serve prepared behaviours in order on a loopback port."""
    queue = list(answers)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            (queue.pop(0) if len(queue) > 1 else queue[0])(self)

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    server = Answering(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()


def _say(
    status: int = 200, body: bytes = b"page", *, length: int | None = None, **headers: str
) -> Callable[[Any], None]:
    def answer(handler: Any) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body) if length is None else length))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def _never(handler: Any) -> None:
    """Answer nothing as long as anybody may wait for it."""
    handler.server.over.wait(60)


@pytest.fixture
def quick(clock: Any) -> ArchiveSession:
    """Return a session over real sockets whose waits take no time."""
    return ArchiveSession(Settings(listing_rate=Rate(None), memento_rate=Rate(None), clock=clock))


@pytest.fixture
def impatient(clock: Any) -> ArchiveSession:
    """Return the same with a timeout that a test can wait for, and a loaded machine can keep when it answers."""
    return ArchiveSession(Settings(timeout_s=1.0, listing_rate=Rate(None), memento_rate=Rate(None), clock=clock))


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param([_say(429, b"slow down"), _say()], id="429-then-200"),
        pytest.param([_say(503, b"<h1>503"), _say()], id="503-then-200"),
        pytest.param([_say(body=b"pa", length=4), _say()], id="cut-then-200"),
        pytest.param([_say(body=b"page", Content_Encoding="gzip")], id="gzip-said-but-plain"),
        pytest.param(
            [_say(body=gzip.compress(b"page"), content_encoding="", Content_Encoding="gzip")], id="two-headers"
        ),
    ],
)
def test_trouble_on_the_wire_is_survived(quick: ArchiveSession, answers: list[Callable[[Any], None]]) -> None:
    """In the end the page is there, whole."""
    with _server(*answers) as url:
        assert quick.get(url, endpoint="memento").body == b"page"


@pytest.mark.parametrize(("endpoint", "asked"), [("listing", 2), ("memento", 1)])
def test_a_page_that_takes_too_long_is_not_asked_for_at_once(
    impatient: ArchiveSession, endpoint: str, asked: int
) -> None:
    """The archive goes on loading it, and has it minutes later; an index is asked again."""
    with _server(_never, _say()) as url, suppress(ArchiveError):
        impatient.get(url, endpoint=endpoint)

    assert impatient.requests == asked


def test_a_body_that_is_always_cut_is_no_answer(quick: ArchiveSession) -> None:
    """A page of which a part is missing every time is not stored as if it were whole."""
    with _server(_say(body=b"pa", length=4)) as url, pytest.raises(ArchiveError, match="no complete answer"):
        quick.get(url, endpoint="memento")


def test_a_packed_redirect_is_read_as_any_answer(quick: ArchiveSession) -> None:
    """What stands under ``Content-Encoding: gzip`` over a redirect need not be gzip either."""
    for body in (b"\x00", gzip.compress(b"moved")):
        with _server(_say(302, body, Location="/elsewhere", Content_Encoding="gzip")) as url:
            answer = quick.get(url, endpoint="memento")
        assert (answer.status, answer.body) == (302, b"moved" if len(body) > 1 else body)


def test_redirects_are_left_to_the_caller(quick: ArchiveSession) -> None:
    """A 302 of an archive may mean three things; the session follows none."""
    with _server(_say(302, b"", Location="/elsewhere")) as url:
        assert quick.get(url, endpoint="memento").headers["location"] == "/elsewhere"


def test_bodies_stop_at_the_cap(clock: Any) -> None:
    """A film served as a policy does not fill memory."""
    session = ArchiveSession(Settings(max_body_bytes=1_000, clock=clock))
    with _server(_say(body=b"x" * 500_000)) as url:
        answer = session.get(url, endpoint="memento")

    assert answer.flaw == "too long"
    assert len(answer.body) == 1_000


def test_a_refused_connection_stops_at_once(quick: ArchiveSession) -> None:
    """Nothing is retried: after ignored 429s the archive refuses connections for an hour, and longer each time."""
    with _server(_say()) as url:
        pass

    with pytest.raises(Unreachable, match="is the server running"):
        quick.get(url, endpoint="memento")
    assert quick.requests == 1
