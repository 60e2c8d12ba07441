"""Diffs of a policy's consecutive texts: each pair compared once, kept while a transition needs it."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence

from harvest.compare.parts import part_of
from harvest.corpus.codes import CHANGE_KINDS, TIERS, code, share
from harvest.corpus.comparing import ChangeRow, Compared, compare_rows
from harvest.corpus.derive_model import DiffFacts
from harvest.corpus.store_sections import SectionReader
from harvest.model import Tier

Pair = tuple[str, str]
Held = tuple[int, str, int, str]  # row id, tier, words that came and went, reason


def keep_diffs(
    conn: sqlite3.Connection, policy_id: int, pairs: Sequence[Pair], ids: Mapping[str, int], reader: SectionReader
) -> tuple[dict[Pair, int], dict[Pair, DiffFacts]]:
    """Have exactly the diffs of these pairs of texts (by sha256); return their row ids and what history asks of them.

    What is not in the corpus is compared here.
    """
    held = held_diffs(conn, policy_id)
    wanted = {pair: (ids[pair[0]], ids[pair[1]]) for pair in pairs}
    keys = set(wanted.values())
    drop_diffs(conn, [row_id for key, (row_id, *_) in held.items() if key not in keys])
    found: dict[Pair, Held] = {}
    for pair, key in wanted.items():
        if key not in held:
            compared = compare_rows(reader.read(conn, key[0]), reader.read(conn, key[1]))
            held[key] = write_diff(conn, key, compared)
        found[pair] = held[key]
    facts = {
        pair: DiffFacts(Tier(tier) if tier else None, words, part_of(reason))
        for pair, (_, tier, words, reason) in found.items()
    }
    return {pair: row_id for pair, (row_id, *_) in found.items()}, facts


def held_diffs(conn: sqlite3.Connection, policy_id: int) -> dict[tuple[int, int], Held]:
    """Return the diffs of a policy: (text before, text after) → what is held of each."""
    rows = conn.execute(
        "SELECT d.id, d.before_text_id, d.after_text_id, d.tier, d.words_added + d.words_removed, d.reason FROM texts t"
        " JOIN diffs d ON d.before_text_id = t.id WHERE t.policy_id = ?",
        (policy_id,),
    )
    return {(int(row[1]), int(row[2])): (int(row[0]), str(row[3]), int(row[4]), str(row[5])) for row in rows}


def drop_diffs(conn: sqlite3.Connection, diff_ids: Sequence[int]) -> None:
    """Delete diffs with their changes."""
    for diff_id in diff_ids:
        conn.execute(
            "DELETE FROM change_clause_rows WHERE change_id IN (SELECT id FROM change_rows WHERE diff_id = ?)",
            (diff_id,),
        )
        conn.execute("DELETE FROM change_rows WHERE diff_id = ?", (diff_id,))
        conn.execute("DELETE FROM diffs WHERE id = ?", (diff_id,))


def write_diff(conn: sqlite3.Connection, key: tuple[int, int], compared: Compared) -> Held:
    """Write the diff of two texts (row ids), made from these very rows; return what `held_diffs` would."""
    cursor = conn.execute(
        "INSERT INTO diffs (before_text_id, after_text_id, tier, reason, similarity, words_added, words_removed,"
        " words_moved, method) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*key, compared.tier, *compared.columns),
    )
    diff_id = int(cursor.lastrowid or 0)
    for position, change in enumerate(compared.changes):
        _write_change(conn, diff_id, position, change)
    return diff_id, compared.tier, compared.words, compared.reason


def _write_change(conn: sqlite3.Connection, diff_id: int, position: int, change: ChangeRow) -> None:
    change_id = write_change(
        conn,
        diff_id,
        position,
        change.columns,
        before_section=change.before_section,
        after_section=change.after_section,
    )
    sides = (change.before, change.after)
    conn.executemany(
        "INSERT INTO change_clause_rows (change_id, slot, clause_id) VALUES (?, ?, ?)",
        [(change_id, place * 2 + side, one) for side, ids in enumerate(sides) for place, one in enumerate(ids)],
    )


def write_change(
    conn: sqlite3.Connection,
    diff_id: int,
    position: int,
    columns: tuple[str, str, str, int, int, float],
    *,
    before_section: int | None,
    after_section: int | None,
) -> int:
    """Write a change without its clauses; *columns* as in `ChangeRow`. Return its row id."""
    kind, tier, reason, added, removed, similarity = columns
    cursor = conn.execute(
        "INSERT INTO change_rows (diff_id, position, kind, tier, reason_id, words_added, words_removed, similarity,"
        " before_section_id, after_section_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(diff_id, position, code(kind, CHANGE_KINDS), code(tier, TIERS), _reason_id(conn, reason)),
            *(added, removed, share(similarity), before_section, after_section),
        ),
    )
    return int(cursor.lastrowid or 0)


#: "7 words added, 3 removed: 20% of 50": most differ in their length or at one of their ends, and an index of all of
#: it would be as large as they are. Of 15,000 reasons of 25,000 versions a look-up meets 3 on average, and 43 by the
#: ends alone: "moved from below “…”, no word changed" is said of thousands of headings. Without the "+" SQLite puts
#: what is asked for in the place of the column everywhere, and reads them all.
KNOWN_REASON = (
    "SELECT id FROM reasons WHERE length(reason) || substr(reason, 1, 3) || substr(reason, -4)"
    " = length(?1) || substr(?1, 1, 3) || substr(?1, -4) AND +reason = ?1"
)

#: Reasons that no change gives any more.
UNUSED_REASONS = "reasons WHERE id NOT IN (SELECT reason_id FROM change_rows)"


def _reason_id(conn: sqlite3.Connection, reason: str) -> int:
    row = conn.execute(KNOWN_REASON, (reason,)).fetchone()
    if row is None:
        return int(conn.execute("INSERT INTO reasons (reason) VALUES (?)", (reason,)).lastrowid or 0)
    return int(row[0])
