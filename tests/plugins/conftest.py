"""A small corpus of our own writing, and Datasette over it through one fixture.

Datasette's plugin manager is one for the whole process and keeps the first modules it was given, so every test
builds its instance here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette

from harvest.corpus.store import Store
from harvest.model import Capture, Listing, Outcome, RawPage, Selected
from harvest.text.markdown import read_markdown
from harvest.timestamps import format_stamp
from harvest.urls import urlkey

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"
CLOCK = datetime(2025, 1, 2, tzinfo=UTC)

SHARED = (
    "We never sell the addresses of our readers to anybody at all, not even to the lighthouse keepers of the coast."
)

ALPHA_1 = f"""# Alpha privacy notice

Last updated: 4 March 2003

This notice says what Alpha Post does with the letters you hand to us and with what we learn from them.

## 1. What we collect

We collect your name, your street and the weight of your parcels when you hand one over at a counter of ours.

We keep these for ninety days and then we burn the paper in the yard behind the sorting office.

## 2. Readers

{SHARED}

## 3. Cookies

Our site sets one cookie. It remembers which of our three counters you like best and nothing more than that.
"""
ALPHA_2 = ALPHA_1.replace("ninety days", "two years").replace("one cookie.", "one cookie and one web beacon.")
ALPHA_3 = ALPHA_2.replace("4 March 2003", "9 June 2006")  # a new date, no new word
ALPHA_4 = (
    ALPHA_3.replace("## 3. Cookies", "## 3. Biscuits")
    .replace("9 June 2006", "1 May 2009")
    .replace("We keep these for two years and then we burn the paper in the yard behind the sorting office.\n\n", "")
    + """
## 4. Your rights

You may ask us for a copy of what we hold about you, and we will hand it to you at the counter within a month.
"""
)
BETA_1 = f"""# Beta Gazette

This is how the Beta Gazette treats those who subscribe to its morning edition and to its evening edition.

## Subscribers

We know your address because otherwise the paper boy could not find your door in the morning fog.

{SHARED}
"""
BETA_2 = (
    BETA_1
    + """
## Advertising

Our advertisers see how many people read a page. They use web beacons for that, which are very small pictures.
"""
)
EVIL = "<script>alert(1)</script>"
HOSTILE_1 = f"""# {EVIL} title

An innocent sentence with {EVIL} in it, which says what we do with the data of visitors to our little site.

## {EVIL} heading "onmouseover=alert(2) x="

- [a link](javascript:alert(3)) and <img src=x onerror=alert(4)> stand in this list for the visitors of our site

Curly {{{{ 7 * 7 }}}} and {{% raw %}} words stand here, and % ' " signs; and then the ordinary sentence goes on.
"""
HOSTILE_2 = (
    HOSTILE_1.replace("the ordinary sentence", '"><svg onload=alert(5)> the sentence')
    + f"\n\n## New {EVIL}\n\nMore {EVIL} words are added at the end of this policy of ours.\n"
)

Pages = list[tuple[datetime, str | None]]


def at(text: str) -> datetime:
    """A day as a moment."""
    return datetime.fromisoformat(text).replace(hour=12, tzinfo=UTC)


CORPUS: Mapping[tuple[str, str], Pages] = {
    ("alpha.example", "privacy"): [
        (at("2003-04-01"), ALPHA_1),
        (at("2003-09-01"), ALPHA_1),
        (at("2004-02-11"), ALPHA_2),
        (at("2005-01-05"), None),
        (at("2006-07-01"), ALPHA_3),
        (at("2009-08-17"), ALPHA_4),
        (at("2010-03-02"), ALPHA_4),
    ],
    ("alpha.example", "terms"): [(at("2008-01-01"), ALPHA_1.replace("privacy notice", "terms of carriage"))],
    ("beta.example", "privacy"): [(at("2001-05-05"), BETA_1), (at("2002-06-06"), BETA_2), (at("2011-06-06"), BETA_1)],
    ("evil.example", "privacy"): [(at("2015-01-01"), HOSTILE_1), (at("2016-01-01"), HOSTILE_2)],
}


def record(store: Store, corpus: Mapping[tuple[str, str], Pages]) -> None:
    """Record a corpus (by host and ``KIND[:LABEL]``) as a harvest would: listing, selection, pages."""
    for (host, name), pages in corpus.items():
        kind, _, label = name.partition(":")
        url = f"http://www.{host}/{label or kind}.html"
        policy_id = store.ensure_policy(host=host, kind=kind, label=label, url=url)
        captures = [_capture(url, moment, text) for moment, text in pages]
        store.record_listing(policy_id, Listing("wayback", url, CLOCK, "ok", tuple(captures)))
        store.record_selection(policy_id, [Selected(capture, True, "all") for capture in captures])
        ids = {capture.timestamp: capture_id for capture_id, capture in store.pending(policy_id)}
        store.record_pages(policy_id, [_page(ids, c, text) for c, (_, text) in zip(captures, pages, strict=True)])


def _capture(url: str, moment: datetime, text: str | None) -> Capture:
    status = "200" if text else "404"
    return Capture("wayback", url, urlkey(url), format_stamp(moment), moment, statuscode=status, mimetype="text/html")


def _page(ids: Mapping[str, int], capture: Capture, text: str | None) -> Any:
    if text is None:
        page = RawPage(capture, Outcome.ERROR_PAGE, "the archived answer is 404", body=b"gone", status=404)
        return ids[capture.timestamp], page, None
    page = RawPage(capture, Outcome.FETCHED, body=text.encode(), status=200, landed_timestamp=capture.timestamp)
    return ids[capture.timestamp], page, read_markdown(text, page_url=capture.url)


@pytest.fixture(scope="session")
def fill() -> Callable[..., None]:
    """Record a corpus of ``(host, kind)`` → captures in a store, for tests that need another one."""
    return record


@pytest.fixture(scope="session")
def corpus_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small corpus in a file."""
    path = tmp_path_factory.mktemp("plugins") / "corpus.db"
    with Store.open(path, clock=lambda: CLOCK) as store:
        record(store, CORPUS)
    return path


@pytest.fixture(scope="session")
def empty_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus with nothing in it."""
    path = tmp_path_factory.mktemp("plugins") / "empty.db"
    with Store.open(path, clock=lambda: CLOCK):
        pass
    return path


@pytest.fixture
def serve(corpus_path: Path) -> Callable[..., Datasette]:
    """Make a Datasette over the small corpus, or over *paths*, with our plugins."""

    def build(*paths: Path, **options: Any) -> Datasette:
        return Datasette([str(path) for path in paths or (corpus_path,)], plugins_dir=str(PLUGINS), **options)

    return build


@pytest.fixture
def get(serve: Callable[..., Datasette]) -> Callable[..., Any]:
    """Fetch a page of a fresh Datasette over the small corpus; give ``datasette=`` for another one."""

    async def fetch(path: str, *, datasette: Datasette | None = None, **options: Any) -> Any:
        instance = datasette or serve()
        await instance.invoke_startup()
        return await instance.client.get(path, **options)

    return fetch
