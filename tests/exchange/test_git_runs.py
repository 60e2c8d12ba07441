"""Runs of a crawler that put down nearly every document anew, told from days on which much changed."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from harvest.exchange.git_runs import Sight, runs_anew

DAY_S = 86_400
DOCUMENTS = 40


def routine(days: Iterable[int], *, changed: int = 3) -> list[Sight]:
    """A run a day, at which some of the documents have another text each."""
    return [
        (day * DAY_S + 60 * place, (day * changed + place) % DOCUMENTS, f"{day}")
        for day in days
        for place in range(changed)
    ]


def everything(day: int, *, documents: int = DOCUMENTS, times: int = 1, apart_s: int = 10) -> list[Sight]:
    return [
        (day * DAY_S + apart_s * (turn * documents + one), one, f"{day} {turn}")
        for turn in range(times)
        for one in range(documents)
    ]


BEGIN = everything(0)


def test_a_run_at_which_nearly_all_documents_changed_is_the_crawlers() -> None:
    """What a crawler that looks every day finds changed everywhere at once, it reads by other rules."""
    (run,) = runs_anew([*BEGIN, *routine(range(1, 20)), *everything(20), *routine(range(21, 40))])

    assert (run.first, run.last) == (20 * DAY_S, 20 * DAY_S + 10 * (DOCUMENTS - 1))
    assert (len(run.changed), run.held) == (DOCUMENTS, DOCUMENTS)


@pytest.mark.parametrize(
    "sights",
    [
        pytest.param([*BEGIN, *routine(range(1, 20))], id="the-first-run"),
        pytest.param([*BEGIN, *routine(range(1, 20)), *everything(20, documents=28)], id="many-but-not-nearly-all"),
        pytest.param([*BEGIN, *routine(range(1, 20)), *everything(500)], id="after-a-pause"),
        pytest.param([*BEGIN, *everything(180), *everything(360), *everything(540)], id="a-run-every-half-year"),
        pytest.param([*BEGIN, *(one for day in range(1, 30) for one in everything(day))], id="always"),
        pytest.param([*BEGIN, *routine(range(1, 20)), *everything(20, times=2)], id="written-anew-by-a-rebase"),
        pytest.param([*BEGIN, *routine(range(1, 20)), *everything(20, apart_s=1_800)], id="all-day-long"),
        pytest.param(
            [*everything(0, documents=12), *routine(range(1, 20)), *everything(20, documents=12)], id="few-documents"
        ),
    ],
)
def test_other_runs_are_the_policies(sights: list[Sight]) -> None:
    """A beginning, a pause, few and distant runs, few documents: what changed may have changed."""
    assert runs_anew(sights) == []


def test_a_history_that_grows_says_the_same_again() -> None:
    """What comes later does not take back what was said of a run."""
    sights = [*BEGIN, *routine(range(1, 20)), *everything(20)]
    later = [one for day in range(21, 60) for one in everything(day)]

    assert runs_anew([*sights, *later])[0] == runs_anew(sights)[0]
