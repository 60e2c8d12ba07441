"""The diff of the first and the last text of a policy, kept whole where both are long.

Neighbours differ little; first and last are what people open next from a timeline, and comparing two long texts of
which most changed takes up to 0.4 s, four fifths of that page. Packed (`harvest.compare.packed`) it is a few thousand
bytes a policy. It follows from the two texts alone: where it is missing, pages compare.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

import zstandard

from harvest.compare.diff import compare
from harvest.compare.packed import packed
from harvest.corpus.derive_model import Versions
from harvest.corpus.store_sections import SectionReader, StoredText

Pair = tuple[str, str]

#: Words of both texts together; below it comparing takes 35 ms at most, 6 µs a word.
LEAST_WORDS = 5_000
_LEVEL = 19  # written once for each new last text, after a comparison that takes ten times as long


def wanted_wide(conn: sqlite3.Connection, history: Versions, ids: Mapping[str, int]) -> Pair | None:
    """Return the first and the last text (sha256) of a main line, if they differ and are long.

    The first is that in force when the first day ended: a timeline asks by days.
    """
    line = history.main_line
    if not line:
        return None
    day = line[0].first_seen[:10]
    first = next(version for version in reversed(line) if version.first_seen[:10] == day)
    pair = first.text, line[-1].text
    if pair[0] == pair[1]:
        return None
    (words,) = conn.execute(
        "SELECT total(words) FROM text_rows WHERE id IN (?, ?)", (ids[pair[0]], ids[pair[1]])
    ).fetchone()
    return pair if words >= LEAST_WORDS else None


def missing_wide(conn: sqlite3.Connection, policy_id: int, history: Versions, ids: Mapping[str, int]) -> Pair | None:
    """Return the first and the last text of a policy where their diff should be kept and is not."""
    pair = wanted_wide(conn, history, ids)
    return None if pair is None or _held(conn, policy_id) == (ids[pair[0]], ids[pair[1]]) else pair


def keep_wide(
    conn: sqlite3.Connection, policy_id: int, history: Versions, ids: Mapping[str, int], reader: SectionReader
) -> None:
    """Have the diff of the first and the last text, and no other one. What is not in the corpus is compared here."""
    pair = wanted_wide(conn, history, ids)
    if pair is None:
        drop_wide(conn, policy_id)
        return
    before, after = ids[pair[0]], ids[pair[1]]
    if _held(conn, policy_id) != (before, after):
        told = tell_wide(reader.read(conn, before), reader.read(conn, after))
        write_wide(conn, policy_id, (before, after), told)


def tell_wide(before: StoredText, after: StoredText) -> str:
    """Compare two texts and return their whole diff, packed."""
    return packed(compare(before.sections, after.sections), before.sections, after.sections)


def write_wide(conn: sqlite3.Connection, policy_id: int, texts: tuple[int, int], told: str) -> None:
    """Write the packed diff of two texts (row ids) of a policy, in the place of the one it had."""
    data = zstandard.ZstdCompressor(level=_LEVEL).compress(told.encode("utf-8", "surrogatepass"))
    conn.execute(
        "INSERT OR REPLACE INTO wide_diffs (policy_id, before_text_id, after_text_id, data) VALUES (?, ?, ?, ?)",
        (policy_id, *texts, data),
    )


def drop_wide(conn: sqlite3.Connection, policy_id: int) -> None:
    """Forget the diff of the first and the last text of a policy. Call it before its texts change or go."""
    conn.execute("DELETE FROM wide_diffs WHERE policy_id = ?", (policy_id,))


def _held(conn: sqlite3.Connection, policy_id: int) -> tuple[int, int] | None:
    row = conn.execute(
        "SELECT before_text_id, after_text_id FROM wide_diffs WHERE policy_id = ?", (policy_id,)
    ).fetchone()
    return (int(row[0]), int(row[1])) if row else None
