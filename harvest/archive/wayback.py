"""The Wayback Machine, and other servers that speak its language or pywb's, as an archive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlsplit

from harvest.archive import memento
from harvest.archive.cdx_rows import read_page
from harvest.archive.discovery import FoundPolicy
from harvest.archive.discovery_home import find_policies
from harvest.archive.governor import Governor
from harvest.archive.governor_state import StateFile, state_folder
from harvest.archive.listing import check_listing, list_captures
from harvest.archive.session import ArchiveSession, OnWait, is_loopback
from harvest.config import Rate, Settings
from harvest.errors import ArchiveError, BadListing, Excluded, UnknownTarget
from harvest.model import Capture, Listing, RawPage

__all__ = ["WAYBACK", "Dialect", "WaybackArchive", "dialects", "is_loopback"]

WAYBACK = "https://web.archive.org"
ARQUIVO = "https://arquivo.pt/wayback"
_BASES = {"wayback": WAYBACK, "arquivo": ARQUIVO, "https://arquivo.pt": ARQUIVO}
_INDEX = "#index="


@dataclass(frozen=True, slots=True)
class Dialect:
    """Where a server has its index and its pages. *plain_cdx*: the archive's seven fields, not pywb's JSON."""

    name: str
    index: str
    playback: str
    plain_cdx: bool


def dialects(base: str, index: str = "") -> tuple[Dialect, ...]:
    """Return the ways a server at *base* may be laid out, likeliest first.

    The Wayback Machine and what imitates it: ``/cdx/search/cdx`` and ``/web/``. pywb: ``/cdx`` and the timestamp
    right below the collection, ``http://host/COLLECTION``. Arquivo.pt: as pywb, its pages without a frame elsewhere.
    *index*: an index by itself, as OutbackCDX is one.
    """
    if index:
        return (Dialect("outbackcdx", index, f"{base}/", plain_cdx=False),)
    if base == ARQUIVO:
        return (Dialect("arquivo", f"{base}/cdx", "https://arquivo.pt/noFrame/replay/", plain_cdx=False),)
    return (
        Dialect("wayback", f"{base}/cdx/search/cdx", f"{base}/web/", plain_cdx=True),
        Dialect("pywb", f"{base}/cdx", f"{base}/", plain_cdx=False),
    )


class WaybackArchive:
    """A Wayback-compatible server over HTTP. Which dialect it speaks is found out by the first listing."""

    def __init__(self, base: str, session: ArchiveSession, settings: Settings, *, name: str = "") -> None:
        place, _, index = base.partition(_INDEX)
        self.base, self._index = place.rstrip("/"), index.rstrip("/")
        self.name = name or ("wayback" if self.base == WAYBACK else base.rstrip("/"))
        self.is_local = False
        is_free = is_loopback(self.base) and not settings.govern_loopback
        self.patience_s = 0.0 if is_free else settings.patience_s
        self._session = session
        self._settings = settings
        ways = dialects(self.base, self._index)
        self._dialect: Dialect | None = ways[0] if self.base in (WAYBACK, ARQUIVO) or self._index else None

    @classmethod
    def open(
        cls, spec: str, settings: Settings, *, name: str | None = None, on_wait: OnWait | None = None
    ) -> WaybackArchive:
        """Open ``wayback``, ``arquivo`` or an http(s) address; ``ADDRESS#index=ADDRESS`` where the index is elsewhere.

        Servers on this computer have no rate limit, unless one is asked for.
        """
        base = _BASES.get(spec.rstrip("/"), spec.rstrip("/"))
        if not urlsplit(base).hostname:
            raise ArchiveError(f"{spec!r} is no address of a server: write http://HOST:PORT")
        governor = _governor(base, settings, on_wait)
        session = ArchiveSession(settings, governor=governor, on_wait=on_wait)
        return cls(base, session, settings, name=name or "")

    def list_captures(self, url: str, *, since: datetime | None = None, until: datetime | None = None) -> Listing:
        """Return all captures of *url*; see `harvest.archive.listing`."""
        dialect = self._speak(url)
        return list_captures(
            self._session,
            url,
            archive=self.name,
            endpoint=dialect.index,
            settings=self._settings,
            since=since,
            until=until,
            plain_cdx=dialect.plain_cdx,
        )

    def fetch(self, capture: Capture) -> RawPage:
        """Return the page of a capture; see `harvest.archive.memento`."""
        prefix = self._speak(capture.url).playback
        return memento.fetch(self._session, capture, prefix=prefix, settings=self._settings)

    def concurrency(self) -> int:
        """As many as it takes to use the allowed rate while the archive answers as slowly as it does."""
        return self._session.concurrency()

    def find_policies(self, host: str | None) -> tuple[FoundPolicy, ...]:
        """Return what the archived home pages of *host* lead to; see `harvest.archive.discovery_home`."""
        if host is None:
            raise UnknownTarget("an archive of the whole web is not harvested whole: name a site or a URL")
        return find_policies(self, host)

    def warnings(self) -> tuple[str, ...]:
        """Return nothing: what a server has to say it says with each answer."""
        return ()

    def close(self) -> None:
        """Close the connection."""
        self._session.close()

    def _speak(self, url: str) -> Dialect:
        """Return the server's dialect, asking it once: the first one in which it answers with a listing."""
        if self._dialect is not None:
            return self._dialect
        ways = dialects(self.base, self._index)
        trouble: ArchiveError | None = None
        for dialect in ways:
            try:
                self._ask_twice(dialect, url)
            except Excluded:
                pass  # it knows the address: that is an index
            except _Elsewhere:
                continue
            except BadListing as error:
                trouble = trouble or error
                continue
            self._dialect = dialect
            return dialect
        places = " or ".join(dialect.index for dialect in ways)
        raise trouble or ArchiveError(
            f"{self.base} has no index at {places}. For pywb, name the collection: http://HOST:PORT/COLLECTION"
        )

    def _ask_twice(self, dialect: Dialect, url: str) -> None:
        """Ask for one row of a listing. Raises BadListing where neither answer is one, and as `read_page` does.

        Twice, because a web page under status 200 may pass: a server that answers in both layouts would be taken for
        the other one, and every page be missing. What is not there (404, 405, 501) is not asked for again.
        """
        for is_last in (False, True):
            answer = self._session.get(f"{dialect.index}?url={quote(url, safe='')}&limit=1", endpoint="listing")
            try:
                read_page(check_listing(answer), archive=self.name)
            except BadListing as error:
                if answer.status in (404, 405, 501):
                    raise _Elsewhere(str(error)) from error
                if is_last:
                    raise
            else:
                return


class _Elsewhere(BadListing):
    """The index is not at this address."""


def _governor(base: str, settings: Settings, on_wait: OnWait | None) -> Governor:
    """Return what keeps the limits of an archive: shared by all processes, unless it runs on this computer."""
    archive = urlsplit(base).netloc.lower()
    if is_loopback(base) and not settings.govern_loopback:
        free = {"listing": Rate(None), "memento": Rate(None)}
        state = StateFile(None)
        return Governor(state, archive, free, clock=settings.clock, on_wait=on_wait, persistent=False)
    rates = settings.rates_of(urlsplit(base).hostname or "")
    state = StateFile.in_folder(state_folder(settings.state))
    return Governor(state, archive, rates, clock=settings.clock, on_wait=on_wait)
