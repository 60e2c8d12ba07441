"""Pages of Datasette's tables begin with facets that are counted in time, however large the corpus is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from harvest.web import facets

Get = Callable[..., Any]
TABLES = tuple(facets._COSTS)


@pytest.mark.parametrize("table", TABLES)
async def test_a_small_corpus_begins_with_facets(get: Get, serve: Get, table: str) -> None:
    """Sites, kinds and tiers with their counts stand above the rows."""
    page = (await get(f"/corpus/{table}", datasette=serve(settings={"facet_time_limit_ms": 10_000}))).text

    assert 'class="facet-results"' in page and 'class="facet-info ' in page
    assert "timed out" not in page


@pytest.mark.parametrize("table", TABLES)
async def test_facets_that_would_time_out_are_left_out(get: Get, serve: Get, table: str) -> None:
    """Where Datasette gives a facet no time the page has its rows and does not say that anything failed."""
    page = (await get(f"/corpus/{table}", datasette=serve(settings={"facet_time_limit_ms": 0}))).text

    assert 'class="rows-and-columns"' in page
    assert 'class="facet-info ' not in page and "timed out" not in page


async def test_nothing_is_suggested_for_a_large_corpus(get: Get, serve: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before it suggests facets Datasette 0.65 counts all rows, and its page fails where that takes a second."""
    small, large = serve(), serve()
    suggested = "Suggested facets" in (await get("/corpus/text_sections", datasette=small)).text
    monkeypatch.setattr(facets, "_MOST_SUGGESTED", 1)

    page = (await get("/corpus/text_sections", datasette=large)).text

    assert suggested and "Suggested facets" not in page
    assert small.setting("suggest_facets") and not large.setting("suggest_facets")
