"""Datasette's own pages lead to ours."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from harvest.corpus.store import Store

Get = Callable[..., Any]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        pytest.param(
            "history?site=alpha.example&number=4", "/-/policies/alpha.example/2006-07-01..2009-08-17", id="tier"
        ),
        pytest.param("history?kind=terms", "/-/policies/alpha.example/terms", id="site"),
        pytest.param("change_log?site=beta.example", "/-/policies/beta.example/2001-05-05..2002-06-06", id="change"),
        pytest.param("section_text?site=alpha.example", "/-/policies/alpha.example/section/cookies", id="section"),
    ],
)
async def test_cells_lead_to_pages_that_exist(get: Get, serve: Get, table: str, expected: str) -> None:
    """Every link of a cell to a page of ours leads to one, and the one expected is among them."""
    datasette = serve()
    page = LexborHTMLParser((await get(f"/corpus/{table}", datasette=datasette)).text)
    links = {node.attributes["href"] for node in page.css('td a[href^="/-/policies/"]')}

    assert expected in links
    for link in links:
        assert (await get(link, datasette=datasette, follow_redirects=True)).status_code == 200, link


@pytest.mark.parametrize(
    ("table", "page"),
    [
        pytest.param("sites", "/-/policies/alpha.example", id="site"),
        pytest.param("policies", "/-/policies/alpha.example", id="policy"),
        pytest.param("captures", "/-/policies/alpha.example/2003-04-01", id="capture"),
        pytest.param("versions", "/-/policies/alpha.example/2003-04-01", id="version"),
        pytest.param("texts", "/-/policies/text/", id="text"),
        pytest.param("transitions", "/-/policies/alpha.example/2003-09-01..2004-02-11", id="transition"),
        pytest.param("diffs", "/-/policies/alpha.example/2003-09-01..2004-02-11", id="diff"),
        pytest.param("changes", "/-/policies/alpha.example/2003-09-01..2004-02-11", id="change"),
        pytest.param("lineages", "/-/policies/alpha.example/section/", id="lineage"),
        pytest.param("sections", "/-/policies/alpha.example/section/", id="section"),
        pytest.param("clauses", "/-/policies/clause/", id="clause"),
    ],
)
async def test_a_row_leads_to_its_page(get: Get, table: str, page: str) -> None:
    """The first row of every table with pages; an id that is none is refused with a reason."""
    found = await get(f"/-/policies/row/{table}/1")
    absent = await get(f"/-/policies/row/{table}/999999")

    assert found.status_code == 302 and found.headers["location"].startswith(page)
    assert absent.status_code == 404 and "no row 999999" in absent.text


async def test_rows_of_other_tables_have_no_page(get: Get) -> None:
    """The refusal names those that have."""
    response = await get("/-/policies/row/meta/1")

    assert response.status_code == 404
    assert "versions" in response.text


@pytest.mark.parametrize(
    ("path", "links"),
    [
        pytest.param(
            "versions?number=1", {"/-/policies/row/versions/1", "/-/policies/row/texts/1"}, id="ids-and-times"
        ),
        pytest.param(
            "captures?_sort=id",
            {"https://web.archive.org/web/20030401120000/http://www.alpha.example/privacy.html"},
            id="archive",
        ),
        pytest.param("history?number=2", {"/-/policies/alpha.example/2004-02-11"}, id="time-in-a-view"),
        pytest.param("first-use-of-a-phrase?phrase=lighthouse", {"/-/policies/beta.example"}, id="result-of-a-query"),
        pytest.param("section_clauses", {"/-/policies/row/clauses/1"}, id="in-a-view"),
        pytest.param("policies", {"/-/policies/row/sites/1", "/corpus/sites/1"}, id="beside-the-key"),
    ],
)
async def test_ids_hashes_and_times_are_linked(get: Get, path: str, links: set[str]) -> None:
    """To our pages, and to the archive without a referrer; a foreign key keeps Datasette's own link."""
    page = LexborHTMLParser((await get(f"/corpus/{path}")).text)
    found = {node.attributes["href"]: node.attributes.get("rel") for node in page.css("td a[href]")}

    assert links <= set(found)
    assert all(rel == "noreferrer noopener" for href, rel in found.items() if href.startswith("https://web.archive"))


@pytest.mark.parametrize("path", ["/corpus", "/corpus/clauses", "/corpus/history"])
async def test_menus_of_datasette_offer_the_explorer(get: Get, path: str) -> None:
    """Database, table and, where Datasette has such a menu, view."""
    page = LexborHTMLParser((await get(path)).text)
    offered = {node.attributes["href"] for node in page.css(".dropdown-menu a, .actions-menu-links a")}

    assert "/-/policies" in offered or (path.endswith("history") and not offered)


async def test_rows_offer_their_page_where_there_is_a_menu(get: Get) -> None:
    """Datasette 1.0 has a menu of row actions; 0.65 has links in the cells."""
    page = await get("/corpus/versions/1")

    assert "/-/policies/row/" in page.text


async def test_every_table_and_view_can_be_opened(get: Get, serve: Get, corpus_path: Path) -> None:
    """As a page, as JSON and as CSV; Datasette alone fails on a view that holds bytes. Those can be had."""
    datasette = serve()
    with sqlite3.connect(corpus_path) as conn:
        names = [name for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")]
    shown = [name for name in names if "_fts" not in name]
    for path in [f"/corpus/{name}{ending}?_size=2" for name in shown for ending in ("", ".json", ".csv")]:
        assert (await get(path, datasette=datasette)).status_code == 200, path
    page = LexborHTMLParser((await get("/corpus/bodies", datasette=datasette)).text)
    data = await get(page.css_first("a.blob-download").attributes["href"] or "", datasette=datasette)

    assert len(shown) > 30
    assert data.status_code == 200 and f"{len(data.content):,}\xa0bytes" in page.css_first("a.blob-download").text()


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        pytest.param("bodies?_nocol=id", "<Binary:", id="bytes of a row without its id"),
        pytest.param("captures?_col=timestamp&_size=max", "20", id="a time without the address"),
        pytest.param("captures?_nocol=archive&_size=max", "20", id="a time without the archive"),
    ],
)
async def test_columns_may_be_left_out(get: Get, query: str, shown: str) -> None:
    """What a cell would lead to by other columns is shown without a link where these are hidden."""
    page = await get(f"/corpus/{query}")

    assert page.status_code == 200
    cells = LexborHTMLParser(page.text).css("td.col-data, td.col-timestamp")
    assert cells
    assert all(cell.text(strip=True).startswith(shown) and not cell.css("a") for cell in cells)


@pytest.mark.parametrize("table", ["captures", "listings", "runs", "sites", "history"])
async def test_any_column_may_be_hidden(get: Get, serve: Get, corpus_path: Path, table: str) -> None:
    """The one by which rows are in order, too, where there is a next page: Datasette looks for it in the last row."""
    datasette = serve()
    with sqlite3.connect(corpus_path) as conn:
        told = conn.execute(f"SELECT name, pk FROM pragma_table_info('{table}')").fetchall()
    hidden = [name for name, key in told if not key]
    failed = [
        name
        for name in hidden
        if (await get(f"/corpus/{table}?_nocol={name}&_size=1", datasette=datasette)).status_code != 200
    ]

    assert len(hidden) > 1
    assert failed == []


async def test_a_stranger_is_left_alone(get: Get, serve: Get, tmp_path: Path) -> None:
    """No link and no menu of ours on a database without a corpus."""
    with sqlite3.connect(tmp_path / "plain.db") as conn:
        conn.execute("CREATE TABLE history (site, kind, first_seen, policy_id)")
        conn.execute("INSERT INTO history VALUES ('alpha.example', 'privacy', '2003-04-01T12:00:00Z', 1)")
    datasette = serve(tmp_path / "plain.db")
    pages = [(await get(path, datasette=datasette)).text for path in ("/plain", "/plain/history")]

    assert not any("/-/policies" in page or "/-/policy-static" in page for page in pages)


@pytest.mark.parametrize("path", ["/corpus/history", "/corpus/silent-changes"])
async def test_pages_of_many_columns_are_given_room(get: Get, serve: Get, path: str) -> None:
    """Our few rules for Datasette's own pages are there and served."""
    datasette = serve()
    page = LexborHTMLParser((await get(path, datasette=datasette)).text)
    sheets = [link.attributes["href"] or "" for link in page.css('link[rel="stylesheet"]')]
    ours = [sheet for sheet in sheets if sheet.endswith("/-/policy-static/datasette.css")]

    assert len(ours) == 1
    assert "column-descriptions" in (await get(ours[0], datasette=datasette)).text


async def test_facets_of_many_values_are_short(get: Get, serve: Get, fill: Get, tmp_path: Path) -> None:
    """Ten sites stand above the rows, with a sign that there are more."""
    with Store.open(tmp_path / "corpus.db") as store:
        day = datetime(2012, 3, 4, tzinfo=UTC)
        fill(
            store, {(f"s{n}.example", "privacy"): [(day, f"# Notice\n\nSite {n} keeps it short.\n")] for n in range(12)}
        )
    page = LexborHTMLParser((await get("/corpus/history", datasette=serve(tmp_path / "corpus.db"))).text)

    sites = page.css('.facet-info[data-column="site"] li')

    assert len([site for site in sites if ".example" in site.text()]) == 10
    assert "…" in sites[-1].text() or "..." in sites[-1].text()


async def test_hostile_cells_stay_words(get: Get) -> None:
    """A value that looks like mark-up is escaped on its way into a link."""
    page = await get("/corpus/section_text?site=evil.example")

    assert "<script>alert" not in page.text


@pytest.mark.parametrize("table", ["captures", "policy_urls", "listings", "history", "captures/1"])
async def test_links_to_outside_do_not_tell_where_they_stood(get: Get, table: str) -> None:
    """Addresses in cells of ours, the archive's and archived ones, open without referrer or opener."""
    page = LexborHTMLParser((await get(f"/corpus/{table}")).text)
    links = page.css('td a[href^="http"]')

    assert links
    assert {node.attributes["rel"] for node in links} == {"noreferrer noopener"}
