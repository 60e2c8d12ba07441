"""Datasette's own pages lead to ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

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
async def test_cells_lead_to_pages_that_exist(get: Get, table: str, expected: str) -> None:
    """Every link of a cell to a page of ours answers 200, and the one expected is among them."""
    page = LexborHTMLParser((await get(f"/corpus/{table}")).text)
    links = {node.attributes["href"] for node in page.css('td a[href^="/-/policies/"]')}

    assert expected in links
    assert {(await get(link)).status_code for link in links} == {200}


async def test_hostile_cells_stay_words(get: Get) -> None:
    """A value that looks like mark-up is escaped on its way into a link."""
    page = await get("/corpus/section_text?site=evil.example")

    assert "<script>alert" not in page.text
