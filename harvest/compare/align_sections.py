"""Pairing sections: the same in every word, then by heading and content, then by place."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence

from harvest.compare.order import Pair, gaps, heaviest_chain
from harvest.compare.pairing import Pairing
from harvest.compare.units import Side, similarities
from harvest.model import Section

# Share of the words of two sections that must be paired clauses before they are called the same section.
MIN_SHARED = 0.35
# Similarity in words of two sections at the same place whose clauses could not be paired one by one.
MIN_SIMILAR = 0.5
# … and of two that have no other beside them.
MIN_SIMILAR_ALONE = 0.35
MIN_HEADING = 0.6


def identical(before: Sequence[Section], after: Sequence[Section]) -> list[Pair]:
    """Return the sections that are the same in heading and every clause and occur once on both sides."""
    keys_a, keys_b = list(map(_digest, before)), list(map(_digest, after))
    count_a, count_b = Counter(keys_a), Counter(keys_b)
    where = {key: j for j, key in enumerate(keys_b) if count_b[key] == 1 and key != _EMPTY}
    return [(i, where[key]) for i, key in enumerate(keys_a) if key in where and count_a[key] == 1]


_EMPTY: Hashable = ("", ())


def _digest(section: Section) -> Hashable:
    return section.heading, tuple([clause.markdown for clause in section.clauses])


def pair_identical(state: Pairing, pairs: Iterable[Pair]) -> None:
    """Pair sections found to be `identical` and, one by one, what they hold."""
    for i, j in pairs:
        state.pair_sections(i, j)
        for u, v in zip(state.a.of_section[i], state.b.of_section[j], strict=True):
            state.pair([u], [v])


def pair_by_heading_and_content(state: Pairing) -> None:
    """Pair sections by a heading that both sides hold once, then by the words their paired clauses share."""
    if not _any_left(state):
        return
    count_a, count_b = Counter(state.heading_a), Counter(state.heading_b)
    where = {h: j for j, h in enumerate(state.heading_b) if count_b[h] == 1}
    for i, heading in enumerate(state.heading_a):
        if count_a[heading] == 1 and heading in where:
            _pair_free(state, i, where[heading])
    if not _any_left(state):
        return
    shared = _shared_words(state)
    _pair_beside(state)
    _pair_best(state, {pair: words for pair, words in shared.items() if state.same_heading(*pair)}, MIN_SHARED)
    _pair_beside(state)
    _pair_best(state, shared, MIN_SHARED)
    _pair_repeated_headings(state)


def pair_by_content_far(state: Pairing) -> bool:
    """Pair sections that moved under another heading: most of their words are in clauses that are pairs.

    Return whether any was.
    """
    count = len(state.section_mate)
    if _any_left(state):
        _pair_best(state, _shared_words(state), MIN_SIMILAR)
    return len(state.section_mate) > count


def pair_by_content_near(state: Pairing) -> bool:
    """Pair what is left of sections by clauses found to be edited at the same place; return whether any was."""
    count = len(state.section_mate)
    if _any_left(state):
        _pair_best(state, _shared_words(state), MIN_SHARED)
    return len(state.section_mate) > count


def _any_left(state: Pairing) -> bool:
    """Return whether sections of both sides are in no pair yet."""
    return len(state.section_mate) < min(len(state.a.sections), len(state.b.sections))


def _pair_best(state: Pairing, shared: dict[Pair, int], least: float) -> None:
    free = [pair for pair in shared if state.free_section_a(pair[0]) and state.free_section_b(pair[1])]
    for score, (i, j) in sorted([(-_score(state, pair, shared[pair]), pair) for pair in free]):
        if -score >= least:
            _pair_free(state, i, j)


def _shared_words(state: Pairing) -> dict[Pair, int]:
    """Return how many words of paired clauses two sections share, of which neither is in a pair."""
    shared: dict[Pair, int] = defaultdict(int)
    units_a, units_b = state.a.units, state.b.units
    for group in state.groups():
        u, v = units_a[group.a[0]], units_b[group.b[0]]
        if u.section not in state.section_mate and v.section not in state.section_mate_back:
            shared[u.section, v.section] += u.words + 1
    return shared


def _score(state: Pairing, pair: Pair, shared: int) -> float:
    i, j = pair
    words = max(1, state.section_words(i, j))
    bonus = 0.3 if state.heading_a[i] == state.heading_b[j] else 0.0
    return min(1.0, 2 * shared / words) + bonus


def _pair_free(state: Pairing, i: int, j: int) -> None:
    if i not in state.section_mate and j not in state.section_mate_back:
        state.pair_sections(i, j)


def _pair_beside(state: Pairing) -> None:
    """Pair sections with one heading, however often it recurs, that stand next to sections which are a pair.

    "What this means for you" stands below every rule of some policies: the one below the same rule is meant, not the
    one that comes as often before it.
    """
    sizes = len(state.a.sections), len(state.b.sections)
    for step, order in ((1, range(sizes[0])), (-1, range(sizes[0] - 1, -1, -1))):
        for i in order:
            j = state.section_mate.get(i - step, -2 * sizes[1] - 2) + step
            if 0 <= j < sizes[1] and state.same_heading(i, j):
                _pair_free(state, i, j)


def _pair_repeated_headings(state: Pairing) -> None:
    """Pair what is left of sections with one heading in their order."""
    left: dict[str, list[int]] = defaultdict(list)
    for j, heading in enumerate(state.heading_b):
        if j not in state.section_mate_back:
            left[heading].append(j)
    for i, heading in enumerate(state.heading_a):
        if i not in state.section_mate and left.get(heading):
            state.pair_sections(i, left[heading].pop(0))


def pair_by_position(state: Pairing) -> bool:
    """Pair sections between paired neighbours that are alike in content or heading; return whether any was."""
    count = len(state.section_mate)
    chain = heaviest_chain(sorted(state.section_mate.items()), lambda pair: 1.0)
    for gap in gaps(chain, len(state.a.sections), len(state.b.sections)):
        free_a = [i for i in range(gap.a0, gap.a1) if state.free_section_a(i)]
        free_b = [j for j in range(gap.b0, gap.b1) if state.free_section_b(j)]
        least = MIN_SIMILAR_ALONE if len(free_a) == len(free_b) == 1 else MIN_SIMILAR
        scores = _likenesses(state, free_a, free_b, least)
        for (i, j), _ in sorted(scores.items(), key=lambda item: (-item[1], item[0])):
            _pair_free(state, i, j)
        _pair_empty(state, free_a, free_b)
    return len(state.section_mate) > count


def _pair_empty(state: Pairing, free_a: list[int], free_b: list[int]) -> None:
    """A heading without clauses of its own, alone at its place on both sides, was renamed."""
    empty_a = [i for i in free_a if i not in state.section_mate and not state.a.of_section[i]]
    empty_b = [j for j in free_b if j not in state.section_mate_back and not state.b.of_section[j]]
    if len(empty_a) == 1 and len(empty_b) == 1:
        state.pair_sections(empty_a[0], empty_b[0])


def _likenesses(
    state: Pairing, free_a: Sequence[int], free_b: Sequence[int], least: float
) -> dict[tuple[int, int], float]:
    """Return how alike sections of both sides are in words, *least* or nothing, and heading; no pair that is not."""
    scores: dict[tuple[int, int], float] = {}
    texts_b: list[str] = []
    heads_b: list[set[str]] = []
    for i in free_a:
        text_a, head_a = _symbols(state.a, i), set(state.heading_a[i].split())
        texts_b = texts_b or [_symbols(state.b, j) for j in free_b]
        heads_b = heads_b or [set(state.heading_b[j].split()) for j in free_b]
        affordable = [n for n, text_b in enumerate(texts_b) if state.work.afford(len(text_a), len(text_b))]
        contents = similarities(text_a, [texts_b[n] for n in affordable], cutoff=least)
        for n, content in zip(affordable, contents, strict=True):
            heading = 2 * len(head_a & heads_b[n]) / (len(head_a) + len(heads_b[n]) or 1)
            score = (content if text_a and texts_b[n] else 0.0) + (heading if heading >= MIN_HEADING else 0.0)
            if score > 0:
                scores[i, free_b[n]] = score
    return scores


def _symbols(side: Side, section: int) -> str:
    return "".join([unit.symbols for unit in side.of_section[section]])
