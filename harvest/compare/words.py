"""The word diff of two texts: symbols for tokens, an exact diff on symbols, then edges a reader expects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import fast_diff_match_patch

from harvest.compare.tokens import Tokens, count_words
from harvest.model import Op

# Tokens before × tokens after of one exact diff. 4 million (2,000 × 2,000) take 30 ms at worst, wholly different
# texts of one alphabet; 25 million took 195 ms. Past it sentences are paired first, then words between them.
MAX_PRODUCT = 4_000_000
# DESIGN §6: above this share of changed words a reader does better with the old and the new text whole.
MAX_CHANGED = 0.65
_SENTENCE_END = frozenset(".!?\u3002\uff01\uff1f")
_CLAUSE_END = frozenset(",;:\u3001\uff0c\uff1b\uff1a")
_OPENING = frozenset("([{\u00ab\u201c\u2018\u201e")
_MAX_SYMBOLS = 1_000_000  # Unicode has 1,112,064 code points to give
_SURROGATES = range(0xD800, 0xE000)


@dataclass(frozen=True, slots=True)
class Hunk:
    """Tokens ``a0:a1`` of the text before gave way to tokens ``b0:b1`` of the text after; either may be empty."""

    a0: int
    a1: int
    b0: int
    b1: int

    def flipped(self) -> Hunk:
        """Return the same hunk of the opposite comparison."""
        return Hunk(self.b0, self.b1, self.a0, self.a1)


@dataclass(frozen=True, slots=True)
class WordDiff:
    """What changed between two texts.

    *hunks* are minimal (they judge the size of a change), *shown* has small islands absorbed (ops are made of
    it). *coarse* is '' or says why the two texts are shown whole or were not compared word by word.
    """

    before: Tokens
    after: Tokens
    hunks: tuple[Hunk, ...]
    shown: tuple[Hunk, ...]
    coarse: str = ""


def diff_words(before: Tokens, after: Tokens, *, max_product: int = MAX_PRODUCT) -> WordDiff:
    """Compare two texts word by word.

    Swapping the arguments swaps before and after in every hunk: the comparison itself always runs in one
    canonical direction. Deterministic, bounded by *max_product* (tokens × tokens) and never by a clock.
    """
    flip = before.text > after.text
    a, b = (after, before) if flip else (before, after)
    hunks, coarse = _bounded_hunks(a, b, max_product)
    hunks = _slide_all(a, b, hunks)
    shown = _absorb(a, b, hunks)
    if not coarse and changed_share(a, b, shown) > MAX_CHANGED:
        coarse = f"over {MAX_CHANGED:.0%} of the words changed"
    if coarse and hunks:
        shown = [Hunk(0, len(a.cores), 0, len(b.cores))]
    if flip:
        hunks, shown = [h.flipped() for h in hunks], [h.flipped() for h in shown]
    return WordDiff(before, after, tuple(hunks), tuple(shown), coarse)


def changed_share(a: Tokens, b: Tokens, hunks: Sequence[Hunk]) -> float:
    """Share of the words of both texts that stand inside *hunks*, 0 to 1."""
    changed = sum(count_words(a.slice(h.a0, h.a1)) + count_words(b.slice(h.b0, h.b1)) for h in hunks)
    return min(1.0, changed / max(1, a.words + b.words))


def ops_of(diff: WordDiff) -> tuple[Op, ...]:
    """Return the ops that rebuild both texts exactly: ``=`` and ``-`` give the old one, ``=`` and ``+`` the new.

    Words whose folded forms agree but whose spelling differs (case, quotes, white space) are shown as changed too.
    """
    a, b = diff.before, diff.after
    ops = _Ops()
    ops.differ(a.lead, b.lead)
    i = j = 0
    for hunk in (*diff.shown, Hunk(len(a.cores), len(a.cores), len(b.cores), len(b.cores))):
        while i < hunk.a0:
            ops.differ(a.cores[i], b.cores[j])
            ops.differ(a.spaces[i], b.spaces[j])
            i, j = i + 1, j + 1
        old, new = a.slice(hunk.a0, hunk.a1), b.slice(hunk.b0, hunk.b1)
        space = _shared_space(a, b, hunk)
        ops.put(old[: len(old) - len(space)], new[: len(new) - len(space)])
        ops.differ(space, space)
        i, j = hunk.a1, hunk.b1
    return ops.done()


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


# --- the exact diff, bounded -----------------------------------------------------------------------------------


def _bounded_hunks(a: Tokens, b: Tokens, max_product: int) -> tuple[list[Hunk], str]:
    start = 0
    top = min(len(a.keys), len(b.keys))
    while start < top and a.keys[start] == b.keys[start]:
        start += 1
    end = 0
    while end < top - start and a.keys[-1 - end] == b.keys[-1 - end]:
        end += 1
    whole = Hunk(start, len(a.keys) - end, start, len(b.keys) - end)
    if whole.a0 == whole.a1 or whole.b0 == whole.b1:
        return ([whole] if whole.a0 < whole.a1 or whole.b0 < whole.b1 else []), ""
    if (whole.a1 - whole.a0) * (whole.b1 - whole.b0) <= max_product:
        return exact_hunks(a.keys, b.keys, whole), ""
    return _by_sentences(a, b, whole, max_product)


def _by_sentences(a: Tokens, b: Tokens, whole: Hunk, max_product: int) -> tuple[list[Hunk], str]:
    cuts_a, cuts_b = _sentences(a, whole.a0, whole.a1), _sentences(b, whole.b0, whole.b1)
    if (len(cuts_a) - 1) * (len(cuts_b) - 1) > max_product:
        return [whole], "too long to compare word by word"
    keys_a = [a.keys[s:e] for s, e in pairwise(cuts_a)]
    keys_b = [b.keys[s:e] for s, e in pairwise(cuts_b)]
    hunks: list[Hunk] = []
    for gap in exact_hunks(keys_a, keys_b, Hunk(0, len(keys_a), 0, len(keys_b))):
        inner = Hunk(cuts_a[gap.a0], cuts_a[gap.a1], cuts_b[gap.b0], cuts_b[gap.b1])
        fits = (inner.a1 - inner.a0) * (inner.b1 - inner.b0) <= max_product
        hunks += exact_hunks(a.keys, b.keys, inner) if fits else [inner]
    if hunks == [whole]:
        return hunks, "too long to compare word by word"
    return hunks, ""


def _sentences(tokens: Tokens, start: int, end: int) -> list[int]:
    inner = range(start + 1, end)
    return [start, *(k for k in inner if tokens.cores[k - 1] in _SENTENCE_END and tokens.spaces[k - 1]), end]


def exact_hunks(a: Sequence[object], b: Sequence[object], part: Hunk) -> list[Hunk]:
    """Return the minimal difference of two sequences of keys inside *part*."""
    if part.a1 - part.a0 + part.b1 - part.b0 > _MAX_SYMBOLS:
        return [part]
    symbols: dict[object, str] = {}
    text_a = "".join([symbol(symbols, key) for key in a[part.a0 : part.a1]])
    text_b = "".join([symbol(symbols, key) for key in b[part.b0 : part.b1]])
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


def symbol(symbols: dict[object, str], key: object) -> str:
    """Return the character that stands for *key* in *symbols*, a new one where there is none yet."""
    found = symbols.get(key)
    if found is None:
        code = len(symbols) + 1
        found = symbols[key] = chr(code if code < _SURROGATES.start else min(code + len(_SURROGATES), 0x10FFFF))
    return found


# --- edges -----------------------------------------------------------------------------------------------------


def _slide_all(a: Tokens, b: Tokens, hunks: list[Hunk]) -> list[Hunk]:
    """Shift pure insertions and deletions to the edge where a reader would place them: sentence, clause, word."""
    placed: list[Hunk] = []
    for n, hunk in enumerate(hunks):
        if hunk.a0 == hunk.a1 or hunk.b0 == hunk.b1:
            left = hunk.a0 - (placed[-1].a1 if placed else 0)
            right = (hunks[n + 1].a0 if n + 1 < len(hunks) else len(a.keys)) - hunk.a1
            if hunk.a0 == hunk.a1:
                shift = _best_shift(b, hunk.b0, hunk.b1, left, right)
            else:
                shift = _best_shift(a, hunk.a0, hunk.a1, left, right)
            hunk = Hunk(hunk.a0 + shift, hunk.a1 + shift, hunk.b0 + shift, hunk.b1 + shift)
        placed.append(hunk)
    return placed


_MAX_SLIDE = 40  # tokens either way; repeated phrases longer than two lines have sentence edges inside


def _best_shift(t: Tokens, start: int, end: int, room_left: int, room_right: int) -> int:
    left = 0
    while left < min(room_left, _MAX_SLIDE) and t.keys[start - left - 1] == t.keys[end - left - 1]:
        left += 1
    right = 0
    while right < min(room_right, _MAX_SLIDE) and t.keys[start + right] == t.keys[end + right]:
        right += 1
    if not left and not right:
        return 0
    return max(range(-left, right + 1), key=lambda s: (_edge(t, start + s) + _edge(t, end + s), -abs(s), s))


def _edge(t: Tokens, k: int) -> int:
    """How natural a cut before token *k* is."""
    if k <= 0 or k >= len(t.cores):
        return 6
    core, space = t.cores[k - 1], t.spaces[k - 1]
    if not space:
        return 1 if core in _OPENING or not t.is_word[k] else 0
    if "\n" in space:
        return 6
    if core in _SENTENCE_END:
        return 5
    return 4 if core in _CLAUSE_END else 3


_ISLAND_WORDS = 2
_ISLAND_WEIGHT = 3  # changed words about an island for each of its words; swept with the economy of real pairs


def _absorb(a: Tokens, b: Tokens, hunks: list[Hunk]) -> list[Hunk]:
    """Join hunks that are parted by no more than two words where much more changed about them."""
    stack: list[Hunk] = []
    for following in hunks:
        hunk = following
        while stack and _is_island(a, b, stack[-1], hunk):
            hunk = Hunk(stack[-1].a0, hunk.a1, stack.pop().b0, hunk.b1)
        stack.append(hunk)
    return stack


def _is_island(a: Tokens, b: Tokens, left: Hunk, right: Hunk) -> bool:
    if right.a0 - left.a1 > 8:  # two words and their marks
        return False
    words = sum(a.is_word[left.a1 : right.a0])
    if words > _ISLAND_WORDS:
        return False
    gap = range(left.a1, right.a0)
    if any(a.cores[k] in _SENTENCE_END and a.spaces[k] for k in gap):
        return False
    if not words:
        return not any(a.spaces[k] for k in gap) or bool(_size(a, b, left) and _size(a, b, right))
    sizes = _size(a, b, left), _size(a, b, right)
    return min(sizes) > words and sum(sizes) >= 2 * _ISLAND_WEIGHT * words


def _size(a: Tokens, b: Tokens, hunk: Hunk) -> int:
    return sum(a.is_word[hunk.a0 : hunk.a1]) + sum(b.is_word[hunk.b0 : hunk.b1])
