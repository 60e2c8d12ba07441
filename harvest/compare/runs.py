"""Runs of neighbours that are the same text when joined: what was split, merged or cut up in another way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from harvest.compare.hunks import Hunk

_PREFIX = 3  # characters that both runs must begin with; shorter clauses start no run
_MAX_PIECES = 100  # of one run; a paragraph once laid out in lines has some dozens


def joined_runs(
    keys_a: Sequence[str], places_a: Sequence[int], keys_b: Sequence[str], places_b: Sequence[int]
) -> Iterator[Hunk]:
    """Yield the stretches of both sides that join to the same key, in order and apart from one another.

    *keys* are folded texts, *places* their positions in the document: only neighbours join. Each run is the
    shortest from where it starts. Near-linear: runs are tried only from keys that begin alike.
    """
    starts: dict[str, list[int]] = defaultdict(list)
    for j, key in enumerate(keys_b):
        if len(key) >= _PREFIX:
            starts[key[:_PREFIX]].append(j)
    i = j_free = 0
    while i < len(keys_a):
        for j in starts.get(keys_a[i][:_PREFIX], ()):
            if j >= j_free and (ends := _run(keys_a, places_a, i, keys_b, places_b, j)) is not None:
                yield Hunk(i, ends[0], j, ends[1])
                i, j_free = ends[0] - 1, ends[1]
                break
        i += 1


def _run(
    keys_a: Sequence[str], places_a: Sequence[int], i: int, keys_b: Sequence[str], places_b: Sequence[int], j: int
) -> tuple[int, int] | None:
    left, right = keys_a[i], keys_b[j]
    end = i + j + _MAX_PIECES
    i, j = i + 1, j + 1
    while left != right:
        if i + j > end or not (left.startswith(right) or right.startswith(left)):
            return None
        if len(left) < len(right):
            if i == len(keys_a) or places_a[i] != places_a[i - 1] + 1:
                return None
            left += keys_a[i]
            i += 1
        else:
            if j == len(keys_b) or places_b[j] != places_b[j - 1] + 1:
                return None
            right += keys_b[j]
            j += 1
    return i, j
