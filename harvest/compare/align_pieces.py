"""Pairing one clause with the many that hold its words: a paragraph laid out in lines or cut into its sentences.

Between such a piece and the paragraph there is no likeness to speak of, so they are found by what they hold.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from harvest.compare.candidates import likely_pairs
from harvest.compare.pairing import Pairing
from harvest.compare.units import Unit, common, similarity

_WHOLE = 20  # words of a clause that may hold others
_PIECE = 4  # words of a piece that is looked for; shorter ones come along between two that are found
_HELD = 0.7  # share of the words of a piece that must stand, in order, in the whole
_SHARE = 0.8  # of the words of the whole that one piece may be as many as; a longer one is no piece
_BETWEEN = 3  # short pieces in a row: an address that was cut at its stops
_MATRIX = 1_000  # pairs of clauses and pieces that are told apart by their words sooner than by those that are rare
_ALIKE = 0.5  # similarity of the whole with its pieces together


def pair_pieces(state: Pairing, free_a: Sequence[Unit], free_b: Sequence[Unit]) -> None:
    """Pair, in the order of both sides, clauses of one side with runs of neighbours of the other that they hold."""
    for many, wholes, flipped in ((free_a, free_b, False), (free_b, free_a, True)):
        free = state.free_b if flipped else state.free_a
        other = state.free_a if flipped else state.free_b
        many, wholes = free(many), [v for v in other(wholes) if len(v.symbols) >= _WHOLE]
        if len(many) < 2 or not wholes:
            continue
        held = _held(state, many, wholes)
        start = 0
        for v in wholes:
            if len(held.get(v.index, ())) < 2:
                continue
            first, last = _run(many, held[v.index], start)
            run = many[first:last]
            if len(run) > 1 and similarity("".join(u.symbols for u in run), v.symbols) >= _ALIKE:
                state.pair(*(([v], run) if flipped else (run, [v])))
                start = last


def _held(state: Pairing, many: Sequence[Unit], wholes: Sequence[Unit]) -> dict[int, set[int]]:
    """Return, by whole, which clauses stand in it."""
    longest = _SHARE * max([len(v.symbols) for v in wholes])
    pieces = [u for u in many if _PIECE <= len(u.symbols) <= longest]
    held: dict[int, set[int]] = defaultdict(set)
    if len(pieces) < 2 or (len(pieces) * len(wholes) <= _MATRIX and not any(_may_hold(pieces, v) for v in wholes)):
        return held
    for u, v in likely_pairs(pieces, wholes):
        size = len(u.symbols)
        if size > _SHARE * len(v.symbols) or not state.work.afford(size, len(v.symbols)):
            continue
        if common(u.symbols, v.symbols) >= _HELD * size:
            held[v.index].add(u.index)
    return held


def _may_hold(pieces: Sequence[Unit], whole: Unit) -> bool:
    """Return whether most words of two pieces may stand in a clause: not where too many different ones are lacking."""
    letters, found = whole.letters, 0
    for u in pieces:
        size = len(u.symbols)
        found += size - len(u.letters - letters) >= _HELD * size
        if found > 1:
            return True
    return False


def _run(many: Sequence[Unit], held: set[int], start: int) -> tuple[int, int]:
    """Return the longest stretch of neighbours, from *start* on, that are held; a few short ones may lie between."""
    best, first, last, short = (0, 0), -1, -1, 0
    for n in range(start, len(many)):
        parted = n > start and many[n].index != many[n - 1].index + 1
        if first >= 0 and (parted or short > _BETWEEN):
            first = -1
        if many[n].index in held:
            first, short = (n if first < 0 else first), 0
            last = n + 1
            best = max(best, (first, last), key=lambda run: run[1] - run[0])
        elif len(many[n].symbols) < _PIECE + 1:
            short += 1
        else:
            first = -1
    return best
