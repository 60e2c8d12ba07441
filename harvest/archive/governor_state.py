"""The small database in which all processes of a computer agree how fast they ask.

It lies in the user's state folder (``~/.local/state/policy-harvest/governor.sqlite`` on Linux), in the folder that
``HARVEST_STATE`` names, or beside the file of a simulated clock. Nothing of the corpus is in it: deleted, it is made
again, and forgets blocks and learned limits.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock

import platformdirs

from harvest.errors import StateUnusable

_SCHEMA = """
CREATE TABLE IF NOT EXISTS sent (
    archive TEXT NOT NULL, endpoint TEXT NOT NULL,
    at REAL NOT NULL,    -- when the request goes out, seconds since 1970; may lie ahead: the sender sleeps until then
    made REAL NOT NULL   -- when that was decided; ahead of the clock only if the clock was set back
);
CREATE INDEX IF NOT EXISTS sent_at ON sent (archive, endpoint, at);
CREATE TABLE IF NOT EXISTS learned (
    archive TEXT NOT NULL, endpoint TEXT NOT NULL,
    per_minute INTEGER NOT NULL, told_at REAL NOT NULL,
    PRIMARY KEY (archive, endpoint)
);
CREATE TABLE IF NOT EXISTS breakers (
    archive TEXT PRIMARY KEY,
    kind TEXT NOT NULL,     -- rate-limited, refused, pause
    until REAL NOT NULL, since REAL NOT NULL,
    reason TEXT NOT NULL,
    strikes INTEGER NOT NULL  -- how often in a row, without an answer in between
);
CREATE TABLE IF NOT EXISTS repairs (at REAL NOT NULL, moved_to TEXT NOT NULL);
"""
FILE = "governor.sqlite"
# A reservation takes under a millisecond; who waits this long waits for a process that hangs.
_BUSY_S = 30.0


def state_folder(given: str = "") -> Path:
    """Return the folder of the shared state: *given*, else what HARVEST_STATE names, else the user's state folder."""
    named = given or os.environ.get("HARVEST_STATE", "")
    return Path(named).expanduser() if named else Path(platformdirs.user_state_dir("policy-harvest", appauthor=False))


class StateFile:
    """An open state database, for the threads of one process. *path* None: in memory, shared with nobody.

    *moved_to* names where a damaged file was put; *unshared* says why the state could not be kept in its file.
    """

    def __init__(self, path: Path | None, *, busy_s: float = _BUSY_S) -> None:
        self.path = path
        self.moved_to: Path | None = None
        self.unshared = ""
        self._busy_s = busy_s
        self._lock = RLock()
        self._conn = self._open()

    @classmethod
    def in_folder(cls, folder: Path) -> StateFile:
        """Open the state of a folder, made where there is none."""
        with suppress(OSError):  # what cannot be made cannot be opened either, and is told then
            folder.mkdir(parents=True, exist_ok=True)
        return cls(folder / FILE)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._conn.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Read and write as the only one on this computer. Raises StateUnusable where another process holds on.

        Damage that shows in the block comes out as sqlite3.DatabaseError: `repair`, and run the block again.
        """
        with self._lock:
            try:
                self._conn.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                raise self._explained(error) from error
            try:
                yield self._conn
                self._conn.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    self._conn.execute("ROLLBACK")
                raise

    def repair(self, error: sqlite3.DatabaseError) -> None:
        """Move a damaged file aside and begin a new one; raise anything else on as it came."""
        # Damage is a plain DatabaseError; its kin are locks, full disks, and a file that was closed meanwhile.
        if self.path is None or type(error) is not sqlite3.DatabaseError:
            raise self._explained(error) from error
        with self._lock:
            self._conn.close()
            self._move_aside()
            self._conn = self._open()

    def _open(self) -> sqlite3.Connection:
        if self.path is None:
            return self._connect(":memory:")
        try:
            return self._connect(str(self.path))
        except sqlite3.OperationalError as error:
            if _is_lock(error):
                raise self._explained(error) from error
            self.unshared = f"{self.path} cannot be used ({error}): limits are not shared with other processes"
            self.path = None
            return self._connect(":memory:")
        except sqlite3.DatabaseError:
            self._move_aside()
            return self._connect(str(self.path))

    def _connect(self, place: str) -> sqlite3.Connection:
        conn = sqlite3.connect(place, timeout=self._busy_s, isolation_level=None, check_same_thread=False)
        try:
            # A lost second after a power cut costs nothing; a wait for the disk before each request would.
            conn.execute("PRAGMA synchronous = OFF")
            conn.execute("PRAGMA journal_mode = PERSIST")
            conn.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} COMMIT;")
        except BaseException:
            conn.close()
            raise
        return conn

    def _move_aside(self) -> None:
        assert self.path is not None
        number = 1
        while (target := self.path.with_name(f"{self.path.name}.damaged-{number}")).exists():
            number += 1
        with suppress(FileNotFoundError):  # another process may have been quicker
            self.path.rename(target)
        for companion in ("-journal", "-wal", "-shm"):
            self.path.with_name(self.path.name + companion).unlink(missing_ok=True)
        self.moved_to = target

    def _explained(self, error: sqlite3.DatabaseError) -> StateUnusable:
        if _is_lock(error):
            return StateUnusable(
                f"{self.path} has been locked by another process for {self._busy_s:.0f} s: nothing may be asked"
                " without it. Stop that process (or name another folder in HARVEST_STATE), then run again"
            )
        return StateUnusable(f"{self.path}: {error}: make room, or name another folder in HARVEST_STATE")


def _is_lock(error: sqlite3.Error) -> bool:
    return "locked" in str(error) or "busy" in str(error)
