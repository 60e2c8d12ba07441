"""A copy of the corpus for publishing: everything Datasette shows, without the raw bodies."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from harvest.corpus.queries_model import PolicyRef
from harvest.corpus.static_copy import publish


def export_static(conn: sqlite3.Connection, folder: Path, policies: Sequence[PolicyRef]) -> int:
    """Write ``corpus.db`` without bodies, ready for ``harvest serve`` or any Datasette; return 1.

    Policies that are not among *policies* are left out. Such a copy can be read and served; what would write to it or
    derive from it refuses (`harvest.corpus.static_copy.refuse_published`).
    """
    beside = folder / "corpus.db.part"  # until it holds nothing but what may be published
    beside.unlink(missing_ok=True)
    try:
        publish(conn, beside, [policy.id for policy in policies])
        beside.replace(folder / "corpus.db")
    finally:
        beside.unlink(missing_ok=True)
    return 1
