"""The compact tables beneath the views that carry the names of the schema.

What the documented schema names (`clauses`, `section_clauses`, `changes`, …) is read under that name, with hex digests
and words, in plain SQLite; beneath lie digests as bytes, words as numbers, and lists of clauses and sections as runs
that many lists share (`harvest.corpus.runs`). Writers write to the tables. A digest is looked up there by its first six
bytes, the twelve digits of our addresses (``substr(sha, 1, 6)``, which is what the indexes hold).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from harvest.corpus import codes
from harvest.corpus.codes import code, form, share, shown
from harvest.corpus.runs import CLAUSE_RUNS, SECTION_RUNS, Runs, cut
from harvest.corpus.schema_compact import INDEXES, TABLES, TRIGGERS, VIEWS

#: Which view shows what a compact table holds.
SHOWN_AS = {
    "body_rows": "bodies",
    "text_rows": "texts",
    "clause_rows": "clauses",
    "section_rows": "sections",
    "text_parts": "text_sections",
    "section_runs": "text_sections",
    "section_parts": "section_clauses",
    "clause_runs": "section_clauses",
    "change_rows": "changes",
    "change_clause_rows": "change_clauses",
}

_OLD_TABLES = ("change_clauses", "changes", "section_clauses", "text_sections", "sections", "clauses")


def compact(conn: sqlite3.Connection) -> None:
    """Turn the tables of an older corpus into compact ones beneath views of their names. Call in a transaction."""
    views = conn.execute("SELECT name, sql FROM sqlite_master WHERE type = 'view' ORDER BY rowid").fetchall()
    for name, _ in views:
        conn.execute(f"DROP VIEW {name}")
    for name in ("bodies", "texts"):
        _pack_digests(conn, name)
    _run(conn, TABLES)
    _copy(conn)
    for name in _OLD_TABLES:
        conn.execute(f"DROP TABLE {name}")
    _run(conn, INDEXES)
    for statement in (*VIEWS, *TRIGGERS):
        conn.execute(statement)
    show_texts(conn)
    for _, sql in views:
        conn.execute(sql)


def show_texts(conn: sqlite3.Connection) -> None:
    """Have the view `texts` show every column of its table. Call after adding one."""
    columns = [str(row[1]) for row in conn.execute("PRAGMA table_info(text_rows)")]
    shown_as = ", ".join("lower(hex(sha256)) AS sha256" if name == "sha256" else name for name in columns)
    conn.execute("DROP VIEW IF EXISTS texts")
    conn.execute(f"CREATE VIEW texts AS\nSELECT {shown_as}\nFROM text_rows")


def pack_ranks(conn: sqlite3.Connection) -> None:
    """Store the ranks of sections as bytes; look texts up by the first six bytes of their digest, as clauses are."""
    rows = conn.execute("SELECT structure, id FROM section_rows WHERE length(structure) = 24").fetchall()
    conn.executemany(
        "UPDATE section_rows SET structure = ? WHERE id = ?", [(codes.packed_rank(rank), one) for rank, one in rows]
    )
    conn.execute("DROP INDEX text_rows_sha")
    conn.execute("CREATE INDEX text_rows_sha ON text_rows(substr(sha256, 1, 6))")
    show_sections(conn)


def show_sections(conn: sqlite3.Connection) -> None:
    """Have the view `sections` show ranks that are bytes."""
    conn.execute("DROP VIEW sections")
    conn.execute(
        f"""CREATE VIEW sections AS
SELECT id, policy_id, lower(hex(sha)) AS sha256, heading,
       {shown("heading_kind", codes.HEADING_KINDS)} AS heading_kind, words,
       {codes.shown_rank("structure")} AS structure
FROM section_rows"""
    )


def _run(conn: sqlite3.Connection, script: str) -> None:
    for statement in script.split(";\n"):
        if statement.strip():
            conn.execute(statement)


def _pack_digests(conn: sqlite3.Connection, name: str) -> None:
    """Rename a table other tables point at, and have it keep its digests as bytes."""
    table = {"bodies": "body_rows", "texts": "text_rows"}[name]
    conn.execute("DROP INDEX IF EXISTS texts_sha256")
    conn.execute(f"ALTER TABLE {name} RENAME TO {table}")
    rows = conn.execute(f"SELECT id, sha256 FROM {table}").fetchall()
    conn.executemany(
        f"UPDATE {table} SET sha256 = ? WHERE id = ?", ((bytes.fromhex(sha), row_id) for row_id, sha in rows)
    )


def _copy(conn: sqlite3.Connection) -> None:
    """Fill the compact tables from the old ones, a row at a time."""
    conn.executemany(
        "INSERT INTO clause_rows (id, sha, text, markdown, words) VALUES (?, ?, ?, ?, ?)",
        (
            (row[0], bytes.fromhex(row[1]), *row[2:])
            for row in _each(conn, "SELECT id, sha256, text, markdown, words FROM clauses")
        ),
    )
    conn.executemany(
        "INSERT INTO section_rows (id, policy_id, sha, heading, heading_kind, words, structure)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            (*row[:2], bytes.fromhex(row[2]), row[3], code(row[4], codes.HEADING_KINDS), *row[5:])
            for row in _each(
                conn, "SELECT id, policy_id, sha256, heading, heading_kind, words, structure FROM sections"
            )
        ),
    )
    _copy_runs(conn)
    conn.execute("INSERT INTO reasons (reason) SELECT DISTINCT reason FROM changes ORDER BY id")
    reasons = {row[0]: row[1] for row in conn.execute("SELECT reason, id FROM reasons")}
    conn.executemany(
        f"INSERT INTO change_rows VALUES ({', '.join('?' * 11)})",
        (
            (
                *(*row[:3], code(row[3], codes.CHANGE_KINDS), code(row[4], codes.TIERS), reasons[row[5]]),
                *(*row[6:10], share(row[10])),
            )
            for row in _each(
                conn,
                "SELECT id, diff_id, position, kind, tier, reason, before_section_id, after_section_id, words_added,"
                " words_removed, similarity FROM changes",
            )
        ),
    )
    conn.execute(
        "INSERT INTO change_clause_rows SELECT change_id, position * 2 + (side = 'after'), clause_id"
        " FROM change_clauses ORDER BY 1, 2"
    )


def _copy_runs(conn: sqlite3.Connection) -> None:
    _run(conn, "CREATE INDEX clause_runs_clause ON clause_runs(clause_id);\n")
    _run(conn, "CREATE INDEX section_runs_section ON section_runs(section_id);\n")
    rows = _each(
        conn,
        "SELECT sc.section_id, c.sha256, sc.clause_id, sc.kind, sc.depth FROM section_clauses sc"
        " JOIN clauses c ON c.id = sc.clause_id ORDER BY sc.section_id, sc.position",
    )
    _cut(conn, CLAUSE_RUNS, "section_parts", ((r[0], r[1], (r[2], form(r[3], r[4]), None)) for r in rows))
    rows = _each(
        conn,
        "SELECT ts.text_id, s.sha256, ts.section_id, ts.lineage_id, ts.level, ts.number, ts.confidence"
        " FROM text_sections ts JOIN sections s ON s.id = ts.section_id ORDER BY ts.text_id, ts.position",
    )
    _cut(conn, SECTION_RUNS, "text_parts", ((r[0], r[1], (*r[2:6], share(r[6]))) for r in rows))
    for name in ("clause_runs_clause", "section_runs_section"):
        conn.execute(f"DROP INDEX {name}")


def _cut(conn: sqlite3.Connection, runs: Runs, parts: str, rows: Iterable[tuple[int, str, tuple[object, ...]]]) -> None:
    for owner, group in groupby(rows, key=itemgetter(0)):
        listed = list(group)
        for where in cut([row[1] for row in listed]):
            run_id = runs.put(conn, [row[2] for row in listed[where]])
            conn.execute(f"INSERT INTO {parts} VALUES (?, ?, ?)", (owner, where.start, run_id))


def _each(conn: sqlite3.Connection, query: str) -> Iterator[tuple[Any, ...]]:
    yield from conn.execute(query)
