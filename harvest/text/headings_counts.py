"""Headings that are counted: which numbers make one count 1, 2, 3 …, and which headings without one stand beside it."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from itertools import pairwise

from harvest.text.headings_proposal import Proposal, number_value, unit_of

_BY_EYE = ("bold", "capitals")  # styles that the eye takes for one with a number and without
_COUNT = 3  # headings: fewer are no count
_OPEN = 8  # counts that may go on; more than three deep is rare


def counts_of(headings: Sequence[Proposal], keys: Sequence[Hashable]) -> list[int | None]:
    """Return for each heading which count 1, 2, 3 … it belongs to, None for others.

    "1. Terms" in plain type counts with "**2. Use**": a heading goes on the last count of its own style, else of any
    other, that stopped right before its number.
    """
    runs: list[tuple[list[int], set[Hashable], tuple[bool, bool]]] = []
    for place, (heading, key) in enumerate(zip(headings, keys, strict=True)):
        if heading.number_kind != "digit" or heading.bracketed:
            continue
        value, kind = number_value(heading.number), (heading.run_in, bool(unit_of(heading.number)))
        lasts = [(run, number_value(headings[run[0][-1]].number)) for run in runs[-_OPEN:] if run[2] == kind]
        open_runs = [run for run, last in lasts if 0 < value - last <= 2]  # one number of a count may be missing
        run = next((run for run in reversed(open_runs) if key in run[1]), open_runs[-1] if open_runs else None)
        if run is None:
            runs.append(run := ([], set(), kind))
        run[0].append(place)
        run[1].add(key)
    found: list[int | None] = [None] * len(headings)
    for number, (places, _, _) in enumerate(runs):
        if len(places) >= _COUNT:
            for place in places:
                found[place] = number
    return found


def beside_numbers(headings: Sequence[Proposal], keys: Sequence[Hashable]) -> list[Hashable]:
    """Make headings that look like those of the one count of the document, but have no number, their siblings.

    "Preamble" before "Article I" stands beside it; "Cookies" between "1. What we collect" and "2. Your rights" may be
    below, and where there is such a one, only what comes before the first number stands beside it.
    """
    counted = [place for place, h in enumerate(headings) if h.number and h.style in _BY_EYE and h.parts <= 1]
    looks = {headings[place].unnumbered for place in counted}
    if len(counted) < _COUNT or len(looks) > 1 or len({headings[place].number for place in counted}) < len(counted):
        return list(keys)
    alike = [place for place, h in enumerate(headings) if not h.number and h.unnumbered in looks]
    if any(counted[0] < place < counted[-1] for place in alike):
        alike = [place for place in alike if place < counted[0]]
    beside = {*counted, *alike} if alike else set()
    return [keys[counted[0]] if place in beside else key for place, key in enumerate(keys)]


def missing_numbers(numbers: Sequence[str], accepted: Sequence[bool]) -> set[int]:
    """Return the places of lines that are no headings yet and whose number lies just between those of two that are.

    *numbers*: of all lines that may be headings, '' where they have none. What stands between 6 and 8 and begins with
    7 is counted with them, whatever type it is set in.
    """
    counted = [at for at, number in enumerate(numbers) if number and accepted[at]]
    following = dict(pairwise(counted))
    found: set[int] = set()
    for before, after in following.items():
        step = _after(numbers[before])
        if step and _after(step) == numbers[after]:
            found.update(at for at in range(before + 1, after) if numbers[at] == step)
    return found


def _after(number: str) -> str:
    """The number that comes next in an outline: "7" after "6", "3.3" after "3.2"; '' for other numbers."""
    head, dot, last = number.rpartition(".")
    return f"{head}{dot}{int(last) + 1}" if last.isascii() and last.isdecimal() and len(last) < 5 else ""
