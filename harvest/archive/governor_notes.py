"""What processes note for each other about one archive: when requests go out, blocks, limits that were learned."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from harvest.archive.breaker import Breaker, Row, breaker_of
from harvest.archive.governor_state import StateFile
from harvest.clock import Clock
from harvest.config import Rate

# A hundredth over a minute, so that both ends of any minute may be counted in.
_WINDOW_S = 60.01
# At most four times the mean rate at any instant: a minute's allowance is not spent in one burst.
_BURST = 4
# Staff of the archive (2023): ignoring 429 for more than a minute blocks the address for an hour, and each further
# time doubles it. As of 2023 no Retry-After came with it.
RATE_LIMIT_PAUSE_S = 60.0
REFUSED_PAUSE_S = 3600.0
LONGEST_BLOCK_S = 86_400.0
# Told off, a limit falls by a fifth (the share by which we stay under what is known already), to a tenth at most;
# it rises by a twentieth of what is configured in each quarter of an hour without a 429.
_FALL = 0.8
_FLOOR = 0.1
_RISE = 0.05
_RISE_EVERY_S = 900.0
# What a limit falls from where none was set and the archive has one all the same.
_UNKNOWN_LIMITS = {"listing": 30, "memento": 600}


class Notes:
    """The notes on one archive in the shared state, each verb one transaction. *has_strikes*: there is a breaker.

    Raises StateUnusable, and sqlite3.DatabaseError for a damaged file (`StateFile.repair`).
    """

    def __init__(self, state: StateFile, archive: str, rates: Mapping[str, Rate], clock: Clock) -> None:
        self._state = state
        self._archive = archive
        self._rates = rates
        self._clock = clock
        self.has_strikes = False

    def note_damage(self, moved_to: str) -> None:
        """Count the minute before now as used up: nobody knows what was asked in it."""
        with self._state.transaction() as conn:
            conn.execute("INSERT INTO repairs VALUES (?, ?)", (self._clock.now(), moved_to))

    def open_breaker(self) -> Breaker | None:
        """Return what stands in the way of any request now."""
        with self._state.transaction() as conn:
            return self._breaker(conn, self._now(conn))

    def reserve(self, endpoint: str) -> tuple[float, float, Breaker | None]:
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

    def strike(self, kind: str, reason: str, sent_at: float, asked_s: float | None) -> bool:
        """Set the breaker for longer than the last time; False for a request that was under way then."""
        with self._state.transaction() as conn:
            now = self._now(conn)
            row = self._row(conn)
            is_new, strikes = count_strikes(row, kind, sent_at)
            base_s = max(1.0, asked_s) if asked_s is not None else RATE_LIMIT_PAUSE_S
            pause_s = min(base_s * 2 ** (strikes - 1), LONGEST_BLOCK_S)
            since = now if is_new or row is None else row[2]
            self._write(conn, kind, now + pause_s, since, reason, strikes, row=row)
        self.has_strikes = True
        return is_new

    def slow_down(self, endpoint: str) -> None:
        """Let the limit of an endpoint fall."""
        with self._state.transaction() as conn:
            now = self._now(conn)
            rate = self._rates[endpoint].per_minute
            limit = self._limit(conn, endpoint, rate, now) or _UNKNOWN_LIMITS.get(endpoint, 30)
            floor = max(1, round(_FLOOR * (rate or limit)))
            conn.execute(
                "INSERT OR REPLACE INTO learned VALUES (?, ?, ?, ?)",
                (self._archive, endpoint, max(floor, int(limit * _FALL)), now),
            )

    def close_for_an_hour(self, sent_at: float, reason: str) -> Breaker:
        """Set the breaker after a refused connection; one to a request that was under way changes nothing."""
        with self._state.transaction() as conn:
            now = self._now(conn)
            row = self._row(conn)
            is_new, strikes = count_strikes(row, "refused", sent_at)
            pause_s = min(REFUSED_PAUSE_S * 2 ** (strikes - 1), LONGEST_BLOCK_S)
            if is_new:
                self._write(conn, "refused", now + pause_s, now, reason, strikes, row=None)
            found = self._row(conn)
        assert found is not None
        return breaker_of(self._archive, found)

    def set_breaker(self, kind: str, pause_s: float, reason: str, *, strikes: int) -> None:
        """Set the breaker for so long."""
        with self._state.transaction() as conn:
            now = self._now(conn)
            pause_s = min(pause_s, LONGEST_BLOCK_S)
            self._write(conn, kind, now + pause_s, now, reason, strikes, row=self._row(conn))

    def _write(
        self,
        conn: sqlite3.Connection,
        kind: str,
        until: float,
        since: float,
        reason: str,
        strikes: int,
        *,
        row: Row | None,
    ) -> None:
        """Set the breaker; a pause that is under way is never shortened."""
        conn.execute(
            "INSERT OR REPLACE INTO breakers VALUES (?, ?, ?, ?, ?, ?)",
            (self._archive, kind, max(until, row[1] if row else 0.0), since, reason, strikes),
        )

    def forgive(self) -> None:
        """Take away a breaker whose time is over."""
        with self._state.transaction() as conn:
            now = self._now(conn)
            conn.execute("DELETE FROM breakers WHERE archive = ? AND until <= ?", (self._archive, now))

    def _row(self, conn: sqlite3.Connection) -> Row | None:
        row: Row | None = conn.execute(
            "SELECT kind, until, since, reason, strikes FROM breakers WHERE archive = ?", (self._archive,)
        ).fetchone()
        return row

    def _breaker(self, conn: sqlite3.Connection, now: float) -> Breaker | None:
        row = self._row(conn)
        self.has_strikes = self.has_strikes or row is not None
        return breaker_of(self._archive, row) if row is not None and row[1] > now else None


def count_strikes(row: Row | None, kind: str, sent_at: float) -> tuple[bool, int]:
    """Return whether the answer to a request sent at *sent_at* is news beside a breaker, and the strikes with it.

    What was under way when the breaker was set tells nothing new; trouble of another kind begins to count anew.
    """
    if row is None or row[0] != kind:
        return True, 1
    is_new = sent_at > row[2]
    return is_new, row[4] + is_new


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
