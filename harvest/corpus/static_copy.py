"""Make a copied corpus fit for publishing: no raw bodies, only the policies that were chosen."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from harvest.corpus.clause_links import UNUSED_TARGETS
from harvest.corpus.half_year_counts import keep_counts
from harvest.corpus.likeness import make_heirs_whole
from harvest.corpus.store_diffs import UNUSED_REASONS
from harvest.corpus.store_half_years import COUNTS_KEY
from harvest.errors import CorpusError

_MARK = "published"
# What policies share stays as long as anybody has it.
_UNUSED = (
    "section_runs WHERE run_id NOT IN (SELECT run_id FROM text_parts)",
    "clause_runs WHERE run_id NOT IN (SELECT run_id FROM section_parts)",
    "clause_rows WHERE id NOT IN (SELECT clause_id FROM clause_runs)"
    " AND id NOT IN (SELECT clause_id FROM change_clause_rows)",
    UNUSED_REASONS,
    UNUSED_TARGETS,
)


def publish(conn: sqlite3.Connection, path: Path, policy_ids: Sequence[int]) -> None:
    """Write a copy of a corpus to *path*, which must not exist, and make it fit for publishing."""
    conn.execute("PRAGMA query_only = OFF")
    conn.execute("VACUUM INTO ?", (str(path),))
    with closing(sqlite3.connect(path, isolation_level=None)) as copy:
        copy_without_bodies(copy, policy_ids)


def copy_without_bodies(copy: sqlite3.Connection, policy_ids: Sequence[int]) -> None:
    """Take bodies, and all policies but *policy_ids*, out of a corpus, mark it as a copy, and give back the space.

    Take-downs go too: nothing is harvested into a copy, so their only use there would be to name who asked. *copy* is
    the copy itself, never the corpus, in autocommit mode.
    """
    copy.execute("PRAGMA foreign_keys = OFF")
    copy.execute("BEGIN")
    copy.execute("UPDATE captures SET body_id = NULL")
    copy.execute("DELETE FROM body_rows")
    copy.execute("CREATE TEMP TABLE kept (id INTEGER PRIMARY KEY)")
    copy.executemany("INSERT OR IGNORE INTO kept VALUES (?)", [(policy_id,) for policy_id in policy_ids])
    copy.execute("DELETE FROM policies WHERE id NOT IN (SELECT id FROM kept)")
    while _drop_dangling(copy):
        pass
    used = "SELECT site_id FROM policies UNION SELECT site_id FROM site_policies"
    copy.execute(f"DELETE FROM sites WHERE id NOT IN ({used})")
    _drop_unused(copy)
    copy.execute("DELETE FROM forgotten")
    copy.execute("DELETE FROM meta WHERE key = ?", (COUNTS_KEY,))
    keep_counts(copy)
    _narrow_runs(copy)
    for index in ("clauses_fts", "headings_fts"):  # which keep the words of deleted rows until they are made anew
        copy.execute(f"INSERT INTO {index} ({index}) VALUES ('rebuild')")
    copy.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, '1')", (_MARK,))
    copy.execute("COMMIT")
    copy.execute("VACUUM")


def _drop_dangling(copy: sqlite3.Connection) -> int:
    """Drop rows that point at rows which are gone; return how many."""
    dropped = 0
    tables = [str(row[0]) for row in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for table in tables:
        for key in copy.execute(f"PRAGMA foreign_key_list('{table}')").fetchall():
            parent, column = key[2], key[3]
            gone = f"{column} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {parent} x WHERE x.id = {table}.{column})"
            if column == "body_id" or column == "base_id":
                continue
            dropped += copy.execute(f"DELETE FROM {table} WHERE {gone}").rowcount
    return dropped


def _drop_unused(copy: sqlite3.Connection) -> None:
    for rows in _UNUSED:
        if rows.startswith("clause_rows"):
            for (clause_id,) in copy.execute(f"SELECT id FROM {rows} ORDER BY id").fetchall():
                make_heirs_whole(copy, clause_id)
        copy.execute(f"DELETE FROM {rows}")


def _narrow_runs(copy: sqlite3.Connection) -> None:
    """Let runs name no policy that is not in the copy, and keep no message that is not about one that is."""
    rows = copy.execute(
        "SELECT s.host || '/' || p.kind || CASE p.label WHEN '' THEN '' ELSE ':' || p.label END"
        " FROM policies p JOIN sites s ON s.id = p.site_id"
    )
    names = {str(row[0]) for row in rows}
    for run_id, settings in copy.execute("SELECT id, settings FROM runs").fetchall():
        told = json.loads(settings or "{}")
        named = [name for name in told.get("policies", ()) if name in names]
        kept = {"every": told["every"]} if "every" in told else {}
        narrowed = {**kept, "policies": named} if "policies" in told else kept
        copy.execute("UPDATE runs SET settings = ? WHERE id = ?", (json.dumps(narrowed), run_id))
    copy.execute("DELETE FROM events WHERE policy_id IS NULL")


def refuse_published(conn: sqlite3.Connection, path: object) -> None:
    """Raise CorpusError where a corpus is a copy without bodies: nothing could be derived from it again."""
    if _is_marked(conn):
        raise CorpusError(
            f"{path} is a copy for publishing, without the raw bodies: it can be read and served, not harvested into,"
            " built, verified, joined or exported as pages. Use the corpus it was made from"
        )


def is_published(path: Path) -> bool:
    """True for a file that `publish` wrote; False for any other."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as conn:
            return _is_marked(conn)
    except sqlite3.DatabaseError:
        return False


def _is_marked(conn: sqlite3.Connection) -> bool:
    row = conn.execute("SELECT value FROM meta WHERE key = ?", (_MARK,)).fetchone()
    return row is not None and row[0] == "1"
