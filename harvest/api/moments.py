"""Dates as scripts give them."""

from __future__ import annotations

from datetime import datetime

from harvest.timestamps import end_of, start_of, to_iso

Moment = str | datetime | None
"""``YYYY``, ``YYYY-MM``, ``YYYY-MM-DD``, a full timestamp, or an aware datetime."""


def start(date: Moment) -> datetime | None:
    """Return the first second of what was written."""
    return start_of(date) if isinstance(date, str) else date


def end(date: Moment) -> datetime | None:
    """Return the last second of what was written."""
    return end_of(date) if isinstance(date, str) else date


def iso(moment: datetime | None) -> str:
    """Return a moment as SQLite holds it, ``""`` for none."""
    return to_iso(moment) if moment else ""
