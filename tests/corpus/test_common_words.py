"""Of words that most clauses say, changes are found from the newest on: the same ones, and no more of them are read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harvest.corpus import queries_hits, search_changes
from harvest.corpus.queries_model import SearchResult
from harvest.corpus.search import search

SAMPLE = Path(__file__).resolve().parents[2] / "corpus.db"


@pytest.fixture
def conn() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(f"{SAMPLE.as_uri()}?mode=ro", uri=True)
    yield connection
    connection.close()


def both_ways(
    conn: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch, q: str, **narrowed: Any
) -> tuple[SearchResult, SearchResult]:
    """Return what is found by gathering clauses that match, and by going through changes from the newest on."""
    found = []
    for common in (False, True):
        monkeypatch.setattr(search_changes, "is_common", lambda conn, matching, common=common: common)
        found.append(search(conn, q, limit=500, **narrowed))
    return found[0], found[1]


@pytest.mark.parametrize("where", ["added", "removed"])
@pytest.mark.parametrize(
    ("q", "narrowed"),
    [
        pytest.param("we", {}, id="word"),
        pytest.param("information OR cookies", {}, id="either"),
        pytest.param("information -cookies", {}, id="without"),
        pytest.param("your", {"tier": "revision"}, id="tier"),
        pytest.param("we", {"kind": "privacy", "since": "2010", "until": "2019"}, id="kind-and-years"),
        pytest.param("privacy", {"order": "oldest"}, id="oldest-first"),
        pytest.param("letters", {}, id="headings-too"),
        pytest.param("nobody-says-this", {}, id="nothing"),
    ],
)
def test_both_ways_find_the_same(
    conn: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch, q: str, narrowed: dict[str, Any], where: str
) -> None:
    """Whichever way is taken, hits, facets and which phrase is new to its document are the same."""
    gathered, newest = both_ways(conn, monkeypatch, q, where=where, **narrowed)

    assert gathered == newest
    assert gathered.total or q == "nobody-says-this"


def test_both_ways_find_the_same_of_a_site(conn: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    """A site narrows both alike."""
    host = both_ways(conn, monkeypatch, "we", where="added")[0].facets["site"][0].value

    gathered, newest = both_ways(conn, monkeypatch, "we", where="added", site=host)

    assert gathered == newest
    assert {hit.policy.host for hit in newest.hits} == {host}


def test_the_newest_are_told_and_that_there_are_more(conn: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the bound is reached the newest changes are there, and it is said that there are more."""
    gathered, _ = both_ways(conn, monkeypatch, "we", where="added")
    monkeypatch.setattr(search_changes, "MAX_NEWEST", 3)

    _, newest = both_ways(conn, monkeypatch, "we", where="added")

    assert newest.hits == gathered.hits[:3]
    assert newest.capped
    assert not gathered.capped


def test_the_newest_are_found_without_the_rest(monkeypatch: pytest.MonkeyPatch, conn: sqlite3.Connection) -> None:
    """Changes that come after the last one told of are not looked at: fewer steps than to find all."""
    monkeypatch.setattr(search_changes, "is_common", lambda conn, matching: True)
    taken = {}
    for most in (3, 1_000):
        monkeypatch.setattr(search_changes, "MAX_NEWEST", most)
        ticks: list[int] = []
        conn.set_progress_handler(lambda ticks=ticks: ticks.append(1), 100)
        search(conn, "we", where="added", limit=1)
        taken[most] = len(ticks)

    assert taken[3] < 0.5 * taken[1_000]


def test_only_a_good_part_of_all_clauses_makes_a_word_common(conn: sqlite3.Connection) -> None:
    """In a small corpus no word is: gathering is quick there."""
    (said_by,) = conn.execute("SELECT count(*) FROM clauses_fts WHERE clauses_fts MATCH 'we'").fetchone()

    assert said_by
    assert not search_changes.is_common(conn, said_by)


@pytest.mark.parametrize("where", ["text", "added", "removed"])
@pytest.mark.parametrize(
    "q", ["we", "priva*", "letters", '"third parties"', "information -cookies", "nobody-says-this"]
)
def test_hits_are_filled_alike_however_many_match(
    conn: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch, q: str, where: str
) -> None:
    """Words are marked, and what is new to its document is told, the same for few and for many clauses that match."""
    filled = []
    for few, many in ((0, 0), (0, 10**9), (10**9, 0), (10**9, 10**9)):
        monkeypatch.setattr(queries_hits, "_FEW", few)
        monkeypatch.setattr(queries_hits, "_MANY", many)
        filled.append(search(conn, q, where=where, limit=100))

    assert filled[1:] == filled[:-1]


@pytest.mark.parametrize("where", ["added", "removed"])
@pytest.mark.parametrize("q", ["cookies", "sell", "beacon*", "information -cookies", "nobody-says-this"])
def test_what_is_new_to_documents_is_found_either_way(
    conn: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch, q: str, where: str
) -> None:
    """By all changes of clauses that match, and by the places where it begins to stand or no longer does."""
    found = []
    for of_an_edge in (-1, 10**9):
        monkeypatch.setattr(search_changes, "_OF_AN_EDGE", of_an_edge)
        found.append(search(conn, q, where=where, whole=True, limit=500))

    assert found[0] == found[1]
    assert found[0].hits or q == "nobody-says-this"
    assert all(hit.whole for hit in found[0].hits)


def test_beginnings_of_words_are_put_together_a_counted_number_of_times(
    conn: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many hits a page has and however many clauses match: each time takes 20 ms in a large corpus."""
    monkeypatch.setattr(queries_hits, "_FEW", 0)
    asked = {}
    for limit in (2, 30):
        told: list[str] = []
        conn.set_trace_callback(told.append)
        assert len(search(conn, "pr*", where="added", limit=limit).hits) == limit
        asked[limit] = sum("clauses_fts_idx" in statement for statement in told)

    assert 0 < asked[30] == asked[2]
