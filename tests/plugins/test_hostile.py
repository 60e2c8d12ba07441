"""Archived text is hostile: whatever a policy says, it is shown as words."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path
from shutil import copy
from typing import Any
from urllib.parse import quote

import pytest
from selectolax.lexbor import LexborHTMLParser

from harvest.corpus import queries
from harvest.web import host

ROOT = "/-/policies"
EVIL = "<script>alert(1)</script>"
Get = Callable[..., Any]
PATHS = [
    f"{ROOT}/evil.example",
    f"{ROOT}/evil.example/2015",
    f"{ROOT}/evil.example/2015..2016",
    f"{ROOT}/evil.example/2015..2016?view=side&noise=1",
    f"{ROOT}/evil.example/blame/2016",
    f"{ROOT}/search?q=innocent",
    f"{ROOT}/search?q=innocent&in=added",
    f"{ROOT}/search?q=words&in=added",
    f"{ROOT}/phrase?q=visitors",
    f"{ROOT}/search?q=%3Cscript%3Ealert(1)%3C/script%3E",
    f"{ROOT}/phrase?q=%22%3E%3Csvg+onload=alert(1)%3E",
    f"{ROOT}/evil.example/section/%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    f"{ROOT}/%3Cscript%3Ealert(1)%3C%2Fscript%3E.example",
    f"{ROOT}/changes?site=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
    f"{ROOT}/%3Cimg%20src=x%20onerror=alert(1)%3E",
]


@pytest.mark.parametrize("path", PATHS)
async def test_nothing_archived_or_typed_becomes_markup(get: Get, path: str) -> None:
    """No element, handler or script address on the page but those of our templates."""
    response = await get(path)
    page = LexborHTMLParser(response.text)

    assert response.status_code in (200, 400, 404)
    assert "<script>alert" not in response.text
    assert not page.css("main script, main img, main iframe, svg[onload]")
    addresses = [node.attributes.get("href") or "" for node in page.css("a")]
    assert not [address for address in addresses if address.lower().lstrip().startswith(("javascript:", "data:"))]


async def test_hostile_words_are_still_readable(get: Get) -> None:
    """A reader sees what the policy said, brackets and all; template marks are not evaluated."""
    text = LexborHTMLParser((await get(f"{ROOT}/evil.example/2015")).text).css_first("article").text()

    assert EVIL in text
    assert "{{ 7 * 7 }}" in text and "{% raw %}" in text


async def test_a_hostile_diff_shows_its_words(get: Get) -> None:
    """Inserted mark-up stands in <ins> as text."""
    page = LexborHTMLParser((await get(f"{ROOT}/evil.example/2015..2016")).text)
    inserted = " ".join(node.text() for node in page.css("ins"))

    assert '"><svg onload=alert(5)>' in inserted.replace(" ", " ")


async def test_hostile_words_pass_through_json_and_atom(get: Get) -> None:
    """JSON carries the words as they are, typed so that no browser takes them for a page."""
    data = await get(f"{ROOT}/evil.example/2015.json")
    feed = await get(f"{ROOT}/search.atom?q=innocent+OR+sentence&in=added&site=evil.example")

    assert EVIL in data.text and data.headers["content-type"].startswith("application/json")
    assert data.headers["x-content-type-options"] == "nosniff"
    assert "<script>" not in feed.text


@pytest.mark.parametrize(
    "q",
    ['"', "'", "''; DROP TABLE sites", "NEAR(", "a AND", "col:x", "^a", "*", "\x00", "é" * 499, "-", "a" * 9_000],
)
async def test_odd_queries_are_answered(get: Get, q: str) -> None:
    """Whatever is typed into the search box is searched for or refused, never an error of ours."""
    answers = [await get(f"{ROOT}/search?q={quote(q)}&in={where}") for where in ("text", "added")]

    assert {answer.status_code for answer in answers} <= {200, 400}


ASKING = [
    f"{ROOT}/search?q=ATTACK",
    f"{ROOT}/search?q=visitors&in=removed&site=ATTACK&kind=ATTACK",
    f"{ROOT}/search.atom?q=ATTACK&in=added",
    f"{ROOT}/search.json?q=ATTACK",
    f"{ROOT}/phrase?q=ATTACK&site=ATTACK",
    f"{ROOT}/trends?q=ATTACK&q=visitors",
    f"{ROOT}/trends.csv?q=ATTACK",
    f"{ROOT}/changes?site=ATTACK",
    f"{ROOT}?q=ATTACK&kind=ATTACK",
    f"{ROOT}/evil.example/section/ATTACK",
    f"{ROOT}/evil.example/privacy:ATTACK/2015",
    f"{ROOT}/ATTACK.example.json",
]


@pytest.mark.parametrize("page", ASKING)
async def test_every_attack_is_answered(
    get: Get, serve: Get, attacks: dict[str, list[str]], page: str, corpus_path: Path
) -> None:
    """Whatever is typed, into whichever page: an answer or a refusal, no mark-up, and the corpus stays as it was."""
    datasette = serve()
    before = corpus_path.read_bytes()
    for attack in (attack for held in attacks.values() for attack in held[::2]):
        typed = quote(attack[:2_000].encode(errors="surrogatepass"), safe="")
        answer = await get(page.replace("ATTACK", typed), datasette=datasette)

        assert answer.status_code in (200, 302, 400, 404), attack[:80]
        if answer.headers.get("content-type", "").startswith("text/html"):
            found = LexborHTMLParser(answer.text)
            assert not found.css("main script, main img, main iframe, main style, svg[onload], [onerror], [onfocus]")
        assert "\n" not in answer.headers.get("location", "") and "set-cookie" not in answer.headers
    assert corpus_path.read_bytes() == before


ASKED: list[str] = []


class RecordingCursor(sqlite3.Cursor):
    """A cursor that keeps the statements it is given, before any value is put into them."""

    def execute(self, sql: str, *rest: Any) -> sqlite3.Cursor:
        """Keep the statement and run it."""
        ASKED.append(sql)
        return super().execute(sql, *rest)


class Recording(sqlite3.Connection):
    """A connection of such cursors."""

    def cursor(self, *rest: Any) -> sqlite3.Cursor:
        """Return a cursor that keeps statements."""
        return super().cursor(RecordingCursor)

    def execute(self, sql: str, *rest: Any) -> sqlite3.Cursor:
        """Run a statement by such a cursor."""
        return self.cursor().execute(sql, *rest)


@pytest.mark.parametrize("page", [*ASKING, f"{ROOT}/evil.example?offset=0&noise=ATTACK", f"{ROOT}/ATTACK.example/2015"])
async def test_nothing_typed_becomes_sql(
    get: Get, serve: Get, page: str, monkeypatch: pytest.MonkeyPatch, corpus_path: Path, tmp_path: Path
) -> None:
    """What a visitor types reaches SQLite in bound parameters alone."""
    copy(corpus_path, tmp_path / "corpus.db")  # not opened before
    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=Recording))
    ASKED.clear()
    answer = await get(page.replace("ATTACK", "zanzibar"), datasette=serve(tmp_path / "corpus.db"))

    assert answer.status_code < 500
    assert any("policies" in sql or "half_years" in sql for sql in ASKED)  # trends ask the second alone
    assert [sql for sql in ASKED if "zanzibar" in sql.lower()] == []


async def test_the_corpus_is_served_for_reading_only(get: Get, serve: Get) -> None:
    """No connection that reads for a page may write."""

    def write(conn: sqlite3.Connection) -> None:
        conn.execute("DELETE FROM clause_rows")

    datasette = serve()
    await datasette.invoke_startup()

    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        await datasette.get_database("corpus").execute_fn(write)


async def test_a_page_gives_up_in_time(get: Get, serve: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    """A question that takes too long is answered by 503 and by what to ask instead."""

    def endless(conn: sqlite3.Connection, *rest: Any, **more: Any) -> None:
        conn.execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n").fetchall()

    monkeypatch.setattr(host, "_TIME_LIMIT_MS", 50)
    for name in ("overview", "outline", "search", "phrase", "trends", "changes", "blame", "bare_pair"):
        monkeypatch.setattr(queries, name, endless)
    paths = ["", "/evil.example", "/search?q=a", "/phrase?q=a", "/trends?q=a", "/changes", "/evil.example/blame/2016"]
    datasette = serve(settings={"sql_time_limit_ms": 50})
    answers = [await get(f"{ROOT}{path}", datasette=datasette) for path in paths]

    assert {answer.status_code for answer in answers} == {503}
    assert all("too long" in answer.text for answer in answers)


async def test_a_fault_of_ours_is_logged_and_serving_goes_on(
    get: Get, serve: Get, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """500 with a page and a traceback in the log; nothing prints every local variable while all others wait."""

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(queries, "outline", fail)
    monkeypatch.setattr(queries, "timeline", fail)
    monkeypatch.setattr("rich.console.Console.print_exception", fail)
    datasette = serve()
    page = await get(f"{ROOT}/evil.example", datasette=datasette)
    data = await get(f"{ROOT}/evil.example.json", datasette=datasette)

    assert page.status_code == data.status_code == 500
    assert "a fault of ours" not in page.text and "log" in page.text
    assert data.json() == {"ok": False, "error": data.json()["error"], "status": 500}
    assert "a fault of ours" in caplog.text
    assert (await get(f"{ROOT}/evil.example/2015", datasette=datasette)).status_code == 200
