"""The state of an alignment under way, and its result."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter

from harvest.compare.order import Pair
from harvest.compare.units import Side, Unit, Work
from harvest.text.fold import fold

# A move is claimed of clauses this long only: shorter ones recur by chance (ADR-0032 of houfu/redlines uses the
# same eight words, similarity 0.8 and margin 0.1).
MOVED_WORDS = 8
MOVED_SIMILARITY = 0.8
MOVED_MARGIN = 0.1
# Inside one section an unchanged item that changed its place is no coincidence, however short.
MOVED_WORDS_INSIDE = 2


# Itself alone: hashing its indices was a tenth of an alignment. Not frozen: that doubles the cost of making one.
@dataclass(slots=True, eq=False)
class Group:
    """Clauses before that became clauses after, by unit index, ascending; one to one unless split or merged."""

    a: tuple[int, ...]
    b: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Turned:
    """Words that are headings on one side and clauses, or parts of them, on the other: mark-up changed.

    Joined in order, the headings (by section index) and clauses (by unit index) of both sides are the same words.
    """

    headings_a: tuple[int, ...]
    units_a: tuple[int, ...]
    headings_b: tuple[int, ...]
    units_b: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Alignment:
    """The result: pairs of section indices and groups of unit indices. What is in none was added or removed."""

    a: Side
    b: Side
    sections: tuple[Pair, ...]
    moved_sections: frozenset[Pair]
    groups: tuple[Group, ...]
    moved: frozenset[Group]
    turned: tuple[Turned, ...]
    work: Work


def moved_runs(moved: Iterable[Pair]) -> list[list[Pair]]:
    """Return moved sections in the order of the text after; neighbours that moved together are one run."""
    runs: list[list[Pair]] = []
    for i, j in sorted(moved, key=lambda pair: pair[1]):
        last = runs[-1] if runs else []
        if last and last[-1] == (i - 1, j - 1):
            last.append((i, j))
        else:
            runs.append([(i, j)])
    return runs


_fold = lru_cache(maxsize=10_000)(fold)  # headings recur in every version of a policy


class Pairing:
    """What has been paired so far."""

    def __init__(self, a: Side, b: Side, work: Work) -> None:
        self.a, self.b, self.work = a, b, work
        self.section_mate: dict[int, int] = {}
        self.section_mate_back: dict[int, int] = {}
        self.group_of_a: dict[int, Group] = {}
        self.group_of_b: dict[int, Group] = {}
        self.turned: list[Turned] = []
        self.left_a, self.left_b = set(a.units), set(b.units)  # clauses in no group yet
        self._groups: list[Group] | None = None
        self._turned_sections: tuple[set[int], set[int]] = (set(), set())
        self._words_a: dict[int, int] = {}
        self._words_b: dict[int, int] = {}
        self.heading_a = [_fold(section.heading) for section in a.sections]
        self.heading_b = [_fold(section.heading) for section in b.sections]

    def section_words(self, i: int, j: int) -> int:
        """Return the words of sections *i* and *j* together; counted when first asked for."""
        if i not in self._words_a:
            self._words_a[i] = sum([u.words for u in self.a.of_section[i]])
        if j not in self._words_b:
            self._words_b[j] = sum([v.words for v in self.b.of_section[j]])
        return self._words_a[i] + self._words_b[j]

    def pair_sections(self, i: int, j: int) -> None:
        """Record that section *i* became section *j*."""
        self.section_mate[i] = j
        self.section_mate_back[j] = i

    def pair(self, a: Sequence[Unit], b: Sequence[Unit]) -> None:
        """Record that clauses became clauses; they must be free, or groups to be replaced must be dropped first."""
        group = Group(tuple([u.index for u in a]), tuple([v.index for v in b]))
        for index in group.a:
            self.group_of_a[index] = group
        for index in group.b:
            self.group_of_b[index] = group
        self.left_a.difference_update(a)
        self.left_b.difference_update(b)
        self._groups = None

    def drop(self, group: Group) -> None:
        """Forget a group."""
        self._groups = None
        for index in group.a:
            del self.group_of_a[index]
            self.left_a.add(self.a.units[index])
        for index in group.b:
            del self.group_of_b[index]
            self.left_b.add(self.b.units[index])

    def groups(self) -> list[Group]:
        """Return all groups in order of the text before."""
        if self._groups is None:
            self._groups = sorted(dict.fromkeys(self.group_of_a.values()), key=attrgetter("a"))
        return self._groups

    def free_a(self, units: Sequence[Unit]) -> list[Unit]:
        """Return those clauses of the text before that are in no group yet."""
        return [*filter(self.left_a.__contains__, units)]

    def free_b(self, units: Sequence[Unit]) -> list[Unit]:
        """Return those clauses of the text after that are in no group yet."""
        return [*filter(self.left_b.__contains__, units)]

    def any_free(self, units_a: Iterable[Unit], units_b: Iterable[Unit]) -> bool:
        """Return whether of both sides some of these clauses are in no group yet."""
        return not self.left_a.isdisjoint(units_a) and not self.left_b.isdisjoint(units_b)

    def free_section_a(self, i: int) -> bool:
        """Return whether section *i* is neither paired nor turned into clauses."""
        return i not in self.section_mate and i not in self._turned_sections[0]

    def free_section_b(self, j: int) -> bool:
        """Return whether section *j* is neither paired nor made of clauses."""
        return j not in self.section_mate_back and j not in self._turned_sections[1]

    def same_heading(self, i: int, j: int) -> bool:
        """Return whether two sections have one heading."""
        return self.heading_a[i] != "" and self.heading_a[i] == self.heading_b[j]

    def turn(self, turned: Turned) -> None:
        """Record that headings became clauses or the other way round."""
        self.turned.append(turned)
        self._turned_sections[0].update(turned.headings_a)
        self._turned_sections[1].update(turned.headings_b)
        self.left_a.difference_update([self.a.units[index] for index in turned.units_a])
        self.left_b.difference_update([self.b.units[index] for index in turned.units_b])

    def sections_of(self, group: Group) -> Pair:
        """Return the sections in which a group begins."""
        return self.a.units[group.a[0]].section, self.b.units[group.b[0]].section

    def spans_sections(self, group: Group) -> bool:
        """Return whether a group reaches over the border of a section on either side."""
        sections_a = {self.a.units[n].section for n in group.a}
        sections_b = {self.b.units[n].section for n in group.b}
        return len(sections_a) > 1 or len(sections_b) > 1

    def weight(self, group: Group) -> float:
        """How much it takes to say that a group moved: its words, doubled where its sections are a pair."""
        i, j = self.sections_of(group)
        words = sum([self.a.units[n].words for n in group.a]) + 1
        return words * (2.0 if self.section_mate.get(i) == j else 1.0)

    def sure_to_have_moved(self, group: Group) -> bool:
        """Return whether a group that is out of order may be called moved."""
        i, j = self.sections_of(group)
        words = min(sum(self.a.units[n].words for n in group.a), sum(self.b.units[n].words for n in group.b))
        if words >= MOVED_WORDS:
            return True
        inside = self.section_mate.get(i) == j
        return inside and words >= MOVED_WORDS_INSIDE
