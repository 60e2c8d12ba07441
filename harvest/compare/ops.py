"""A word diff as ops: ``=``, ``-`` and ``+`` with their text, from which both sides can be rebuilt exactly."""

from __future__ import annotations

from harvest.compare.hunks import Hunk
from harvest.compare.tokens import Tokens, tokenise
from harvest.compare.words import WordDiff, diff_words
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
        ops.put(a.slice(hunk.a0, hunk.a1), b.slice(hunk.b0, hunk.b1))
        i, j = hunk.a1, hunk.b1
    return ops.done()


def _put_equal(ops: _Ops, a: Tokens, b: Tokens, i: int, j: int, length: int) -> None:
    """Put tokens with equal keys: at once where their spelling is equal too, else between those that differ."""
    old, new = a.slice(i, i + length), b.slice(j, j + length)
    if old == new:
        ops.differ(old, new)
        return
    old_cores, new_cores = a.cores[i : i + length], b.cores[j : j + length]
    old_spaces, new_spaces = a.spaces[i : i + length], b.spaces[j : j + length]
    same = 0
    for n, (core, new_core, space, new_space) in enumerate(
        zip(old_cores, new_cores, old_spaces, new_spaces, strict=True)
    ):
        if core != new_core or space != new_space:
            alike = a.slice(i + same, i + n)
            ops.differ(alike, alike)
            ops.differ(core, new_core)
            ops.differ(space, new_space)
            same = n + 1
    alike = a.slice(i + same, i + length)
    ops.differ(alike, alike)


def heading_ops(before: str, after: str) -> tuple[Op, ...]:
    """Return the ops of a heading that was renamed or renumbered, for readers: old and new whole if little stayed."""
    return ops_of(diff_words(tokenise(before), tokenise(after)))


class _Ops:
    """Collects ops: adjacent ones of a kind become one, deletions stand before insertions.

    White space with which both sides of a change end did not change: where a comma comes between two words, the
    comma alone is new, and not a space struck out for a comma with a space.
    """

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
        self._flush_same()
        return tuple(_joined(self._ops))

    def _flush_same(self) -> None:
        if self._same:
            self._ops.append(("=", "".join(self._same)))
            self._same = []

    def _flush_change(self) -> None:
        if not self._old:
            return
        old, new = "".join(self._old), "".join(self._new)
        space = _shared_space(old, new)
        for op, text in (("-", old), ("+", new)):
            if changed := text[: len(text) - len(space)]:
                self._ops.append((op, changed))
        self._old, self._new = [], []
        if space:
            self._same.append(space)


def _joined(ops: list[Op]) -> list[Op]:
    """Join replacements that only a space parts: two words that became two others are one change."""
    joined: list[Op] = []
    for op in ops:
        joined.append(op)
        if op[0] != "+" or len(joined) < 5 or not joined[-3][1].isspace() or "\n" in joined[-3][1]:
            continue
        signs, (old, new, space, more_old, more_new) = zip(*joined[-5:], strict=True)
        if signs == ("-", "+", "=", "-", "+"):
            joined[-5:] = [("-", old + space + more_old), ("+", new + space + more_new)]
    return joined


def _shared_space(old: str, new: str) -> str:
    """Return the white space with which both texts end, as far as it is the same."""
    length = 0
    while length < min(len(old), len(new)) and old[-1 - length] == new[-1 - length] and old[-1 - length].isspace():
        length += 1
    return old[len(old) - length :]
