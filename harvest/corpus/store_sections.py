"""Stored texts as the values `compare` works on, each section built once."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field, replace

from harvest.model import Clause, Section

#: A section takes about 3 kB; one text has 10 to 200.
_MANY_SECTIONS = 5_000


@dataclass(frozen=True, slots=True)
class StoredText:
    """A text's sections with the ids of their rows, in step: ``clause_ids[i][j]`` is ``sections[i].clauses[j]``."""

    sections: tuple[Section, ...]
    section_ids: tuple[int, ...]
    clause_ids: tuple[tuple[int, ...], ...]


@dataclass(slots=True)
class SectionReader:
    """Reads texts and keeps what was read; sections shared by texts are one object."""

    _texts: dict[int, StoredText] = field(default_factory=dict)
    _sections: dict[int, tuple[Section, tuple[int, ...]]] = field(default_factory=dict)

    def clear(self) -> None:
        """Forget everything read."""
        self._texts.clear()
        self._sections.clear()

    def keep(self, texts: int) -> None:
        """Forget all but the last texts read; what sections of theirs are shared stays shared."""
        for text_id in list(self._texts)[: max(0, len(self._texts) - texts)]:
            del self._texts[text_id]
        if len(self._sections) > _MANY_SECTIONS:
            self._sections.clear()

    def read(self, conn: sqlite3.Connection, text_id: int) -> StoredText:
        """Return a stored text."""
        held = self._texts.get(text_id)
        if held is None:
            held = self._texts[text_id] = self._read(conn, text_id)
        return held

    def section(self, conn: sqlite3.Connection, section_id: int) -> Section:
        """Return a stored section, without what it is in one text (level, number)."""
        return self._section(conn, section_id)[0]

    def _read(self, conn: sqlite3.Connection, text_id: int) -> StoredText:
        rows = conn.execute(
            "SELECT section_id, level, number, confidence FROM text_sections WHERE text_id = ? ORDER BY position",
            (text_id,),
        ).fetchall()
        parts = [self._section(conn, int(row[0])) for row in rows]
        sections = tuple(
            replace(section, level=int(row[1]), number=str(row[2]), confidence=float(row[3]))
            for (section, _), row in zip(parts, rows, strict=True)
        )
        return StoredText(sections, tuple(int(row[0]) for row in rows), tuple(ids for _, ids in parts))

    def _section(self, conn: sqlite3.Connection, section_id: int) -> tuple[Section, tuple[int, ...]]:
        held = self._sections.get(section_id)
        if held is None:
            held = self._sections[section_id] = _read_section(conn, section_id)
        return held


def _read_section(conn: sqlite3.Connection, section_id: int) -> tuple[Section, tuple[int, ...]]:
    heading, heading_kind = conn.execute(
        "SELECT heading, heading_kind FROM sections WHERE id = ?", (section_id,)
    ).fetchone()
    rows = conn.execute(
        "SELECT sc.kind, sc.depth, c.text, coalesce(c.markdown, c.text), c.id FROM section_clauses sc"
        " JOIN clauses c ON c.id = sc.clause_id WHERE sc.section_id = ? ORDER BY sc.position",
        (section_id,),
    ).fetchall()
    clauses = tuple(Clause(kind=row[0], depth=row[1], text=row[2], markdown=row[3]) for row in rows)
    section = Section(0, "", heading, heading_kind, 1.0, clauses)
    return section, tuple(int(row[4]) for row in rows)
