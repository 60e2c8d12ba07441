"""The views for people who write SQL."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from harvest.corpus.store import Store

Make = Callable[..., Any]


@pytest.fixture
def history(store: Store, page: Make, shot: Make, record: Make) -> Store:
    """A policy whose contact paragraph goes and comes back, with an error page at the end."""
    without = page(without=["Contact"], date="March 1, 2010")
    back = page(date="March 1, 2010", Use="We use these details to send your order and for nothing else whatever.")
    first = page(date="January 1, 2010")
    record(store, [shot(0, first), shot(60, without), shot(90, without), shot(120, back), shot(150, b"", status=500)])
    return store


def test_history_has_one_row_a_version(history: Store) -> None:
    """Bounds, tier, words and the archive's address of every version."""
    rows = history.conn.execute(
        "SELECT site, number, not_before, first_seen, last_seen, gone_by, transition, tier, silent, variant_of,"
        " archive_url FROM history ORDER BY number"
    ).fetchall()

    assert [row[:4] for row in rows] == [
        ("alder.example", 1, None, "2010-01-01T00:00:00Z"),
        ("alder.example", 2, "2010-01-01T00:00:00Z", "2010-03-02T00:00:00Z"),
        ("alder.example", 3, "2010-04-01T00:00:00Z", "2010-05-01T00:00:00Z"),
    ]
    assert [row[5] for row in rows] == ["2010-03-02T00:00:00Z", "2010-05-01T00:00:00Z", "2010-05-31T00:00:00Z"]
    assert [row[6] for row in rows] == [None, "change", "change"]
    assert [row[8] for row in rows] == [None, 0, 1]
    assert rows[0][10] == "https://web.archive.org/web/20100101000000/http://alder.example/privacy"


def test_change_log_has_one_row_a_change(history: Store) -> None:
    """Section, kind, both texts and both bounds of every change."""
    rows = history.conn.execute(
        "SELECT version, not_before, not_later_than, heading, kind, before_text, after_text FROM change_log"
        " WHERE heading = 'Contact' ORDER BY version"
    ).fetchall()

    assert [(row[0], row[3], row[4]) for row in rows] == [
        (2, "Contact", "section-removed"),
        (3, "Contact", "section-added"),
    ]
    assert rows[0][5].startswith("Write to the nursery")
    assert rows[0][6] is None
    assert rows[1][1:3] == ("2010-04-01T00:00:00Z", "2010-05-01T00:00:00Z")


def test_texts_can_be_read_as_a_reader_would_copy_them(history: Store) -> None:
    """Headings and clauses in order, apart by blank lines; sections one by one with their lineage."""
    (text,) = history.conn.execute("SELECT text FROM version_text WHERE version = 2").fetchone()
    sections = history.conn.execute(
        "SELECT heading, lineage, text FROM section_text WHERE version = 1 AND heading <> '' ORDER BY position"
    ).fetchall()

    assert text.index("Collection\n\nWe collect") < text.index("Use\n\nWe use") < text.index("Sharing\n\nWe hand")
    assert ("Contact", "contact") in [row[:2] for row in sections]
    assert dict((row[0], row[2]) for row in sections)["Contact"].startswith("Write to the nursery")


def test_presence_of_a_clause_is_one_row_an_interval(history: Store) -> None:
    """A clause that was gone for a version has two intervals, each with all four bounds."""
    (clause_id,) = history.conn.execute(
        "SELECT rowid FROM clauses_fts WHERE clauses_fts MATCH 'nursery + AT + any'"
    ).fetchone()

    rows = history.conn.execute(
        "SELECT first_version, last_version, not_before, first_seen, last_seen, gone_by FROM clause_presence"
        " WHERE clause_id = ? ORDER BY first_version",
        (clause_id,),
    ).fetchall()

    assert rows == [
        (1, 1, None, "2010-01-01T00:00:00Z", "2010-01-01T00:00:00Z", "2010-03-02T00:00:00Z"),
        (3, 3, "2010-04-01T00:00:00Z", "2010-05-01T00:00:00Z", "2010-05-01T00:00:00Z", "2010-05-31T00:00:00Z"),
    ]


def test_presence_spans_versions_in_which_the_clause_stays(history: Store) -> None:
    """One interval runs over all versions that have the clause, however often it stands in a text."""
    (clause_id,) = history.conn.execute("SELECT rowid FROM clauses_fts WHERE clauses_fts MATCH 'carrier'").fetchone()

    rows = history.conn.execute(
        "SELECT first_version, last_version, gone_by FROM clause_presence WHERE clause_id = ?", (clause_id,)
    ).fetchall()

    assert rows == [(1, 3, "2010-05-31T00:00:00Z")]


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("SELECT * FROM clause_presence WHERE clause_id = 1", id="presence of a clause"),
        pytest.param("SELECT * FROM clause_presence WHERE policy_id = 1", id="presence in a policy"),
        pytest.param("SELECT * FROM history WHERE policy_id = 1 ORDER BY number", id="history of a policy"),
        pytest.param("SELECT * FROM change_log WHERE policy_id = 1", id="changes of a policy"),
        pytest.param("SELECT * FROM version_text WHERE policy_id = 1 AND version = 2", id="a text"),
        pytest.param("SELECT * FROM section_text WHERE version_id = 1", id="sections of a version"),
    ],
)
def test_no_page_s_query_scans_the_corpus(history: Store, query: str) -> None:
    """With a policy or a clause named, no table that grows with the corpus is read from end to end."""
    plan = [str(row[3]) for row in history.conn.execute(f"EXPLAIN QUERY PLAN {query}")]

    big = ("sc", "ts", "v", "c", "ch", "cc", "tr", "first", "last", "sec", "t", "d")
    assert not [step for step in plan if step.startswith("SCAN") and step.split()[1] in big]


def test_the_capture_ledger_counts_by_outcome(history: Store) -> None:
    """One row for each policy and outcome."""
    rows = history.conn.execute(
        "SELECT site, outcome, captures, earliest FROM capture_ledger ORDER BY outcome"
    ).fetchall()

    assert rows == [
        ("alder.example", "error-page", 1, "2010-05-31T00:00:00Z"),
        ("alder.example", "fetched", 4, "2010-01-01T00:00:00Z"),
    ]
