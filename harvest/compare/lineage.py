"""The identity of sections through the history of a policy: renames, renumbering, moves, removal and return."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from copy import copy

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

_Wording = tuple[str, tuple[str, ...]]


def link(history: Sequence[Sequence[Section]]) -> list[list[int]]:
    """Give every section of every text the number of its lineage.

    *history:* the texts of one policy in order of time, each a sequence of sections; a text may come back. Returns
    one list of numbers for each text, parallel to its sections; numbers count from 0 in order of first appearance,
    and no number stands twice in one text. A section that was gone and returns keeps its number: its wording, its
    heading or most of its clauses are recognised. Deterministic; near-linear in the length of the history, for only
    sections that differ from the text before are compared.
    """
    linker = Linker()
    return [linker.number(text) for text in history]


def pair_sections(before: Sequence[Section], after: Sequence[Section]) -> tuple[Pair, ...]:
    """Return which sections of two consecutive texts are one section: the costly part of linking, and a pure one.

    The same pairs as `harvest.compare.diff.compare_aligned` returns beside a diff: whoever has those need not ask.
    """
    return align_canonically(before, after, Work()).sections if before else ()


class Linker:
    """`link` one text after the other: what is known of all texts so far. For a history that grows at its end."""

    def __init__(self) -> None:
        self.count = 0
        self.texts: dict[Hashable, list[int]] = {}
        self.by_wording: dict[_Wording, int] = {}
        self.by_heading: dict[str, int] = {}
        self.by_clause: dict[str, int] = {}
        self.previous: Sequence[Section] = ()
        self.previous_numbers: list[int] = []

    def fork(self) -> Linker:
        """Return an independent copy: what it is told, this one does not learn."""
        other = copy(self)
        for name in ("texts", "by_wording", "by_heading", "by_clause"):
            setattr(other, name, dict(getattr(self, name)))
        return other

    def number(self, text: Sequence[Section], pairs: Sequence[Pair] | None = None) -> list[int]:
        """Return the lineages of the next text's sections, as `link` would.

        *pairs*: what `pair_sections` said of the text before and this one, where that is known; else it is asked.
        """
        wordings = [_wording(section) for section in text]
        key = tuple((section.number, wording) for section, wording in zip(text, wordings, strict=True))
        numbers = self.texts.get(key)
        if numbers is None:
            numbers = self.texts[key] = self._link(text, wordings, pairs)
        self._remember(text, wordings, numbers)
        self.previous, self.previous_numbers = text, numbers
        return list(numbers)

    def _link(self, text: Sequence[Section], wordings: Sequence[_Wording], pairs: Sequence[Pair] | None) -> list[int]:
        found: dict[int, int] = {}
        taken: set[int] = set()

        def claim(position: int, lineage: int | None) -> None:
            if lineage is not None and position not in found and lineage not in taken:
                found[position] = lineage
                taken.add(lineage)

        if pairs is None:
            pairs = pair_sections(self.previous, text)
        for i, j in pairs:  # unchanged since the text before
            if _wording(self.previous[i]) == wordings[j]:
                claim(j, self.previous_numbers[i])
        for j, wording in enumerate(wordings):
            if _words(wording) >= _SURE_WORDS:
                claim(j, self.by_wording.get(wording))
        for i, j in pairs:
            claim(j, self.previous_numbers[i])
        for j, section in enumerate(text):
            claim(j, self.by_wording.get(wordings[j]))
            claim(j, self.by_heading.get(fold(section.heading)) if section.heading else None)
        for j, wording in enumerate(wordings):
            claim(j, self._by_clauses(wording, taken))
        for j in range(len(text)):
            if j not in found:
                found[j] = self.count
                self.count += 1
        return [found[j] for j in range(len(text))]

    def _by_clauses(self, wording: _Wording, taken: set[int]) -> int | None:
        """Return the lineage to which most words of a section belonged when they were last seen."""
        words: dict[int, int] = defaultdict(int)
        for clause in wording[1]:
            lineage = self.by_clause.get(clause)
            if lineage is not None and lineage not in taken:
                words[lineage] += count_words(clause)
        best = max(words, key=lambda lineage: (words[lineage], -lineage), default=None)
        if best is None or words[best] < max(_SURE_WORDS, _RETURNED_SHARE * _words(wording)):
            return None
        return best

    def _remember(self, text: Sequence[Section], wordings: Sequence[_Wording], numbers: Sequence[int]) -> None:
        for section, wording, lineage in zip(text, wordings, numbers, strict=True):
            self.by_wording[wording] = lineage
            if section.heading:
                self.by_heading[fold(section.heading)] = lineage
            for clause in wording[1]:
                self.by_clause[clause] = lineage


def _wording(section: Section) -> _Wording:
    return section.heading, tuple(clause.markdown for clause in section.clauses)


def _words(wording: _Wording) -> int:
    return sum(count_words(part) for part in wording[1])
