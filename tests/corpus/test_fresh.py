"""A fresh corpus is made in one go, and is what all migrations one after the other come to."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest
from sqlite_utils import Database

from harvest.corpus.fresh import SCHEMA
from harvest.corpus.migrations import APPLICATION_ID, migrations
from harvest.corpus.store_opening import open_memory

_HEAD = """\
-- What all migrations (migrations.py) come to, in the order in which they leave it. After a new one, delete this file
-- and run tests/corpus/test_fresh.py: it is written anew, to be read and committed.
"""


@pytest.fixture
def replayed() -> sqlite3.Connection:
    """An empty corpus, by every migration."""
    conn = sqlite3.connect(":memory:", isolation_level=None)
    migrations.apply(Database(conn))
    return conn


def _written(conn: sqlite3.Connection) -> str:
    """Write down the schema of a corpus and the migrations that it has."""
    rows = conn.execute(
        "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND sql NOT LIKE 'CREATE TABLE ''%'"
        " AND name NOT LIKE '%sqlite_migrations%' ORDER BY rowid"
    )
    names = conn.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = 'corpus' ORDER BY id")
    notes = [
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)\n"
        f"VALUES ('corpus', '{name}', strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now'))"
        for (name,) in names
    ]
    made = [str(row[0]).strip() for row in rows]
    return _HEAD + "\n" + ";\n\n".join([*made, *notes, f"PRAGMA application_id = {APPLICATION_ID}"]) + ";\n"


def test_the_golden_schema_is_what_migrations_come_to(replayed: sqlite3.Connection) -> None:
    """Shape changes by migration only. A missing golden file is written once, for a person to commit."""
    schema = _written(replayed)
    if not SCHEMA.exists():
        SCHEMA.write_text(schema, encoding="utf-8")
        pytest.fail("wrote schema.sql: read it and commit it")

    assert schema == SCHEMA.read_text(encoding="utf-8")


def test_both_ways_end_in_the_same(replayed: sqlite3.Connection) -> None:
    """Every table, index, trigger and view in its order, every row, and what the file says of itself."""
    assert _all_of(open_memory()) == _all_of(replayed)


def _all_of(conn: sqlite3.Connection) -> dict[str, list[Any]]:
    shape = conn.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY rowid").fetchall()
    pragmas = ("application_id", "user_version", "encoding", "auto_vacuum", "page_size")
    rows = {
        name: conn.execute(f'SELECT * FROM "{name}"').fetchall()
        for kind, name, *_ in shape
        if kind in ("table", "view") and name != "_sqlite_migrations"
    }
    applied = conn.execute("SELECT id, migration_set, name, length(applied_at) FROM _sqlite_migrations").fetchall()
    says = {pragma: conn.execute(f"PRAGMA {pragma}").fetchall() for pragma in pragmas}
    return {"shape": shape, "applied": applied, **rows, **says}


def test_a_migration_that_the_file_does_not_have_yet_is_applied(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever writes a migration can try it before writing the file anew."""
    later = type(migrations._migrations[0])("m998_test", lambda db: db.execute("CREATE TABLE moon (x)"))
    monkeypatch.setattr(migrations, "_migrations", [*migrations._migrations, later])

    conn = open_memory()

    assert conn.execute("SELECT count(*) FROM moon").fetchone() == (0,)
    assert migrations.pending(Database(conn)) == []
