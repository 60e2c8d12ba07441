"""The word diff of two texts: symbols for tokens, an exact diff on symbols, then edges a reader expects."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import compress, count, pairwise
from operator import ne

from harvest.compare.edges import absorb, slide
from harvest.compare.hunks import SENTENCE_END, UNSPACED_END, Hunk, exact_hunks
from harvest.compare.sentences import whole_sentences
from harvest.compare.tokens import Tokens

# Tokens before × tokens after of one exact diff. 4 million (2,000 × 2,000) take 30 ms at worst, wholly different
# texts of one alphabet; 25 million took 195 ms. Past it sentences are paired first, then words between them.
MAX_PRODUCT = 4_000_000
# Above this share of changed words a reader does better with the old and the new text whole.
MAX_CHANGED = 0.65


@dataclass(frozen=True, slots=True)
class WordDiff:
    """What changed between two texts.

    *hunks* are minimal (they judge the size of a change), *shown* has small islands absorbed (ops are made of
    it), and the changes of *sentences* joined of which more than half changed. *coarse* is '' or says why the two
    texts are shown whole or were not compared word by word.
    """

    before: Tokens
    after: Tokens
    hunks: tuple[Hunk, ...]
    shown: tuple[Hunk, ...]
    coarse: str = ""
    sentences: int = 0


def diff_words(before: Tokens, after: Tokens, *, max_product: int = MAX_PRODUCT) -> WordDiff:
    """Compare two texts word by word.

    Swapping the arguments swaps before and after in every hunk: the comparison itself always runs in one
    canonical direction. Deterministic, bounded by *max_product* (tokens × tokens) and never by a clock.
    """
    flip = before.text > after.text
    a, b = (after, before) if flip else (before, after)
    hunks, coarse = _bounded_hunks(a, b, max_product)
    hunks = slide(a, b, hunks)
    shown = absorb(a, b, hunks)
    if not coarse and _may_be_most(a, b, shown) and changed_share(a, b, shown) > MAX_CHANGED:
        coarse = f"over {MAX_CHANGED:.0%} of the words changed"
    shown, sentences = whole_sentences(a, b, shown)
    if coarse and hunks:
        shown, sentences = [Hunk(0, len(a.cores), 0, len(b.cores))], 0
    if flip:
        hunks, shown = [h.flipped() for h in hunks], [h.flipped() for h in shown]
    return WordDiff(before, after, tuple(hunks), tuple(shown), coarse, sentences)


def _may_be_most(a: Tokens, b: Tokens, hunks: Sequence[Hunk]) -> bool:
    """Return whether more of the words than `MAX_CHANGED` may stand inside *hunks*: every word is a token at least."""
    return sum([h.a1 - h.a0 + h.b1 - h.b0 for h in hunks]) > MAX_CHANGED * (a.size() + b.size())


def changed_share(a: Tokens, b: Tokens, hunks: Sequence[Hunk]) -> float:
    """Share of the words of both texts that stand inside *hunks*, 0 to 1."""
    changed = sum(a.size(h.a0, h.a1) + b.size(h.b0, h.b1) for h in hunks)
    return min(1.0, changed / max(1, a.size() + b.size()))


# --- the exact diff, bounded -----------------------------------------------------------------------------------


def _bounded_hunks(a: Tokens, b: Tokens, max_product: int) -> tuple[list[Hunk], str]:
    most = min(len(a.keys), len(b.keys))
    start = _equal_at_start(a.keys, b.keys, most)
    end = min(_equal_at_start(reversed(a.keys), reversed(b.keys), most), most - start)
    whole = Hunk(start, len(a.keys) - end, start, len(b.keys) - end)
    if whole.a0 == whole.a1 or whole.b0 == whole.b1:
        return ([whole] if whole.a0 < whole.a1 or whole.b0 < whole.b1 else []), ""
    if (whole.a1 - whole.a0) * (whole.b1 - whole.b0) <= max_product:
        return exact_hunks(a.keys, b.keys, whole), ""
    return _by_sentences(a, b, whole, max_product)


def _equal_at_start(a: Iterable[str], b: Iterable[str], most: int) -> int:
    return next(compress(count(), map(ne, a, b)), most)


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
    cores, spaces = tokens.cores, tokens.spaces
    ends = (k for k in range(start + 1, end) if cores[k - 1] in SENTENCE_END)
    return [start, *(k for k in ends if spaces[k - 1] or cores[k - 1] in UNSPACED_END), end]
