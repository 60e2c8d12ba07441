"""Bodies that an archive stored compressed, or that were decompressed though a header says they are not."""

from __future__ import annotations

import zlib
from collections.abc import Mapping

MAX_UNPACKED = 60_000_000  # bytes; a bomb stops here, the largest page seen is 12 MB
_TEXTUAL = b"\t\n\r\f" + bytes(range(32, 127)) + bytes(range(160, 256))


def unpack(body: bytes, headers: Mapping[str, str]) -> bytes:
    """Undo gzip (by its magic bytes, whatever the headers say), zlib and brotli (by header, or where the bytes are
    no text). Damaged streams give what could be read; what is not compressed comes back as it is. Never raises.
    """
    for _ in range(3):  # compressed twice occurs
        if body[:3] == b"\x1f\x8b\x08":
            opened = _inflate(body, 31)
        elif body[:2] in (b"\x78\x01", b"\x78\x9c", b"\x78\xda"):
            opened = _inflate(body, 15)
        elif _may_be_brotli(body, headers):
            opened = unbrotli(body)
        else:
            return body
        if not opened:
            return body
        body = opened
    return body


def _inflate(body: bytes, window: int) -> bytes:
    engine = zlib.decompressobj(window)
    out = b""
    try:
        out = engine.decompress(body, MAX_UNPACKED)
    except zlib.error:
        return _inflate_piecewise(body, window)
    return out


def _inflate_piecewise(body: bytes, window: int) -> bytes:
    """What can be read of a damaged stream."""
    engine = zlib.decompressobj(window)
    pieces, size = [], 0
    for start in range(0, len(body), 1024):
        try:
            piece = engine.decompress(body[start : start + 1024], MAX_UNPACKED - size)
        except zlib.error:
            break
        pieces.append(piece)
        size += len(piece)
        if size >= MAX_UNPACKED:
            break
    return b"".join(pieces)


def _may_be_brotli(body: bytes, headers: Mapping[str, str]) -> bool:
    """Brotli has no magic bytes: believe the header, or bytes that no text begins with."""
    if not body or body[:200].lstrip()[:1] == b"<":
        return False
    encoding = next((value for name, value in headers.items() if name.lower() == "content-encoding"), "")
    if "br" in encoding.lower():
        return True
    sample = body[:256]
    return len(sample.translate(None, _TEXTUAL)) > 0.1 * len(sample) and b"\0" not in sample[:2]


def unbrotli(body: bytes, most: int = MAX_UNPACKED) -> bytes:
    """Return what can be read of a brotli stream, little more than *most* bytes; b'' where it is none."""
    import brotli

    engine = brotli.Decompressor()
    pieces, size = [], 0
    try:
        for start in range(0, len(body), 4096):
            piece = engine.process(body[start : start + 4096])
            pieces.append(piece)
            size += len(piece)
            if size > most:
                break
    except brotli.error:
        pass
    return b"".join(pieces)
