"""What a page says: decoded, as blocks, as sections of clauses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from harvest.model.archive import PageKind


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


class Block(NamedTuple):
    """One block of main content in reading order. Adjacent spans differ in style.

    A named tuple: a page is hundreds of them, which every capture makes anew, hashes and compares; 3 % of an import.

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

    def __reduce__(self) -> tuple[type[Clause], tuple[str, int, str, str, str]]:
        """Travel to other processes as the arguments it is made of: texts are mostly clauses, and take 40 % less so."""
        return Clause, (self.kind, self.depth, self.text, self.markdown, self.marker)


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
