"""What two texts differ in: changes with their tiers, and what stayed."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NoReturn

Op = tuple[str, str]  # ('=', '-', '+') and its words


class Tier(StrEnum):
    """How much a change matters, least first."""

    TYPOGRAPHY = "typography"
    LINKS = "links"
    NUMBERING = "numbering"
    DATES = "dates"
    CONTACTS = "contacts"
    ORDER = "order"
    EDIT = "edit"
    REVISION = "revision"
    REWRITE = "rewrite"

    @classmethod
    def _missing_(cls, value: object) -> NoReturn:
        raise ValueError(f"{value!r} is no tier: choose one of {', '.join(tier.value for tier in cls)}")

    @property
    def rank(self) -> int:
        """0 for the least; tiers compare by it."""
        return _RANKS[self]

    @property
    def is_noise(self) -> bool:
        """True for the five tiers that default views fold away."""
        return self in _NOISE


_RANKS = {tier: rank for rank, tier in enumerate(Tier)}
_NOISE = frozenset(tier for tier, rank in _RANKS.items() if rank < _RANKS[Tier.ORDER])


@dataclass(frozen=True, slots=True)
class ClauseRef:
    """Where a clause stands in a document: index of its section, index of the clause in it."""

    section: int
    clause: int


#: Kinds of changes that tell of something that stood elsewhere.
MOVES = frozenset({"moved", "moved-edited", "section-moved"})


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a diff, or (kind ``same``) one unchanged clause.

    *before_section* and *after_section* index the sections of the two documents; *before* and *after* are the
    joined clause texts (None on the side that has none, and for changes of a heading alone). *links* are the targets
    that changed, old and new ('' where there is none), of clauses on both sides.
    """

    kind: str
    tier: Tier | None
    reason: str
    before_section: int | None
    after_section: int | None
    heading_before: str
    heading_after: str
    before: str | None
    after: str | None
    ops: tuple[Op, ...]
    before_clauses: tuple[ClauseRef, ...]
    after_clauses: tuple[ClauseRef, ...]
    words_added: int
    words_removed: int
    similarity: float
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Same:
    """A run of clauses of one section that stayed as and where they were; *texts* are theirs, in order.

    A run, for most of most texts did not change: an entry for each clause would be most of the work of comparing.
    With *heading* it is the section's heading that stayed, and *texts* holds it as it is shown.
    """

    before_section: int
    after_section: int
    before_clause: int
    after_clause: int
    heading_before: str
    heading_after: str
    texts: tuple[str, ...]
    heading: bool = False

    @property
    def entries(self) -> tuple[Change, ...]:
        """One entry of kind ``same`` for each clause; for a heading one with that reason and no clauses."""
        return tuple(map(self._entry, range(len(self.texts))))

    def _entry(self, n: int) -> Change:
        text = self.texts[n]
        return Change(
            kind="same",
            tier=None,
            reason="heading" if self.heading else "",
            before_section=self.before_section,
            after_section=self.after_section,
            heading_before=self.heading_before,
            heading_after=self.heading_after,
            before=text,
            after=text,
            ops=(),
            before_clauses=() if self.heading else (ClauseRef(self.before_section, self.before_clause + n),),
            after_clauses=() if self.heading else (ClauseRef(self.after_section, self.after_clause + n),),
            words_added=0,
            words_removed=0,
            similarity=1.0,
        )


@dataclass(frozen=True, slots=True)
class Departure:
    """The place in reading order that something left which moved: before line *at* of the diff.

    *line* is the number of the line that tells of the move, where the thing stands now. *origin* and *destination* say
    both places in words ("from “Cookies”", "to below “Sharing”"), *beginning* what it is: first words, or a heading.
    *along* of the departures after this one left together with it and stand below it now: one mark tells of them all.
    """

    at: int
    line: int
    before_section: int
    heading_before: str
    beginning: str
    origin: str
    destination: str
    is_section: bool = False
    along: int = 0

    @property
    def is_down(self) -> bool:
        """Return whether it went down the page."""
        return self.at <= self.line


@dataclass(frozen=True, slots=True)
class Replacement:
    """Words that gave way to the same others again and again: in *places*, of *changes*; in *alone* nothing else."""

    before: str
    after: str
    places: int
    changes: int
    alone: int


@dataclass(frozen=True, slots=True)
class Repetition:
    """The same words that came (*sign* ``+``) or went (``-``) in several *changes*."""

    sign: str
    text: str
    changes: int


@dataclass(frozen=True, slots=True)
class Diff:
    """The comparison of two texts. *tier* is None where they are equal. *lines*: changes, and runs of what stayed.

    *same_headings* are the headings that stayed: with *lines* the whole of both texts. *departures* are the places that
    moves left, in reading order, one for each move. *replacements* and *repetitions* only say again, in one place,
    what many of the changes have in common.
    """

    tier: Tier | None
    reason: str
    method: str
    similarity: float
    words_added: int
    words_removed: int
    words_moved: int
    lines: tuple[Change | Same, ...]
    same_headings: tuple[Same, ...] = ()
    replacements: tuple[Replacement, ...] = ()
    repetitions: tuple[Repetition, ...] = ()
    departures: tuple[Departure, ...] = ()

    @property
    def changes(self) -> tuple[Change, ...]:
        """What changed, in reading order."""
        return tuple(line for line in self.lines if isinstance(line, Change) and line.kind != "same")

    @property
    def entries(self) -> tuple[Change, ...]:
        """What changed and every unchanged clause (kind ``same``), in reading order. Made anew at each call."""
        return tuple(e for line in self.lines for e in (line.entries if isinstance(line, Same) else (line,)))

    @property
    def reading(self) -> Iterator[Change | Same | Departure]:
        """The lines, and between them the places that moves left; of those that moved along together the first."""
        left = deque(each for run in self.departures_together for each in run[:1])
        for number, line in enumerate(self.lines):
            while left and left[0].at == number:
                yield left.popleft()
            yield line
        yield from left

    @property
    def departures_together(self) -> Iterator[tuple[Departure, ...]]:
        """The places that moves left, those of clauses that moved along together as one."""
        first = 0
        while first < len(self.departures):
            following = first + 1 + self.departures[first].along
            yield self.departures[first:following]
            first = following

    @property
    def headings(self) -> tuple[Change, ...]:
        """The headings that stayed, as entries of kind ``same`` with reason ``heading``. Made anew at each call."""
        return tuple(entry for same in self.same_headings for entry in same.entries)
