"""Clauses that are nearly another one read as they were written, whatever becomes of the other one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.corpus.clause_links import TOLD
from harvest.corpus.likeness import WholeRows, between, common
from harvest.corpus.prepared import PreparedClause
from harvest.corpus.store_clauses import write_clause
from harvest.corpus.store_known import KnownRows
from harvest.corpus.store_opening import open_memory
from harvest.corpus.store_rebuild import sweep_clauses
from harvest.text.identity import clause_sha

FIRST = "We keep the orders of the nursery for two years after the last parcel, and our gardeners may read them."
EDITED = "We keep the orders of the nursery for three years after the last parcel, and our gardeners may read them."
LINKED = EDITED.replace("our gardeners", "[our gardeners](https://alder.example/people)")
MOVED = EDITED.replace("our gardeners", "[our gardeners](https://alder.example/staff)")
OTHER = "Nothing of this has to do with the birds that a person who likes them counts each spring by the pond."
TEXTS = st.text(st.sampled_from("ab é🙂"), max_size=30)


@pytest.fixture
def conn() -> Iterator[sqlite3.Connection]:
    """An empty corpus in memory."""
    conn = open_memory()
    yield conn
    conn.close()


def write(conn: sqlite3.Connection, known: KnownRows, *clauses: tuple[str, str]) -> list[int]:
    """Write clauses by text and Markdown; return their ids."""
    rows = [
        PreparedClause(clause_sha(markdown), text, markdown if markdown != text else None, 9, "paragraph", 0)
        for text, markdown in clauses
    ]
    return [write_clause(conn, row, known) for row in rows]


def shown(conn: sqlite3.Connection) -> dict[int, tuple[str, str | None]]:
    """Return what the view shows of each clause."""
    return {row[0]: (row[1], row[2]) for row in conn.execute("SELECT id, text, markdown FROM clauses")}


def found(conn: sqlite3.Connection, word: str) -> list[int]:
    """Return the clauses a word is found in."""
    rows = conn.execute("SELECT rowid FROM clauses_fts WHERE clauses_fts MATCH ? ORDER BY rowid", (word,))
    return [row[0] for row in rows]


@given(TEXTS, TEXTS)
def test_what_is_common_and_what_is_between_make_the_text(one: str, other: str) -> None:
    """Beginning and end never overlap, in either of the two."""
    head, tail = common(one, other)

    assert head + tail <= min(len(one), len(other))
    assert one[:head] + between(other, head, tail) + one[len(one) - tail :] == other


def test_an_edited_clause_keeps_what_is_new(conn: sqlite3.Connection) -> None:
    """The words that changed are all its row holds; the view and the search know all of it."""
    ids = write(conn, KnownRows(), (FIRST, FIRST), (EDITED, EDITED), (OTHER, OTHER))

    assert conn.execute("SELECT text FROM clause_rows ORDER BY id").fetchall() == [(FIRST,), ("hree",), (OTHER,)]
    assert shown(conn) == {ids[0]: (FIRST, None), ids[1]: (EDITED, None), ids[2]: (OTHER, None)}
    assert (found(conn, "gardeners"), found(conn, "three"), found(conn, "two")) == (ids[:2], [ids[1]], [ids[0]])


def test_another_target_of_a_link_costs_a_pointer(conn: sqlite3.Connection) -> None:
    """The words are those of the other row, and the links are beside them."""
    ids = write(conn, KnownRows(), (EDITED, LINKED), (EDITED, MOVED))

    assert conn.execute("SELECT text, markdown FROM clause_rows WHERE id = ?", (ids[1],)).fetchone() == ("", TOLD)
    assert shown(conn) == {ids[0]: (EDITED, LINKED), ids[1]: (EDITED, MOVED)}


@pytest.mark.parametrize("gone", ["swept", "worded anew"])
def test_a_clause_outlives_the_one_it_is_like(conn: sqlite3.Connection, gone: str) -> None:
    """Its row holds all its words then, and it is found by them."""
    known = KnownRows()
    ids = write(conn, known, (FIRST, FIRST + "!"), (EDITED, EDITED))
    conn.execute("INSERT INTO clause_runs (run_id, position, clause_id) VALUES (1, 0, ?)", (ids[1],))

    if gone == "swept":
        sweep_clauses(conn, ids)
    else:
        write(conn, known, ("A smaller text of the same Markdown.", FIRST + "!"))

    assert shown(conn)[ids[1]] == (EDITED, None)
    assert (found(conn, "three"), found(conn, "two")) == ([ids[1]], [])
    conn.execute("INSERT INTO clauses_fts (clauses_fts, rank) VALUES ('integrity-check', 1)")


def test_rows_that_are_no_more_are_not_pointed_at(conn: sqlite3.Connection) -> None:
    """What is remembered of whole rows may be out of date."""
    known = KnownRows()
    ids = write(conn, known, (FIRST, FIRST))
    sweep_clauses(conn, ids)
    known.clauses.clear()

    assert known.whole.find(conn, EDITED) is None
    assert WholeRows().find(conn, EDITED) is None


@pytest.mark.parametrize("cut", [0, 1])
def test_a_clause_with_a_nul_is_whole(conn: sqlite3.Connection, cut: int) -> None:
    """SQLite counts the letters of a string up to its first NUL, so nothing can be put together from one."""
    texts = [FIRST, EDITED]
    texts[cut] = texts[cut].replace("keep", "ke\0ep")
    ids = write(conn, KnownRows(), *((text, text) for text in texts))

    assert shown(conn) == {row_id: (text, None) for row_id, text in zip(ids, texts, strict=True)}
