"""What a section and a text consist of, as runs: writing, linking, and letting go of what nobody uses."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from harvest.corpus.codes import form, share
from harvest.corpus.runs import CLAUSE_RUNS, SECTION_RUNS, Row, Runs, cut

#: A clause or section with its hex digest, by which lists are cut.
Item = tuple[str, Row]


def clause_item(sha: str, clause_id: int, kind: str, depth: int, marker: str = "") -> Item:
    """Return a clause as it stands in a section."""
    return sha, (clause_id, form(kind, depth), marker or None)


def section_item(sha: str, section_id: int, place: tuple[int, str, float], lineage_id: int | None = None) -> Item:
    """Return a section as it stands in a text; *place*: level, number, confidence."""
    level, number, confidence = place
    return sha, (section_id, lineage_id, level, number, share(confidence))


def write_clauses(conn: sqlite3.Connection, section_id: int, items: Sequence[Item]) -> None:
    """Write of which clauses a section consists, in the place of what it had."""
    _write(conn, "section_parts", "section_id", section_id, items, CLAUSE_RUNS)


def write_sections(conn: sqlite3.Connection, text_id: int, items: Sequence[Item]) -> None:
    """Write of which sections a text consists, in the place of what it had."""
    _write(conn, "text_parts", "text_id", text_id, items, SECTION_RUNS)


def has_clauses(conn: sqlite3.Connection, section_id: int, items: Sequence[Item]) -> bool:
    """Return whether a section consists of these clauses."""
    rows = conn.execute(
        "SELECT r.clause_id, r.form, r.marker FROM section_parts p JOIN clause_runs r ON r.run_id = p.run_id"
        " WHERE p.section_id = ? ORDER BY p.position, r.position",
        (section_id,),
    )
    return rows.fetchall() == [row for _, row in items]


def has_sections(conn: sqlite3.Connection, text_id: int, items: Sequence[Item]) -> bool:
    """Return whether a text consists of these sections, of whatever lineages."""
    rows = conn.execute(
        "SELECT r.section_id, r.level, r.number, r.confidence FROM text_parts p"
        " JOIN section_runs r ON r.run_id = p.run_id WHERE p.text_id = ? ORDER BY p.position, r.position",
        (text_id,),
    )
    return rows.fetchall() == [(row[0], *row[2:]) for _, row in items]


def relink(conn: sqlite3.Connection, text_id: int, lineages: Sequence[int]) -> None:
    """Write the lineages of a text's sections where they differ; none of them for no *lineages*."""
    rows = conn.execute(
        "SELECT lower(hex(s.sha)), r.section_id, r.lineage_id, r.level, r.number, r.confidence FROM text_parts p"
        " JOIN section_runs r ON r.run_id = p.run_id JOIN section_rows s ON s.id = r.section_id"
        " WHERE p.text_id = ? ORDER BY p.position, r.position",
        (text_id,),
    ).fetchall()
    wanted = list(lineages) if lineages else [None] * len(rows)
    if wanted == [row[2] for row in rows]:
        return
    items = [(row[0], (row[1], one, *row[3:])) for row, one in zip(rows, wanted, strict=True)]
    write_sections(conn, text_id, items)


def drop_sections_of_texts(conn: sqlite3.Connection, text_ids: Iterable[int]) -> None:
    """Let texts consist of nothing, before they are removed."""
    for text_id in text_ids:
        _write(conn, "text_parts", "text_id", text_id, (), SECTION_RUNS)


def drop_clauses_of_sections(conn: sqlite3.Connection, section_ids: Iterable[int]) -> set[int]:
    """Let sections consist of nothing, before they are removed; return clauses that may be nobody's now."""
    freed: set[int] = set()
    for section_id in section_ids:
        freed.update(_write(conn, "section_parts", "section_id", section_id, (), CLAUSE_RUNS))
    return freed


def remove_texts(conn: sqlite3.Connection, policy_id: int) -> set[int]:
    """Remove the texts and sections of a policy; return clauses that may be nobody's now."""
    texts = [row[0] for row in conn.execute("SELECT id FROM text_rows WHERE policy_id = ?", (policy_id,))]
    sections = [row[0] for row in conn.execute("SELECT id FROM section_rows WHERE policy_id = ?", (policy_id,))]
    drop_sections_of_texts(conn, texts)
    freed = drop_clauses_of_sections(conn, sections)
    conn.execute("DELETE FROM text_rows WHERE policy_id = ?", (policy_id,))
    conn.execute("DELETE FROM section_rows WHERE policy_id = ?", (policy_id,))
    return freed


def _write(conn: sqlite3.Connection, parts: str, key: str, owner: int, items: Sequence[Item], runs: Runs) -> list[int]:
    held = [int(row[0]) for row in conn.execute(f"SELECT run_id FROM {parts} WHERE {key} = ?", (owner,))]
    new = [
        (owner, where.start, runs.put(conn, [item for _, item in items[where]]))
        for where in cut([sha for sha, _ in items])
    ]
    if held:
        conn.execute(f"DELETE FROM {parts} WHERE {key} = ?", (owner,))
    conn.executemany(f"INSERT INTO {parts} ({key}, position, run_id) VALUES (?, ?, ?)", new)
    return runs.drop_unused(conn, dict.fromkeys(held), parts) if held else []
