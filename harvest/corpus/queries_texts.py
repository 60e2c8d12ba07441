"""The words themselves: the sections of a text, and a text by its hash."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping

from harvest.corpus.codes import digits
from harvest.corpus.queries_model import TextRef, TextView
from harvest.corpus.queries_rows import POLICY_COLUMNS, VERSION_COLUMNS, VERSION_TABLES, policy_of, rows, version_of
from harvest.corpus.queries_sections import clauses_of
from harvest.errors import UnknownTarget
from harvest.model import Clause, Section


def text_sections(conn: sqlite3.Connection, text_id: int) -> tuple[tuple[Section, ...], tuple[str, ...]]:
    """Return the sections of a text in reading order, and their lineage slugs: three queries."""
    return sections_of(conn, (text_id,))[0]


def sections_of(
    conn: sqlite3.Connection, text_ids: Iterable[int], *, heads_only: bool = False
) -> tuple[tuple[tuple[Section, ...], tuple[str, ...]], ...]:
    """Return the sections of several texts as `text_sections` does; what stands in many of them is read once.

    *heads_only*: sections without clauses, which are most of what there is to read.
    """
    heads = [rows(conn, _HEADS, (text_id,)) for text_id in text_ids]
    clauses = {} if heads_only else clauses_of(conn, (row["section_id"] for text in heads for row in text))
    return tuple(
        (tuple([_section(row, clauses) for row in text]), tuple([row["slug"] for row in text])) for text in heads
    )


_HEADS = """
    SELECT ts.level, ts.number, ts.confidence, sec.id AS section_id, sec.heading, sec.heading_kind,
        coalesce(lin.slug, '') AS slug
    FROM text_sections ts JOIN sections sec ON sec.id = ts.section_id LEFT JOIN lineages lin ON lin.id = ts.lineage_id
    WHERE ts.text_id = ? ORDER BY ts.position
"""


def _section(row: sqlite3.Row, clauses: Mapping[int, tuple[Clause, ...]]) -> Section:
    words = (row["level"], row["number"] or "", row["heading"], row["heading_kind"] or "")
    return Section(*words, row["confidence"], clauses.get(row["section_id"], ()))


def text_by_sha(conn: sqlite3.Connection, prefix: str) -> tuple[TextView, ...]:
    """Return the texts whose sha256 begins with *prefix* (twelve digits name one wording), one for each policy.

    Raises UnknownTarget where there is none. At most 20 policies with the very same text are returned.
    """
    low, high = prefix.lower(), prefix.lower() + "g"
    found = rows(
        conn,
        f"SELECT {POLICY_COLUMNS}, t.id AS text_id, t.sha256, t.title, t.language, t.words, t.stated_date,"
        " t.reading_grade"
        " FROM texts t JOIN policies p ON p.id = t.policy_id JOIN sites s ON s.id = p.site_id"
        " WHERE t.id IN (SELECT id FROM text_rows WHERE substr(sha256, 1, 6) BETWEEN ? AND ?)"
        " AND t.sha256 >= ? AND t.sha256 < ? ORDER BY t.sha256, s.host, p.kind, p.label LIMIT 20",
        (*digits(prefix), low, high),
    )
    if not found:
        raise UnknownTarget(f"no text {prefix!r} in this corpus; a text is named by the first 12 digits of its sha256")
    return tuple(_text_view(conn, row) for row in found)


def _text_view(conn: sqlite3.Connection, row: sqlite3.Row) -> TextView:
    sections, _ = text_sections(conn, row["text_id"])
    sql = f"SELECT {VERSION_COLUMNS} FROM {VERSION_TABLES} WHERE v.text_id = ? ORDER BY v.number"
    return TextView(
        policy_of(row),
        TextRef(
            row["text_id"],
            row["sha256"],
            row["title"] or "",
            row["language"] or "",
            row["words"] or 0,
            row["stated_date"] or "",
            row["reading_grade"],
        ),
        sections,
        tuple(version_of(version) for version in rows(conn, sql, (row["text_id"],))),
    )
