"""The folded words of a text without its tokens: all that pairing and naming clauses need of most of them."""

from __future__ import annotations

import re
from functools import lru_cache

from harvest.compare.tokens import encode_latin, join_words, tokens_in

# Windows calls Latin what most clauses of policies are written in. Beside letters and the marks of ASCII, these marks
# stand in them; no word is cut or joined by one.
_LATIN = "cp1252"
_MARKS = "\u2018\u2019\u2022\u2026\u201c\u201d\u2013\u2014\u00a0\u00a7\u00ab\u00b0\u00b7\u00bb"
# What is for `tokenise`: addresses, numbers with signs in or on them, "&" that reads "and", characters that are neither
# letters nor marks.
_ASKS_FOR_TOKENS = re.compile(rb"[@_&\x00-\x08\x0e-\x1b\x7f]|\d(?:[.,:/]\d|[%'\x92])|[$'\x92]\d").search
_MAY_ASK = b"0123456789@_&" + bytes((*range(9), *range(14, 28), 127))  # taken out, they are found twenty times as fast
_PLAIN_LENGTH = 40  # characters, of which one run between spaces may be for `tokenise`
_LETTERS = "".join(chr(code) for code in range(0xC0, 0x100) if code not in b"\xd7\xdf\xf7")  # ß is ss
_READ = bytes(range(128)) + (_MARKS + _LETTERS).encode(_LATIN)
# Letters in lower case, all else as spaces: half the time of the same with a string. An apostrophe stays.
_FOLDED = "".join(
    chr(code).lower() if chr(code).isalnum() or code <= 32 or chr(code) in "'\x7f" else "'" if code == 0x92 else " "
    for code in range(256)
).encode("latin-1")
# What asks, in a text as it stands: a class finds the few characters that may, what follows says whether they do.
_MAY = "0-9$'\u2019:."
_NEVER = re.escape(_READ.decode(_LATIN))
_NEVER = re.sub(rf"\\?[{_MAY}@_&\x00-\x08\x0e-\x1b\x7f]", "", _NEVER)
_ASKS = re.compile(
    rf"[^{_NEVER}](?:(?<=\d)(?:[.,:/]\d|[%'\u2019])|(?<=[$'\u2019])\d|(?<=['\u2019])['\u2019]|(?<=:)//|(?<=www\.)"
    rf"|(?<=[^{_NEVER}{_MAY}]))"
).search
_BETWEEN_LETTERS = b"\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f '"
_DIGITS = b"0123456789"
_DIGITS_BESIDE = re.compile("[0-9] [0-9]").search


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
    parts = _parts(text)
    if parts is None:
        return [key for _, _, key, bare, _ in tokens_in(text) if bare]
    plain, runs = parts
    words = words_of_plain(plain[0])
    for run, body in zip(runs, plain[1:], strict=True):
        words += [key for _, _, key, bare, _ in tokens_in(run) if bare]
        words += words_of_plain(body)
    return words


def bare_words(text: str) -> list[str]:
    """Return the words as `Tokens.bares` has them: without apostrophes, "&" as "and".

    >>> bare_words("Don’t, A&B")
    ['dont', 'a', 'and', 'b']
    """
    plain = plain_body(text)
    return _other_bare_words(text) if plain is None else bare_words_of_plain(plain)


def _other_bare_words(text: str) -> list[str]:
    parts = _parts(text)
    if parts is None:
        return [token[3] for token in tokens_in(text) if token[3]]
    plain, runs = parts
    words = bare_words_of_plain(plain[0])
    for run, body in zip(runs, plain[1:], strict=True):
        words += [token[3] for token in tokens_in(run) if token[3]]
        words += bare_words_of_plain(body)
    return words


#: Words by which texts are told apart before all of them is folded.
FIRST = 3
_LOOKED = 8  # of the words as they stand: some are marks


def first_words(text: str) -> list[str]:
    """Return the first three `bare_words`, or as many as there are; most texts are folded no further for it.

    >>> first_words("We don’t – or seldom – sell it"), first_words("Cookies")
    (['we', 'dont', 'or'], ['cookies'])
    """
    begins = " ".join(text.split(None, FIRST)[:FIRST])
    if begins.isascii() and begins.count(" ") == FIRST - 1 and begins.replace(" ", "").isalpha():
        return begins.lower().split(" ")  # as six in ten begin: letters have no other fold
    few = bare_words(" ".join(text.split(None, _LOOKED)[:_LOOKED]))  # no word goes on behind white space
    return few[:FIRST] if len(few) >= FIRST else bare_words(text)[:FIRST]


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
    return join_words(_other_bare_words(text))


def key_of_plain(body: bytes) -> str:
    """Return the `fold_key` of a text with this `plain_body`."""
    key = body.translate(None, _BETWEEN_LETTERS)
    if len(key.translate(None, _DIGITS)) < len(key):
        words = bare_words_of_plain(body)
        if _DIGITS_BESIDE(" ".join(words)):
            return join_words(words)
    return key.decode("latin-1")


def plain_body(text: str) -> bytes | None:
    """Return a text of nothing but letters of Latin-1 and usual marks, in lower case and marks blank; else None."""
    if text.isascii():
        body = text.encode()
    else:
        try:
            body = encode_latin(text)
        except UnicodeEncodeError:
            return None
        if body.translate(None, _READ):
            return None
    if "://" in text or "www." in text:
        return None
    if len(body.translate(None, _MAY_ASK)) < len(body) and _ASKS_FOR_TOKENS(body):
        return None
    body = body.translate(_FOLDED)
    return None if b"''" in body else body


def _parts(text: str) -> tuple[list[bytes], list[str]] | None:
    """Return a text in parts: what is plain of it as its `plain_body`, and the runs between these that are for tokens.

    Cut at spaces, behind which no token goes on: a clause with an address or "3.1" in it is plain but for that. New
    words cost half of what their tokens do. None where too much of a text is not plain: then its tokens cost less.
    """
    plain: list[str] = []
    runs: list[str] = []
    most = 2 + len(text) // _PLAIN_LENGTH
    at = 0
    while (found := _ASKS(text, at)) is not None:
        start = text.rfind(" ", at, found.start()) + 1 or at
        end = text.find(" ", found.start())
        plain.append(text[at:start])
        at = end if end >= 0 else len(text)
        runs.append(text[start:at])
        if len(runs) > most:
            return None
    plain.append(text[at:])
    body = "\x7f".join(plain).encode(_LATIN).translate(_FOLDED)  # a character that no plain text holds
    return body.split(b"\x7f"), runs


def words_of_plain(body: bytes) -> list[str]:
    """Return the words of a text with this `plain_body`."""
    words = body.decode("latin-1").split()
    if b"'" not in body:
        return words
    line = f" {' '.join(words)} "
    if " '" not in line and "' " not in line:
        return words  # all stand within words, as most do
    return [word for run in words if (word := run.strip("'"))]


def bare_words_of_plain(body: bytes) -> list[str]:
    """Return the `bare_words` of a text with this `plain_body`."""
    return body.translate(None, b"'").decode("latin-1").split()
