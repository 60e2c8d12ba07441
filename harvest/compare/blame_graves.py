"""Words that are gone, to be recognised when they come back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from harvest.compare.blame_model import Stay
from harvest.compare.hunks import SENTENCE_END
from harvest.compare.tokens import Tokens

# Fewer words than these come back by chance: they are known again only between the same neighbours.
_TELLING = 5
_NEIGHBOURS = 2  # words on either side
_Key = tuple[str, ...]


class Graves:
    """Runs of words that were removed, by their folded words: whole, and by sentences."""

    def __init__(self) -> None:
        self._found: dict[_Key, tuple[list[Stay], int]] = {}

    def bury(self, tokens: Tokens, start: int, end: int, stays: Sequence[Stay], now: int) -> None:
        """Note that tokens *start* to *end* of a text, which had these stays, are not in text number *now*."""
        for first, last in (*_sentences(tokens, start, end), (start, end)):
            key = _key(tokens, first, last)
            if key:
                words = [stay for n, stay in enumerate(stays[first:last], start=first) if tokens.bares[n]]
                self._found[key] = words, now

    def revive(self, tokens: Tokens, start: int, end: int, now: int) -> list[Stay]:
        """Return the stays of tokens that came with text number *now*: of the run, of its sentences, or new ones."""
        if start == end:
            return []
        whole = self._back(tokens, start, end, now)
        if whole is not None:
            return whole
        stays: list[Stay] = []
        for first, last in _sentences(tokens, start, end):
            stays += self._back(tokens, first, last, now) or [Stay(now)] * (last - first)
        return stays or [Stay(now)] * (end - start)

    def _back(self, tokens: Tokens, start: int, end: int, now: int) -> list[Stay] | None:
        grave = self._found.get(_key(tokens, start, end))
        if grave is None:
            return None
        words, gone = grave
        back = iter([_returned(stay, gone, now) for stay in words])
        stay = _returned(words[0], gone, now)
        found = []
        for bare in tokens.bares[start:end]:
            stay = next(back) if bare else stay  # a mark goes with the word before it
            found.append(stay)
        return found


def _returned(stay: Stay, gone: int, now: int) -> Stay:
    """What went and came with the same text was moved."""
    return stay if gone == now else Stay(now, (*stay.earlier, (stay.since, gone)))


def _key(tokens: Tokens, start: int, end: int) -> _Key:
    words = tuple(bare for bare in tokens.bares[start:end] if bare)
    if not words or len(words) >= _TELLING:
        return words
    before = [bare for bare in tokens.bares[max(0, start - 8) : start] if bare][-_NEIGHBOURS:]
    after = [bare for bare in tokens.bares[end : end + 8] if bare][:_NEIGHBOURS]
    return ("\n", *before, "\n", *words, "\n", *after)


def _sentences(tokens: Tokens, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the sentences of a run, where it has several."""
    ends = [n + 1 for n in range(start, end - 1) if tokens.cores[n] in SENTENCE_END and tokens.spaces[n]]
    if ends:
        yield from zip([start, *ends], [*ends, end], strict=True)
