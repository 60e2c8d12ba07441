"""Three readers at work: what was in force on a day, who dropped a promise, which policies changed in silence."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
from selectolax.lexbor import LexborHTMLParser

from harvest.corpus.store import Store

Get = Callable[..., Any]
ROOT = "/-/policies"
FIRST = datetime(2018, 3, 1, 12, tzinfo=UTC)
RULES = "\n\n".join(f"Rule {n} of the ferry asks each passenger to keep seat {n} dry and tidy." for n in range(9))
PROMISE = "We will not sell the names of our passengers to anybody on either shore."
QUIET = f"# Ferry notice\n\nLast updated: 1 March 2018\n\n{RULES}\n\n{PROMISE}\n"
SOLD = QUIET.replace(PROMISE, "Our partners may be told the names of those who cross.")


@pytest.fixture(scope="module")
def ferries(tmp_path_factory: pytest.TempPathFactory, fill: Get) -> Path:
    """A ferry that drops its promise in silence, and one that says so; each is gone for a while."""
    path = tmp_path_factory.mktemp("ferries") / "corpus.db"
    later, last = FIRST + timedelta(400), FIRST + timedelta(800)
    said = SOLD.replace("1 March 2018", "2 April 2019")
    with Store.open(path) as store:
        fill(store, {("quiet.example", "privacy"): [(FIRST, QUIET), (later, SOLD)]})
        fill(store, {("honest.example", "privacy"): [(FIRST, QUIET), (later, None), (last, said)]})
    return path


async def page(get: Get, serve: Get, path: Path, address: str) -> LexborHTMLParser:
    """A page of ours, parsed."""
    answer = await get(ROOT + address, datasette=serve(path))
    assert answer.status_code == 200, address
    return LexborHTMLParser(answer.text)


async def test_a_day_in_the_form_leads_to_its_text(get: Get) -> None:
    """The historian types a day on the timeline and stands before the text of that day."""
    form = LexborHTMLParser((await get(f"{ROOT}/alpha.example")).text).css_first('form:has(input[name="date"])')
    answer = await get(f"{form.attributes['action']}?date=2005-02-03", follow_redirects=False)

    assert answer.status_code == 302
    assert answer.headers["location"] == f"{ROOT}/alpha.example/2005-02-03"


@pytest.mark.parametrize(
    ("day", "said"),
    [
        pytest.param("2019-01-01", "On the day itself this text or the next may have been in force", id="between"),
        pytest.param("2019-08-01", "Which text was in force on the day itself no capture tells", id="gone-before"),
        pytest.param("2020-08-01", "no later capture of the policy is known", id="newest"),
    ],
)
async def test_a_day_says_how_sure_its_text_is(get: Get, serve: Get, ferries: Path, day: str, said: str) -> None:
    """A capture that no longer shows the text may lie before the day or after it: two different answers."""
    found = await page(get, serve, ferries, f"/honest.example/{day}")

    assert said in found.css_first(".standing").text()


async def test_a_hit_leads_to_its_change(get: Get, serve: Get, ferries: Path) -> None:
    """The journalist lands on the sentence that went, not at the head of a long difference, and cites that change."""
    found = await page(get, serve, ferries, '/search?q="will+not+sell"&in=removed')
    for link in found.css(".hit-head > a"):
        address = urlsplit(link.attributes["href"] or "")
        difference = await page(get, serve, ferries, f"{address.path.removeprefix(ROOT)}?{address.query}")
        change = difference.css_first(f"#{address.fragment}")

        assert change is not None
        assert "will not sell" in change.text()
        assert f"?change={address.fragment}#{address.fragment}." in difference.css_first("#citation").text()
    assert len(found.css(".hit-head > a")) == 2


async def test_words_are_put_together_and_the_whole_document_asked_for(get: Get, serve: Get, ferries: Path) -> None:
    """Both narrowings stand above the hits as links, until they are followed."""
    found = await page(get, serve, ferries, "/search?q=will+not+sell&in=removed")
    asked = [parse_qs(urlsplit(link.attributes["href"] or "").query) for link in found.css("main > .lead a")]
    again = await page(get, serve, ferries, '/search?q="will+not+sell"&in=removed&whole=1')

    assert [each["q"] for each in asked] == [['"will not sell"'], ["will not sell"]]
    assert ["whole" in each for each in asked] == [False, True]
    assert not again.css("main > .lead a")
    assert again.css_first("h1").text() == found.css_first("h1").text() == "“will not sell”"


async def test_the_life_of_a_phrase_leads_to_its_changes(get: Get, serve: Get, ferries: Path) -> None:
    """The words stay together, and the site stays chosen."""
    found = await page(get, serve, ferries, "/phrase?q=will+not+sell&site=quiet.example")
    asked = [parse_qs(urlsplit(link.attributes["href"] or "").query) for link in found.css(".head .lead a")]

    assert [(each["q"], each["in"], each["site"]) for each in asked] == [
        (['"will not sell"'], ["added"], ["quiet.example"]),
        (['"will not sell"'], ["removed"], ["quiet.example"]),
    ]


async def test_everybody_who_says_a_phrase_is_reached(get: Get, serve: Get, fill: Get, tmp_path: Path) -> None:
    """Page by page; in 104 policies none is left out and none comes twice."""
    hosts = [f"ferry-{number:03}.example" for number in range(104)]
    with Store.open(tmp_path / "corpus.db") as store:
        fill(store, {(host, "privacy"): [(FIRST, f"# Notice of {host}\n\n{RULES}\n\n{PROMISE}\n")] for host in hosts})
    address, reached = "/phrase?q=will+not+sell", []
    while address:
        found = await page(get, serve, tmp_path / "corpus.db", address)
        reached += [link.text() for link in found.css(".presence tbody th a")]
        following = found.css_first('.pager a[rel="next"]')
        address = (following.attributes["href"] or "").removeprefix(ROOT) if following else ""

    assert "In 104 policies" in found.css_first(".head").text()
    assert sorted(reached) == hosts
    assert found.css('.pager a[rel="prev"]')


async def test_silent_changes_of_a_year_can_be_taken_along(get: Get, serve: Get, ferries: Path) -> None:
    """The regulator's list: the page, its table and its feed hold the same changes and no other."""
    found = await page(get, serve, ferries, "/changes?silent=1&from=2019&to=2019")
    links = {link.text(): link.attributes["href"] or "" for link in found.css(".machine a")}
    table = await get(links["this list as CSV"], datasette=serve(ferries))
    lines = list(csv.DictReader(io.StringIO(table.text)))
    data = await get(links["This page as JSON"], datasette=serve(ferries))
    feed = ElementTree.fromstring((await get(links["Atom feed"], datasette=serve(ferries))).text)

    assert [row.text() for row in found.css("tbody th a")] == ["quiet.example"]
    assert [(line["site"], line["silent"], line["not_later_than"][:4]) for line in lines] == [
        ("quiet.example", "1", "2019")
    ]
    assert [each["policy"]["site"] for each in data.json()["changes"]] == ["quiet.example"]
    assert len(feed.findall("{http://www.w3.org/2005/Atom}entry")) == 1
    assert (await get(urlsplit(lines[0]["difference"]).path, datasette=serve(ferries))).status_code == 200
