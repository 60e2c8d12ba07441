"""How hard a text is to read: the Flesch–Kincaid grade, a school year, of English prose.

0.39 · words per sentence + 11.8 · syllables per word − 15.59 (Kincaid et al. 1975). The formula was made for English;
texts in other languages have no grade. Syllables are the hyphenation points of pyphen's American dictionary, as
textstat counted them when the published figures for policies were made; every clause is a sentence at least, so that a
list of ten items is ten short sentences and not one long one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_END = re.compile(r"[.!?][\"'”’)\]]*\s+(?=[\"'“‘(\[]*[A-Z0-9])")
_ABBREVIATION = re.compile(r"\b(?:[A-Za-z]|e\.g|i\.e|U\.S|Inc|Ltd|Co|Corp|Mr|Mrs|Ms|Dr|No|vs|etc|St)\.")
_LONGEST_ABBREVIATION = len("Corp.")
_FEWEST = 100  # words: the samples that the formula was fitted to had so many
_LONGEST = 40  # letters; longer strings are no words


@dataclass(frozen=True, slots=True)
class Prose:
    """Counts of a text: sentences, words (runs of letters) and syllables."""

    sentences: int = 0
    words: int = 0
    syllables: int = 0

    def __add__(self, other: Prose) -> Prose:
        return Prose(self.sentences + other.sentences, self.words + other.words, self.syllables + other.syllables)


def measure_prose(texts: Iterable[str]) -> Prose:
    """Count the sentences, words and syllables of clauses; those without a word of letters do not count."""
    sentences = words = syllables = 0
    for text in texts:
        counts = _counts(text)
        sentences += counts[0]
        words += counts[1]
        syllables += counts[2]
    return Prose(sentences, words, syllables)


def reading_grade(prose: Prose, language: str) -> float | None:
    """Return the Flesch–Kincaid grade to one decimal; None for texts not in English and for less than 100 words."""
    if language != "en" or prose.words < _FEWEST or not prose.sentences:
        return None
    return round(0.39 * prose.words / prose.sentences + 11.8 * prose.syllables / prose.words - 15.59, 1)


@lru_cache(maxsize=16384)  # consecutive versions of a policy share most clauses; 16,000 of them take some 5 MB
def _counts(text: str) -> tuple[int, int, int]:
    """Count the sentences, words and syllables of a clause."""
    # in lower case, in which most are known; other letters than those of ASCII may become two
    found = _WORD.findall(text.lower() if text.isascii() else text)
    return (1 + _ends(text), len(found), sum(map(count_syllables, found))) if found else (0, 0, 0)


@lru_cache(maxsize=50_000)  # the vocabulary of policies is small
def count_syllables(word: str) -> int:
    """Return the syllables of an English word, 1 at least.

    >>> count_syllables("information"), count_syllables("we")
    (4, 1)
    """
    if len(word) > _LONGEST:
        return 1
    patterns, beginnings = _dictionary()
    dotted = f".{word.lower()}."
    weights = [0] * (len(dotted) + 1)
    for start in range(len(dotted)):
        for end in range(start + 1, len(dotted) + 1):
            if (part := dotted[start:end]) not in beginnings:
                break
            if held := patterns.get(part):
                for at, weight in enumerate(held[1], start + held[0]):
                    weights[at] = max(weights[at], weight)
    # an odd weight is a point between letters, never one next to either end
    return 1 + sum([weight % 2 for weight in weights[3:-3]])


def _ends(text: str) -> int:
    """Ends of sentences inside a text; full stops of abbreviations are none."""
    return sum(not _is_abbreviated(text, match.start() + 1) for match in _END.finditer(text))


def _is_abbreviated(text: str, end: int) -> bool:
    """True where an abbreviation ends there. Looks at its last letters only: a page may be one clause of megabytes."""
    starts = range(max(0, end - _LONGEST_ABBREVIATION), end)
    return any(_ABBREVIATION.fullmatch(text, start, end) for start in starts)


@lru_cache(maxsize=1)
def _dictionary() -> tuple[Mapping[str, tuple[int, Sequence[int]]], frozenset[str]]:
    """Return the patterns of pyphen's dictionary, each with its weights and where they begin, and how patterns begin.

    With the latter a word is looked up in half the time of ``Pyphen.positions``, which tries all its parts: a
    hundredth of the reading of pages.
    """
    import pyphen  # reads its dictionary: 20 ms that comparing has no use for

    patterns = pyphen.Pyphen(lang="en_US").hd.patterns
    return patterns, frozenset(part[:end] for part in patterns for end in range(1, len(part) + 1))
