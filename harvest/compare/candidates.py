"""Which clauses are worth comparing: those that share rare words. Keeps pairing near-linear in large texts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from harvest.compare.units import Unit

_RARE_WORDS = 10  # of a clause that are looked up
_COMMON = 40  # clauses; a word in more of them says nothing
_BEST = 6  # candidates of a clause, by how many rare words they share


def likely_pairs(units_a: Sequence[Unit], units_b: Sequence[Unit]) -> list[tuple[Unit, Unit]]:
    """Return pairs of clauses that share rare words: the best few for each clause of *units_a*, in their order."""
    asked: set[str] = set().union(*[u.letters for u in units_a])
    where: dict[str, list[int]] = defaultdict(list)
    for n, v in enumerate(units_b):
        for word in v.letters & asked:
            where[word].append(n)
    telling = sorted([(len(found), word) for word, found in where.items() if len(found) <= _COMMON])
    rank = {word: n for n, (_, word) in enumerate(telling)}
    holders = [where[word] for _, word in telling]
    known = set(rank)
    pairs: list[tuple[Unit, Unit]] = []
    for u in units_a:
        shared: dict[int, int] = {}
        for place in sorted([rank[word] for word in u.letters & known])[:_RARE_WORDS]:
            for n in holders[place]:
                shared[n] = shared.get(n, 0) + 1
        best = sorted(shared)
        if len(best) > _BEST:
            best = sorted(sorted(best, key=shared.__getitem__, reverse=True)[:_BEST])
        pairs += [(u, units_b[n]) for n in best]
    return pairs
