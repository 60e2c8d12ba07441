"""Links to the archive stand only where anybody can follow them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

Get = Callable[..., Any]
WAYBACK = "https://web.archive.org/web/20030401120000/http://www.alpha.example/privacy.html"


@pytest.mark.parametrize(
    ("archive", "link", "said"),
    [
        pytest.param("wayback", WAYBACK, "archived capture", id="wayback"),
        pytest.param("princeton-leuven", WAYBACK, "archived capture", id="imported"),
        pytest.param("https://arquivo.pt/", WAYBACK.replace("web.archive.org", "arquivo.pt"), "archived", id="another"),
        pytest.param("warc", None, "in a WARC file", id="file"),
        pytest.param("sample", None, "in the sample archive, which is invented", id="sample"),
        pytest.param("http://127.0.0.1:8002", None, "in a local archive", id="simulator"),
        pytest.param("http://localhost:8080/", None, "in a local archive", id="localhost"),
    ],
)
async def test_captures_are_linked_where_they_can_be_replayed(
    get: Get, serve: Get, corpus_path: Path, tmp_path: Path, archive: str, link: str | None, said: str
) -> None:
    """Page, JSON and the view for SQL agree; where there is no link the page says what the capture lies in."""
    db = tmp_path / "corpus.db"
    copy(corpus_path, db)
    with sqlite3.connect(db) as conn:
        conn.execute("UPDATE captures SET archive = ?", (archive,))
        (viewed,) = conn.execute(
            "SELECT archive_url FROM history WHERE site = 'alpha.example' AND number = 1"
        ).fetchone()
    datasette = serve(db)

    page = LexborHTMLParser((await get("/-/policies/alpha.example", datasette=datasette)).text)
    data = (await get("/-/policies/alpha.example.json", datasette=datasette)).json()
    first = page.css(".steps .step")[-1]

    assert data["versions"][0]["first_capture"]["archive_url"] == viewed == link
    assert [a.attributes["href"] for a in first.css("a.archive")] == [link] * (link is not None)
    assert said in " ".join(first.text().split())


@pytest.mark.parametrize(
    ("archives", "urls", "offered"),
    [
        pytest.param(("wayback", "wayback"), (0, 0), True, id="two-captures-of-a-url"),
        pytest.param(("wayback", "princeton-leuven"), (0, 0), True, id="one-of-them-imported"),
        pytest.param(("wayback", "wayback"), (0, 1), False, id="the-policy-moved"),
        pytest.param(("wayback", "warc"), (0, 0), False, id="one-in-a-file"),
        pytest.param(("https://arquivo.pt/", "https://arquivo.pt/"), (0, 0), False, id="another-archive"),
    ],
)
async def test_the_archives_own_comparison_is_offered(
    get: Get, serve: Get, corpus_path: Path, tmp_path: Path, archives: Sequence[str], urls: Sequence[int], offered: bool
) -> None:
    """A difference leads to the Wayback Machine's own page where both sides are captures of one URL there."""
    db = tmp_path / "corpus.db"
    copy(corpus_path, db)
    with sqlite3.connect(db) as conn:
        for stamp, archive, url in zip(("20030901120000", "20040211120000"), archives, urls, strict=True):
            address = ("http://www.alpha.example/privacy.html", "http://www.alpha.example/other")[url]
            conn.execute(
                "UPDATE captures SET archive = ?, url = ?, landed_url = '' WHERE timestamp = ? AND url LIKE '%priv%'",
                (archive, address, stamp),
            )
    page = LexborHTMLParser((await get("/-/policies/alpha.example/2003..2004", datasette=serve(db))).text)
    links = [a.attributes for a in page.css("main a") if "/web/diff/" in (a.attributes["href"] or "")]

    wanted = "https://web.archive.org/web/diff/20030901120000/20040211120000/http://www.alpha.example/privacy.html"
    assert [(a["href"], a["rel"]) for a in links] == [(wanted, "noreferrer noopener")] * offered
