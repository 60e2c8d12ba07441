"""The folded words of a text without its tokens: all that pairing and naming clauses need of most of them."""

from __future__ import annotations

import re
from functools import lru_cache

from harvest.compare.tokens import join_words, tokens_in

# Beside letters and the marks of ASCII, what stands in most clauses of policies; no word is cut or joined by them.
_USUAL_MARKS = (("\u2019", "'"), ("\u201c", " "), ("\u201d", " "), ("\u2013", " "), ("\u2014", " "), ("\u00a0", " "))
# What is for `tokenise`: addresses, numbers with signs in or on them, "&" that reads "and", characters that are neither
# letters nor marks.
_ASKS_FOR_TOKENS = re.compile(r"[@_&\x00-\x08\x0e-\x1b\x7f]|\d(?:[.,:/]\d|[%'])|[$']\d").search
_MAY_ASK = re.compile(r"[0-9@_&\x00-\x08\x0e-\x1b\x7f]").search  # a class alone is looked for six times as fast
# Letters in lower case, all else as spaces, in Latin-1: half the time of the same with a string. An apostrophe stays.
_SIGNS = b"\xa7\xab\xb0\xb7\xbb"  # § « ° · »: marks, as those of ASCII are
_LETTERS = bytes(code for code in range(0xC0, 0x100) if code not in b"\xd7\xdf\xf7")  # ß is ss
_FOLDED = "".join(
    chr(code).lower() if chr(code).isalnum() or code <= 32 or chr(code) in "'\x7f" or code in range(128, 160) else " "
    for code in range(256)
).encode("latin-1")
_READ = bytes(range(128)) + _SIGNS + _LETTERS
_BETWEEN_LETTERS = b"\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f '"
_DIGITS = b"0123456789"


def words_of(text: str) -> list[str]:
    """Return the keys of the words of *text* in order, as `tokenise` has them; its marks left out.

    Nine in ten clauses hold letters, plain numbers and usual marks only: there this takes a fifth of the time of their
    tokens.

    >>> words_of("Don’t share – third-party (or not)"), words_of("No. 3 of 1,000")
    (["don't", 'share', 'third', 'party', 'or', 'not'], ['no', '3', 'of', '1,000'])
    """
    plain = plain_body(text)
    return other_words(text) if plain is None else words_of_plain(plain)


def other_words(text: str) -> list[str]:
    """Return the `words_of` a text that has no `plain_body`."""
    return [key for _, _, key, bare, _ in tokens_in(text) if bare]


def bare_words(text: str) -> list[str]:
    """Return the words as `Tokens.bares` has them: without apostrophes, "&" as "and".

    >>> bare_words("Don’t, A&B")
    ['dont', 'a', 'and', 'b']
    """
    plain = plain_body(text)
    return [token[3] for token in tokens_in(text) if token[3]] if plain is None else bare_words_of_plain(plain)


def folded_line(text: str) -> str:
    """Return the `bare_words` of a text with a separator between them: what two spellings of it have in common."""
    return _cached_line(text) if len(text) <= _CACHED_LENGTH else _long_line(text)


def _line(text: str) -> str:
    return "\x1f".join(bare_words(text))


_CACHED_LENGTH = 5_000  # with the number of texts this bounds the cache; changes are named, counted and anchored by it
_cached_line = lru_cache(maxsize=2_000)(_line)
_long_line = lru_cache(maxsize=50)(_line)


def key_of(text: str) -> str:
    """Return the `fold_key` of a text."""
    plain = plain_body(text)
    return other_key(text) if plain is None else key_of_plain(plain)


def other_key(text: str) -> str:
    """Return the `fold_key` of a text that has no `plain_body`."""
    return join_words([token[3] for token in tokens_in(text)])


def key_of_plain(body: bytes) -> str:
    """Return the `fold_key` of a text with this `plain_body`."""
    key = body.translate(None, _BETWEEN_LETTERS)
    if len(key.translate(None, _DIGITS)) < len(key):
        return join_words([word.replace("'", "") for word in words_of_plain(body)])
    return key.decode("latin-1")


def plain_body(text: str) -> bytes | None:
    """Return a text of nothing but letters of Latin-1 and usual marks, in lower case and marks blank; else None."""
    if not text.isascii():
        for mark, shown in _USUAL_MARKS:
            text = text.replace(mark, shown)
        if not text.isascii():
            try:
                if text.encode("latin-1").translate(None, _READ):
                    return None
            except UnicodeEncodeError:
                return None
    if "://" in text or "www." in text or "''" in text or (_MAY_ASK(text) and _ASKS_FOR_TOKENS(text)):
        return None
    return text.encode("latin-1").translate(_FOLDED)


def words_of_plain(body: bytes) -> list[str]:
    """Return the words of a text with this `plain_body`."""
    words = body.decode("latin-1").split()
    return words if b"'" not in body else [word for run in words if (word := run.strip("'"))]


def bare_words_of_plain(body: bytes) -> list[str]:
    """Return the `bare_words` of a text with this `plain_body`."""
    return body.translate(None, b"'").decode("latin-1").split()
