"""Tables of contents: lists of short lines that come back, in order, as the headings of the text below.

What a contents list names is a heading of the first order, however it is marked up; its entries themselves are not.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from harvest.text.fold import fold
from harvest.text.headings_lines import Line, strip_ornament

_SHORTEST = 3  # entries: two lines that recur are a coincidence
_LONGEST_ENTRY = 150  # characters
_SIGNS = re.compile(r"[\W_]+")
_JOINER = re.compile(r" (?:and|or)$")


@dataclass(frozen=True, slots=True)
class Contents:
    """Indexes of the lines that are *entries* of a contents list, and of those *listed* in one, with their depth."""

    entries: frozenset[int] = frozenset()
    listed: dict[int, int] = field(default_factory=dict)


def title_key(text: str) -> str:
    """Return the form in which an entry and its heading are the same: folded, without signs or a final "and"."""
    return _JOINER.sub("", _SIGNS.sub(" ", fold(strip_ornament(text))).strip())


def find_contents(lines: Sequence[Line], headings: Iterable[int]) -> Contents:
    """Find runs of at least 3 short lines most of which come back later in the document, in order, as *headings*.

    *headings*: indexes of lines that look like headings. Linear but for the lookups.
    """
    places: dict[str, list[int]] = {}
    for index in headings:
        places.setdefault(title_key(lines[index].text), []).append(index)
    keys = [title_key(line.text) if _may_list(line) else "" for line in lines]
    entries: set[int] = set()
    listed: dict[int, int] = {}
    start = 0
    while start < len(lines):
        end, seen = start, set[str]()
        while end < len(lines) and keys[end] and keys[end] not in seen:
            seen.add(keys[end])
            end += 1
        matched = _match_in_order(range(start, end), keys, places, end)
        run = range(min(matched), max(matched) + 1) if matched else range(0)
        if len(matched) >= _SHORTEST and len(matched) * 5 >= len(run) * 3:
            entries.update(run)
            for entry, heading in matched.items():
                listed.setdefault(heading, lines[entry].depth)
        start = max(end, start + 1)
    return Contents(frozenset(entries), listed)


def _match_in_order(run: range, keys: Sequence[str], places: Mapping[str, Sequence[int]], after: int) -> dict[int, int]:
    """Return for lines of *run* the heading each names, the first after that of the entry before it."""
    matched: dict[int, int] = {}
    for entry in run:
        known = places.get(keys[entry], ())
        position = bisect_left(known, after)
        if position < len(known):
            matched[entry] = known[position]
            after = known[position] + 1
    return matched


def _may_list(line: Line) -> bool:
    return line.kind in ("item", "paragraph") and len(line.text) <= _LONGEST_ENTRY and line.text.count(" ") < 16
