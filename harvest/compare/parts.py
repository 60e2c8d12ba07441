"""A part like a document of its own that came or went whole, while all the rest of a text stands as it was.

Whoever collects a policy from several pages puts another page below it one day, and drops it another day; a company
prints the next edition above the valid one, or puts the policy of another service below its terms. Nothing in two
texts says which it was. What is certain is told: so many sections and words, where, and that the rest is unchanged.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from harvest.compare.dated import states_date
from harvest.compare.pairing import Alignment
from harvest.compare.tokens import count_words
from harvest.compare.units import Side
from harvest.model import Change, Section

#: What is said of a whole diff, by whether the part came, and where it stands.
_SAID = {
    (True, "end"): "all of it put after the whole text, which stands unchanged",
    (True, "top"): "all of it put before the whole text, which stands unchanged",
    (True, "within"): "all of it put in one place; the rest stands unchanged",
    (False, "end"): "all of it taken off the end; the rest stands unchanged",
    (False, "top"): "all of it taken off the beginning; the rest stands unchanged",
    (False, "within"): "all of it taken out of one place; the rest stands unchanged",
}
_APART = ", small changes apart"
#: Less than this is a rule or two with a title; and what is left of a policy that was taken down is no policy.
_LEAST_SECTIONS = 3
_LEAST_WORDS = 200
#: Times the words of the rest that may be taken off: of 5,582 words of terms a page's menus were left, 695 words.
_MOST_TAKEN = 4
#: Share of the headings of a text that may be as high as its title: a policy has one such, texts put together of
#: several pages have one for each.
_TITLES = 0.25
_LEAST_HEADINGS = 4

PartKind = Literal["", "part-added", "part-removed"]


def part_of(reason: str) -> PartKind:
    """Return whether a diff, by its reason, says that a part was added or removed and nothing else changed.

    >>> part_of("4 section-added: 410 words added, 0 removed; all of it put in one place; the rest stands unchanged")
    'part-added'
    >>> part_of("4 section-added: 410 words added, 0 removed, 8.1% of both texts")
    ''
    """
    for (added, _), said in _SAID.items():
        if reason.endswith((said, said + _APART)):
            return "part-added" if added else "part-removed"
    return ""


def say_part(changes: Sequence[Change], alignment: Alignment) -> str:
    """Return that a part came or went whole, and where; '' where anything else changed, small changes apart."""
    loud = [change for change in changes if change.tier and not change.tier.is_noise]
    added = any(change.kind == "section-added" for change in loud)
    if not {change.kind for change in loud} <= (
        {"added", "section-added"} if added else {"removed", "section-removed"}
    ):
        return ""
    words = sum(change.words_added + change.words_removed for change in loud)
    if words < _LEAST_WORDS:
        return ""
    side = alignment.b if added else alignment.a
    staying = _staying(alignment, added=added)
    span = _span(_moving(loud, side, added=added), staying)
    if span is None:
        return ""
    block = [section for place, section in _placed(side) if span.above < place < span.below]
    rest = [section for place, section in _placed(side) if place in staying]
    if not added and words > _MOST_TAKEN * _size(rest):
        return ""
    following = next((section for place, section in _placed(side) if place >= span.below), None)
    if not _is_document(block, rest, words, within=following if span.where == "within" else None):
        return ""
    return _SAID[added, span.where] + (_APART if len(loud) < len(changes) else "")


def _is_document(block: Sequence[Section], rest: Sequence[Section], words: int, *, within: Section | None) -> bool:
    """Return whether a part of so many *words* is like a document, and the *rest* is more than what is left of one.

    *within*: the section below a part that stands within the text: there only titles tell.
    """
    left = _size(rest)
    if left < _LEAST_WORDS or sum(bool(section.heading) for section in block) < _LEAST_SECTIONS:
        return False
    if within is not None:
        return _is_titled(block[0], rest) and within.level <= block[0].level
    return _is_titled(block[0], rest) or _has_title(block) or words >= left or _is_dated(block)


def _placed(side: Side) -> Iterable[tuple[int, Section]]:
    return zip(side.heading_place, side.sections, strict=True)


def _moving(loud: Sequence[Change], side: Side, *, added: bool) -> set[int]:
    """Return the places of the headings and clauses of changes on the side they have."""
    found: set[int] = set()
    for change in loud:
        section = change.after_section if added else change.before_section
        if section is not None and change.kind.startswith("section"):
            found.add(side.heading_place[section])
        for ref in change.after_clauses if added else change.before_clauses:
            found.add(side.heading_place[ref.section] + 1 + ref.clause)
    return found


def _staying(alignment: Alignment, *, added: bool) -> set[int]:
    """Return the places of what both texts have."""
    side = alignment.b if added else alignment.a
    found = {side.heading_place[pair[added]] for pair in alignment.sections}
    for group in alignment.groups:
        found.update(side.units[number].place for number in (group.b if added else group.a))
    for turned in alignment.turned:
        found.update(side.heading_place[number] for number in (turned.headings_b if added else turned.headings_a))
        found.update(side.units[number].place for number in (turned.units_b if added else turned.units_a))
    return found


@dataclass(frozen=True, slots=True)
class _Span:
    """Where a part stands: the places of the last line above it and the first one below it that stay, and in a word."""

    above: float
    below: float
    where: Literal["end", "top", "within"]


def _span(moving: set[int], staying: set[int]) -> _Span | None:
    """Return where a part stands as one block; None where it is none. A title alone may stand above one at the top."""
    above = [place for place in staying if place < min(moving)]
    below = [place for place in staying if place > max(moving)]
    if not staying or len(above) + len(below) < len(staying):
        return None
    where: Literal["end", "top", "within"] = "end" if not below else "top" if len(above) <= 1 else "within"
    return _Span(max(above, default=-1), min(below, default=math.inf), where)


def _is_titled(first: Section, rest: Sequence[Section]) -> bool:
    """Return whether a part begins with a heading as high as the titles of the rest, which has few such."""
    levels = [section.level for section in rest if section.heading]
    if len(levels) < _LEAST_HEADINGS or not first.heading or first.number:
        return False
    top = min(levels)
    return first.level <= top and levels[0] == top and levels.count(top) <= _TITLES * len(levels)


def _has_title(block: Sequence[Section]) -> bool:
    """Return whether a part begins with a title, and all else stands below it: deeper, or counted where it is not."""
    first, *others = block
    return (
        bool(first.heading)
        and not first.number
        and all(section.level > first.level or (section.level == first.level and section.number) for section in others)
    )


def _is_dated(block: Sequence[Section]) -> bool:
    return any(states_date(clause.text) for section in block for clause in section.clauses)


def _size(sections: Sequence[Section]) -> int:
    return sum(count_words(s.heading) + sum(count_words(clause.text) for clause in s.clauses) for s in sections)
