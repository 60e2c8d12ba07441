"""Which headings of a document look alike, and which of two looks stands above the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence, Set
from dataclasses import dataclass

from harvest.text.headings_counts import beside_numbers, counts_of
from harvest.text.headings_proposal import Proposal, find_parents, unit_of
from harvest.text.headings_words import names_policy

PLAIN = "plain"
_SHORT = 6  # letters: FAQ, SWREG are written in capitals in any style, if no longer title is


@dataclass(frozen=True, slots=True)
class Deep:
    """A way to look like a heading, in a list inside the list of others that look so."""

    key: Hashable
    depth: int


Rank = tuple[int, int]  # of the style, then of the parts of an outline number; smaller stands above


def rank_headings(headings: Sequence[Proposal], listed: Mapping[int, tuple[int, int]]) -> list[Rank]:
    """Return a rank for each heading: equal ones are siblings, a larger one is below.

    *listed* maps the lines that a table of contents names to the depth of their entry and the parts of its number.
    """
    keys = beside_numbers(headings, _keys(headings))
    named = [_entry(heading, listed) for heading in headings]
    order = _order_styles(headings, keys, {key for key, entry in zip(keys, named, strict=True) if entry is not None})
    keys = _level_out(counts_of(headings, keys), keys, order)
    keys = _level_out(named, keys, order)
    parts = [heading.parts or listed.get(heading.line, (0, 0))[1] for heading in headings]
    return _rank_outline(headings, parts, keys, order)


def _entry(heading: Proposal, listed: Mapping[int, tuple[int, int]]) -> Hashable:
    """What the entry of a heading in a table of contents says of its level; None where it has none."""
    entry = listed.get(heading.line)
    return None if entry is None or heading.run_in else (entry[0], max(1, heading.parts or entry[1]))


def _rank_outline(
    headings: Sequence[Proposal], parts: Sequence[int], keys: Sequence[Hashable], order: Mapping[Hashable, int]
) -> list[Rank]:
    """Rank by style; in a document with an outline (3, 3.1, 3.1.2) its headings by the *parts* of their numbers."""
    digits = [order[key] for count, key in zip(parts, keys, strict=True) if count == 1]
    decimals = sum(1 for count in parts if count > 1)
    if len(digits) < 2 or decimals < 2:
        return [(order[key], 0) for key in keys]
    base = min(digits)
    hosts: dict[Hashable, Rank] = {}  # styles that outline headings use lend their rank to others of that style
    for heading, count, key in zip(headings, parts, keys, strict=True):
        if count and not heading.run_in:
            hosts[key] = min(hosts.get(key, (base, 99)), (base, count - 1))
    return [
        (base, count - 1) if count and not heading.run_in else hosts.get(key, (order[key], 0))
        for heading, count, key in zip(headings, parts, keys, strict=True)
    ]


def _keys(headings: Sequence[Proposal]) -> list[Hashable]:
    """Return for each heading what makes it a sibling of others to the eye.

    One or two headings that happen to be marked up among many plain ones are of their kind; plain questions among
    marked-up questions are of theirs. Within one mark-up level two ways of numbering make two levels.
    """
    spelled = any(heading.style == "capitals" and len(heading.title) > _SHORT for heading in headings)
    keys = _by_depth(headings, [_key(heading, spelled) for heading in headings])
    counts = Counter(keys)
    asked = Counter(key for key, h in zip(keys, headings, strict=True) if h.style == "markup" and h.title[-1:] == "?")
    roman = any(h.number_kind == "roman" and len(h.number.split()[-1]) > 1 for h in headings)
    kinds = ["letter" if h.number_kind == "roman" and not roman else h.number_kind for h in headings]
    ways = Counter((key, kind) for key, kind in zip(keys, kinds, strict=True) if kind)
    mixed = {key for key in counts if sum(1 for (of, _), count in ways.items() if of == key and count >= 2) >= 2}

    def look(heading: Proposal, key: Hashable, kind: str) -> Hashable:
        if heading.style == "question" and asked and asked.most_common(1)[0][1] >= 2:
            return asked.most_common(1)[0][0]
        if heading.style != "markup" or isinstance(key, Deep):
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
        return ("digit", heading.style.startswith("bold"), heading.bracketed, unit_of(heading.number))
    if heading.run_in:
        return ("run-in", heading.look[1])
    short = heading.style == "capitals" and len(heading.title) <= _SHORT and not spelled
    return PLAIN if short or heading.style in ("bare", "question", "colon", "stopped") else heading.look


def _by_depth(headings: Sequence[Proposal], keys: Sequence[Hashable]) -> list[Hashable]:
    """Part what looks alike by the depth of the list it stands in: names of items in a list inside a list are below.

    Marked-up headings are parted only where those in lists come between others again and again: a list may hold the
    whole document but for its first section.
    """
    depths: dict[Hashable, set[int]] = {}
    turns: Counter[Hashable] = Counter()
    last: dict[Hashable, int] = {}
    for heading, key in zip(headings, keys, strict=True):
        depths.setdefault(key, set()).add(heading.depth)
        turns[key] += heading.depth > last.get(key, heading.depth)
        last[key] = heading.depth
    deep = {
        key
        for heading, key in zip(headings, keys, strict=True)
        if len(depths[key]) > 1 and (turns[key] >= 2 if heading.level else heading.look[1] is True)
    }
    return [
        Deep(key, heading.depth) if key in deep and heading.depth > min(depths[key]) else key
        for heading, key in zip(headings, keys, strict=True)
    ]


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
    seen: dict[Hashable, tuple[int, int, int, int]] = {}
    for position, (heading, key) in enumerate(zip(headings, keys, strict=True)):
        if isinstance(key, Deep):
            group, level, first, _ = seen.get(key.key, (_group(heading, key.key, listed), heading.level, position, 0))
            seen.setdefault(key, (group, level, first, key.depth))
            continue
        group = _group(heading, key, listed)
        place = (0, lifted, -1, 0) if lifted and key == PLAIN else (group, heading.level, position, 0)
        seen.setdefault(key, place)
    return {key: rank for rank, key in enumerate(sorted(seen, key=lambda key: seen[key]))}


def _group(heading: Proposal, key: Hashable, listed: Set[Hashable]) -> int:
    return 0 if heading.level and key != PLAIN else 3 if heading.run_in else 1 if key in listed else 2
