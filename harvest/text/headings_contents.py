"""Tables of contents: lists of short lines that come back, in order, as the headings of the text below.

What a contents list names is a heading of the first order, however it is marked up; its entries themselves are not.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
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


def find_contents(lines: Sequence[Line]) -> Contents:
    """Find runs of at least 3 short lines most of which come back later in the document as lines of their own."""
    keys = [title_key(line.text) if len(line.text) <= _LONGEST_ENTRY else "" for line in lines]
    places: dict[str, list[int]] = {}
    for index, key in enumerate(keys):
        places.setdefault(key, []).append(index)
    entries: set[int] = set()
    listed: dict[int, int] = {}
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and _may_list(lines[end], keys[end]):
            end += 1
        back = [n for n in range(start, end) if places[keys[n]][-1] >= end]
        run = range(back[0], back[-1] + 1) if back else range(0)
        if len(back) >= _SHORTEST and len(back) * 5 >= len(run) * 3:
            entries.update(run)
            for n in back:
                known = places[keys[n]]
                listed.setdefault(known[bisect_left(known, end)], lines[n].depth)
        start = max(end, start) + 1
    return Contents(frozenset(entries), listed)


def _may_list(line: Line, key: str) -> bool:
    return bool(key) and line.kind in ("item", "paragraph")
