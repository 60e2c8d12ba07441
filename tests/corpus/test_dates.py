"""Dates in numbers: what a page alone leaves open, the history of the policy decides."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.corpus.derive_dates import Stated, settle_dates
from harvest.corpus.store import Store
from harvest.corpus.verify import verify

Make = Callable[..., Any]


def month_first(words: str) -> str:
    """What a page in English is read as where nothing speaks for the other order."""
    first, second, year = map(int, words.split("/"))
    return (date(year, first, second) if first <= 12 else date(year, second, first)).isoformat()


def settle(*texts: tuple[str, str], kind: str = "updated") -> list[str]:
    """Return the days of texts, given as words and the day of their first capture."""
    stated = {str(n): Stated(month_first(words), kind, words) for n, (words, _) in enumerate(texts)}
    settled = settle_dates(stated, {str(n): f"{seen}T00:00:00Z" for n, (_, seen) in enumerate(texts)})
    return [settled.get(name, one.day) for name, one in stated.items()]


NEW_WAYS = [("02/03/2010", "2010-05-01"), ("03/15/2010", "2010-06-01")]
NEW_WAYS += [("25/04/2019", "2019-05-01"), ("02/03/2020", "2020-05-01")]
GROWING = [("03/01/2015", "2016-01-01"), ("02/02/2015", "2016-02-01"), ("01/03/2015", "2016-03-01")]
HISTORIES = {
    "nothing tells": ([("05/11/2021", "2021-12-31")], ["2021-05-11"]),
    "another text tells": ([("05/11/2021", "2021-12-31"), ("22/07/2026", "2026-08-01")], ["2021-11-05", "2026-07-22"]),
    "month first too": ([("05/11/2021", "2021-12-31"), ("07/22/2026", "2026-08-01")], ["2021-05-11", "2026-07-22"]),
    "not after its capture": ([("11/05/2026", "2026-05-12")], ["2026-05-11"]),
    "put up ahead of its day": ([("08/01/2014", "2014-07-27")], ["2014-08-01"]),
    "one impossible day decides for all": (
        [("05/11/2021", "2021-12-31"), ("11/05/2026", "2026-05-12")],
        ["2021-11-05", "2026-05-11"],
    ),
    "the site changed its ways": (NEW_WAYS, ["2010-02-03", "2010-03-15", "2019-04-25", "2020-03-02"]),
    "later texts state later days": (GROWING, ["2015-01-03", "2015-02-02", "2015-03-01"]),
}


@pytest.mark.parametrize(("texts", "days"), HISTORIES.values(), ids=HISTORIES.keys())
def test_history_decides_the_order(texts: list[tuple[str, str]], days: list[str]) -> None:
    """Dates that tell their order decide for the others of the policy, the nearest in time where they differ."""
    assert settle(*texts) == days


def test_what_comes_into_effect_may_lie_ahead() -> None:
    """An effective date some months after the capture is no proof of the other order; a year and more after it is."""
    assert settle(("08/01/2024", "2024-01-12"), kind="effective") == ["2024-08-01"]
    assert settle(("12/01/2024", "2023-11-12"), kind="effective") == ["2024-01-12"]


DATES = st.tuples(st.dates(date(2000, 1, 1), date(2020, 1, 1)), st.integers(0, 400))


@given(st.lists(DATES, max_size=6), st.randoms())
def test_the_order_of_texts_does_not_count(dates: list[tuple[date, int]], random: Any) -> None:
    """The same texts in any order give the same days, and a day only ever changes to its other reading."""
    words = {str(n): f"{day.day:02}/{day.month:02}/{day.year}" for n, (day, _) in enumerate(dates)}
    stated = {name: Stated(month_first(one), "updated", one) for name, one in words.items()}
    seen = {str(n): date.fromordinal(day.toordinal() + late).isoformat() for n, (day, late) in enumerate(dates)}
    turned = list(stated.items())
    random.shuffle(turned)
    settled = settle_dates(stated, seen)

    assert settle_dates(dict(turned), seen) == settled
    assert all(day == dates[int(name)][0].isoformat() for name, day in settled.items())


def test_the_corpus_shows_the_settled_day(store: Store, page: Make, shot: Make, record: Make) -> None:
    """A day is read anew when a later capture tells the order of the policy's dates; nothing else of it changes."""

    def days() -> list[tuple[str | None, str | None]]:
        return store.conn.execute("SELECT stated_date, stated_read FROM texts ORDER BY stated_words").fetchall()

    record(store, [shot(200, page(date="02/03/2010"))])
    assert days() == [("2010-02-03", None)]

    record(store, [shot(400, page(date="25/12/2010"))])
    assert days() == [("2010-03-02", "2010-02-03"), ("2010-12-25", None)]
    assert verify(store.conn).problems == ()
