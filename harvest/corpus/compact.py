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

_TABLES = """
CREATE TABLE clause_rows (
    id INTEGER PRIMARY KEY,
    sha BLOB NOT NULL,
    text TEXT NOT NULL,
    markdown TEXT,
    words INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE section_rows (
    id INTEGER PRIMARY KEY,
    policy_id INTEGER NOT NULL REFERENCES policies(id),
    sha BLOB NOT NULL,
    heading TEXT NOT NULL DEFAULT '',
    heading_kind INTEGER NOT NULL DEFAULT 0,
    words INTEGER NOT NULL DEFAULT 0,
    structure TEXT NOT NULL DEFAULT ''
);
CREATE TABLE clause_runs (
    run_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    clause_id INTEGER NOT NULL REFERENCES clause_rows(id),
    form INTEGER NOT NULL DEFAULT 0,
    marker TEXT,
    PRIMARY KEY (run_id, position)
) WITHOUT ROWID;
CREATE TABLE section_parts (
    section_id INTEGER NOT NULL REFERENCES section_rows(id),
    position INTEGER NOT NULL,
    run_id INTEGER NOT NULL,
    PRIMARY KEY (section_id, position)
) WITHOUT ROWID;
CREATE TABLE section_runs (
    run_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    section_id INTEGER NOT NULL REFERENCES section_rows(id),
    lineage_id INTEGER,
    level INTEGER NOT NULL DEFAULT 0,
    number TEXT NOT NULL DEFAULT '',
    confidence INTEGER NOT NULL DEFAULT 10000,
    PRIMARY KEY (run_id, position)
) WITHOUT ROWID;
CREATE TABLE text_parts (
    text_id INTEGER NOT NULL REFERENCES text_rows(id),
    position INTEGER NOT NULL,
    run_id INTEGER NOT NULL,
    PRIMARY KEY (text_id, position)
) WITHOUT ROWID;
CREATE TABLE reasons (id INTEGER PRIMARY KEY, reason TEXT NOT NULL);
CREATE TABLE change_rows (
    id INTEGER PRIMARY KEY,
    diff_id INTEGER NOT NULL REFERENCES diffs(id),
    position INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    tier INTEGER NOT NULL DEFAULT 0,
    reason_id INTEGER NOT NULL REFERENCES reasons(id),
    before_section_id INTEGER,
    after_section_id INTEGER,
    words_added INTEGER NOT NULL DEFAULT 0,
    words_removed INTEGER NOT NULL DEFAULT 0,
    similarity INTEGER NOT NULL DEFAULT 10000
);
CREATE TABLE change_clause_rows (
    change_id INTEGER NOT NULL REFERENCES change_rows(id),
    slot INTEGER NOT NULL,
    clause_id INTEGER NOT NULL REFERENCES clause_rows(id),
    PRIMARY KEY (change_id, slot)
) WITHOUT ROWID;
"""

# What is asked by section are changes of whole sections and of headings, whose kinds have the numbers from 7 on.
_INDEXES = """
CREATE INDEX clause_rows_sha ON clause_rows(substr(sha, 1, 6));
CREATE INDEX section_rows_sha ON section_rows(policy_id, substr(sha, 1, 6));
CREATE INDEX text_rows_sha ON text_rows(sha256);
CREATE INDEX clause_runs_clause ON clause_runs(clause_id);
CREATE INDEX section_parts_run ON section_parts(run_id);
CREATE INDEX section_runs_section ON section_runs(section_id);
CREATE INDEX text_parts_run ON text_parts(run_id);
CREATE INDEX reasons_ends ON reasons(substr(reason, 1, 3) || substr(reason, -4));
CREATE INDEX change_rows_diff ON change_rows(diff_id);
CREATE INDEX change_rows_before ON change_rows(before_section_id) WHERE kind >= 7;
CREATE INDEX change_rows_after ON change_rows(after_section_id) WHERE kind >= 7;
CREATE INDEX change_clause_rows_clause ON change_clause_rows(clause_id);
"""

_VIEWS = (
    """CREATE VIEW bodies AS
SELECT id, lower(hex(sha256)) AS sha256, size, codec, base_id, steps, cost, data FROM body_rows""",
    """CREATE VIEW clauses AS
SELECT id, lower(hex(sha)) AS sha256, text, markdown, words FROM clause_rows""",
    f"""CREATE VIEW sections AS
SELECT id, policy_id, lower(hex(sha)) AS sha256, heading,
       {shown("heading_kind", codes.HEADING_KINDS)} AS heading_kind, words, structure
FROM section_rows""",
    f"""CREATE VIEW section_clauses AS
SELECT section_parts.section_id, section_parts.position + clause_runs.position AS position, clause_runs.clause_id,
       {shown("clause_runs.form & 3", codes.CLAUSE_KINDS)} AS kind, clause_runs.form >> 2 AS depth,
       coalesce(clause_runs.marker, '') AS marker
FROM section_parts JOIN clause_runs ON clause_runs.run_id = section_parts.run_id""",
    f"""CREATE VIEW text_sections AS
SELECT text_parts.text_id, text_parts.position + section_runs.position AS position, section_runs.section_id,
       section_runs.lineage_id, section_runs.level, section_runs.number,
       section_runs.confidence / {codes.SHARE}.0 AS confidence
FROM text_parts JOIN section_runs ON section_runs.run_id = text_parts.run_id""",
    f"""CREATE VIEW changes AS
SELECT id, diff_id, position, {shown("kind", codes.CHANGE_KINDS)} AS kind,
       {shown("tier", codes.TIERS)} AS tier,
       (SELECT reasons.reason FROM reasons WHERE reasons.id = change_rows.reason_id) AS reason,
       before_section_id, after_section_id, words_added, words_removed, similarity / {codes.SHARE}.0 AS similarity
FROM change_rows""",
    f"""CREATE VIEW change_clauses AS
SELECT change_id, {shown("slot & 1", codes.SIDES)} AS side, slot >> 1 AS position, clause_id FROM change_clause_rows""",
)

# As before, but with the words of a clause read through the view: a row may hold only what tells it from another one.
_TRIGGERS = (
    """CREATE TRIGGER clauses_fts_insert AFTER INSERT ON clause_rows BEGIN
    INSERT INTO clauses_fts (rowid, text) VALUES (new.id, new.text);
END""",
    """CREATE TRIGGER clauses_fts_delete AFTER DELETE ON clause_rows BEGIN
    INSERT INTO clauses_fts (clauses_fts, rowid, text) VALUES ('delete', old.id, old.text);
END""",
    """CREATE TRIGGER clauses_fts_update AFTER UPDATE OF text ON clause_rows BEGIN
    INSERT INTO clauses_fts (clauses_fts, rowid, text) VALUES ('delete', old.id, old.text);
    INSERT INTO clauses_fts (rowid, text) VALUES (new.id, new.text);
END""",
    """CREATE TRIGGER headings_fts_insert AFTER INSERT ON section_rows BEGIN
    INSERT INTO headings_fts (rowid, heading) VALUES (new.id, new.heading);
END""",
    """CREATE TRIGGER headings_fts_delete AFTER DELETE ON section_rows BEGIN
    INSERT INTO headings_fts (headings_fts, rowid, heading) VALUES ('delete', old.id, old.heading);
END""",
    """CREATE TRIGGER headings_fts_update AFTER UPDATE OF heading ON section_rows BEGIN
    INSERT INTO headings_fts (headings_fts, rowid, heading) VALUES ('delete', old.id, old.heading);
    INSERT INTO headings_fts (rowid, heading) VALUES (new.id, new.heading);
END""",
)
_OLD_TABLES = ("change_clauses", "changes", "section_clauses", "text_sections", "sections", "clauses")


def compact(conn: sqlite3.Connection) -> None:
    """Turn the tables of an older corpus into compact ones beneath views of their names. Call in a transaction."""
    views = conn.execute("SELECT name, sql FROM sqlite_master WHERE type = 'view' ORDER BY rowid").fetchall()
    for name, _ in views:
        conn.execute(f"DROP VIEW {name}")
    for name in ("bodies", "texts"):
        _pack_digests(conn, name)
    _run(conn, _TABLES)
    _copy(conn)
    for name in _OLD_TABLES:
        conn.execute(f"DROP TABLE {name}")
    _run(conn, _INDEXES)
    for statement in (*_VIEWS, *_TRIGGERS):
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
