"""Diffs of a policy's consecutive texts: each pair compared once, kept while a transition needs it."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence

from harvest.corpus.comparing import ChangeRow, Compared, compare_rows
from harvest.corpus.derive_model import DiffFacts
from harvest.corpus.store_sections import SectionReader, StoredText
from harvest.model import ClauseRef, Tier

Pair = tuple[str, str]


def keep_diffs(
    conn: sqlite3.Connection,
    policy_id: int,
    pairs: Sequence[Pair],
    ids: Mapping[str, int],
    reader: SectionReader,
    *,
    ready: Mapping[Pair, Compared] | None = None,
) -> tuple[dict[Pair, int], dict[Pair, DiffFacts]]:
    """Have exactly the diffs of these pairs of texts (by sha256); return their row ids and tiers.

    *ready*: comparisons made elsewhere; what is neither there nor in the corpus is compared here.
    """
    held = held_diffs(conn, policy_id)
    wanted = {pair: (ids[pair[0]], ids[pair[1]]) for pair in pairs}
    keys = set(wanted.values())
    drop_diffs(conn, [row_id for key, (row_id, _) in held.items() if key not in keys])
    found: dict[Pair, tuple[int, str]] = {}
    for pair, key in wanted.items():
        if key in held:
            found[pair] = held[key]
            continue
        before, after = reader.read(conn, key[0]), reader.read(conn, key[1])
        compared = ready.get(pair) if ready else None
        found[pair] = _write_diff(conn, key, compared or compare_rows(before.sections, after.sections), before, after)
    tiers = {pair: DiffFacts(Tier(tier) if tier else None) for pair, (_, tier) in found.items()}
    return {pair: row_id for pair, (row_id, _) in found.items()}, tiers


def held_diffs(conn: sqlite3.Connection, policy_id: int) -> dict[tuple[int, int], tuple[int, str]]:
    """Return the diffs of a policy: (text before, text after) → row id and tier."""
    rows = conn.execute(
        "SELECT d.id, d.before_text_id, d.after_text_id, d.tier FROM texts t"
        " JOIN diffs d ON d.before_text_id = t.id WHERE t.policy_id = ?",
        (policy_id,),
    )
    return {(int(row[1]), int(row[2])): (int(row[0]), str(row[3])) for row in rows}


def drop_diffs(conn: sqlite3.Connection, diff_ids: Sequence[int]) -> None:
    """Delete diffs with their changes."""
    for diff_id in diff_ids:
        conn.execute(
            "DELETE FROM change_clauses WHERE change_id IN (SELECT id FROM changes WHERE diff_id = ?)", (diff_id,)
        )
        conn.execute("DELETE FROM changes WHERE diff_id = ?", (diff_id,))
        conn.execute("DELETE FROM diffs WHERE id = ?", (diff_id,))


def _write_diff(
    conn: sqlite3.Connection, key: tuple[int, int], compared: Compared, before: StoredText, after: StoredText
) -> tuple[int, str]:
    cursor = conn.execute(
        "INSERT INTO diffs (before_text_id, after_text_id, tier, reason, similarity, words_added, words_removed,"
        " words_moved, method) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*key, compared.tier, *compared.columns),
    )
    diff_id = int(cursor.lastrowid or 0)
    for position, change in enumerate(compared.changes):
        _write_change(conn, diff_id, position, change, before, after)
    return diff_id, compared.tier


def _write_change(
    conn: sqlite3.Connection, diff_id: int, position: int, change: ChangeRow, before: StoredText, after: StoredText
) -> None:
    cursor = conn.execute(
        "INSERT INTO changes (diff_id, position, kind, tier, reason, words_added, words_removed, similarity,"
        " before_section_id, after_section_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(diff_id, position, *change.columns),
            before.section_ids[change.before_section] if change.before_section is not None else None,
            after.section_ids[change.after_section] if change.after_section is not None else None,
        ),
    )
    change_id = int(cursor.lastrowid or 0)
    conn.executemany(
        "INSERT INTO change_clauses (change_id, side, position, clause_id) VALUES (?, ?, ?, ?)",
        [
            *_clause_rows(change_id, "before", change.before, before),
            *_clause_rows(change_id, "after", change.after, after),
        ],
    )


def _clause_rows(
    change_id: int, side: str, refs: Sequence[ClauseRef], text: StoredText
) -> list[tuple[int, str, int, int]]:
    return [(change_id, side, position, text.clause_ids[ref.section][ref.clause]) for position, ref in enumerate(refs)]
