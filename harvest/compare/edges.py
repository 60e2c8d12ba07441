"""Where the edges of a word diff fall: at sentences and clauses, and not around islands of a word or two."""

from __future__ import annotations

from harvest.compare.hunks import SENTENCE_END, UNSPACED_END, Hunk
from harvest.compare.tokens import Tokens

_CLAUSE_END = frozenset(",;:\u3001\uff0c\uff1b\uff1a")
_UNSPACED_CUTS = UNSPACED_END | frozenset("\u3001\uff0c\uff1b\uff1a")
_OPENING = frozenset("([{\u00ab\u201c\u2018\u201e")


def slide(a: Tokens, b: Tokens, hunks: list[Hunk]) -> list[Hunk]:
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
    if not space and core not in _UNSPACED_CUTS:
        return 1 if core in _OPENING or not t.bares[k] else 0
    if "\n" in space:
        return 6
    if core in SENTENCE_END:
        return 5
    return 4 if core in _CLAUSE_END else 3


_ISLAND_WORDS = 2
_ISLAND_WEIGHT = 3  # changed words about an island for each of its words; swept with the economy of real pairs


def absorb(a: Tokens, b: Tokens, hunks: list[Hunk]) -> list[Hunk]:
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
    words = _words_in(a, left.a1, right.a0)
    if words > _ISLAND_WORDS:
        return False
    gap = range(left.a1, right.a0)
    if any(a.cores[k] in SENTENCE_END and (a.spaces[k] or a.cores[k] in UNSPACED_END) for k in gap):
        return False
    if not words:
        return not any(a.spaces[k] for k in gap) or bool(_size(a, b, left) and _size(a, b, right))
    sizes = _size(a, b, left), _size(a, b, right)
    return min(sizes) > words and sum(sizes) >= 2 * _ISLAND_WEIGHT * words


def _size(a: Tokens, b: Tokens, hunk: Hunk) -> int:
    return _words_in(a, hunk.a0, hunk.a1) + _words_in(b, hunk.b0, hunk.b1)


def _words_in(t: Tokens, start: int, end: int) -> int:
    return t.count_bares(start, end)
