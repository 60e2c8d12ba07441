"""Zip files whose bytes follow from their content: WACZ collections and evidence bundles.

WACZ 1.1.1 (specs.webrecorder.net): WARC files, a CDXJ index, a list of pages, and a data package with checksums.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from harvest._version import __version__
from harvest.timestamps import parse_stamp, to_iso
from harvest.urls import urlkey

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment a zip file can name: no time of ours in the bytes
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Written:
    """One response record of a WARC file: what it holds, and where it stands. *digest* as in its header."""

    url: str
    timestamp: str
    status: int
    mimetype: str
    digest: str
    offset: int
    length: int


def zip_bytes(files: Mapping[str, bytes]) -> bytes:
    """Return a zip of files in the order given, stored as they are: the same content gives the same bytes anywhere.

    Packed they would not: what deflate writes depends on the version of zlib.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(_entry(name, zipfile.ZIP_STORED), content)
    return buffer.getvalue()


def _entry(name: str, method: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = method
    entry.external_attr = 0o644 << 16
    return entry


def write_wacz(path: Path, warc: IO[bytes], records: Sequence[Written]) -> None:
    """Write a WACZ of one WARC file, read from *warc*, whose *records* are known."""
    name = "archive/corpus.warc.gz"
    index = gzip.compress("".join(sorted(_index_line(record) for record in records)).encode(), mtime=0)
    pages = _pages(records).encode()
    with zipfile.ZipFile(path, "w") as archive:
        digest, size = _stream(archive, name, warc)
        resources = [{"name": Path(name).name, "path": name, "hash": f"sha256:{digest}", "bytes": size}]
        for each, content in (("indexes/index.cdx.gz", index), ("pages/pages.jsonl", pages)):
            archive.writestr(_entry(each, zipfile.ZIP_STORED), content)
            resources.append({"name": Path(each).name, "path": each, "hash": _hash(content), "bytes": len(content)})
        package = _json({"profile": "data-package", "wacz_version": "1.1.1", **_maker(), "resources": resources})
        digest_file = _json({"path": "datapackage.json", "hash": _hash(package)})
        for each, content in (("datapackage.json", package), ("datapackage-digest.json", digest_file)):
            archive.writestr(_entry(each, zipfile.ZIP_STORED), content)


def _stream(archive: zipfile.ZipFile, name: str, source: IO[bytes]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with archive.open(_entry(name, zipfile.ZIP_STORED), "w", force_zip64=True) as target:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            target.write(chunk)
    return digest.hexdigest(), size


def _index_line(record: Written) -> str:
    fields = {
        "url": record.url,
        "digest": record.digest,
        "mime": record.mimetype,
        "offset": record.offset,
        "length": record.length,
        "status": record.status,
        "filename": "corpus.warc.gz",
    }
    return f"{urlkey(record.url)} {record.timestamp} {json.dumps(fields, ensure_ascii=False)}\n"


def _pages(records: Sequence[Written]) -> str:
    lines: list[Mapping[str, str]] = [{"format": "json-pages-1.0", "id": "pages", "title": "All pages"}]
    for record in records:
        when = to_iso(parse_stamp(record.timestamp)[0])
        identity = hashlib.sha256(f"{when} {record.url}".encode("utf-8", "surrogateescape")).hexdigest()[:20]
        lines.append({"id": identity, "url": record.url, "ts": when})
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def _maker() -> dict[str, str]:
    return {"software": f"policy-harvest/{__version__}", "title": "Captures of policies"}


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def _hash(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"
