"""How fast an archive may be asked, by all processes of this computer together, and when not at all.

The limits are exact: no sixty seconds, wherever they begin, see more requests than allowed. Every request reserves
its moment in a database that all processes share (`governor_state`), and sleeps until then. An archive that refuses
is left alone by all of them, and by those that are started later.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from threading import Lock
from typing import TypeVar

from harvest.archive.breaker import Breaker, stop_for
from harvest.archive.governor_notes import Notes
from harvest.archive.governor_state import StateFile
from harvest.clock import Clock
from harvest.config import Rate

# A pause longer than this is not waited for inside a run: the run stops and says until when.
LONGEST_PAUSE_S = 900.0
_NOTICED_S = 5.0
_OFTEN_S = 60.0

OnWait = Callable[[float, str], None]
_T = TypeVar("_T")


class Governor:
    """Lets the requests to one archive out at the allowed rate; safe for threads, and between processes.

    *rates* maps endpoints to limits. *persistent*: False for servers of this computer, which nobody need be
    protected from; a refused connection then means that the server is not running. *on_wait* is told of waits that
    a person would notice.
    """

    def __init__(
        self,
        state: StateFile,
        archive: str,
        rates: Mapping[str, Rate],
        *,
        clock: Clock,
        on_wait: OnWait | None = None,
        persistent: bool = True,
    ) -> None:
        self._state = state
        self._notes = Notes(state, archive, rates, clock)
        self._rates = rates
        self._clock = clock
        self._on_wait = on_wait
        self._persistent = persistent
        self._told_until = 0.0
        self._lock = Lock()
        self._say_trouble()

    def wait(self, endpoint: str) -> float:
        """Return when a request may go out, as its moment; it is counted then.

        Raises RateLimited or Unreachable, at once, where the archive is to be left alone for longer than a run
        waits, and StateUnusable where the shared state is locked for good.
        """
        while True:
            slot, now, breaker = self._attempt(lambda: self._notes.reserve(endpoint))
            if breaker is not None:
                self._wait_for(breaker, now)
                continue
            if slot <= now:
                return now
            self._sleep(slot - now, "the limit of requests a minute")
            if self._attempt(self._notes.open_breaker) is None:
                return slot

    def per_minute(self, endpoint: str) -> int | None:
        """Return the configured limit; None where there is none."""
        return self._rates[endpoint].per_minute

    def told_off(self, sent_at: float, *, endpoint: str, asked_s: float | None) -> None:
        """Note a 429: everybody waits *asked_s* (``Retry-After``) or a minute, doubled each further time in a row.

        The limit falls as well. Requests that were under way when the first 429 came count with it.
        """

        def strike() -> None:
            if self._notes.strike("rate-limited", "429: too many requests", sent_at, asked_s):
                self._notes.slow_down(endpoint)

        self._attempt(strike)

    def pause(self, seconds: float, reason: str) -> None:
        """Let everybody wait, because an overloaded archive asked for it."""
        self._attempt(lambda: self._notes.set_breaker("pause", seconds, reason, strikes=0))

    def refused(self, sent_at: float, reason: str) -> Breaker | None:
        """Note a refused connection: an hour without any request, doubled each further time; None where not kept."""
        if not self._persistent:
            return None
        return self._attempt(lambda: self._notes.close_for_an_hour(sent_at, reason))

    def silent(self, sent_at: float) -> bool:
        """Note that nobody answers any more: everybody waits a minute, doubled each further time; False where not kept.

        An outage of minutes costs a night's run those minutes, and not the night.
        """
        if self._persistent:
            reason = "no answer to several requests in a row"
            self._attempt(lambda: self._notes.strike("silent", reason, sent_at, None))
        return self._persistent

    def answered(self) -> None:
        """Note an answer: the next refusal is the first of its row again."""
        if self._notes.has_strikes:
            self._notes.has_strikes = False
            self._attempt(self._notes.forgive)

    def close(self) -> None:
        """Close the shared state."""
        self._state.close()

    def _wait_for(self, breaker: Breaker, now: float) -> None:
        pause_s = breaker.until.timestamp() - now
        if pause_s > LONGEST_PAUSE_S or breaker.kind == "refused":
            raise stop_for(breaker)
        # datetimes hold microseconds: never sleep a little too short, again and again
        why = breaker.reason if breaker.kind == "silent" else f"the archive answered {breaker.reason}"
        self._sleep(pause_s + 0.001, why)

    def _sleep(self, seconds: float, why: str) -> None:
        now = self._clock.now()
        with self._lock:
            is_news = seconds >= _NOTICED_S and now + seconds > self._told_until + 1.0
            if is_news:  # of many threads that wait for one thing the first says so
                self._told_until = now + seconds + (_OFTEN_S if why.startswith("the limit") else 0.0)
        if is_news and self._on_wait is not None:
            self._on_wait(seconds, why)
        self._clock.sleep(seconds)

    def _attempt(self, action: Callable[[], _T]) -> _T:
        try:
            return action()
        except sqlite3.DatabaseError as error:
            self._state.repair(error)
            self._say_trouble()
            return action()

    def _say_trouble(self) -> None:
        """Note and tell what is wrong with the state, once."""
        trouble = [self._state.unshared] if self._state.unshared else []
        if self._state.moved_to is not None:
            self._notes.note_damage(str(self._state.moved_to))
            trouble.append(f"the shared state was damaged and is now {self._state.moved_to}; asking slowly")
        self._state.unshared, self._state.moved_to = "", None
        for message in trouble:
            if self._on_wait is not None:
                self._on_wait(0.0, message)
