"""What an answer of an archive calls for: taking it, asking again, waiting. Pure."""

from __future__ import annotations

import email.utils
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

# EDGI's `wayback` retries these after years of use; 408 and 425 by their definition.
_TRANSIENT = frozenset({408, 413, 421, 425, 500, 502, 503, 504, 599})
BACK_OFF_S = 4.0


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
        return Decision("pause", max(asked_s, BACK_OFF_S**attempt), f"status {status}")
    return Decision("retry", BACK_OFF_S**attempt, f"status {status}")


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
