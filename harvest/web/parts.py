"""Long texts in parts, so that no page is heavier than a phone likes: which clauses stand on which page. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from harvest.model import Clause, Section

if TYPE_CHECKING:
    from harvest.web.host import Visit

#: Bytes of a part. With what stands around the words a page stays below 200 KB.
PART_BYTES = 110_000
#: Contents of more headings than this are left to the parts themselves.
MAX_CONTENTS = 400

Item = TypeVar("Item")
Weigh = Callable[[int, int, Clause], int]


@dataclass(frozen=True, slots=True)
class PartSection:
    """A section, or the piece of it that stands on a part. *index* of the section, *first* clause of the piece."""

    index: int
    first: int
    section: Section

    @property
    def goes_on(self) -> bool:
        """True where the section began on the part before."""
        return self.first > 0


@dataclass(frozen=True, slots=True)
class Parts:
    """One part of a text. *number* of *count*, from 1; *homes*: the part each section begins on."""

    number: int
    count: int
    sections: tuple[PartSection, ...]
    homes: tuple[int, ...]


def part_number(visit: Visit) -> int:
    """Return the part a request asks for with ``?part=``; the first where it says nothing."""
    return visit.number("part", 1, most=100_000)


def bytes_of(text: str) -> int:
    """Return how many bytes a text takes on a page, about: letters beyond ASCII take two or three."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "replace"))


def _plain(section: int, place: int, clause: Clause) -> int:
    return bytes_of(clause.text) + 60


def part_of(sections: Sequence[Section], number: int, *, weigh: Weigh = _plain, limit: int = PART_BYTES) -> Parts:
    """Return part *number* (from 1; beyond the last: the last) of a text.

    Breaks fall between sections; one that is longer than *limit* is broken between clauses. A clause is never cut:
    one longer than *limit* has a part of its own.
    """
    pieces: list[PartSection] = []
    weights: list[int] = []
    for index, section in enumerate(sections):
        sizes = [weigh(index, place, clause) for place, clause in enumerate(section.clauses)]
        for piece in fill(range(len(sizes)), sizes, limit) or [[]]:
            first = piece[0] if piece else 0
            clauses = section.clauses[first : first + len(piece)]
            pieces.append(PartSection(index, first, replace(section, clauses=clauses)))
            weights.append(sum(sizes[place] for place in piece) + 200 + bytes_of(section.heading))
    parts = fill(pieces, weights, limit) or [[]]
    homes = {piece.index: place for place, part in reversed([*enumerate(parts, 1)]) for piece in part}
    chosen = min(max(1, number), len(parts))
    return Parts(chosen, len(parts), tuple(parts[chosen - 1]), tuple(homes[index] for index in range(len(sections))))


def fill(items: Iterable[Item], weights: Sequence[int], limit: int) -> list[list[Item]]:
    """Put items into parts in their order, each as full as *limit* allows.

    >>> fill("abcd", [3, 3, 9, 1], 6)
    [['a', 'b'], ['c'], ['d']]
    """
    parts: list[list[Item]] = []
    load = 0
    for item, weight in zip(items, weights, strict=True):
        if not parts or load + weight > limit:
            parts.append([])
            load = 0
        parts[-1].append(item)
        load += weight
    return parts
