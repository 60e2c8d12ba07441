"""Our SQL functions in every connection that sqlite-utils opens, on the command line and in Python.

``sqlite-utils corpus.db "select fold(text) from clauses limit 5"`` works where this package is installed beside it.
"""

from __future__ import annotations

import sqlite3

from sqlite_utils import hookimpl


@hookimpl
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Add the functions that `harvest.compare.sql.register` names, with its limits on the size of texts."""
    from harvest.compare.sql import register

    register(conn)
