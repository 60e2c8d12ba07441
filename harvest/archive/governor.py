"""How fast an archive may be asked, by all processes of this computer together, and when not at all.

The limits are exact: no sixty seconds, wherever they begin, see more requests than allowed. Every request reserves
its moment in a database that all processes share (`governor_state`), and sleeps until then. An archive that refuses
is left alone by all of them, and by those that are started later.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import TypeVar

from harvest.archive.governor_state import StateFile
from harvest.clock import Clock
from harvest.config import Rate
from harvest.errors import RateLimited, Unreachable

# A hundredth over a minute, so that both ends of any minute may be counted in.
_WINDOW_S = 60.01
# At most four times the mean rate at any instant: a minute's allowance is not spent in one burst.
_BURST = 4
# Staff of the archive (2023): ignoring 429 for more than a minute blocks the address for an hour, and each further
# time doubles it. As of 2023 no Retry-After came with it.
RATE_LIMIT_PAUSE_S = 60.0
REFUSED_PAUSE_S = 3600.0
_LONGEST_BLOCK_S = 86_400.0
# A pause longer than this is not waited for inside a run: the run stops and says until when.
LONGEST_PAUSE_S = 900.0
# Told off, a limit falls by a fifth (the share by which we stay under what is known already), to a tenth at most;
# it rises by a twentieth of what is configured in each quarter of an hour without a 429.
_FALL = 0.8
_FLOOR = 0.1
_RISE = 0.05
_RISE_EVERY_S = 900.0
# What a limit falls from where none was set and the archive has one all the same.
_UNKNOWN_LIMITS = {"listing": 30, "memento": 600}
_NOTICED_S = 5.0
_OFTEN_S = 60.0

OnWait = Callable[[float, str], None]
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Breaker:
    """An archive to be left alone *until*, since *since*. *strikes*: so often in a row."""

    archive: str
    kind: str
    until: datetime
    since: datetime
    reason: str
    strikes: int


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
        self._archive = archive
        self._rates = rates
        self._clock = clock
        self._on_wait = on_wait
        self._persistent = persistent
        self._told_until = 0.0
        self._struck = False  # whether this process knows of strikes that an answer would end
        self._lock = Lock()
        self._say_trouble()

    def wait(self, endpoint: str) -> float:
        """Return when a request may go out, as its moment; it is counted then.

        Raises RateLimited or Unreachable, at once, where the archive is to be left alone for longer than a run
        waits, and StateUnusable where the shared state is locked for good.
        """
        while True:
            slot, now, breaker = self._attempt(lambda: self._reserve(endpoint))
            if breaker is not None:
                self._wait_for(breaker, now)
                continue
            if slot <= now:
                return now
            self._sleep(slot - now, "the limit of requests a minute")
            if self._attempt(self._open_breaker) is None:
                return slot

    def per_minute(self, endpoint: str) -> int | None:
        """Return the configured limit; None where there is none."""
        return self._rates[endpoint].per_minute

    def told_off(self, sent_at: float, *, endpoint: str, asked_s: float | None) -> None:
        """Note a 429: everybody waits *asked_s* (``Retry-After``) or a minute, doubled each further time in a row.

        The limit falls as well. Requests that were under way when the first 429 came count with it.
        """

        def strike() -> None:
            if self._strike("rate-limited", "429: too many requests", sent_at, asked_s):
                self._slow_down(endpoint)

        self._attempt(strike)

    def pause(self, seconds: float, reason: str) -> None:
        """Let everybody wait, because an overloaded archive asked for it."""
        self._attempt(lambda: self._set_breaker("pause", min(seconds, _LONGEST_BLOCK_S), reason, strikes=0))

    def refused(self, sent_at: float, reason: str) -> Breaker | None:
        """Note a refused connection: an hour without any request, doubled each further time; None where not kept."""
        if not self._persistent:
            return None
        return self._attempt(lambda: self._close_for_an_hour(sent_at, reason))

    def silent(self, sent_at: float) -> bool:
        """Note that nobody answers any more: everybody waits a minute, doubled each further time; False where not kept.

        An outage of minutes costs a night's run those minutes, and not the night.
        """
        if self._persistent:
            reason = "no answer to several requests in a row"
            self._attempt(lambda: self._strike("silent", reason, sent_at, None))
        return self._persistent

    def answered(self) -> None:
        """Note an answer: the next refusal is the first of its row again."""
        if self._struck:
            self._struck = False
            self._attempt(self._forgive)

    def close(self) -> None:
        """Close the shared state."""
        self._state.close()

    # --- in a transaction ------------------------------------------------------------------------------------

    def _reserve(self, endpoint: str) -> tuple[float, float, Breaker | None]:
        """Take the next free place and return its moment, with now; or what stands in the way."""
        rate = self._rates[endpoint].per_minute
        with self._state.transaction() as conn:
            now = self._now(conn)
            breaker = self._breaker(conn, now)
            limit = self._limit(conn, endpoint, rate, now)
            if breaker is not None or limit is None:
                return now, now, breaker
            conn.execute("DELETE FROM sent WHERE at < ?", (now - 2 * _WINDOW_S,))
            places = "SELECT at FROM sent WHERE archive = ? AND endpoint = ? ORDER BY at DESC LIMIT 1 OFFSET ?"
            last = conn.execute(places, (self._archive, endpoint, 0)).fetchone()
            first = conn.execute(places, (self._archive, endpoint, limit - 1)).fetchone()
            lost = conn.execute("SELECT max(at) FROM repairs WHERE at > ?", (now - _WINDOW_S,)).fetchone()[0]
            slot = next_slot(
                now,
                last=last[0] if last else None,
                first=max(first[0] if first else -1e18, lost or -1e18),
                gap_s=_WINDOW_S / limit / _BURST,
            )
            conn.execute("INSERT INTO sent VALUES (?, ?, ?, ?)", (self._archive, endpoint, slot, now))
        return slot, now, None

    def _now(self, conn: sqlite3.Connection) -> float:
        """Return the time. Where the clock was set back, what was noted moves back with it."""
        now = self._clock.now()
        made = conn.execute("SELECT max(made) FROM sent").fetchone()[0]
        since = conn.execute("SELECT max(since) FROM breakers").fetchone()[0]
        ahead = max(made or now, since or now) - now
        if ahead > 0:
            conn.execute("UPDATE sent SET at = at - ?1, made = made - ?1", (ahead,))
            conn.execute("UPDATE breakers SET until = until - ?1, since = since - ?1 WHERE since > ?2", (ahead, now))
            conn.execute("UPDATE learned SET told_at = min(told_at, ?)", (now,))
            conn.execute("UPDATE repairs SET at = min(at, ?)", (now,))
        return now

    def _limit(self, conn: sqlite3.Connection, endpoint: str, rate: int | None, now: float) -> int | None:
        row = conn.execute(
            "SELECT per_minute, told_at FROM learned WHERE archive = ? AND endpoint = ?", (self._archive, endpoint)
        ).fetchone()
        return risen(rate, row[0], quiet_s=now - row[1]) if row else rate

    def _strike(self, kind: str, reason: str, sent_at: float, asked_s: float | None) -> bool:
        """Set the breaker for longer than the last time; False for a request that was under way then."""
        with self._state.transaction() as conn:
            now = self._now(conn)
            row = self._row(conn)
            again = row is not None and row[0] == kind
            is_new = row is None or not again or sent_at > row[2]
            strikes = (row[4] if row is not None and again else 0) + is_new
            base_s = max(1.0, asked_s) if asked_s is not None else RATE_LIMIT_PAUSE_S
            pause_s = min(base_s * 2 ** (strikes - 1), _LONGEST_BLOCK_S)
            since = now if is_new or row is None else row[2]
            self._write(conn, kind, now + pause_s, since, reason, strikes, row=row)
        self._struck = True
        return is_new

    def _slow_down(self, endpoint: str) -> None:
        with self._state.transaction() as conn:
            now = self._now(conn)
            rate = self._rates[endpoint].per_minute
            limit = self._limit(conn, endpoint, rate, now) or _UNKNOWN_LIMITS.get(endpoint, 30)
            floor = max(1, round(_FLOOR * (rate or limit)))
            conn.execute(
                "INSERT OR REPLACE INTO learned VALUES (?, ?, ?, ?)",
                (self._archive, endpoint, max(floor, int(limit * _FALL)), now),
            )

    def _close_for_an_hour(self, sent_at: float, reason: str) -> Breaker:
        with self._state.transaction() as conn:
            now = self._now(conn)
            row = self._row(conn)
            again = row is not None and row[0] == "refused"
            is_new = row is None or not again or sent_at > row[2]
            strikes = (row[4] if row is not None and again else 0) + is_new
            pause_s = min(REFUSED_PAUSE_S * 2 ** (strikes - 1), _LONGEST_BLOCK_S)
            if is_new or row is None:
                self._write(conn, "refused", now + pause_s, now, reason, strikes, row=None)
            found = self._row(conn)
        assert found is not None
        return _breaker(self._archive, found)

    def _set_breaker(self, kind: str, pause_s: float, reason: str, *, strikes: int) -> None:
        with self._state.transaction() as conn:
            now = self._now(conn)
            self._write(conn, kind, now + pause_s, now, reason, strikes, row=self._row(conn))

    def _write(
        self, conn: sqlite3.Connection, kind: str, until: float, since: float, reason: str, strikes: int, *, row: _Row
    ) -> None:
        """Set the breaker; a pause that is under way is never shortened."""
        conn.execute(
            "INSERT OR REPLACE INTO breakers VALUES (?, ?, ?, ?, ?, ?)",
            (self._archive, kind, max(until, row[1] if row else 0.0), since, reason, strikes),
        )

    def _forgive(self) -> None:
        with self._state.transaction() as conn:
            now = self._now(conn)
            conn.execute("DELETE FROM breakers WHERE archive = ? AND until <= ?", (self._archive, now))

    def _row(self, conn: sqlite3.Connection) -> _Row:
        row: _Row = conn.execute(
            "SELECT kind, until, since, reason, strikes FROM breakers WHERE archive = ?", (self._archive,)
        ).fetchone()
        return row

    # --- around it -------------------------------------------------------------------------------------------

    def _open_breaker(self) -> Breaker | None:
        with self._state.transaction() as conn:
            return self._breaker(conn, self._now(conn))

    def _breaker(self, conn: sqlite3.Connection, now: float) -> Breaker | None:
        row = self._row(conn)
        self._struck = self._struck or row is not None
        return _breaker(self._archive, row) if row is not None and row[1] > now else None

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
        if self._on_wait is None:
            return
        if self._state.unshared:
            self._on_wait(0.0, self._state.unshared)
        if self._state.moved_to is not None:
            self._on_wait(0.0, f"the shared state was damaged and is now {self._state.moved_to}; asking slowly")


_Row = tuple[str, float, float, str, int] | None


def next_slot(now: float, *, last: float | None, first: float, gap_s: float) -> float:
    """Return when the next request may go out.

    *last*: moment of the newest one (it may lie ahead); *first*: of the one that, with it, makes up the allowed
    number. Never before a request that was let out earlier: reservations stay in order.
    """
    return max(now, first + _WINDOW_S, now if last is None else last + gap_s)


def risen(configured: int | None, learned: int, *, quiet_s: float) -> int | None:
    """Return the limit in force *quiet_s* after a 429 left it at *learned*.

    >>> risen(480, 384, quiet_s=0), risen(480, 384, quiet_s=1_900), risen(480, 384, quiet_s=90_000)
    (384, 432, 480)
    """
    steps = int(max(0.0, quiet_s) / _RISE_EVERY_S)
    if configured is None:
        return learned if steps < 1 / _RISE else None
    return min(configured, learned + int(_RISE * configured * steps) + (steps if configured < 1 / _RISE else 0))


def stop_for(breaker: Breaker) -> RateLimited | Unreachable:
    """Return the error that says until when an archive is to be left alone."""
    message = (
        f"{breaker.archive} is left alone until {breaker.until:%Y-%m-%d %H:%M} UTC ({breaker.reason}, at"
        f" {breaker.since:%H:%M} UTC). What was fetched is kept: run the same command again after that"
    )
    if breaker.kind in ("refused", "silent"):
        return Unreachable(message, until=breaker.until)
    return RateLimited(message, until=breaker.until)


def breakers_of(state: StateFile) -> tuple[Breaker, ...]:
    """Return what is left alone, or was until a while ago, newest first."""
    with state.transaction() as conn:
        rows = conn.execute(
            "SELECT archive, kind, until, since, reason, strikes FROM breakers ORDER BY until DESC"
        ).fetchall()
    return tuple(_breaker(row[0], row[1:]) for row in rows)


def _breaker(archive: str, row: tuple[str, float, float, str, int]) -> Breaker:
    kind, until, since, reason, strikes = row
    return Breaker(
        archive, kind, datetime.fromtimestamp(until, UTC), datetime.fromtimestamp(since, UTC), reason, strikes
    )
