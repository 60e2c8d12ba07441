"""A section that changed hundreds of times is shown in pages, and read with few questions."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from harvest.compare import compare
from harvest.corpus import queries
from harvest.corpus.queries_model import Bounds, SectionState
from harvest.corpus.store import Store
from harvest.model import Clause, Section
from harvest.web.difference_model import SectionStep
from harvest.web.difference_parts import newest_that_fit

Get = Callable[..., Any]
PATH = "/-/policies/often.example/section/rain"
STATES = 70
BOUNDS = Bounds(None, datetime(2012, 1, 1, tzinfo=UTC), datetime(2012, 1, 2, tzinfo=UTC), None)


@pytest.fixture(scope="module")
def often(tmp_path_factory: pytest.TempPathFactory, fill: Callable[..., None]) -> Path:
    """A policy whose section on rain is reworded with every version."""
    path = tmp_path_factory.mktemp("often") / "corpus.db"
    first = datetime(2012, 1, 1, 12, tzinfo=UTC)
    text = "# Weather notice\n\nWhat we tell visitors of our gardens about the sky.\n\n## Rain\n\nIt rained {} times.\n"
    pages = [(first + timedelta(20 * number), text.format(number)) for number in range(STATES)]
    with Store.open(path) as store, store.transaction():
        fill(store, {("often.example", "privacy"): pages})
    return path


async def test_pages_of_a_section_hold_each_state_once(get: Get, serve: Get, often: Path) -> None:
    """Following the links to older states shows all of them, newest first, each as a change of the one before."""
    datasette = serve(often)
    path: str | None = PATH
    said: list[str] = []
    pages = 0
    while path:
        page = LexborHTMLParser((await get(path, datasette=datasette)).text)
        said += [step.css_first(".step-what").text().strip() for step in page.css(".step")]
        last = page.css(".step")[-1]
        following = page.css_first('.pager a[rel="next"]')
        assert bool(following) == bool(last.css("ins")), "only the first state known is no change"
        path = following.attributes["href"] if following else None
        pages += 1

    assert pages == 4 and len(said) == STATES
    assert ["first known" in each for each in said] == [False] * (STATES - 1) + [True]


async def test_states_lead_to_their_texts_and_differences(get: Get, serve: Get, often: Path) -> None:
    """Each state links to the version that brought it, and each but the first to what else changed with it."""
    datasette = serve(often)
    steps = LexborHTMLParser((await get(f"{PATH}?offset={STATES - 3}", datasette=datasette)).text).css(".step")
    links = [[link.attributes["href"] or "" for link in step.css(".step-what a")] for step in steps]

    assert [len(each) for each in links] == [2, 2, 1]
    assert all("..2012-" in each[0] for each in links[:2])
    for address in links[0] + links[-1]:
        assert (await get(address, datasette=datasette)).status_code == 200


async def test_json_holds_all_states(get: Get, serve: Get, often: Path) -> None:
    """Scripts need not turn pages."""
    data = (await get(PATH + ".json", datasette=serve(often))).json()

    assert len(data["states"]) == STATES


def test_a_window_of_states_knows_what_came_before(often: Path) -> None:
    """The window is the same as that part of the whole; the questions do not grow with the states."""
    conn = sqlite3.connect(often)
    asked: list[str] = []
    conn.set_trace_callback(asked.append)
    policy = queries.resolve_policy(conn, "often.example")
    asked.clear()
    whole = queries.section_history(conn, policy, "rain")
    count = len(asked)
    window = queries.section_history(conn, policy, "rain", newest=10, skip=5)

    assert window.states == whole.states[-15:-5] and window.before == whole.states[-16]
    assert window.total == whole.total == STATES and whole.before is None
    assert count <= 8 and len(asked) == 2 * count
    conn.close()


async def test_a_clause_that_changed_its_place_is_marked_at_both(
    get: Get, serve: Get, fill: Callable[..., None], tmp_path: Path
) -> None:
    """Inside one section, too, a reader sees where a clause stood and where it stands."""
    clauses = [f"Bed {name} is watered by the {name} gardener every morning.\n\n" for name in ("east", "north", "west")]
    texts = ["# Notice\n\n## Beds\n\n" + "".join(clauses[n] for n in order) for order in ((0, 1, 2), (1, 2, 0))]
    days = [datetime(2005, 3, 1, 12, tzinfo=UTC), datetime(2006, 3, 1, 12, tzinfo=UTC)]
    with Store.open(tmp_path / "beds.db") as store:
        fill(store, {("beds.example", "privacy"): list(zip(days, texts, strict=True))})
    response = await get("/-/policies/beds.example/section/beds", datasette=serve(tmp_path / "beds.db"))
    marks = [mark.text() for mark in LexborHTMLParser(response.text).css(".step .stood")]

    assert marks == [
        "“Bed east is watered by the …” stood here: moved down, to below “Bed west is watered by the …”",
        "moved inside its section, from its top, no word changed",
    ]


@pytest.mark.parametrize("clauses", [1, 30])
def test_a_page_compares_as_many_letters_however_they_are_cut(clauses: int) -> None:
    """Wordings of one text in thirty short clauses take longer than in one, and fewer of them are compared."""
    asked: list[int] = []

    def steps() -> Iterator[SectionStep]:
        for number in range(30):
            words = [f"{'rain ' * (120 // clauses)}{number * clauses + place}" for place in range(clauses)]
            section = Section(2, "", "Rain", "atx", 1.0, tuple(Clause("item", 0, text, text) for text in words))
            asked.append(number)
            yield SectionStep(SectionState(section, BOUNDS, (number,)), compare([section], [section]))

    shown = newest_that_fit(steps())

    assert len(shown) == len(asked) == (19 if clauses == 1 else 7)
