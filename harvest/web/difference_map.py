"""The map beside a difference: its sections with a bar each, for what came and what went. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from harvest.web.difference_model import DiffPage, FoldedSections, Group, Part


@dataclass(frozen=True, slots=True)
class Entry:
    """A section with changes: its words that came and went, and how far they reach, of a bar of 100.

    Or a run of *folded* sections without changes.
    """

    anchor: str = ""
    name: str = ""
    came: int = 0
    went: int = 0
    came_width: float = 0.0
    went_width: float = 0.0
    folded: int = 0


def entries(page: DiffPage, parts: Iterable[Part]) -> Iterator[Entry]:
    """Yield the entries for *parts* of a page, in their order; places that a section left have none.

    The section of the page that changed most has the longest bar.
    """
    most = page.most
    for part in parts:
        if isinstance(part, FoldedSections):
            yield Entry(folded=len(part.sections))
        elif isinstance(part, Group):
            came, went = part.words_added, part.words_removed
            name = f"{part.number} {part.heading or 'Opening'}".strip()
            yield Entry(part.anchor, name, came, went, round(100 * came / most, 1), round(100 * went / most, 1))
