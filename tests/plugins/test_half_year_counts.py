"""What trends are counted out of is kept, and kept or counted it is the same."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from harvest.corpus import half_year_counts, queries
from harvest.corpus.audit import audit
from harvest.corpus.half_year_counts import keep_counts, kept_counts, wrong_counts
from harvest.corpus.static_copy import publish
from harvest.corpus.store import Store
from harvest.corpus.store_half_years import drop_half_years

SHARED = "# Kites\n\nWhoever flies a kite with us is asked for a name and for nothing else that could tell who it is.\n"
OWN = "# Boats\n\nWe write down which boat was hired, by whom and until when, and tell the harbour master of it.\n"
DAYS = [datetime(year, month, 3, tzinfo=UTC) for year in (2004, 2005, 2009) for month in (2, 9)]


@pytest.fixture
def kites(tmp_path: Path, fill: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Three sites that share a wording for a while, and counts kept of however few."""
    monkeypatch.setattr(half_year_counts, "_MANY", 1)
    with Store.open(tmp_path / "kites.db") as store:
        for number, change in enumerate((2, 4, 6)):
            pages = [(day, SHARED if place < change else OWN) for place, day in enumerate(DAYS)]
            fill(store, {(f"kites{number}.example", "terms" if number else "privacy"): pages})
        store.settle()
        yield store


@pytest.mark.parametrize(
    "narrowed",
    [
        pytest.param({}, id="all"),
        pytest.param({"kind": "terms"}, id="kind"),
        pytest.param({"kind": "cookies"}, id="kind-nobody-has"),
        pytest.param({"seen_only": True}, id="seen"),
        pytest.param({"site": "kites1.example"}, id="site"),
        pytest.param({"since": DAYS[1], "until": DAYS[3]}, id="years"),
        pytest.param({"since": datetime(2090, 1, 1, tzinfo=UTC)}, id="nothing-yet"),
        pytest.param({"since": DAYS[4], "until": DAYS[0]}, id="backwards"),
    ],
)
def test_kept_counts_tell_what_counting_does(kites: Store, narrowed: dict[str, Any]) -> None:
    """A trend is the same with them and without."""
    terms = ["kite", "harbour master", "nobody says this"]
    assert kept_counts(kites.conn) is not None
    kept = queries.trends(kites.conn, terms, **narrowed)
    kites.conn.execute("DELETE FROM meta WHERE key = 'half_years'")
    counted = queries.trends(kites.conn, terms, **narrowed)

    assert kept == counted


def test_distinct_texts_are_counted_once(kites: Store) -> None:
    """Three policies of one wording are one text, and two when the first has another."""
    halves = {half.name: (half.policies, half.texts) for half in queries.trends(kites.conn, ["kite"]).halves}

    assert halves["2004-H2"] == (3, 1)
    assert halves["2005-H1"] == (3, 2)


def test_a_change_drops_what_is_kept(kites: Store) -> None:
    """With a version's going the counts go, and settling makes them again."""
    before = kept_counts(kites.conn)
    drop_half_years(kites.conn, 1)
    dropped = kept_counts(kites.conn)
    kites.recompute(1)
    kites.settle()

    assert before is not None and dropped is None
    assert kept_counts(kites.conn) == before


def test_a_small_corpus_keeps_none(kites: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is counted in a millisecond is not kept."""
    drop_half_years(kites.conn, 1)
    monkeypatch.setattr(half_year_counts, "_MANY", 500)
    keep_counts(kites.conn)

    assert kept_counts(kites.conn) is None


def test_wrong_counts_are_noticed(kites: Store) -> None:
    """An audit says which of them are wrong."""
    assert audit(kites.conn).findings == ()
    kites.conn.execute("UPDATE meta SET value = replace(value, '[3,1]', '[4,1]') WHERE key = 'half_years'")

    assert wrong_counts(kites.conn) == ["all", "seen"]
    assert any("counts by half-year" in finding.what for finding in audit(kites.conn).findings)


def test_a_copy_for_publishing_counts_its_own(kites: Store, tmp_path: Path) -> None:
    """A copy of two policies is counted out of two."""
    publish(kites.conn, tmp_path / "copy.db", [1, 2])
    with sqlite3.connect(tmp_path / "copy.db") as copy:
        counts, wrong = kept_counts(copy), wrong_counts(copy)
    copy.close()

    assert counts is not None and max(policies for policies, _ in counts.values()) == 2
    assert wrong == []
