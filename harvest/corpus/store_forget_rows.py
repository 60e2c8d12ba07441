"""The rows that go with what is taken down. Call in a transaction; what is left is derived again afterwards."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from harvest.corpus.bodies import pack, read_body
from harvest.corpus.store_forget_scope import OF_SITE, each, host_params, is_of
from harvest.corpus.store_half_years import drop_half_years
from harvest.corpus.store_import import clear_derived
from harvest.corpus.store_rebuild import sweep_clauses
from harvest.corpus.store_site_lines import judge_site


def remove(
    conn: sqlite3.Connection, scope: str, subject: str, captures: Sequence[int], policies: Sequence[int]
) -> list[int]:
    """Remove captures and all that names their addresses; return the policies that are no more."""
    for policy_id in policies:
        _unlink(conn, policy_id, captures)
    conn.executemany("DELETE FROM events WHERE capture_id = ?", [(one,) for one in captures])
    conn.executemany("DELETE FROM captures WHERE id = ?", [(one,) for one in captures])
    for table in ("policy_urls", "listings", "pointers", "judgements"):
        for policy_id in policies:
            rows = conn.execute(f"SELECT DISTINCT url FROM {table} WHERE policy_id = ?", (policy_id,)).fetchall()
            for url in (row[0] for row in rows if is_of(scope, subject, row[0])):
                _remove_named(conn, table, policy_id, url)
    gone = [policy_id for policy_id in policies if _is_bare(conn, scope, subject, policy_id)]
    for policy_id in gone:
        _remove_policy(conn, policy_id)
    if scope == "site":
        sites = conn.execute(f"SELECT s.id FROM sites s WHERE {OF_SITE}", host_params(subject)).fetchall()
        conn.executemany("DELETE FROM site_policies WHERE site_id = ?", sites)
        conn.executemany("DELETE FROM sites WHERE id = ?", sites)
    return gone


def _unlink(conn: sqlite3.Connection, policy_id: int, captures: Sequence[int]) -> None:
    """Let no derived row of a policy point at captures that go."""
    if captures:
        conn.execute("UPDATE captures SET version_id = NULL WHERE policy_id = ?", (policy_id,))
        conn.execute("DELETE FROM transitions WHERE policy_id = ?", (policy_id,))
        conn.execute("DELETE FROM versions WHERE policy_id = ?", (policy_id,))
        drop_half_years(conn, policy_id)


def _remove_named(conn: sqlite3.Connection, table: str, policy_id: int, url: str) -> None:
    if table == "listings":
        conn.execute(
            "DELETE FROM listing_oddities WHERE listing_id IN"
            " (SELECT id FROM listings WHERE policy_id = ? AND url = ?)",
            (policy_id, url),
        )
    conn.execute(f"DELETE FROM {table} WHERE policy_id = ? AND url = ?", (policy_id, url))


def _is_bare(conn: sqlite3.Connection, scope: str, subject: str, policy_id: int) -> bool:
    host = conn.execute(
        "SELECT s.host FROM policies p JOIN sites s ON s.id = p.site_id WHERE p.id = ?", (policy_id,)
    ).fetchone()[0]
    if scope == "site" and is_of(scope, subject, f"http://{host}/"):
        return True
    left = conn.execute(
        "SELECT 1 FROM captures WHERE policy_id = ?1 UNION ALL SELECT 1 FROM policy_urls WHERE policy_id = ?1 LIMIT 1",
        (policy_id,),
    )
    return left.fetchone() is None


def _remove_policy(conn: sqlite3.Connection, policy_id: int) -> None:
    sweep_clauses(conn, clear_derived(conn, policy_id))
    conn.execute(
        "DELETE FROM listing_oddities WHERE listing_id IN (SELECT id FROM listings WHERE policy_id = ?)", (policy_id,)
    )
    for table in ("events", "listings", "judgements", "pointers", "policy_urls", "site_policies", "unsettled"):
        conn.execute(f"DELETE FROM {table} WHERE policy_id = ?", (policy_id,))
    site_id = conn.execute("SELECT site_id FROM policies WHERE id = ?", (policy_id,)).fetchone()[0]
    conn.execute("DELETE FROM policies WHERE id = ?", (policy_id,))
    conn.execute(
        "DELETE FROM sites WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM policies WHERE site_id = ?1)"
        " AND NOT EXISTS (SELECT 1 FROM site_policies WHERE site_id = ?1)",
        (site_id,),
    )
    for other in conn.execute("SELECT id FROM policies WHERE site_id = ? LIMIT 1", (site_id,)).fetchall():
        judge_site(conn, int(other[0]))


def remove_bodies(conn: sqlite3.Connection, candidates: Iterable[int]) -> list[str]:
    """Remove bodies no capture has any more; what was packed against them is packed by itself. Return their sha256."""
    gone = [
        body_id
        for body_id in candidates
        if conn.execute("SELECT 1 FROM captures WHERE body_id = ? LIMIT 1", (body_id,)).fetchone() is None
    ]
    for body_id in gone:
        heirs = [int(row[0]) for row in conn.execute("SELECT id FROM bodies WHERE base_id = ?", (body_id,))]
        for heir in heirs:
            packed = pack(read_body(conn, heir), None)
            conn.execute(
                "UPDATE body_rows SET codec = ?, base_id = NULL, steps = 0, cost = ?, data = ? WHERE id = ?",
                (packed.codec, packed.cost, packed.data, heir),
            )
    shas = [str(row[0]) for row in each(conn, "SELECT sha256 FROM bodies WHERE id = ?", gone)]
    conn.executemany("DELETE FROM body_rows WHERE id = ?", [(body_id,) for body_id in gone])
    return sorted(shas)


def let_go_of_twins(conn: sqlite3.Connection, policy_id: int) -> None:
    """Make duplicates whose bytes are gone captures that were never chosen."""
    conn.execute(
        "UPDATE captures SET outcome = 'listed', reason = '', wanted = 0, text_id = NULL, version_id = NULL"
        " WHERE policy_id = ?1 AND outcome = 'duplicate' AND body_id IS NULL AND NOT EXISTS (SELECT 1 FROM captures t"
        " WHERE t.policy_id = ?1 AND t.digest = captures.digest AND t.body_id IS NOT NULL)",
        (policy_id,),
    )
