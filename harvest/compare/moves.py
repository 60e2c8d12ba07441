"""What moved: from where and to where, in words, and the place in reading order that it left."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from harvest.compare.change import Maker, beginning
from harvest.compare.pairing import Alignment
from harvest.compare.places import Place, Places
from harvest.compare.units import Side, Unit
from harvest.model import Change, Departure, Same

Placed = tuple[Place, Change | Same]


@dataclass(frozen=True, slots=True)
class Move:
    """Where something stood (*left*: its old place in the order of the text after), and both places in words."""

    left: Place
    section: int
    beginning: str
    origin: str
    destination: str
    is_section: bool = False


class Moves:
    """Collects the moves of one alignment while its lines are made."""

    def __init__(self, alignment: Alignment, make: Maker, places: Places) -> None:
        self._a, self._b = alignment.a, alignment.b
        self._make, self._places = make, places
        self._told: list[tuple[Change, Move]] = []

    def of_clause(self, u: Unit, v: Unit) -> Move:
        """Return the move of a clause: between sections by their headings, inside one by what it stood below."""
        origin, destination = self._make.headings_a[u.section], self._make.headings_b[v.section]
        says = (
            f"from “{origin}”" if origin else "from the opening",
            f"to “{destination}”" if destination else "to the opening",
        )
        if self._make.is_inside(u, v):
            says = f"inside its section, from {_inside(self._a, u)}", f"to {_inside(self._b, v)}"
            if says[0].endswith(_TOP) and says[1].endswith(_TOP):  # others moved past it
                says = "inside its section", "inside its section"
        return Move(self._places.before(u.place, section=u.section), u.section, beginning(u.text), *says)

    def of_section(self, i: int, j: int, *, paragraph: bool) -> Move:
        """Return the move of a section by the headings it stood and stands below; a *paragraph* may be one."""
        section = self._a.sections[i]
        name = self._make.headings_a[i] or beginning(section.clauses[0].text if section.clauses else "")
        origin, destination = _below(self._make.headings_a[:i]), _below(self._make.headings_b[:j])
        left = self._places.before(self._a.heading_place[i], section=i)
        return Move(left, i, name, f"from {origin}", f"to {destination}", not paragraph)

    def tell(self, change: Change, move: Move) -> Change:
        """Record that *change* tells of *move*; return the change."""
        self._told.append((change, move))
        return change

    def departures(self, lines: Sequence[Placed]) -> tuple[Departure, ...]:
        """Return the places that were left among *lines*, which are in reading order, in that order too."""
        if not self._told:
            return ()
        places = [place for place, _ in lines]
        number = {id(line): n for n, (_, line) in enumerate(lines)}
        told = sorted(self._told, key=lambda each: each[1].left)
        marks = [(bisect_left(places, move.left), number[id(change)]) for change, move in told]
        along = [0] * len(told)  # counted from the last: what follows at once, both where it stood and where it stands
        for n in range(len(told) - 2, -1, -1):
            if _is_along(told[n], told[n + 1]) and (marks[n][0], marks[n][1] + 1) == marks[n + 1]:
                along[n] = along[n + 1] + 1
        return tuple(
            Departure(
                at=at,
                line=line,
                before_section=move.section,
                heading_before=self._make.headings_a[move.section],
                beginning=move.beginning,
                origin=move.origin,
                destination=move.destination,
                is_section=move.is_section,
                along=count,
            )
            for (at, line), (_, move), count in zip(marks, told, along, strict=True)
        )


def _is_along(first: tuple[Change, Move], second: tuple[Change, Move]) -> bool:
    """Return whether two moves are clauses of one section, before and after."""
    sections = [(move.section, change.after_section, move.is_section) for change, move in (first, second)]
    return sections[0] == sections[1]  # two moves of sections are of two


_TOP = "its top"


def _inside(side: Side, unit: Unit) -> str:
    above = side.units[unit.index - 1] if unit.index else None
    return f"below “{beginning(above.text)}”" if above and above.section == unit.section else _TOP


def _below(headings: Sequence[str]) -> str:
    above = next((heading for heading in reversed(headings) if heading), "")
    return f"below “{above}”" if above else "the top"
