"""Dates as scripts give them."""

from __future__ import annotations

from datetime import datetime

from harvest.timestamps import check_span, end_of, start_of, to_iso

Moment = str | datetime | None
"""``YYYY``, ``YYYY-MM``, ``YYYY-MM-DD``, a full timestamp, or an aware datetime."""


def start(date: Moment) -> datetime | None:
    """Return the first second of what was written. Raises ValueError for what is no date, or has no time zone."""
    return start_of(date) if isinstance(date, str) else _aware(date)


def end(date: Moment) -> datetime | None:
    """Return the last second of what was written. Raises ValueError as `start` does."""
    return end_of(date) if isinstance(date, str) else _aware(date)


def span(since: Moment, until: Moment) -> tuple[datetime | None, datetime | None]:
    """Return the first and the last second of a span. Raises ValueError where it ends before it begins."""
    first, last = start(since), end(until)
    check_span(first, last)
    return first, last


def _aware(moment: datetime | None) -> datetime | None:
    if moment is not None and moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone: give it one, as in datetime(2012, 5, 1, tzinfo=UTC)")
    return moment


def iso(moment: datetime | None) -> str:
    """Return a moment as SQLite holds it, ``""`` for none."""
    return to_iso(moment) if moment else ""
