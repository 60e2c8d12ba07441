"""Where captures come from: the Wayback Machine, servers that speak its language, and local WARC files.

The only room that talks to the network. `open_archive` turns what a user writes after ``--archive`` into an
`Archive`; everything else of the program knows no more than that protocol.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Protocol

from harvest.archive.discovery import FoundPolicy, PageSeen
from harvest.config import Settings
from harvest.errors import ArchiveError
from harvest.model import Capture, Listing, RawPage

__all__ = ["Archive", "ArchiveInFront", "FoundPolicy", "PageSeen", "open_archive", "opener"]


class Archive(Protocol):
    """What the pipeline needs to know of an archive.

    *name* goes into ``captures.archive``: ``wayback``, the address of a server, or ``warc``. *is_local* archives
    have no rate limit and cost nothing to ask. *patience_s*: how long after a failure it is worth to ask again.
    """

    name: str
    is_local: bool
    patience_s: float

    def list_captures(self, url: str, *, since: datetime | None = None, until: datetime | None = None) -> Listing:
        """Return all captures of one URL, oldest first; spellings that share its URL key count as the same URL.

        Raises `StopAsking` (stop the run); other refusals are the listing's *outcome*.
        """
        ...

    def fetch(self, capture: Capture) -> RawPage:
        """Return the bytes of a capture as archived, or the outcome that says why there are none.

        Raises `StopAsking` only; may be called by several threads at once where `concurrency` says so.
        """
        ...

    def concurrency(self) -> int:
        """Return how many pages it is of use to ask for at the same time now; 1: one after the other."""
        ...

    def find_policies(self, host: str | None) -> tuple[FoundPolicy, ...]:
        """Return the policies of a host and its subdomains; None: of every host.

        Raises `UnknownTarget` where the archive cannot know: the message asks for a URL.
        """
        ...

    def warnings(self) -> tuple[str, ...]:
        """Return what is wrong with the archive itself, such as a damaged file; empty when all is well."""
        ...

    def close(self) -> None:
        """Release connections and files."""
        ...


class ArchiveInFront:
    """An archive that stands in front of another and does as that one does; what differs is for subclasses."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self.name = archive.name
        self.is_local = archive.is_local
        self.patience_s = archive.patience_s

    def list_captures(self, url: str, *, since: datetime | None = None, until: datetime | None = None) -> Listing:
        """As the archive does."""
        return self._archive.list_captures(url, since=since, until=until)

    def fetch(self, capture: Capture) -> RawPage:
        """As the archive does."""
        return self._archive.fetch(capture)

    def concurrency(self) -> int:
        """As the archive does."""
        return self._archive.concurrency()

    def find_policies(self, host: str | None) -> tuple[FoundPolicy, ...]:
        """As the archive does."""
        return self._archive.find_policies(host)

    def warnings(self) -> tuple[str, ...]:
        """As the archive does."""
        return self._archive.warnings()

    def close(self) -> None:
        """As the archive does."""
        self._archive.close()


def open_archive(
    spec: str,
    settings: Settings | None = None,
    *,
    name: str | None = None,
    on_wait: Callable[[float, str], None] | None = None,
) -> Archive:
    """Open the archive that *spec* names.

    *spec*: ``wayback``; ``arquivo``; an http(s) address of a Wayback-compatible server, ``#index=`` and the address
    of its index behind it where that is a server of its own; or a WARC or WACZ file, or a folder of them.
    *name* replaces the archive's own name in the corpus. *on_wait* is told of longer waits: seconds, and why.
    Raises `ArchiveError` for a spec that is none of these and `DamagedArchive` for a file in which nothing could be
    read.
    """
    settings = settings or Settings()
    if spec in ("wayback", "arquivo") or spec.lower().startswith(("http://", "https://")):
        from harvest.archive.wayback import WaybackArchive  # needs requests and waybackpy: not for local files

        return WaybackArchive.open(spec, settings, name=name, on_wait=on_wait)
    path = Path(spec).expanduser()
    if path.exists():
        from harvest.archive.warc import WarcArchive

        return WarcArchive(path, settings, name=name or "warc")
    raise ArchiveError(
        f"no archive at {spec!r}: write 'wayback', 'arquivo', the address of a Wayback-compatible server (http://…),"
        " or the path of a WARC or WACZ file or a folder of them"
    )


def opener(
    settings: Settings | None = None, *, instead: str = "", on_wait: Callable[[float, str], None] | None = None
) -> Callable[[str], Archive | None]:
    """Return what opens an archive again by the name that stands in ``captures.archive``; None for local files.

    *instead*: open this one, as `open_archive` takes it, whatever the name. What is returned raises as that does.
    """

    def open_again(name: str) -> Archive | None:
        if instead:
            return open_archive(instead, settings, on_wait=on_wait)
        return None if name == "warc" else open_archive(name, settings, name=name, on_wait=on_wait)

    return open_again
