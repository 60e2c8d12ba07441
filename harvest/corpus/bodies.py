"""Bytes of captures, kept for ever: zstd with the previous body of the same page as dictionary.

A body is a *key frame* (compressed by itself) or a *delta* on ``base_id``. Reading a delta means reading its chain of
bases first; a chain ends, and a key frame begins, where reading back would decode more than ``MAX_COST_BYTES`` or
take more than ``MAX_STEPS``, or where the delta is hardly smaller than the key frame would be.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

import zstandard

from harvest.errors import CorpusError

#: Reading back a body at the end of a chain of 121 steps and 32 MB takes 23 ms, checksums included. At 4 MB chains of
#: pages of 250 kB ended after 17 steps, and the key frames took 95 % of the room: 2,000 such pages went from 5.8 MB to
#: 1.3 MB. Chains of short pages end by their steps: at 128, key frames of full ones were 0.3 of 4.1 MB (ToSBack2).
#: Single bodies are read for evidence and exports; rebuilding reads them in order, decoding each once.
MAX_COST_BYTES = 32_000_000
MAX_STEPS = 256
#: Measured on 98 pages of 1997-2026 (131 kB on average), pages compared with the page before: level 3: 23.2-fold at
#: 0.8 ms a body; 9: 26.2-fold at 2.3 ms; 12: 26.6-fold at 5.7 ms; 19: 27.8-fold at 48 ms. Reading: 0.06 ms a step.
_LEVEL = 9
#: Pages of several URLs may take turns in one policy; more than this many chains at once were never seen.
_RECENT_BODIES = 8
#: A delta this many times smaller than the page needs no comparison: alone, none of 198 pages shrank 15-fold.
_SURELY_SMALL = 40
#: A delta takes at most this much of a key frame, or of the delta on a newer body. At a half, key frames were 2.7 of
#: 4.5 MB (ToSBack2).
_MOST_KEPT = 7 / 8
#: A body that takes more than this is tried on the bodies before the last one too: pages take turns between wordings
#: and come back from errors. With longer chains 4.47 MB became 3.80, 2.28 MB of Markdown 2.01, for 0.11 ms a body.
_WORTH_A_LOOK_BYTES = 2_000
_PLAIN, _DELTA = "zstd", "zstd-delta"


@dataclass(frozen=True, slots=True)
class Packed:
    """A body as it is stored. *cost*: bytes decoded to read it back, bases included; *steps*: length of its chain."""

    sha256: str
    size: int
    codec: str
    base_id: int | None
    steps: int
    cost: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Base:
    """A stored body another one may be a delta of."""

    id: int
    body: bytes
    steps: int
    cost: int


def sha256_of(body: bytes) -> str:
    """Hex digest by which a body is known and checked."""
    return hashlib.sha256(body).hexdigest()


def pack(body: bytes, base: Base | None) -> Packed:
    """Compress a body, against *base* where that pays."""
    digest, size = sha256_of(body), len(body)
    delta = _delta(body, base)
    plain = b"" if delta is not None and len(delta) * _SURELY_SMALL <= size else _compress(body, None)
    if base is not None and delta is not None and (not plain or len(delta) <= len(plain) * _MOST_KEPT):
        return _on(base, digest, size, delta)
    return Packed(digest, size, _PLAIN, None, 0, size, plain)


def pack_best(body: bytes, bases: Sequence[Base]) -> Packed:
    """Compress a body against the last of some bases; where that saves little, against the one it is most like."""
    packed = pack(body, bases[-1] if bases else None)
    if len(packed.data) > _WORTH_A_LOOK_BYTES:
        for base in bases[-2::-1]:
            delta = _delta(body, base)
            if delta is not None and len(delta) <= len(packed.data) * _MOST_KEPT:
                packed = _on(base, packed.sha256, packed.size, delta)
    return packed


def _delta(body: bytes, base: Base | None) -> bytes | None:
    if base is None or base.steps >= MAX_STEPS or base.cost + len(body) > MAX_COST_BYTES:
        return None
    return _compress(body, base.body)


def _on(base: Base, digest: str, size: int, delta: bytes) -> Packed:
    return Packed(digest, size, _DELTA, base.id, base.steps + 1, base.cost + size, delta)


def read_body(conn: sqlite3.Connection, body_id: int) -> bytes:
    """Return the bytes of a stored body, checked against its sha256.

    Raises CorpusError where the checksum fails or a base is gone: restore the file from a backup.
    """
    chain = _chain(conn, body_id)
    body = b""
    for sha, size, codec, data in reversed(chain):
        body = _checked(unpack(data, codec, size, body), sha, body_id)
    return body


class BodyReader:
    """Reads many bodies in the order they were stored without decoding each chain again."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        self._recent: dict[int, bytes] = {}

    def read(self, body_id: int) -> bytes:
        """Return the bytes of a stored body, checked; errors as in `read_body`."""
        row = self._conn.execute(
            "SELECT sha256, size, codec, data, base_id FROM bodies WHERE id = ?", (body_id,)
        ).fetchone()
        if body_id in self._recent:
            return self._recent[body_id]
        if row is not None and row[4] in self._recent:
            base = self._recent[row[4]] = self._recent.pop(row[4])  # the next one may be built on it, too
            body = _checked(unpack(row[3], row[2], row[1], base), row[0], body_id)
        else:
            body = read_body(self._conn, body_id)
        self._recent[body_id] = body
        if len(self._recent) > _RECENT_BODIES:
            del self._recent[next(iter(self._recent))]
        return body


def unpack(data: bytes, codec: str, size: int, base: bytes) -> bytes:
    """Decompress stored bytes; *base* is the body the delta was made against (ignored for key frames)."""
    dictionary = _dictionary(base) if codec == _DELTA else None
    decompressor = zstandard.ZstdDecompressor(dict_data=dictionary, max_window_size=2**31)
    try:
        return decompressor.decompress(data, max_output_size=max(size, 1))
    except zstandard.ZstdError as error:
        raise CorpusError(f"a stored body cannot be decompressed ({error}): restore from a backup") from error


def load_base(conn: sqlite3.Connection, body_id: int) -> Base:
    """Read a stored body with what is needed to build on it."""
    steps, cost = conn.execute("SELECT steps, cost FROM bodies WHERE id = ?", (body_id,)).fetchone()
    return Base(body_id, read_body(conn, body_id), steps, cost)


def _checked(body: bytes, sha: str, body_id: int) -> bytes:
    if sha256_of(body) != sha:
        raise CorpusError(f"body {body_id} does not match its checksum: restore the corpus from a backup")
    return body


def _chain(conn: sqlite3.Connection, body_id: int) -> list[tuple[str, int, str, bytes]]:
    """Rows from the body asked for down to its key frame."""
    chain: list[tuple[str, int, str, bytes]] = []
    wanted: int | None = body_id
    while wanted is not None:
        row = conn.execute("SELECT sha256, size, codec, data, base_id FROM bodies WHERE id = ?", (wanted,)).fetchone()
        if row is None or len(chain) > MAX_STEPS:
            raise CorpusError(f"body {wanted} is missing: restore the corpus from a backup")
        chain.append((row[0], row[1], row[2], row[3]))
        wanted = row[4]
    return chain


def _compress(body: bytes, base: bytes | None) -> bytes:
    # The window must reach over the base, or zstd cannot refer to its beginning.
    reach = len(body) + len(base or b"")
    parameters = zstandard.ZstdCompressionParameters.from_level(
        _LEVEL,
        source_size=reach,
        window_log=min(max(reach.bit_length(), 10), 27),
        write_checksum=False,
        write_content_size=True,
    )
    dictionary = _dictionary(base) if base else None
    return zstandard.ZstdCompressor(dict_data=dictionary, compression_params=parameters).compress(body)


def _dictionary(base: bytes) -> zstandard.ZstdCompressionDict | None:
    if len(base) < 8:  # zstd refuses shorter ones
        return None
    return zstandard.ZstdCompressionDict(base, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
