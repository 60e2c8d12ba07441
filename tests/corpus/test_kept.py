"""Building again: what reads as before keeps its rows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harvest.corpus.store import Store
from harvest.corpus.verify import verify

Make = Callable[..., Any]


@pytest.fixture
def corpus(tmp_path: Path, page: Make, shot: Make, record: Make) -> Path:
    """Four versions; the first two differ in ‘Use’, the others in what follows it."""
    path = tmp_path / "corpus.db"
    with Store.open(path) as store:
        record(
            store,
            [
                shot(0, page()),
                shot(30, page(Use="We use these details for nothing else than your order and our answer to you.")),
                shot(60, b"gone", status=404),
                shot(90, page(without=["Use", "Contact"])),
                shot(400, page(without=["Use"], date="May 5, 2010")),
            ],
        )
    return path


def rows_of(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows of all tables as they are, packed ones and ids included."""
    names = [row[0] for row in store.conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    tables = {name: store.conn.execute(f'SELECT * FROM "{name}"').fetchall() for name in names if name[:6] != "sqlite"}
    return {name: sorted(rows, key=repr) for name, rows in tables.items() if "_fts" not in name}


def test_a_rebuild_by_the_same_rules_makes_all_anew_with_the_same_rows(corpus: Path) -> None:
    """Whoever asks for it without a reason has one: damage is mended. What was right stays, row by row."""
    with Store.open(corpus) as store:
        before = rows_of(store)
        store.conn.execute("UPDATE change_rows SET words_added = 99")
        store.conn.execute("UPDATE section_rows SET words = 99")
        store.conn.execute("UPDATE text_rows SET title = 'damaged'")
        store.conn.execute("UPDATE clause_runs SET form = 99")

        store.rebuild()

        after = rows_of(store)
        assert verify(store.conn).problems == ()
        packed = {"clause_runs", "section_parts", "section_runs", "text_parts"}  # were damaged, and are numbered anew
        assert {name for name in before if before[name] != after[name]} <= packed


def test_packed_rows_stay_as_they_are(corpus: Path) -> None:
    """A rebuild that changes nothing numbers no run anew."""
    with Store.open(corpus) as store:
        before = rows_of(store)

        store.rebuild()

        assert rows_of(store) == before
