"""Tables, columns and questions say what they are, whatever the file of the corpus is called."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
import yaml

from harvest.corpus import queries
from harvest.timestamps import to_iso
from harvest.web.descriptions import described, read_description

Get = Callable[..., Any]
ROOT = Path(__file__).resolve().parents[2]
METADATA = yaml.safe_load((ROOT / "metadata.yaml").read_text(encoding="utf-8"))
CORPUS: Mapping[str, Any] = METADATA["databases"]["corpus"]
QUERIES: Mapping[str, Any] = CORPUS["queries"]
#: What the bundled sample has none of.
EMPTY_IN_SAMPLE: frozenset[str] = frozenset()


@pytest.fixture(scope="module")
def sample() -> sqlite3.Connection:
    """The bundled sample corpus, read only, as `datasette .` shows it."""
    return sqlite3.connect(f"file:{ROOT / 'corpus.db'}?mode=ro", uri=True)


def tables(conn: sqlite3.Connection) -> Mapping[str, set[str]]:
    """Tables and views for people, with their columns."""
    names = conn.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE '%fts%'")
    return {name: {row[1] for row in conn.execute(f'PRAGMA table_info("{name}")')} for (name,) in names}


def test_every_table_and_column_is_described(corpus_path: Path) -> None:
    """A new one needs a line in metadata.yaml; a line about none is a mistake."""
    known = tables(sqlite3.connect(corpus_path))
    described = {name: set(about["columns"]) for name, about in CORPUS["tables"].items()}

    assert described == known
    assert all(about["description"] for about in CORPUS["tables"].values())


def test_settings_name_columns_there_are(corpus_path: Path) -> None:
    """Facets, order and labels."""
    known = tables(sqlite3.connect(corpus_path))
    for name, about in CORPUS["tables"].items():
        named = {
            *about.get("facets", ()),
            *(about[key] for key in ("sort", "sort_desc", "label_column") if key in about),
        }

        assert named <= known[name], name


def test_there_are_questions_enough() -> None:
    """At least twenty, each with a title, a description and, where it asks for something, parameters in its SQL."""
    assert len(QUERIES) >= 20
    for name, query in QUERIES.items():
        assert query["title"] and query["description"], name
        assert all(f":{each}" in query["sql"] for each in query.get("params", ())), name


@pytest.mark.parametrize("name", QUERIES)
def test_questions_have_answers_in_the_sample(sample: sqlite3.Connection, name: str) -> None:
    """Each runs as it stands, its parameters left empty, and finds something; none reads for long."""
    query = QUERIES[name]
    steps = [0]
    sample.set_progress_handler(lambda: steps.__setitem__(0, steps[0] + 1), 10_000)
    found = sample.execute(query["sql"], dict.fromkeys(query.get("params", ()), "")).fetchall()
    sample.set_progress_handler(None, 0)

    assert found or name in EMPTY_IN_SAMPLE
    assert steps[0] < 200  # two million steps of SQLite's machine, a tenth of a second


@pytest.mark.parametrize(
    ("name", "parameters", "sites"),
    [
        pytest.param("first-use-of-a-phrase", "phrase=lighthouse", ["beta.example", "alpha.example"], id="phrase"),
        pytest.param("in-force-on-a-day", "day=2004-02-11", ["alpha.example", "beta.example"], id="day"),
        pytest.param("who-removed-a-promise", "phrase=burn", ["alpha.example"], id="promise"),
        pytest.param("who-added-both", "phrase=beacon&second=%22two+years%22&since=2004", ["alpha.example"], id="both"),
        pytest.param("added-between-two-dates", "site=beta.example&to_date=2005", ["beta.example"], id="dates"),
        pytest.param("why-captures-are-missing", "site=alpha.example", ["alpha.example"], id="missing"),
    ],
)
async def test_questions_can_be_run_and_changed(get: Get, name: str, parameters: str, sites: list[str]) -> None:
    """They take parameters, which narrow the answer."""
    answer = await get(f"/corpus/{name}.json?{parameters}&_shape=array")

    assert list(dict.fromkeys(row["site"] for row in answer.json())) == sites


async def test_questions_stand_on_the_page_of_the_database(
    get: Get, serve: Get, corpus_path: Path, tmp_path: Path
) -> None:
    """All of them are offered, whatever the file is called. Datasette 1.0 shows a few there and lists the rest."""
    copy(corpus_path, tmp_path / "mine.db")
    datasette = serve(tmp_path / "mine.db")

    page, rest = [(await get(path, datasette=datasette)).text for path in ("/mine", "/mine/-/queries?_size=100")]

    assert [name for name in QUERIES if f'href="/mine/{name}' not in page + rest] == []


async def test_two_corpora_and_a_stranger_are_told_apart(
    get: Get, serve: Get, corpus_path: Path, tmp_path: Path
) -> None:
    """Both corpora are described, a database without one is left alone."""
    copy(corpus_path, tmp_path / "mine.db")
    sqlite3.connect(tmp_path / "plain.db").execute("CREATE TABLE history (site)")
    datasette = serve(corpus_path, tmp_path / "mine.db", tmp_path / "plain.db")
    pages = {name: (await get(f"/{name}/history", datasette=datasette)).text for name in ("corpus", "mine", "plain")}

    assert [name for name, page in pages.items() if "Host of the company" in page] == ["corpus", "mine"]


async def test_what_an_operator_says_comes_first(get: Get, serve: Get) -> None:
    """Their own description of a column stands; the rest is ours."""
    own = {"databases": {"corpus": {"tables": {"sites": {"columns": {"host": "Our words"}}}}}}
    page = (await get("/corpus/sites", datasette=serve(metadata=own))).text

    assert "Our words" in page and "Host of the company" not in page
    assert "Name of the company" in page


@pytest.mark.parametrize("key", [None, "databases", "tables", "queries"])
async def test_what_datasette_writes_into_a_description_stays_with_it(serve: Get, key: str | None) -> None:
    """Datasette 0.65 puts rules of its own into what it gets: the next one who asks must not find them there."""
    datasette = serve()
    await datasette.invoke_startup()
    told, expected = (described(datasette, key, CORPUS) for _ in range(2))
    inside: list[Any] = [told]
    for each in inside:
        below = [value for value in each.values() if isinstance(value, dict)]
        each.clear() if not below else each.update(allow=False)
        inside += below

    assert described(datasette, key, CORPUS) == expected


async def test_a_permission_is_asked_without_what_pages_say(serve: Get) -> None:
    """Datasette 0.65 copies all it is told, eight times for each page of ours; of tables it wants their facet size."""
    datasette = serve()
    await datasette.invoke_startup()

    told = described(datasette, "tables", CORPUS)["databases"]["corpus"]["tables"]
    assert told == {"history": {"facet_size": 10}, "change_log": {"facet_size": 10}}


def test_without_the_file_nothing_is_described(tmp_path: Path) -> None:
    """Plugins somewhere else alone still work."""
    assert read_description([tmp_path]) == {}


@pytest.mark.parametrize("phrase", ["web beacon", "third parties", "cookies", "nobody says this"])
def test_the_life_of_a_phrase_is_the_same_in_sql(phrase: str, sample: sqlite3.Connection) -> None:
    """The question in SQL gives the stays that the page and the command line give."""
    rows = sample.execute(QUERIES["life-of-a-phrase"]["sql"], {"phrase": f'"{phrase}"'}).fetchall()
    told = {
        (presence.policy.host, presence.policy.kind, to_iso(stay.first_seen), to_iso(stay.last_seen))
        for presence in queries.phrase(sample, phrase).presences
        for stay in presence.intervals
    }

    assert {(row[0], row[1], row[3], row[4]) for row in rows} == told


@pytest.mark.parametrize("phrase", ["biscuits", "beacons", "parcels"])
def test_shares_and_firsts_count_headings_as_the_pages_do(phrase: str, corpus_path: Path) -> None:
    """A word that stands in a heading alone was left out of them, and of the trends it was not."""
    conn = sqlite3.connect(f"file:{corpus_path}?mode=ro", uri=True)
    asked = {"phrase": phrase}
    firsts = {(row[0], row[1], row[2]) for row in conn.execute(QUERIES["first-use-of-a-phrase"]["sql"], asked)}
    shares = {row[0]: row[2] for row in conn.execute(QUERIES["share-by-half-year"]["sql"], asked)}
    texts = sum(row[2] for row in conn.execute(QUERIES["share-of-distinct-texts"]["sql"], asked))
    life = queries.phrase(conn, phrase).presences
    trend = queries.trends(conn, [phrase], seen_only=True)

    assert firsts == {(p.policy.host, p.policy.kind, to_iso(p.intervals[0].first_seen)) for p in life} != set()
    assert texts > 0
    assert shares == {
        half.name: count.policies
        for half, count in zip(trend.halves, trend.terms[0].counts, strict=True)
        if half.name in shares
    }


def test_silent_changes_leave_out_what_only_our_reading_changed(corpus_path: Path, tmp_path: Path) -> None:
    """As the page of the silent changes does."""
    copied = Path(copy(corpus_path, tmp_path / "corpus.db"))
    with sqlite3.connect(copied) as conn:
        sql = QUERIES["silent-changes"]["sql"]
        before = len(conn.execute(sql).fetchall())
        conn.execute(
            "UPDATE transitions SET kind = 'technical' WHERE id = (SELECT min(id) FROM transitions WHERE silent)"
        )
        after = len(conn.execute(sql).fetchall())
        told = len(queries.changes(conn, silent=True, tier="typography").items)

    assert (before - 1, told) == (after, after)
