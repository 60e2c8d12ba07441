"""Letters that an encoding lost, and accents left out: "donn\ufffdes" and "donnees" are "données"."""

from __future__ import annotations

import re
import unicodedata

_LOST = re.compile("\ufffd+")
_MOST_LOST = 4  # runs of lost letters in a word: more leave nothing to tell it by
_LEAST_LEFT = 2  # of a word, beside them
#: Grave, acute, circumflex, cedilla. Dots above and tildes make other words: "drucken" and "drücken", "ano" and "año".
_ACCENTS = frozenset("\u0300\u0301\u0302\u0327")


def same_but_letters(before: str, after: str) -> bool:
    """Return whether two texts are the same, word by word, but for letters lost or accents left out in one of them.

    >>> same_but_letters("vos donn\ufffdes", "vos données"), same_but_letters("vos donnees", "vos données")
    (True, True)
    >>> same_but_letters("d’acceder a tout", "d’accéder à tout"), same_but_letters("l’été", "l’ete")
    (True, True)
    >>> same_but_letters("vos donn\ufffdes", "nos données"), same_but_letters("drücken", "drucken")
    (False, False)
    """
    if before.isascii() and after.isascii():
        return False
    one, other = before.casefold().split(), after.casefold().split()
    return len(one) == len(other) and all(map(_is_same_word, one, other))


def _is_same_word(one: str, other: str) -> bool:
    if one == other:
        return True
    if "\ufffd" in one or "\ufffd" in other:
        return _fits(one, other) if "\ufffd" in one else _fits(other, one)
    plain = _without_accents(one), _without_accents(other)
    return plain[0] == plain[1] and (plain[0] in (one, other))


def _fits(broken: str, whole: str) -> bool:
    """Return whether a word is one that lost letters, each run of them three at most."""
    parts = _LOST.split(broken)
    if len(parts) > _MOST_LOST + 1 or sum(map(len, parts)) < min(_LEAST_LEFT, len(whole) - 1):
        return False
    return re.fullmatch(".{0,3}".join(map(re.escape, parts)), whole) is not None


def _without_accents(word: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFD", word) if c not in _ACCENTS)
    return unicodedata.normalize("NFC", bare)
