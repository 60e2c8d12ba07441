"""The diff of a policy's first and last text as it is kept, packed."""

from __future__ import annotations

import sqlite3

import zstandard


def packed_diff(conn: sqlite3.Connection, policy_id: int, before_text_id: int, after_text_id: int) -> str:
    """Return the diff of two texts as `harvest.compare.packed.unpacked` reads it; '' where it is not kept."""
    row = conn.execute(
        "SELECT data FROM wide_diffs WHERE policy_id = ? AND before_text_id = ? AND after_text_id = ?",
        (policy_id, before_text_id, after_text_id),
    ).fetchone()
    return text_of(row[0]) if row else ""


def text_of(data: bytes) -> str:
    """Return what is kept as bytes as text."""
    return zstandard.ZstdDecompressor().decompress(data).decode("utf-8", "surrogatepass")
