"""Hostile policies in a real browser: nothing they say runs, nothing breaks out of the layout.

Every string of ``tests/attacks.json`` stands in a corpus as title, heading, clause, address, label, archive, reason,
name and message, and is typed into every form. The detector (`Guard`) proves itself on a page that is unsafe on
purpose.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain, cycle
from pathlib import Path
from typing import Any
from urllib.parse import quote

import feedparser
import pytest
from lxml import etree
from playwright.async_api import Browser, Page
from selectolax.lexbor import LexborHTMLParser

from harvest.corpus.store import Store
from harvest.model import Capture, Clause, Document, Listing, Outcome, RawPage, Section, Selected
from harvest.timestamps import format_stamp
from harvest.urls import urlkey

DAYS = [datetime(2015, 1, 1, tzinfo=UTC), datetime(2016, 1, 1, tzinfo=UTC)]
PHONE = 360
Attacks = dict[str, list[str]]

#: Looks at a loaded page: what ran, and what only needs a click or a pointer to run.
INSPECT = r"""() => {
  document.querySelectorAll('details').forEach(each => { each.open = true });
  const found = window.pwned ? ['ran: window.pwned is set'] : [];
  const ours = document.body.classList.contains('policy-explorer');
  const root = ours ? document.querySelector('main') : document.body;
  for (const node of root.querySelectorAll('*')) {
    const name = node.localName;
    if (/^(iframe|object|embed|base|meta|frame|frameset|applet|marquee|video|audio|math|animate|set|use)$/.test(name)
        || (ours && /^(script|style|link|img|foreignobject|template|noscript)$/i.test(name)))
      found.push(`element: <${name}>`);
    for (const each of node.attributes) {
      if (/^on/i.test(each.name) || each.name === 'srcdoc' || (ours && each.name === 'style'))
        found.push(`attribute: ${name} ${each.name}=${each.value.slice(0, 80)}`);
      if (/^(href|src|action|formaction|data|xlink:href|poster)$/.test(each.name)) {
        const to = new URL(each.value, document.baseURI);
        if (!/^https?:$/.test(to.protocol)) found.push(`address: ${name} ${each.value.slice(0, 80)}`);
        else if (to.origin !== location.origin && name === 'a' && ours
                 && !(node.relList.contains('noreferrer') && node.relList.contains('noopener')))
          found.push(`tells where it came from: ${each.value.slice(0, 80)}`);
        else if (to.origin !== location.origin && name !== 'a') found.push(`from elsewhere: ${each.value}`);
      }
    }
  }
  const wide = document.documentElement.scrollWidth;
  if (ours && wide > innerWidth) found.push(`layout: ${wide} pixels wide`);
  if (ours && !document.querySelector('h1')?.checkVisibility()) found.push('layout: no visible heading');
  return found;
}"""


@dataclass
class Guard:
    """A page of the browser with everything that happens on it which should not."""

    page: Page
    home: str
    events: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        page = self.page
        page.on("dialog", self._dialog)
        page.on("popup", lambda other: self.events.append(f"window: {other.url}"))
        page.on("pageerror", lambda error: self.events.append(f"error: {error}"))
        page.on("request", lambda request: self._request(request.url))
        page.on("console", lambda said: self._said(said.text) if said.type == "error" else None)

    async def visit(self, path: str) -> list[str]:
        """Load a page and return what is wrong with it."""
        self.events.clear()
        await self.page.goto(self.home + path)
        return await self.look()

    async def look(self) -> list[str]:
        """Return what is wrong with the page that is shown."""
        found: list[str] = await self.page.evaluate(INSPECT)
        return [*self.events, *found]

    async def _dialog(self, dialog: Any) -> None:
        self.events.append(f"dialog: {dialog.message}")
        await dialog.dismiss()

    def _request(self, url: str) -> None:
        if not url.startswith((f"{self.home}/", "data:image/")):  # Datasette's style sheet holds pictures
            self.events.append(f"request: {url[:120]}")

    def _said(self, text: str) -> None:
        if not text.startswith("Failed to load resource: the server responded with a status of"):  # our 400 and 404
            self.events.append(f"console: {text[:200]}")  # refusals of the Content-Security-Policy are said here


@asynccontextmanager
async def guarded(chromium: Browser, home: str) -> AsyncIterator[Guard]:
    """A guarded page as wide as a phone."""
    context = await chromium.new_context(viewport={"width": PHONE, "height": 740})
    yield Guard(await context.new_page(), home)
    await context.close()


async def visit_all(chromium: Browser, home: str, paths: Sequence[str], *, tabs: int = 3) -> dict[str, list[str]]:
    """Visit pages in a few tabs; return what is wrong by path."""
    wrong: dict[str, list[str]] = {}
    left = list(reversed(paths))

    async def tab() -> None:
        async with guarded(chromium, home) as guard:
            while left:
                path = left.pop()
                if found := await guard.visit(path):
                    wrong[path] = found[:5]

    await asyncio.gather(*(tab() for _ in range(tabs)))
    return wrong


def stored(attack: str) -> str:
    """An attack as a decoded page can hold it: decoders leave no lone surrogates."""
    return attack.encode(errors="replace").decode()


def section(attack: str, rest: str) -> Section:
    """An attack as a heading, in a paragraph and as a list item."""
    said = f"We say {attack} about the data of visitors{rest}"
    clauses = (Clause("paragraph", 0, said, said), Clause("item", 1, attack + rest, attack + rest))
    return Section(2, attack[:40], attack, "markup", 0.9, clauses)


def document(attacks: Sequence[str], rest: str = "") -> Document:
    """A policy that consists of attacks and has the first as its title."""
    return Document(attacks[0], tuple(section(attack, rest) for attack in attacks), reason=attacks[-1])


def record(store: Store, host: str, attack: str, documents: Sequence[Document], *, label: str = "") -> None:
    """Record versions of a policy whose every other field is an attack."""
    url = f"http://{host}/{attack[:2_000]}"
    policy = store.ensure_policy(host=host, kind="other" if label else "privacy", label=label, url=url, name=attack)
    captures = [
        Capture(attack[:200], url, urlkey(url), format_stamp(day), day, statuscode="200")
        for day, _ in zip(DAYS, documents, strict=False)
    ]
    store.record_listing(policy, Listing(attack[:200], url, DAYS[0], "ok", tuple(captures), message=attack))
    store.record_selection(policy, [Selected(capture, True, attack) for capture in captures])
    store.record_pages(
        policy,
        [
            (number, RawPage(capture, Outcome.FETCHED, body=b"", reason=attack, landed_url=attack), document)
            for (number, capture), document in zip(store.pending(policy), documents, strict=True)
        ],
    )


def site_of(kind: str) -> str:
    """The host that stands for a kind of attack."""
    return f"{kind.replace(' ', '-')}.example"


@pytest.fixture(scope="module")
def hostile_corpus(tmp_path_factory: pytest.TempPathFactory, attacks: Attacks) -> Path:
    """A site for each kind of attack: one policy of all of them that changes, and one labelled with each."""
    path = tmp_path_factory.mktemp("attacks") / "corpus.db"
    with Store.open(path) as store, store.transaction():
        for kind, strings in attacks.items():
            held = [stored(attack) for attack in strings]
            turned = [*held[1:], held[0]]
            record(store, site_of(kind), held[0], [document(held), document(turned, f" {held[0][:300]} indeed")])
            for attack in held:
                record(store, site_of(kind), attack, [document([attack])], label=attack[:300])
    return path


@pytest.fixture(scope="module")
def hostile_site(hostile_corpus: Path, explore: Callable[[Path], AbstractContextManager[str]]) -> Iterator[str]:
    """Address of the explorer over the hostile corpus."""
    with explore(hostile_corpus) as address:
        yield address


def test_there_are_attacks_enough(attacks: Attacks) -> None:
    """At least 150 different ones."""
    assert len(set(chain.from_iterable(attacks.values()))) >= 150


async def test_every_hostile_policy_has_its_page(hostile_site: str, chromium: Browser) -> None:
    """Whatever stands in a label, the link of the overview leads to the policy, and so do its JSON and its feed."""
    async with guarded(chromium, hostile_site) as guard:
        links: list[str] = []
        offset = 0
        while offset == 0 or offset == len(links):
            answer = await guard.page.request.get(f"{hostile_site}/-/policies?offset={offset}")
            page = LexborHTMLParser(await answer.text())
            links += [link.attributes["href"] or "" for link in page.css("tbody th a")]
            offset += 50
        lost = [
            link + form
            for link in links
            for form in ("", ".json", ".atom")
            if (await guard.page.request.head(hostile_site + link + form)).status != 200
        ]

    assert len(links) > 250 and lost == []


async def test_no_clause_or_section_runs(hostile_site: str, hostile_corpus: Path, chromium: Browser) -> None:
    """Attacks have pages of their own as clauses and as sections through the years; some of each, for time's sake."""
    with Store.open(hostile_corpus) as store:
        clauses = [row[0] for row in store.conn.execute("SELECT sha256 FROM clauses ORDER BY sha256")]
        sections = store.conn.execute(
            "SELECT s.host, l.slug FROM lineages l JOIN policies p ON p.id = l.policy_id"
            " JOIN sites s ON s.id = p.site_id WHERE p.label = '' ORDER BY 1, 2"
        ).fetchall()
    pages = [f"/-/policies/clause/{sha[:12]}" for sha in clauses[::8]]
    pages += [f"/-/policies/{host}/section/{quote(slug, safe='')}" for host, slug in sections[::2]]

    assert len(sections) > 150
    assert await visit_all(chromium, hostile_site, pages, tabs=4) == {}


async def test_nothing_archived_runs(hostile_site: str, chromium: Browser, attacks: Attacks) -> None:
    """On every page about hostile policies: nothing runs or could, and all fits on a phone."""
    pages = ["", "/2015", "/2015..2016", "/2015..2016?view=side&noise=1&all=1", "/blame/2016", "/blame/2016?words=1"]
    sites = [f"/-/policies/{site_of(kind)}{page}" for kind in attacks for page in pages]
    lists = [f"/-/policies?offset={offset}" for offset in (0, 50, 100, 150, 200)]
    others = ["/changes?tier=typography&lines=1", "/search?q=visitors", "/search?q=indeed&in=added"]
    others.append("/phrase?q=visitors")

    wrong = await visit_all(chromium, hostile_site, [*lists, *(f"/-/policies{path}" for path in others), *sites])

    assert wrong == {}


def asked(attack: str, page: str) -> str:
    """The address of a page with an attack typed into it; a lone surrogate goes as the bytes that UTF-8 forbids."""
    return page.replace("ATTACK", quote(attack[:2_000].encode(errors="surrogatepass"), safe=""))


ASKING = [
    "/-/policies/search?q=ATTACK",
    "/-/policies/search?q=visitors&in=added&site=ATTACK&from=ATTACK",
    "/-/policies/phrase?q=ATTACK",
    "/-/policies/trends?q=ATTACK&q=visitors",
    "/-/policies/changes?site=ATTACK&tier=ATTACK",
    "/-/policies?q=ATTACK&kind=ATTACK&order=ATTACK",
    "/-/policies/ATTACK",
    "/-/policies/SITE/other:ATTACK",
    "/-/policies/SITE/section/ATTACK",
    "/-/policies/SITE/ATTACK..2016",
    "/-/policies/clause/ATTACK",
]


async def test_nothing_typed_runs(hostile_site: str, chromium: Browser, attacks: Attacks) -> None:
    """Each attack as a question to one page or another: nothing runs or could, and the answer fits on a phone."""
    pairs = zip(((kind, attack) for kind, held in attacks.items() for attack in held), cycle(ASKING), strict=False)
    paths = [asked(attack, page.replace("SITE", site_of(kind))) for (kind, attack), page in pairs]

    assert await visit_all(chromium, hostile_site, paths) == {}


async def test_tables_of_datasette_stay_harmless(hostile_site: str, chromium: Browser, hostile_corpus: Path) -> None:
    """Rows with links of ours in their cells, in tables, views and on pages of rows: nothing runs or could."""
    tables = "sites policies policy_urls listings captures texts sections clauses history change_log".split()
    name = hostile_corpus.stem
    paths = [f"/{name}/{table}?_size=100" for table in tables]
    paths += [f"/{name}/{table}/{row}" for table in ("captures", "clauses", "policies") for row in (1, 5, 20)]

    assert await visit_all(chromium, hostile_site, paths) == {}


async def test_json_and_feeds_are_no_pages(hostile_site: str, chromium: Browser, attacks: Attacks) -> None:
    """Opened in a browser, data of hostile policies is shown or saved, and never run."""
    async with guarded(chromium, hostile_site) as guard:
        for kind in attacks:
            for path in (f"/{site_of(kind)}.json", f"/{site_of(kind)}/2015..2016.json"):
                await guard.page.goto(f"{hostile_site}/-/policies{path}")

                assert await guard.page.evaluate("document.contentType") == "application/json"
                assert not guard.events


#: A careless reader: no policy of its own, and HTML put straight into the page.
READER = """feed => {
  const entries = new DOMParser().parseFromString(feed, 'application/xml').querySelectorAll('entry');
  document.querySelector('main').innerHTML = [...entries].map(entry => {
    const content = entry.querySelector('content');
    return '<article>' + (content ? content.textContent : '') + '</article>';
  }).join('');
  return [...new Set([...document.querySelectorAll('article *')].map(node => node.localName))];
}"""


async def test_feeds_of_hostile_policies_are_valid_and_harmless(
    hostile_site: str, chromium: Browser, attacks: Attacks
) -> None:
    """By the grammar of RFC 4287 and for a feed reader; shown by a careless one, nothing in them runs or could."""
    grammar = etree.RelaxNG(etree.parse(Path(__file__).parents[1] / "plugins" / "atom.rng"))
    paths = [f"/{site_of(kind)}.atom?tier=typography" for kind in attacks]
    paths += [".atom", "/changes.atom?tier=typography", "/search.atom?q=visitors&in=removed"]
    paths += [f"/search.atom?q=indeed&in=added&site={site_of(kind)}" for kind in attacks]
    async with guarded(chromium, hostile_site) as guard:
        await guard.page.route(
            "**/reader", lambda route: route.fulfill(body="<h1>Feeds</h1><main></main>", content_type="text/html")
        )
        await guard.page.goto(f"{hostile_site}/reader")
        entries = 0
        for path in paths:
            answer = await guard.page.request.get(f"{hostile_site}/-/policies{path}")
            body = await answer.body()
            feed, read = etree.fromstring(body), feedparser.parse(body)
            ids = [entry.id for entry in read.entries]

            assert grammar.validate(feed), (path, grammar.error_log)
            assert not re.search("[\x00-\x08\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]", body.decode()), path
            assert not read.bozo and len(set(ids)) == len(ids), path
            assert all(entry.link.startswith(f"{hostile_site}/-/policies/") for entry in read.entries)
            shown = await guard.page.evaluate(READER, body.decode())
            assert set(shown) <= {"article", "h4", "p", "ins", "del", "span", "br"}, path
            assert await guard.look() == [], path
            entries += len(ids)

    assert entries > 2 * len(attacks)


async def test_the_policy_would_stop_what_slips_through(hostile_site: str, chromium: Browser) -> None:
    """Even an element put into the page by hand does not run: the Content-Security-Policy stands behind escaping."""
    async with guarded(chromium, hostile_site) as guard:
        assert await guard.visit("/-/policies") == []
        await guard.page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=window.pwned=1>')")
        await guard.page.wait_for_load_state("networkidle")

        assert any("Content Security Policy" in event for event in guard.events)
        assert not await guard.page.evaluate("Boolean(window.pwned)")


UNSAFE = {
    "<script>window.pwned=1</script>": "ran",
    "<img src=x onerror=window.pwned=1>": "ran",
    "<svg onload=window.pwned=1>": "ran",
    "<script>alert(1)</script>": "dialog",
    "<img src=//evil.example/x.png>": "request",
    "<script>onclick = () => window.open('/other')</script>": "window",
    "<p onclick=window.pwned=1>": "attribute",
    "<a href=javascript:window.pwned=1>x</a>": "address",
    "<a href=http://evil.example/>x</a>": "tells where it came from",
    "<base href=//evil.example/>": "element",
    "<p>" + "W" * 400: "layout",
    "<style>h1{display:none}</style>": "layout",
}


@pytest.mark.parametrize(("attack", "noticed"), UNSAFE.items(), ids=range(len(UNSAFE)))
async def test_the_detector_sees_what_is_wrong(hostile_site: str, chromium: Browser, attack: str, noticed: str) -> None:
    """On a page without escaping and without a policy, the same strings are noticed."""
    body = f"<body class=policy-explorer><h1>Unsafe</h1><main>{attack}</main>"
    async with guarded(chromium, hostile_site) as guard:
        await guard.page.route(
            "**/unsafe", lambda route: route.fulfill(body=f"<!DOCTYPE html>{body}", content_type="text/html")
        )
        await guard.page.goto(f"{hostile_site}/unsafe", wait_until="networkidle")
        if noticed == "window":
            async with guard.page.expect_popup():
                await guard.page.mouse.click(5, 5)  # browsers open windows only for people who do something

        assert any(found.startswith(noticed) for found in await guard.look())
