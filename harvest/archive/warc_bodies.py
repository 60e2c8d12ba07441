"""Bodies of WARC records, freed of how they were sent."""

from __future__ import annotations

from typing import Any

from warcio.bufferedreaders import ChunkedDataReader

from harvest.archive.transfer import undo_encoding
from harvest.text.compressed import unbrotli

_ALL = 1 << 62


def read_body(record: Any, *, most: int = _ALL) -> tuple[bytes, str]:
    """Return the body of a record without transfer and content coding, and what is wrong with it ('' for nothing).

    *most* bytes at most, with the flaw ``too long`` where there are more; ``ends early`` for gzip, deflate and zstd
    that were cut: of these, and of brotli, what can be read is returned. A body that is not packed as its header says
    comes back as it is.

    warcio undoes codings too, but fails at every brotli body since brotli 1.2 (seen with warcio 1.8.1, which sets an
    attribute of a type that takes none), knows neither zstd nor two codings at once, and writes to standard error.
    """
    http = record.http_headers
    sent = (http.get_header("transfer-encoding") or "") if http else ""
    stream = ChunkedDataReader(record.raw_stream) if "chunked" in sent.lower() else record.raw_stream
    body = bytes(stream.read(most + 1))
    if len(body) > most:
        return body[:most], "too long"
    flaw = ""
    codings = ((http.get_header("content-encoding") or "") if http else "").lower().split(",")
    for coding in reversed([name.strip() for name in codings if name.strip()]):
        body, found = _unbrotli(body, most) if coding == "br" else undo_encoding(body, coding, limit=most)
        flaw = flaw or ("too long" if len(body) > most else found)
    return body[:most], flaw


def _unbrotli(body: bytes, most: int) -> tuple[bytes, str]:
    return unbrotli(body, most) or body, ""
