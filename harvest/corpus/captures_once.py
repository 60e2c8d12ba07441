"""Captures once each, without an index that holds all their addresses and digests a second time.

What tells captures of a policy apart are archive, URL, timestamp, digest and status: 118 bytes, which an index for
``UNIQUE`` writes beside every row. Few captures of a policy are of one second, so policy and timestamp find them, and a
trigger compares the rest: of 71.9 MB of a corpus 1.3 MB less (ToSBack2, 14,175 captures).
"""

from __future__ import annotations

import sqlite3

_KEY = ("policy_id", "archive", "url", "timestamp", "digest", "statuscode")
_UNIQUE = f",\n    UNIQUE ({', '.join(_KEY)})"
_SAME = f"""EXISTS (
    SELECT 1 FROM captures held WHERE {" AND ".join(f"held.{name} = new.{name}" for name in _KEY)}"""
_RULES = (
    "CREATE INDEX captures_second ON captures(policy_id, timestamp)",
    # As `INSERT OR IGNORE` did; whoever inserts looks at the count of rows.
    f"""CREATE TRIGGER captures_once BEFORE INSERT ON captures WHEN {_SAME})
BEGIN
    SELECT RAISE(IGNORE);
END""",
    f"""CREATE TRIGGER captures_stay_once BEFORE UPDATE OF {", ".join(_KEY)} ON captures
WHEN {_SAME} AND held.id <> new.id)
BEGIN
    SELECT RAISE(ABORT, 'two captures of a policy would be the same');
END""",
)


def keep_captures_once(conn: sqlite3.Connection) -> None:
    """Make the table of captures anew without ``UNIQUE``. Call in a transaction, without checks of foreign keys."""
    (table,) = conn.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'captures'").fetchone()
    indexes = conn.execute(
        "SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'captures' AND sql IS NOT NULL ORDER BY name"
    ).fetchall()
    conn.execute("CREATE TEMP TABLE held AS SELECT * FROM captures")
    conn.execute("DROP TABLE captures")
    conn.execute(table.replace(_UNIQUE, ""))
    conn.execute("INSERT INTO captures SELECT * FROM held ORDER BY id")
    conn.execute("DROP TABLE temp.held")
    for statement in (*(row[0] for row in indexes), *_RULES):
        conn.execute(statement)
