"""Which headings of a document look alike, and which of two looks stands above the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence, Set
from itertools import pairwise

from harvest.text.headings_proposal import Proposal, find_parents, number_value
from harvest.text.headings_words import names_policy

PLAIN = "plain"
_SHORT = 6  # letters: FAQ, SWREG are written in capitals in any style, if no longer title is
Rank = tuple[int, int]  # of the style, then of the parts of an outline number; smaller stands above


def rank_headings(headings: Sequence[Proposal], listed: Mapping[int, int]) -> list[Rank]:
    """Return a rank for each heading: equal ones are siblings, a larger one is below.

    *listed* maps the lines that a table of contents names to the depth of their entry.
    """
    keys = _keys(headings)
    named = [_entry(heading, listed) for heading in headings]
    order = _order_styles(headings, keys, {key for key, entry in zip(keys, named, strict=True) if entry is not None})
    keys = _level_out(_count_of(headings), keys, order)
    keys = _level_out(named, keys, order)
    return _rank_outline(headings, keys, order)


def _entry(heading: Proposal, listed: Mapping[int, int]) -> Hashable:
    """What the entry of a heading in a table of contents says of its level; None where it has none."""
    depth = listed.get(heading.line)
    return None if depth is None or heading.run_in else (depth, max(1, heading.parts))


def _rank_outline(headings: Sequence[Proposal], keys: Sequence[Hashable], order: Mapping[Hashable, int]) -> list[Rank]:
    """Rank by style; in a document with an outline (3, 3.1, 3.1.2) its headings by the parts of their numbers."""
    digits = [order[key] for heading, key in zip(headings, keys, strict=True) if heading.parts == 1]
    decimals = sum(1 for heading in headings if heading.parts > 1)
    if len(digits) < 2 or decimals < 2:
        return [(order[key], 0) for key in keys]
    base = min(digits)
    hosts: dict[Hashable, Rank] = {}  # styles that outline headings use lend their rank to others of that style
    for heading, key in zip(headings, keys, strict=True):
        if heading.parts and not heading.run_in:
            hosts[key] = min(hosts.get(key, (base, 99)), (base, heading.parts - 1))
    return [
        (base, heading.parts - 1) if heading.parts and not heading.run_in else hosts.get(key, (order[key], 0))
        for heading, key in zip(headings, keys, strict=True)
    ]


def _keys(headings: Sequence[Proposal]) -> list[Hashable]:
    """Return for each heading what makes it a sibling of others to the eye.

    One or two headings that happen to be marked up among many plain ones are of their kind; plain questions among
    marked-up questions are of theirs. Within one mark-up level two ways of numbering make two levels.
    """
    spelled = any(heading.style == "capitals" and len(heading.title) > _SHORT for heading in headings)
    keys = [_key(heading, spelled) for heading in headings]
    counts = Counter(keys)
    asked = Counter(key for key, h in zip(keys, headings, strict=True) if h.style == "markup" and h.title[-1:] == "?")
    roman = any(h.number_kind == "roman" and len(h.number.split()[-1]) > 1 for h in headings)
    kinds = ["letter" if h.number_kind == "roman" and not roman else h.number_kind for h in headings]
    ways = Counter((key, kind) for key, kind in zip(keys, kinds, strict=True) if kind)
    mixed = {key for key in counts if sum(1 for (of, _), count in ways.items() if of == key and count >= 2) >= 2}

    def look(heading: Proposal, key: Hashable, kind: str) -> Hashable:
        if heading.style == "question" and asked and asked.most_common(1)[0][1] >= 2:
            return asked.most_common(1)[0][0]
        if heading.style != "markup":
            return key
        rare = counts[key] <= 2 and counts[PLAIN] >= 4 * counts[key] and key != keys[0]
        if rare and not names_policy(heading.title):
            return PLAIN
        return ("markup", heading.level, kind) if key in mixed and kind else key

    return [look(heading, key, kind) for heading, key, kind in zip(headings, keys, kinds, strict=True)]


def _key(heading: Proposal, spelled: bool) -> Hashable:
    if heading.style == "markup":
        return ("markup", heading.level)
    if heading.number_kind == "digit":
        return ("digit", heading.style.startswith("bold"), heading.bracketed)
    if heading.run_in:
        return ("run-in", heading.look[1])
    short = heading.style == "capitals" and len(heading.title) <= _SHORT and not spelled
    return PLAIN if short or heading.style in ("bare", "question", "colon", "stopped") else heading.look


def _count_of(headings: Sequence[Proposal]) -> list[int | None]:
    """Return 0 for the headings of the one count 1, 2, 3 … that runs through the document, None for others."""
    counted = [h.number_kind == "digit" and not h.run_in and not h.bracketed for h in headings]
    digits = [n for n, counts in enumerate(counted) if counts]
    values = [number_value(headings[n].number) for n in digits]
    steady = len(values) >= 3 and all(0 < b - a <= 2 for a, b in pairwise(values))
    one_count = frozenset(digits) if steady else frozenset()
    return [0 if n in one_count else None for n in range(len(headings))]


def _level_out(groups: Sequence[Hashable], keys: Sequence[Hashable], ranks: Mapping[Hashable, int]) -> list[Hashable]:
    """Give all headings of a group the highest-ranking style in it."""
    best: dict[Hashable, Hashable] = {}
    for group, key in zip(groups, keys, strict=True):
        if group is not None and (group not in best or ranks[key] < ranks[best[group]]):
            best[group] = key
    return [key if group is None else best[group] for group, key in zip(groups, keys, strict=True)]


def _order_styles(headings: Sequence[Proposal], keys: Sequence[Hashable], listed: Set[Hashable]) -> dict[Hashable, int]:
    """Order the styles: mark-up by level, those of a table of contents, others by first appearance, run-ins last.

    Plain headings stand above a mark-up level where they are the parents of its headings.
    """
    lifted = min(find_parents(headings).values(), default=0)
    seen: dict[Hashable, tuple[int, int, int]] = {}
    for position, (heading, key) in enumerate(zip(headings, keys, strict=True)):
        group = 0 if heading.level and key != PLAIN else 3 if heading.run_in else 1 if key in listed else 2
        place = (0, lifted, -1) if lifted and key == PLAIN else (group, heading.level, position)
        seen.setdefault(key, place)
    return {key: rank for rank, key in enumerate(sorted(seen, key=lambda key: seen[key]))}
