"""Keeping what was fetched as WARC files too: one small file a page, in a folder that `harvest run --archive` reads.

A page has the same file name and the same bytes whenever it is fetched, and is written aside before it gets its
name: a run may be killed at any instant and repeated.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import threading
import uuid
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from harvest.archive import Archive, ArchiveInFront
from harvest.errors import HarvestError
from harvest.model import Capture, RawPage
from harvest.timestamps import parse_stamp
from harvest.urls import host_of, memento_url

# Of the transfer, not of the page: the body is kept freed of its encodings.
_TRANSFER = frozenset({"content-encoding", "transfer-encoding", "content-length", "connection", "location"})
# Of the archive's answer, where it passes the site's headers on under their own names; as recorded 2017–2023.
_OF_THE_ARCHIVE = re.compile(
    r"x-archive-|x-app-|(?:x-(?:ts|tr|na|nid|rl|page-cache|cache-key|location)|link|memento-datetime|server-timing)$"
)
_RECORDS = uuid.UUID("5d0a5f0e-6f0b-5e0e-9a63-3f7a2f6f6a11")
_NO_BREAK = re.compile(r"[\r\n\0]+")


class KeepingArchive(ArchiveInFront):
    """An archive whose pages are kept in *folder* as they come. Safe for threads where the archive is."""

    def __init__(self, archive: Archive, folder: Path) -> None:
        super().__init__(archive)
        self._folder = folder

    def fetch(self, capture: Capture) -> RawPage:
        """As the archive does. Raises HarvestError where the page cannot be written."""
        page = self._archive.fetch(capture)
        if page.status is not None and (page.body is not None or page.redirects):
            try:
                keep(page, self._folder)
            except OSError as error:
                place = error.filename or self._folder
                raise HarvestError(f"{place}: {error.strerror}: the page cannot be kept; make room") from error
        return page


def keep(page: RawPage, folder: Path) -> Path:
    """Write a page as ``FOLDER/HOST/TIMESTAMP-KEY.warc.gz``, one response record, and return where.

    The record holds the archived status and headers over the body freed of its encodings; ``WARC-Source-URI`` says
    from which archive it came. Raises OSError.
    """
    url, stamp = page.landed_url or page.capture.url, page.landed_timestamp or page.capture.timestamp
    key = hashlib.sha256(url.encode("utf-8", "surrogateescape")).hexdigest()[:12]
    host = re.sub(r"[^\w.-]", "_", host_of(url)).strip(".") or "_"
    path = folder / host / f"{stamp}-{key}.warc.gz"
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}")
    try:
        aside.write_bytes(_record(page, url, stamp))
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    return path


def _record(page: RawPage, url: str, stamp: str) -> bytes:
    body = page.body or b""
    headers = [(name, _one_line(value)) for name, value in page.headers.items() if _is_of_the_page(name, value, stamp)]
    if page.redirects:  # what came was the archive's own address of the target
        headers.append(("location", _one_line(page.redirects[0])))
    headers.append(("content-length", str(len(body))))
    status = page.status or 200
    reason = HTTPStatus(status).phrase if status in set(HTTPStatus) else "Unknown"
    http = StatusAndHeaders(f"{status} {reason}", headers, protocol="HTTP/1.1")
    source = {"wayback": "https://web.archive.org"}.get(page.capture.archive, page.capture.archive)
    identity = f"{source} {stamp} {url} {hashlib.sha256(body).hexdigest()}"
    warc = {
        "WARC-Date": f"{parse_stamp(stamp)[0]:%Y-%m-%dT%H:%M:%SZ}",
        "WARC-Record-ID": f"<urn:uuid:{uuid.uuid5(_RECORDS, identity)}>",
    }
    if source.startswith(("http://", "https://")):
        warc["WARC-Source-URI"] = memento_url(source.partition("#")[0], stamp, url)
    stream = io.BytesIO()
    writer = WARCWriter(stream, gzip=True)
    writer.write_record(
        writer.create_warc_record(url, "response", payload=io.BytesIO(body), http_headers=http, warc_headers_dict=warc)
    )
    return stream.getvalue()


def _is_of_the_page(name: str, value: str, stamp: str) -> bool:
    if name == "date":  # the site's, not that of the day on which it was fetched from the archive
        try:
            return abs(parsedate_to_datetime(value).timestamp() - parse_stamp(stamp)[0].timestamp()) < 86_400
        except (ValueError, TypeError):
            return False
    return name not in _TRANSFER and not _OF_THE_ARCHIVE.match(name)


def _one_line(value: str) -> str:
    # an archived header may hold anything; a line break in it would end the header block of the record
    return _NO_BREAK.sub(" ", value).encode("latin-1", "replace").decode("latin-1")
