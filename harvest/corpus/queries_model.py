"""What the reads of the corpus return.

Frozen values in the nouns of the design. Every time is an aware UTC ``datetime``. ``id`` fields are for further
queries only: they never appear in an address, a feed or JSON, because a rebuild may change them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from harvest.model import Section, Tier
from harvest.urls import memento_url

WAYBACK = "https://web.archive.org"


def is_local(archive: str) -> bool:
    """Return whether an archive is on this computer: its links would lead other people nowhere.

    >>> is_local("http://127.0.0.1:8080"), is_local("https://arquivo.pt/wayback")
    (True, False)
    """
    host = urlsplit(archive).hostname or ""
    return host == "localhost" or host == "::1" or host.startswith("127.")


@dataclass(frozen=True, slots=True)
class PolicyRef:
    """One tracked document. *address* is how people name it: ``SITE``, ``SITE/KIND`` or ``SITE/KIND:LABEL``."""

    id: int
    host: str
    name: str
    kind: str
    label: str = ""
    url: str = ""

    @property
    def address(self) -> str:
        """The shortest name that means this policy; ``privacy`` is left out."""
        if self.label:
            return f"{self.host}/{self.kind}:{self.label}"
        return self.host if self.kind == "privacy" else f"{self.host}/{self.kind}"


@dataclass(frozen=True, slots=True)
class Bounds:
    """When something changed, and when it was there; both ends always.

    A change happened **after** *not_before* (None: nothing older is known) and **not later than** *first_seen*.
    What it brought was last there at *last_seen* and gone at the latest by *gone_by* (None: still there when last
    looked at).
    """

    not_before: datetime | None
    first_seen: datetime
    last_seen: datetime
    gone_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class CaptureRef:
    """One capture, enough to find it again in its archive."""

    archive: str
    url: str
    timestamp: str
    captured_at: datetime
    form: str = "raw"
    outcome: str = ""
    reason: str = ""
    statuscode: str = ""
    approximate: bool = False

    @property
    def archive_url(self) -> str:
        """Where anybody can look at the capture; '' where nobody else can: in a file, the sample, on this computer."""
        if self.archive in ("wayback", "princeton-leuven"):
            return memento_url(WAYBACK, self.timestamp, self.url, modifier="")
        if self.archive.startswith(("http://", "https://")) and not is_local(self.archive):
            return memento_url(self.archive.partition("#")[0], self.timestamp, self.url, modifier="")
        return ""


@dataclass(frozen=True, slots=True)
class TextRef:
    """One distinct wording. *sha* is its whole sha256; the first twelve digits are its public name.

    *reading_grade*: the Flesch–Kincaid grade, a school year; None for other languages than English and short texts.
    """

    id: int
    sha: str
    title: str = ""
    language: str = ""
    words: int = 0
    stated_date: str = ""
    reading_grade: float | None = None

    @property
    def sha12(self) -> str:
        """The public name of the text."""
        return self.sha[:12]


@dataclass(frozen=True, slots=True)
class Version:
    """A run of captures that show one text. *variant_of* and *same_as* are numbers of other versions.

    *variant_of*: this is an alternate of that version (another language or region, or a flicker), off the main
    line. *same_as*: the first version with the very same text, where this one is a return to it.
    """

    id: int
    number: int
    text: TextRef
    bounds: Bounds
    first_capture: CaptureRef
    last_capture: CaptureRef
    variant_of: int | None = None
    same_as: int | None = None


@dataclass(frozen=True, slots=True)
class Transition:
    """From one version of a policy to the next. *kind*: change, return or technical. *tier* None: equal texts."""

    before: int
    after: int
    kind: str
    silent: bool | None
    redated: bool
    tier: Tier | None
    reason: str
    similarity: float
    words_added: int
    words_removed: int
    words_moved: int
    not_before: datetime
    first_seen: datetime
    gone_by: datetime | None = None  # of the version after

    @property
    def is_noise(self) -> bool:
        """True where default views fold it away."""
        return self.tier is None or self.tier.is_noise


@dataclass(frozen=True, slots=True)
class PolicySummary:
    """One line of the overview. *versions* counts the main line, *variants* what is off it."""

    policy: PolicyRef
    captures: int
    versions: int
    variants: int
    changes: int
    first_seen: datetime | None
    last_seen: datetime | None
    last_change_after: datetime | None
    last_change_by: datetime | None
    last_tier: Tier | None
    used_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Overview:
    """The corpus at a glance: one page of policies and the totals over all of them."""

    policies: tuple[PolicySummary, ...]
    total: int
    sites: int
    versions: int
    captures: int
    offset: int
    limit: int
    sample: bool = False


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


@dataclass(frozen=True, slots=True)
class CaptureMark:
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
    *stored* is the transition from one straight to the other, None where they are not neighbours.
    """

    policy: PolicyRef
    before: VersionView
    after: VersionView
    between: tuple[Version, ...]
    stored: Transition | None
    passed: int = 0


Segment = tuple[str, bool]  # a piece of text, and whether it is a hit


@dataclass(frozen=True, slots=True)
class TextHit:
    """A clause or heading that matches, where it stands in one policy, and when it was there."""

    policy: PolicyRef
    heading: str
    slug: str
    segments: tuple[Segment, ...]
    clause_sha: str
    bounds: Bounds
    current: bool
    versions: int


@dataclass(frozen=True, slots=True)
class ChangeHit:
    """A change that brought (or took away) what matches. *whole*: nothing in the document's other text matches."""

    policy: PolicyRef
    transition: Transition
    change_kind: str
    tier: Tier
    heading: str
    segments: tuple[Segment, ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A value results can be narrowed to, and how many there are."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One page of hits. *total* is counted up to *counted_to*; *facets* by name: site, kind, year, tier."""

    query: str
    where: str
    hits: tuple[TextHit, ...] | tuple[ChangeHit, ...]
    total: int
    capped: bool
    limit: int
    offset: int
    facets: Mapping[str, tuple[Facet, ...]]


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One line of a stored diff, without its words."""

    kind: str
    tier: Tier
    reason: str
    heading_before: str
    heading_after: str
    before: str
    after: str
    words_added: int
    words_removed: int


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """A transition with the policy it belongs to; *lines* only where they were asked for."""

    policy: PolicyRef
    transition: Transition
    after_sha: str
    lines: tuple[ChangeLine, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """Newest changes first. *more*: older ones exist."""

    items: tuple[PolicyChange, ...]
    limit: int
    offset: int
    more: bool


@dataclass(frozen=True, slots=True)
class Presence:
    """The runs of main-line versions of one policy in which something stood."""

    policy: PolicyRef
    intervals: tuple[Bounds, ...]


@dataclass(frozen=True, slots=True)
class PhraseLife:
    """In which policies a phrase stood, and when. *capped*: more clauses match than were followed."""

    query: str
    presences: tuple[Presence, ...]
    policies: int
    capped: bool


@dataclass(frozen=True, slots=True)
class ClauseView:
    """One clause: where it stands in the corpus and when, and which edits it came from and went into."""

    sha: str
    text: str
    markdown: str
    words: int
    presences: tuple[Presence, ...]
    came_from: tuple[tuple[PolicyRef, Transition, str], ...]
    became: tuple[tuple[PolicyRef, Transition, str], ...]


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


@dataclass(frozen=True, slots=True)
class TextView:
    """A text by its hash, and the versions of policies that show it."""

    policy: PolicyRef
    text: TextRef
    sections: tuple[Section, ...]
    versions: tuple[Version, ...]
