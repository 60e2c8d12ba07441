"""Long texts and long histories: pages stay light, nothing is lost, every address still leads there."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pytest
from datasette import hookimpl
from datasette.plugins import pm
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from harvest.corpus import queries, queries_timeline
from harvest.corpus.store import Store
from harvest.model import Clause, Section
from harvest.web import difference
from harvest.web.parts import part_of

Get = Callable[..., Any]
MOST = 200_000
WORDS = (
    "our post office keeps letters parcels names streets and weights of those who come to one of its counters while"
    " the clerk writes down what they bring where it goes and who shall have it at the end of a long way"
).split()


def clause(number: int) -> str:
    """Some seventy words that no other clause has in this order."""
    shift = number % len(WORDS)
    return f"Case {number}: " + " ".join(islice(cycle(WORDS), shift, shift + 68)) + f", that is rule {number}."


def policy(start: int) -> str:
    """140,000 words under 100 headings."""
    parts = [
        f"## Chapter {part}\n\n" + "\n\n".join(clause(start + part * 20 + place) for place in range(20))
        for part in range(100)
    ]
    return "# A long policy\n\n" + "\n\n".join(parts) + "\n"


def short(number: int) -> str:
    """A policy that changes a little with every version."""
    return f"# Notice\n\nLast updated: {1 + number % 28} May 2003\n\n{clause(number // 3)}\n\n{clause(0)}\n"


@pytest.fixture(scope="module")
def heavy(tmp_path_factory: pytest.TempPathFactory, fill: Callable[..., None]) -> Path:
    """A policy of 140,000 words that is rewritten once, and one of 400 versions."""
    path = tmp_path_factory.mktemp("heavy") / "corpus.db"
    first = datetime(2010, 1, 1, 12, tzinfo=UTC)
    with Store.open(path) as store:
        fill(store, {("long.example", "privacy"): [(first, policy(0)), (first + timedelta(900), policy(7_000))]})
        fill(store, {("dense.example", "privacy"): [(first + timedelta(4 * n), short(n)) for n in range(400)]})
    return path


@pytest.mark.parametrize(
    "path",
    [
        "/-/policies/long.example",
        "/-/policies/long.example/2011",
        "/-/policies/long.example/2011?part=4",
        "/-/policies/long.example/2011..2013",
        "/-/policies/long.example/2011..2013?view=side&part=3",
        "/-/policies/long.example/blame/2013",
        "/-/policies/long.example/blame/2013?words=1&part=2",
        "/-/policies/dense.example",
        "/-/policies/dense.example?noise=1&offset=50",
        "/-/policies/dense.example/blame/2014?words=1",
        "/-/policies/changes",
        "/-/policies/search?q=clerk&in=added",
        "/-/policies/phrase?q=clerk",
    ],
)
async def test_pages_stay_below_200_kilobytes(get: Get, serve: Get, heavy: Path, path: str) -> None:
    """However long the text and however many its versions."""
    response = await get(path, datasette=serve(heavy))

    assert response.status_code == 200
    assert 4_000 < len(response.content) < MOST


class Counter:
    """A Datasette plugin that counts what its connections are asked."""

    __name__ = "counter"

    def __init__(self) -> None:
        self.asked: list[str] = []

    @hookimpl
    def prepare_connection(self, conn: sqlite3.Connection) -> None:
        conn.set_trace_callback(self.asked.append)


@pytest.fixture
def counter() -> Iterator[Counter]:
    """Count while the test runs."""
    plugin = Counter()
    pm.register(plugin, name="counter")
    yield plugin
    pm.unregister(plugin)


@pytest.mark.parametrize(
    "page",
    [
        pytest.param("/-/policies", id="overview"),
        pytest.param("/-/policies/SITE", id="timeline"),
        pytest.param("/-/policies/SITE/2013", id="version"),
        pytest.param("/-/policies/SITE/2011..2013", id="diff"),
        pytest.param("/-/policies/SITE/blame/2013", id="blame"),
        pytest.param("/-/policies/search?q=clerk", id="search"),
        pytest.param("/-/policies/search?q=clerk&in=added", id="added"),
        pytest.param("/-/policies/phrase?q=clerk", id="phrase"),
        pytest.param("/-/policies/trends?q=clerk&q=cookie", id="trends"),
        pytest.param("/-/policies/changes", id="changes"),
        pytest.param("/-/policies/changes.atom", id="feed"),
    ],
)
async def test_pages_ask_few_questions(get: Get, serve: Get, heavy: Path, counter: Counter, page: str) -> None:
    """At most thirty, and for a policy of 400 versions no more than for one of two."""
    datasette = serve(heavy)
    await get(page.replace("SITE", "long.example"), datasette=datasette)  # Datasette looks at the schema once
    counts = []
    for site in ("long.example", "dense.example"):
        counter.asked.clear()
        difference._cache.clear()  # one that is remembered asks for less
        assert (await get(page.replace("SITE", site), datasette=datasette)).status_code == 200
        counts.append(sum(asked.lstrip().upper().startswith(("SELECT", "WITH")) for asked in counter.asked))

    assert 0 < counts[1] <= counts[0] + 3
    assert max(counts) <= 30


async def test_parts_hold_the_whole_text_once(get: Get, serve: Get, heavy: Path) -> None:
    """Following the link to the next part reads every clause, in order."""
    datasette = serve(heavy)
    path: str | None = "/-/policies/long.example/2011"
    found: list[str] = []
    while path:
        page = LexborHTMLParser((await get(path, datasette=datasette)).text)
        found += [node.text() for node in page.css("article .clause")]
        following = page.css_first('article a[rel="next"]')
        path = following.attributes["href"] if following else None

    assert found == [clause(number) for number in range(2_000)]


async def test_contents_lead_to_the_part_of_each_section(get: Get, serve: Get, heavy: Path) -> None:
    """The heading far down stands on the part that its link names."""
    datasette = serve(heavy)
    page = LexborHTMLParser((await get("/-/policies/long.example/2011", datasette=datasette)).text)
    link = next(a.attributes["href"] for a in page.css(".contents a") if a.text() == "Chapter 77")
    target = LexborHTMLParser((await get(link.partition("#")[0], datasette=datasette)).text)

    assert "Chapter 77" in target.css_first("#" + link.partition("#")[2]).text()


async def test_an_address_of_a_change_finds_its_part(get: Get, serve: Get, heavy: Path) -> None:
    """The link of a change on a later part opens that part, whatever its number is by then."""
    datasette = serve(heavy)
    later = LexborHTMLParser((await get("/-/policies/long.example/2011..2013?part=5", datasette=datasette)).text)
    href = later.css(".change a.anchor")[3].attributes["href"]
    address, _, anchor = href.partition("#")
    opened = LexborHTMLParser((await get(address, datasette=datasette)).text)

    assert "part=" not in address
    assert opened.css_first(f"#{anchor}.change")


async def test_neighbours_of_a_change_may_be_on_another_part(get: Get, serve: Get, heavy: Path) -> None:
    """The last change of a part leads to the first of the next."""
    datasette = serve(heavy)
    page = LexborHTMLParser((await get("/-/policies/long.example/2011..2013", datasette=datasette)).text)
    href = page.css(".change .steps-nav a[aria-label='Next change']")[-1].attributes["href"]
    following = LexborHTMLParser((await get(href.partition("#")[0], datasette=datasette)).text)

    assert "part=2" in href
    assert following.css(".change")[0].attributes["id"] == href.partition("#")[2]


@given(st.lists(st.lists(st.integers(0, 900), max_size=6), max_size=8), st.integers(1, 12))
def test_every_clause_is_on_one_part(sizes: list[list[int]], number: int) -> None:
    """Parts are a partition of the text, and each section begins where it is said to."""
    text = [
        Section(1, "", f"H{i}", "", 1.0, tuple(Clause("paragraph", 0, "x" * n, "x" * n) for n in clauses))
        for i, clauses in enumerate(sizes)
    ]
    count = part_of(text, 1, limit=1_000).count
    parts = [part_of(text, place, limit=1_000) for place in range(1, count + 1)]

    kept = [(piece.index, piece.first + n) for part in parts for piece in part.sections
            for n in range(len(piece.section.clauses))]  # fmt: skip
    assert kept == [(i, n) for i, clauses in enumerate(sizes) for n in range(len(clauses))]
    assert part_of(text, count + number, limit=1_000) == parts[-1]
    for index, home in enumerate(parts[0].homes):
        assert any(piece.index == index and not piece.goes_on for piece in parts[home - 1].sections)


def test_a_picture_is_drawn_from_some_of_a_thousand_versions(heavy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All are counted; the first, the last and those that stood into another month are among those that are read."""
    conn = sqlite3.connect(heavy)
    policy = queries.resolve_policy(conn, "dense.example")
    whole = queries.outline(conn, policy)
    monkeypatch.setattr(queries_timeline, "DRAWN", 40)
    thinned = queries.outline(conn, policy)
    conn.close()

    every = {point.number: point for point in whole.line}
    assert len(every) == whole.length == thinned.length and whole.most == thinned.most == max(
        point.words for point in whole.line
    )
    assert (thinned.first, thinned.last, thinned.steps) == (whole.first, whole.last, whole.steps)
    assert 20 <= len(thinned.line) < len(every) / 2 and all(every[point.number] == point for point in thinned.line)
    numbers = {point.number for point in thinned.line}
    assert all(n in numbers for n, point in every.items() if point.first_seen.month != point.last_seen.month)


def test_a_step_is_read_where_it_is_drawn(heavy: Path) -> None:
    conn = sqlite3.connect(heavy)
    policy = queries.resolve_policy(conn, "dense.example")
    steps = queries.outline(conn, policy).steps
    told = queries.steps_by_id(conn, [step.id for step in steps])
    conn.close()

    assert steps
    for step in steps:
        full = told[step.id]
        assert (step.not_before, step.first_seen, step.tier) == (full.not_before, full.first_seen, full.tier)
        assert step.year == full.first_seen.year
