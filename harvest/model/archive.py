"""What an archive gave: its listings, and the page of one capture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Outcome(StrEnum):
    """What became of a listed capture; exactly one at any time."""

    LISTED = "listed"
    SKIPPED = "skipped"
    FETCHED = "fetched"
    DUPLICATE = "duplicate"
    REDIRECT = "redirect"
    ERROR_PAGE = "error-page"
    BLOCKED_PAGE = "blocked-page"
    NO_TEXT = "no-text"
    OFF_TOPIC = "off-topic"
    MISSING = "missing"
    EXCLUDED = "excluded"
    UNPLAYABLE = "unplayable"
    FAILED = "failed"


class PageKind(StrEnum):
    """What a page turned out to be, whatever its status code said."""

    POLICY = "policy"
    ERROR = "error"
    SOFT_404 = "soft-404"
    BLOCKED = "blocked"
    CHALLENGE = "challenge"
    COOKIE_WALL = "cookie-wall"
    SHELL = "shell"
    PARKED = "parked"
    STUB = "stub"
    OTHER = "other"


OUTCOME_OF_PAGE: Mapping[PageKind, Outcome] = {
    PageKind.POLICY: Outcome.FETCHED,
    PageKind.ERROR: Outcome.ERROR_PAGE,
    PageKind.SOFT_404: Outcome.ERROR_PAGE,
    PageKind.BLOCKED: Outcome.BLOCKED_PAGE,
    PageKind.CHALLENGE: Outcome.BLOCKED_PAGE,
    PageKind.COOKIE_WALL: Outcome.NO_TEXT,
    PageKind.SHELL: Outcome.NO_TEXT,
    PageKind.STUB: Outcome.NO_TEXT,
    PageKind.PARKED: Outcome.OFF_TOPIC,
    PageKind.OTHER: Outcome.OFF_TOPIC,
}


#: How the reason of a capture begins that somebody extracted with other rules than the one before it.
RE_EXTRACTED = "extracted anew"
#: … and the reason of one that somebody put together of another number of pages than the one before it.
RE_ASSEMBLED = "put together anew"


@dataclass(frozen=True, slots=True)
class Capture:
    """One row of a listing: the archive saw this URL at this second. Unknown strings are ``''``, never None."""

    archive: str
    url: str
    urlkey: str
    timestamp: str
    captured_at: datetime
    approximate: bool = False
    mimetype: str = ""
    statuscode: str = ""
    digest: str = ""
    length: int | None = None
    form: str = "raw"  # or 'derived': somebody's extraction of the page


@dataclass(frozen=True, slots=True)
class Oddity:
    """A row of a listing that could not be read, kept as it came."""

    line: str
    why: str


@dataclass(frozen=True, slots=True)
class Listing:
    """One complete answer of an archive's index for one URL.

    *outcome* is ``ok``, ``empty`` (the archive said: nothing), or ``excluded``, ``blocked``, ``rate-limited``,
    ``failed``: could not ask, which is never an empty list.
    """

    archive: str
    url: str
    asked_at: datetime
    outcome: str
    captures: tuple[Capture, ...] = ()
    oddities: tuple[Oddity, ...] = ()
    repeated: int = 0
    message: str = ""
    from_ts: str = ""
    to_ts: str = ""

    @property
    def rows(self) -> int:
        """Lines received: captures, repeats and oddities."""
        return len(self.captures) + self.repeated + len(self.oddities)


@dataclass(frozen=True, slots=True)
class Selected:
    """A capture with the decision whether to fetch it, and why."""

    capture: Capture
    fetch: bool
    reason: str


@dataclass(frozen=True, slots=True)
class RawPage:
    """What came back for one capture: the archived bytes and headers, or why there are none.

    *outcome* is ``fetched`` while the body is still to be judged by the text room, else final.
    *landed_timestamp* and *landed_url* say which memento answered; *headers* are the archived ones, lower case.
    """

    capture: Capture
    outcome: Outcome
    reason: str = ""
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int | None = None
    landed_timestamp: str = ""
    landed_url: str = ""
    redirects: tuple[str, ...] = ()
