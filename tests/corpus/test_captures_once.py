"""Captures are there once, whoever writes them, and older corpora keep theirs."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlite_utils import Database

from harvest.corpus.migrations import APPLICATION_ID, migrations
from harvest.corpus.store import Store
from harvest.corpus.store_opening import migrate, open_memory
from harvest.model import Capture, Listing
from harvest.urls import urlkey

COLUMNS = "policy_id, archive, url, urlkey, timestamp, captured_at, digest, statuscode"
ROW = (1, "wayback", "https://alder.example/", "example,alder)/", "20200101000000", "2020-01-01T00:00:00Z", "a", "200")
INSERT = f"INSERT INTO captures ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"


def policies(conn: sqlite3.Connection) -> None:
    """Write two policies of a site."""
    conn.execute("INSERT INTO sites (host) VALUES ('alder.example')")
    conn.executemany("INSERT INTO policies (site_id, kind) VALUES (1, ?)", [("privacy",), ("terms",)])


@pytest.mark.parametrize(
    ("column", "value"),
    [(0, 2), (1, "other"), (2, "https://alder.example/b"), (4, "20200101000001"), (6, "b"), (7, "404")],
)
def test_captures_differ_by_any_of_their_keys(column: int, value: object) -> None:
    """The same one is passed over, one that differs is added, and none becomes another one."""
    conn = open_memory()
    policies(conn)
    other = tuple(value if place == column else one for place, one in enumerate(ROW))

    added = [conn.execute(INSERT, row).rowcount for row in (ROW, ROW, other, other)]

    assert added == [1, 0, 1, 0]
    assert conn.execute("SELECT count(*) FROM captures").fetchone() == (2,)
    name = COLUMNS.split(", ")[column]
    with pytest.raises(sqlite3.IntegrityError, match="same"):
        conn.execute(f"UPDATE captures SET {name} = ? WHERE {name} = ?", (ROW[column], value))
    conn.close()


def test_an_older_corpus_keeps_its_captures(tmp_path: Path) -> None:
    """With their row ids, what points at them, and every index."""
    path = tmp_path / "older.db"
    conn = sqlite3.connect(path, isolation_level=None)
    migrations.apply(Database(conn), stop_before="m018_captures_once")
    policies(conn)
    conn.execute(INSERT, ROW)
    conn.execute(f"INSERT INTO captures (id, {COLUMNS}) VALUES (7, 2, ?, ?, ?, ?, ?, ?, ?)", ROW[1:])
    conn.execute("INSERT INTO runs (command, started_at) VALUES ('run', '2020')")
    conn.execute("INSERT INTO events (run_id, at, stage, capture_id, message) VALUES (1, '2020', 'fetch', 7, 'slow')")
    before = conn.execute("SELECT * FROM captures ORDER BY id").fetchall()
    indexes = "SELECT name FROM sqlite_master WHERE tbl_name = 'captures' AND type = 'index' AND sql IS NOT NULL"
    names = {row[0] for row in conn.execute(indexes)}
    conn.close()

    migrate(path)

    conn = sqlite3.connect(path, isolation_level=None)
    assert conn.execute("SELECT * FROM captures ORDER BY id").fetchall() == before
    assert {row[0] for row in conn.execute(indexes)} == names | {"captures_second"}
    assert conn.execute("PRAGMA foreign_key_check").fetchall() == []
    assert conn.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
    assert conn.execute(INSERT, ROW).rowcount == 0
    conn.close()


def test_a_policy_takes_over_captures_that_it_has_itself(tmp_path: Path) -> None:
    """An address that two policies list moves to one of them: what both have is there once, nothing is refused."""
    url = "http://birch.example/privacy"
    seen = [
        Capture("wayback", url, urlkey(url), f"2011020{day}000000", datetime(2011, 2, day, tzinfo=UTC))
        for day in (1, 2)
    ]
    with Store.open(tmp_path / "c.db") as store:
        taker, giver = (store.ensure_policy(host=host, url=url) for host in ("birch.example", "alder.example"))
        for policy, captures in ((taker, seen[:1]), (giver, seen)):
            store.record_listing(policy, Listing("wayback", url, seen[0].captured_at, "ok", tuple(captures)))
        store.judge(taker, "one-policy", url=url)

        assert [capture.timestamp for capture in store.captures_of(taker)] == [one.timestamp for one in seen]
        assert store.captures_of(giver) == []
