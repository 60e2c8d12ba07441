"""The search for changes: every change that the listing can show is found, with few playbacks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import ceil, log2
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvest.archive.selection import Hole, least, select
from harvest.archive.selection_changes import GAP_DAYS
from harvest.model import Capture
from harvest.timestamps import format_stamp

EPOCH = datetime(2010, 1, 1, tzinfo=UTC)


def _capture(day: float, status: str = "200", path: str = "privacy") -> Capture:
    moment = EPOCH + timedelta(days=day)
    url = f"http://brook.example/{path}"
    return Capture(
        "x", url, f"example,brook)/{path}", format_stamp(moment), moment, False, "text/html", status, f"{day}", 1
    )


def _search(
    captures: Sequence[Capture], texts: Sequence[str], *, known: dict[Capture, str | None] | None = None
) -> tuple[dict[Capture, str], dict[Capture, str]]:
    """Play the rounds; return what was seen in the end, and why the others were not looked at."""
    truth = dict(zip(captures, texts, strict=True))
    shown: dict[Capture, str | None] = dict(known or {})
    for _ in range(len(captures) + 2):
        selected = select(captures, every="change", shown=shown)
        new = [item.capture for item in selected if item.fetch and item.capture not in shown]
        if not new:
            skipped = {item.capture: item.reason for item in selected if not item.fetch}
            return {capture: text for capture, text in shown.items() if text is not None}, skipped
        shown.update({capture: truth[capture] for capture in new})
    raise AssertionError("the search does not end")


def _changes(seen: dict[Capture, str], captures: Sequence[Capture]) -> set[tuple[str, str]]:
    """Pairs of neighbours in the listing that were both seen and differ."""
    return {
        (one.timestamp, other.timestamp)
        for one, other in pairwise(captures)
        if one in seen and other in seen and seen[one] != seen[other]
    }


DAYS = st.lists(st.integers(0, 5_000), min_size=1, max_size=200, unique=True).map(sorted)


@given(DAYS, st.lists(st.integers(0, 5_000), max_size=8))
def test_every_change_is_found_between_two_neighbours(days: list[int], changes: list[int]) -> None:
    """Where no text comes back, every change of the listing is found, and what is assumed is true."""
    captures = [_capture(day) for day in days]
    texts = [f"text {sum(day >= change for change in changes)}" for day in days]
    truth = dict(zip(captures, texts, strict=True))

    seen, skipped = _search(captures, texts)

    assert _changes(seen, captures) == _changes(truth, captures)
    assert set(seen) | set(skipped) == set(captures)
    by_stamp = {capture.timestamp: text for capture, text in seen.items()}
    for capture, reason in skipped.items():
        assert reason.startswith("assumed same as ")
        assert truth[capture] == by_stamp[reason.split()[3]], "the named capture was seen, and shows the same"


@given(DAYS, st.lists(st.integers(0, 5_000), max_size=8))
def test_few_pages_are_asked_for(days: list[int], changes: list[int]) -> None:
    """Two ends, the halvings of each change, and a bounded number a half-year where nothing changes."""
    captures = [_capture(day) for day in days]
    texts = [f"text {sum(day >= change for change in changes)}" for day in days]
    found = sum(one != other for one, other in pairwise(texts))

    seen, _ = _search(captures, texts)

    spans = ceil((days[-1] - days[0]) / GAP_DAYS)
    assert len(seen) <= 2 + found * (ceil(log2(len(captures) + 1)) + 1) + 4 * spans
    assert found or len(seen) >= min(len(captures), 2)


@settings(max_examples=50, deadline=None)
@given(DAYS, st.lists(st.sampled_from(["A", "B", "C", ""]), min_size=200, max_size=200), st.integers(0, 40))
def test_any_history_ends_with_every_capture_accounted_for(days: list[int], texts: list[str], half: int) -> None:
    """Pages may take turns, come and go: the search ends, is repeatable, and goes on from any point it got to."""
    captures = [_capture(day) for day in days]
    texts = texts[: len(days)]

    seen, skipped = _search(captures, texts)
    some = dict(list(seen.items())[:half])
    again, _ = _search(captures, texts, known=dict(seen))

    assert set(seen) | set(skipped) == set(captures)
    assert again == seen
    assert _search(captures, texts, known=dict(some))[0].keys() <= set(captures)


def test_what_was_chosen_and_not_fetched_is_waited_for() -> None:
    """A failed page leaves its gap open: nothing else is chosen in it, and nothing is assumed there."""
    captures = [_capture(day) for day in range(0, 1_000, 10)]
    shown: dict[Capture, str | None] = {captures[0]: "A", captures[-1]: "B", captures[50]: None}

    selected = select(captures, every="change", shown=shown)

    assert {item.capture for item in selected} == set(shown)


def test_pages_that_cannot_be_played_are_passed_over() -> None:
    """The search goes on as if they were not listed, and says so."""
    captures = [_capture(day) for day in range(10)]
    shown: dict[Capture, str | None] = {captures[0]: "A", captures[9]: "B", captures[5]: ""}
    hole = Hole(captures[5].urlkey, captures[5].captured_at)

    selected = {item.capture: item for item in select(captures, every="change", shown=shown, holes=[hole])}

    assert selected[captures[5]].reason == "the archive plays nothing near"
    assert [day for day in range(10) if selected.get(captures[day]) and selected[captures[day]].fetch] == [0, 4, 9]


@pytest.mark.parametrize("seed", range(8))
def test_texts_that_take_turns_are_not_told_apart_one_by_one(seed: int) -> None:
    """A page that shows one of two texts by chance would else be fetched whole; a real change is still found."""
    days = [day / 4 for day in range(2_000)]
    chance = Random(seed)
    texts = [("A" if day < 250 else "C") if chance.random() < 0.6 else "B" for day in days]

    seen, _ = _search([_capture(day) for day in days], texts)

    assert len(seen) < 100, "of 2,000"
    assert {seen[capture] for capture in seen} == {"A", "B", "C"}


def test_a_page_without_text_does_not_hide_a_change() -> None:
    """Shells between two texts: the last of the one and the first of the other are found."""
    texts = ["A"] * 40 + [""] * 200 + ["B"] * 40
    captures = [_capture(day) for day in range(len(texts))]

    seen, skipped = _search(captures, texts)

    assert {captures[39], captures[40], captures[239], captures[240]} <= seen.keys()
    assert any(reason.startswith("assumed without text") for reason in skipped.values())
    assert len(seen) < 40


def test_addresses_are_searched_apart() -> None:
    """A variant in another language differs from its neighbours in time, and is no change."""
    english = [_capture(day, path="en") for day in range(0, 100)]
    german = [_capture(day + 0.5, path="de") for day in range(0, 100)]

    seen, _ = _search([*english, *german], ["A"] * 100 + ["B"] * 100)

    assert len(seen) == 4


def test_listed_errors_and_redirects_cost_little() -> None:
    """Errors are settled by the listing and bound no search; of redirects those are chosen that tell of a move."""
    captures = [_capture(day, "404" if day % 3 else "200") for day in range(100)] + [
        _capture(day, "301") for day in range(100, 200)
    ]
    texts = ["A" if capture.statuscode == "200" else "" for capture in captures]

    seen, skipped = _search(captures, texts)

    assert sum(capture.statuscode == "200" for capture in seen) == 2
    assert sum(capture.statuscode == "301" for capture in seen) <= 4
    assert "a redirect beside pages" in skipped.values()


@given(DAYS)
def test_the_estimate_is_what_a_page_that_never_changes_costs(days: list[int]) -> None:
    """Evenly spread captures cost about that; clustered ones no more than four times as much."""
    captures = [_capture(day) for day in days]

    asked = len(_search(captures, ["A"] * len(days))[0])

    assert least(captures) <= len(captures)
    assert asked <= 4 * least(captures)
