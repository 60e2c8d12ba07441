"""What pages say is said once, and as people say it: no dates or names as data has them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from harvest.corpus.store import Store

ROOT = "/-/policies"
DIFF = f"{ROOT}/alpha.example/2003-09-01..2004-02-11"
ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
Get = Callable[..., Any]


async def shown(get: Get, path: str, part: str = "main") -> str:
    """The words of a part of a page, without those of citations, which keep addresses as they are."""
    page = LexborHTMLParser((await get(path)).text)
    for node in page.css(".cite, input, code"):
        node.decompose()
    return " ".join(page.css_first(part).text(separator=" ").split())


@pytest.mark.parametrize("path", [f"{ROOT}/alpha.example", f"{ROOT}/alpha.example/2004", DIFF])
async def test_dates_are_written_in_one_way(get: Get, path: str) -> None:
    """The date that a text states of itself reads like those of the captures."""
    text = await shown(get, path)

    assert "4 Mar 2003" in text
    assert not ISO_DAY.search(text)


@pytest.mark.parametrize(("path", "part"), [(f"{ROOT}/alpha.example", ".steps"), (DIFF, ".verdict")])
async def test_words_that_came_and_went_are_counted_once(get: Get, path: str, part: str) -> None:
    """As +6 −2 beside the tier, not again in the reason, which says what was changed."""
    text = await shown(get, path, part)

    assert re.search(r"\+\d+", text) and "clause" in text and "% of both texts" in text
    assert not re.search(r"\d words? added, ", text)


async def test_a_silent_change_states_its_date_once(get: Get) -> None:
    """The note says that both have it; it does not stand beside each again."""
    text = await shown(get, DIFF, ".head")

    assert "A silent change" in text
    assert text.count("4 Mar 2003") == 1


async def test_the_only_capture_of_a_version_stands_once(get: Get) -> None:
    """As first and last where there are two."""
    alone = await shown(get, f"{ROOT}/alpha.example/2004-02-11", ".facts")
    several = await shown(get, f"{ROOT}/alpha.example/2003-09-01", ".facts")

    assert "The only capture 11 Feb 2004" in alone and "Last capture" not in alone
    assert "First capture 1 Apr 2003" in several and "Last capture 1 Sep 2003" in several


async def test_languages_have_names(get: Get) -> None:
    """English, not en."""
    assert "Language English" in await shown(get, f"{ROOT}/alpha.example/2004", ".facts")


async def test_a_term_that_nobody_says_is_no_picture(get: Get) -> None:
    """A line at nought says less than a sentence; beside another term its line stays, with the sentence."""
    nobody = LexborHTMLParser((await get(f"{ROOT}/trends?q=zanzibar")).text)
    beside = LexborHTMLParser((await get(f"{ROOT}/trends?q=zanzibar&q=cookie")).text)

    assert nobody.css_first("svg.trends") is None
    assert "says “zanzibar”" in nobody.css_first(".empty").text() and nobody.css_first("table.numbers")
    assert beside.css_first("svg.trends") and "says “zanzibar”." in beside.css_first("main").text()


@pytest.mark.parametrize(
    ("path", "title", "said"),
    [
        ("/nowhere.example", "Not found", "No site “nowhere.example” in this corpus."),
        ("/changes?tier=huge", "Not understood", "“huge” is no tier: choose one of"),
        ("/search?q=cookie&in=added&tier=huge", "Not understood", "“huge” is no tier: choose one of"),
        ("/changes.atom?tier=huge", "Not understood", "“huge” is no tier: choose one of"),
        ("/search?q=cookie&order=size", "Not understood", "Cannot sort by “size”: choose one of best, newest, oldest."),
        ("/changes?db=absent", "Not found", "No corpus called “absent” is served here; leave"),
        ("/row/versions/" + "9" * 40, "Not found", "Versions has no row 9"),
        ("/alpha.example/1066", "Not found", "alpha.example"),
    ],
)
async def test_refusals_are_sentences(get: Get, path: str, title: str, said: str) -> None:
    """With a title in plain words, quotes as in a book, and a stop."""
    page = LexborHTMLParser((await get(ROOT + path)).text)
    lead = page.css_first(".lead").text()

    assert page.css_first("h1").text() == title
    assert lead.startswith(said) and lead.endswith(".") and "'" not in lead
    assert not ISO_DAY.search(lead)


async def test_many_other_policies_of_a_site_are_folded(
    get: Get, serve: Get, fill: Callable[..., None], tmp_path: Path
) -> None:
    """They stood before the picture of the one asked for, seventeen lines of a phone; a few are named at once."""
    text = "# Rules\n\n" + "We keep the parcels of our customers in the cellar until somebody asks us for them. " * 9
    day = datetime(2005, 3, 1, tzinfo=UTC)
    kinds = ("privacy", "terms", "cookies", "other")
    with Store.open(tmp_path / "rules.db") as store:
        fill(store, {("few.example", kind): [(day, text)] for kind in kinds})
        fill(store, {("many.example", kind): [(day, text)] for kind in kinds})
        for label in ("eu", "us"):
            store.ensure_policy(host="many.example", kind="terms", label=label, url=f"http://many.example/{label}")
    datasette = serve(tmp_path / "rules.db")

    few = LexborHTMLParser((await get(f"{ROOT}/few.example", datasette=datasette)).text)
    many = LexborHTMLParser((await get(f"{ROOT}/many.example", datasette=datasette)).text)

    assert few.css_first(".head details") is None and len(few.css(".head .urls a")) == 3
    assert many.css_first(".head summary").text() == "5 other policies of many.example"
    assert len(many.css(".head details li a")) == 5
