"""A corpus opened for commands that only read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def reading(db: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection that cannot write, closed at the end.

    Raises UnknownTarget where there is no corpus, and the CorpusErrors of `harvest.corpus.store_opening`.
    """
    from harvest.corpus.store_opening import explained, open_corpus

    conn = open_corpus(db, create=False)
    try:
        conn.execute("PRAGMA query_only = ON")
        with explained(db):
            yield conn
    finally:
        conn.close()
