"""Hostile policies in a real browser: nothing they say runs, nothing breaks out of the layout.

The detector is a global that every attack tries to set; it proves itself on a page that is unsafe on purpose.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.async_api import Browser, Page

from harvest.corpus.store import Store
from harvest.model import Capture, Listing, Outcome, RawPage, Selected
from harvest.text.markdown import read_markdown
from harvest.timestamps import format_stamp
from harvest.urls import urlkey

RUN = "window.pwned=1"
ATTACKS = [
    f"<script>{RUN}</script>",
    f"</script><script>{RUN}</script>",
    f"<img src=x onerror={RUN}>",
    f'"><img src=x onerror="{RUN}">',
    f"'><svg onload={RUN}>",
    f"<svg><script>{RUN}</script></svg>",
    f"<svg/onload={RUN}//",
    f"<body onload={RUN}>",
    f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>",
    f"<a href='javascript:{RUN}'>link</a>",
    f"[markdown link](javascript:{RUN})",
    f"[data link](data:text/html,<script>{RUN}</script>)",
    f"<style>@import 'javascript:{RUN}'; body{{display:none}}</style>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    f"<details open ontoggle={RUN}>",
    f"<input autofocus onfocus={RUN}>",
    f"<math><mtext></mtext><script>{RUN}</script></math>",
    f"<!--><script>{RUN}</script>-->",
    f"<![CDATA[<script>{RUN}</script>]]>",
    f"&lt;script&gt;{RUN}&lt;/script&gt;",
    f"\\u003cscript\\u003e{RUN}\\u003c/script\\u003e",
    f"{{{{ self.__init__.__globals__ }}}} {{% raw %}} ${{{RUN}}}",
    "'; DROP TABLE clauses; --",
    '" OR 1=1 --',
    "\u202egnirts lortnoc idib\u202c and \u2066isolate\u2069",
    "zero\u200bwidth\u200djoiner\ufeffmark",
    "\x01\x02\x03\x1b[31m control characters",
    "W" * 4_000,
    "\u0301" * 300 + " combining",
    f'<form action="javascript:{RUN}"><button>press</button></form>',
    f"<object data='javascript:{RUN}'></object><embed src='javascript:{RUN}'>",
    f"<template><script>{RUN}</script></template>",
    f"<noscript><p title='</noscript><img src=x onerror={RUN}>'>",
    f"</title></textarea></style></select><img src=x onerror={RUN}>",
    f"`${{{RUN}}}` <x onclick={RUN}>click</x>",
    f"<marquee onstart={RUN}>",
    f"<video><source onerror={RUN}></video>",
    "]]></entry></feed><x>",
]


def hostile_policy(tail: str = "") -> str:
    """A policy in which every attack stands as a heading, in a paragraph and in a list."""
    parts = [f"# {ATTACKS[0]}\n\nThis policy says what we do with your data and why.{tail}"]
    for number, attack in enumerate(ATTACKS):
        line = attack.replace("\n", " ")
        parts.append(f"## {line}\n\nWe say {line} in clause {number} of ours.{tail}\n\n- item {line}\n")
    return "\n\n".join(parts)


@pytest.fixture(scope="module")
def hostile_corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus with one hostile policy in two versions, under a URL and label that are hostile too."""
    path = tmp_path_factory.mktemp("attacks") / "corpus.db"
    url = f'http://evil.example/<script>{RUN}</script>?q="onload={RUN}'
    days = [datetime(2015, 1, 1, tzinfo=UTC), datetime(2016, 1, 1, tzinfo=UTC)]
    texts = [hostile_policy(), hostile_policy(f" <script>{RUN}</script> indeed")]
    captures = [Capture("wayback", url, urlkey(url), format_stamp(day), day, statuscode="200") for day in days]
    with Store.open(path) as store:
        policy = store.ensure_policy(host="evil.example", kind="privacy", url=url, name=ATTACKS[3])
        store.record_listing(policy, Listing("wayback", url, days[0], "ok", tuple(captures), message=ATTACKS[4]))
        store.record_selection(policy, [Selected(capture, True, ATTACKS[2]) for capture in captures])
        pages = [
            (number, RawPage(capture, Outcome.FETCHED, body=text.encode(), status=200), read_markdown(text))
            for (number, capture), text in zip(store.pending(policy), texts, strict=True)
        ]
        store.record_pages(policy, pages)
    return path


@pytest.fixture(scope="module")
def hostile_site(hostile_corpus: Path, explore: Callable[[Path], AbstractContextManager[str]]) -> Iterator[str]:
    """Address of the explorer over the hostile corpus."""
    with explore(hostile_corpus) as address:
        yield address


PATHS = [
    "",
    "/evil.example",
    "/evil.example/2015",
    "/evil.example/2015..2016",
    "/evil.example/2015..2016?view=side&noise=1&all=1",
    "/evil.example/blame/2016",
    "/search?q=clause",
    "/search?q=indeed&in=added",
    "/phrase?q=clause",
    "/changes",
    f"/search?q={quote(ATTACKS[3])}",
    f"/phrase?q={quote(ATTACKS[1])}&site={quote(ATTACKS[4])}",
    f"/{quote(ATTACKS[2])}.example",
    f"/evil.example/section/{quote(ATTACKS[0], safe='')}",
]


async def is_pwned(page: Page) -> bool:
    """Whether any attack has run on the page."""
    return bool(await page.evaluate("Boolean(window.pwned)"))


async def test_nothing_hostile_runs(hostile_site: str, chromium: Browser) -> None:
    """On every page: no attack runs, no request leaves the machine, nothing is wider than the window."""
    page = await chromium.new_page(viewport={"width": 1000, "height": 800})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in PATHS:
        await page.goto(f"{hostile_site}/-/policies{path}")
        await page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")

        assert not await is_pwned(page), path
        assert await page.evaluate("document.documentElement.scrollWidth") <= 1000, path

    assert [url for url in asked if not url.startswith(hostile_site)] == []


async def test_the_policy_would_stop_what_slips_through(hostile_site: str, chromium: Browser) -> None:
    """Even an element put into the page by hand does not run: the Content-Security-Policy stands behind escaping."""
    page = await chromium.new_page()
    await page.goto(f"{hostile_site}/-/policies")
    await page.evaluate(f"document.body.insertAdjacentHTML('beforeend', '<img src=x onerror={RUN}>')")
    await page.wait_for_load_state("networkidle")

    assert not await is_pwned(page)


@pytest.mark.parametrize("attack", [ATTACKS[0], ATTACKS[2]], ids=["script", "handler"])
async def test_the_detector_sees_an_attack_that_runs(chromium: Browser, attack: str) -> None:
    """On a page without escaping and without a policy the same strings do run."""
    page = await chromium.new_page()
    await page.set_content(f"<h1>{attack}</h1>")
    await page.wait_for_function("window.pwned === 1")

    assert await is_pwned(page)
