"""A file of any form we read → documents: HTML, Markdown, Princeton–Leuven files, WARC records."""

from __future__ import annotations

import gzip
import io
import re
from collections.abc import Iterator
from pathlib import Path

from harvest.errors import DamagedArchive
from harvest.model import Document
from harvest.text.markdown_header import read_comment_header

_HTML = re.compile(rb"<(?:!doctype|html|head|body|title|table|div|frameset|p|br|center|font)\b", re.I)
_MARKDOWN_SUFFIXES = frozenset({".md", ".txt", ".markdown"})
_HTML_SUFFIXES = frozenset({".html", ".htm", ".xhtml", ".shtml", ".asp", ".aspx", ".php"})


def read_document(path: Path) -> Iterator[tuple[str, Document]]:
    """Yield the name and document of a file; a WARC file gives one document for each HTML response in it.

    The form is decided by content, where the suffix says nothing. Raises OSError for files that cannot be read and
    DamagedArchive for broken WARC files; any text gives a document.
    """
    body = path.read_bytes()
    head = gzip_head(body) if body[:2] == b"\x1f\x8b" else body[:10]
    if head.startswith(b"WARC/"):
        yield from _read_warc(path)
    elif path.suffix.lower() in _MARKDOWN_SUFFIXES or read_comment_header(body[:20_000].decode("utf-8", "replace")):
        yield str(path), _read_text(body)
    elif _HTML.search(body[:4096]) or path.suffix.lower() in _HTML_SUFFIXES:
        from harvest.text.reading import read_html

        yield str(path), read_html(body)
    else:
        yield str(path), _read_text(body)


def _read_text(body: bytes) -> Document:
    from harvest.text.derived import read_derived  # where all files are HTML, the reader of Markdown is not loaded

    return read_derived(body)


def gzip_head(body: bytes) -> bytes:
    """Return the first bytes under gzip compression, b'' if they cannot be read."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(body)) as stream:
            return stream.read(10)
    except (OSError, EOFError):
        return b""


def _read_warc(path: Path) -> Iterator[tuple[str, Document]]:
    from warcio.exceptions import ArchiveLoadFailed

    from harvest.archive.warc_bodies import read_body
    from harvest.archive.warc_index import QuietRecords
    from harvest.text.reading import read_html

    found = False
    try:
        with path.open("rb") as stream:
            for record in QuietRecords(stream):
                kind = record.http_headers.get_header("content-type", "") if record.http_headers else ""
                if record.rec_type != "response" or "html" not in kind.lower():
                    continue
                found = True
                headers = {name.lower(): value for name, value in record.http_headers.headers}
                url = record.rec_headers.get_header("WARC-Target-URI") or ""
                stamp = re.sub(r"\D", "", record.rec_headers.get_header("WARC-Date") or "")[:14]
                yield f"{path}#{stamp}/{url}", read_html(read_body(record)[0], headers, page_url=url)
    except (ArchiveLoadFailed, EOFError) as error:
        raise DamagedArchive(f"{path} cannot be read as a WARC file: {error}") from error
    if not found:
        raise DamagedArchive(f"{path} holds no HTML response that can be read; nothing was taken from it")
