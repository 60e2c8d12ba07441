"""What the words of a text are, found out with as little looking as will do: most are plain words, and show it.

Dates, addresses, references and marks of lists are looked for in a whole text with a dozen patterns, an eighth of the
time of a diff; yet whoever judges what changed asks of most stretches only whether a plain word is among them.
"""

from __future__ import annotations

import re
from collections.abc import Set
from itertools import compress

from harvest.compare.hints import may_be_hint
from harvest.compare.known import Known
from harvest.compare.spans import BEGINNINGS, ROADS, STREET, kinds_of_contacts, kinds_of_tokens
from harvest.compare.tokens import Tokens
from harvest.text.digits import has_digit

# What a word may be beside a plain one: part of a reference ("section iv through xi"), an address or a date.
_OF_REFERENCES = re.compile(r"(?:[ivxlc]+|and|or|to|through)+")
_OF_OTHERS = frozenset("email mail protected suite floor unit postfach box apt po ext of de".split())
_MONTHS = frozenset(BEGINNINGS)
_ENDING = frozenset(",.;:)")
# What reaches over words that stand between spaces: links and mark-up left over, addresses hidden from harvesters,
# streets, towns with their code.
_LEFT = ("](", "][", "]: ", "mailto:", "<")
_HIDDEN = re.compile(r"[\[(]\s?(?:at|dot)\s?[\])]", re.I)
_TOWN = re.compile(r"\d\d{4}")
_STREET = re.compile(STREET, re.I)
_ROAD = re.compile(f",(?:{'|'.join([f'(?<={road},)' for road in ROADS])})")
_PLAIN = frozenset(("",))


class Kinds:
    """What the words of one text are part of: as `kinds_of_tokens` says, which looks only when it is needed."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._kinds: list[str] | None = None
        self._are_plain: bool | None = None  # ordinary words, wherever they stand

    def inside(self, start: int, end: int) -> Set[str]:
        """Return what the words from token *start* to *end* are; {''} where one is sure to be a plain word."""
        if self._kinds is None:
            if self._are_plain is not False and self._has_ordinary(start, end) and self._plain():
                return _PLAIN
            if not any(self._tokens.bares[start:end]):
                return set()
            self._kinds = kinds_of_tokens(self._tokens)
        words = self._tokens.bares
        return {self._kinds[n] for n in range(start, end) if words[n]}

    def _has_ordinary(self, start: int, end: int) -> bool:
        may_be = map(_is_ordinary.__getitem__, self._tokens.cores[start:end])
        return any(_stands_apart(self._tokens, n) for n in compress(range(start, end), may_be))

    def _plain(self) -> bool:
        if self._are_plain is None:
            self._are_plain = not may_reach_words(self._tokens.text)
        return self._are_plain


def is_ordinary(tokens: Tokens, n: int) -> bool:
    """Return whether a token is a plain word in every text that has nothing which `may_reach_words`.

    That is a word of two letters and more, but the first small, between spaces, with a mark behind it or none; no
    month, nothing of which a Roman number or the rest of an address is made.
    """
    return _is_ordinary[tokens.cores[n]] and _stands_apart(tokens, n)


def _stands_apart(tokens: Tokens, n: int) -> bool:
    """Return whether a token stands between spaces, with a mark behind it or none."""
    cores, spaces = tokens.cores, tokens.spaces
    if n and not spaces[n - 1]:
        return False
    last = n + 1 == len(cores)
    return last or spaces[n] != "" or (cores[n + 1] in _ENDING and (n + 2 == len(cores) or spaces[n + 1] != ""))


def _looks_ordinary(core: str) -> bool:
    if not (core.isascii() and core.isalpha() and core[1:].islower()):
        return False
    word = core.lower()
    return word not in _OF_OTHERS and word[:3] not in _MONTHS and _OF_REFERENCES.fullmatch(word) is None


_is_ordinary = Known(_looks_ordinary)


def may_be_address(text: str) -> bool:
    """Return whether a text without digits may hold an address or what is left of a link; False is sure."""
    return any(map(text.__contains__, _LEFT)) or may_be_hint(text) or kinds_of_contacts(text, has_digits=False) != 0


def may_reach_words(text: str) -> bool:
    """Return whether a text may have something other than plain words that reaches over several words of it."""
    return (
        any(map(text.__contains__, _LEFT))
        or may_be_hint(text)
        or (("(" in text or "[" in text) and _HIDDEN.search(text) is not None)
        or _ROAD.search(text) is not None
        or (has_digit(text) and (_TOWN.search(text) is not None or _STREET.search(text) is not None))
    )
