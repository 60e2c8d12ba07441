"""Opening a corpus: what may be opened, what is created, and a clear word for everything else."""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from harvest.corpus.fresh import create_schema
from harvest.corpus.migrations import APPLICATION_ID, migrations
from harvest.errors import CorpusError, ForeignDatabase, LockedCorpus, NewerCorpus, SampleCorpus, UnknownTarget

_log = logging.getLogger(__name__)

_MAGIC = b"SQLite format 3\0"
#: How long a writer waits for another one. Ours hold the lock for well under a second at a time.
BUSY_TIMEOUT_MS = 5_000


def open_corpus(path: Path, *, create: bool, busy_timeout_ms: int = BUSY_TIMEOUT_MS) -> sqlite3.Connection:
    """Open a corpus for writing, created or upgraded where needed.

    Before an upgrade a backup is made; a warning of this module's logger says where, which Python writes to standard
    error where nobody set up logging. Raises CorpusError (no such file, no place to write), ForeignDatabase,
    NewerCorpus or LockedCorpus; nothing is changed then.
    """
    _check_file(path, create=create)
    with explained(path):
        conn = _connect(path, busy_timeout_ms)
        try:
            _check_owner(conn, path)
            saved = _upgrade(conn, path)
        except BaseException:
            conn.close()
            raise
    if saved:
        _log.warning("%s was brought to the schema of this program; as it was before: %s", path, saved)
    return conn


def open_memory() -> sqlite3.Connection:
    """Return an empty corpus in memory, for scratch work."""
    conn = sqlite3.connect(":memory:", isolation_level=None)
    _configure(conn, 0)
    conn.execute("BEGIN")
    _apply(Database(conn))
    conn.execute("COMMIT")
    return conn


def pending_migrations(path: Path) -> list[str]:
    """Return the names of the schema changes an existing corpus lacks; oldest first. Changes nothing."""
    _check_file(path, create=False)
    with explained(path):
        conn = _connect(path, BUSY_TIMEOUT_MS)
        try:
            _check_owner(conn, path)
            return [migration.name for migration in migrations.pending(Database(conn))]
        finally:
            conn.close()


def migrate(path: Path) -> Path | None:
    """Bring an existing corpus to the newest schema; return where the backup of it is, None if nothing was to do.

    What the older tables took is given back, unless somebody reads the file or the disk is too full for a copy.
    """
    _check_file(path, create=False)
    with explained(path):
        conn = _connect(path, BUSY_TIMEOUT_MS)
        try:
            _check_owner(conn, path)
            saved = _upgrade(conn, path)
            if saved:
                conn.execute("PRAGMA temp_store = 1")  # the copy that VACUUM makes is as large as the corpus
                with suppress(sqlite3.OperationalError):
                    conn.execute("VACUUM")
            return saved
        finally:
            conn.close()


def backup(path: Path) -> Path:
    """Copy a corpus to ``NAME.before-YYYYMMDDHHMMSS.db`` beside it, a later second where that is taken; return where.

    What is written and not committed yet is not in it.
    """
    when = datetime.now(UTC)
    while (target := path.with_name(f"{path.stem}.before-{when:%Y%m%d%H%M%S}{path.suffix}")).exists():
        when += timedelta(seconds=1)
    part = target.with_name(f"{target.name}.part")  # killed, it leaves nothing that looks like a backup
    try:
        with closing(sqlite3.connect(path)) as conn, closing(sqlite3.connect(part)) as copy:
            conn.backup(copy)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return target


@contextmanager
def open_other(path: Path, *, this: Path | str) -> Iterator[sqlite3.Connection]:
    """Open another corpus for reading. Raises CorpusError where it is this one, older, newer, or none at all."""
    if Path(this).exists() and path.exists() and path.samefile(this):
        raise CorpusError(f"{path} is this very corpus: name another one")
    pending = pending_migrations(path)
    if pending:
        raise CorpusError(f"{path} has an older schema: run harvest migrate -d {path} first (it makes a backup)")
    conn = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    try:
        with explained(path):
            yield conn
    finally:
        conn.close()


def refuse_mixing(conn: sqlite3.Connection, other: sqlite3.Connection, path: Path) -> None:
    """Raise SampleCorpus where one of two corpora is the invented sample and the other holds something real."""
    query = "SELECT 1 FROM meta WHERE key = 'sample' AND value = '1'"
    samples = [one.execute(query).fetchone() for one in (conn, other)]
    is_empty = conn.execute("SELECT 1 FROM policies LIMIT 1").fetchone() is None
    if (samples[0] is None) != (samples[1] is None) and not is_empty:
        raise SampleCorpus(f"{path} and this corpus: one of the two is the invented sample; they do not mix")


@contextmanager
def explained(path: Path | str) -> Iterator[None]:
    """Turn SQLite's complaints about a database file into errors that say what to do."""
    try:
        yield
    except sqlite3.OperationalError as error:
        message = str(error)
        if "locked" in message or "busy" in message:
            raise LockedCorpus(f"{path} is locked: another process writes to it. Wait for it, or stop it") from error
        if "readonly" in message or "unable to open" in message or "read-only" in message:
            raise CorpusError(f"{path} cannot be written: check the rights of the file and its folder") from error
        if "disk" in message and "full" in message:
            raise CorpusError(f"no space left for {path}; what was recorded before is safe") from error
        raise
    except sqlite3.DatabaseError as error:
        if "not a database" in str(error):
            raise ForeignDatabase(f"{path} is no SQLite database; choose another path with -d") from error
        if "malformed" in str(error) or "corrupt" in str(error):
            raise CorpusError(f"{path} is damaged ({error}); restore it from a backup") from error
        raise


def _check_file(path: Path, *, create: bool) -> None:
    if path.is_dir():
        raise CorpusError(f"{path} is a folder; name a file with -d")
    if not path.exists():
        if not create:
            raise UnknownTarget(
                f"{path}: there is no corpus yet: make one with `harvest run URL`, `harvest import FILE` or"
                " `harvest demo`, or name another with -d"
            )
        if not path.parent.is_dir():
            raise CorpusError(f"there is no folder {path.parent}; make it first or choose another path with -d")
        if not os.access(path.parent, os.W_OK):
            raise CorpusError(f"{path.parent} cannot be written; choose another path with -d")
        return
    try:
        with path.open("rb") as file:
            head = file.read(len(_MAGIC))
    except OSError as error:
        raise CorpusError(f"{path} cannot be read: {error.strerror}") from error
    if head and head != _MAGIC:
        raise ForeignDatabase(f"{path} is no SQLite database; choose another path with -d")


def _connect(path: Path, busy_timeout_ms: int) -> sqlite3.Connection:
    conn = sqlite3.connect(path, timeout=busy_timeout_ms / 1000, isolation_level=None)
    _configure(conn, busy_timeout_ms)
    return conn


def _configure(conn: sqlite3.Connection, busy_timeout_ms: int) -> None:
    # The rollback journal stays (no WAL): a corpus is one file that can be copied, committed and served read-only.
    for pragma in (f"busy_timeout = {busy_timeout_ms}", "foreign_keys = ON", "cache_size = -65536", "temp_store = 2"):
        conn.execute(f"PRAGMA {pragma}")


def _check_owner(conn: sqlite3.Connection, path: Path) -> None:
    owner = conn.execute("PRAGMA application_id").fetchone()[0]
    is_empty = conn.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
    if owner != APPLICATION_ID and not is_empty:
        raise ForeignDatabase(f"{path} is a database of another program; choose another path with -d")
    known = {migration.name for migration in migrations._migrations}
    unknown = [m.name for m in migrations.applied(Database(conn)) if m.name not in known]
    if unknown:
        raise NewerCorpus(
            f"{path} was made by a newer version of this program ({', '.join(unknown)}): upgrade policy-harvest. "
            "Nothing was changed"
        )


def _upgrade(conn: sqlite3.Connection, path: Path) -> Path | None:
    """Apply what is pending; return the backup that was made first, if there was anything to lose."""
    db = Database(conn)
    if not migrations.pending(db):
        return None
    if migrations.applied(db) and not os.access(path.resolve().parent, os.W_OK):
        raise CorpusError(f"{path} has an older schema, and its folder cannot be written: copy it to one that can")
    saved = None
    conn.execute("PRAGMA temp_store = 1")  # indexes are made of sorted rows, of which memory may hold too few
    conn.execute("PRAGMA foreign_keys = OFF")  # tables that others point at are made anew
    conn.execute("BEGIN IMMEDIATE")
    try:
        # Two processes may open a corpus at once: the second finds it upgraded, of which no backup is wanted.
        if migrations.applied(db) and migrations.pending(db):
            saved = backup(path)
        _apply(db)
        conn.execute("COMMIT")
    except BaseException:
        if conn.in_transaction:
            conn.execute("ROLLBACK")
            if saved:  # the corpus itself is as it was; whoever tries again every hour would fill the disk
                saved.unlink(missing_ok=True)
        raise
    conn.execute("PRAGMA foreign_keys = ON")
    conn.execute("PRAGMA temp_store = 2")
    return saved


def _apply(db: Database) -> None:
    """Apply what is pending; to a database with nothing in it, all that a fresh corpus needs at once."""
    if db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0:
        migrations.ensure_migrations_table(db)
        create_schema(db.conn)
    migrations.apply(db)
