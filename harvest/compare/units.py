"""Two texts prepared for pairing: every clause with its folded key and its words as symbols."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import Generic, TypeVar

from rapidfuzz.distance import Indel, LCSseq
from rapidfuzz.process import extract_iter

from harvest.compare.folded_words import key_of_plain, other_key, other_words, plain_body, words_of_plain
from harvest.compare.hunks import Symbols
from harvest.compare.spans import MONTHS
from harvest.compare.tokens import count_words
from harvest.model import Section

JOINT = "\n\n"  # between the clauses of one change


@dataclass(slots=True)
class Work:
    """Counted work of one comparison, in units that do not depend on the machine.

    *cells* counts compared pairs of clauses (or sections), each weighted by its words × words / 4096. Nothing more
    is compared once *limit* is reached: what is left stays added or removed, and the method says so.
    """

    limit: int = 60_000  # about a quarter of a second; the widest real pair seen needs a tenth of it
    cells: int = 0
    refused: int = 0

    def afford(self, size_a: int, size_b: int) -> bool:
        """Return whether one more pair of this size may be compared, and count it."""
        if self.cells >= self.limit:
            self.refused += 1
            return False
        self.cells += 1 + (size_a * size_b >> 12)
        return True

    def afford_all(self, size_a: int, sizes_b: Sequence[int]) -> bool:
        """Return whether a pair may be compared with each of these sizes, and count them if so; else nothing."""
        cells = len(sizes_b) + sum([size_a * size_b >> 12 for size_b in sizes_b])
        if self.cells + cells > self.limit:
            return False
        self.cells += cells
        return True


class Vocabulary(dict[str, str]):
    """The words of both sides of a comparison, each with the character that stands for it.

    All numbers are one word here, so are all months and all addresses: a clause that states another date or telephone
    number is still the same clause.
    """

    def __init__(self) -> None:
        self._classes = Symbols()
        self._texts: dict[str, tuple[str, ...]] = {}  # of which the collector of garbage lets go, as not of lists

    def of_text(self, text: str, plain: bytes | None) -> tuple[str, ...]:
        """Return the words of a text, one character each; *plain* is its `plain_body`. Both sides share most texts."""
        found = self._texts.get(text)
        if found is None:
            words = other_words(text) if plain is None else words_of_plain(plain)
            found = self._texts[text] = tuple(map(self.__getitem__, words))
        return found

    def __missing__(self, key: str) -> str:
        # of nine in ten words, those of letters, all but months are a class of their own
        found = self[key] = self._classes[key if key.isalpha() and key not in MONTHS else _word_class(key)]
        return found


T = TypeVar("T")


class _Made(Generic[T]):
    """An attribute of a unit that is made when it is first asked for: no data descriptor, it is found only once."""

    def __init__(self, make: Callable[[Unit], T]) -> None:
        self._make = make

    def __set_name__(self, owner: type[Unit], name: str) -> None:
        self._name = name

    def __get__(self, unit: Unit, owner: type[Unit]) -> T:
        found = self._make(unit)
        setattr(unit, self._name, found)
        return found


class Unit:
    """One clause of one side. *place* is its position in the document, headings counted.

    Of a section that is the same on both sides all *size* clauses are one unit, joined: nothing in it is looked at.
    What follows from the text is made when it is first asked for, and is an attribute from then on: *key*, the folded
    text (equal keys differ in typography and links only; '' for a clause without words); *symbols*, the folded words,
    one character each, in the vocabulary both sides share; *letters*, the different ones of them; *words* as a reader
    counts them.
    """

    def __init__(
        self,
        index: int,
        section: int,
        clause: int,
        place: int,
        text: str,
        markdown: str,
        vocabulary: Vocabulary,
        size: int = 1,
    ) -> None:
        self.index, self.section, self.clause, self.place = index, section, clause, place
        self.text, self.markdown, self.vocabulary, self.size = text, markdown, vocabulary, size

    def _fold(self) -> str:
        return other_key(self.text) if self._plain is None else key_of_plain(self._plain)

    def _read(self) -> tuple[str, ...]:
        return self.vocabulary.of_text(self.text, self._plain)

    _plain = _Made(lambda unit: plain_body(unit.text))
    key = _Made(_fold)
    symbols = _Made(lambda unit: "".join(unit._read()))
    # of the characters that the vocabulary has: those cut out of `symbols` are new ones and take thrice as long
    letters = _Made(lambda unit: frozenset(unit._read()))
    words = _Made(lambda unit: count_words(unit.text))


@lru_cache(maxsize=20_000)
def _word_class(key: str) -> str:
    if key[0].isdigit() and not key.isalpha():
        return "0"
    if key in MONTHS:
        return "month"
    return "@" if "@" in key or key.startswith(("http://", "https://", "www.")) else key


@dataclass(frozen=True, slots=True)
class Side:
    """One text: its sections, and its clauses in reading order."""

    sections: Sequence[Section]
    units: tuple[Unit, ...]
    of_section: tuple[tuple[Unit, ...], ...]
    heading_place: tuple[int, ...]
    vocabulary: Vocabulary

    def symbols(self, text: str) -> str:
        """Return the words of a heading as a clause's are: one character each, in the vocabulary both sides share."""
        return "".join(self.vocabulary.of_text(text, plain_body(text)))


def prepare(sections: Sequence[Section], vocabulary: Vocabulary, *, whole: Collection[int] = frozenset()) -> Side:
    """Lay a text out as units, sections in *whole* as one. Cheap: nothing is tokenised before it is asked for."""
    units: list[Unit] = []
    by_section: list[tuple[Unit, ...]] = []
    heading_place: list[int] = []
    place = 0
    for number, section in enumerate(sections):
        heading_place.append(place)
        place += 1
        first = len(units)
        size = len(section.clauses)
        if size > 1 and number in whole:
            text, markdown = _joined(section, "text"), _joined(section, "markdown")
            units.append(Unit(first, number, 0, place, text, markdown, vocabulary, size))
            place += size
            by_section.append((units[-1],))
            continue
        for position, clause in enumerate(section.clauses):
            units.append(Unit(len(units), number, position, place, clause.text, clause.markdown, vocabulary))
            place += 1
        by_section.append(tuple(units[first:]))
    return Side(sections, tuple(units), tuple(by_section), tuple(heading_place), vocabulary)


def _joined(section: Section, what: str) -> str:
    return JOINT.join(map(attrgetter(what), section.clauses))


def similarity(a: str, b: str, *, cutoff: float = 0.0) -> float:
    """Return the share of words that two symbol strings have in common in order, 0 to 1; 0 below *cutoff*."""
    return Indel.normalized_similarity(a, b, score_cutoff=cutoff)


_FEW = 2  # strings with which one is compared sooner than it is prepared


def similarities(a: str, others: Sequence[str], *, cutoff: float) -> list[float]:
    """Return the `similarity` of one symbol string with each of *others*: *a* is prepared once for all of them."""
    if len(others) <= _FEW:
        return [similarity(a, b, cutoff=cutoff) for b in others]
    alike = [0.0] * len(others)
    for _, score, n in extract_iter(a, others, scorer=Indel.normalized_similarity, score_cutoff=cutoff):
        alike[n] = score
    return alike


def common(a: str, b: str) -> int:
    """Return how many words two symbol strings have in common in order."""
    return LCSseq.similarity(a, b)
