"""Comparing in SQL."""

from __future__ import annotations

import json
import sqlite3

import pytest

from harvest.compare import sql

OLD = "# Privacy\n\nWe use cookies.\n\nWe keep letters."
NEW = "# Privacy\n\nWe use cookies <b>often</b>.\n\nWe keep letters."


@pytest.fixture
def conn():
    """A connection with our functions."""
    connection = sqlite3.connect(":memory:")
    sql.register(connection)
    yield connection
    connection.close()


def ask(conn: sqlite3.Connection, expression: str, *values: object) -> object:
    return conn.execute(f"SELECT {expression}", values).fetchone()[0]


def test_a_diff_as_html_is_escaped(conn):
    """The words of the texts are escaped, the marks of the diff are ours."""
    html = ask(conn, "policy_diff_html(?, ?)", OLD, NEW)

    assert "<ins>" in html and "<b>" not in html


def test_a_diff_as_json_has_the_shape_of_the_command(conn):
    """What SQL returns is what ``harvest diff --json`` prints."""
    found = json.loads(ask(conn, "policy_diff_json(?, ?)", OLD, NEW))

    assert found["tier"] in {"edit", "revision", "rewrite"}
    assert found["changes"][0]["kind"] == "edited"


@pytest.mark.parametrize(
    ("expression", "values", "answer"),
    [
        ("fold(?)", ("2. Your “Rights”",), 'your "rights"'),
        (
            "wayback_url(?, ?)",
            ("20030401113213", "http://a.example/"),
            "https://web.archive.org/web/20030401113213/http://a.example/",
        ),
        ("fold(?)", (None,), None),
        ("wayback_url(?, ?)", (None, "http://a.example/"), None),
        ("policy_diff_html(?, ?)", (None, "x"), None),
        ("policy_diff_json(?, ?)", ("x", None), None),
        ("fold(?)", (b"Caf\xc3\xa9",), "café"),
        ("fold(?)", (12,), "12"),
    ],
)
def test_functions_answer(conn, expression, values, answer):
    """NULL in gives NULL out; numbers and bytes are read as text."""
    assert ask(conn, expression, *values) == answer


# Datasette has callbacks of SQLite print what they raise; here that is what is wanted
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("call", ["policy_diff_html(?1, 'x')", "policy_diff_json('x', ?1)", "fold(?1)"])
def test_oversized_texts_are_refused(conn, call):
    """A text above the documented limit is an error, not half a minute of work."""
    with pytest.raises(sqlite3.DataError, match="too big"):
        ask(conn, call, "a" * (sql.MAX_FOLD + 1))


def test_functions_are_deterministic(conn):
    """They may stand in an index, which SQLite allows of deterministic functions only."""
    conn.execute("CREATE TABLE t (heading)")
    conn.execute("CREATE INDEX by_fold ON t (fold(heading))")


def test_sqlite_utils_knows_the_functions():
    """A connection that sqlite-utils prepares has them, once its plugin is called."""
    from harvest.corpus.sqlite_utils_plugin import prepare_connection

    connection = sqlite3.connect(":memory:")
    prepare_connection(connection)

    assert ask(connection, "fold(?)", "3. “Cookies”") == '"cookies"'
    connection.close()
