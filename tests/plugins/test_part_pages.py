"""Where a part came or went whole and nothing else changed, every view says so, and hides none of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser
import pytest
import yaml
from click.testing import CliRunner
from selectolax.lexbor import LexborHTMLParser

from harvest.cli import main
from harvest.corpus.store import Store

Get = Callable[..., Any]
ROOT = "/-/policies/weir.example"
REPOSITORY = Path(__file__).resolve().parents[2]


def _text(title: str, about: str, count: int) -> str:
    rows = "\n\n".join(
        f"## {about} {n}\n\nWhoever rents a {about} of row {n} waters it in the evening, and walks on it without boots."
        f"\n\nA {about} of row {n} that lies bare in May is given to the next one who waited for it over the winter."
        for n in range(1, count + 1)
    )
    return f"# {title}\n\nThis is what we ask of those who rent from us at the weir.\n\n{rows}\n"


GARDENS, PONDS = _text("Privacy in the gardens", "bed", 8), _text("Rules of the ponds", "pond", 6)
EDITED = GARDENS.replace("without boots", "barefoot", 1)
PAGES = [GARDENS, f"{GARDENS}\n{PONDS}", f"{EDITED}\n{PONDS}", EDITED]


@pytest.fixture
def weir(fill: Get, tmp_path: Path) -> Path:
    """A policy to which a part is added, that is edited, and from which the part is taken."""
    days = [datetime(year, 3, 1, 12, tzinfo=UTC) for year in range(2005, 2009)]
    with Store.open(tmp_path / "weir.db") as store:
        fill(store, {("weir.example", "privacy"): list(zip(days, PAGES, strict=True))})
    return tmp_path / "weir.db"


async def test_the_timeline_tells_of_a_part(get: Get, serve: Get, weir: Path) -> None:
    """A flag stands in the place of the tier, with what is certain below it; JSON has the kind."""
    datasette = serve(weir)
    steps = LexborHTMLParser((await get(ROOT, datasette=datasette)).text).css(".steps .step-what")
    whys = [each.text() for each in LexborHTMLParser((await get(ROOT, datasette=datasette)).text).css(".step-why")]
    found = (await get(f"{ROOT}.json", datasette=datasette)).json()["transitions"]

    assert [step["kind"] for step in found] == ["part-added", "change", "part-removed"]
    assert [" ".join(each.text() for each in step.css(".tier, .flag")) for step in steps[:3]] == [
        "part removed",
        "edit",
        "part added",
    ]
    assert "taken off the end; the rest stands unchanged" in whys[0]
    assert "put after the whole text, which stands unchanged" in whys[2]


async def test_lists_feeds_and_pages_tell_of_a_part(get: Get, serve: Get, weir: Path) -> None:
    """Newest changes, their feed and the page of the difference say the same."""
    datasette = serve(weir)
    listed = LexborHTMLParser((await get("/-/policies/changes", datasette=datasette)).text).css("td.how")
    feed = feedparser.parse((await get(f"{ROOT}.atom", datasette=datasette)).content)
    page = LexborHTMLParser((await get(f"{ROOT}/2005..2006", datasette=datasette)).text)

    assert [each.text().strip() for each in listed] == ["part removed", "edit", "part added"]
    assert [entry.title.split(": ")[1].split(",")[0] for entry in feed.entries] == [
        "part removed",
        "edit",
        "part added",
    ]
    assert page.css_first(".verdict .flag").text() == "part added" and not page.css(".verdict .tier")
    assert "unchanged" in page.css_first(".verdict .why").text()


async def test_what_a_part_says_is_found(get: Get, serve: Get, weir: Path) -> None:
    """Words of a part are words that were added, and later removed."""
    for where in ("added", "removed"):
        found = (await get(f"/-/policies/search.json?q=pond&in={where}", datasette=serve(weir))).json()

        assert found["total"] > 0


def test_who_changed_around_a_day_counts_parts(weir: Path) -> None:
    """The example query gives a part that was added within the window of the day, as it gives any change."""
    query = yaml.safe_load((REPOSITORY / "metadata.yaml").read_text("utf-8"))["databases"]["corpus"]["queries"]
    with closing(sqlite3.connect(weir)) as conn:
        found = conn.execute(query["changed-around-a-day"]["sql"], {"day": "2005-09-01"}).fetchall()

    assert [row[0] for row in found] == ["weir.example"]


def test_commands_tell_of_a_part(weir: Path) -> None:
    """The log and the newest changes name it where they name the tier else."""
    log = CliRunner().invoke(main, ["log", "weir.example", "-d", str(weir)]).output
    changes = CliRunner().invoke(main, ["changes", "-d", str(weir)]).output

    assert (log.count("part added"), log.count("part removed")) == (1, 1)
    assert (changes.count("part added"), changes.count("part removed")) == (1, 1)
