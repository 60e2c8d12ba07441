"""Captures out of local WARC files: read with warcio, indexed once, bodies read when asked for."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from operator import attrgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urljoin

from harvest.archive.discovery import FoundPolicy, PageSeen, group_policies
from harvest.archive.discovery_addresses import guess_kind, is_of_host
from harvest.archive.warc_bodies import read_body
from harvest.archive.warc_index import DAMAGE, Damage, Entry, open_record, read_entries, warc_files
from harvest.archive.warc_wrapped import is_packed_as_a_whole, unpacked, unpacked_whole
from harvest.config import Settings
from harvest.errors import DamagedArchive, UnknownTarget
from harvest.model import Capture, Listing, Outcome, RawPage
from harvest.timestamps import format_stamp, parse_stamp
from harvest.urls import urlkey

_ORDER = attrgetter("timestamp", "url", "digest", "statuscode")
_HTML = ("text/html", "application/xhtml+xml", "")
_TITLE = re.compile(rb"<title[^>]*>(.{0,500}?)</title", re.I | re.S)
_TITLE_BYTES = 65_536  # titles stand in the head; no page seen had one later


class WarcArchive:
    """A WARC or WACZ file, or a folder of them. Raises `DamagedArchive` when nothing in it can be read."""

    is_local = True
    patience_s = 0.0

    def __init__(self, path: Path, settings: Settings, *, name: str = "warc") -> None:
        self.name = name
        self.path = path
        self._settings = settings
        self._by_key: dict[str, list[Entry]] = defaultdict(list)
        #: What revisits ask for, by address and digest.
        self._bodies: dict[tuple[str, str], list[Entry]] = defaultdict(list)
        self._damage: list[Damage] = []
        self._unpacked: list[TemporaryDirectory[str]] = []
        files = warc_files(path)
        for file in files:
            self._index(file)
        repeated = {entry.digest for entries in self._by_key.values() for entry in entries if entry.is_revisit}
        for key, entries in self._by_key.items():
            entries.sort(key=_ORDER)
            for entry in entries:
                if not entry.is_revisit and entry.digest in repeated:
                    self._bodies[key, entry.digest].append(entry)
        if not self._by_key:
            self.close()
            raise DamagedArchive(_nothing(path, files, self._damage))

    def list_captures(self, url: str, *, since: datetime | None = None, until: datetime | None = None) -> Listing:
        """Return the captures of *url* in the files; exact repeats of a row are counted, not returned."""
        low = format_stamp(since) if since else ""
        high = format_stamp(until) if until else ""
        rows = [
            entry
            for entry in self._by_key.get(urlkey(url), [])
            if entry.timestamp >= low and (not high or entry.timestamp <= high)
        ]
        distinct = {(entry.url, entry.timestamp, entry.digest, entry.statuscode): entry for entry in reversed(rows)}
        captures = tuple(self._capture(entry) for entry in reversed(distinct.values()))
        return Listing(
            archive=self.name,
            url=url,
            asked_at=datetime.now(UTC),
            outcome="ok" if captures else "empty",
            captures=captures,
            repeated=len(rows) - len(captures),
            from_ts=low,
            to_ts=high,
        )

    def fetch(self, capture: Capture) -> RawPage:
        """Return the page of a capture; a revisit answers with the body it refers to."""
        entry = self._find(capture)
        if entry is None:
            return RawPage(capture, Outcome.MISSING, f"no such record in {self.path.name}")
        source = self._source(entry) if entry.is_revisit else entry
        if source is None:
            reason = "a revisit of a page that is not in these files: import the folder that holds both"
            return RawPage(capture, Outcome.FAILED, reason)  # the same import with the other files reads it
        try:
            return self._read(capture, entry, source)
        except DAMAGE as error:
            return RawPage(capture, Outcome.UNPLAYABLE, f"{source.path.name} at byte {source.offset}: {error}")

    def concurrency(self) -> int:
        """One: the disk is not waited for."""
        return 1

    def find_policies(self, host: str | None) -> tuple[FoundPolicy, ...]:
        """Return what HTML pages of *host* and its subdomains (None: of all) are there, as policies by kind."""
        pages = [page for page in self._pages() if host is None or is_of_host(page.url, host)]
        if not pages:
            hosts = sorted({page.url.split("/")[2] for page in self._pages()})
            shown = ", ".join(hosts[:12]) + (", …" if len(hosts) > 12 else "")
            if not hosts:
                raise UnknownTarget(f"no HTML page in {self.path} was answered with status 200: nothing to harvest")
            raise UnknownTarget(f"no HTML page of {host or 'any host'} in {self.path}; it holds pages of: {shown}")
        return group_policies(pages)

    def warnings(self) -> tuple[str, ...]:
        """Return one line for each place where a file could not be read on."""
        return tuple(f"{damage}; what could be read was harvested, get an intact copy" for damage in self._damage)

    def close(self) -> None:
        """Remove what was unpacked of WACZ files; nothing else is kept open."""
        for folder in self._unpacked:
            folder.cleanup()

    def _index(self, file: Path) -> None:
        if not file.name.lower().endswith(".wacz"):
            self._index_records(file)
            return
        for member in unpacked(file, self._folder()):
            if isinstance(member, Damage):
                self._damage.append(member)
            else:
                self._index_records(member)

    def _index_records(self, file: Path) -> None:
        if is_packed_as_a_whole(file):
            file = unpacked_whole(file, self._folder())
        for item in read_entries(file):
            if isinstance(item, Damage):
                self._damage.append(item)
            else:
                self._by_key[urlkey(item.url)].append(item)

    def _folder(self) -> Path:
        self._unpacked.append(TemporaryDirectory(prefix="harvest-"))
        return Path(self._unpacked[-1].name)

    def _pages(self) -> Iterable[PageSeen]:
        for entries in self._by_key.values():
            pages = [entry for entry in entries if entry.is_revisit or entry.mimetype in _HTML or entry.location]
            shown = [entry for entry in pages if entry.statuscode in ("200", "") or entry.location]
            if not shown:
                continue
            newest = pages[-1]
            title = "" if guess_kind(newest.url) != "other" else self._title(pages)
            targets = {urljoin(entry.url, entry.location) for entry in pages if entry.location}
            yield PageSeen(newest.url, len(pages), pages[0].timestamp, newest.timestamp, title, tuple(sorted(targets)))

    def _title(self, entries: Iterable[Entry]) -> str:
        for entry in entries:
            if entry.statuscode == "200":
                body = self.fetch(self._capture(entry)).body or b""
                match = _TITLE.search(body[:_TITLE_BYTES])
                return unescape(match[1].decode("utf-8", "replace")).strip() if match else ""
        return ""

    def _capture(self, entry: Entry) -> Capture:
        moment, approximate = parse_stamp(entry.timestamp)
        return Capture(
            archive=self.name,
            url=entry.url,
            urlkey=urlkey(entry.url),
            timestamp=entry.timestamp,
            captured_at=moment,
            approximate=approximate,
            mimetype=entry.mimetype,
            statuscode=entry.statuscode,
            digest=entry.digest,
            length=entry.length,
        )

    def _find(self, capture: Capture) -> Entry | None:
        wanted = (capture.timestamp, capture.url, capture.digest, capture.statuscode)
        entries = self._by_key.get(urlkey(capture.url), [])
        place = bisect_left(entries, wanted, key=_ORDER)
        return entries[place] if place < len(entries) and _ORDER(entries[place]) == wanted else None

    def _source(self, revisit: Entry) -> Entry | None:
        url, timestamp = revisit.refers_to
        same = [
            one for key in (urlkey(url), urlkey(revisit.url)) for one in self._bodies.get((key, revisit.digest), ())
        ]
        exact = [entry for entry in same if entry.timestamp == timestamp]
        return next(iter(exact or same), None)

    def _read(self, capture: Capture, entry: Entry, source: Entry) -> RawPage:
        stream, record = open_record(source)
        with stream:
            http = record.http_headers
            headers = {name.lower(): value for name, value in (http.headers if http else ())}
            body, flaw = read_body(record, most=self._settings.max_body_bytes)
        page = RawPage(
            capture,
            Outcome.FETCHED,
            headers=headers,
            status=int(source.statuscode) if source.statuscode else None,
            landed_timestamp=entry.timestamp,
            landed_url=entry.url,
        )
        if flaw == "too long":
            reason = f"longer than {self._settings.max_body_bytes} bytes"
            return replace(page, outcome=Outcome.UNPLAYABLE, reason=reason)
        headers.pop("content-encoding", None)  # undone
        if source.location:
            target = urljoin(source.url, source.location)
            return replace(page, outcome=Outcome.REDIRECT, reason=f"to {target}", redirects=(target,))
        return replace(page, body=body, reason=f"the body {flaw}" if flaw else "")


def _nothing(path: Path, files: list[Path], damage: list[Damage]) -> str:
    if not files:
        return f"no WARC file in {path}: the names must end in .warc, .warc.gz, .arc, .arc.gz or .wacz"
    if damage:
        return f"nothing could be read: {damage[0]}. Get an intact copy of the file"
    return f"{path} holds no web pages: is it a WARC file?"
