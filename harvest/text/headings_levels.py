"""Levels of headings as a reader sees them: by mark-up, by number, else by which style came first."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from harvest.text.headings_propose import Proposal

TOP = 2  # level of the main sections; 1 is the document's own title


def assign_levels(headings: Sequence[Proposal]) -> list[int]:
    """Return a level for each heading, `TOP` for the main sections and one more for each step down.

    Mark-up levels rank as the author wrote them and above every style without mark-up; those rank by their first
    appearance; headings that the text runs on from are below all others; a decimal number goes below its prefix.
    """
    ranks = _rank_styles(headings)
    stack: list[tuple[int, str]] = []
    levels = []
    for heading, key in zip(headings, _keys(headings), strict=True):
        rank = ranks[key]
        parent = _prefix_position(stack, heading.number)
        if parent is not None:
            del stack[parent + 1 :]
        else:
            while stack and stack[-1][0] >= rank:
                stack.pop()
        levels.append(TOP + len(stack))
        stack.append((rank, heading.number))
    return levels


def _keys(headings: Sequence[Proposal]) -> list[Hashable]:
    return [_key(heading) for heading in headings]


def _key(heading: Proposal) -> Hashable:
    """What makes two headings siblings to the eye."""
    if heading.style == "markup":
        return ("markup", heading.level)
    if heading.number_kind == "digit":
        return ("digit", heading.style.startswith("bold"))
    if heading.run_in:
        return ("run-in", heading.look[1])
    if heading.style in ("bare", "question", "colon"):
        return "plain"
    return heading.look


def _rank_styles(headings: Sequence[Proposal]) -> dict[Hashable, int]:
    """Order the styles: mark-up by level, then others by first appearance, run-ins last."""
    seen: dict[Hashable, Proposal] = {}
    for heading in headings:
        seen.setdefault(_key(heading), heading)
    order = sorted(
        enumerate(seen.items()),
        key=lambda entry: (_group(entry[1][0]), entry[1][1].level, entry[0]),
    )
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
