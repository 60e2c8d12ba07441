"""Since when each word of a version is there, read from a corpus."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from harvest.corpus import queries
from harvest.corpus.queries_blame import _changed
from harvest.timestamps import end_of


@pytest.fixture
def conn(corpus_path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(corpus_path)
    yield connection
    connection.close()


def test_words_of_an_edited_clause_have_ages_of_their_own(conn: sqlite3.Connection) -> None:
    """A clause that was edited is as old as it is, and only the words of the edit are new."""
    found = queries.blame_of_words(conn, queries.resolve_policy(conn, "alpha.example"), end_of("2004"))
    edited = [each for each in found.blame.clauses if each.edited]

    assert edited
    for each in edited:
        assert found.line[each.came.since].number == 1
        assert {found.line[run.stay.since].number for run in each.runs} == {1, 2}
        new = [found.since(run.stay) for run in each.runs if run.stay.since]
        assert all(bounds.not_before is not None and bounds.not_before < bounds.first_seen for bounds in new)


def test_a_bound_stops_going_back(conn: sqlite3.Connection) -> None:
    """Past the bound older versions are not looked at, and what was there already has no bound before it."""
    policy = queries.resolve_policy(conn, "alpha.example")
    whole = queries.blame_of_words(conn, policy, end_of("2024"))
    cut = queries.blame_of_words(conn, policy, end_of("2024"), max_words=1)

    assert (whole.skipped, len(cut.line), cut.skipped) == (0, 1, len(whole.line) - 1)
    assert {cut.since(run.stay).not_before for each in cut.blame.clauses for run in each.runs} == {None}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        pytest.param("ab", "ab", 0, id="same"),
        pytest.param("ab", "aab", 1, id="one-more"),
        pytest.param("abc", "axc", 2, id="middle"),
        pytest.param("", "ab", 2, id="from-nothing"),
        pytest.param("ab", "cd", 4, id="all"),
    ],
)
def test_only_sections_between_equal_ends_count(old: str, new: str, words: int) -> None:
    """What two texts begin and end with alike costs nothing to compare."""
    sides = ([(ord(each), "", 1) for each in side] for side in (old, new))

    assert _changed(*sides) == words


def test_each_step_back_looks_further(conn: sqlite3.Connection) -> None:
    """A larger bound looks at no fewer versions, and no bound at all of them."""
    policy = queries.resolve_policy(conn, "alpha.example")
    looked = [
        len(queries.blame_of_words(conn, policy, end_of("2024"), max_words=bound).line) for bound in (1, 130, 400, None)
    ]

    assert looked == sorted(looked) and looked[-1] == 4
