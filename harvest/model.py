"""The values that travel between rooms.

Frozen dataclasses without behaviour beyond properties. Every time is an aware UTC ``datetime``; fourteen-digit
stamps appear only in ``Capture.timestamp`` (as listed, oddities kept) and ``RawPage.landed_timestamp``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

# --- what the archive gave -------------------------------------------------------------------------------


class Outcome(StrEnum):
    """What became of a listed capture; exactly one at any time."""

    LISTED = "listed"
    SKIPPED = "skipped"
    FETCHED = "fetched"
    DUPLICATE = "duplicate"
    REDIRECT = "redirect"
    ERROR_PAGE = "error-page"
    BLOCKED_PAGE = "blocked-page"
    NO_TEXT = "no-text"
    OFF_TOPIC = "off-topic"
    MISSING = "missing"
    EXCLUDED = "excluded"
    UNPLAYABLE = "unplayable"
    FAILED = "failed"


class PageKind(StrEnum):
    """What a page turned out to be, whatever its status code said."""

    POLICY = "policy"
    ERROR = "error"
    SOFT_404 = "soft-404"
    BLOCKED = "blocked"
    CHALLENGE = "challenge"
    COOKIE_WALL = "cookie-wall"
    SHELL = "shell"
    PARKED = "parked"
    STUB = "stub"
    OTHER = "other"


OUTCOME_OF_PAGE: Mapping[PageKind, Outcome] = {
    PageKind.POLICY: Outcome.FETCHED,
    PageKind.ERROR: Outcome.ERROR_PAGE,
    PageKind.SOFT_404: Outcome.ERROR_PAGE,
    PageKind.BLOCKED: Outcome.BLOCKED_PAGE,
    PageKind.CHALLENGE: Outcome.BLOCKED_PAGE,
    PageKind.COOKIE_WALL: Outcome.NO_TEXT,
    PageKind.SHELL: Outcome.NO_TEXT,
    PageKind.STUB: Outcome.NO_TEXT,
    PageKind.PARKED: Outcome.OFF_TOPIC,
    PageKind.OTHER: Outcome.OFF_TOPIC,
}


#: How the reason of a capture begins that somebody extracted anew with other rules while the page stood as it was.
RE_EXTRACTED = "extracted anew"


@dataclass(frozen=True, slots=True)
class Capture:
    """One row of a listing: the archive saw this URL at this second. Unknown strings are ``''``, never None."""

    archive: str
    url: str
    urlkey: str
    timestamp: str
    captured_at: datetime
    approximate: bool = False
    mimetype: str = ""
    statuscode: str = ""
    digest: str = ""
    length: int | None = None
    form: str = "raw"  # or 'derived': somebody's extraction of the page


@dataclass(frozen=True, slots=True)
class Oddity:
    """A row of a listing that could not be read, kept as it came."""

    line: str
    why: str


@dataclass(frozen=True, slots=True)
class Listing:
    """One complete answer of an archive's index for one URL.

    *outcome* is ``ok``, ``empty`` (the archive said: nothing), or ``excluded``, ``blocked``, ``rate-limited``,
    ``failed``: could not ask, which is never an empty list.
    """

    archive: str
    url: str
    asked_at: datetime
    outcome: str
    captures: tuple[Capture, ...] = ()
    oddities: tuple[Oddity, ...] = ()
    repeated: int = 0
    message: str = ""
    from_ts: str = ""
    to_ts: str = ""

    @property
    def rows(self) -> int:
        """Lines received: captures, repeats and oddities."""
        return len(self.captures) + self.repeated + len(self.oddities)


@dataclass(frozen=True, slots=True)
class Selected:
    """A capture with the decision whether to fetch it, and why."""

    capture: Capture
    fetch: bool
    reason: str


@dataclass(frozen=True, slots=True)
class RawPage:
    """What came back for one capture: the archived bytes and headers, or why there are none.

    *outcome* is ``fetched`` while the body is still to be judged by the text room, else final.
    *landed_timestamp* and *landed_url* say which memento answered; *headers* are the archived ones, lower case.
    """

    capture: Capture
    outcome: Outcome
    reason: str = ""
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int | None = None
    landed_timestamp: str = ""
    landed_url: str = ""
    redirects: tuple[str, ...] = ()


# --- text --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text of a body and how it was decided. *source*: bom, meta, xml, header, detector, default or wrong-label."""

    text: str
    encoding: str
    source: str
    declared: str = ""
    undecodable: int = 0
    repaired: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """A run of inline text in one style; hard breaks are ``\\n`` inside *text*."""

    text: str
    bold: bool = False
    italic: bool = False
    underline: bool = False
    href: str = ""
    size: int = 0  # relative font size: 0 normal, >0 bigger, <0 smaller

    def __hash__(self) -> int:
        return hash(self.text)  # what was found out about spans is looked up again and again; styles seldom tell


@dataclass(frozen=True, slots=True)
class Block:
    """One block of main content in reading order. Adjacent spans differ in style.

    *kind*: ``heading`` (mark-up says so: *level* 1-6), ``paragraph``, ``item`` (list item: *depth* from 1,
    *marker* as shown, such as ``1.``, ``a)`` or ``*``), ``row`` (table row, one span group per cell joined by
    `` | ``), ``rule`` (a horizontal rule; no spans). *tag* is the element it came from, '' for Markdown.
    """

    kind: str
    spans: tuple[Span, ...] = ()
    level: int = 0
    depth: int = 0
    marker: str = ""
    tag: str = ""
    anchor: str = ""

    @property
    def text(self) -> str:
        """Plain text, styles and links dropped."""
        spans = self.spans
        return spans[0].text if len(spans) == 1 else "".join([span.text for span in spans])

    def __hash__(self) -> int:
        return hash(self.spans)


@dataclass(frozen=True, slots=True)
class Extracted:
    """Main content of a page. *method* says by which rule it was found.

    *title* is the document's: its first big heading, else of *page_title* (the ``<title>``) the part that names it.
    """

    blocks: tuple[Block, ...]
    title: str = ""
    page_title: str = ""
    method: str = ""
    reason: str = ""
    language: str = ""  # as declared by the page, '' if not
    refresh: str = ""  # target of a meta refresh
    frames: tuple[str, ...] = ()
    noscript: str = ""  # what the page says to browsers without scripts or frames, as text
    scripts: str = ""  # the mark-up of a page with almost no text, where its scripts may be looked at


@dataclass(frozen=True, slots=True)
class Clause:
    """The atom of comparison: one paragraph, list item or table row. *markdown* is its identity.

    *marker* is what counts an item in its list, as shown: ``1.``, ``c)``, ``(iv)``; '' for bullets and all else. Like
    kind and depth it is how the clause is shown: an item that is only counted anew is the same.
    """

    kind: str  # paragraph, item, row
    depth: int
    text: str
    markdown: str
    marker: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading (``''`` for what stands before the first) with the clauses under it, up to the next heading."""

    level: int
    number: str
    heading: str
    heading_kind: str
    confidence: float
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class StatedDate:
    """The date a policy states of itself. *kind*: updated, effective, published; *words*: as written."""

    day: date | None
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Document:
    """One page, read: what it is, what it says, and how sure we are."""

    title: str
    sections: tuple[Section, ...]
    page_kind: PageKind = PageKind.POLICY
    reason: str = ""
    language: str = ""
    stated_date: StatedDate | None = None
    encoding: str = ""
    confidence: float = 1.0


# --- differences -------------------------------------------------------------------------------------------

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

    @property
    def rank(self) -> int:
        """0 for the least; tiers compare by it."""
        return _RANKS[self]

    @property
    def is_noise(self) -> bool:
        """True for the five tiers that default views fold away."""
        return self.rank < Tier.ORDER.rank


_RANKS = {tier: rank for rank, tier in enumerate(Tier)}


@dataclass(frozen=True, slots=True)
class ClauseRef:
    """Where a clause stands in a document: index of its section, index of the clause in it."""

    section: int
    clause: int


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

    *same_headings* are the headings that stayed: with *lines* the whole of both texts. *replacements* and *repetitions*
    only say again, in one place, what many of the changes have in common.
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

    @property
    def changes(self) -> tuple[Change, ...]:
        """What changed, in reading order."""
        return tuple(line for line in self.lines if isinstance(line, Change) and line.kind != "same")

    @property
    def entries(self) -> tuple[Change, ...]:
        """What changed and every unchanged clause (kind ``same``), in reading order. Made anew at each call."""
        return tuple(e for line in self.lines for e in (line.entries if isinstance(line, Same) else (line,)))

    @property
    def headings(self) -> tuple[Change, ...]:
        """The headings that stayed, as entries of kind ``same`` with reason ``heading``. Made anew at each call."""
        return tuple(entry for same in self.same_headings for entry in same.entries)
