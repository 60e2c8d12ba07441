"""Which of many pairs keep their order: the heaviest increasing subsequence, and pairs of equal keys in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from operator import lt

from harvest.compare.hunks import Hunk, exact_hunks

Pair = tuple[int, int]
_MAX_PRODUCT = 4_000_000  # equal keys are sought by an exact diff of keys up to this size, 30 ms at worst


def heaviest_chain(pairs: Sequence[Pair], weight: Callable[[Pair], float]) -> list[Pair]:
    """Return the pairs that stay in place: increasing on both sides, with the greatest sum of weights.

    Each left position occurs once at most. O(n log n). Ties keep the pair met first.
    """
    ordered = sorted(pairs)
    rights = [b for _, b in ordered]
    if all(map(lt, rights, rights[1:])):
        return ordered  # nothing is out of order: by far the most frequent case
    rank = {b: n + 1 for n, b in enumerate(sorted(set(rights)))}
    size = len(rank) + 1
    best, ends = [0.0] * size, [-1] * size  # Fenwick tree of prefix maxima, and which pair each ends with
    previous: list[int] = []
    top, at = 0.0, -1
    for n, pair in enumerate(ordered):
        place = rank[pair[1]]
        total, end = 0.0, -1
        k = place - 1
        while k > 0:
            if best[k] > total:
                total, end = best[k], ends[k]
            k &= k - 1
        previous.append(end)
        total += weight(pair)
        if total > top:
            top, at = total, n
        k = place
        while k < size:
            if total > best[k]:
                best[k], ends[k] = total, n
            k += k & -k
    chain: list[Pair] = []
    while at >= 0:
        chain.append(ordered[at])
        at = previous[at]
    return chain[::-1]


def heaviest_chain_of_many(pairs: Sequence[Pair], weight: Callable[[Pair], float]) -> list[Pair]:
    """Return the heaviest chain of pairs in which a position may occur in several; it occurs once in the chain.

    Pairs of one left position are taken from right to left, so that no two of them can follow one another.
    """
    if not pairs:
        return []
    order = sorted(pairs, key=lambda pair: (pair[0], -pair[1]))
    spread = {(n, pair[1]): pair for n, pair in enumerate(order)}
    return [spread[found] for found in heaviest_chain(list(spread), lambda pair: weight(spread[pair]))]


def pair_in_order(a: Sequence[Hashable], b: Sequence[Hashable], weight: Callable[[Pair], float]) -> list[Pair]:
    """Pair equal keys of two sequences in order: unique ones first, the heaviest chain of them, then the gaps.

    Keys that are falsy pair with nothing.
    """
    if list(a) == list(b):
        return [(n, n) for n, key in enumerate(a) if key]
    count_a, count_b = Counter(a), Counter(b)
    where_b = {key: n for n, key in enumerate(b) if key}
    unique = [
        (n, where_b[key]) for n, key in enumerate(a) if key in where_b and count_a[key] == 1 and count_b[key] == 1
    ]
    pairs: list[Pair] = []
    for gap in gaps(heaviest_chain(unique, weight), len(a), len(b), keep=pairs):
        pairs += _equal_runs(a, b, gap)
    return sorted(pairs)


def gaps(chain: Sequence[Pair], end_a: int, end_b: int, *, keep: list[Pair] | None = None) -> list[Hunk]:
    """Return the stretches between the pairs of a chain that hold something on both sides; *keep* takes the chain."""
    found: list[Hunk] = []
    i = j = 0
    for a, b in (*chain, (end_a, end_b)):
        if a > i and b > j:
            found.append(Hunk(i, a, j, b))
        i, j = a + 1, b + 1
    if keep is not None:
        keep.extend(chain)
    return found


def _equal_runs(a: Sequence[Hashable], b: Sequence[Hashable], gap: Hunk) -> list[Pair]:
    if (gap.a1 - gap.a0) * (gap.b1 - gap.b0) > _MAX_PRODUCT:
        return []
    if set(b[gap.b0 : gap.b1]).isdisjoint(a[gap.a0 : gap.a1]):
        return []
    # A falsy key must equal nothing, not even itself: it gets a symbol of its own side.
    keys_a = [key or ("a", n) for n, key in enumerate(a[gap.a0 : gap.a1])]
    keys_b = [key or ("b", n) for n, key in enumerate(b[gap.b0 : gap.b1])]
    if not set(keys_a) & set(keys_b):
        return []
    pairs: list[Pair] = []
    i = j = 0
    for hunk in (*exact_hunks(keys_a, keys_b, Hunk(0, len(keys_a), 0, len(keys_b))), Hunk(len(keys_a), 0, 0, 0)):
        while i < hunk.a0:
            pairs.append((gap.a0 + i, gap.b0 + j))
            i, j = i + 1, j + 1
        i, j = hunk.a1, hunk.b1
    return pairs
