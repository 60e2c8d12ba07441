"""The one door to the network: limits, timeouts, retries, and bodies as they were sent.

Decisions (`decide`) are pure; the session only carries them out. Redirects are never followed here: to a memento
they mean too many different things (`harvest.archive.memento`).
"""

from __future__ import annotations

import email.utils
import errno
import ipaddress
import math
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http.cookiejar import DefaultCookiePolicy
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

import requests
import requests.adapters
from urllib3.exceptions import HTTPError, NewConnectionError

from harvest.archive.governor import Governor, OnWait, stop_for
from harvest.archive.governor_state import StateFile
from harvest.clock import moment
from harvest.config import Rate, Settings
from harvest.errors import ArchiveError, Unreachable

__all__ = ["Answer", "ArchiveSession", "Decision", "OnWait", "decide", "is_loopback", "retry_after_s", "undo_encoding"]

# EDGI's `wayback` retries these after years of use; 408 and 425 by their definition.
_TRANSIENT = frozenset({408, 413, 421, 425, 500, 502, 503, 504, 599})
_BACK_OFF_S = 4.0
_CONNECT_TIMEOUT_S = 15.0
# A body may take this many timeouts in all; a server that drips a byte a second is no better than a silent one.
_BODY_TIMEOUTS = 5
# So many requests in a row without any answer: the archive is not there.
_DEAD_AFTER = 3
# 429 to one address, while others are answered in between: not a matter of speed.
_REFUSALS = 8
# Before the first answer, and where there is no limit to be used up.
_CONCURRENCY_UNKNOWN = 4
_LATENCY_WEIGHT = 0.1
_CHUNK = 1 << 16
_GZIP = b"\x1f\x8b"


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
    """What to do after an answer. *action*: ``accept``; ``retry`` after *pause_s*; ``pause`` all requests so long;
    ``slow-down``, where *pause_s* is what ``Retry-After`` said, None for nothing.
    """

    action: str
    pause_s: float | None = 0.0
    reason: str = ""


def decide(status: int, headers: Mapping[str, str], *, attempt: int, attempts: int, now: datetime) -> Decision:
    """Say what an answer of the archive calls for. *attempt* counts from 1.

    Archived answers are accepted whatever their status: a 429 with ``Memento-Datetime`` is what the site said then.
    """
    if "memento-datetime" in headers or (status != 429 and status not in _TRANSIENT):
        return Decision("accept")
    # a date is a date of the archive's clock, which may be hours from ours
    asked_s = retry_after_s(headers.get("retry-after", ""), now=_date(headers.get("date", "")) or now)
    if status == 429:
        return Decision("slow-down", asked_s, "429: too many requests")
    if attempt >= attempts:
        return Decision("accept", reason=f"status {status} after {attempt} attempts")
    if asked_s:
        return Decision("pause", max(asked_s, _BACK_OFF_S**attempt), f"status {status}")
    return Decision("retry", _BACK_OFF_S**attempt, f"status {status}")


def retry_after_s(value: str, *, now: datetime) -> float | None:
    """Read a ``Retry-After`` header, in seconds or as a date; None where it says nothing usable."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value)
    until = _date(value)
    return max(0.0, (until - now).total_seconds()) if until else None


def _date(value: str) -> datetime | None:
    try:
        found = email.utils.parsedate_to_datetime(value)
    except (ValueError, TypeError):
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found


class ArchiveSession:
    """Ask one archive, politely: limits from the first request on, connections used again. Safe for threads.

    *governor*: the limits that processes share; without one *rates* (default: those of *settings*) hold for this
    session alone. *on_wait* is told of every wait that a person would notice: seconds, and why.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        governor: Governor | None = None,
        rates: Mapping[str, Rate] | None = None,
        http: requests.Session | None = None,
        on_wait: OnWait | None = None,
    ) -> None:
        rates = rates or {"listing": settings.listing_rate, "memento": settings.memento_rate}
        self._settings = settings
        self._clock = settings.clock
        self._on_wait = on_wait
        self._governor = governor or Governor(
            StateFile(None), "the archive", rates, clock=self._clock, on_wait=on_wait, persistent=False
        )
        self._http = http or _connections(settings.concurrency)
        self._http.headers.update({"User-Agent": settings.user_agent, "Accept-Encoding": "gzip, deflate"})
        # The cookies of an archived site are none of ours, and would make one answer depend on another.
        self._http.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._lock = Lock()
        self._unanswered = 0
        self._was_answered = False
        self._closed = False
        self._latency_s: float | None = None
        self.requests = 0

    def get(self, url: str, *, endpoint: str) -> Answer:
        """Return the archive's answer to one address, after retries where they may help.

        Raises `StopAsking` or one of its kin (nothing else may be asked either) and plain `ArchiveError` (no
        complete answer to this one address).
        """
        attempt, refusals = 1, 0
        while True:
            sent_at = self._wait(endpoint)
            try:
                answer = self._ask(url)
            except (requests.RequestException, HTTPError, OSError) as error:
                self._after_failure(url, error, attempt, sent_at)
                attempt += 1
                continue
            step = decide(
                answer.status,
                answer.headers,
                attempt=attempt,
                attempts=self._settings.attempts,
                now=moment(self._clock),
            )
            if step.action == "slow-down":
                refusals += 1
                self._governor.told_off(sent_at, endpoint=endpoint, asked_s=step.pause_s)
                if refusals >= _REFUSALS:
                    raise ArchiveError(f"{_site(url)} answered 429 to this address {refusals} times")
                continue  # waiting for a place now waits for the pause as well, or says that it is too long
            self._note_answer()
            if step.action == "accept":
                return answer
            attempt += 1
            self._pause(step)

    def concurrency(self) -> int:
        """Return how many requests must be under way to use the rate, as slowly as the archive answers now.

        By Little's law: rate x time of an answer, and a third more because answers vary.
        """
        per_minute = self._governor.per_minute("memento")
        if self._latency_s is None or per_minute is None:
            needed = _CONCURRENCY_UNKNOWN
        else:
            needed = 2 + math.ceil(per_minute / 60 * self._latency_s * 1.33)
        return max(1, min(needed, self._settings.concurrency))

    def close(self) -> None:
        """Close the connections; threads that still wait for their turn ask nothing any more."""
        self._closed = True
        self._http.close()
        self._governor.close()

    def _wait(self, endpoint: str) -> float:
        sent_at = self._governor.wait(endpoint)
        if self._closed:
            raise ArchiveError("the session was closed meanwhile")
        with self._lock:
            self.requests += 1
        return sent_at

    def _note_answer(self) -> None:
        with self._lock:
            self._unanswered, self._was_answered = 0, True
        self._governor.answered()

    def _pause(self, step: Decision) -> None:
        seconds = step.pause_s or 0.0
        if step.action == "pause":
            self._governor.pause(seconds, step.reason)
        else:
            self.back_off(seconds, step.reason)

    def back_off(self, seconds: float, why: str) -> None:
        """Wait before the same is asked once more."""
        if self._on_wait is not None and seconds > _BACK_OFF_S:
            self._on_wait(seconds, why)
        self._clock.sleep(seconds)

    def _ask(self, url: str) -> Answer:
        began = self._clock.now()
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
        self._learn_latency(self._clock.now() - began)
        body, broken = undo_encoding(stored, headers.get("content-encoding", ""), limit=limit)
        return Answer(url, response.status_code, headers, body[:limit], flaw or broken)

    def _learn_latency(self, seconds: float) -> None:
        with self._lock:
            known = seconds if self._latency_s is None else self._latency_s
            self._latency_s = known + _LATENCY_WEIGHT * (max(0.0, seconds) - known)

    def _read(self, raw: Any, limit: int, deadline: float) -> tuple[bytes, str]:
        pieces: list[bytes] = []
        size = 0
        for piece in _pieces(raw):
            pieces.append(piece)
            size += len(piece)
            if size > limit:
                return b"".join(pieces), "too long"
            if self._clock.now() > deadline:
                raise requests.ReadTimeout(f"the body was still not complete after {size} bytes")
        return b"".join(pieces), ""

    def _after_failure(self, url: str, error: Exception, attempt: int, sent_at: float) -> None:
        """Wait before the next attempt, or raise what the failure means."""
        if _is_refusal(error) or (_is_unconnected(error) and not self._was_answered):
            self._stop(url, error, sent_at)
        if attempt < self._settings.attempts:
            self.back_off(_BACK_OFF_S**attempt, _root(error))
            return
        with self._lock:
            self._unanswered += 1
            is_dead = self._unanswered >= _DEAD_AFTER
        if is_dead and not self._governor.silent(sent_at):
            message = f"{_site(url)} gave no answer to {_DEAD_AFTER} requests in a row: {_root(error)}"
            raise Unreachable(message) from error
        raise ArchiveError(f"no complete answer from {_site(url)}: {_root(error)}") from error

    def _stop(self, url: str, error: Exception, sent_at: float) -> None:
        """Raise what it means that no connection could be made; a refused one is remembered for all processes."""
        breaker = self._governor.refused(sent_at, "connection refused") if _is_refusal(error) else None
        if breaker is not None:
            raise stop_for(breaker) from error
        advice = "is the server running?" if is_loopback(url) else "is this computer connected?"
        raise Unreachable(f"no connection to {_site(url)} ({_root(error)}): {advice}") from error


def _connections(number: int) -> requests.Session:
    http = requests.Session()
    adapter = requests.adapters.HTTPAdapter(pool_connections=2, pool_maxsize=number + 1)
    http.mount("http://", adapter)
    http.mount("https://", adapter)
    return http


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


def _is_unconnected(error: BaseException) -> bool:
    """True where the connection could not be made at all: refused, no route, no such host."""
    return any(isinstance(cause, (NewConnectionError, ConnectionRefusedError)) for cause in _causes(error))


def _is_refusal(error: BaseException) -> bool:
    """True where somebody was there and refused: how the archive blocks an address."""
    return any(isinstance(cause, OSError) and cause.errno == errno.ECONNREFUSED for cause in _causes(error))


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        reason = getattr(cause, "reason", None) or next((arg for arg in cause.args if isinstance(arg, Exception)), None)
        cause = reason if isinstance(reason, BaseException) else cause.__cause__ or cause.__context__


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
