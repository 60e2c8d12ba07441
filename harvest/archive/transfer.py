"""Bodies as they were sent: read in pieces, and freed of their encoding by evidence."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any

_CHUNK = 1 << 16
_ZSTD_WINDOW = 8 << 20  # RFC 9659: what a sender on the Web may ask for
_ZSTD_PIECE = 256  # of packed bytes: a bomb makes 8 MB of them before the limit is looked at
_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"


def undo_encoding(body: bytes, encoding: str, *, limit: int) -> tuple[bytes, str]:
    """Undo gzip, zstd or deflate where the bytes are encoded, whatever the header says; return them and any flaw.

    Recorded answers hold plain bodies under ``Content-Encoding: gzip``, and bodies that are cut. Encodings we do
    not know stay as they are: the text room recognises them by their first bytes.
    """
    if body[:2] == _GZIP and ("gzip" in encoding.lower() or not encoding):
        return _inflate(body, 31, limit) or (body, "")
    if encoding.lower() == "deflate" and body:
        return _inflate(body, 15, limit) or _inflate(body, -15, limit) or (body, "")
    if body[:4] == _ZSTD:
        return _unzstd(body, limit) or (body, "")
    return body, ""


def _unzstd(body: bytes, limit: int) -> tuple[bytes, str] | None:
    """Unpack up to the limit; None for bytes that are no zstd at all."""
    import zstandard

    opened, size, rest = [], 0, body
    while rest[:4] == _ZSTD:  # several frames in a row
        engine = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).decompressobj()
        for place in range(0, len(rest), _ZSTD_PIECE):
            try:
                opened.append(engine.decompress(rest[place : place + _ZSTD_PIECE]))
            except zstandard.ZstdError:
                return (b"".join(opened), "ends early") if size else None
            size += len(opened[-1])
            if size > limit:
                return b"".join(opened)[: limit + 1], "too long"
            if engine.eof:
                break
        else:
            return (b"".join(opened), "ends early") if size else None
        rest = engine.unused_data + rest[place + _ZSTD_PIECE :]
    return b"".join(opened), ""


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
