"""Pairing clauses: equal ones in order, inside sections and far off; then split, merged and similar ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import partial

from harvest.compare import align_pieces, similar
from harvest.compare.order import Pair, gaps, heaviest_chain, pair_in_order
from harvest.compare.pairing import MOVED_WORDS, Group, Pairing
from harvest.compare.units import Side, Unit


def pair_equal_in_order(state: Pairing) -> None:
    """Pair equal clauses along the documents: first the same markdown, then the same folded text."""
    chain = set(heaviest_chain(sorted(state.section_mate.items()), lambda pair: 1.0))
    for key in (_markdown, _key):
        if len(state.group_of_a) == len(state.a.units) or len(state.group_of_b) == len(state.b.units):
            return
        # the second time only clauses left by the first pair, and mostly none of them are equal
        if key is _key and _none_equal(map(key, state.free_a(state.a.units)), map(key, state.free_b(state.b.units))):
            return
        anchors_b = {v: n for n, (_, v) in enumerate(sorted(chain))}
        anchors_a = {u: n for n, (u, _) in enumerate(sorted(chain))}
        items_a, keys_a = _lay_out(state.a, state.group_of_a, anchors_a, key, state.heading_a)
        items_b, keys_b = _lay_out(state.b, state.group_of_b, anchors_b, key, state.heading_b)
        for n, m in pair_in_order(keys_a, keys_b, partial(_weight_of_first, items_a)):
            u, v = items_a[n], items_b[m]
            if u is not None and v is not None and u.index not in state.group_of_a and v.index not in state.group_of_b:
                state.pair([u], [v])


def _none_equal(keys_a: Iterable[str], keys_b: Iterable[str]) -> bool:
    """Return whether no key is on both sides, the empty one aside, which pairs with nothing."""
    known = set(keys_a)
    known.discard("")
    return known.isdisjoint(keys_b)


def _weight_of_first(items: Sequence[Unit | None], pair: Pair) -> float:
    """How much it takes to say that a heading or clause moved."""
    unit = items[pair[0]]
    return 2 if unit is None else unit.words + 1


def _markdown(unit: Unit) -> str:
    return unit.markdown


def _key(unit: Unit) -> str:
    return unit.key


def _lay_out(
    side: Side, grouped: dict[int, Group], anchors: dict[int, int], key: Callable[[Unit], str], headings: list[str]
) -> tuple[list[Unit | None], list[Hashable]]:
    """Return headings and clauses in order with the keys to pair them by; what is settled becomes an anchor."""
    items: list[Unit | None] = []
    keys: list[Hashable] = []
    for number, units in enumerate(side.of_section):
        items.append(None)
        keys.append(-1 - anchors[number] if number in anchors else headings[number] and ("h", headings[number]))
        items += units
        for unit in units:
            group = grouped.get(unit.index)
            if group is None:
                keys.append(key(unit))
            else:
                keys.append(1 + group.a[0] if len(group.a) == len(group.b) == 1 else "")
    return items, keys


def pair_equal_inside_sections(state: Pairing) -> None:
    """Pair equal clauses of two sections that are a pair, in whatever order."""
    for i, j in sorted(state.section_mate.items()):
        _pair_unique(state, state.free_a(state.a.of_section[i]), state.free_b(state.b.of_section[j]), min_words=1)


def pair_equal_far(state: Pairing) -> None:
    """Pair equal clauses wherever they stand if they are long and occur once among what is left.

    Or twice on both sides if they are longer still: where a page has a text of two parts, a rule moves in both.
    """
    _pair_unique(state, state.free_a(state.a.units), state.free_b(state.b.units), min_words=MOVED_WORDS)
    _pair_twins(state, state.free_a(state.a.units), state.free_b(state.b.units))


def _pair_unique(state: Pairing, free_a: list[Unit], free_b: list[Unit], *, min_words: int) -> None:
    for key in (_markdown, _key):
        free_a, free_b = state.free_a(free_a), state.free_b(free_b)
        if not free_a or not free_b:
            return
        if _none_equal(map(key, free_a), map(key, free_b)):
            continue
        count_a, count_b = Counter(map(key, free_a)), Counter(map(key, free_b))
        where = {key(v): v for v in free_b if count_b[key(v)] == 1}
        for u in free_a:
            k = key(u)
            if k and k in where and count_a[k] == 1 and u.words >= min_words:
                state.pair([u], [where[k]])


_TWIN_WORDS = 20  # of clauses that stand twice: shorter ones are what an offer or a button says again


def _pair_twins(state: Pairing, free_a: Sequence[Unit], free_b: Sequence[Unit]) -> None:
    """Pair long clauses that are left exactly twice on both sides, the first with the first."""
    if len(free_a) < 2 or len(free_b) < 2 or _none_equal(map(_key, free_a), map(_key, free_b)):
        return
    twins: dict[str, tuple[list[Unit], list[Unit]]] = {}
    for side, units in enumerate((free_a, free_b)):
        for unit in units:
            if unit.words >= _TWIN_WORDS:
                twins.setdefault(_key(unit), ([], []))[side].append(unit)
    for before, after in twins.values():
        if len(before) == len(after) == 2:
            for u, v in zip(before, after, strict=True):
                state.pair([u], [v])


def pair_similar_inside_sections(state: Pairing) -> None:
    """Pair what was split, merged or edited between equal clauses of two sections that are a pair."""
    for i, j in sorted(state.section_mate.items()):
        for free_a, free_b in _gaps_between(state, state.a.of_section[i], state.b.of_section[j]):
            similar.pair_gap(state, free_a, free_b, cutoff=similar.NEAR)


def pair_similar_in_gaps(state: Pairing) -> None:
    """The same between paired clauses along the whole documents, whatever the sections, on better evidence."""
    for free_a, free_b in _gaps_between(state, state.a.units, state.b.units):
        similar.pair_gap(state, free_a, free_b, cutoff=similar.FAR)


def pair_pieces_in_gaps(state: Pairing) -> None:
    """Pair clauses with the many that hold their words, between paired clauses along the whole documents."""
    for free_a, free_b in _gaps_between(state, state.a.units, state.b.units):
        align_pieces.pair_pieces(state, free_a, free_b)


def pair_similar_far(state: Pairing) -> None:
    """Pair clauses that were moved and edited, where there is no doubt."""
    similar.pair_far(state, state.free_a(state.a.units), state.free_b(state.b.units))


def _gaps_between(
    state: Pairing, units_a: Sequence[Unit], units_b: Sequence[Unit]
) -> list[tuple[list[Unit], list[Unit]]]:
    """Return the stretches of free clauses between pairs that keep their order; the clauses given are neighbours."""
    if not state.any_free(units_a, units_b):
        return []
    start_a, start_b, size_b = units_a[0].index, units_b[0].index, len(units_b)
    if len(units_a) == len(state.a.units):
        groups = state.groups()
    else:
        groups = [state.group_of_a[u.index] for u in units_a if u.index in state.group_of_a]
    pairs = {
        (group.a[0] - start_a, group.b[0] - start_b): group
        for group in groups
        if group.a[0] >= start_a and 0 <= group.b[0] - start_b < size_b
    }
    chain = heaviest_chain(list(pairs), lambda pair: state.weight(pairs[pair]))
    found = []
    for gap in gaps(chain, len(units_a), size_b):
        free_a, free_b = state.free_a(units_a[gap.a0 : gap.a1]), state.free_b(units_b[gap.b0 : gap.b1])
        if free_a and free_b:
            found.append((free_a, free_b))
    return found
