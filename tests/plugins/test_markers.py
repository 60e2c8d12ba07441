"""Letters and numbers of list items are shown where a version is read, for its other sections refer to them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from harvest.corpus.store import Store

Get = Callable[..., Any]
TEXT = (
    "# Garden notice\n\nWhat we tell visitors of our gardens about the letters that they write to us.\n\n"
    "## 2. Letters\n\nWe keep these for a year and a day, and then we give them back:\n\n"
    "1. Letters that ask for seeds or for young trees.\n2. Letters that thank us for either of them.\n\n"
    "* Cards that say nothing at all.\n\nOf the letters of number 2 we are especially fond.\n"
)
ITEMS = [("1.", "Letters"), ("2.", "Letters"), (None, "Cards")]


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory, fill: Callable[..., None]) -> Path:
    """A policy with a counted list and one with bullets."""
    path = tmp_path_factory.mktemp("counted") / "corpus.db"
    with Store.open(path) as store, store.transaction():
        fill(store, {("count.example", "privacy"): [(datetime(2012, 1, 1, 12, tzinfo=UTC), TEXT)]})
    return path


@pytest.mark.parametrize("page", ["2012", "blame/2012", "section/letters"])
async def test_items_show_what_counts_them(get: Get, serve: Callable[..., Any], counted: Path, page: str) -> None:
    """The page of a version, its ages and the history of a section hold the marker of each item beside its words."""
    answer = await get(f"/-/policies/count.example/{page}", datasette=serve(counted))
    items = LexborHTMLParser(answer.text).css(".clause-item")

    assert [(item.attributes.get("data-marker"), item.text().split()[0]) for item in items[-3:]] == ITEMS


@pytest.mark.parametrize("page", ["2012", "blame/2012", "blame/2012?words=1"])
async def test_numbers_of_sections_read_alike(get: Get, serve: Callable[..., Any], counted: Path, page: str) -> None:
    """A section has its number before its heading, paler and without the dot, with the ages of words too."""
    answer = await get(f"/-/policies/count.example/{page}", datasette=serve(counted))
    heading = LexborHTMLParser(answer.text).css(".text h2")[-1]

    assert (heading.text(), heading.css_first(".number").text()) == ("2 Letters", "2")


async def test_scripts_get_the_markers(get: Get, serve: Callable[..., Any], counted: Path) -> None:
    """In JSON a clause has a marker where it is counted, and else none."""
    data = (await get("/-/policies/count.example/2012.json", datasette=serve(counted))).json()
    clauses = [clause for section in data["sections"] for clause in section["clauses"] if clause["kind"] == "item"]

    assert [clause.get("marker") for clause in clauses] == ["1.", "2.", None]
