"""Fourteen-digit archive stamps ↔ aware UTC datetimes, with the repair rules for stamps that are no dates."""

from __future__ import annotations

import calendar
from datetime import UTC, datetime

FAR_FUTURE = datetime(2100, 12, 31, tzinfo=UTC)
"""After every capture that can be: the moment at which the newest version of a policy is in force."""


def parse_stamp(stamp: str) -> tuple[datetime, bool]:
    """Read an archive stamp; return the moment and whether it had to be approximated.

    Short stamps (12, 8, 4 digits) are completed to their first second. Parts out of range are clamped to the
    nearest possible value: listings hold months ``00`` (``20000800241623``) and hours ``24``. Raises ValueError
    only for what holds no year of 1990 or later: put such a row aside.

    >>> parse_stamp("20030401113213")
    (datetime.datetime(2003, 4, 1, 11, 32, 13, tzinfo=datetime.timezone.utc), False)
    >>> parse_stamp("20000800241623")[0].isoformat()
    '2000-08-01T23:16:23+00:00'
    """
    if not (stamp.isascii() and stamp.isdigit()) or not 4 <= len(stamp) <= 14:
        raise ValueError(f"not a timestamp: {stamp[:40]!r}")
    year = int(stamp[:4])
    if not 1990 <= year <= 2100:
        raise ValueError(f"no year of the web in timestamp {stamp!r}")
    padded = (stamp + "00000101000000"[len(stamp) :])[:14]
    month = _clamp(int(padded[4:6]), 1, 12)
    day = _clamp(int(padded[6:8]), 1, calendar.monthrange(year, month)[1])
    hour, minute, second = (_clamp(int(padded[i : i + 2]), 0, top) for i, top in ((8, 23), (10, 59), (12, 59)))
    moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    return moment, format_stamp(moment) != stamp


def format_stamp(moment: datetime) -> str:
    """Write a moment as the archive does: fourteen digits, UTC."""
    return moment.astimezone(UTC).strftime("%Y%m%d%H%M%S")


def to_iso(moment: datetime) -> str:
    """Write a moment as the corpus does: ``2003-04-01T11:32:13Z``; sorts as time does."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def from_iso(text: str) -> datetime:
    """Read a moment the corpus wrote."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo is UTC else moment.astimezone(UTC)


def days_between(first: str, last: str) -> float:
    """Return the days from one moment to another, both as the corpus wrote them."""
    return (datetime.fromisoformat(last) - datetime.fromisoformat(first)).total_seconds() / 86_400


def check_span(since: datetime | None, until: datetime | None) -> None:
    """Raise ValueError where a span ends before it begins: nothing found would read as an answer."""
    if since is not None and until is not None and since > until:
        raise ValueError(f"the span begins on {since:%Y-%m-%d} and ends on {until:%Y-%m-%d}: swap the two dates")


def end_of(text: str) -> datetime:
    """Return the last second of a day, month or year, or the moment itself if *text* is a full timestamp.

    ``YYYY``, ``YYYY-MM``, ``YYYY-MM-DD``, ISO 8601 or fourteen digits. Raises ValueError with the accepted forms.

    >>> end_of("2012-02").isoformat()
    '2012-02-29T23:59:59+00:00'
    """
    return _bounds(text)[1]


def start_of(text: str) -> datetime:
    """Return the first second of a day, month or year, or the moment itself; forms as in `end_of`."""
    return _bounds(text)[0]


def _bounds(text: str) -> tuple[datetime, datetime]:
    try:
        if text.isdigit() and len(text) == 14:
            moment = datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
            return moment, moment
        if len(text) > 10:
            moment = datetime.fromisoformat(text)
            moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
            return moment, moment
        parts = [int(part) for part in text.split("-")]
        if not 1 <= len(parts) <= 3 or len(text) not in (4, 7, 10):
            raise ValueError(text)
        year, month, day = parts[0], parts[1] if parts[1:] else None, parts[2] if parts[2:] else None
        last_month = month or 12
        last_day = day or calendar.monthrange(year, last_month)[1]
        return (
            datetime(year, month or 1, day or 1, tzinfo=UTC),
            datetime(year, last_month, last_day, 23, 59, 59, tzinfo=UTC),
        )
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{text!r} is no date: write YYYY, YYYY-MM, YYYY-MM-DD or a full timestamp") from error


def _clamp(value: int, low: int, high: int) -> int:
    return max(low, min(high, value))
