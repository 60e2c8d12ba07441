"""Reads that only exports make: a view row by row, and how much the bodies of each policy weigh."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from harvest.corpus.queries_model import PolicyRef

_VIEWS = ("history", "change_log")


def view_rows(conn: sqlite3.Connection, view: str, policy: PolicyRef) -> tuple[list[str], Iterator[list[object]]]:
    """Return the columns of ``history`` or ``change_log`` and the rows of a policy, one at a time.

    Ids of rows are left out: they mean nothing outside the file, and change with every rebuild.
    """
    if view not in _VIEWS:
        raise ValueError(f"{view!r} is none of {', '.join(_VIEWS)}")
    cursor = conn.execute(f"SELECT * FROM {view} WHERE policy_id = ?", (policy.id,))
    kept = [at for at, column in enumerate(cursor.description) if not column[0].endswith("_id")]
    return [str(cursor.description[at][0]) for at in kept], ([row[at] for at in kept] for row in cursor)


def body_bytes(conn: sqlite3.Connection) -> dict[int, int]:
    """Return the size of the bodies of each policy, by its id, as if nothing were shared or packed."""
    sql = "SELECT c.policy_id, sum(b.size) FROM captures c JOIN bodies b ON b.id = c.body_id GROUP BY c.policy_id"
    return {int(policy_id): int(size) for policy_id, size in conn.execute(sql)}
