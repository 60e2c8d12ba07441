"""Take-downs while two corpora are joined: those of either hold, and nothing comes over for nothing."""

from __future__ import annotations

import sqlite3

from harvest.corpus.forgotten import why_forgotten


def take_bans(conn: sqlite3.Connection, other: sqlite3.Connection) -> None:
    """Take over what the other corpus took down, and what was lifted there."""
    rows = other.execute(
        "SELECT scope, subject, sha256, captures, decided_by, decided_at, why, lifted_at, lifted_by FROM forgotten"
    )
    conn.executemany(
        "INSERT INTO forgotten (scope, subject, sha256, captures, decided_by, decided_at, why, lifted_at, lifted_by)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (scope, subject, sha256, decided_at) DO UPDATE SET"
        " captures = max(captures, excluded.captures), lifted_at = max(lifted_at, excluded.lifted_at),"
        " lifted_by = max(lifted_by, excluded.lifted_by)",
        rows.fetchall(),
    )


def is_banned(conn: sqlite3.Connection, name: str) -> bool:
    """True where the site of a policy (``host/kind:label``) was taken down."""
    return bool(why_forgotten(conn, f"http://{name.partition('/')[0]}/"))


def is_hollow(conn: sqlite3.Connection, other: sqlite3.Connection, theirs: int) -> bool:
    """True where all addresses of a policy were taken down: it would come without any, and without captures."""
    rows = other.execute(
        "SELECT url FROM policy_urls WHERE policy_id = ?1 UNION SELECT url FROM captures WHERE policy_id = ?1",
        (theirs,),
    ).fetchall()
    return bool(rows) and all(why_forgotten(conn, str(row[0])) for row in rows)


def drop_bare_sites(conn: sqlite3.Connection, banned: set[str]) -> None:
    """Drop sites that came with policies that were taken down, and with nothing else."""
    conn.executemany(
        "DELETE FROM sites WHERE host = ? AND NOT EXISTS (SELECT 1 FROM policies WHERE site_id = sites.id)"
        " AND NOT EXISTS (SELECT 1 FROM site_policies WHERE site_id = sites.id)",
        [(name.partition("/")[0],) for name in sorted(banned)],
    )
