"""Archived text is hostile: whatever a policy says, it is shown as words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from selectolax.lexbor import LexborHTMLParser

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
