"""The exact difference of two sequences of keys, each key one symbol."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import chain, repeat
from typing import NamedTuple

import fast_diff_match_patch

_MAX_SYMBOLS = 1_000_000  # Unicode has 1,112,064 code points to give
_SURROGATES = range(0xD800, 0xE000)
_SYMBOLS = "".join(map(chr, range(1, 10_000)))  # of all that is compared but for the longest texts
UNSPACED_END = frozenset("\u3002\uff01\uff1f")  # no space follows these
SENTENCE_END = frozenset(".!?") | UNSPACED_END


class Hunk(NamedTuple):
    """Tokens ``a0:a1`` of the text before gave way to tokens ``b0:b1`` of the text after; either may be empty."""

    a0: int
    a1: int
    b0: int
    b1: int

    def flipped(self) -> Hunk:
        """Return the same hunk of the opposite comparison."""
        return Hunk(self.b0, self.b1, self.a0, self.a1)


def exact_hunks(a: Sequence[object], b: Sequence[object], part: Hunk) -> list[Hunk]:
    """Return the minimal difference of two sequences of keys inside *part*."""
    if part.a1 - part.a0 + part.b1 - part.b0 > _MAX_SYMBOLS:
        return [part]
    keys_a, keys_b = a[part.a0 : part.a1], b[part.b0 : part.b1]
    different = dict.fromkeys((*keys_a, *keys_b))
    symbols = dict(zip(different, _SYMBOLS, strict=False)) if len(different) < len(_SYMBOLS) else Symbols()
    text_a = "".join(map(symbols.__getitem__, keys_a))
    text_b = "".join(map(symbols.__getitem__, keys_b))
    hunks: list[Hunk] = []
    i, j = part.a0, part.b0
    i0, j0 = i, j
    # No time limit: with one, the result would depend on the machine (and half-match guesses would be allowed).
    for op, length in fast_diff_match_patch.diff(text_a, text_b, timelimit=0, checklines=False, cleanup="No"):
        if op == "=":
            if i > i0 or j > j0:
                hunks.append(Hunk(i0, i, j0, j))
            i, j = i + length, j + length
            i0, j0 = i, j
        elif op == "-":
            i += length
        else:
            j += length
    if i > i0 or j > j0:
        hunks.append(Hunk(i0, i, j0, j))
    return hunks


class Symbols(defaultdict[object, str]):
    """The characters that stand for keys: a new one for every key that is asked for the first time."""

    def __init__(self) -> None:
        codes = chain(range(1, _SURROGATES.start), range(_SURROGATES.stop, 0x110000), repeat(0x10FFFF))
        super().__init__(map(chr, codes).__next__)  # half the time of a method of our own
