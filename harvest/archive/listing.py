"""All captures of one URL from a CDX index: waybackpy's query model over our session, our paging and row parser.

waybackpy 3.0.6 itself turns a 429 into an empty list, has no timeout, dies of one bad timestamp, and stops where a
first page holds nothing but a resume key. Its parameter checks, its query building and its record are what we keep.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from urllib.parse import quote, unquote_plus

from waybackpy.cdx_api import WaybackMachineCDXServerAPI
from waybackpy.cdx_utils import full_url
from waybackpy.exceptions import WaybackError

from harvest.archive.cdx_rows import Page, read_page
from harvest.archive.refusals import exclusion
from harvest.archive.session import Answer, ArchiveSession
from harvest.clock import moment
from harvest.config import Settings
from harvest.errors import ArchiveError, BadListing, Excluded, StopAsking
from harvest.model import Capture, Listing, Oddity
from harvest.timestamps import format_stamp, parse_stamp

# No policy has this many pages of captures; a server that goes on for ever is not believed.
_MAX_PAGES = 1_000
# Maintenance pages and half answers come with status 200 and pass within minutes.
_PAUSES_S = (15.0, 60.0)
_KEY_STAMP = re.compile(r"^(.*[ )])(\d{13}.)$", re.S)


class CdxQuery(WaybackMachineCDXServerAPI):
    """waybackpy's model of a query, asked through our session. One URL exactly: other match types lose rows."""

    def __init__(
        self, url: str, *, endpoint: str, settings: Settings, since: datetime | None, until: datetime | None
    ) -> None:
        super().__init__(
            url,
            user_agent=settings.user_agent,
            start_timestamp=format_stamp(since) if since else None,
            end_timestamp=format_stamp(until) if until else None,
            limit=str(settings.listing_page_rows),
        )
        self.endpoint = endpoint

    def address(self, *, resume_key: str = "", start: str = "", allow_fuzzy: bool = True) -> str:
        """Return the address of one page of the answer.

        All seven fields in the server's order (``fl`` breaks resume keys); no collapse, no filter, no
        ``resolveRevisits``: each of them loses rows. The resume key is sent as it came, encoded once more.
        """
        payload: dict[str, str] = {}
        self.add_payload(payload)
        if start:
            payload["from"] = start
        payload |= {"showResumeKey": "true", "limit": str(self.limit)}
        if not allow_fuzzy:
            payload["allowFuzzy"] = "0"
        if resume_key:
            payload["resumeKey"] = resume_key
        return str(full_url(self.endpoint, params=payload))


def list_captures(
    session: ArchiveSession,
    url: str,
    *,
    archive: str,
    endpoint: str,
    settings: Settings,
    since: datetime | None = None,
    until: datetime | None = None,
    plain_cdx: bool = True,
) -> Listing:
    """Return every capture of *url*, oldest first, or a listing whose outcome says why there is none.

    *plain_cdx*: False for servers of pywb's kind, which answer with similar addresses unless told not to. Raises
    `StopAsking`: nothing else can be asked either.
    """
    listing = Listing(archive, url, moment(settings.clock), "ok", from_ts=_stamp(since), to_ts=_stamp(until))
    collected = _Collected()
    try:
        query = CdxQuery(url, endpoint=endpoint, settings=settings, since=since, until=until)
        for page in _pages(session, query, archive=archive, plain_cdx=plain_cdx, collected=collected):
            collected.add(page)
    except Excluded as error:
        return collected.listing(listing, outcome="excluded", message=str(error))
    except StopAsking:
        raise
    except (ArchiveError, WaybackError) as error:
        return collected.listing(listing, outcome="failed", message=str(error))
    return collected.listing(listing, outcome="ok" if collected.captures or collected.oddities else "empty")


def check_listing(answer: Answer) -> str:
    """Return the text of an index's answer. Raises what any other answer means: never an empty listing."""
    refused = exclusion(answer.headers, answer.text if answer.status != 200 or len(answer.body) < 10_000 else "")
    if refused:
        raise Excluded(refused)
    if answer.status != 200:
        raise BadListing(f"the index answered with status {answer.status}")
    if answer.flaw:
        raise BadListing(f"the index's answer {answer.flaw}")
    if not answer.text.strip() and "html" in answer.headers.get("content-type", ""):
        raise BadListing("the index answered with an empty web page")
    return answer.text


class _Collected:
    """What the pages of one listing brought so far, repeats counted and not kept."""

    def __init__(self) -> None:
        self.captures: dict[Capture, None] = {}
        self.oddities: dict[Oddity, None] = {}
        self.repeated = 0
        self._edge: set[Capture | Oddity] = set()

    @property
    def distinct(self) -> int:
        """How many different rows came so far."""
        return len(self.captures) + len(self.oddities)

    @property
    def last_stamp(self) -> str:
        """Timestamp of the newest row, '' before the first."""
        return max((capture.timestamp for capture in self.captures), default="")

    def add(self, page: Page) -> None:
        """Take a page. Rows of the second that was asked for twice on purpose are no repeats."""
        overlap, self._edge = self._edge, set()
        for capture in page.captures:
            if capture in self.captures:
                self.repeated += capture not in overlap
            else:
                self.captures[capture] = None
        for oddity in page.oddities:
            if oddity in self.oddities:
                self.repeated += oddity not in overlap
            else:
                self.oddities[oddity] = None
        last = self.last_stamp
        self._edge = {capture for capture in page.captures if capture.timestamp == last} | set(page.oddities)

    def listing(self, listing: Listing, *, outcome: str, message: str = "") -> Listing:
        """Return the listing with what was collected, in order of time."""
        ordered = sorted(self.captures, key=lambda capture: (capture.captured_at, capture.url, capture.digest))
        return replace(
            listing,
            outcome=outcome,
            message=message,
            captures=tuple(ordered),
            oddities=tuple(self.oddities),
            repeated=self.repeated,
        )


def _pages(
    session: ArchiveSession, query: CdxQuery, *, archive: str, plain_cdx: bool, collected: _Collected
) -> Iterator[Page]:
    """Yield the pages of a listing until the server has no more, however it says so."""
    resume_key, start, stuck, strict = "", "", 0, not plain_cdx
    for _ in range(_MAX_PAGES):
        address = query.address(resume_key=resume_key, start=start, allow_fuzzy=plain_cdx)
        page = _page(
            session, address, lambda text: read_page(text, archive=archive, asked=query.url, strict_url=strict)
        )
        known = collected.distinct
        yield page
        fresh = collected.distinct > known
        is_full = page.lines >= int(query.limit)
        if not page.resume_key and not (is_full and fresh):
            return
        stuck = 0 if fresh else stuck + 1
        if fresh and page.resume_key:
            resume_key, start = _next_page(page.resume_key, collected.last_stamp)
        elif stuck == 1 and page.resume_key:
            resume_key, start = page.resume_key, ""  # without the overlap; or past a page of nothing but a key
        elif stuck <= 2 and collected.last_stamp:
            resume_key, start = "", collected.last_stamp  # keys that are ignored, and full pages without one
        else:
            raise BadListing("the index repeats itself: its pages do not advance")
    raise BadListing(f"the index goes on after {_MAX_PAGES} pages")


def _page(session: ArchiveSession, address: str, read: Callable[[str], Page]) -> Page:
    """Return one page of a listing; ask again, some time later, where something else came instead of rows.

    An answer of nothing, or one that stops within a line, is believed when it comes twice: servers in trouble have
    sent both with status 200, and some servers never end the last line.
    """
    for pause_s in (*_PAUSES_S, None):
        try:
            text = check_listing(session.get(address, endpoint="listing"))
            page = read(text)
            if (page.lines or page.resume_key) and text.endswith(("\n", "]")):
                return page
            if check_listing(session.get(address, endpoint="listing")) == text:
                return page
            raise BadListing("the index gave two answers to one question, the first of them cut short or empty")
        except BadListing as error:
            if pause_s is None:
                raise
            session.back_off(pause_s, str(error))
    raise AssertionError("the last pause is None")


def _next_page(resume_key: str, last_stamp: str) -> tuple[str, str]:
    """Return the resume key and the start of the next page, so that it begins in the second of the last row.

    A key that cannot be set back (base64, as seen in 2026) gives way to that second as the start of a new query; the
    last row's stamp must be a date for that.
    """
    moved = overlapping(resume_key, last_stamp)
    is_date = len(last_stamp) == 14 and not parse_stamp(last_stamp)[1]
    return ("", last_stamp) if moved == resume_key and is_date else (moved, "")


def overlapping(resume_key: str, last_stamp: str) -> str:
    """Set a resume key back to the second of the last row: keys point past it, and lose a twin at a page's edge.

    Keys that do not end in a timestamp are left alone.

    >>> overlapping("com%2Ccnn%29%2F+20010505040413", "20010505040412")
    'com%2Ccnn%29%2F+20010505040412'
    """
    plain = unquote_plus(resume_key)
    match = _KEY_STAMP.match(plain)
    if not match or len(last_stamp) != 14 or abs(_number(match[2]) - _number(last_stamp)) > 100:
        return resume_key
    moved = match[1] + last_stamp
    return quote(moved, safe="").replace("%20", "+") if plain != resume_key else moved


def _number(stamp: str) -> int:
    # the last digit of a key is incremented past 9: to ``:``
    return int(stamp[:13]) * 10 + (ord(stamp[13]) - ord("0"))


def _stamp(moment: datetime | None) -> str:
    return format_stamp(moment) if moment else ""
