"""The one door to the network: limits, timeouts, retries, and bodies as they were sent.

Decisions (`decide`) are pure; the session only carries them out. Redirects are never followed here: to a memento
they mean too many different things (`harvest.archive.memento`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from threading import Lock
from typing import Any

import requests
import requests.adapters
from urllib3.exceptions import HTTPError

from harvest.archive.breaker import stop_for
from harvest.archive.decisions import BACK_OFF_S, Decision, decide, retry_after_s
from harvest.archive.failures import is_loopback, is_refusal, is_unconnected, root_of, site_of
from harvest.archive.governor import Governor, OnWait
from harvest.archive.governor_state import StateFile
from harvest.archive.transfer import pieces, undo_encoding
from harvest.clock import moment
from harvest.config import Rate, Settings
from harvest.errors import ArchiveError, Unreachable

__all__ = ["Answer", "ArchiveSession", "Decision", "OnWait", "decide", "is_loopback", "retry_after_s", "undo_encoding"]

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
        # requests reads the body of a redirect to prepare the next request, unpacked: ours is to be read as it came.
        self._http.get_redirect_target = lambda resp: None  # type: ignore[method-assign]
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
                self._after_failure(url, error, attempt, sent_at, endpoint)
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
                    raise ArchiveError(f"{site_of(url)} answered 429 to this address {refusals} times")
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
        if self._on_wait is not None and seconds > BACK_OFF_S:
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
        read: list[bytes] = []
        size = 0
        for piece in pieces(raw):
            read.append(piece)
            size += len(piece)
            if size > limit:
                return b"".join(read), "too long"
            if self._clock.now() > deadline:
                raise requests.ReadTimeout(f"the body was still not complete after {size} bytes")
        return b"".join(read), ""

    def _after_failure(self, url: str, error: Exception, attempt: int, sent_at: float, endpoint: str) -> None:
        """Wait before the next attempt, or raise what the failure means."""
        if is_refusal(error) or (is_unconnected(error) and not self._was_answered):
            self._stop(url, error, sent_at)
        # A page that takes too long is often there minutes later, loaded in the background: the run asks again then.
        is_slow = endpoint == "memento" and isinstance(error, requests.Timeout)
        if attempt < self._settings.attempts and not is_slow:
            self.back_off(BACK_OFF_S**attempt, root_of(error))
            return
        with self._lock:
            self._unanswered += 1
            is_dead = self._unanswered >= _DEAD_AFTER
        if is_dead and not self._governor.silent(sent_at):
            message = f"{site_of(url)} gave no answer to {_DEAD_AFTER} requests in a row: {root_of(error)}"
            raise Unreachable(message) from error
        raise ArchiveError(f"no complete answer from {site_of(url)}: {root_of(error)}") from error

    def _stop(self, url: str, error: Exception, sent_at: float) -> None:
        """Raise what it means that no connection could be made; a refused one is remembered for all processes."""
        breaker = self._governor.refused(sent_at, "connection refused") if is_refusal(error) else None
        if breaker is not None:
            raise stop_for(breaker) from error
        advice = "is the server running?" if is_loopback(url) else "is this computer connected?"
        raise Unreachable(f"no connection to {site_of(url)} ({root_of(error)}): {advice}") from error


def _connections(number: int) -> requests.Session:
    http = requests.Session()
    adapter = requests.adapters.HTTPAdapter(pool_connections=2, pool_maxsize=number + 1)
    http.mount("http://", adapter)
    http.mount("https://", adapter)
    return http
