"""What an address below ``/-/policies/`` means. Pure.

    SITE[/KIND[:LABEL]]                 a timeline
    SITE[/KIND[:LABEL]]/DATE            the text as of the end of a date
    SITE[/KIND[:LABEL]]/DATE..DATE      the diff of two dates
    SITE[/KIND[:LABEL]]/blame/DATE      since when each clause
    SITE[/KIND[:LABEL]]/section/SLUG    one section through the years

A site has a dot in it and a date begins with a digit, so these cannot be taken for one another.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote

from harvest.timestamps import end_of, to_iso

#: Longer parts than this name nothing: host names end at 253 characters, slugs before; a label may be a path.
_MAX_PART = 2_000


@dataclass(frozen=True, slots=True)
class Address:
    """A parsed address. *page*: timeline, version, diff, blame or section; *dates* as written, *moments* their ends."""

    policy: str
    page: str = "timeline"
    dates: tuple[str, ...] = ()
    moments: tuple[datetime, ...] = ()
    slug: str = ""


def parse_address(path: str) -> Address:
    """Read the part of a path after ``/-/policies/``, still percent-encoded.

    Raises ValueError for what is no address or no date, saying what one looks like.

    >>> parse_address("a.example/terms/2009-03..2010").page
    'diff'
    >>> parse_address("a.example/terms").policy
    'a.example/terms'
    """
    parts = [unquote(part) for part in path.strip("/").split("/")]
    if any(len(part) > _MAX_PART for part in parts):
        raise ValueError("this address is too long to name a policy")
    policy, rest = parts[:1], parts[1:]
    if rest and _is_kind(rest[0]):
        policy, rest = parts[:2], parts[2:]
    name = "/".join(policy)
    if not rest:
        return Address(name)
    if rest[0] == "section" and len(rest) == 2:
        return Address(name, "section", slug=rest[1])
    if rest[0] == "blame" and len(rest) == 2:
        return _dated(name, "blame", rest[1:])
    if len(rest) == 1 and rest[0][:1].isdigit():
        dates = rest[0].split("..")
        if len(dates) <= 2:
            return _dated(name, "diff" if len(dates) == 2 else "version", dates)
    raise ValueError(
        f"{'/'.join(rest)!r} is no part of a policy: write KIND, DATE, DATE..DATE, blame/DATE or section/SLUG"
    )


def date_token(moment: datetime, gone_by: datetime | None) -> str:
    """Write the moment a version was first seen so that, read as a date, it means that version.

    The day is enough unless the version was already gone on the same day.
    """
    if gone_by is not None and gone_by.date() == moment.date():
        return to_iso(moment)
    return moment.date().isoformat()


def diff_token(not_before: datetime, first_seen: datetime, gone_by: datetime | None) -> str:
    """Write both bounds of a change so that, read as two dates, they mean the versions before and after."""
    return f"{date_token(not_before, first_seen)}..{date_token(first_seen, gone_by)}"


def _is_kind(part: str) -> bool:
    head = part.partition(":")[0]
    return head not in ("section", "blame") and head.isalpha()


def _dated(name: str, page: str, dates: list[str]) -> Address:
    return Address(name, page, tuple(dates), tuple(end_of(date) for date in dates))
