"""The bytes of a corpus as WARC files, one a site, or as one WACZ: what any replay tool reads.

Records carry the date and address of the capture, the archived status and headers, and the archive they came from.
The same corpus gives the same bytes: ids are made of address, time and content.
"""

from __future__ import annotations

import io
import sqlite3
import tempfile
import uuid
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby
from pathlib import Path
from typing import IO, Any

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from harvest._version import __version__
from harvest.corpus.queries_captures import StoredCapture, stored_captures
from harvest.corpus.queries_model import PolicyRef
from harvest.corpus.static_copy import refuse_published
from harvest.errors import UnknownTarget
from harvest.exchange.beside import put_when_whole
from harvest.exchange.names import file_name
from harvest.exchange.zipped import Written, write_wacz
from harvest.timestamps import parse_stamp, to_iso

# The body is stored free of transfer and content coding; headers that speak of the coded one would be wrong.
_OF_THE_CODED_BODY = ("content-encoding", "transfer-encoding", "content-length")
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://policy-harvest.example/warc")
_LONG_AGO = "1970-01-01T00:00:00Z"
_REASONS = {200: "OK", 301: "Moved Permanently", 302: "Found", 404: "Not Found"}


def export_warcs(conn: sqlite3.Connection, folder: Path, policies: Sequence[PolicyRef]) -> int:
    """Write ``SITE.warc.gz`` for each site with raw captures; return the number of files.

    Captures imported as somebody's extraction are left out: their bytes are no page. `harvest run --archive` reads
    the files back. Raises CorpusError for a copy without bodies, UnknownTarget where no capture is raw.
    """
    refuse_published(conn, "this corpus")
    written = 0
    for host, of_site in groupby(policies, key=lambda policy: policy.host):
        path = folder / f"{file_name(host)}.warc.gz"
        raw = _raw(conn, of_site)
        if (first := next(raw, None)) is None:
            continue
        with put_when_whole(path) as part, part.open("wb") as file:
            write_warc(file, chain([first], raw), name=path.name)
        written += 1
    return written or _nothing_raw()


def export_wacz(conn: sqlite3.Connection, folder: Path, policies: Sequence[PolicyRef]) -> int:
    """Write ``corpus.wacz``: all raw pages in one file with index, list of pages and checksums; return 1.

    Raises CorpusError for a copy without bodies, UnknownTarget where no capture is raw.
    """
    refuse_published(conn, "this corpus")
    with tempfile.TemporaryFile(dir=folder) as warc:
        records = write_warc(warc, _raw(conn, policies), name="corpus.warc.gz")
        if not records:
            return _nothing_raw()
        warc.seek(0)
        with put_when_whole(folder / "corpus.wacz") as part:
            write_wacz(part, warc, records)
    return 1


def _raw(conn: sqlite3.Connection, policies: Iterable[PolicyRef]) -> Iterator[StoredCapture]:
    for policy in policies:
        yield from (capture for capture in stored_captures(conn, policy) if capture.form == "raw")


def _nothing_raw() -> int:
    raise UnknownTarget(
        "none of these captures is a page as it was fetched, all were extracted by somebody: there is nothing for WARC;"
        " --format git and princeton-leuven write texts"
    )


def write_warc(file: IO[bytes], captures: Iterable[StoredCapture], *, name: str) -> list[Written]:
    """Write *captures*, all of them raw, as gzipped WARC 1.0; return what was written, in order."""
    writer = WARCWriter(file, gzip=True)
    info = writer.create_warcinfo_record(name, {"software": f"policy-harvest/{__version__}", "format": "WARC 1.0"})
    _fix(info, f"warcinfo {name}", _LONG_AGO)
    writer.write_record(info)
    known: set[tuple[str, str, str]] = set()
    written: list[Written] = []
    for capture in captures:
        key = (capture.timestamp, capture.url, capture.sha256)
        if key in known:
            continue
        known.add(key)
        offset = file.tell()
        record = _response(writer, capture)
        writer.write_record(record)
        written.append(_written(record, capture, offset, file.tell() - offset))
    return written


def _written(record: Any, capture: StoredCapture, offset: int, length: int) -> Written:
    mimetype = (record.http_headers.get_header("Content-Type") or "unk").partition(";")[0].strip().lower()
    digest = record.rec_headers.get_header("WARC-Payload-Digest") or ""
    return Written(capture.url, capture.timestamp, capture.status or 200, mimetype, digest, offset, length)


def _response(writer: WARCWriter, capture: StoredCapture) -> Any:
    status = capture.status or 200
    kept = [(key, value) for key, value in capture.headers.items() if key.lower() not in _OF_THE_CODED_BODY]
    body = capture.body or b""
    kept.append(("Content-Length", str(len(body))))
    if capture.outcome == "redirect" and not any(key.lower() == "location" for key, _ in kept):
        kept.append(("Location", capture.reason.partition("to ")[2].partition(";")[0]))
    headers = StatusAndHeaders(f"{status} {_REASONS.get(status, 'Archived')}", kept, protocol="HTTP/1.1")
    when = to_iso(parse_stamp(capture.timestamp)[0])
    record = writer.create_warc_record(
        capture.url,
        "response",
        payload=io.BytesIO(body),
        http_headers=headers,
        warc_headers_dict={"WARC-Date": when, "WARC-Source-URI": f"{capture.archive} {capture.listed_timestamp}"},
    )
    _fix(record, f"{capture.timestamp} {capture.url} {capture.sha256}", when)
    return record


def _fix(record: Any, name: str, when: str) -> None:
    """Give a record an id and a date that follow from its content."""
    headers = record.rec_headers
    headers.replace_header("WARC-Record-ID", f"<urn:uuid:{uuid.uuid5(_NAMESPACE, name)}>")
    headers.replace_header("WARC-Date", when)
