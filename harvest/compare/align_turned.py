"""Headings that became clauses and clauses that became headings: the words stayed, the mark-up changed.

Whether a line without mark-up is a heading depends on what follows it: with the one clause under it gone, it reads
as a clause. Without this step that would show as a section removed and a clause added.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from operator import attrgetter
from typing import NamedTuple

from harvest.compare.folded_words import key_of
from harvest.compare.hunks import Hunk
from harvest.compare.order import Pair, heaviest_chain
from harvest.compare.pairing import Pairing, Turned
from harvest.compare.runs import joined_runs
from harvest.compare.units import Side, Unit, similarity
from harvest.text.fold import begins_plainly, split_number


class _Piece(NamedTuple):
    """A free heading or a free clause, its number left out. *place* counts headings and clauses along the document."""

    key: str
    place: int
    heading: int = -1
    unit: int = -1


def pair_turned_headings(state: Pairing) -> None:
    """Pair runs of free headings and clauses that are the same words when joined, between the same neighbours."""
    headings_a = [i for i in range(len(state.a.sections)) if state.free_section_a(i) and state.a.sections[i].heading]
    headings_b = [j for j in range(len(state.b.sections)) if state.free_section_b(j) and state.b.sections[j].heading]
    units_a, units_b = state.free_a(state.a.units), state.free_b(state.b.units)
    if not (headings_a and units_b) and not (headings_b and units_a):
        return
    pieces_a, pieces_b = _pieces(state.a, headings_a, units_a), _pieces(state.b, headings_b, units_b)
    anchors = _anchors(state)
    for gap in _gaps(anchors, pieces_a, pieces_b):
        _pair_runs(state, pieces_a[gap.a0 : gap.a1], pieces_b[gap.b0 : gap.b1])


def pair_edited_headings(state: Pairing) -> None:
    """Pair what is left of headings with clauses much like them, at the same place: turned, and edited as well."""
    headings_a = [i for i in range(len(state.a.sections)) if state.free_section_a(i) and state.a.sections[i].heading]
    headings_b = [j for j in range(len(state.b.sections)) if state.free_section_b(j) and state.b.sections[j].heading]
    if not headings_a and not headings_b:
        return
    units_a, units_b = state.free_a(state.a.units), state.free_b(state.b.units)
    pieces_a, pieces_b = _pieces(state.a, headings_a, units_a), _pieces(state.b, headings_b, units_b)
    for gap in _gaps(_anchors(state), pieces_a, pieces_b):
        if (gap.a1 - gap.a0) * (gap.b1 - gap.b0) > _MATRIX:
            continue
        symbols_a, symbols_b = _Symbols(state.a, pieces_a), _Symbols(state.b, pieces_b)
        likely: list[tuple[float, int, int]] = []
        for x in range(gap.a0, gap.a1):
            for y in range(gap.b0, gap.b1):
                p, q = pieces_a[x], pieces_b[y]
                if (p.heading >= 0) != (q.heading >= 0) and state.work.afford(len(p.key), len(q.key)):
                    alike = similarity(symbols_a[x], symbols_b[y], cutoff=_MUCH_LIKE)
                    likely += [(-alike, x, y)] if alike else []
        for _, x, y in sorted(likely):
            p, q = pieces_a[x], pieces_b[y]
            if _is_free(state, p, q):
                state.turn(Turned(_headings([p]), _units([p]), _headings([q]), _units([q])))


_MATRIX = 10_000  # pairs of a gap that are looked at; a wider one was written anew
_MUCH_LIKE = 0.65  # share of words; what is shown as one change should read as one


class _Symbols(dict[int, str]):
    """The symbols of pieces, by their position in the list, made when first asked for."""

    def __init__(self, side: Side, pieces: Sequence[_Piece]) -> None:
        self._side, self._pieces = side, pieces

    def __missing__(self, n: int) -> str:
        side, piece = self._side, self._pieces[n]
        heading = side.sections[piece.heading].heading if piece.heading >= 0 else ""
        found = self[n] = side.units[piece.unit].symbols if piece.heading < 0 else side.symbols(heading)
        return found


def _is_free(state: Pairing, p: _Piece, q: _Piece) -> bool:
    free_a = state.free_section_a(p.heading) if p.heading >= 0 else bool(state.free_a([state.a.units[p.unit]]))
    return free_a and (
        state.free_section_b(q.heading) if q.heading >= 0 else bool(state.free_b([state.b.units[q.unit]]))
    )


def pair_run_in_headings(state: Pairing) -> None:
    """Pair headings that run into their first clause on the other side, where that clause was edited as well.

    Without this step the words of such a heading would show as a section removed and as words added, or back.
    """
    at_home: set[Pair] | None = None
    for a, free, group_of in (
        (state.a, state.free_section_a, state.group_of_a),
        (state.b, state.free_section_b, state.group_of_b),
    ):
        for number, units in enumerate(a.of_section):
            heading = a.sections[number].heading
            group = group_of.get(units[0].index) if units and heading and free(number) else None
            if group is None or len(group.a) != 1 or len(group.b) != 1:
                continue
            u, v = state.a.units[group.a[0]], state.b.units[group.b[0]]
            key, whole, part = key_of(heading), (v if a is state.a else u).key, units[0].key
            at_home = set(_anchors(state)) if at_home is None else at_home
            if key and whole.startswith(key) and not part.startswith(key) and (u.place, v.place) in at_home:
                state.drop(group)
                ours = (number,)
                state.turn(Turned(ours if a is state.a else (), group.a, ours if a is state.b else (), group.b))


def _pieces(side: Side, headings: Sequence[int], units: Sequence[Unit]) -> list[_Piece]:
    pieces = [_Piece(_unit_without_number(unit), unit.place, unit=unit.index) for unit in units]
    for number in headings:
        key = _without_number(side.sections[number].heading)
        pieces.append(_Piece(key, side.heading_place[number], heading=number))
    return sorted(pieces, key=attrgetter("place"))


def _unit_without_number(unit: Unit) -> str:
    if begins_plainly(unit.text):
        return unit.key
    text = _unnumbered(unit.text)
    return unit.key if text == unit.text else key_of(text)


def _without_number(text: str) -> str:
    """The key of a heading without the number, or two, that it begins with."""
    return key_of(_unnumbered(text))


def _unnumbered(text: str) -> str:
    start, rest = text[:_NUMBERED], text[_NUMBERED:]
    for _ in range(2):
        title = split_number(start)[1]
        if title == start:
            break
        start = title
    return start + rest


_NUMBERED = 300  # characters of a clause that are looked at; no number is as long


def _anchors(state: Pairing) -> list[Pair]:
    pairs = [(state.a.heading_place[i], state.b.heading_place[j]) for i, j in state.section_mate.items()]
    pairs += [(state.a.units[g.a[0]].place, state.b.units[g.b[0]].place) for g in state.groups()]
    return heaviest_chain(pairs, lambda pair: 1.0)


def _gaps(anchors: Sequence[Pair], pieces_a: Sequence[_Piece], pieces_b: Sequence[_Piece]) -> list[Hunk]:
    """Return the stretches of pieces (by position in the lists) that lie between two anchors on both sides."""
    places_a, places_b = [p.place for p in pieces_a], [p.place for p in pieces_b]
    ends = [(bisect_left(places_a, a), bisect_left(places_b, b)) for a, b in anchors]
    ends.append((len(pieces_a), len(pieces_b)))
    found: list[Hunk] = []
    i = j = 0
    for a, b in ends:
        if a > i and b > j:
            found.append(Hunk(i, a, j, b))
        i, j = max(i, a), max(j, b)
    return found


def _pair_runs(state: Pairing, free_a: Sequence[_Piece], free_b: Sequence[_Piece]) -> None:
    keys_a, keys_b = [p.key for p in free_a], [p.key for p in free_b]
    places_a, places_b = [p.place for p in free_a], [p.place for p in free_b]
    for run in joined_runs(keys_a, places_a, keys_b, places_b):
        run_a, run_b = free_a[run.a0 : run.a1], free_b[run.b0 : run.b1]
        if any(piece.heading >= 0 for piece in (*run_a, *run_b)):
            state.turn(Turned(_headings(run_a), _units(run_a), _headings(run_b), _units(run_b)))


def _headings(pieces: Sequence[_Piece]) -> tuple[int, ...]:
    return tuple(p.heading for p in pieces if p.heading >= 0)


def _units(pieces: Sequence[_Piece]) -> tuple[int, ...]:
    return tuple(p.unit for p in pieces if p.unit >= 0)
