"""Taking things down: rows, bodies, texts and clauses that nobody else uses go, and a tombstone stays.

The tombstone (`harvest.corpus.forgotten`) keeps what was asked for from coming back: by the address, and by the
sha256 of the bytes wherever else they turn up. Taken down with ``secure_delete`` and packed afterwards, so that the
file holds no trace; copies of the file (backups, exports) are for their owner to look after.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from harvest.corpus.forgotten import FORGOTTEN
from harvest.corpus.store_forget_rows import let_go_of_twins, remove, remove_bodies
from harvest.corpus.store_forget_scope import captures_of, each, landed_at, policies_of, subject_of
from harvest.errors import UnknownTarget
from harvest.timestamps import to_iso

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
    """Take something down; call in a transaction, read the *touched* policies again, then pack the file.

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
    touched |= _take_down_bytes(conn)
    relist(conn)
    return touched


def _take_down(conn: sqlite3.Connection, scope: str, subject: str, *, why: str) -> tuple[Removed, list[str]]:
    captures, led = captures_of(conn, scope, subject), landed_at(conn, scope, subject, in_histories=False)
    every = [*captures, *led]
    policies = policies_of(conn, scope, subject, every)
    held = [row[0] for row in each(conn, "SELECT DISTINCT body_id FROM captures WHERE id = ?", every) if row[0]]
    _empty(conn, captures if scope == "capture" else led, why)
    gone = remove(conn, scope, subject, captures, policies) if scope != "capture" else []
    shas = remove_bodies(conn, dict.fromkeys(held))
    touched = tuple(policy_id for policy_id in policies if policy_id not in gone)
    for policy_id in touched:
        let_go_of_twins(conn, policy_id)
    return Removed(len(every), len(gone), len(shas), touched), shas


def _empty(conn: sqlite3.Connection, captures: Sequence[int], why: str) -> None:
    rows = [(FORGOTTEN + why, one) for one in captures]
    conn.executemany(f"UPDATE captures SET {_EMPTIED}, reason = ? WHERE id = ?", rows)


def _take_down_bytes(conn: sqlite3.Connection) -> set[int]:
    """Take bytes down that went with what was asked for, where another corpus holds them at another address."""
    stones = conn.execute(
        "SELECT sha256, min(why) FROM forgotten WHERE scope = 'body' AND lifted_at = '' GROUP BY sha256"
    ).fetchall()
    touched: set[int] = set()
    for sha, why in stones:
        rows = conn.execute(
            "SELECT c.id, c.policy_id, c.body_id FROM captures c JOIN body_rows b ON b.id = c.body_id"
            " WHERE b.sha256 = ?",
            (bytes.fromhex(sha),),
        ).fetchall()
        _empty(conn, [int(row[0]) for row in rows], why)
        remove_bodies(conn, {int(row[2]) for row in rows})
        touched |= {int(row[1]) for row in rows}
    for policy_id in touched:
        let_go_of_twins(conn, policy_id)
    return touched


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
    relist(conn)
    return lifted


def relist(conn: sqlite3.Connection) -> None:
    """Let captures be chosen again that were taken down for a reason that was lifted, one by one or by their bytes.

    Where their bytes are banned for another reason as well, they are excluded again as soon as they come.
    """
    conn.execute(
        "UPDATE captures SET outcome = 'listed', reason = '' WHERE outcome = 'excluded'"
        " AND reason IN (SELECT ? || why FROM forgotten WHERE lifted_at <> '') AND archive || ' ' || url || ' ' ||"
        " timestamp NOT IN (SELECT subject FROM forgotten WHERE scope = 'capture' AND lifted_at = '')",
        (FORGOTTEN,),
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
