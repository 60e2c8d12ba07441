"""What discovery asks of an archive: each address listed once, each page fetched once, and what they lead to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from harvest.archive.discovery import Pointer
from harvest.archive.discovery_addresses import is_same_site
from harvest.archive.discovery_judge import PolicyLink
from harvest.archive.discovery_links import HomePage, read_home
from harvest.errors import ArchiveError, Excluded, StopAsking
from harvest.model import Capture, Listing, Outcome, RawPage
from harvest.urls import urlkey

_HOPS = 4  # from a splash page to the frame of a frame, and redirects on the way
_FRAMES = 6
_HUBS = 2
_LISTINGS = 60  # at 24 a minute; a site whose home pages lead to more was a maze
_NEAR_DAYS = 400
# Asked for, one by one, only where no home page leads to a privacy policy.
_USUAL = (
    "privacy",
    "privacy-policy",
    "privacy.html",
    "privacy.htm",
    "privacypolicy.html",
    "legal/privacy",
    "datenschutz",
)

Tell = Callable[[str], None]


class Asked(Protocol):
    """What discovery needs of an archive."""

    name: str

    def list_captures(self, url: str, *, since: datetime | None = None, until: datetime | None = None) -> Listing: ...
    def fetch(self, capture: Capture) -> RawPage: ...


class Visit:
    """Asks the archive, and remembers what it answered."""

    def __init__(self, archive: Asked, since: datetime | None, until: datetime | None, tell: Tell) -> None:
        self._archive = archive
        self._bounds = (since, until)
        self._listed: dict[str, tuple[Capture, ...]] = {}
        self._fetched: dict[tuple[str, str], RawPage] = {}
        self._read: dict[tuple[str, str], list[PolicyLink]] = {}  # by URL key and digest
        self.tell = tell
        self.trouble: list[str] = []

    def captures_of(self, url: str, *, needed: bool = False) -> tuple[Capture, ...]:
        """Return the captures of an address, of all times but for the home page; none where it cannot be asked for."""
        key = urlkey(url)
        if key in self._listed:
            return self._listed[key]
        if len(self._listed) >= _LISTINGS:
            self._trouble(f"more than {_LISTINGS} addresses: {url} was not looked at")
            return ()
        since, until = self._bounds if needed else (None, None)
        listing = self._archive.list_captures(url, since=since, until=until)
        if listing.outcome not in ("ok", "empty"):
            message = f"{url}: {listing.outcome}: {listing.message}"
            if needed:
                raise Excluded(message) if listing.outcome == "excluded" else ArchiveError(message)
            self._trouble(message)
        self._listed[key] = listing.captures
        return listing.captures

    def read(self, capture: Capture) -> list[PolicyLink] | None:
        """Return what a home page leads to, itself or through its frames and hubs; None where it cannot be seen."""
        known = (capture.urlkey, capture.digest)
        if known in self._read and len(capture.digest) > 1:
            return self._read[known]
        page = self._page(capture, _HOPS)
        if page is None:
            return None
        found = list(self._links(page, capture.captured_at, _HOPS))
        if len(capture.digest) > 1 and not capture.statuscode.startswith("3"):
            self._read[known] = found
        return found

    def usual(self, host: str) -> list[Pointer]:
        """Return pointers to the addresses at which policies usually live, where the archive has pages there."""
        for path in _USUAL:
            url = f"http://{host}/{path}"
            pages = [capture for capture in self.captures_of(url) if capture.statuscode == "200"]
            if pages:
                why = f"no home page leads to it; the archive has {len(pages)} pages of it"
                stamps = (pages[0].timestamp, pages[-1].timestamp)
                return [Pointer(pages[-1].url, "privacy", "", "", self._archive.name, *stamps, 0, 0.5, why)]
        return []

    def near(self, url: str, at: datetime, *, hops: int = _HOPS) -> RawPage | None:
        """Return the page of an address nearest to a moment, through redirects; None where there is none."""
        captures = [capture for capture in self.captures_of(url) if not capture.statuscode.startswith(("4", "5"))]
        nearest = min(captures, key=lambda one: abs(one.captured_at - at), default=None)
        if nearest is None or abs((nearest.captured_at - at).days) > _NEAR_DAYS:
            return None
        return self._page(nearest, hops)

    def fetch(self, capture: Capture) -> RawPage:
        """Fetch a capture once."""
        key = (capture.url, capture.timestamp)
        if key not in self._fetched:
            try:
                page = self._archive.fetch(capture)
            except StopAsking:
                raise
            except ArchiveError as error:
                page = RawPage(capture, Outcome.FAILED, str(error))
            if page.outcome is Outcome.FAILED:
                self._trouble(f"{capture.url} of {capture.timestamp}: {page.reason}")
            self._fetched[key] = page
        return self._fetched[key]

    def _page(self, capture: Capture, hops: int) -> RawPage | None:
        page = self.fetch(capture)
        if page.redirects and hops:
            return self.near(page.redirects[-1], capture.captured_at, hops=hops - 1)
        return page if page.outcome is Outcome.FETCHED and page.body else None

    def _links(self, page: RawPage, at: datetime, hops: int) -> Iterator[PolicyLink]:
        """Yield the policies a page leads to; a hub is asked for what the page itself does not lead to."""
        home = _read(page)
        yield from home.policies
        if not hops:
            return
        inner = [url for url in (home.sends_to, *home.frames[:_FRAMES]) if url and is_same_site(url, page.capture.url)]
        found = set(home.policies)
        for url in inner:
            there = self.near(url, at, hops=hops - 1)
            links = list(self._links(there, at, hops - 1)) if there is not None else []
            found |= set(links)
            yield from links
        if not any(link.kind == "privacy" for link in found):
            for hub in home.hubs[:_HUBS]:
                yield from self._behind(hub, at)

    def _behind(self, hub: PolicyLink, at: datetime) -> Iterator[PolicyLink]:
        there = self.near(hub.url, at, hops=1)
        for link in _read(there).policies if there is not None else ():
            yield replace(link, score=round(link.score - 0.05, 2), evidence=f"{link.evidence}, on “{hub.words}”")

    def _trouble(self, message: str) -> None:
        if message not in self.trouble:
            self.trouble.append(message)


def _read(page: RawPage) -> HomePage:
    return read_home(page.body or b"", page.headers, page.landed_url or page.capture.url)
