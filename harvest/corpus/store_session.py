"""An open corpus: its connection, its transactions, and what is remembered between them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from harvest.corpus.static_copy import refuse_published
from harvest.corpus.store_history import HistoryCache
from harvest.corpus.store_known import KnownRows
from harvest.corpus.store_opening import BUSY_TIMEOUT_MS, explained, open_corpus
from harvest.corpus.store_pages import BodyShelf
from harvest.errors import CorpusError


class Session:
    """The base of `Store`: opening, closing, transactions."""

    def __init__(
        self, conn: sqlite3.Connection, path: Path | str = ":memory:", *, clock: Callable[[], datetime] | None = None
    ) -> None:
        self.conn = conn
        self.path = path
        self._clock = clock or (lambda: datetime.now(UTC))
        self._depth = 0
        self._data_version = -1
        self._known = KnownRows()
        self._shelf = BodyShelf()
        self._history = HistoryCache()

    @classmethod
    def open(
        cls,
        path: Path | str,
        *,
        create: bool = True,
        clock: Callable[[], datetime] | None = None,
        busy_timeout_ms: int = BUSY_TIMEOUT_MS,
    ) -> Self:
        """Open a corpus, made where there is none and *create* says so, and upgraded where it is old.

        Raises CorpusError or one of its kin, each with a message that says what to do; nothing was changed then.
        """
        place = Path(path)
        conn = open_corpus(place, create=create, busy_timeout_ms=busy_timeout_ms)
        try:
            refuse_published(conn, place)
        except CorpusError:
            conn.close()
            raise
        return cls(conn, place, clock=clock)

    def close(self) -> None:
        """Close the database file."""
        self.conn.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Make several verbs one transaction: all of it is written, or nothing. May be nested.

        Raises LockedCorpus where another process holds the write lock longer than the busy timeout.
        """
        if self._depth:
            self._depth += 1
            try:
                yield self.conn
            finally:
                self._depth -= 1
            return
        with explained(self.path):
            self.conn.execute("BEGIN IMMEDIATE")
            self._depth = 1
            try:
                self._drop_caches_if_changed()
                self.conn.execute("PRAGMA defer_foreign_keys = ON")
                yield self.conn
                self.conn.execute("COMMIT")
            except BaseException:
                self._drop_caches()
                if self.conn.in_transaction:
                    self.conn.execute("ROLLBACK")
                raise
            finally:
                self._depth = 0

    def _drop_caches_if_changed(self) -> None:
        version = self.conn.execute("PRAGMA data_version").fetchone()[0]
        if version != self._data_version:
            self._drop_caches()
            self._data_version = version

    def _drop_caches(self) -> None:
        for cache in (self._known, self._shelf, self._history):
            cache.clear()
