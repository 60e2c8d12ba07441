"""Bodies as they were sent: read in pieces, and freed of their encoding by evidence."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any

_CHUNK = 1 << 16
_GZIP = b"\x1f\x8b"


def undo_encoding(body: bytes, encoding: str, *, limit: int) -> tuple[bytes, str]:
    """Undo gzip or deflate where the bytes are encoded, whatever the header says; return them and any flaw.

    Recorded answers hold plain bodies under ``Content-Encoding: gzip``, and bodies that are cut. Encodings we do
    not know stay as they are: the text room recognises them by their first bytes.
    """
    if body[:2] == _GZIP and ("gzip" in encoding.lower() or not encoding):
        return _inflate(body, 31, limit) or (body, "")
    if encoding.lower() == "deflate" and body:
        return _inflate(body, 15, limit) or _inflate(body, -15, limit) or (body, "")
    return body, ""


def _inflate(body: bytes, wbits: int, limit: int) -> tuple[bytes, str] | None:
    """Unpack up to the limit; None for bytes that are not packed this way at all."""
    plain, rest = b"", body
    while rest:
        engine = zlib.decompressobj(wbits)
        try:
            plain += engine.decompress(rest, limit + 1 - len(plain))
        except zlib.error:
            return (plain, "ends early") if plain else None
        if len(plain) > limit:
            return plain, "too long"
        if not engine.eof:
            return plain, "ends early"
        rest = engine.unused_data if engine.unused_data[:2] == _GZIP else b""  # several members in a row
    return plain, ""


def pieces(raw: Any) -> Iterator[bytes]:
    """Yield what has arrived of a body, as soon as it has, encoded as it came."""
    # read1 returns what has arrived; read would wait for a full chunk, and a dripping server could hold it for hours
    read = getattr(raw, "read1", raw.read)
    while piece := read(_CHUNK, decode_content=False):
        yield piece
