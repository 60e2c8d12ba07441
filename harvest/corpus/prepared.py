"""Documents as the rows that will be written: every hash and count made, nothing of the database needed.

Preparing is pure and takes as long as the writing itself, so that other processes do it (`harvest.corpus.reading`);
the one writer only looks rows up and inserts what is missing.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import lru_cache

from harvest.compare.tokens import count_words
from harvest.model import Clause, Document, Section
from harvest.text.identity import canonical, clause_sha, section_sha, text_sha
from harvest.text.readability import Prose, measure_prose, reading_grade


@dataclass(frozen=True, slots=True)
class PreparedClause:
    """A row of ``clauses`` and of ``section_clauses``. *markdown* is None where it equals the text."""

    sha: str
    text: str
    markdown: str | None
    words: int
    kind: str
    depth: int
    marker: str = ""


@dataclass(frozen=True, slots=True)
class PreparedSection:
    """A row of ``sections``. *rank* is the order of preference between structures: the smallest wins."""

    sha: str
    rank: str
    heading: str
    heading_kind: str
    words: int
    prose: Prose
    clauses: tuple[PreparedClause, ...]


@dataclass(frozen=True, slots=True)
class PreparedText:
    """A row of ``texts`` and its ``text_sections``: *places* hold level, number and confidence of each section."""

    sha: str
    rank: str
    title: str
    language: str
    words: int
    stated: tuple[str | None, str, str]
    confidence: float
    reading_grade: float | None
    sections: tuple[PreparedSection, ...]
    places: tuple[tuple[int, str, float], ...]

    @property
    def columns(self) -> tuple[object, ...]:
        """The columns that a better structure replaces."""
        return self.title, self.language, self.words, *self.stated, self.confidence, self.reading_grade


def prepare(document: Document, *, form: str) -> PreparedText:
    """Make the rows of a document; *form* of its capture decides between structures, raw before derived.

    Equal sections of one process are one object: texts that are pickled together travel light.
    """
    document = storable(document)
    sections = tuple(_prepare_section(section, form) for section in document.sections)
    dated = document.stated_date
    stated = (dated.day.isoformat() if dated.day else None, dated.kind, dated.words) if dated else (None, "", "")
    confidence = round(document.confidence, 4)
    places = tuple((s.level, s.number, round(s.confidence, 4)) for s in document.sections)
    parts = [(*place, section.sha, section.rank) for place, section in zip(places, sections, strict=True)]
    structure = canonical([document.title, document.language, stated, confidence, parts])
    return PreparedText(
        sha=text_sha(document.sections),
        rank=_rank(form, document.confidence, structure),
        title=document.title,
        language=document.language,
        words=sum(section.words for section in sections),
        stated=stated,
        confidence=confidence,
        reading_grade=reading_grade(sum((section.prose for section in sections), Prose()), document.language),
        sections=sections,
        places=places,
    )


def storable(document: Document) -> Document:
    """Return the document without lone surrogates, which SQLite refuses: they become U+FFFD."""
    dated = document.stated_date
    fine = all(map(_encodes, (document.title, dated.words if dated else "")))
    if fine and all(map(_section_encodes, document.sections)):
        return document
    return replace(
        document,
        title=_clean(document.title),
        stated_date=replace(dated, words=_clean(dated.words)) if dated else None,
        sections=tuple(_clean_section(s) for s in document.sections),
    )


# Consecutive versions of a policy share most sections; 4,096 of them take some 20 MB and span several policies.
@lru_cache(maxsize=4096)
def _prepare_section(section: Section, form: str) -> PreparedSection:
    clauses = tuple(_prepare_clause(clause) for clause in section.clauses)
    parts = [[clause.kind, clause.depth, clause.text, clause.marker] for clause in section.clauses]
    structure = canonical([section.heading, section.heading_kind, round(section.confidence, 4), parts])
    return PreparedSection(
        sha=section_sha(section),
        rank=_rank(form, section.confidence, structure),
        heading=section.heading,
        heading_kind=section.heading_kind,
        words=count_words(section.heading) + sum(clause.words for clause in clauses),
        prose=measure_prose(clause.text for clause in clauses),
        clauses=clauses,
    )


@lru_cache(maxsize=16384)  # … and nearly all clauses, where each capture changes a list of hundreds of entries
def _prepare_clause(clause: Clause) -> PreparedClause:
    markdown = clause.markdown if clause.markdown != clause.text else None
    words = count_words(clause.text)
    sha = clause_sha(clause.markdown)
    return PreparedClause(sha, clause.text, markdown, words, clause.kind, clause.depth, clause.marker)


def _rank(form: str, confidence: float, structure: str) -> str:
    """Return the order of preference as a string: raw pages, then the more confident, then the smaller digest."""
    digest = hashlib.sha256(structure.encode("utf-8", "surrogatepass")).hexdigest()
    doubt = round((1 - min(max(confidence, 0.0), 1.0)) * 10_000)
    return f"{0 if form == 'raw' else 1}-{doubt:05d}-{digest[:16]}"


def _encodes(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _section_encodes(section: Section) -> bool:
    words = [section.number, section.heading]
    for clause in section.clauses:
        words += clause.text, clause.markdown
    return _encodes("".join(words))


def _clean(text: str) -> str:
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _clean_section(section: Section) -> Section:
    clauses = tuple(replace(c, text=_clean(c.text), markdown=_clean(c.markdown)) for c in section.clauses)
    return replace(section, number=_clean(section.number), heading=_clean(section.heading), clauses=clauses)
