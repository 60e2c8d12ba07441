"""Trends: who says something, half-year by half-year, and out of how many."""

from __future__ import annotations

import csv
import io
import itertools
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from harvest.corpus import queries
from harvest.corpus.store import Store
from harvest.corpus.trends import Trends
from harvest.timestamps import end_of, start_of
from harvest.web.trend_chart import trend_chart

Get = Callable[..., Any]
PAGE = "/-/policies/trends"
SHARED = "# Papers\n\nThe paper boy knows where each of our readers lives, and he tells nobody else about it at all.\n"
OWN = "# Parcels\n\nWe weigh the parcels that our customers bring to the counter, and we write down what they weigh.\n"


@pytest.fixture
def conn(corpus_path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(corpus_path)
    yield connection
    connection.close()


@pytest.fixture(scope="module")
def template_conn(tmp_path_factory: pytest.TempPathFactory, fill: Callable[..., None]) -> Iterator[sqlite3.Connection]:
    """Three sites with one wording, a fourth with another, and one policy unseen for eight years."""
    path = tmp_path_factory.mktemp("trends") / "templates.db"
    first, second, last = (datetime(*day, tzinfo=UTC) for day in ((2004, 2, 1), (2004, 8, 1), (2012, 2, 1)))
    pages = [(first, SHARED), (second, SHARED)]
    with Store.open(path) as store:
        fill(store, {(f"copy{n}.example", "privacy"): pages for n in range(3)})
        fill(store, {("own.example", "privacy"): [(first, OWN), (last, SHARED)]})
    connection = sqlite3.connect(path)
    yield connection
    connection.close()


def counted(found: Trends, count: str = "policies") -> Mapping[str, tuple[int, ...]]:
    """For each half-year: how many there are, then how many hold each term."""
    return {
        half.name: (getattr(half, count), *(getattr(term.counts[place], count) for term in found.terms))
        for place, half in enumerate(found.halves)
    }


def test_a_policy_counts_between_its_first_and_last_capture(conn: sqlite3.Connection) -> None:
    """The Gazette counts from 2001 on, the Post from 2003 to 2010, each by the version in force at the end."""
    found = counted(queries.trends(conn, ["web beacon", "ninety days"], site="alpha.example", kind="privacy"))

    assert found["2003-H1"] == (1, 0, 1)
    assert found["2004-H1"] == (1, 1, 0)
    assert found["2010-H1"] == (1, 1, 0)
    assert next(iter(found)) == "2003-H1" and list(found)[-1] == "2010-H1"


def test_what_nobody_saw_for_years_does_not_count(template_conn: sqlite3.Connection) -> None:
    """Between two versions the older stands for two years, or not at all where only what was seen shall count."""
    carried = counted(queries.trends(template_conn, ["parcels"], site="own.example"))
    seen = counted(queries.trends(template_conn, ["parcels"], site="own.example", seen_only=True))

    assert [half for half, (of, _) in carried.items() if of] == [
        "2004-H1", "2004-H2", "2005-H1", "2005-H2", "2006-H1", "2012-H1",
    ]  # fmt: skip
    assert [half for half, (of, _) in seen.items() if of] == ["2004-H1", "2012-H1"]
    assert list(carried) == list(seen) and len(carried) == 17


def test_a_wording_that_sites_share_is_one_text(template_conn: sqlite3.Connection) -> None:
    """Three policies of one wording and one of another are four policies and two texts."""
    found = queries.trends(template_conn, ["paper boy"])

    assert counted(found)["2004-H2"] == (4, 3)
    assert counted(found, "texts")["2004-H2"] == (2, 1)


def test_a_term_is_a_phrase_unless_it_is_a_query(conn: sqlite3.Connection) -> None:
    """Words stand together; OR and quotes work as in the search; headings count."""
    found = queries.trends(conn, ["beacon web", '"web beacon" OR "web beacons"', "Advertising"])

    assert counted(found)["2002-H1"] == (1, 0, 1, 1)


@pytest.mark.parametrize(
    ("since", "until", "halves"),
    [
        pytest.param("2004", "2005-03", ["2004-H1", "2004-H2", "2005-H1"], id="years"),
        pytest.param("1980", "2001-07", ["2001-H1", "2001-H2"], id="before-everything"),
        pytest.param("2090", None, [], id="after-everything"),
    ],
)
def test_half_years_can_be_narrowed(conn: sqlite3.Connection, since: str, until: str | None, halves: list[str]) -> None:
    """Half-years that hold the bounds are the first and the last."""
    found = queries.trends(conn, ["web"], since=start_of(since), until=end_of(until) if until else None)

    assert [half.name for half in found.halves] == halves


@pytest.mark.parametrize("terms", [[], ["a"] * 7, ["++"]], ids=["none", "seven", "no-word"])
def test_terms_that_cannot_be_counted_are_refused(conn: sqlite3.Connection, terms: list[str]) -> None:
    """None, too many for one picture, or one without a word."""
    with pytest.raises(ValueError):
        queries.trends(conn, terms)


def test_a_half_year_knows_its_days(conn: sqlite3.Connection) -> None:
    """They meet without a hole."""
    halves = queries.trends(conn, ["web"]).halves

    assert (halves[0].starts.isoformat(), halves[0].ends.isoformat()) == ("2001-01-01", "2001-06-30")
    assert all((b.starts - a.ends).days == 1 for a, b in itertools.pairwise(halves))


def test_names_of_lines_keep_apart_inside_the_picture(conn: sqlite3.Connection) -> None:
    """Six lines that end at the same place have six places for their names."""
    chart = trend_chart(queries.trends(conn, [f"nothing{n}" for n in range(6)]), count="texts")

    assert chart
    places = sorted(line.y for line in chart.lines)
    assert all(b - a >= 16 for a, b in itertools.pairwise(places))
    assert places[0] >= 0 and places[-1] <= chart.bottom


def test_a_line_breaks_where_no_policy_is_known(template_conn: sqlite3.Connection) -> None:
    """Two strokes with a hole between them; every point says of how many it is."""
    chart = trend_chart(queries.trends(template_conn, ["parcels"], site="own.example"), count="policies")

    assert chart
    assert len(chart.lines[0].strokes) == 2
    assert {(point.of, point.few) for point in chart.lines[0].points} == {(1, True)}


async def test_the_page_has_a_picture_and_the_same_as_a_table(get: Get) -> None:
    """Each half-year stands in the table with n of N; the picture has a title, a description and a mark a point."""
    page = LexborHTMLParser((await get(f"{PAGE}?q=web+beacon&q=lighthouse&q=")).text)
    known = [row for row in page.css("table.numbers tbody tr") if row.css_first("td").text().split()[0] != "0"]

    assert len(known) == len(page.css(".series-0 path.point[transform] title")) == 22
    assert "1 of 2 50 %" in page.css_first("table.numbers").text()
    assert known[0].css_first("th").text() == "Jan–Jun 2001" and "Jan–Jun 2001" in page.css_first(".point title").text()
    assert page.css_first("svg.trends > title").text() and page.css_first("svg.trends > desc").text()
    assert len({mark.attributes["d"] for mark in page.css(".trend-key path")}) == 2


async def test_terms_lead_to_the_policies_behind_the_numbers(get: Get, serve: Get) -> None:
    """Each term can be followed policy by policy."""
    datasette = serve()
    page = LexborHTMLParser((await get(f"{PAGE}?q=lighthouse&kind=privacy", datasette=datasette)).text)
    link = next(a.attributes["href"] for a in page.css("main a") if "policy by policy" in a.text())
    life = LexborHTMLParser((await get(link, datasette=datasette)).text)

    assert len(life.css("table.presence tbody tr")) == 2


async def test_machines_get_the_same_numbers(get: Get) -> None:
    """JSON and CSV agree, half-year by half-year."""
    data = (await get(f"{PAGE}.json?q=lighthouse&q=web+beacon")).json()
    answer = await get(f"{PAGE}.csv?q=lighthouse&q=web+beacon")
    lines = list(csv.DictReader(io.StringIO(answer.text)))

    assert answer.headers["content-type"].startswith("text/csv")
    assert [line["policies_with"] for line in lines] == [
        str(count["policies"]) for term in data["terms"] for count in term["counts"]
    ]
    assert data["half_years"][4]["texts"] == int(lines[4]["texts"]) == 2


async def test_a_term_is_no_formula(get: Get) -> None:
    """Who is sent a link to the table can open it in a spreadsheet."""
    answer = await get(f"{PAGE}.csv?q=%3Dlighthouse")

    assert next(csv.DictReader(io.StringIO(answer.text)))["term"] == "'=lighthouse"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        pytest.param(f"{PAGE}", 200, id="nothing-asked"),
        pytest.param(f"{PAGE}?q=web&site=nowhere.example", 200, id="nothing-there"),
        pytest.param(f"{PAGE}.json", 400, id="json-of-nothing"),
        pytest.param(f"{PAGE}?q=a&count=sheep", 400, id="counts-sheep"),
        pytest.param(f"{PAGE}?q=%2B", 400, id="no-word"),
        pytest.param(f"{PAGE}?q=a&from=soon", 400, id="no-year"),
        pytest.param(PAGE + "?" + "&".join(f"q=w{n}" for n in range(7)), 400, id="seven"),
        pytest.param(f"{PAGE}.atom?q=a", 404, id="no-feed"),
        pytest.param("/-/policies/clause/000000000000.atom", 404, id="no-feed-of-a-clause"),
    ],
)
async def test_odd_questions_are_answered(get: Get, path: str, status: int) -> None:
    """With help, never with an error of ours."""
    response = await get(path)

    assert response.status_code == status
