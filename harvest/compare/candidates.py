"""Which clauses are worth comparing: those that share rare words. Keeps pairing near-linear in large texts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from harvest.compare.units import Unit

_RARE_WORDS = 10  # of a clause that are looked up
_COMMON = 40  # clauses; a word in more of them says nothing
_BEST = 6  # candidates of a clause, by how many rare words they share


def likely_pairs(units_a: Sequence[Unit], units_b: Sequence[Unit]) -> list[tuple[Unit, Unit]]:
    """Return pairs of clauses that share rare words: the best few for each clause of *units_a*, in their order."""
    if not units_a:
        return []
    where: dict[str, list[int]] = defaultdict(list)
    for n, v in enumerate(units_b):
        for word in set(v.symbols):
            where[word].append(n)
    telling = sorted((len(found), word) for word, found in where.items() if len(found) <= _COMMON)
    rank = {word: n for n, (_, word) in enumerate(telling)}
    pairs: list[tuple[Unit, Unit]] = []
    for u in units_a:
        known = rank.keys() & set(u.symbols)
        shared: Counter[int] = Counter()
        for word in sorted(known, key=rank.__getitem__)[:_RARE_WORDS]:
            shared.update(where[word])
        best = sorted(sorted(shared), key=shared.__getitem__, reverse=True)[:_BEST]
        pairs += [(u, units_b[n]) for n in sorted(best)]
    return pairs
