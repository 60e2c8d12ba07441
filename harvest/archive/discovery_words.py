"""What links to policies say, in the languages of the web: phrases that name a policy, and words that may stand by.

The words are in ``policy_words.toml``. They are compared without case, accents and punctuation (`plain`).
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources

KINDS = ("privacy", "terms", "cookies", "hub")
_ASCII = re.compile(r"[a-z0-9]+")
_PARTS = re.compile(r"[|\n]")
_SPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")  # scripts whose words are not apart


@dataclass(frozen=True, slots=True)
class Meaning:
    """What some words say of a policy. *level*: 3 they name it, 2 they name its matter, 0 they say nothing of it.

    *strangers*: words beside that are neither names of policies nor words that may stand by. *qualified*: it is the
    policy of some audience. *refused*: the words speak of something else. *shared*: they name another kind as well.
    """

    kind: str = ""
    level: int = 0
    strangers: tuple[str, ...] = ()
    qualified: bool = False
    refused: bool = False
    shared: bool = False


def plain(text: str) -> str:
    """Return words without case, accents and punctuation, one space between them.

    >>> plain("Datenschutz­erklärung & AGB’s")
    'datenschutzerklarung agb s'
    """
    if text.isascii():
        return " ".join(_ASCII.findall(text.lower()))
    text = unicodedata.normalize("NFKC", text.replace("\u00ad", "").replace("ß", "ss")).casefold()
    text = text.replace("ø", "o").replace("æ", "ae").replace("ł", "l").replace("ı", "i").replace("đ", "d")
    kept = []
    for letter in unicodedata.normalize("NFD", text):
        if unicodedata.category(letter) != "Mn" or "\u3099" <= letter <= "\u309a":
            kept.append(letter if letter.isalnum() or "\u0e31" <= letter <= "\u0e4e" else " ")
    return " ".join(unicodedata.normalize("NFC", "".join(kept)).split())


def meaning(text: str, *, names: Iterable[str] = ()) -> Meaning:
    """Say what the words of a link, or the name of a file, mean. *names*: words of the site's own name.

    Of several kinds the first of `KINDS` counts: what holds the privacy policy and the terms is the privacy policy.

    >>> meaning("Datenschutzerklärung"), meaning("Our Privacy").level
    (Meaning(kind='privacy', level=3, strangers=(), qualified=False, refused=False, shared=False), 2)
    >>> meaning("Court hears privacy case").strangers
    ('court', 'hears', 'case')
    """
    return _meaning(plain(text), frozenset(map(plain, names)))


@lru_cache(maxsize=20_000)  # the links of a site are the same on most of its pages
def _meaning(words: str, names: frozenset[str]) -> Meaning:
    if not _may_mean(words):
        return Meaning()
    full = [kind for kind, pattern in _patterns("full").items() if pattern.search(words)]
    bare = [kind for kind, pattern in _patterns("bare").items() if pattern.search(words)]
    kind = next((kind for kind in KINDS if kind in full or kind in bare), "")
    if not kind:
        return Meaning()
    shared = "terms" in full and kind == "privacy"
    return replace(_beside(words, kind, 3 if full else 2, names), shared=shared)


def _may_mean(words: str) -> bool:
    """False where no phrase can begin: a look at each word instead of some hundred patterns."""
    whole, beginnings = _first_words()
    return bool(_SPACED.search(words)) or any(word in whole or word.startswith(beginnings) for word in words.split())


@lru_cache
def _first_words() -> tuple[frozenset[str], tuple[str, ...]]:
    phrases = [part for sort in ("full", "bare") for text in _words()[sort].values() for part in _PARTS.split(text)]
    firsts = [phrase.split()[0] for phrase in phrases if phrase.split()]
    whole = {plain(first).split()[0] for first in firsts if "*" not in first and plain(first)}
    beginnings = {plain(first.partition("*")[0]).split()[0] for first in firsts if "*" in first}
    return frozenset(whole), tuple(sorted(beginnings))


def _beside(words: str, kind: str, level: int, names: frozenset[str]) -> Meaning:
    rest = words
    for sort in ("full", "bare"):
        for pattern in _patterns(sort).values():
            rest = pattern.sub(" ", rest)
    refused = bool(_list("other").search(words))
    qualified = bool(_list("qualified").search(rest))
    rest = _list("qualified").sub(" ", rest)
    named = len(words) - len(rest.strip())
    left = [word for word in rest.split() if not is_neutral(word) and not _is_name(word, names)]
    apart = [word for word in left if not _SPACED.search(word) or len("".join(left)) > named]
    return Meaning(kind, level, tuple(apart), qualified, refused)


def is_neutral(word: str) -> bool:
    """True for a plain word that may stand by the name of a policy without changing what is meant."""
    return word.isdigit() or word in _beside_words()


def _is_name(word: str, names: frozenset[str]) -> bool:
    return any(word == name or (len(word) > 3 and word in name) for name in names)


@lru_cache
def _words() -> Mapping[str, Mapping[str, str]]:
    with resources.files("harvest.archive").joinpath("policy_words.toml").open("rb") as file:
        return tomllib.load(file)


@lru_cache
def _patterns(sort: str) -> dict[str, re.Pattern[str]]:
    return {kind: _pattern(phrases) for kind, phrases in _words()[sort].items()}


@lru_cache
def _list(sort: str) -> re.Pattern[str]:
    return _pattern(_words()["beside"][sort])


@lru_cache
def _beside_words() -> frozenset[str]:
    return frozenset(plain(_words()["beside"]["neutral"]).split())


def _pattern(phrases: str) -> re.Pattern[str]:
    spellings = sorted(
        {spelling for part in _PARTS.split(phrases) for spelling in _spelling(part)}, key=len, reverse=True
    )
    return re.compile("|".join(spellings))


def _spelling(phrase: str) -> Iterable[str]:
    phrase = " ".join(phrase.split())
    if not phrase:
        return
    body = r"\w* ".join(re.escape(plain(part)) for part in re.split(r"\* ?", phrase) if plain(part))
    body += r"\w*" if phrase.endswith("*") else ""
    yield body if _SPACED.search(phrase) else rf"\b{body}\b"
