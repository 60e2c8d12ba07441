"""The one door to the network: rate limits, timeouts, retries, and bodies as they were sent.

Decisions (`decide`) are pure; the session only carries them out. Redirects are never followed here: to a memento
they mean too many different things (`harvest.archive.memento`).
"""

from __future__ import annotations

import email.utils
import ipaddress
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import requests
import requests.adapters
from urllib3.exceptions import HTTPError, NewConnectionError

from harvest.archive.governor import Window
from harvest.config import Rate, Settings
from harvest.errors import ArchiveError, RateLimited, Unreachable

# EDGI's `wayback` retries these after years of use; 408 and 425 by their definition.
_TRANSIENT = frozenset({408, 413, 421, 425, 500, 502, 503, 504, 599})
# Staff of the archive (2023): ignoring 429 for more than a minute blocks the address for an hour.
_RATE_LIMIT_PAUSE_S = 60.0
_BACK_OFF_S = 4.0
# A pause longer than this is not waited for inside a run: the run stops and says until when.
_LONGEST_PAUSE_S = 900.0
_CONNECT_TIMEOUT_S = 15.0
# A body may take this many timeouts in all; a server that drips a byte a second is no better than a silent one.
_BODY_TIMEOUTS = 5
# So many requests in a row without any answer: the archive is not there.
_DEAD_AFTER = 3
_CHUNK = 1 << 16
_NOTICED_S = 5.0
_GZIP = b"\x1f\x8b"

OnWait = Callable[[float, str], None]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: header names in lower case (repeated ones joined by a comma), the body freed of its encoding.

    *flaw* says what is wrong with the body ('' for nothing): ``too long``, ``ends early``.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    flaw: str = ""

    @property
    def is_archived(self) -> bool:
        """True for an answer of the archived site; False for one of the archive itself."""
        return "memento-datetime" in self.headers

    @property
    def text(self) -> str:
        """The body as UTF-8, whatever is no UTF-8 replaced: for answers of the archive itself."""
        return self.body.decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do after an answer or a failure: *action* is ``accept``, ``retry`` or ``stop``."""

    action: str
    pause_s: float = 0.0
    reason: str = ""


def decide(status: int, headers: Mapping[str, str], *, attempt: int, attempts: int, now: datetime) -> Decision:
    """Say what an answer of the archive calls for. *attempt* counts from 1.

    Archived answers are accepted whatever their status: a 429 with ``Memento-Datetime`` is what the site said then.
    """
    if "memento-datetime" in headers or (status != 429 and status not in _TRANSIENT):
        return Decision("accept")
    asked_s = retry_after_s(headers.get("retry-after", ""), now=now)
    if status == 429:
        pause_s = asked_s if asked_s is not None else _RATE_LIMIT_PAUSE_S * 2 ** (attempt - 1)
        action = "retry" if attempt < attempts and pause_s <= _LONGEST_PAUSE_S else "stop"
        return Decision(action, pause_s, "the archive answered 429: too many requests")
    if attempt >= attempts:
        return Decision("accept", reason=f"status {status} after {attempt} attempts")
    pause_s = max(asked_s or 0.0, _BACK_OFF_S**attempt)
    return Decision("retry", min(pause_s, _LONGEST_PAUSE_S), f"status {status}")


def retry_after_s(value: str, *, now: datetime) -> float | None:
    """Read a ``Retry-After`` header, in seconds or as a date; None where it says nothing usable."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except (ValueError, TypeError):
        return None
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    return max(0.0, (moment - now).total_seconds())


class ArchiveSession:
    """Ask one archive, politely: one connection, one request at a time, limits from the first request.

    *rates* maps endpoints (``listing``, ``memento``) to their limits. *clock* counts seconds, *sleep* waits:
    tests give their own. *on_wait* is told of every wait that a person would notice: seconds, and why.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        rates: Mapping[str, Rate] | None = None,
        http: requests.Session | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        on_wait: OnWait | None = None,
    ) -> None:
        rates = rates or {"listing": settings.listing_rate, "memento": settings.memento_rate}
        self._settings = settings
        self._windows = {name: Window(rate, clock=clock, sleep=self._pause_for_limit) for name, rate in rates.items()}
        self._clock = clock
        self._sleep = sleep
        self._on_wait = on_wait
        self._http = http or requests.Session()
        self._http.headers.update({"User-Agent": settings.user_agent, "Accept-Encoding": "gzip, deflate"})
        self._unanswered = 0
        self.requests = 0

    def get(self, url: str, *, endpoint: str) -> Answer:
        """Return the archive's answer to one address, after retries where they may help.

        Raises `Unreachable` (nobody there: stop everything), `RateLimited` (still 429 after waiting) and plain
        `ArchiveError` (no complete answer to this one address).
        """
        attempt = 0
        while True:
            attempt += 1
            try:
                answer = self._ask(url, endpoint)
            except (requests.RequestException, HTTPError, OSError) as error:
                self._after_failure(url, error, attempt)
                continue
            self._unanswered = 0
            now = datetime.now(UTC)
            step = decide(answer.status, answer.headers, attempt=attempt, attempts=self._settings.attempts, now=now)
            if step.action == "accept":
                return answer
            if step.action == "stop":
                raise RateLimited(
                    f"{step.reason}. Nothing more was asked; what was fetched is kept."
                    f" Run the same command again in {max(1, round(step.pause_s / 60))} minutes",
                    step.pause_s,
                )
            self._pause(step.pause_s, step.reason)

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def _pause(self, seconds: float, why: str) -> None:
        if self._on_wait is not None and seconds >= _NOTICED_S:
            self._on_wait(seconds, why)
        self._sleep(seconds)

    def _pause_for_limit(self, seconds: float) -> None:
        self._pause(seconds, "the limit of requests a minute")

    def _ask(self, url: str, endpoint: str) -> Answer:
        self._windows[endpoint].wait()
        self.requests += 1
        began = self._clock()
        response = self._http.get(
            url,
            stream=True,
            allow_redirects=False,
            timeout=(min(_CONNECT_TIMEOUT_S, self._settings.timeout_s), self._settings.timeout_s),
        )
        with response:
            headers = {name.lower(): value for name, value in response.headers.items()}
            limit = self._settings.max_body_bytes
            deadline = began + _BODY_TIMEOUTS * self._settings.timeout_s
            stored, flaw = self._read(response.raw, limit, deadline)
        body, broken = undo_encoding(stored, headers.get("content-encoding", ""), limit=limit)
        return Answer(url, response.status_code, headers, body[:limit], flaw or broken)

    def _read(self, raw: Any, limit: int, deadline: float) -> tuple[bytes, str]:
        pieces: list[bytes] = []
        size = 0
        for piece in _pieces(raw):
            pieces.append(piece)
            size += len(piece)
            if size > limit:
                return b"".join(pieces), "too long"
            if self._clock() > deadline:
                raise requests.ReadTimeout(f"the body was still not complete after {size} bytes")
        return b"".join(pieces), ""

    def _after_failure(self, url: str, error: Exception, attempt: int) -> None:
        """Wait before the next attempt, or raise what the failure means."""
        if _is_refusal(error):
            advice = (
                "is the server running?"
                if is_loopback(url)
                else "if it worked a while ago, the archive may have blocked this address; wait an hour"
            )
            raise Unreachable(f"no connection to {_site(url)} ({_root(error)}): {advice}") from error
        if attempt < self._settings.attempts:
            self._pause(_BACK_OFF_S**attempt, _root(error))
            return
        self._unanswered += 1
        if self._unanswered >= _DEAD_AFTER:
            raise Unreachable(
                f"{_site(url)} gave no answer to {_DEAD_AFTER} requests in a row: {_root(error)}"
            ) from error
        raise ArchiveError(f"no complete answer from {_site(url)}: {_root(error)}") from error


def undo_encoding(body: bytes, encoding: str, *, limit: int) -> tuple[bytes, str]:
    """Undo gzip or deflate where the bytes are encoded, whatever the header says; return them and any flaw.

    Recorded answers hold plain bodies under ``Content-Encoding: gzip``, and bodies that are cut. Encodings we do
    not know stay as they are: the text room recognises them by their first bytes.
    """
    if body[:2] == _GZIP and ("gzip" in encoding.lower() or not encoding):
        return _inflate(body, 31, limit) or (body, "")
    if encoding.lower() == "deflate" and body:
        return _inflate(body, 15, limit) or _inflate(body, -15, limit) or (body, "")
    return body, ""


def _inflate(body: bytes, wbits: int, limit: int) -> tuple[bytes, str] | None:
    """Unpack up to the limit; None for bytes that are not packed this way at all."""
    plain, rest = b"", body
    while rest:
        engine = zlib.decompressobj(wbits)
        try:
            plain += engine.decompress(rest, limit + 1 - len(plain))
        except zlib.error:
            return (plain, "ends early") if plain else None
        if len(plain) > limit:
            return plain, "too long"
        if not engine.eof:
            return plain, "ends early"
        rest = engine.unused_data if engine.unused_data[:2] == _GZIP else b""  # several members in a row
    return plain, ""


def _pieces(raw: Any) -> Iterator[bytes]:
    # read1 returns what has arrived; read would wait for a full chunk, and a dripping server could hold it for hours
    read = getattr(raw, "read1", raw.read)
    while piece := read(_CHUNK, decode_content=False):
        yield piece


def _is_refusal(error: BaseException) -> bool:
    """True where the connection could not be made at all: refused, no route, no such host."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, (NewConnectionError, ConnectionRefusedError)):
            return True
        reason = getattr(cause, "reason", None) or next((arg for arg in cause.args if isinstance(arg, Exception)), None)
        cause = reason if isinstance(reason, BaseException) else cause.__cause__ or cause.__context__
    return False


def _root(error: BaseException) -> str:
    text = str(error).rpartition("Caused by ")[2]
    return (text.rpartition(": ")[2] or text).strip("()'\" ")[:200] or type(error).__name__


def is_loopback(address: str) -> bool:
    """True for a server on this computer.

    >>> is_loopback("http://localhost:8080/x"), is_loopback("http://[::1]:1"), is_loopback("https://web.archive.org")
    (True, True, False)
    """
    host = urlsplit(address).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _site(url: str) -> str:
    return "/".join(url.split("/")[:3])
