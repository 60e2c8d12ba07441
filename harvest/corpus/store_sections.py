"""Stored texts as the values `compare` works on, each section built once."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from harvest.model import Clause, Section

#: Clauses that are kept, and sections of texts: some 15 MB, whether a text is ten sections or one list of 2,000
#: entries. A text is asked for three times, when it is read for what came and went, compared, and linked, with those
#: of other policies in between: with 8 texts kept each was read three times, a seventh of the writer's work.
_KEPT = 60_000


@dataclass(frozen=True, slots=True)
class StoredText:
    """A text's sections with the ids of their rows, in step: ``clause_ids[i][j]`` is ``sections[i].clauses[j]``."""

    sections: tuple[Section, ...]
    section_ids: tuple[int, ...]
    clause_ids: tuple[tuple[int, ...], ...]


@dataclass(slots=True)
class SectionReader:
    """Reads texts and keeps them until they are too many; sections and clauses that neighbours share are one object."""

    _texts: dict[int, StoredText] = field(default_factory=dict)
    _sections: dict[int, tuple[Section, tuple[int, ...]]] = field(default_factory=dict)
    _in_place: dict[tuple[int, int, str, float], Section] = field(default_factory=dict)
    _clauses: dict[tuple[int, str, int, str], Clause] = field(default_factory=dict)
    _kept: int = 0

    def clear(self) -> None:
        """Forget everything read."""
        self._texts.clear()
        self._sections.clear()
        self._in_place.clear()
        self._clauses.clear()
        self._kept = 0

    def _keep_small(self) -> None:
        if self._kept > _KEPT:
            self.clear()

    def read(self, conn: sqlite3.Connection, text_id: int) -> StoredText:
        """Return a stored text."""
        held = self._texts.get(text_id)
        if held is None:
            self._keep_small()
            held = self._texts[text_id] = self._read(conn, text_id)
            self._kept += 1 + len(held.sections)
        return held

    def section(self, conn: sqlite3.Connection, section_id: int) -> Section:
        """Return a stored section, without what it is in one text (level, number)."""
        return self._section(conn, section_id)[0]

    def _read(self, conn: sqlite3.Connection, text_id: int) -> StoredText:
        rows = conn.execute(
            "SELECT section_id, level, number, confidence FROM text_sections WHERE text_id = ? ORDER BY position",
            (text_id,),
        ).fetchall()
        parts = [self._section(conn, row[0]) for row in rows]
        sections = tuple(self._placed(section, *row) for (section, _), row in zip(parts, rows, strict=True))
        return StoredText(sections, tuple(row[0] for row in rows), tuple(ids for _, ids in parts))

    def _placed(self, section: Section, section_id: int, level: int, number: str, confidence: float) -> Section:
        key = (section_id, level, number, confidence)
        held = self._in_place.get(key)
        if held is None:
            held = replace(section, level=level, number=number, confidence=confidence)
            self._in_place[key] = held
        return held

    def _section(self, conn: sqlite3.Connection, section_id: int) -> tuple[Section, tuple[int, ...]]:
        held = self._sections.get(section_id)
        if held is None:
            self._keep_small()
            held = self._sections[section_id] = self._read_section(conn, section_id)
            self._kept += 1 + len(held[1])
        return held

    def _read_section(self, conn: sqlite3.Connection, section_id: int) -> tuple[Section, tuple[int, ...]]:
        heading, heading_kind = conn.execute(
            "SELECT heading, heading_kind FROM sections WHERE id = ?", (section_id,)
        ).fetchone()
        rows = conn.execute(
            "SELECT clause_id, kind, depth, marker FROM section_clauses WHERE section_id = ? ORDER BY position",
            (section_id,),
        ).fetchall()
        self._read_clauses(conn, [row for row in rows if row not in self._clauses])
        clauses = tuple([self._clauses[row] for row in rows])
        return Section(0, "", heading, heading_kind, 1.0, clauses), tuple([row[0] for row in rows])

    def _read_clauses(self, conn: sqlite3.Connection, rows: Sequence[tuple[int, str, int, str]]) -> None:
        """Read the words of clauses, in one statement: where each capture changes a list, most entries are known."""
        if not rows:
            return
        found = conn.execute(
            "SELECT c.id, c.text, c.markdown FROM json_each(?) j CROSS JOIN clauses c ON c.id = j.value",
            (json.dumps([row[0] for row in rows]),),
        )
        # one string where both are equal: it is hashed, held and sent to other processes once
        words = {clause_id: (text, text if markdown is None else markdown) for clause_id, text, markdown in found}
        for clause_id, kind, depth, marker in rows:
            self._clauses[clause_id, kind, depth, marker] = Clause(kind, depth, *words[clause_id], marker)
