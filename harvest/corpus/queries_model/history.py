"""The history of one policy: its timeline, a version as of a date, a section through the years, blame."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from harvest.corpus.queries_model.nouns import Bounds, PolicyRef, TextRef, Transition, Version
from harvest.model import Section


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """How many captures of a policy ended in an outcome, with the commonest reasons given."""

    outcome: str
    captures: int
    reasons: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class ListingRef:
    """One question to an archive's index and what came of it."""

    archive: str
    url: str
    asked_at: datetime
    outcome: str
    message: str
    rows: int


class CaptureMark(NamedTuple):
    """A capture as a mark on a timeline; *version* is None where it showed no text."""

    captured_at: datetime
    outcome: str
    version: int | None


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch without a capture that showed the policy, much longer than this policy's usual."""

    start: datetime
    end: datetime

    @property
    def days(self) -> int:
        """Length in whole days."""
        return (self.end - self.start).days


@dataclass(frozen=True, slots=True)
class Absence:
    """A policy taken down, and put back unless *back_by* is None; both with both bounds.

    It was taken down after *last_seen* and not later than *gone_by*, and put back after *last_gone* and not later than
    *back_by*. *captures* showed an error or another page in its place, *outcomes* by name. *before*, *after*: numbers
    of the versions around it.
    """

    last_seen: datetime
    gone_by: datetime
    last_gone: datetime
    back_by: datetime | None
    captures: int
    outcomes: tuple[str, ...]
    before: int
    after: int | None


@dataclass(frozen=True, slots=True)
class Timeline:
    """The history of one policy, oldest first. *urls* are the addresses it lived at."""

    policy: PolicyRef
    urls: tuple[str, ...]
    used_by: tuple[str, ...]
    versions: tuple[Version, ...]
    transitions: tuple[Transition, ...]
    marks: tuple[CaptureMark, ...]
    gaps: tuple[Gap, ...]
    ledger: tuple[LedgerLine, ...]
    listings: tuple[ListingRef, ...]
    absences: tuple[Absence, ...] = ()

    @property
    def main_line(self) -> tuple[Version, ...]:
        """The versions that are not variants of another."""
        return tuple(version for version in self.versions if version.variant_of is None)


@dataclass(frozen=True, slots=True)
class Standing:
    """How sure we are that a version was in force at *moment*.

    *certainty*: ``seen`` (captures at both sides, or of that day, show it), ``between`` (it was last seen before the
    moment, and the next capture shows something else: the change may already have happened), ``last`` (nothing later
    is known).
    """

    moment: datetime
    certainty: str


@dataclass(frozen=True, slots=True)
class VersionView:
    """A version as of a date, with its text in sections, and its neighbours on the main line.

    *slugs* are the lineage slugs of *sections*, in their order.
    """

    policy: PolicyRef
    version: Version
    standing: Standing
    sections: tuple[Section, ...]
    slugs: tuple[str, ...]
    previous: Version | None
    following: Version | None
    transition: Transition | None
    variants: tuple[Version, ...] = ()


@dataclass(frozen=True, slots=True)
class TextPair:
    """The versions in force at two dates, with their texts, ready to be compared.

    *passed* main-line versions lie between the two; *between* are the first of them, so that a page can name some.
    *stored* is the transition from one straight to the other, None where they are not neighbours. *told*: their diff,
    packed, where it is kept.
    """

    policy: PolicyRef
    before: VersionView
    after: VersionView
    between: tuple[Version, ...]
    stored: Transition | None
    passed: int = 0
    told: str = ""


@dataclass(frozen=True, slots=True)
class TextView:
    """A text by its hash, and the versions of policies that show it."""

    policy: PolicyRef
    text: TextRef
    sections: tuple[Section, ...]
    versions: tuple[Version, ...]


@dataclass(frozen=True, slots=True)
class Blamed:
    """A clause of a version with when it came. *earlier*: it had stood there before, was removed, and returned."""

    section: int
    clause: int
    since: Bounds
    since_version: int
    earlier: bool


@dataclass(frozen=True, slots=True)
class BlameView:
    """A version with the age of each of its clauses, in reading order."""

    view: VersionView
    blamed: tuple[Blamed, ...]


@dataclass(frozen=True, slots=True)
class SectionState:
    """One wording of a section, and the versions that carry it (None: the section is absent in them)."""

    section: Section | None
    bounds: Bounds
    versions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SectionHistory:
    """One section of a policy through the years, oldest first; absences between two presences included.

    *total* counts the states there are; *before* is the one straight before *states* where those are a window.
    """

    policy: PolicyRef
    slug: str
    heading: str
    states: tuple[SectionState, ...]
    others: tuple[tuple[str, str], ...]
    total: int = 0
    before: SectionState | None = None
