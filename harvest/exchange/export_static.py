"""A copy of the corpus for publishing: everything Datasette shows, without the raw bodies."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from harvest.corpus.queries_model import PolicyRef
from harvest.corpus.static_copy import copy_without_bodies


def export_static(conn: sqlite3.Connection, folder: Path, policies: Sequence[PolicyRef]) -> int:
    """Write ``corpus.db`` without bodies, ready for ``harvest serve`` or any Datasette; return 1.

    Policies that are not among *policies* are left out. `harvest build` has nothing to work on in such a copy:
    `harvest status` says so.
    """
    beside = folder / "corpus.db.part"  # until it holds nothing but what may be published
    beside.unlink(missing_ok=True)
    conn.execute("PRAGMA query_only = OFF")
    conn.execute("VACUUM INTO ?", (str(beside),))
    try:
        with closing(sqlite3.connect(beside, isolation_level=None)) as copy:
            copy_without_bodies(copy, [policy.id for policy in policies])
        beside.replace(folder / "corpus.db")
    finally:
        beside.unlink(missing_ok=True)
    return 1
