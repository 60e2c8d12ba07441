"""The folded words of a text without its tokens: all that pairing and naming clauses need of most of them."""

from __future__ import annotations

import re
from functools import lru_cache

from harvest.compare.tokens import Tokens, fold_key, join_words, tokenise

# Beside letters and the marks of ASCII, what stands in most clauses of policies; no word is cut or joined by them.
_USUAL_MARKS = (("\u2019", "'"), ("\u201c", " "), ("\u201d", " "), ("\u2013", " "), ("\u2014", " "), ("\u00a0", " "))
# What is for `tokenise`: addresses, numbers with signs in or on them, "&" that reads "and", characters that are neither
# letters nor marks.
_ASKS_FOR_TOKENS = re.compile(r"[@_&\x00-\x08\x0e-\x1b\x7f]|\d(?:[.,:/]\d|[%'])|[$']\d").search
_MAY_ASK = re.compile(r"[0-9@_&\x00-\x08\x0e-\x1b\x7f]").search  # a class alone is looked for six times as fast
_HAS_DIGIT = re.compile(r"\d").search
# Letters in lower case, marks as spaces, in bytes: half the time of the same with a string.
_FOLDED = "".join(
    chr(code).lower() if chr(code).isalnum() or code <= 32 or chr(code) in "'\x7f" else " " for code in range(128)
).encode() + bytes(range(128, 256))


def words_of(text: str) -> list[str]:
    """Return the keys of the words of *text* in order, as `tokenise` has them; its marks left out.

    Nine in ten clauses hold letters, plain numbers and usual marks only: there this takes a fifth of the time of their
    tokens.

    >>> words_of("Don’t share – third-party (or not)"), words_of("No. 3 of 1,000")
    (["don't", 'share', 'third', 'party', 'or', 'not'], ['no', '3', 'of', '1,000'])
    """
    plain = plain_words(text)
    return words_of_tokens(tokenise(text)) if plain is None else plain


def words_of_tokens(tokens: Tokens) -> list[str]:
    """Return the keys of the words among tokens."""
    return [key for key, bare in zip(tokens.keys, tokens.bares, strict=True) if bare]


def bare_words(text: str) -> list[str]:
    """Return the words as `Tokens.bares` has them: without apostrophes, "&" as "and".

    >>> bare_words("Don’t, A&B")
    ['dont', 'a', 'and', 'b']
    """
    plain = plain_words(text)
    if plain is not None:
        return [word.replace("'", "") for word in plain] if "'" in text or "\u2019" in text else plain
    return [bare for bare in tokenise(text).bares if bare]


def folded_line(text: str) -> str:
    """Return the `bare_words` of a text with a separator between them: what two spellings of it have in common."""
    return _cached_line(text) if len(text) <= _CACHED_LENGTH else _line(text)


def _line(text: str) -> str:
    return "\x1f".join(bare_words(text))


_CACHED_LENGTH = 5_000  # with the number of texts this bounds the cache; changes are named, counted and anchored by it
_cached_line = lru_cache(maxsize=2_000)(_line)


def key_of(text: str) -> str:
    """Return the `fold_key` of a text."""
    plain = plain_words(text)
    return fold_key(tokenise(text)) if plain is None else key_of_plain(plain)


def key_of_plain(words: list[str]) -> str:
    """Return the `fold_key` of a text with these `plain_words`."""
    key = "".join(words).replace("'", "")
    return join_words([word.replace("'", "") for word in words]) if _HAS_DIGIT(key) else key


def plain_words(text: str) -> list[str] | None:
    """Return the words of a text of nothing but letters and usual marks; None of any other."""
    if not text.isascii():
        for mark, shown in _USUAL_MARKS:
            text = text.replace(mark, shown)
        if not text.isascii():
            return None
    if "://" in text or "www." in text or "''" in text or (_MAY_ASK(text) and _ASKS_FOR_TOKENS(text)):
        return None
    words = text.encode("ascii").translate(_FOLDED).decode("ascii").split()
    return words if "'" not in text else [word for run in words if (word := run.strip("'"))]
