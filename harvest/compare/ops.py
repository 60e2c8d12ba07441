"""A word diff as ops: ``=``, ``-`` and ``+`` with their text, from which both sides can be rebuilt exactly."""

from __future__ import annotations

from harvest.compare.hunks import Hunk
from harvest.compare.tokens import Tokens
from harvest.compare.words import WordDiff
from harvest.model import Op


def ops_of(diff: WordDiff) -> tuple[Op, ...]:
    """Return the ops that rebuild both texts exactly: ``=`` and ``-`` give the old one, ``=`` and ``+`` the new.

    Words whose folded forms agree but whose spelling differs (case, quotes, white space) are shown as changed too.
    """
    a, b = diff.before, diff.after
    ops = _Ops()
    ops.differ(a.lead, b.lead)
    i = j = 0
    for hunk in (*diff.shown, Hunk(len(a.cores), len(a.cores), len(b.cores), len(b.cores))):
        _put_equal(ops, a, b, i, j, hunk.a0 - i)
        old, new = a.slice(hunk.a0, hunk.a1), b.slice(hunk.b0, hunk.b1)
        space = _shared_space(a, b, hunk)
        ops.put(old[: len(old) - len(space)], new[: len(new) - len(space)])
        ops.differ(space, space)
        i, j = hunk.a1, hunk.b1
    return ops.done()


def _put_equal(ops: _Ops, a: Tokens, b: Tokens, i: int, j: int, length: int) -> None:
    """Put tokens with equal keys: at once where their spelling is equal too, else one by one."""
    old, new = a.slice(i, i + length), b.slice(j, j + length)
    if old == new:
        ops.differ(old, new)
        return
    for k in range(length):
        ops.differ(a.cores[i + k], b.cores[j + k])
        ops.differ(a.spaces[i + k], b.spaces[j + k])


def _shared_space(a: Tokens, b: Tokens, hunk: Hunk) -> str:
    """Return the white space with which both sides of a replacement end: it did not change."""
    if hunk.a0 == hunk.a1 or hunk.b0 == hunk.b1:
        return ""
    space = a.spaces[hunk.a1 - 1]
    return space if space == b.spaces[hunk.b1 - 1] else ""


class _Ops:
    """Collects ops: adjacent ones of a kind become one, deletions stand before insertions."""

    def __init__(self) -> None:
        self._ops: list[Op] = []
        self._same: list[str] = []
        self._old: list[str] = []
        self._new: list[str] = []

    def differ(self, old: str, new: str) -> None:
        if old != new:
            self.put(old, new)
        elif old:
            self._flush_change()
            self._same.append(old)

    def put(self, old: str, new: str) -> None:
        if old or new:
            self._flush_same()
            self._old.append(old)
            self._new.append(new)

    def done(self) -> tuple[Op, ...]:
        self._flush_same()
        self._flush_change()
        return tuple(self._ops)

    def _flush_same(self) -> None:
        if self._same:
            self._ops.append(("=", "".join(self._same)))
            self._same = []

    def _flush_change(self) -> None:
        for op, parts in (("-", self._old), ("+", self._new)):
            if text := "".join(parts):
                self._ops.append((op, text))
        self._old, self._new = [], []
