"""What the simulated archive holds: WARC files, indexed once, read back record by record."""

from __future__ import annotations

import base64
import bisect
import gzip
import hashlib
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from warcio.exceptions import ArchiveLoadFailed

from harvest.archive.warc_bodies import read_body
from harvest.archive.warc_index import QuietRecords
from harvest.errors import DamagedArchive
from harvest.timestamps import parse_stamp
from harvest.urls import urlkey

_CDX_FIELDS = 7
_TRAILING_BYTES = 8  # empty lines that some writers leave at the end of a file
CDX_SUFFIXES = (".cdx", ".cdx.gz")
WARC_SUFFIXES = (".warc", ".warc.gz", ".arc", ".arc.gz")


@dataclass(frozen=True, slots=True)
class Holding:
    """One record of the archive, with the seven fields of its index row. *offset* None: listed, but not played."""

    urlkey: str
    timestamp: str
    original: str
    mimetype: str
    statuscode: str
    digest: str
    length: str
    path: Path
    offset: int | None
    refers_to: str = ""  # of a revisit record: the URL whose response it repeats
    refers_to_timestamp: str = ""


@dataclass(frozen=True, slots=True)
class Stored:
    """An archived answer: status line, headers in their order, and the body free of transfer and content coding."""

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        """The first header of that name, whatever its case; '' if there is none."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


class Holdings:
    """All records of some WARC files, in index order: by key, then by time, then as they were read."""

    def __init__(self, holdings: Iterable[Holding]) -> None:
        self.rows: tuple[Holding, ...] = tuple(sorted(holdings, key=lambda row: (row.urlkey, row.timestamp)))
        self._keys = [row.urlkey for row in self.rows]

    def of(self, key: str) -> tuple[Holding, ...]:
        """All records of one key, oldest first."""
        return self.rows[bisect.bisect_left(self._keys, key) : bisect.bisect_right(self._keys, key)]

    def playable(self, key: str) -> tuple[Holding, ...]:
        """The records of one key that can be played back, oldest first."""
        return tuple(row for row in self.of(key) if row.offset is not None)

    def starting(self, prefix: str) -> tuple[Holding, ...]:
        """All records whose key starts with *prefix*, in index order."""
        low = bisect.bisect_left(self._keys, prefix)
        high = bisect.bisect_left(self._keys, prefix + "\U0010ffff")
        return self.rows[low:high]

    def load(self, row: Holding) -> Stored:
        """Read one record back. A revisit record answers with the body of the response it refers to.

        Raises LookupError for a record that is listed only.
        """
        stored = _read(row)
        if row.mimetype != "warc/revisit":
            return stored
        target = self._revisited(row)
        if target is None:
            return stored
        original = _read(target)
        return stored if stored.status and stored.body else _merge(stored, original)

    def _revisited(self, row: Holding) -> Holding | None:
        same = [other for other in self.of(row.urlkey) if other.mimetype != "warc/revisit"]
        if row.refers_to:
            same = [other for other in self.of(urlkey(row.refers_to)) if other.mimetype != "warc/revisit"]
        matching = [other for other in same if other.digest == row.digest]
        dated = [other for other in matching if other.timestamp == row.refers_to_timestamp]
        return next(iter(dated or matching), None)


def open_holdings(archives: Sequence[Path]) -> Holdings:
    """Index WARC files and folders of them (searched in depth, in order of name).

    CDX files named by themselves, seven fields a line, add rows that are listed but cannot be played back, as the
    real archive has them; rows that a WARC file holds as well are taken from there. Raises DamagedArchive, which
    names the file, for what cannot be read and where there is nothing to read.
    """
    listed = [path for path in archives if path.name.endswith(CDX_SUFFIXES)]
    files = list(warc_files([path for path in archives if path not in listed]))
    if not files and not listed:
        raise DamagedArchive(
            f"no WARC file in {', '.join(map(str, archives)) or 'nothing'}: give .warc or .warc.gz files"
        )
    held = [row for path in files for row in _index(path)]
    known = {(row.urlkey, row.timestamp, row.original) for row in held}
    more = [row for path in listed for row in _listed(path)]
    return Holdings([*held, *(row for row in more if (row.urlkey, row.timestamp, row.original) not in known)])


def warc_files(archives: Sequence[Path]) -> Iterator[Path]:
    """Yield the WARC files among *archives* and below the folders among them, by name."""
    for archive in archives:
        if archive.is_dir():
            found = (path for path in archive.rglob("*") if path.is_file() and path.name.endswith(WARC_SUFFIXES))
            yield from sorted(found)
        else:
            yield archive


def _index(path: Path) -> list[Holding]:
    rows: list[Holding] = []
    end = 0
    try:
        with path.open("rb") as stream:
            records = QuietRecords(stream, arc2warc=True)
            for record in records:
                row = _row(path, record, records.get_record_offset())
                record.raw_stream.read()
                if record.raw_stream.limit:
                    raise EOFError("it ends inside a record")
                # A record's length is known once it has been read through.
                length = records.get_record_length()
                end = records.get_record_offset() + length
                if row is not None:
                    rows.append(replace(row, length=str(length)))
        # A file cut off inside the head of a record ends without an error from warcio 1.8.
        if path.stat().st_size - end > _TRAILING_BYTES:
            raise EOFError("it ends inside a record")
    except (OSError, EOFError, ArchiveLoadFailed, ValueError, AttributeError) as error:
        raise DamagedArchive(f"{path}: not readable as WARC ({error}); get an intact copy") from error
    return rows


def _listed(path: Path) -> Iterator[Holding]:
    try:
        data = path.read_bytes()
        text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8", "replace")
    except (OSError, EOFError, zlib.error) as error:
        raise DamagedArchive(f"{path}: not readable as a list of captures ({error}); get an intact copy") from error
    for line in text.splitlines():
        fields = line.split(" ")
        if len(fields) == _CDX_FIELDS:
            key, stamp, url, mimetype, status, digest, length = fields
            yield Holding(key, stamp, url, mimetype, status, digest, length, path, None)


def _row(path: Path, record: Any, offset: int) -> Holding | None:
    headers = record.rec_headers
    url = headers.get_header("WARC-Target-URI") or ""
    if record.rec_type not in ("response", "revisit", "resource") or not url.startswith(("http:", "https:")):
        return None
    stamp = _stamp(headers.get_header("WARC-Date") or "")
    if not stamp:
        return None
    revisit = record.rec_type == "revisit"
    return Holding(
        urlkey=urlkey(url),
        timestamp=stamp,
        original=url,
        mimetype="warc/revisit" if revisit else _mimetype(record),
        statuscode="-" if revisit else _statuscode(record),
        digest=_digest(record),
        length="",
        path=path,
        offset=offset,
        refers_to=headers.get_header("WARC-Refers-To-Target-URI") or "",
        refers_to_timestamp=_stamp(headers.get_header("WARC-Refers-To-Date") or ""),
    )


def _mimetype(record: Any) -> str:
    source = record.http_headers or record.rec_headers
    declared = (source.get_header("Content-Type") or "").split(";")[0].strip().lower()
    return declared.replace(" ", "") or "unk"


def _statuscode(record: Any) -> str:
    if record.http_headers is None:
        return "200"
    return str(record.http_headers.get_statuscode() or "-")


def _digest(record: Any) -> str:
    declared = record.rec_headers.get_header("WARC-Payload-Digest") or ""
    if declared.lower().startswith("sha1:"):
        return str(declared[5:])
    return base64.b32encode(hashlib.sha1(record.raw_stream.read(), usedforsecurity=False).digest()).decode()


def _stamp(warc_date: str) -> str:
    digits = "".join(char for char in warc_date if char.isdigit())[:14]
    try:
        parse_stamp(digits)
    except ValueError:
        return ""
    return digits


def _read(row: Holding) -> Stored:
    if row.offset is None:
        raise LookupError(f"{row.timestamp} {row.original} is listed only")
    with row.path.open("rb") as stream:
        stream.seek(row.offset)
        record = next(iter(QuietRecords(stream, arc2warc=True)))
        headers = record.http_headers
        body, _ = read_body(record)
        if headers is None:
            content_type = record.rec_headers.get_header("Content-Type") or "application/octet-stream"
            return Stored(200, "OK", (("Content-Type", content_type),), body)
        status = headers.get_statuscode() or ""
        reason = " ".join(headers.statusline.split()[1:])
        return Stored(int(status) if status.isdigit() else 200, reason, tuple(headers.headers), body)


def _merge(revisit: Stored, original: Stored) -> Stored:
    if not revisit.headers:
        return original
    return Stored(original.status, original.reason, revisit.headers, original.body)
