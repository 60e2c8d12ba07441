"""Compact tables: lists in runs that wordings share, and older corpora that come to hold the same as new ones."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from harvest.corpus.audit import audit
from harvest.corpus.compact import SHOWN_AS
from harvest.corpus.dump import logical_dump
from harvest.corpus.migrations import migrations
from harvest.corpus.runs import cut
from harvest.corpus.store import Store
from harvest.corpus.store_diffs import KNOWN_REASON
from harvest.corpus.store_opening import migrate

Make = Callable[..., Any]


def sha(item: object) -> str:
    """Return a digest as items have it."""
    return hashlib.sha256(str(item).encode()).hexdigest()


@pytest.fixture
def history(store: Store, page: Make, shot: Make, record: Make) -> Store:
    """Three versions: a list that grows by an item in its middle, and a section that goes."""
    lists = ([f"Entry number {n} of the list" for n in range(90) if n not in left] for left in ((40, 41), (41,), ()))
    shots = [shot(day, page(Entries=" ".join(f"{one}." for one in items))) for day, items in enumerate(lists)]
    record(store, shots)
    return store


@given(st.lists(st.integers(0, 50), max_size=200))
def test_runs_are_the_list_and_none_is_long(items: list[int]) -> None:
    """Put one behind the other, runs give the list again; each has between 1 and 32 items."""
    runs = [items[where] for where in cut([sha(item) for item in items])]

    assert [item for run in runs for item in run] == items
    assert all(0 < len(run) <= 32 for run in runs)


@given(st.integers(0, 899))
def test_one_new_item_changes_few_runs(place: int) -> None:
    """Two wordings of a list of 900 items that differ by one share all but a few runs."""
    before = list(range(900))
    after = [*before[:place], "new", *before[place:]]
    runs = [{tuple(items[where]) for where in cut([sha(item) for item in items])} for items in (before, after)]

    assert len(runs[1] - runs[0]) <= 4 < len(runs[0]) / 10


def test_a_list_that_grows_by_an_item_costs_little(store: Store, record: Make, shot: Make) -> None:
    """Of twenty wordings of a section of 300 items each costs rows for its runs, not for its items."""
    for day in range(20):
        items = "".join(f"<li>Partner number {n} gets what we know of you</li>" for n in range(300 + day))
        words = "We give what we hold to partners, and we name all of them in the list that follows here."
        record(store, [shot(day, f"<h1>Privacy</h1><h2>Partners</h2><p>{words}</p><ul>{items}</ul>".encode())])

    shown = store.conn.execute("SELECT count(*) FROM section_clauses").fetchone()[0]
    held = sum(
        store.conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("section_parts", "clause_runs")
    )

    assert shown > 20 * 300
    assert held < shown / 3


def test_nothing_is_left_of_what_is_taken_down(history: Store) -> None:
    """Runs, reasons and rows beneath the views go with the policy that had them."""
    host = history.conn.execute("SELECT host FROM sites").fetchone()[0]

    history.forget("site", host)

    tables = (*SHOWN_AS, "reasons", "clause_links", "link_targets")
    left = {name: history.conn.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables}
    assert not any(left.values()), left


@pytest.fixture
def older(history: Store, tmp_path: Path) -> Iterator[Path]:
    """The same corpus as the tables were before, made row by row from the views."""
    path = tmp_path / "older.db"
    conn = sqlite3.connect(path, isolation_level=None)
    migrations.apply(Database(conn), stop_before="m009_compact")
    conn.execute("ATTACH ? AS new", (str(history.path),))
    tables = [row[0] for row in conn.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'")]
    for table in tables:
        if "fts" in table or table.startswith(("sqlite_", "_sqlite")):
            continue
        names = ", ".join(str(row[1]) for row in conn.execute(f"PRAGMA main.table_info({table})"))
        conn.execute(f"DELETE FROM main.{table}")
        conn.execute(f"INSERT INTO main.{table} ({names}) SELECT {names} FROM new.{table}")
    conn.close()
    yield path


def test_an_older_corpus_holds_the_same_afterwards(history: Store, older: Path) -> None:
    """Every row of every table and view reads as before, searches find as before, and a backup stands beside it."""
    asked = "SELECT rowid FROM clauses_fts WHERE clauses_fts MATCH 'list' ORDER BY rowid"
    before = logical_dump(history.conn)

    saved = migrate(older)

    assert saved is not None and saved.exists()
    with Store.open(older) as store:
        assert store.conn.execute("PRAGMA freelist_count").fetchone()[0] == 0, "what the old tables took is given back"
        assert logical_dump(store.conn) == before
        assert store.conn.execute(asked).fetchall() == history.conn.execute(asked).fetchall() != []
        assert store.conn.execute("PRAGMA foreign_key_check").fetchall() == []
        assert not audit(store.conn).findings
        store.rebuild()
        assert logical_dump(store.conn) == before


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("SELECT clause_id FROM section_clauses WHERE section_id = 1 ORDER BY position", id="clauses"),
        pytest.param("SELECT section_id FROM section_clauses WHERE clause_id = 1", id="where a clause is"),
        pytest.param("SELECT section_id FROM text_sections WHERE text_id = 1 ORDER BY position", id="sections"),
        pytest.param("SELECT text_id FROM text_sections WHERE section_id = 1", id="where a section is"),
        pytest.param("SELECT kind, tier, reason FROM changes WHERE diff_id = 1", id="changes"),
        pytest.param("SELECT change_id FROM change_clauses WHERE clause_id = 1 AND side = 'after'", id="comings"),
        pytest.param("SELECT text FROM clauses WHERE id = 1", id="a clause"),
        pytest.param("SELECT id FROM clause_rows WHERE substr(sha, 1, 6) = x'0123456789ab'", id="by digest"),
    ],
)
def test_conditions_reach_the_tables_beneath(history: Store, query: str) -> None:
    """SQLite reads through the views by index, never a table from end to end."""
    plan = [str(row[3]) for row in history.conn.execute(f"EXPLAIN QUERY PLAN {query}")]

    assert not [step for step in plan if step.startswith(("SCAN", "MATERIALIZE"))], plan


def test_a_known_reason_is_found_by_its_ends(history: Store) -> None:
    """Each change asks for its reason: by an index, not by reading all of them."""
    plan = history.conn.execute(f"EXPLAIN QUERY PLAN {KNOWN_REASON}", ("7 words added",)).fetchall()

    assert [row[3] for row in plan] == ["SEARCH reasons USING INDEX reasons_ends (<expr>=?)"]


def test_a_reason_said_of_many_headings_is_found_among_few(history: Store) -> None:
    """Thousands begin and end with the same words; a corpus of many sites has them in its thousands."""
    history.conn.executemany(
        "INSERT INTO reasons (reason) VALUES (?)",
        [(f"moved from below “{'x' * (n % 50)}{n}”, no word changed",) for n in range(2000)],
    )
    met = history.conn.execute(
        f"SELECT count(*) FROM ({KNOWN_REASON.replace('AND +reason = ?1', '')})",
        ("moved from below “7”, no word changed",),
    )

    assert met.fetchone()[0] < 2000 / 10
