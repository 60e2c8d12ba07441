"""No page reads a big table from end to end: what a page costs grows with what it shows, not with the corpus."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from datasette import hookimpl
from datasette.plugins import pm

#: Tables with a row for each capture, text, section, clause, version or change.
BIG = frozenset(
    "bodies captures texts lineages sections text_sections clauses section_clauses versions diffs changes"
    " change_clauses transitions body_rows text_rows clause_rows section_rows clause_runs section_parts section_runs"
    " text_parts change_rows change_clause_rows".split()
)
#: Scans that are meant, by table and index, each with the reason.
MEANT = {
    ("versions", "versions_first_seen"): "newest changes first: read in order of the index up to the page's limit",
}
#: Statements that count whole tables, along the smallest index: for the head of the first page (4 ms of 114,000), and
#: when Datasette starts.
TOTALS = "(SELECT count(*) FROM captures) AS captures"
PAGES = (
    "/-/policies",
    "/-/policies?q=alpha",
    "/-/policies.atom",
    "/-/policies/alpha.example",
    "/-/policies/alpha.example/terms",
    "/-/policies/alpha.example.atom",
    "/-/policies/alpha.example/2004",
    "/-/policies/alpha.example/2003..2009",
    "/-/policies/alpha.example/2003..2009?view=side&noise=1",
    "/-/policies/alpha.example/2003..2009?as=markdown",
    "/-/policies/alpha.example?noise=1",
    "/-/policies/alpha.example/blame/2009",
    "/-/policies/alpha.example/blame/2009?words=1",
    "/-/policies/alpha.example/2004.json",
    "/-/policies/alpha.example/section/readers",
    "/-/policies/search?q=web+beacon",
    "/-/policies/search?q=web+beacon&in=added",
    "/-/policies/search?q=ninety+days&in=removed&site=alpha.example",
    "/-/policies/search?q=paper&from=2001&to=2010",
    "/-/policies/phrase?q=web+beacon",
    "/-/policies/trends?q=web+beacon&q=paper",
    "/-/policies/trends?q=web+beacon&site=alpha.example&kind=privacy",
    "/-/policies/changes",
    "/-/policies/changes?site=alpha.example&tier=typography",
    "/-/policies/changes.atom",
    "/-/policies/search.atom?q=web+beacon&in=added",
    "/-/policies/text/{text}",
    "/-/policies/clause/{clause}",
)
_FROM = re.compile(
    r"\b(?:FROM|JOIN)\s+(\w+)(?:\s+AS)?(?:\s+(?!ON\b|WHERE\b|JOIN\b|LEFT\b|ORDER\b|GROUP\b)(\w+))?", re.I
)


class Recorder:
    """A Datasette plugin that keeps every statement its connections run."""

    __name__ = "recorder"

    def __init__(self) -> None:
        self.statements: list[str] = []

    @hookimpl
    def prepare_connection(self, conn: sqlite3.Connection) -> None:
        conn.set_trace_callback(self.statements.append)


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    """Record what is asked of SQLite while the test runs."""
    plugin = Recorder()
    pm.register(plugin, name="recorder")
    yield plugin
    pm.unregister(plugin)


def scans(conn: sqlite3.Connection, statement: str) -> list[tuple[str, str]]:
    """Return the big tables a statement reads from end to end, with the index it walks along ('' for none)."""
    names = {(alias or table).lower(): table.lower() for table, alias in _FROM.findall(statement)}
    found = []
    for row in conn.execute(f"EXPLAIN QUERY PLAN {statement}"):
        match = re.match(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?", row[3])
        if match and names.get(match[1].lower(), match[1]) in BIG:
            found.append((names.get(match[1].lower(), match[1]), match[2] or ""))
    return found


@pytest.mark.parametrize("page", PAGES)
async def test_no_page_scans_a_big_table(
    page: str, serve: Callable[..., Any], corpus_path: Path, recorder: Recorder
) -> None:
    """Every statement behind a page finds its rows by an index, or stops at the page's limit."""
    response = await serve().client.get(page.format(**one_of_each(corpus_path)))

    assert response.status_code == 200
    asked = {one for one in recorder.statements if one.lstrip().upper().startswith(("SELECT", "WITH"))}
    assert asked
    with sqlite3.connect(corpus_path) as conn:
        told = [one for one in asked if TOTALS not in one]
        found = {(scan, one) for one in told for scan in scans(conn, one) if scan not in MEANT}
    conn.close()
    assert not found


def one_of_each(corpus_path: Path) -> dict[str, str]:
    """Return the public names of a text and a clause of the corpus."""
    with sqlite3.connect(corpus_path) as conn:
        found = {
            name: conn.execute(f"SELECT substr(sha256, 1, 12) FROM {name}s LIMIT 1").fetchone()[0]
            for name in ("text", "clause")
        }
    conn.close()
    return found


def test_a_scan_is_noticed(corpus_path: Path) -> None:
    """The check itself sees a scan, through an alias too, and lets a search by index pass."""
    conn = sqlite3.connect(corpus_path)

    assert scans(conn, "SELECT c.text FROM clauses AS c WHERE c.words > 3") == [("clause_rows", "")]
    assert scans(conn, "SELECT text FROM clauses WHERE id = 3") == []
    conn.close()
