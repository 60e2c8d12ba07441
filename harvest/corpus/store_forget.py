"""Taking things down: rows, bodies, texts and clauses that nobody else uses go, and a tombstone stays.

The tombstone (`harvest.corpus.forgotten`) keeps what was asked for from coming back: by the address, and by the
sha256 of the bytes wherever else they turn up. Taken down with ``secure_delete`` and packed afterwards, so that the
file holds no trace; copies of the file (backups, exports) are for their owner to look after.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from harvest.corpus.bodies import pack, read_body
from harvest.corpus.forgotten import FORGOTTEN
from harvest.corpus.store_import import clear_derived
from harvest.corpus.store_journal import merge_indexes
from harvest.corpus.store_rebuild import sweep_clauses
from harvest.corpus.store_site_lines import judge_site
from harvest.errors import UnknownTarget
from harvest.timestamps import to_iso
from harvest.urls import host_of, urlkey

#: What a capture that was taken down keeps: its row in the listing, so that the ledger balances.
_EMPTIED = (
    "outcome = 'excluded', wanted = 0, page_kind = '', fetched_at = NULL, landed_timestamp = '', landed_url = '',"
    " status = NULL, headers = '', encoding = '', body_id = NULL, text_id = NULL, version_id = NULL"
)


@dataclass(frozen=True, slots=True)
class Removed:
    """What a take-down removed. *touched*: policies that go on without it."""

    captures: int
    policies: int
    bodies: int
    touched: tuple[int, ...]


def forget(conn: sqlite3.Connection, scope: str, subject: str, *, by: str, why: str, at: datetime) -> Removed:
    """Take something down; call in a transaction, read the *touched* policies again, then `scrub`.

    What was taken down before, and did not come back, is so still: nothing is removed. Raises UnknownTarget where
    nothing was ever known of it.
    """
    subject = subject_of(scope, subject)
    removed, shas = _take_down(conn, scope, subject, why=why)
    if not removed.captures and not removed.policies and not removed.touched:
        if _is_buried(conn, scope, subject):
            return removed
        raise UnknownTarget(f"nothing of {subject} is in the corpus")
    _bury(conn, scope, subject, shas, captures=removed.captures, by=by, why=why, at=to_iso(at))
    return removed


def obey(conn: sqlite3.Connection) -> set[int]:
    """Take down what tombstones of another corpus ask for; return the policies that go on without it."""
    touched: set[int] = set()
    stones = conn.execute(
        "SELECT scope, subject, why FROM forgotten WHERE scope <> 'body' AND lifted_at = '' ORDER BY scope, subject"
    ).fetchall()
    for scope, subject, why in stones:
        touched.update(_take_down(conn, scope, subject, why=why)[0].touched)
    return touched


def _take_down(conn: sqlite3.Connection, scope: str, subject: str, *, why: str) -> tuple[Removed, list[str]]:
    captures = _captures(conn, scope, subject)
    policies = _policies(conn, scope, subject, captures)
    held = [row[0] for row in _each(conn, "SELECT DISTINCT body_id FROM captures WHERE id = ?", captures) if row[0]]
    if scope == "capture":
        conn.executemany(
            f"UPDATE captures SET {_EMPTIED}, reason = ? WHERE id = ?", [(FORGOTTEN + why, one) for one in captures]
        )
        gone: list[int] = []
    else:
        gone = _remove(conn, scope, subject, captures, policies)
    shas = _remove_bodies(conn, dict.fromkeys(held))
    touched = tuple(policy_id for policy_id in policies if policy_id not in gone)
    for policy_id in touched:
        _let_go_of_twins(conn, policy_id)
    return Removed(len(captures), len(gone), len(shas), touched), shas


def lift(conn: sqlite3.Connection, scope: str, subject: str, *, by: str, at: datetime) -> int:
    """Lift the bans on a subject and on the bytes that went with it; its captures may be chosen again."""
    subject = subject_of(scope, subject)
    lifted = conn.execute(
        "UPDATE forgotten SET lifted_at = ?, lifted_by = ? WHERE scope = ? AND subject = ? AND lifted_at = ''",
        (to_iso(at), by, scope, subject),
    ).rowcount
    conn.execute(
        "UPDATE forgotten SET lifted_at = ?, lifted_by = ? WHERE scope = 'body' AND subject = ? AND lifted_at = ''",
        (to_iso(at), by, f"{scope} {subject}"),
    )
    if scope == "capture":
        conn.execute(
            "UPDATE captures SET outcome = 'listed', reason = '' WHERE outcome = 'excluded'"
            " AND substr(reason, 1, ?) = ? AND archive || ' ' || url || ' ' || timestamp = ?",
            (len(FORGOTTEN), FORGOTTEN, subject),
        )
    return lifted


def scrub(conn: sqlite3.Connection) -> None:
    """Merge the search indexes, which keep words of deleted rows until then, and drop reasons nobody gives."""
    conn.execute("DELETE FROM reasons WHERE id NOT IN (SELECT reason_id FROM change_rows)")
    merge_indexes(conn)


def subject_of(scope: str, subject: str) -> str:
    """Return how a tombstone names what a person named: the host, the URL key, or the capture as it is."""
    if scope == "site":
        return host_of(subject if "://" in subject else f"http://{subject}")
    return urlkey(subject) if scope == "url" and "://" in subject else subject


def _captures(conn: sqlite3.Connection, scope: str, subject: str) -> list[int]:
    if scope == "url":
        rows = conn.execute("SELECT id FROM captures WHERE urlkey = ?", (subject,))
    elif scope == "capture":
        rows = conn.execute("SELECT id FROM captures WHERE archive || ' ' || url || ' ' || timestamp = ?", (subject,))
    else:
        rows = conn.execute(
            f"SELECT c.id FROM captures c WHERE {_ON_HOST.format('c.urlkey')} OR c.policy_id IN"
            f" (SELECT p.id FROM policies p JOIN sites s ON s.id = p.site_id WHERE {_OF_SITE})",
            _host(subject),
        )
    return [int(row[0]) for row in rows]


# A URL key begins with the host turned round: `com,softperfect)` or, on a subdomain, `com,softperfect,`.
_ON_HOST = "(substr({0}, 1, length(:key) + 1) IN (:key || ')', :key || ',', :key || ':'))"
_OF_SITE = "(s.host = :host OR substr(s.host, -length(:host) - 1) = '.' || :host)"


def _host(host: str) -> dict[str, str]:
    return {"host": host, "key": ",".join(reversed(host.split(".")))}


def _policies(conn: sqlite3.Connection, scope: str, subject: str, captures: Sequence[int]) -> list[int]:
    """Policies that hold any of it: captures, URLs, or (a site's) their names."""
    found = {int(row[0]) for row in _each(conn, "SELECT policy_id FROM captures WHERE id = ?", captures)}
    if scope == "site":
        named = conn.execute(
            f"SELECT p.id FROM policies p JOIN sites s ON s.id = p.site_id WHERE {_OF_SITE} UNION"
            f" SELECT policy_id FROM policy_urls WHERE {_ON_HOST.format('urlkey')}",
            _host(subject),
        )
        found |= {int(row[0]) for row in named}
    elif scope == "url":
        named = conn.execute("SELECT policy_id FROM policy_urls WHERE urlkey = ?", (subject,))
        found |= {int(row[0]) for row in named}
    return sorted(found)


def _remove(
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
            for url in (row[0] for row in rows if _is_of(scope, subject, row[0])):
                _remove_named(conn, table, policy_id, url)
    gone = [policy_id for policy_id in policies if _is_bare(conn, scope, subject, policy_id)]
    for policy_id in gone:
        _remove_policy(conn, policy_id)
    if scope == "site":
        sites = conn.execute(f"SELECT s.id FROM sites s WHERE {_OF_SITE}", _host(subject)).fetchall()
        conn.executemany("DELETE FROM site_policies WHERE site_id = ?", sites)
        conn.executemany("DELETE FROM sites WHERE id = ?", sites)
    return gone


def _unlink(conn: sqlite3.Connection, policy_id: int, captures: Sequence[int]) -> None:
    """Let no derived row of a policy point at captures that go; what is left is derived again afterwards."""
    if captures:
        conn.execute("UPDATE captures SET version_id = NULL WHERE policy_id = ?", (policy_id,))
        conn.execute("DELETE FROM transitions WHERE policy_id = ?", (policy_id,))
        conn.execute("DELETE FROM versions WHERE policy_id = ?", (policy_id,))


def _remove_named(conn: sqlite3.Connection, table: str, policy_id: int, url: str) -> None:
    if table == "listings":
        conn.execute(
            "DELETE FROM listing_oddities WHERE listing_id IN"
            " (SELECT id FROM listings WHERE policy_id = ? AND url = ?)",
            (policy_id, url),
        )
    conn.execute(f"DELETE FROM {table} WHERE policy_id = ? AND url = ?", (policy_id, url))


def _is_of(scope: str, subject: str, url: str) -> bool:
    if scope == "url":
        return urlkey(url) == subject
    host = host_of(url)
    return host == subject or host.endswith(f".{subject}")


def _is_bare(conn: sqlite3.Connection, scope: str, subject: str, policy_id: int) -> bool:
    host = conn.execute(
        "SELECT s.host FROM policies p JOIN sites s ON s.id = p.site_id WHERE p.id = ?", (policy_id,)
    ).fetchone()[0]
    if scope == "site" and _is_of(scope, subject, f"http://{host}/"):
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


def _remove_bodies(conn: sqlite3.Connection, candidates: Iterable[int]) -> list[str]:
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
    shas = [str(row[0]) for row in _each(conn, "SELECT sha256 FROM bodies WHERE id = ?", gone)]
    conn.executemany("DELETE FROM body_rows WHERE id = ?", [(body_id,) for body_id in gone])
    return sorted(shas)


def _let_go_of_twins(conn: sqlite3.Connection, policy_id: int) -> None:
    """Make duplicates whose bytes are gone captures that were never chosen."""
    conn.execute(
        "UPDATE captures SET outcome = 'listed', reason = '', wanted = 0, text_id = NULL, version_id = NULL"
        " WHERE policy_id = ?1 AND outcome = 'duplicate' AND body_id IS NULL AND NOT EXISTS (SELECT 1 FROM captures t"
        " WHERE t.policy_id = ?1 AND t.digest = captures.digest AND t.body_id IS NOT NULL)",
        (policy_id,),
    )


def _is_buried(conn: sqlite3.Connection, scope: str, subject: str) -> bool:
    query = "SELECT 1 FROM forgotten WHERE scope = ? AND subject = ? AND lifted_at = '' LIMIT 1"
    return conn.execute(query, (scope, subject)).fetchone() is not None


def _bury(
    conn: sqlite3.Connection,
    scope: str,
    subject: str,
    shas: Sequence[str],
    *,
    captures: int,
    by: str,
    why: str,
    at: str,
) -> None:
    conn.executemany(
        "INSERT OR IGNORE INTO forgotten (scope, subject, sha256, captures, decided_by, decided_at, why)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (scope, subject, "", captures, by, at, why),
            *(("body", f"{scope} {subject}", sha, 0, by, at, why) for sha in shas),
        ],
    )


def _each(conn: sqlite3.Connection, query: str, ids: Iterable[int]) -> list[tuple[Any, ...]]:
    return [row for one in ids for row in conn.execute(query, (one,))]
