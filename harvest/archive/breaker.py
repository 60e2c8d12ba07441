"""An archive that is to be left alone: until when, since when, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from harvest.archive.governor_state import StateFile
from harvest.errors import RateLimited, Unreachable

Row = tuple[str, float, float, str, int]
"""As it is stored: kind, until, since, reason, strikes."""


@dataclass(frozen=True, slots=True)
class Breaker:
    """An archive to be left alone *until*, since *since*. *strikes*: so often in a row."""

    archive: str
    kind: str
    until: datetime
    since: datetime
    reason: str
    strikes: int


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
    return tuple(breaker_of(row[0], row[1:]) for row in rows)


def breaker_of(archive: str, row: Row) -> Breaker:
    """Read a breaker as it is stored."""
    kind, until, since, reason, strikes = row
    return Breaker(
        archive, kind, datetime.fromtimestamp(until, UTC), datetime.fromtimestamp(since, UTC), reason, strikes
    )
