"""Headings that are counted: which numbers make one count 1, 2, 3 …, and which headings without one stand beside it."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from harvest.text.headings_proposal import Proposal, number_value, unit_of

_BY_EYE = ("bold", "capitals")  # styles that the eye takes for one with a number and without
_COUNT = 3  # headings: fewer are no count
_OPEN = 8  # counts that may go on; more than three deep is rare


def counts_of(headings: Sequence[Proposal], keys: Sequence[Hashable]) -> list[int | None]:
    """Return for each heading which count 1, 2, 3 … it belongs to, None for others.

    "1. Terms" in plain type counts with "**2. Use**": a heading goes on the last count of its own style, else of any
    other, that stopped right before its number.
    """
    runs: list[tuple[list[int], set[Hashable], str]] = []
    for place, (heading, key) in enumerate(zip(headings, keys, strict=True)):
        if heading.number_kind != "digit" or heading.run_in or heading.bracketed:
            continue
        value, unit = number_value(heading.number), unit_of(heading.number)
        open_runs = [run for run in runs[-_OPEN:] if _goes_on(headings[run[0][-1]].number, run[2], value, unit)]
        run = next((run for run in reversed(open_runs) if key in run[1]), open_runs[-1] if open_runs else None)
        if run is None:
            runs.append(run := ([], set(), unit))
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


def _goes_on(last: str, of: str, value: int, unit: str) -> bool:
    """True where *value* may come after the number *last*; one number of a count may be missing."""
    return bool(of) == bool(unit) and 0 < value - number_value(last) <= 2
