"""Levels of headings as a reader sees them: by mark-up, by number, else by which style came first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harvest.text.headings_proposal import Proposal
from harvest.text.headings_ranks import Rank, rank_headings
from harvest.text.headings_title import in_title
from harvest.text.headings_words import names_policy

TITLE = 1  # level of the document's own title, where it is a heading of the text
TOP = 2  # level of the main sections


@dataclass(frozen=True, slots=True)
class _Open:
    """A heading whose section is not closed yet."""

    rank: Rank
    level: int
    number: str


def assign_levels(
    headings: Sequence[Proposal], listed: Mapping[int, tuple[int, int]] | None = None, *, title: str = ""
) -> list[int]:
    """Return a level for each heading, `TOP` for the main sections and one more for each step down.

    Mark-up levels rank as the author wrote them and above every style without mark-up; those rank by their first
    appearance; headings that the text runs on from are below all others; a decimal number goes below its prefix.
    Headings of one count (1, 2, 3 …) and those that a table of contents lists (*listed*: line to depth and parts of
    its number) are siblings, whatever they look like. A first heading that names the document stands above the
    sections: the only one of mark-up level 1, or one whose words say so or stand in the *title* of the page; the
    latter stands beside the sections where the page has a title.
    """
    first = headings[0] if headings else None
    if first and first.style == "markup" and first.level == 1 and all(h.level != 1 for h in headings[1:]):
        return [TITLE, *_levels(headings[1:], listed or {})]
    named = (
        first and first.line < 3 and not first.number and (names_policy(first.title) or in_title(first.title, title))
    )
    if named and not _is_one_of_several(headings):
        return [TOP if title else TITLE, *_levels(headings[1:], listed or {})]
    return _levels(headings, listed or {})


def _is_one_of_several(headings: Sequence[Proposal]) -> bool:
    """True where the first heading is marked up like the sections, or names one document of several on the page."""
    alike = [h for h in headings[1:] if h.level and h.level == headings[0].level]
    return len(alike) >= 2 or any(h.level == 1 and names_policy(h.title) for h in alike)


def _levels(headings: Sequence[Proposal], listed: Mapping[int, tuple[int, int]]) -> list[int]:
    stack: list[_Open] = []
    levels = []
    for heading, rank in zip(headings, rank_headings(headings, listed), strict=True):
        parent = _prefix_position(stack, heading)
        if parent is not None:
            del stack[parent + 1 :]
        else:
            while stack and stack[-1].rank >= rank:
                stack.pop()
        level = stack[-1].level + 1 if stack else TOP + (rank[1] if heading.parts > 1 else 0)
        levels.append(level)
        stack.append(_Open(rank, level, heading.number))
    return levels


def _prefix_position(stack: Sequence[_Open], heading: Proposal) -> int | None:
    """Where in *stack* the heading stands that a decimal number belongs under, None if nowhere."""
    if heading.parts < 2:
        return None
    prefix = heading.number.split()[-1].rsplit(".", 1)[0]
    return next((n for n in range(len(stack) - 1, -1, -1) if stack[n].number.split(" ")[-1] == prefix), None)
