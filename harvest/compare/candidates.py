"""Which clauses are worth comparing: those that share rare words. Keeps pairing near-linear in large texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import chain

from harvest.compare.units import Unit

_RARE_WORDS = 10  # of a clause that are looked up
_COMMON = 40  # clauses; a word in more of them says nothing
_BEST = 6  # candidates of a clause, by how many rare words they share


def likely_pairs(units_a: Sequence[Unit], units_b: Sequence[Unit]) -> list[tuple[Unit, Unit]]:
    """Return pairs of clauses that share rare words: the best few for each clause of *units_a*, in their order."""
    asked: set[str] = set().union(*[u.letters for u in units_a])
    letters_b = [v.letters for v in units_b]
    count = Counter(chain.from_iterable(letters_b))
    telling = sorted([(count[word], word) for word in asked.intersection(count) if count[word] <= _COMMON])
    if not telling:
        return []
    rank = {word: n for n, (_, word) in enumerate(telling)}
    known = set(rank)
    held: dict[str, list[int]] = {word: [] for word in rank}
    for n, letters in enumerate(letters_b):
        for word in letters & known:
            held[word].append(n)
    holders = [*held.values()]  # by rank, too
    pairs: list[tuple[Unit, Unit]] = []
    for u in units_a:
        rarest = sorted(map(rank.__getitem__, u.letters & known))[:_RARE_WORDS]
        shared = Counter(chain.from_iterable(map(holders.__getitem__, rarest)))
        best = sorted(shared)
        if len(best) > _BEST:
            best = sorted(sorted(best, key=shared.__getitem__, reverse=True)[:_BEST])
        pairs += [(u, units_b[n]) for n in best]
    return pairs
