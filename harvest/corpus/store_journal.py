"""What was run and what went wrong; the marks a corpus carries."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping

from harvest._version import __version__
from harvest.corpus.clause_links import UNUSED_TARGETS
from harvest.corpus.half_year_counts import keep_counts
from harvest.corpus.storable import storable_text
from harvest.corpus.store_diffs import UNUSED_REASONS
from harvest.corpus.store_session import Session
from harvest.errors import LockedCorpus
from harvest.timestamps import to_iso


def merge_indexes(conn: sqlite3.Connection) -> None:
    """Make one piece of each search index: until then words of deleted rows stay in it, and common ones many times."""
    for index in ("clauses_fts", "headings_fts"):
        conn.execute(f"INSERT INTO {index} ({index}) VALUES ('optimize')")


class Journal(Session):
    """The part of `Store` that keeps runs, events and the ``meta`` table."""

    def begin_run(self, command: str, settings: Mapping[str, object] | None = None) -> int:
        """Note that a run begins; return its id."""
        with self.transaction() as conn:
            cursor = conn.execute(
                "INSERT INTO runs (command, settings, program, started_at) VALUES (?, ?, ?, ?)",
                (command, json.dumps(settings or {}, default=str, sort_keys=True), __version__, to_iso(self._clock())),
            )
        return int(cursor.lastrowid or 0)

    def end_run(self, run_id: int, outcome: str = "done") -> None:
        """Note how a run ended: ``done``, ``failed``, ``interrupted``; counts that it outdated are made again."""
        with self.transaction() as conn:
            keep_counts(conn)
            conn.execute(
                "UPDATE runs SET ended_at = ?, outcome = ? WHERE id = ?", (to_iso(self._clock()), outcome, run_id)
            )

    def record_event(
        self,
        run_id: int,
        *,
        stage: str,
        message: str,
        level: str = "info",
        policy_id: int | None = None,
        capture_id: int | None = None,
    ) -> None:
        """Note what happened in a run, trouble above all."""
        with self.transaction() as conn:
            conn.execute(
                "INSERT INTO events (run_id, at, stage, level, policy_id, capture_id, message)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (run_id, to_iso(self._clock()), stage, level, policy_id, capture_id, storable_text(message)),
            )

    def mark_sample(self) -> None:
        """Mark this corpus as the bundled sample, which `run` and `import` refuse unless it is named."""
        self.set_meta("sample", "1")

    @property
    def is_sample(self) -> bool:
        """True for the bundled sample of invented companies."""
        return self.get_meta("sample") == "1"

    def drop_unused(self) -> None:
        """Delete reasons that no change gives and addresses that no clause leads to any more.

        Foreign keys are off meanwhile: for each reason that goes SQLite would read all changes, to see that none gives
        it, and that is how it was found. So this is a transaction of its own; killed before it, nothing is wrong.
        """
        self._set({"foreign_keys": 0})
        try:
            with self.transaction() as conn:
                for unused in (UNUSED_REASONS, UNUSED_TARGETS):
                    conn.execute(f"DELETE FROM {unused}")
        finally:
            self._set({"foreign_keys": 1})

    def pack(self) -> None:
        """Make the file as small as it can be and free of companions (``-wal``), to be copied or committed."""
        self.drop_unused()
        self.conn.execute("PRAGMA journal_mode=DELETE")
        # VACUUM makes its copy where temporary tables are, not in memory then, and with a cache as large as ours
        frugal = {"temp_store": 1, "cache_size": -8192}
        before = {name: self.conn.execute(f"PRAGMA {name}").fetchone()[0] for name in frugal}
        try:
            self._set(frugal)
            self.conn.execute("PRAGMA shrink_memory")
            with self.transaction() as conn:
                merge_indexes(conn)
            self.conn.execute("VACUUM")
        finally:
            self._set(before)

    def _set(self, pragmas: Mapping[str, int]) -> None:
        for name, value in pragmas.items():
            self.conn.execute(f"PRAGMA {name} = {value}")

    def pack_if_free(self) -> bool:
        """Do as `pack` does unless somebody reads the file or the disk is too full for a copy: say whether it was."""
        try:
            self.pack()
        except (sqlite3.OperationalError, LockedCorpus):
            return False
        return True

    def get_meta(self, key: str) -> str:
        """Return a value of the ``meta`` table, '' if unset."""
        row = self.conn.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else ""

    def set_meta(self, key: str, value: str) -> None:
        """Set a value of the ``meta`` table."""
        with self.transaction() as conn:
            conn.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (key, value))
