"""Documents → rows of texts, sections and clauses, each distinct wording once.

Where documents share a text but not its structure (levels, kinds, title, dates: what identity leaves out), the best
one is kept whatever the order of arrival: raw pages before derived ones, then the more confident, then the smaller
digest of the serialised structure. The same rule holds for sections that texts share.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from harvest.compare.tokens import count_words
from harvest.model import Clause, Document, Section
from harvest.text.identity import clause_sha, section_sha, text_sha

#: About 20 MB of clause texts; a policy of 2,000 versions has a few thousand clauses.
_KNOWN_CLAUSES = 50_000


@dataclass(slots=True)
class KnownRows:
    """Ids of rows already written, so that a run of similar pages costs few lookups. Dropped with a transaction."""

    clauses: dict[str, tuple[int, str]] = field(default_factory=dict)
    sections: dict[tuple[int, str], tuple[int, str]] = field(default_factory=dict)
    restructured_texts: set[int] = field(default_factory=set)  # what was compared before must be compared again
    restructured_sections: set[int] = field(default_factory=set)

    def keep_small(self) -> None:
        """Let go of ids when there are more than a few policies' worth."""
        if len(self.clauses) > _KNOWN_CLAUSES:
            self.clauses.clear()
            self.sections.clear()

    def clear(self) -> None:
        """Forget everything, for another process may have written."""
        self.clauses.clear()
        self.sections.clear()
        self.restructured_texts.clear()
        self.restructured_sections.clear()


def write_text(
    conn: sqlite3.Connection,
    policy_id: int,
    document: Document,
    *,
    form: str,
    normaliser: str,
    known: KnownRows,
) -> int:
    """Store a document's text unless it is there in the same or a better structure; return the text's id."""
    known.keep_small()
    document = storable(document)
    sha = text_sha(document.sections)
    rank = _rank(form, document.confidence, _document_structure(document))
    row = conn.execute(
        "SELECT id, structure, normaliser FROM texts WHERE policy_id = ? AND sha256 = ?", (policy_id, sha)
    ).fetchone()
    if row is None:
        section_ids = _write_sections(conn, policy_id, document, form=form, known=known)
        return _insert_text(conn, policy_id, document, (sha, rank, normaliser), section_ids)
    text_id, held, stamp = int(row[0]), str(row[1]), str(row[2])
    if rank != held:  # an equal rank means equal sections too: nothing could be better in them
        section_ids = _write_sections(conn, policy_id, document, form=form, known=known)
        if rank < held:
            _restructure(conn, text_id, document, rank, section_ids)
            known.restructured_texts.add(text_id)
    if stamp != normaliser:
        conn.execute("UPDATE texts SET normaliser = ? WHERE id = ?", (normaliser, text_id))
    return text_id


def storable(document: Document) -> Document:
    """Return the document without lone surrogates, which SQLite refuses: they become U+FFFD."""
    try:
        _document_structure(document).encode()
        for section in document.sections:
            for clause in section.clauses:
                clause.markdown.encode()
        return document
    except UnicodeEncodeError:
        return replace(
            document, title=_clean(document.title), sections=tuple(_clean_section(s) for s in document.sections)
        )


def _clean(text: str) -> str:
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _clean_section(section: Section) -> Section:
    clauses = tuple(replace(c, text=_clean(c.text), markdown=_clean(c.markdown)) for c in section.clauses)
    return replace(section, number=_clean(section.number), heading=_clean(section.heading), clauses=clauses)


def _rank(form: str, confidence: float, structure: str) -> str:
    """Return the order of preference as a string: the smallest wins."""
    digest = hashlib.sha256(structure.encode("utf-8", "surrogatepass")).hexdigest()
    doubt = round((1 - min(max(confidence, 0.0), 1.0)) * 10_000)
    return f"{0 if form == 'raw' else 1}-{doubt:05d}-{digest[:32]}"


def _document_structure(document: Document) -> str:
    dated = document.stated_date
    stated = [dated.day.isoformat() if dated.day else "", dated.kind, dated.words] if dated else None
    sections = [[s.level, s.number, *_section_parts(s)] for s in document.sections]
    return _canonical([document.title, document.language, stated, round(document.confidence, 4), sections])


def _section_parts(section: Section) -> list[object]:
    clauses = [[c.kind, c.depth, c.text] for c in section.clauses]
    return [section.heading, section.heading_kind, round(section.confidence, 4), clauses]


def _canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _insert_text(
    conn: sqlite3.Connection,
    policy_id: int,
    document: Document,
    stamps: tuple[str, str, str],
    section_ids: Sequence[int],
) -> int:
    sha, rank, normaliser = stamps
    cursor = conn.execute(
        "INSERT INTO texts (policy_id, sha256, title, language, words, stated_date, stated_kind, stated_words,"
        " confidence, structure, normaliser) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (policy_id, sha, *_text_columns(document), rank, normaliser),
    )
    text_id = int(cursor.lastrowid or 0)
    _write_text_sections(conn, text_id, document, section_ids)
    return text_id


def _restructure(
    conn: sqlite3.Connection, text_id: int, document: Document, rank: str, section_ids: Sequence[int]
) -> None:
    conn.execute(
        "UPDATE texts SET title = ?, language = ?, words = ?, stated_date = ?, stated_kind = ?, stated_words = ?,"
        " confidence = ?, structure = ? WHERE id = ?",
        (*_text_columns(document), rank, text_id),
    )
    for position, (section, section_id) in enumerate(zip(document.sections, section_ids, strict=True)):
        conn.execute(
            "UPDATE text_sections SET section_id = ?, level = ?, number = ?, confidence = ?"
            " WHERE text_id = ? AND position = ?",
            (section_id, section.level, section.number, round(section.confidence, 4), text_id, position),
        )


def _text_columns(document: Document) -> tuple[object, ...]:
    dated = document.stated_date
    words = sum(_section_words(section) for section in document.sections)
    day = dated.day.isoformat() if dated and dated.day else None
    kind, said = (dated.kind, _clean(dated.words)) if dated else ("", "")
    return document.title, document.language, words, day, kind, said, round(document.confidence, 4)


def _section_words(section: Section) -> int:
    return count_words(section.heading) + sum(count_words(clause.text) for clause in section.clauses)


def _write_text_sections(
    conn: sqlite3.Connection, text_id: int, document: Document, section_ids: Sequence[int]
) -> None:
    conn.executemany(
        "INSERT INTO text_sections (text_id, position, section_id, level, number, confidence)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        [
            (text_id, position, section_id, section.level, section.number, round(section.confidence, 4))
            for position, (section, section_id) in enumerate(zip(document.sections, section_ids, strict=True))
        ],
    )


def _write_sections(
    conn: sqlite3.Connection, policy_id: int, document: Document, *, form: str, known: KnownRows
) -> list[int]:
    return [_write_section(conn, policy_id, section, form=form, known=known) for section in document.sections]


def _write_section(conn: sqlite3.Connection, policy_id: int, section: Section, *, form: str, known: KnownRows) -> int:
    sha = section_sha(section)
    rank = _rank(form, section.confidence, _canonical(_section_parts(section)))
    held = (
        known.sections.get((policy_id, sha))
        or conn.execute(
            "SELECT id, structure FROM sections WHERE policy_id = ? AND sha256 = ?", (policy_id, sha)
        ).fetchone()
    )
    if held is None:
        section_id = _insert_section(conn, policy_id, section, sha=sha, rank=rank, known=known)
    elif rank < held[1]:
        section_id = _restructure_section(conn, held[0], section, rank=rank, known=known)
    else:
        section_id, rank = held
    known.sections[policy_id, sha] = (section_id, rank)
    return section_id


def _insert_section(
    conn: sqlite3.Connection, policy_id: int, section: Section, *, sha: str, rank: str, known: KnownRows
) -> int:
    cursor = conn.execute(
        "INSERT INTO sections (policy_id, sha256, heading, heading_kind, words, structure) VALUES (?, ?, ?, ?, ?, ?)",
        (policy_id, sha, section.heading, section.heading_kind, _section_words(section), rank),
    )
    section_id = int(cursor.lastrowid or 0)
    conn.executemany(
        "INSERT INTO section_clauses (section_id, position, clause_id, kind, depth) VALUES (?, ?, ?, ?, ?)",
        [
            (section_id, position, _write_clause(conn, clause, known), clause.kind, clause.depth)
            for position, clause in enumerate(section.clauses)
        ],
    )
    return section_id


def _restructure_section(
    conn: sqlite3.Connection, section_id: int, section: Section, *, rank: str, known: KnownRows
) -> int:
    conn.execute(
        "UPDATE sections SET heading_kind = ?, words = ?, structure = ? WHERE id = ?",
        (section.heading_kind, _section_words(section), rank, section_id),
    )
    conn.executemany(
        "UPDATE section_clauses SET clause_id = ?, kind = ?, depth = ? WHERE section_id = ? AND position = ?",
        [
            (_write_clause(conn, clause, known), clause.kind, clause.depth, section_id, position)
            for position, clause in enumerate(section.clauses)
        ],
    )
    known.restructured_sections.add(section_id)
    return section_id


def _write_clause(conn: sqlite3.Connection, clause: Clause, known: KnownRows) -> int:
    """Store a clause once for the whole corpus. Should one markdown come with two plain texts, the smaller stays."""
    sha = clause_sha(clause.markdown)
    held = known.clauses.get(sha) or conn.execute("SELECT id, text FROM clauses WHERE sha256 = ?", (sha,)).fetchone()
    if held is None:
        cursor = conn.execute(
            "INSERT INTO clauses (sha256, text, markdown, words) VALUES (?, ?, ?, ?)",
            (sha, clause.text, _markdown_column(clause), count_words(clause.text)),
        )
        held = (int(cursor.lastrowid or 0), clause.text)
    elif clause.text < held[1]:
        conn.execute(
            "UPDATE clauses SET text = ?, markdown = ?, words = ? WHERE id = ?",
            (clause.text, _markdown_column(clause), count_words(clause.text), held[0]),
        )
        held = (held[0], clause.text)
    known.clauses[sha] = (held[0], held[1])
    return int(held[0])


def _markdown_column(clause: Clause) -> str | None:
    return clause.markdown if clause.markdown != clause.text else None
