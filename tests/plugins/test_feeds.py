"""Feeds: valid Atom that feed readers read, with ids that a rebuild does not change."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import feedparser
import pytest
from selectolax.lexbor import LexborHTMLParser

from harvest.corpus.queries_model import ChangeLine
from harvest.corpus.store import Store
from harvest.model import Tier
from harvest.web.feed_content import content_of

Get = Callable[..., Any]
ROOT = "/-/policies"
ATOM = "{http://www.w3.org/2005/Atom}"
FEEDS = {
    "corpus": f"{ROOT}.atom",
    "policy": f"{ROOT}/alpha.example.atom",
    "kind": f"{ROOT}/alpha.example/terms.atom",
    "changes": f"{ROOT}/changes.atom",
    "changes-of-a-site": f"{ROOT}/changes.atom?site=beta.example&tier=typography",
    "added": f"{ROOT}/search.atom?q=beacon*&in=added",
    "removed": f"{ROOT}/search.atom?q=advertisers&in=removed",
    "hostile": f"{ROOT}/evil.example.atom",
    "hostile-words": f"{ROOT}/search.atom?q=alert&in=added",
    "strange-query": f"{ROOT}/search.atom?q=%3Cb%3E%26%22%01%F0%9F%8D%AA+beacon&in=added",
    "empty": f"{ROOT}/changes.atom?site=nobody.example",
}
#: RFC 3339, as RFC 4287 asks of every date.
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def links(element: ElementTree.Element) -> Mapping[str, str]:
    """Addresses by relation; none stated means alternate."""
    return {link.attrib.get("rel", "alternate"): link.attrib["href"] for link in element.findall(f"{ATOM}link")}


@pytest.mark.parametrize("path", FEEDS.values(), ids=FEEDS)
async def test_feeds_are_valid_atom(get: Get, path: str) -> None:
    """RFC 4287: one id, title and time a feed and an entry, an author, a link to itself and to the page."""
    response = await get(path)
    feed = ElementTree.fromstring(response.content)
    entries = feed.findall(f"{ATOM}entry")
    ids = [entry.findtext(f"{ATOM}id") or "" for entry in entries]

    assert response.headers["content-type"] == "application/atom+xml; charset=utf-8"
    assert feed.tag == f"{ATOM}feed"
    for element in (feed, *entries):
        for name in ("id", "title", "updated"):
            assert len(element.findall(ATOM + name)) == 1, name
        assert re.match(r"[a-z][a-z0-9+.-]*:\S+$", element.findtext(f"{ATOM}id") or "")
        assert TIME.fullmatch(element.findtext(f"{ATOM}updated") or "")
        assert links(element)["alternate"].startswith("http://localhost/")
        assert len(element.findall(f"{ATOM}link")) == len(links(element))
    assert feed.find(f"{ATOM}author/{ATOM}name") is not None
    assert links(feed)["self"] == f"http://localhost{path}"
    assert len(set(ids)) == len(ids)
    if entries:
        newest = max(datetime.fromisoformat(entry.findtext(f"{ATOM}updated") or "") for entry in entries)
        assert datetime.fromisoformat(feed.findtext(f"{ATOM}updated") or "") == newest


@pytest.mark.parametrize("path", FEEDS.values(), ids=FEEDS)
async def test_feed_readers_read_them(get: Get, path: str) -> None:
    """A reader that nobody here wrote finds nothing malformed, and as many entries."""
    response = await get(path)
    read = feedparser.parse(response.content)

    assert not read.bozo, read.get("bozo_exception")
    assert read.version == "atom10"
    assert len(read.entries) == response.text.count("<entry>")
    assert all(entry.link and entry.updated_parsed for entry in read.entries)


async def test_pages_of_feeds_exist_and_lead_to_them(get: Get, serve: Get) -> None:
    """The alternate of each feed answers, and so does the page of each entry."""
    datasette = serve()
    for path in (FEEDS["policy"], FEEDS["changes-of-a-site"], FEEDS["added"]):
        feed = ElementTree.fromstring((await get(path, datasette=datasette)).content)
        for element in (feed, *feed.findall(f"{ATOM}entry")):
            address = links(element)["alternate"].removeprefix("http://localhost")
            assert (await get(address, datasette=datasette)).status_code == 200


async def test_a_rebuilt_corpus_repeats_no_entry(get: Get, serve: Get, corpus_path: Path, tmp_path: Path) -> None:
    """Ids hold no row ids: a corpus filled in another order has the same."""
    first = re.findall(r"<id>(.*?)</id>", (await get(FEEDS["corpus"])).text)
    copied = tmp_path / "corpus.db"
    copied.write_bytes(corpus_path.read_bytes())
    with Store.open(copied) as store:
        store.conn.execute("PRAGMA foreign_keys = OFF")
        store.conn.execute("UPDATE transitions SET id = id + 1000")
        store.conn.commit()
    second = re.findall(r"<id>(.*?)</id>", (await get(FEEDS["corpus"], datasette=serve(copied))).text)

    assert first == second and len(first) > 4


async def test_a_feed_of_a_search_needs_words(get: Get) -> None:
    """400 with a reason instead of an empty feed that never fills."""
    response = await get(f"{ROOT}/search.atom?in=added")

    assert response.status_code == 400


async def test_an_entry_shows_what_changed(get: Get) -> None:
    """HTML for the reader: the words that came and went under their heading, noise left out, every word escaped."""
    feed = feedparser.parse((await get(f"{ROOT}/alpha.example.atom")).content)
    contents = {entry.link.rpartition("/")[2][:4]: entry.content[0].value for entry in feed.entries}
    hostile = (await get(f"{ROOT}/evil.example.atom?tier=typography")).text

    assert "<del>ninety days</del><ins>two years</ins>" in contents["2003"]
    assert "Last updated" not in contents["2006"]
    assert "&amp;lt;script&amp;gt;" in hostile and "<script" not in hostile.replace("&lt;script", "")


async def test_what_one_change_brought_in_many_places_is_one_entry(get: Get, serve: Get) -> None:
    """A feed of a search tells of a change once, with every passage; two entries never lead to the same difference."""
    sample = serve(Path(__file__).parents[2] / "corpus.db")
    response = await get(f"{ROOT}/search.atom?q=information&in=added", datasette=sample)
    feed = feedparser.parse(response.content)
    hits = (await get(f"{ROOT}/search.json?q=information&in=added", datasette=sample)).json()["hits"]
    many = [entry for entry in feed.entries if " places, " in entry.title]

    assert len({entry.link for entry in feed.entries}) == len(feed.entries) < len(hits)
    assert many and all(entry.content[0].value.count("<p") > 1 for entry in many)
    assert response.text.count('<content type="html" xml:lang="und">') == len(many)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        pytest.param(("edited", "a b c", "a x c"), "a <", id="edited"),
        pytest.param(("added", "", "new " * 400), "new … </ins>", id="long-addition-cut"),
        pytest.param(("edited", "same " * 300 + "old", "same " * 300 + "new"), "… same", id="long-context-cut"),
        pytest.param(("removed", "<b>gone</b>", ""), "&lt;b&gt;gone", id="escaped"),
        pytest.param(("section-added", "", ""), "<ins>Head</ins>", id="heading-alone"),
    ],
)
def test_changes_are_shortened_for_feeds(line: tuple[str, str, str], shown: str) -> None:
    """Around a change two lines stay; a long insertion is cut after a word; no entry is longer than a screen."""
    kind, before, after = line
    lines = [ChangeLine(kind, Tier.EDIT, "", "Head", "Head", before, after, 1, 1)] * 20
    html = content_of(lines)

    assert shown in html
    assert "more changes" in html
    assert len(html) < 6_000
    assert content_of([]) == ""


async def test_a_feed_of_a_search_is_as_narrow_as_its_page(get: Get, serve: Get) -> None:
    """Both addresses that the page offers say what it was narrowed to, and the feed keeps to it."""
    datasette = serve()
    asked = "q=web+beacon*&in=added&tier=edit&from=2003&to=2030&order=oldest&whole=1"
    offered = LexborHTMLParser((await get(f"{ROOT}/search?{asked}", datasette=datasette)).text).css(".machine a")
    data, feed = (parse_qs(urlsplit(link.attributes["href"]).query) for link in offered)
    every = (await get(f"{ROOT}/search.atom?q=web+beacon*&in=added", datasette=datasette)).text
    none = (await get(f"{ROOT}/search.atom?q=web+beacon*&in=added&tier=links&to=2001", datasette=datasette)).text

    assert data == parse_qs(asked)
    assert feed == parse_qs("q=web+beacon*&in=added&tier=edit&whole=1")  # what comes later has other dates
    assert "<entry>" in every and "<entry>" not in none


async def test_the_feed_of_a_policy_holds_its_changes_beside_busier_ones(
    get: Get, serve: Get, fill: Callable[..., None], tmp_path: Path
) -> None:
    """Of two policies of one kind the one that changed sixty times since does not push the other's change out."""
    text = "# Rules\n\n" + "We keep the parcels of our customers in the cellar until somebody asks for them. " * 9
    first = datetime(2005, 3, 1, tzinfo=UTC)
    quiet = [(first, text), (first + timedelta(days=1), text.replace("cellar", "attic under the old roof"))]
    words = [f"{vowel}l{other}ric" for vowel in "abcdefgh" for other in "abcdefgh"]
    busy = [(first + timedelta(days=10 + n), text.replace("cellar", f"shed of {words[n]}")) for n in range(61)]
    with Store.open(tmp_path / "rules.db") as store:
        fill(store, {("busy.example", "other"): busy, ("busy.example", "other:quiet"): quiet})
    datasette = serve(tmp_path / "rules.db")

    told = (await get(f"{ROOT}/busy.example/other:quiet.atom", datasette=datasette)).text

    assert told.count("<entry>") == 1 and "attic" in told
