"""The small decisions of a run that need no store and no archive."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from harvest.archive.selection import Hole, is_listed_error
from harvest.corpus.queries_known import KnownCapture
from harvest.model import OUTCOME_OF_PAGE, Capture, Document, Listing, Outcome, PageKind, RawPage
from harvest.text import read_html
from harvest.text.decode import decode
from harvest.text.extract import extract
from harvest.timestamps import parse_stamp
from harvest.urls import canonical_url, clean_link, urlkey

Handled = tuple[int, RawPage, Document | None]


class Twins:
    """Fetched captures by address and digest: what another capture with the same bytes turned out to be."""

    def __init__(self, known: Iterable[KnownCapture] = ()) -> None:
        self._known: dict[tuple[str, str], str] = {}
        for item in known:
            if item.has_body and item.landed_timestamp == item.timestamp and item.outcome is not Outcome.REDIRECT:
                self._add(item.url, item.digest, item.statuscode, item.timestamp)

    def learn(self, page: RawPage) -> None:
        """Remember a page that was fetched at the very second that was asked for: its digest is the listed one's."""
        capture = page.capture
        unmoved = page.landed_timestamp == capture.timestamp and page.outcome is not Outcome.REDIRECT
        if page.body is not None and unmoved:
            self._add(capture.url, capture.digest, capture.statuscode, capture.timestamp)

    def page_of(self, capture: Capture) -> RawPage | None:
        """Return a duplicate's page for a capture whose bytes are known; None when it must be fetched.

        It shows what its twin shows, a page without text too. Redirects never count as twins: their bodies are
        empty, and equal, wherever they lead.
        """
        key = self.key_of(capture)
        timestamp = self._known.get(key) if key else None
        if timestamp is None or timestamp == capture.timestamp:
            return None
        reason = f"same bytes as {timestamp}"
        return RawPage(capture, Outcome.DUPLICATE, reason, landed_timestamp=capture.timestamp, landed_url=capture.url)

    def key_of(self, capture: Capture) -> tuple[str, str] | None:
        """Return what twins share; None for what can have none."""
        if capture.statuscode.startswith("3") or len(capture.digest) <= 1:
            return None
        return self._key(capture.url, capture.digest)

    def _add(self, url: str, digest: str, statuscode: str, timestamp: str) -> None:
        if len(digest) > 1 and not statuscode.startswith("3"):
            self._known.setdefault(self._key(url, digest), timestamp)

    @staticmethod
    def _key(url: str, digest: str) -> tuple[str, str]:
        return canonical_url(url), digest


def settle(capture: Capture, twins: Twins) -> RawPage | None:
    """Return the outcome of a capture that can be known without asking for it, else None."""
    if is_listed_error(capture):
        return RawPage(
            capture,
            Outcome.ERROR_PAGE,
            f"listed as {capture.statuscode}",
            status=int(capture.statuscode),
            landed_timestamp=capture.timestamp,
        )
    return twins.page_of(capture)


# A capture that failed so often is passed over by a search for changes; each attempt was repeated in itself.
_GIVEN_UP = 4


def key_of(capture: Capture | KnownCapture) -> tuple[str, str, str, str, str]:
    """Return what tells a capture from the others of its policy."""
    return capture.archive, capture.url, capture.timestamp, capture.digest, capture.statuscode


def holes(known: Iterable[KnownCapture], archive: str) -> list[Hole]:
    """Return captures of an archive that could not be played, with what it would play instead."""
    return [
        Hole(urlkey(item.url), parse_stamp(item.timestamp)[0], _moment(item.landed_timestamp))
        for item in known
        if item.archive == archive and item.outcome in (Outcome.UNPLAYABLE, Outcome.MISSING)
    ]


def _moment(stamp: str) -> datetime | None:
    try:
        return parse_stamp(stamp)[0]
    except ValueError:
        return None


def shown_by(captures: Iterable[Capture], known: Iterable[KnownCapture]) -> dict[Capture, str | None]:
    """Return what each capture showed, as `select` wants to know it for ``change``.

    The sha256 of its text, '' for a page without or one that will not come; None while it is still to be fetched.
    Captures that may not be shown are unlike one another: nothing is assumed of what lies between two of them, and
    each of a site that is excluded ends as that, without another request.
    """
    by_key = {key_of(item): item for item in known}
    shown: dict[Capture, str | None] = {}
    for capture in captures:
        item = by_key[key_of(capture)]
        if item.outcome in (Outcome.LISTED, Outcome.FAILED) and item.attempts < _GIVEN_UP:
            if item.wanted:
                shown[capture] = None
        elif item.outcome is Outcome.EXCLUDED:
            shown[capture] = " ".join(key_of(item))
        elif item.outcome is not Outcome.SKIPPED:
            shown[capture] = item.text
    return shown


def read_page(page: RawPage) -> tuple[RawPage, Document | None]:
    """Let the text room read a fetched page; archived errors stay errors whatever they say.

    A stub that sends its readers on with a meta refresh gets its target as *redirects*: it is as good a sign of a
    move as an archived redirect.
    """
    if page.outcome is not Outcome.FETCHED or page.body is None:
        return page, None
    url = page.landed_url or page.capture.url
    document = read_html(page.body, page.headers, page_url=url, status=page.status)
    outcome = OUTCOME_OF_PAGE[document.page_kind]
    if page.status is not None and page.status >= 400 and outcome is Outcome.FETCHED:
        outcome = Outcome.ERROR_PAGE
    reason = document.reason if outcome is not Outcome.FETCHED else page.reason
    targets = _refresh(page, url) if document.page_kind is PageKind.STUB else ()
    return replace(page, outcome=outcome, reason=reason, redirects=targets), document


def _refresh(page: RawPage, url: str) -> tuple[str, ...]:
    target = clean_link(extract(decode(page.body or b"", page.headers).text, page_url=url).refresh, url)
    return (target,) if target else ()


def refusal(listing: Listing, *, evidence: str) -> str:
    """Return the message for a listing that gave nothing, with what to do; '' when all is well.

    An address that only a redirect pointed to may be missing from the archive: that is no error.
    """
    if listing.outcome == "ok" or (listing.outcome == "empty" and evidence != "given"):
        return ""
    if listing.outcome == "empty":
        within = " in this period" if listing.from_ts or listing.to_ts else ""
        return (
            f"{listing.archive} has no capture of {listing.url}{within}: check the spelling of the URL,"
            " or try an older address of the page"
        )
    return f"{listing.url}: {listing.outcome}: {listing.message}"
