"""Headings that became clauses and clauses that became headings: the words stayed, the mark-up changed.

Whether a line without mark-up is a heading depends on what follows it: with the one clause under it gone, it reads
as a clause. Without this step that would show as a section removed and a clause added.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from sys import maxsize
from typing import NamedTuple

from harvest.compare.folded_words import key_of
from harvest.compare.order import Pair, heaviest_chain
from harvest.compare.pairing import Pairing, Turned
from harvest.compare.runs import joined_runs
from harvest.compare.units import Side, Unit, similarities
from harvest.text.fold import begins_plainly, split_number


class _Piece(NamedTuple):
    """A free heading or a free clause. *place* counts headings and clauses along the document."""

    place: int
    heading: int
    unit: int


def pair_turned_headings(state: Pairing) -> None:
    """Pair runs of free headings and clauses that are the same words when joined, between the same neighbours."""
    headings_a = [i for i in range(len(state.a.sections)) if state.free_section_a(i) and state.a.sections[i].heading]
    headings_b = [j for j in range(len(state.b.sections)) if state.free_section_b(j) and state.b.sections[j].heading]
    if not (headings_a and state.left_b) and not (headings_b and state.left_a):
        return
    for pieces_a, pieces_b in _gaps_with_headings(state, headings_a, headings_b):
        _pair_runs(state, pieces_a, pieces_b)


def pair_edited_headings(state: Pairing) -> None:
    """Pair what is left of headings with clauses much like them, at the same place: turned, and edited as well."""
    headings_a = [i for i in range(len(state.a.sections)) if state.free_section_a(i) and state.a.sections[i].heading]
    headings_b = [j for j in range(len(state.b.sections)) if state.free_section_b(j) and state.b.sections[j].heading]
    if not headings_a and not headings_b:
        return
    for pieces_a, pieces_b in _gaps_with_headings(state, headings_a, headings_b):
        if len(pieces_a) * len(pieces_b) > _MATRIX:
            continue
        for _, p, q in sorted(_much_alike(state, pieces_a, pieces_b)):
            if _is_free(state, p, q):
                state.turn(Turned(_headings([p]), _units([p]), _headings([q]), _units([q])))


_MATRIX = 10_000  # pairs of a gap that are looked at; a wider one was written anew
_MUCH_LIKE = 0.65  # share of words; what is shown as one change should read as one


def _much_alike(
    state: Pairing, pieces_a: Sequence[_Piece], pieces_b: Sequence[_Piece]
) -> list[tuple[float, _Piece, _Piece]]:
    """Return the pairs of headings with clauses that are much alike, and how much, as a negative number."""
    likely: list[tuple[float, _Piece, _Piece]] = []
    others: dict[bool, tuple[list[_Piece], list[int], list[str]]] = {}
    for is_heading in {p.heading >= 0 for p in pieces_a}:
        turned = [q for q in pieces_b if (q.heading < 0) == is_heading]
        sizes, symbols = [len(_key(state.b, q)) for q in turned], [_symbols(state.b, q) for q in turned]
        others[is_heading] = turned, sizes, symbols
    for p in pieces_a:
        turned, sizes, symbols = others[p.heading >= 0]
        if not turned:
            continue
        size = len(_key(state.a, p))
        if not state.work.afford_all(size, sizes):
            affordable = [n for n, other in enumerate(sizes) if state.work.afford(size, other)]
            turned, symbols = [turned[n] for n in affordable], [symbols[n] for n in affordable]
        alike = similarities(_symbols(state.a, p), symbols, cutoff=_MUCH_LIKE)
        likely += [(-share, p, q) for share, q in zip(alike, turned, strict=True) if share]
    return likely


def _symbols(side: Side, piece: _Piece) -> str:
    if piece.heading < 0:
        return side.units[piece.unit].symbols
    return side.symbols(side.sections[piece.heading].heading)


def _is_free(state: Pairing, p: _Piece, q: _Piece) -> bool:
    free_a = state.free_section_a(p.heading) if p.heading >= 0 else state.a.units[p.unit] in state.left_a
    return free_a and (state.free_section_b(q.heading) if q.heading >= 0 else state.b.units[q.unit] in state.left_b)


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
            if not key or not whole.startswith(key) or part.startswith(key):
                continue
            at_home = set(_anchors(state)) if at_home is None else at_home
            if (u.place, v.place) in at_home:
                state.drop(group)
                ours = (number,)
                state.turn(Turned(ours if a is state.a else (), group.a, ours if a is state.b else (), group.b))


def _key(side: Side, piece: _Piece) -> str:
    """The key of a heading or clause without the number, or two, that it begins with."""
    if piece.heading >= 0:
        return _heading_key(side.sections[piece.heading].heading)
    unit = side.units[piece.unit]
    if begins_plainly(unit.text):
        return unit.key
    text = _unnumbered(unit.text)
    return unit.key if text == unit.text else key_of(text)


@lru_cache(maxsize=10_000)  # asked for twice in an alignment; headings recur in every version of a policy
def _heading_key(heading: str) -> str:
    return key_of(_unnumbered(heading))


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


def _gaps_with_headings(
    state: Pairing, headings_a: Sequence[int], headings_b: Sequence[int]
) -> list[tuple[list[_Piece], list[_Piece]]]:
    """Return what is free between two anchors on both sides, in order, where it holds a heading on either."""
    anchors = _anchors(state)
    between_a = _Between(state.a, headings_a, state.free_a(state.a.units), [a for a, _ in anchors])
    between_b = _Between(state.b, headings_b, state.free_b(state.b.units), [b for _, b in anchors])
    gaps = ((between_a.pieces(n), between_b.pieces(n)) for n in sorted(between_a.gaps() | between_b.gaps()))
    return [(pieces_a, pieces_b) for pieces_a, pieces_b in gaps if pieces_a and pieces_b]


class _Between:
    """The free headings and clauses of a side, by the gap they are in: gap *n* ends with anchor *n*."""

    def __init__(self, side: Side, headings: Sequence[int], units: Sequence[Unit], anchors: Sequence[int]) -> None:
        self._units, self._anchors = units, anchors
        self._headings = [_Piece(side.heading_place[number], number, -1) for number in headings]
        self._places = [unit.place for unit in units], [piece.place for piece in self._headings]

    def gaps(self) -> set[int]:
        """Return the gaps that hold a heading."""
        return {bisect_left(self._anchors, place) for place in self._places[1]}

    def pieces(self, gap: int) -> list[_Piece]:
        """Return what is in a gap, in order."""
        start = self._anchors[gap - 1] if gap else -1
        end = self._anchors[gap] if gap < len(self._anchors) else maxsize
        units, headings = (slice(bisect_left(places, start), bisect_left(places, end)) for places in self._places)
        pieces = [_Piece(unit.place, -1, unit.index) for unit in self._units[units]]
        return sorted([*pieces, *self._headings[headings]])


def _pair_runs(state: Pairing, free_a: Sequence[_Piece], free_b: Sequence[_Piece]) -> None:
    keys_a, keys_b = [_key(state.a, p) for p in free_a], [_key(state.b, p) for p in free_b]
    places_a, places_b = [p.place for p in free_a], [p.place for p in free_b]
    for run in joined_runs(keys_a, places_a, keys_b, places_b):
        run_a, run_b = free_a[run.a0 : run.a1], free_b[run.b0 : run.b1]
        if any(piece.heading >= 0 for piece in (*run_a, *run_b)):
            state.turn(Turned(_headings(run_a), _units(run_a), _headings(run_b), _units(run_b)))


def _headings(pieces: Sequence[_Piece]) -> tuple[int, ...]:
    return tuple(p.heading for p in pieces if p.heading >= 0)


def _units(pieces: Sequence[_Piece]) -> tuple[int, ...]:
    return tuple(p.unit for p in pieces if p.unit >= 0)
