"""Markdown of clauses as links beside the words: what comes out is what went in, character by character."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from harvest.corpus.clause_links import KNOWN_TARGET, TOLD, UNUSED_TARGETS, links_of
from harvest.corpus.migrations import migrations
from harvest.corpus.store_clauses import take_clause
from harvest.corpus.store_opening import open_memory
from harvest.corpus.store_rebuild import sweep_clauses
from harvest.text.identity import clause_sha

PAGE = "https://alder.example/"
LABELS = st.text(st.sampled_from("ab é🙂[]()"), max_size=9)
PARTS = st.lists(st.tuples(LABELS, st.sampled_from(["", PAGE, f"{PAGE}rules", "#cookies"])), max_size=6)


@pytest.fixture
def conn() -> Iterator[sqlite3.Connection]:
    """An empty corpus in memory."""
    conn = open_memory()
    yield conn
    conn.close()


def write(conn: sqlite3.Connection, text: str, markdown: str) -> int:
    """Write a clause; return its id."""
    return take_clause(conn, clause_sha(markdown), text, markdown if markdown != text else None, 3)


def shown(conn: sqlite3.Connection, clause_id: int) -> tuple[str, str | None]:
    """Return what the view shows of a clause."""
    row: tuple[str, str | None] = conn.execute(
        "SELECT text, markdown FROM clauses WHERE id = ?", (clause_id,)
    ).fetchone()
    return row


@given(PARTS)
def test_markdown_comes_back(parts: list[tuple[str, str]]) -> None:
    """Whatever labels hold: with the links in them, or written out where these do not tell it."""
    text = "".join(label for label, _ in parts)
    markdown = "".join(f"[{label}]({url})" if url else label for label, url in parts)
    conn = open_memory()

    clause_id = write(conn, text, markdown)

    assert shown(conn, clause_id) == (text, markdown if markdown != text else None)
    conn.close()


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        pytest.param("Read our rules and terms now.", f"Read [our rules]({PAGE}r) and [terms]({PAGE}t) now.", id="two"),
        pytest.param("Learn more.[19]", f"[Learn more.[19]]({PAGE}#19)", id="brackets in a label"),
        pytest.param("", f"[]({PAGE})", id="a picture"),
        pytest.param("é🙂 rules", f"é🙂 [rules]({PAGE})", id="letters of several bytes"),
    ],
)
def test_links_are_beside_the_words(conn: sqlite3.Connection, text: str, markdown: str) -> None:
    """The row holds the words once."""
    clause_id = write(conn, text, markdown)

    assert conn.execute("SELECT text, markdown FROM clause_rows").fetchone() == (text, TOLD)
    assert shown(conn, clause_id) == (text, markdown)


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        pytest.param("Our rules", "Our *rules*", id="other signs"),
        pytest.param("a b", f"a []({PAGE}) b", id="white space that was squashed"),
        pytest.param("a[b", f"[a[b]({PAGE})", id="a bracket by itself"),
        pytest.param("a\0b", f"[a\0b]({PAGE})", id="a NUL, where strings of SQLite end"),
    ],
)
def test_what_links_do_not_tell_is_written_out(conn: sqlite3.Connection, text: str, markdown: str) -> None:
    """Nothing is lost where words and Markdown differ in more than links."""
    clause_id = write(conn, text, markdown)

    assert links_of(text, markdown) == ()
    assert shown(conn, clause_id) == (text, markdown)


def test_links_go_with_their_clause(conn: sqlite3.Connection) -> None:
    """An address is stored once, and is nobody's when the last clause that leads to it is gone."""
    ids = [write(conn, words, f"[{words}]({PAGE})") for words in ("rules", "terms")]
    held = "SELECT (SELECT count(*) FROM clause_links), (SELECT count(*) FROM link_targets)"
    before = conn.execute(held).fetchone()

    sweep_clauses(conn, ids)
    conn.execute(f"DELETE FROM {UNUSED_TARGETS}")

    assert (before, conn.execute(held).fetchone()) == ((2, 1), (0, 0))


def test_an_address_is_found_among_those_that_end_or_begin_alike(conn: sqlite3.Connection) -> None:
    """Every site has a page of its policy, and some have many pages: the index leads to one address or a few."""
    urls = [f"https://www.nursery{n}.example/privacy" for n in range(400)]
    urls += [f"https://www.alder.example/help/pages/{n:08}" for n in range(400)]
    for url in urls:
        write(conn, url, f"[{url}]({url})")
    count = KNOWN_TARGET.replace("SELECT id", "SELECT count(*)").replace(" AND +url = ?1", "")

    assert max(conn.execute(count, (url,)).fetchone()[0] for url in urls) == 1
    plan = str(conn.execute(f"EXPLAIN QUERY PLAN {KNOWN_TARGET}", (urls[0],)).fetchall())
    assert "USING INDEX link_targets_ends" in plan


def test_an_older_corpus_shows_the_same_afterwards() -> None:
    """Also where the Markdown of a row was cut to what tells it from that of another one."""
    conn = sqlite3.connect(":memory:", isolation_level=None)
    migrations.apply(Database(conn), stop_before="m017_clause_links")
    whole = f"We give it to nobody but [our gardeners]({PAGE}people) and [the post]({PAGE}post)."
    rows = [
        (1, "We give it to nobody but our gardeners and the post.", whole, None, None, None, None, None),
        (2, "", "staff", 1, 26, 26, whole.index("people"), len(whole) - whole.index(") and")),
        (3, "Our rules", "Our *rules*", None, None, None, None, None),
        (4, "Nothing leads away.", None, None, None, None, None, None),
    ]
    conn.executemany(
        "INSERT INTO clause_rows (id, sha, text, markdown, like_id, head, tail, markdown_head, markdown_tail)"
        " VALUES (?1, zeroblob(32), ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        rows,
    )
    asked = "SELECT id, text, markdown FROM clauses ORDER BY id"
    before = conn.execute(asked).fetchall()

    migrations.apply(Database(conn))

    assert conn.execute(asked).fetchall() == before
    assert before[1][1:] == (before[0][1], whole.replace("people", "staff"))
    assert conn.execute("SELECT id, markdown FROM clause_rows ORDER BY id").fetchall() == [
        (1, TOLD),
        (2, TOLD),
        (3, "Our *rules*"),
        (4, None),
    ]
    conn.close()
