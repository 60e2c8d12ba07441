"""The identity of sections through the history of a policy: renames, renumbering, moves, removal and return."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from copy import copy
from dataclasses import dataclass

from harvest.compare.diff import align_canonically
from harvest.compare.order import Pair
from harvest.compare.tokens import count_words
from harvest.compare.units import Work
from harvest.model import Section
from harvest.text.fold import fold

# A section this long that stands word for word as before is the same section, whatever stands beside it.
_SURE_WORDS = 8
# Share of the words of a section that must be known clauses of one lineage that was gone.
_RETURNED_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Names:
    """What tells the sections and clauses of a text from all others of its policy, in step with them.

    The ids of their rows, for those who have them: a `Linker` remembers every name, and words take more room.
    """

    sections: Sequence[Hashable]
    clauses: Sequence[Sequence[Hashable]]


def link(history: Sequence[Sequence[Section]]) -> list[list[int]]:
    """Give every section of every text the number of its lineage.

    *history:* the texts of one policy in order of time, each a sequence of sections; a text may come back. Returns
    one list of numbers for each text, parallel to its sections; numbers count from 0 in order of first appearance,
    and no number stands twice in one text. A section that was gone and returns keeps its number: its wording, its
    heading or most of its clauses are recognised. Deterministic; near-linear in the length of the history, for only
    sections that differ from the text before are compared.
    """
    linker = Linker()
    return [list(linker.number(text)) for text in history]


def pair_sections(before: Sequence[Section], after: Sequence[Section]) -> tuple[Pair, ...]:
    """Return which sections of two consecutive texts are one section: the costly part of linking, and a pure one.

    The same pairs as `harvest.compare.diff.compare_aligned` returns beside a diff: whoever has those need not ask.
    """
    return align_canonically(before, after, Work()).sections if before else ()


class Linker:
    """`link` one text after the other: what is known of all texts so far. For a history that grows at its end."""

    def __init__(self) -> None:
        self.count = 0
        self.texts: dict[bytes, tuple[int, ...]] = {}
        self.by_wording: dict[Hashable, int] = {}
        self.by_heading: dict[str, int] = {}
        self.by_clause: dict[Hashable, int] = {}
        self.previous: Sequence[Section] = ()
        self.previous_names: Sequence[Hashable] = ()
        self.previous_numbers: tuple[int, ...] = ()

    def fork(self) -> Linker:
        """Return an independent copy: what it is told, this one does not learn."""
        other = copy(self)
        for name in ("texts", "by_wording", "by_heading", "by_clause"):
            setattr(other, name, dict(getattr(self, name)))
        return other

    def number(
        self, text: Sequence[Section], pairs: Iterable[Pair] | None = None, names: Names | None = None
    ) -> tuple[int, ...]:
        """Return the lineages of the next text's sections, as `link` would.

        *pairs*: what `pair_sections` said of the text before and this one, where that is known; else it is asked.
        *names*: those of this text, of the same kind in each call.
        """
        names = names or _names_of(text)
        key = _digest((section.number, name) for section, name in zip(text, names.sections, strict=True))
        numbers = self.texts.get(key)
        if numbers is None:
            numbers = self.texts[key] = self._link(text, names, pairs)
        self._remember(text, names, numbers)
        self.previous, self.previous_names, self.previous_numbers = text, names.sections, numbers
        return numbers

    def _link(self, text: Sequence[Section], names: Names, pairs: Iterable[Pair] | None) -> tuple[int, ...]:
        found: dict[int, int] = {}
        taken: set[int] = set()

        def claim(position: int, lineage: int | None) -> None:
            if lineage is not None and position not in found and lineage not in taken:
                found[position] = lineage
                taken.add(lineage)

        pairs = list(pair_sections(self.previous, text) if pairs is None else pairs)
        for i, j in pairs:  # unchanged since the text before
            if self.previous_names[i] == names.sections[j]:
                claim(j, self.previous_numbers[i])
        for j, section in enumerate(text):
            if j not in found and _words(section) >= _SURE_WORDS:
                claim(j, self.by_wording.get(names.sections[j]))
        for i, j in pairs:
            claim(j, self.previous_numbers[i])
        for j, section in enumerate(text):
            claim(j, self.by_wording.get(names.sections[j]))
            claim(j, self.by_heading.get(fold(section.heading)) if section.heading and j not in found else None)
        for j, section in enumerate(text):
            if j not in found:
                claim(j, self._by_clauses(section, names.clauses[j], taken))
        for j in range(len(text)):
            if j not in found:
                found[j] = self.count
                self.count += 1
        return tuple(found[j] for j in range(len(text)))

    def _by_clauses(self, section: Section, names: Sequence[Hashable], taken: set[int]) -> int | None:
        """Return the lineage to which most words of a section belonged when they were last seen."""
        words: dict[int, int] = defaultdict(int)
        for clause, name in zip(section.clauses, names, strict=True):
            lineage = self.by_clause.get(name)
            if lineage is not None and lineage not in taken:
                words[lineage] += count_words(clause.markdown)
        best = max(words, key=lambda lineage: (words[lineage], -lineage), default=None)
        if best is None or words[best] < max(_SURE_WORDS, _RETURNED_SHARE * _words(section)):
            return None
        return best

    def _remember(self, text: Sequence[Section], names: Names, numbers: Sequence[int]) -> None:
        for section, name, clauses, lineage in zip(text, names.sections, names.clauses, numbers, strict=True):
            self.by_wording[name] = lineage
            if section.heading:
                self.by_heading[fold(section.heading)] = lineage
            self.by_clause.update(dict.fromkeys(clauses, lineage))


def _names_of(text: Sequence[Section]) -> Names:
    clauses = [tuple(clause.markdown for clause in section.clauses) for section in text]
    return Names([(section.heading, names) for section, names in zip(text, clauses, strict=True)], clauses)


def _digest(parts: Iterable[object]) -> bytes:
    return hashlib.blake2b(repr(list(parts)).encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _words(section: Section) -> int:
    return sum(count_words(clause.markdown) for clause in section.clauses)
