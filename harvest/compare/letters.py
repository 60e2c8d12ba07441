"""Letters that an encoding lost or garbled, and accents left out: "donn\ufffdes", "donnees", "donnÃ©es": "données"."""

from __future__ import annotations

import re
import unicodedata

_LOST = re.compile("\ufffd+")
_MOST_LOST = 4  # runs of lost letters in a word: more leave nothing to tell it by
_LEAST_LEFT = 2  # of a word, beside them
#: Grave, acute, circumflex, cedilla. Dots above and tildes make other words: "drucken" and "drücken", "ano" and "año".
_ACCENTS = frozenset("\u0300\u0301\u0302\u0327")


# UTF-8 read as Latin-1 or Windows-1252, with what of it is no character left out: ’ “ – are "â", "â€™", é is "Ã©", and
# a space that does not break is "Â " (food and games sites of 2012, put right a week later).
_GARBLED = re.compile("[âÃÂ]")
_GARBLED_SIGN = re.compile("â(?:€[\u0080-\uffff]?|[\u0080-\u00bf]{1,2})?|Â(?=[\u0080-\u00bf\\s]|$)")
_GARBLED_LETTER = re.compile("Ã([\u0080-\u00bf])")
_SIGNS = re.compile(r"[\W_]+")


def same_but_letters(before: str, after: str) -> bool:
    """Return whether two texts are the same, word by word, but for letters lost or accents left out in one of them.

    >>> same_but_letters("vos donn\ufffdes", "vos données"), same_but_letters("vos donnees", "vos données")
    (True, True)
    >>> same_but_letters("d’acceder a tout", "d’accéder à tout"), same_but_letters("l’été", "l’ete")
    (True, True)
    >>> same_but_letters("vos donn\ufffdes", "nos données"), same_but_letters("drücken", "drucken")
    (False, False)
    >>> same_but_letters("our friendâs âgardenâ", "our friend’s “garden”"), same_but_letters("entrÃ©es", "entrées")
    (True, True)
    """
    if before.isascii() and after.isascii():
        return False
    if (_GARBLED.search(before) or _GARBLED.search(after)) and (
        _letters(before, mend=True) == _letters(after) or _letters(before) == _letters(after, mend=True)
    ):
        return True
    one, other = before.casefold().split(), after.casefold().split()
    return len(one) == len(other) and all(map(_is_same_word, one, other))


def _letters(text: str, *, mend: bool = False) -> list[str]:
    """Return the letters of each word; *mend*: of a text that was garbled, as it was before."""
    if mend:
        text = _GARBLED_LETTER.sub(lambda found: chr(0xC0 + (ord(found[1]) & 0x3F)), text)
        text = _GARBLED_SIGN.sub("", text)
    return [bare for word in text.casefold().split() if (bare := _SIGNS.sub("", word))]


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
