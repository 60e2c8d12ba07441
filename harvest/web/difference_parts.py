"""A long diff in parts: which changes stand on which page. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import groupby

from harvest.model import Change, Same, Section
from harvest.web.difference_model import Anchor, DiffPage, Fold, FoldedSections, Group, Left, Part, Row, SectionStep
from harvest.web.parts import bytes_of, fill

#: Bytes of changes and folded text on a page of a difference: some 9,000 words. Each 10 kB of them take a millisecond,
#: on pages that may have waited for two texts to be compared.
PART_BYTES = 72_000
#: The same of a section through the years; with all around them a page stays below 200 KB.
WORDINGS_BYTES = 110_000
#: Letters of a section's wordings that are compared for one page: 30 ms of work; the next page has the older ones.
MAX_COMPARED = 24_000
#: What a clause takes beside its letters: a list of 25 names that all change takes 4 ms, as 3,000 letters of prose do.
_OF_CLAUSE = 40
#: Sections on the map beside a diff, at some 450 bytes each; beyond it the map shows those of the part.
MAX_MAP = 100

#: Where it stands in the diff, the part, and of a section one piece that is not broken.
Unit = tuple[int, Part, Row | Fold | Left | None]


@dataclass(frozen=True, slots=True)
class DiffPart:
    """One part of a diff. *number* of *count*, from 1; *homes*: the part on which an anchor stands.

    *cites*: it was chosen for a change that stands on it.
    """

    number: int
    count: int
    parts: tuple[Part, ...]
    homes: Mapping[Anchor, int]
    cites: bool = False

    def elsewhere(self, anchor: Anchor) -> int:
        """The part an anchor stands on; 0 where it is this one (or is unknown)."""
        home = self.homes.get(anchor, self.number)
        return 0 if home == self.number else home


def diff_part(page: DiffPage, number: int = 1, *, change: str = "", side: bool = False) -> DiffPart:
    """Return part *number* of a diff (beyond the last: the last), or the one that holds the anchor *change*.

    Breaks fall between changes; a section that goes on has its heading on every part. A change is never cut.
    """
    units = list(_units(page))
    weights = [_weight(part, item, side, page.folded_out) for _, part, item in units]
    filled = fill(units, weights, PART_BYTES) or [[]]
    homes: dict[Anchor, int] = {}
    for place, some in enumerate(filled, 1):
        for anchor in _anchors(some):
            homes.setdefault(anchor, place)
    cited = next((home for anchor, home in homes.items() if str(anchor) == change), 0) if change else 0
    chosen = cited or min(max(1, number), len(filled))
    return DiffPart(chosen, len(filled), tuple(_joined(filled[chosen - 1])), homes, cites=cited > 0)


def newest_that_fit(steps: Iterable[SectionStep]) -> tuple[SectionStep, ...]:
    """Return the first of *steps* (newest first), as many as a page holds and compares, one at least; oldest first.

    No step is asked for beyond the one that does not fit.
    """
    fitting: list[SectionStep] = []
    left, compared = WORDINGS_BYTES, MAX_COMPARED
    for step in steps:
        left -= _of_step(step)
        if fitting and left < 0:
            break
        fitting.append(step)
        compared -= 2 * _length(step.state.section) if step.diff is not None else 0
        if compared < 0:
            break
    return tuple(reversed(fitting))


def _length(section: Section | None) -> int:
    return sum(len(clause.text) + _OF_CLAUSE for clause in section.clauses) if section else 0


def _of_step(step: SectionStep) -> int:
    if step.diff is not None:
        return 1_000 + sum(_of_line(line) for line in step.diff.lines)
    section = step.state.section
    return 1_000 + sum(bytes_of(clause.text) + 60 for clause in (section.clauses if section else ()))


def _of_line(line: Change | Same) -> int:
    if isinstance(line, Same):
        return sum(bytes_of(text) + 60 for text in line.texts)
    return 60 + sum(bytes_of(text) + 14 for _, text in line.ops)


def _units(page: DiffPage) -> Iterable[Unit]:
    for place, part in enumerate(page.parts):
        if isinstance(part, Group):
            yield from ((place, part, item) for item in part.items)
        else:
            yield place, part, None


def _joined(units: Iterable[Unit]) -> Iterable[Part]:
    for _, run in groupby(units, key=lambda unit: unit[0]):
        pieces = list(run)
        part = pieces[0][1]
        if isinstance(part, Group):
            yield replace(part, items=tuple([item for _, _, item in pieces if item is not None]))
        else:
            yield part


def _anchors(units: Iterable[Unit]) -> Iterable[Anchor]:
    for _, part, item in units:
        if not isinstance(part, FoldedSections):
            yield part.anchor
        if item is not None and not isinstance(item, Fold):
            yield item.anchor


def _weight(part: Part, item: Row | Fold | Left | None, side: bool, folded_out: bool) -> int:
    if isinstance(part, FoldedSections):
        return 200 + sum(_of_fold(fold, folded_out) + bytes_of(title) for title, fold in part.sections)
    if item is None:
        return _OF_LEFT
    if isinstance(item, Left):
        return 200 + _OF_LEFT
    return 200 + (_of_row(item, side) if isinstance(item, Row) else _of_fold(item, folded_out))


_OF_LEFT = 600  # bytes: two lines with their link


def _of_fold(fold: Fold, folded_out: bool) -> int:
    return 300 if folded_out else 300 + sum(bytes_of(clause) + 30 for clause in fold.clauses)


def _of_row(row: Row, side: bool) -> int:
    """Side by side what stayed stands there twice."""
    words = sum(bytes_of(text) * (2 if side and sign == "=" else 1) + 14 for sign, text in row.ops)
    return 1_100 + words
