"""Which clause and section of one text became which of another.

Exact before similar, near before far, and silence where the evidence is thin: what pairs with nothing was added or
removed. `align` runs the steps; each step lives in a module of its own and only ever adds pairs.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from harvest.compare import align_clauses, align_sections, align_turned
from harvest.compare.order import Pair, heaviest_chain
from harvest.compare.pairing import Alignment, Group, Pairing, moved_runs
from harvest.compare.units import Side, Vocabulary, Work, common, prepare
from harvest.model import Section


def align(before: Sequence[Section], after: Sequence[Section], *, work: Work | None = None) -> Alignment:
    """Pair the sections and clauses of two texts.

    Every section and clause appears exactly once: in one pair or group, or in none. Pairs come in reading order of
    the text before. Symmetric up to the direction of the pairs only if called in one canonical direction, as
    `harvest.compare.compare` does. Deterministic; bounded by *work*.
    """
    vocabulary = Vocabulary()
    identical = align_sections.identical(before, after)
    a = prepare(before, vocabulary, whole={i for i, _ in identical})
    b = prepare(after, vocabulary, whole={j for _, j in identical})
    state = Pairing(a, b, work or Work())
    align_sections.pair_identical(state, identical)
    align_clauses.pair_equal_in_order(state)
    align_sections.pair_by_heading_and_content(state)
    align_clauses.pair_equal_inside_sections(state)
    align_clauses.pair_equal_far(state)
    align_sections.pair_by_content_far(state)
    align_turned.pair_turned_headings(state)
    align_clauses.pair_similar_inside_sections(state)
    if align_sections.pair_by_position(state):
        align_clauses.pair_similar_inside_sections(state)
    align_clauses.pair_similar_in_gaps(state)
    align_clauses.pair_pieces_in_gaps(state)
    if align_sections.pair_by_content_near(state):
        align_clauses.pair_similar_inside_sections(state)
    align_clauses.pair_similar_far(state)
    if align_sections.pair_by_content_far(state):  # now with the clauses that were edited as well
        align_clauses.pair_similar_inside_sections(state)
    align_turned.pair_run_in_headings(state)
    align_turned.pair_edited_headings(state)
    return _settle(state)


def _settle(state: Pairing) -> Alignment:
    """Decide what stayed in place and what moved."""
    sections = sorted(state.section_mate.items())
    kept = set(section_chain(state, sections))
    sections = [pair for pair in sections if pair in kept or _is_same_section(state, *pair)]
    moved_sections = frozenset(pair for pair in sections if pair not in kept)
    groups = free = state.groups()
    swapped: set[Group] = set()
    if moved_sections:
        for group in groups:
            if state.sections_of(group) in moved_sections and state.spans_sections(group):
                state.drop(group)  # a moved section is told of as a whole, what reaches beyond it is not
        groups = state.groups()
        free = [g for g in groups if state.sections_of(g) not in moved_sections]
        inside: dict[Pair, list[Group]] = {}
        for group in groups:
            if (pair := state.sections_of(group)) in moved_sections:
                inside.setdefault(pair, []).append(group)
        for some in inside.values():
            swapped.update(g for g in _out_of_order(state, some) if state.sure_to_have_moved(g))
    moved = _out_of_order(state, free)
    doubtful = {g for g in moved if not state.sure_to_have_moved(g)}
    return Alignment(
        a=state.a,
        b=state.b,
        sections=tuple(sections),
        moved_sections=moved_sections,
        groups=tuple(g for g in groups if g not in doubtful),
        moved=frozenset(swapped.union(moved) - doubtful),
        turned=tuple(state.turned),
        work=state.work,
    )


def _out_of_order(state: Pairing, groups: Sequence[Group]) -> list[Group]:
    """Return the groups that had to move for the others to stay in order."""
    place = {(g.a[0], g.b[0]): g for g in groups}
    chain = set(heaviest_chain(list(place), lambda pair: state.weight(place[pair])))
    return [g for pair, g in place.items() if pair not in chain]


def _is_same_section(state: Pairing, i: int, j: int) -> bool:
    """Return whether a pair that is out of order is one section that moved, and not a new one of the same name."""
    units_a, units_b = state.a.of_section[i], state.b.of_section[j]
    if [u.key for u in units_a] == [v.key for v in units_b]:
        return True
    known = {state.group_of_a[u.index] for u in units_a if u.index in state.group_of_a}
    sides = [(_symbols(state.a, group.a), _symbols(state.b, group.b)) for group in known]
    shared = sum(common(a, b) for a, b in sides if state.work.afford(len(a), len(b)))
    total = sum(len(u.symbols) for u in (*units_a, *units_b))
    return 2 * shared >= MOVED_SHARE * total


MOVED_SHARE = 0.5  # of the words of a section that moved were there before: a heading alone is no evidence


def _symbols(side: Side, indices: Sequence[int]) -> str:
    return "".join(side.units[n].symbols for n in indices)


def section_chain(state: Pairing, pairs: Sequence[Pair]) -> list[Pair]:
    """Return the section pairs that stay in place, such that as few moves as possible remain to be told.

    Sections that move together are one move, above all a section with its subsections, so it may pay to weigh
    these less than sections; where subsections moved between sections, it does not. Of the two chains the one with
    fewer moves is taken, then the one with fewer moved words.
    """
    if all(left[1] < right[1] for left, right in pairwise(pairs)):
        return list(pairs)
    total = sum([unit.words for side in (state.a, state.b) for unit in side.units]) + 1
    depth = _depths([section.level for section in state.b.sections])

    def words(pair: Pair) -> float:
        return state.section_words(*pair) / total

    def chain(subsection: float) -> list[Pair]:
        return heaviest_chain(pairs, lambda pair: (1 + words(pair)) * subsection ** min(depth[pair[1]], 4))

    def cost(kept: list[Pair]) -> tuple[int, float]:
        moved = set(pairs) - set(kept)
        return len(moved_runs(moved)), sum(map(words, sorted(moved)))

    return min((chain(1.0), chain(_SUBSECTION)), key=cost)


_SUBSECTION = 0.1  # ten subsections weigh as much as a section


def _depths(levels: Sequence[int]) -> list[int]:
    """Return for each section how many headings it stands under."""
    depths: list[int] = []
    open_levels: list[int] = []
    for level in levels:
        while open_levels and open_levels[-1] >= level:
            open_levels.pop()
        depths.append(len(open_levels))
        open_levels.append(level)
    return depths


__all__ = ["Alignment", "Group", "align"]
