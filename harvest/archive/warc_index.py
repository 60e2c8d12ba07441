"""The table of contents of WARC files: one pass over a file, one small entry for each page in it."""

from __future__ import annotations

import base64
import hashlib
import logging
import re
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from harvest.timestamps import format_stamp, parse_stamp

_CHUNK = 1 << 16
_BLOCK = 1 << 20
_OVERLAP = 1 << 12  # more than the longest beginning of a record that must lie within one block
_GZIP = b"\x1f\x8b\x08"
_RECORD_START = re.compile(rb"\x1f\x8b\x08|(?<=\n)WARC/(?=\d\.\d\r?\n)")
_FOLLOWS = re.compile(rb"[\r\n]*(?:$|\x1f\x8b\x08|WARC/|[a-z]{2,8}:)")  # ARC records begin with a URL
_OFFSET = re.compile(r"T[\d:.]+[+-]\d\d:?\d\d\s*$")
SUFFIXES = (".warc", ".warc.gz", ".arc", ".arc.gz", ".wacz")
# What warcio and the layers below it raise on damaged files (tried with cut, overwritten and foreign files).
DAMAGE = (ArchiveLoadFailed, zlib.error, EOFError, OSError, ValueError, AttributeError, LookupError)


# It writes addresses of damaged records, control characters and all, to the terminal of whoever has no logging.
logging.getLogger("warcio").addHandler(logging.NullHandler())


class QuietRecords(ArchiveIterator):  # type: ignore[misc]  # warcio has no types
    """The records of a file. Bytes between them are not written to the terminal as they are, as warcio would."""

    INC_RECORD = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a page lies. *statuscode* and *mimetype* as a listing has them: ``''``/``warc/revisit`` for revisits."""

    path: Path
    offset: int
    length: int
    url: str
    timestamp: str
    mimetype: str
    statuscode: str
    digest: str
    location: str = ""
    refers_to: tuple[str, str] = ("", "")  # URL and timestamp of the page a revisit repeats

    @property
    def is_revisit(self) -> bool:
        """True for a record that holds no body because an earlier one has the same."""
        return self.mimetype == "warc/revisit"


@dataclass(frozen=True, slots=True)
class Damage:
    """A place from which a file could not be read on."""

    path: Path
    offset: int
    why: str

    def __str__(self) -> str:
        return f"{self.path.name} is damaged at byte {self.offset}: {self.why}"


def warc_files(path: Path) -> list[Path]:
    """Return *path* itself, or the WARC, ARC and WACZ files of a folder and its subfolders in a fixed order."""
    if path.is_file():
        return [path]
    return sorted(file for file in path.rglob("*") if file.is_file() and file.name.lower().endswith(SUFFIXES))


def read_entries(path: Path) -> Iterator[Entry | Damage]:
    """Yield one entry for each page of a file, in file order, and a `Damage` for each hole in it.

    After a hole reading goes on at the next record that can be read. Bodies are read in small pieces and dropped.
    Requests, metadata and anything that is no web address are left out.
    """
    with path.open("rb") as stream, path.open("rb") as peek:
        start: int | None = 0
        while start is not None:
            good = start
            trouble: Damage | None = None
            for item in _read_from(stream, peek, path, start):
                if isinstance(item, Damage):
                    trouble = item
                elif isinstance(item, int):
                    good = item
                else:
                    yield item
            if trouble is None:
                return
            if good > start or start == 0:  # else a false start inside the same hole
                yield trouble
            start = _next_record(stream, max(good, start + 1))


def open_record(entry: Entry) -> tuple[Any, Any]:
    """Return the file and the record of an entry, ready to read; close the file afterwards."""
    stream = entry.path.open("rb")
    try:
        stream.seek(entry.offset)
        return stream, next(QuietRecords(stream, arc2warc=True))
    except BaseException:
        stream.close()
        raise


def _read_from(stream: IO[bytes], peek: IO[bytes], path: Path, start: int) -> Iterator[Entry | Damage | int]:
    """Yield entries from a place on, after each record the place from which to go on, and at a hole a `Damage`."""
    stream.seek(start)
    records = QuietRecords(stream, arc2warc=True)
    offset = end = start
    try:
        for record in records:
            entry = _entry(path, record)  # reads what the record holds; asking for its place would pass over that
            offset = records.get_record_offset()
            undated = "" if entry is not None else _undated(record)
            missing = getattr(record.raw_stream, "limit", 0) if entry is not None else 0
            length = records.get_record_length()
            if missing:
                yield Damage(path, offset, f"the record ends {missing} bytes early")
                return
            end = offset + length
            sound = _may_end(peek, end) and not (_is_packed(peek, offset) and records.reader.decompressor is None)
            yield end if sound else offset + 1
            if entry is not None:
                yield replace(entry, offset=offset, length=length)
            if not sound:
                # warcio 1.8 reads packed bytes as plain ones where they do not unpack, and swallows what follows
                yield Damage(path, offset, "the record does not end where another begins")
                return
            if undated:
                yield Damage(path, offset, undated)
                return
        # warcio takes a record that is cut in its first bytes for the end of the file
        stream.seek(end)
        rest = stream.read(_BLOCK)
        if rest.strip(b"\r\n"):
            yield Damage(path, end, "what follows is no record")
    except DAMAGE as error:
        why = str(error).strip().splitlines()
        yield Damage(path, offset, why[0][:200] if why else type(error).__name__)


def _is_packed(peek: IO[bytes], place: int) -> bool:
    peek.seek(place)
    return peek.read(len(_GZIP)) == _GZIP


def _may_end(peek: IO[bytes], place: int) -> bool:
    """True where a record may end: at the end of the file, or before another record."""
    peek.seek(place)
    return _FOLLOWS.match(peek.read(64)) is not None


def _next_record(stream: IO[bytes], start: int) -> int | None:
    """Return where the next record may begin, at *start* or later; None at the end of the file."""
    stream.seek(start)
    kept = b""
    place = start
    while piece := stream.read(_BLOCK):
        block = kept + piece
        for match in _RECORD_START.finditer(block):
            if match[0] != _GZIP or _holds_warc(block[match.start() :]):
                return place + match.start()
        kept = block[-_OVERLAP:]
        place += len(block) - len(kept)
    return None


def _holds_warc(packed: bytes) -> bool:
    """True where gzip bytes unpack to the beginning of a record; bodies hold the magic number by chance."""
    try:
        return zlib.decompressobj(31).decompress(packed[:_OVERLAP], 5) == b"WARC/"
    except zlib.error:
        return False


def _undated(record: Any) -> str:
    """Say that a record of a page has no moment that can be read, '' for records that are of no page."""
    url, date = _url_of(record), record.rec_headers.get_header("WARC-Date") or ""
    return f"the record of {url} has the date {date[:40]!r}, which is none" if url and not _stamp_of(date) else ""


def _url_of(record: Any) -> str:
    """Return the address of the page that a record holds, '' for other records; equal ones are one object."""
    url = (record.rec_headers.get_header("WARC-Target-URI") or "").strip().strip("<>")
    is_page = record.rec_type in ("response", "revisit", "resource") and url.lower().startswith(("http://", "https://"))
    return sys.intern(url) if is_page else ""


def _stamp_of(date: str) -> str:
    timestamp = "".join(char for char in date if char.isdigit())[:14]
    try:
        if _OFFSET.search(date):  # against the standard, which knows UTC alone
            return format_stamp(datetime.fromisoformat(date).astimezone(UTC))
        parse_stamp(timestamp)
    except ValueError:
        return ""
    return timestamp


def _entry(path: Path, record: Any) -> Entry | None:
    headers = record.rec_headers
    url, timestamp = _url_of(record), _stamp_of(headers.get_header("WARC-Date") or "")
    if not url or not timestamp:
        return None
    payload = _drain(record)
    digest = (headers.get_header("WARC-Payload-Digest") or "").rpartition(":")[2] or payload
    if record.rec_type == "revisit":
        refers = headers.get_header("WARC-Refers-To-Date") or ""
        refers_to = (
            headers.get_header("WARC-Refers-To-Target-URI") or url,
            "".join(char for char in refers if char.isdigit())[:14],
        )
        return Entry(path, 0, 0, url, timestamp, "warc/revisit", "", digest, refers_to=refers_to)
    http = record.http_headers
    status = http.get_statuscode() if http else "200"
    mimetype = (http.get_header("Content-Type") if http else headers.get_header("Content-Type")) or ""
    location = (http.get_header("Location") if http else "") or ""
    return Entry(
        path,
        0,
        0,
        url,
        timestamp,
        sys.intern(mimetype.split(";")[0].strip().lower()),
        sys.intern(status) if status and status.isdigit() else "",
        digest,
        location.strip() if (status or "").startswith("3") else "",
    )


def _drain(record: Any) -> str:
    sha1 = hashlib.sha1(usedforsecurity=False)
    while chunk := record.raw_stream.read(_CHUNK):
        sha1.update(chunk)
    return base64.b32encode(sha1.digest()).decode()
