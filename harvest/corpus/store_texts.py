"""Documents → rows of texts, sections and clauses, each distinct wording once.

Where documents share a text but not its structure (levels, kinds, title, dates: what identity leaves out), the best
one is kept whatever the order of arrival: raw pages before derived ones, then the more confident, then the smaller
digest of the serialised structure. The same rule holds for sections that texts share.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from harvest.corpus import codes, store_runs
from harvest.corpus.prepared import PreparedSection, PreparedText, prepare
from harvest.corpus.store_clauses import write_clause
from harvest.corpus.store_known import KnownRows
from harvest.model import Document


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
    return write_prepared(conn, policy_id, prepare(document, form=form), normaliser=normaliser, known=known)


def write_prepared(
    conn: sqlite3.Connection, policy_id: int, text: PreparedText, *, normaliser: str, known: KnownRows
) -> int:
    """Store a prepared text unless it is there in the same or a better structure; return its id."""
    known.keep_small()
    row = conn.execute(
        "SELECT id, structure, normaliser, reading_grade FROM text_rows WHERE policy_id = ? AND sha256 = ?",
        (policy_id, bytes.fromhex(text.sha)),
    ).fetchone()
    if row is None:
        text_id = _insert_text(conn, policy_id, text, normaliser, _write_sections(conn, policy_id, text, known))
        if known.renewal:
            known.renewal.texts.meet(text_id, text, text.rank)
        return text_id
    text_id, held, stamp = int(row[0]), str(row[1]), str(row[2])
    doubts = known.renewal.texts if known.renewal and known.renewal.texts.about(text_id) else None
    if text.rank != held or doubts:  # else an equal rank means equal sections too: nothing could be better in them
        section_ids = _write_sections(conn, policy_id, text, known)
        if text.rank < held or (doubts and text.rank == held and not _is_held(conn, text_id, text, section_ids)):
            _restructure(conn, text_id, text, section_ids)
            known.restructured_texts.add(text_id)
    if text.rank == held and row[3] != text.reading_grade:  # texts stored before 2026-11-21 had none
        conn.execute("UPDATE text_rows SET reading_grade = ? WHERE id = ?", (text.reading_grade, text_id))
    if stamp != normaliser:
        conn.execute("UPDATE text_rows SET normaliser = ? WHERE id = ?", (normaliser, text_id))
    if doubts:
        doubts.meet(text_id, text, held)
    return text_id


def settle_doubts(conn: sqlite3.Connection, policy_id: int, known: KnownRows) -> None:
    """Have rows that are held better than any page was read, or otherwise, be as the best reading of them."""
    if known.renewal is None:
        return
    for section_id, section in known.renewal.sections.take().items():
        _restructure_section(conn, section_id, section, known)
        known.sections[policy_id, section.sha] = (section_id, section.rank)
    for text_id, text in known.renewal.texts.take().items():
        _restructure(conn, text_id, text, _write_sections(conn, policy_id, text, known))
        known.restructured_texts.add(text_id)


def _insert_text(
    conn: sqlite3.Connection, policy_id: int, text: PreparedText, normaliser: str, section_ids: Sequence[int]
) -> int:
    cursor = conn.execute(
        "INSERT INTO text_rows (policy_id, sha256, title, language, words, stated_date, stated_kind, stated_words,"
        " confidence, reading_grade, structure, normaliser) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (policy_id, bytes.fromhex(text.sha), *text.columns, text.rank, normaliser),
    )
    text_id = int(cursor.lastrowid or 0)
    store_runs.write_sections(conn, text_id, _section_items(text, section_ids))
    return text_id


def _section_items(text: PreparedText, section_ids: Sequence[int]) -> list[store_runs.Item]:
    return [
        store_runs.section_item(section.sha, section_id, place)
        for section, place, section_id in zip(text.sections, text.places, section_ids, strict=True)
    ]


def _is_held(conn: sqlite3.Connection, text_id: int, text: PreparedText, section_ids: Sequence[int]) -> bool:
    """Return whether a text is in the corpus as it was read, word counts included, which no rank tells."""
    row = conn.execute(
        "SELECT title, language, words, coalesce(stated_read, stated_date, ''), stated_kind, stated_words, confidence"
        " FROM text_rows WHERE id = ?",
        (text_id,),
    ).fetchone()
    read = (text.title, text.language, text.words, text.stated[0] or "", *text.stated[1:], text.confidence)
    return bool(row == read) and store_runs.has_sections(conn, text_id, _section_items(text, section_ids))


def _restructure(conn: sqlite3.Connection, text_id: int, text: PreparedText, section_ids: Sequence[int]) -> None:
    conn.execute(
        "UPDATE text_rows SET title = ?, language = ?, words = ?, stated_date = ?, stated_kind = ?, stated_words = ?,"
        " confidence = ?, reading_grade = ?, structure = ?, stated_read = NULL WHERE id = ?",
        (*text.columns, text.rank, text_id),
    )
    store_runs.write_sections(conn, text_id, _section_items(text, section_ids))


def _write_sections(conn: sqlite3.Connection, policy_id: int, text: PreparedText, known: KnownRows) -> list[int]:
    return [_write_section(conn, policy_id, section, known) for section in text.sections]


def _write_section(conn: sqlite3.Connection, policy_id: int, section: PreparedSection, known: KnownRows) -> int:
    held = (
        known.sections.get((policy_id, section.sha))
        or conn.execute(
            "SELECT id, structure FROM sections WHERE id IN"
            " (SELECT id FROM section_rows WHERE policy_id = ? AND substr(sha, 1, 6) = ? AND sha = ?)",
            (policy_id, bytes.fromhex(section.sha[:12]), bytes.fromhex(section.sha)),
        ).fetchone()
    )
    rank, doubts = section.rank, known.renewal.sections if known.renewal else None
    if held is None:
        section_id = _insert_section(conn, policy_id, section, known)
    elif rank < held[1] or (doubts and doubts.about(held[0]) and _is_outdated(conn, held[0], held[1], section, known)):
        section_id = _restructure_section(conn, held[0], section, known)
    else:
        section_id, rank = held
    if doubts and doubts.about(section_id):
        doubts.meet(section_id, section, rank)
    known.sections[policy_id, section.sha] = (section_id, rank)
    return section_id


def _is_outdated(
    conn: sqlite3.Connection, section_id: int, rank: str, section: PreparedSection, known: KnownRows
) -> bool:
    """Return whether a section is held otherwise than it was read, though its rank is the same."""
    if section.rank != rank:
        return False
    row = conn.execute("SELECT heading_kind, words FROM sections WHERE id = ?", (section_id,)).fetchone()
    return bool(row != (section.heading_kind, section.words)) or not store_runs.has_clauses(
        conn, section_id, _clause_items(conn, section, known)
    )


def _insert_section(conn: sqlite3.Connection, policy_id: int, section: PreparedSection, known: KnownRows) -> int:
    cursor = conn.execute(
        "INSERT INTO section_rows (policy_id, sha, heading, heading_kind, words, structure) VALUES (?, ?, ?, ?, ?, ?)",
        (
            *(policy_id, bytes.fromhex(section.sha), section.heading),
            *(codes.code(section.heading_kind, codes.HEADING_KINDS), section.words),
            codes.packed_rank(section.rank),
        ),
    )
    section_id = int(cursor.lastrowid or 0)
    store_runs.write_clauses(conn, section_id, _clause_items(conn, section, known))
    return section_id


def _clause_items(conn: sqlite3.Connection, section: PreparedSection, known: KnownRows) -> list[store_runs.Item]:
    return [
        store_runs.clause_item(clause.sha, write_clause(conn, clause, known), clause.kind, clause.depth, clause.marker)
        for clause in section.clauses
    ]


def _restructure_section(conn: sqlite3.Connection, section_id: int, section: PreparedSection, known: KnownRows) -> int:
    conn.execute(
        "UPDATE section_rows SET heading_kind = ?, words = ?, structure = ? WHERE id = ?",
        (
            *(codes.code(section.heading_kind, codes.HEADING_KINDS), section.words),
            *(codes.packed_rank(section.rank), section_id),
        ),
    )
    store_runs.write_clauses(conn, section_id, _clause_items(conn, section, known))
    known.restructured_sections.add(section_id)
    return section_id
