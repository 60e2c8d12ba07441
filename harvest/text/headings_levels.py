"""Levels of headings as a reader sees them: by mark-up, by number, else by which style came first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from itertools import pairwise

from harvest.text.headings_propose import Proposal
from harvest.text.headings_words import names_policy

TITLE = 1  # level of the document's own title, where it is a heading of the text
TOP = 2  # level of the main sections
PLAIN = "plain"


def assign_levels(
    headings: Sequence[Proposal], listed: Mapping[int, int] | None = None, *, titled: bool = False
) -> list[int]:
    """Return a level for each heading, `TOP` for the main sections and one more for each step down.

    Mark-up levels rank as the author wrote them and above every style without mark-up; those rank by their first
    appearance; headings that the text runs on from are below all others; a decimal number goes below its prefix.
    Headings of one count (1, 2, 3 …) and those that a table of contents lists (*listed*: line to depth) are
    siblings, whatever they look like. A first heading that names the document stands above the sections, or beside
    them where the page has a title already (*titled*).
    """
    if headings and headings[0].line < 3 and names_policy(headings[0].title) and not headings[0].number:
        return [TOP if titled else TITLE, *_levels(headings[1:], listed or {})]
    return _levels(headings, listed or {})


def _levels(headings: Sequence[Proposal], listed: Mapping[int, int]) -> list[int]:
    keys = _keys(headings)
    ranks = _rank_styles(headings, keys)
    keys = _level_out(_count_of(headings), keys, ranks)
    keys = _level_out([listed.get(h.line) if not h.run_in else None for h in headings], keys, ranks)
    stack: list[tuple[int, str]] = []
    levels = []
    for heading, key in zip(headings, keys, strict=True):
        parent = _prefix_position(stack, heading.number)
        if parent is not None:
            del stack[parent + 1 :]
        else:
            while stack and stack[-1][0] >= ranks[key]:
                stack.pop()
        levels.append(TOP + len(stack))
        stack.append((ranks[key], heading.number))
    return levels


def _keys(headings: Sequence[Proposal]) -> list[Hashable]:
    """Return for each heading what makes it a sibling of others to the eye.

    One or two headings that happen to be marked up among many plain ones are of their kind; plain questions among
    marked-up questions are of theirs. Within one mark-up level two ways of numbering make two levels.
    """
    keys = [_key(heading) for heading in headings]
    counts = Counter(keys)
    asked = Counter(key for key, h in zip(keys, headings, strict=True) if h.style == "markup" and h.title[-1:] == "?")
    ways = Counter((key, h.number_kind) for key, h in zip(keys, headings, strict=True) if h.number_kind)
    mixed = {key for key in counts if sum(1 for (of, _), count in ways.items() if of == key and count >= 2) >= 2}

    def look(heading: Proposal, key: Hashable) -> Hashable:
        if heading.style == "question" and asked and asked.most_common(1)[0][1] >= 2:
            return asked.most_common(1)[0][0]
        if heading.style != "markup":
            return key
        rare = counts[key] <= 2 and counts[PLAIN] >= 4 * counts[key] and key != keys[0]
        if rare and not names_policy(heading.title):
            return PLAIN
        return ("markup", heading.level, heading.number_kind) if key in mixed and heading.number_kind else key

    return [look(heading, key) for heading, key in zip(headings, keys, strict=True)]


def _key(heading: Proposal) -> Hashable:
    if heading.style == "markup":
        return ("markup", heading.level)
    if heading.number_kind == "digit":
        return ("digit", heading.style.startswith("bold"))
    if heading.run_in:
        return ("run-in", heading.look[1])
    short = heading.style == "capitals" and len(heading.title) <= 6  # FAQ, SWREG: written so in any style
    return PLAIN if short or heading.style in ("bare", "question", "colon", "stopped") else heading.look


def _count_of(headings: Sequence[Proposal]) -> list[int | None]:
    """Return 0 for the headings of the one count 1, 2, 3 … that runs through the document, None for others."""
    digits = [n for n, heading in enumerate(headings) if heading.number_kind == "digit" and not heading.run_in]
    values = [int(headings[n].number.split()[-1]) for n in digits]
    steady = len(values) >= 3 and all(0 < b - a <= 2 for a, b in pairwise(values))
    counted = frozenset(digits) if steady else frozenset()
    return [0 if n in counted else None for n in range(len(headings))]


def _level_out(groups: Sequence[int | None], keys: Sequence[Hashable], ranks: Mapping[Hashable, int]) -> list[Hashable]:
    """Give all headings of a group the highest-ranking style in it."""
    best: dict[int, Hashable] = {}
    for group, key in zip(groups, keys, strict=True):
        if group is not None and (group not in best or ranks[key] < ranks[best[group]]):
            best[group] = key
    return [key if group is None else best[group] for group, key in zip(groups, keys, strict=True)]


def _rank_styles(headings: Sequence[Proposal], keys: Sequence[Hashable]) -> dict[Hashable, int]:
    """Order the styles: mark-up by level, then others by first appearance, run-ins last."""
    seen: dict[Hashable, Proposal] = {}
    for heading, key in zip(headings, keys, strict=True):
        seen.setdefault(key, heading)
    order = sorted(enumerate(seen.items()), key=lambda e: (_group(e[1][0]), e[1][1].level, e[0]))
    return {key: rank for rank, (_, (key, _)) in enumerate(order)}


def _group(key: Hashable) -> int:
    if isinstance(key, tuple) and key[0] == "markup":
        return 0
    return 2 if isinstance(key, tuple) and key[0] == "run-in" else 1


def _prefix_position(stack: Sequence[tuple[int, str]], number: str) -> int | None:
    """Where in *stack* the heading stands that a decimal number belongs under, None if nowhere."""
    if "." not in number:
        return None
    prefix = number.rsplit(".", 1)[0]
    return next((n for n in range(len(stack) - 1, -1, -1) if stack[n][1].split(" ")[-1:] == [prefix]), None)
