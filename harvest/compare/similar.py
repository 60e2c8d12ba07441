"""Pairing clauses that are not equal: split and merged ones, edited ones in a gap, moved and edited ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set

from harvest.compare.candidates import likely_pairs
from harvest.compare.order import heaviest_chain_of_many
from harvest.compare.pairing import MOVED_MARGIN, MOVED_SIMILARITY, MOVED_WORDS, Pairing
from harvest.compare.runs import joined_runs
from harvest.compare.units import Unit, common, similarities, similarity

NEAR = 0.4  # least similarity in words of two clauses between the same neighbours in one section
ALONE = 0.25  # … of two that have nothing else beside them: a rewrite of the one clause there was
FAR = 0.5  # … at the same place of the document, in sections that are no pair
_SPLIT_GAIN = 0.7  # share of a neighbour's words that must have come from the clause it was split off
_SPLIT_WORDS = 3
_MATRIX = 10_000  # pairs of a gap that are all looked at; beyond it only those that share rare words


def pair_gap(state: Pairing, free_a: list[Unit], free_b: list[Unit], *, cutoff: float) -> None:
    """Pair the free clauses of one gap, in order: exact splits and merges first, then the best chain of edits."""
    pair_joined(state, free_a, free_b)
    free_a, free_b = state.free_a(free_a), state.free_b(free_b)
    if len(free_a) == len(free_b) == 1 and cutoff == NEAR:
        cutoff = ALONE
    for u, v in best_in_order(state, free_a, free_b, cutoff):
        state.pair([u], [v])
    extend_splits(state, free_a, free_b)


def pair_joined(state: Pairing, free_a: Sequence[Unit], free_b: Sequence[Unit]) -> None:
    """Pair runs of neighbours whose texts are equal when joined: one clause became two, or two became one."""
    keys_a, keys_b = [u.key for u in free_a], [v.key for v in free_b]
    places_a, places_b = [u.index for u in free_a], [v.index for v in free_b]
    for run in joined_runs(keys_a, places_a, keys_b, places_b):
        state.pair(free_a[run.a0 : run.a1], free_b[run.b0 : run.b1])


def best_in_order(
    state: Pairing, free_a: Sequence[Unit], free_b: Sequence[Unit], cutoff: float
) -> list[tuple[Unit, Unit]]:
    """Return the chain of pairs with the greatest similarity in words; nothing below *cutoff*."""
    n, m = len(free_a), len(free_b)
    if not n or not m:
        return []
    if n * m > _MATRIX:
        return _best_of_likely(state, free_a, free_b, cutoff)
    gain = _gains(state, free_a, free_b, cutoff)
    best = [[0.0] * (m + 1) for _ in range(n + 1)]
    for i in range(n - 1, -1, -1):
        if not any(gain[i]):
            best[i] = best[i + 1]
            continue
        row, below = best[i], best[i + 1]
        for j in range(m - 1, -1, -1):
            row[j] = max(below[j], row[j + 1], gain[i][j] + below[j + 1] if gain[i][j] else 0.0)
    pairs: list[tuple[Unit, Unit]] = []
    i = j = 0
    while i < n and j < m:
        if gain[i][j] and best[i][j] == gain[i][j] + best[i + 1][j + 1]:
            pairs.append((free_a[i], free_b[j]))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _best_of_likely(
    state: Pairing, free_a: Sequence[Unit], free_b: Sequence[Unit], cutoff: float
) -> list[tuple[Unit, Unit]]:
    """The same for gaps too wide to compare every clause with every other one."""
    gains = {(u.index, v.index): _gain(state, u, v, cutoff) for u, v in likely_pairs(free_a, free_b)}
    pairs = [pair for pair, gain in gains.items() if gain]
    chain = heaviest_chain_of_many(pairs, lambda pair: gains[pair])
    return [(state.a.units[a], state.b.units[b]) for a, b in chain]


def _gains(state: Pairing, free_a: Sequence[Unit], free_b: Sequence[Unit], cutoff: float) -> list[list[float]]:
    """Return what pairing each clause with each other one would gain, as `_gain` says: the row for each of *free_a*."""
    others: list[str] = []
    sizes: list[int] = []
    rows: list[list[float]] = []
    for u in free_a:
        a = u.symbols
        size = len(a)
        others = others or [v.symbols for v in free_b]
        sizes = sizes or [len(b) for b in others]
        # most pairs are told apart by their sizes alone
        near = [m for m, n in enumerate(sizes) if 2 * (size if size < n else n) >= cutoff * (size + n)]
        row = [0.0] * len(others)
        if not near:
            rows.append(row)
            continue
        if state.work.afford_all(size, [sizes[m] for m in near]):
            for m, alike in zip(near, similarities(a, [others[m] for m in near], cutoff=cutoff), strict=True):
                if alike:
                    row[m] = (alike - cutoff / 2) * (size + sizes[m])
        else:
            for m in near:
                row[m] = _gain_of(state, a, others[m], cutoff)
        rows.append(row)
    return rows


def _gain(state: Pairing, u: Unit, v: Unit, cutoff: float) -> float:
    return _gain_of(state, u.symbols, v.symbols, cutoff)


def _gain_of(state: Pairing, a: str, b: str, cutoff: float) -> float:
    size_a, size_b = len(a), len(b)
    both = size_a + size_b
    if 2 * (size_a if size_a < size_b else size_b) < cutoff * both or not state.work.afford(size_a, size_b):
        return 0.0
    alike = similarity(a, b, cutoff=cutoff)
    return (alike - cutoff / 2) * both if alike else 0.0


def extend_splits(state: Pairing, free_a: Sequence[Unit], free_b: Sequence[Unit]) -> None:
    """Add to an edited pair the neighbours that came out of it: clauses split or merged and edited as well."""
    around_a, around_b = {u.index: u for u in free_a}, {v.index: v for v in free_b}
    for u in free_a:
        group = state.group_of_a.get(u.index)
        if group is None or len(group.a) != 1 or len(group.b) != 1:
            continue
        v = state.b.units[group.b[0]]
        parts_b = _grow(state, u, v, around_b, state.left_b)
        parts_a = _grow(state, v, u, around_a, state.left_a) if len(parts_b) == 1 else [u]
        if len(parts_a) + len(parts_b) > 2:
            state.drop(group)
            state.pair(parts_a, parts_b)


def _grow(state: Pairing, whole: Unit, part: Unit, around: Mapping[int, Unit], left: Set[Unit]) -> list[Unit]:
    """Return *part* with the neighbours, *around* it and *left*, most of whose words came from *whole* too."""
    parts = [part]
    known = -1
    for step in (1, -1):
        while (unit := around.get(parts[-1 if step > 0 else 0].index + step)) is not None and unit in left:
            size = len(unit.symbols)
            if size < _SPLIT_WORDS or not state.work.afford(len(whole.symbols), sum(len(p.symbols) for p in parts)):
                break
            known = known if known >= 0 else common(whole.symbols, part.symbols)
            longer = [*parts, unit] if step > 0 else [unit, *parts]
            together = common(whole.symbols, "".join(p.symbols for p in longer))
            if together - known < _SPLIT_GAIN * size:
                break
            parts, known = longer, together
    return parts


def pair_far(state: Pairing, free_a: Sequence[Unit], free_b: Sequence[Unit]) -> None:
    """Pair long clauses that are much alike wherever they stand, if no other comes near."""
    long_a = [u for u in free_a if len(u.symbols) >= MOVED_WORDS]
    long_b = [v for v in free_b if len(v.symbols) >= MOVED_WORDS]
    if not long_a or not long_b:
        return
    scores: dict[tuple[int, int], float] = {}
    for u, v in likely_pairs(long_a, long_b):
        if not state.work.afford(len(u.symbols), len(v.symbols)):
            return
        alike = similarity(u.symbols, v.symbols, cutoff=MOVED_SIMILARITY - MOVED_MARGIN)
        if alike:
            scores[u.index, v.index] = alike
    best_a, best_b = _two_best(scores, 0), _two_best(scores, 1)
    for (a_index, b_index), alike in sorted(scores.items(), key=lambda item: (-item[1], item[0])):
        clear = alike - max(best_a[a_index][1], best_b[b_index][1]) >= MOVED_MARGIN
        if alike >= MOVED_SIMILARITY and clear and alike == best_a[a_index][0] == best_b[b_index][0]:
            state.pair([state.a.units[a_index]], [state.b.units[b_index]])


def _two_best(scores: dict[tuple[int, int], float], side: int) -> dict[int, tuple[float, float]]:
    by_unit: dict[int, list[float]] = defaultdict(list)
    for pair, alike in scores.items():
        by_unit[pair[side]].append(alike)
    best: dict[int, tuple[float, float]] = {}
    for unit, values in by_unit.items():
        first, second, *_ = (*sorted(values, reverse=True), 0.0)
        best[unit] = first, second
    return best
