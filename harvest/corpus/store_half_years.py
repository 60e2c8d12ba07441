"""Which versions of a main line were in force at the ends of half-years: what trends are counted out of.

A twentieth to an eighth of all versions: most are followed by another in the half-year they began in. They follow from
`versions` alone and are made again with them. Half-years are numbers: twice the year, plus one in its second half.
"""

from __future__ import annotations

import sqlite3

# A version counts from the half-year it began in up to the one before the next begins; `lead` walks the index
# versions_place, so nothing is sorted.
_WANTED = """
    WITH line AS (
      SELECT text_id, policy_id, place,
        substr(first_seen, 1, 4) * 2 + (substr(first_seen, 6, 2) > '06') AS began,
        substr(last_seen, 1, 4) * 2 + (substr(last_seen, 6, 2) > '06') AS seen
      FROM versions WHERE policy_id = ? AND place IS NOT NULL
    )
    SELECT policy_id, place, text_id, began, min(seen, until), until FROM (
      SELECT *, coalesce(lead(began) OVER (ORDER BY place) - 1, seen) AS until FROM line)
    WHERE began <= until
"""
#: Where counts of these rows are kept in ``meta`` (`harvest.corpus.half_year_counts`): they go when a row does.
COUNTS_KEY = "half_years"
_FORGET = f"DELETE FROM meta WHERE key = '{COUNTS_KEY}'"
_HELD = "SELECT policy_id, place, text_id, began, seen, until FROM half_years WHERE policy_id = ?"


def keep_half_years(conn: sqlite3.Connection, policy_id: int) -> None:
    """Make the half-years of a policy follow from its versions. Call in a transaction; right rows stay."""
    held, wanted = _rows(conn, _HELD, policy_id), _rows(conn, _WANTED, policy_id)
    conn.executemany(
        "DELETE FROM half_years WHERE policy_id = ? AND place = ?", [row[:2] for row in sorted(held - wanted)]
    )
    conn.executemany("INSERT INTO half_years VALUES (?, ?, ?, ?, ?, ?)", sorted(wanted - held))
    if held != wanted:
        conn.execute(_FORGET)


def drop_half_years(conn: sqlite3.Connection, policy_id: int) -> None:
    """Forget the half-years of a policy, with its versions."""
    if conn.execute("DELETE FROM half_years WHERE policy_id = ?", (policy_id,)).rowcount:
        conn.execute(_FORGET)


def wrong_half_years(conn: sqlite3.Connection) -> list[str]:
    """Return the policies whose half-years are not what their versions say; none in a sound corpus."""
    policies = conn.execute("SELECT id FROM policies ORDER BY id").fetchall()
    return [f"policy {one}" for (one,) in policies if _rows(conn, _HELD, one) != _rows(conn, _WANTED, one)]


def _rows(conn: sqlite3.Connection, query: str, policy_id: int) -> set[tuple[int, ...]]:
    return set(conn.execute(query, (policy_id,)))
