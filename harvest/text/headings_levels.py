"""Levels of headings as a reader sees them: by mark-up, by number, else by which style came first."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

from harvest.text.headings_propose import Proposal

TOP = 2  # level of the main sections; 1 is the document's own title


def assign_levels(headings: Sequence[Proposal], listed: Mapping[int, int] | None = None) -> list[int]:
    """Return a level for each heading, `TOP` for the main sections and one more for each step down.

    Mark-up levels rank as the author wrote them and above every style without mark-up; those rank by their first
    appearance; headings that the text runs on from are below all others; a decimal number goes below its prefix.
    Headings of one count (1, 2, 3 …) and those that a table of contents lists (*listed*: line to depth) are
    siblings, whatever they look like.
    """
    keys = [_key(heading) for heading in headings]
    ranks = _rank_styles(headings, keys)
    keys = _level_out(_count_of(headings), keys, ranks)
    if listed:
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


def _key(heading: Proposal) -> Hashable:
    """What makes two headings siblings to the eye."""
    if heading.style == "markup":
        return ("markup", heading.level)
    if heading.number_kind == "digit":
        return ("digit", heading.style.startswith("bold"))
    if heading.run_in:
        return ("run-in", heading.look[1])
    if heading.style in ("bare", "question", "colon") or (heading.style == "capitals" and len(heading.title) <= 6):
        return "plain"  # a short name in capitals (FAQ, SWREG) is written so in any style
    return heading.look


def _count_of(headings: Sequence[Proposal]) -> list[int | None]:
    """Return 0 for the headings of the one count 1, 2, 3 … that runs through the document, None for others."""
    digits = [n for n, heading in enumerate(headings) if heading.number_kind == "digit" and not heading.run_in]
    values = [int(headings[n].number.split()[-1]) for n in digits]
    steady = len(values) >= 3 and all(0 < b - a <= 2 for a, b in zip(values, values[1:], strict=False))
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
