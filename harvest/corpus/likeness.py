"""Clauses that are nearly another one: a row holds only the words between what both begin and end with.

A policy's clauses are edited more often than written, and where only a link changes the words stay all alike. A row
that is *like* another one (always one that is whole) names it, with how many characters both begin (`head`) and end
(`tail`) with; the view `clauses` puts them together. Measured: 13.7 MB of words become 10.8 MB (ToSBack2), 7.0 MB
become 5.0 MB (Open Terms Archive).
"""

from __future__ import annotations

import os.path
import sqlite3
from dataclasses import dataclass, field

#: Rows are looked for by so many characters that both begin or end with.
_KEY = 24
#: Shorter clauses cost little, and a pointer costs a dozen bytes.
_SHORTEST = 60
#: Less than this share in common, and a row is whole: the next edit will be more like it than like the first one.
_LEAST_SHARE = 0.4
#: Of rows with the same beginning or end the newest are compared.
_CANDIDATES = 4
_MANY_KEYS = 50_000


@dataclass(frozen=True, slots=True)
class Likeness:
    """Which row another one is like: its id, and what both share at either end, in characters."""

    like_id: int
    head: int
    tail: int


@dataclass(slots=True)
class WholeRows:
    """Where to look for a row that a new one is like. Ids may be of rows that are no more: rows are read again."""

    _starts: dict[str, list[int]] = field(default_factory=dict)
    _ends: dict[str, list[int]] = field(default_factory=dict)

    def clear(self) -> None:
        """Start anew; what is written from now on may be whole where it need not be."""
        self._starts.clear()
        self._ends.clear()

    def find(self, conn: sqlite3.Connection, text: str) -> Likeness | None:
        """Return the row a clause is like, if there is one that saves enough."""
        if len(text) < _SHORTEST or _is_cut(text):
            return None
        best, likeness = max(_KEY, int(len(text) * _LEAST_SHARE)), None
        candidates = dict.fromkeys((*self._starts.get(text[:_KEY], ()), *self._ends.get(text[-_KEY:], ())))
        for row_id in candidates:
            row = conn.execute("SELECT text FROM clause_rows WHERE id = ? AND like_id IS NULL", (row_id,)).fetchone()
            if row is None or _is_cut(row[0]):
                continue
            head, tail = common(row[0], text)
            if head + tail > best:
                best, likeness = head + tail, Likeness(row_id, head, tail)
        return likeness

    def add(self, row_id: int, text: str) -> None:
        """Note a whole row."""
        if len(text) < _SHORTEST:
            return
        if len(self._starts) > _MANY_KEYS:
            self.clear()
        for rows, key in ((self._starts, text[:_KEY]), (self._ends, text[-_KEY:])):
            rows[key] = [*rows.get(key, ())[1 - _CANDIDATES :], row_id]


def _is_cut(text: str) -> bool:
    """True for what SQLite takes to be shorter than it is: to its ``length`` a string ends with its first NUL."""
    return "\0" in text


def common(one: str, other: str) -> tuple[int, int]:
    """Return how many characters two strings begin with together, and with how many more they end.

    >>> common("kept for two years", "kept for three years"), common("aa", "aaa")
    ((10, 6), (2, 0))
    """
    head = _beginning(one, other)
    return head, _beginning(one[head:][::-1], other[head:][::-1])


def _beginning(one: str, other: str) -> int:
    return len(os.path.commonprefix((one, other)))  # noqa: RUF071 - of characters is what is meant


def between(text: str, head: int, tail: int) -> str:
    """Return what is left of a string without its ends."""
    return text[head : len(text) - tail]


def make_heirs_whole(conn: sqlite3.Connection, clause_id: int) -> None:
    """Let rows that are like this one hold all their words. Call before its words change or it goes."""
    rows = conn.execute(
        "SELECT text, id FROM clauses WHERE id IN (SELECT id FROM clause_rows WHERE like_id = ?)", (clause_id,)
    ).fetchall()
    conn.executemany(f"UPDATE clause_rows SET text = ?, {WHOLE} WHERE id = ?", rows)


#: What makes a row stand by itself.
WHOLE = "like_id = NULL, head = NULL, tail = NULL"

# Until `harvest.corpus.clause_links` the Markdown of a row was cut in the same way.
_COLUMNS = (
    "like_id INTEGER REFERENCES clause_rows(id)",
    "head INTEGER",
    "tail INTEGER",
    "markdown_head INTEGER",
    "markdown_tail INTEGER",
)
_VIEW = """CREATE VIEW clauses AS
SELECT id, lower(hex(sha)) AS sha256,
       CASE WHEN like_id IS NULL THEN text ELSE (
           SELECT substr(other.text, 1, clause_rows.head) || clause_rows.text
               || substr(other.text, length(other.text) + 1 - clause_rows.tail)
           FROM clause_rows other WHERE other.id = clause_rows.like_id) END AS text,
       CASE WHEN markdown_head IS NULL THEN markdown ELSE (
           SELECT substr(other.markdown, 1, clause_rows.markdown_head) || clause_rows.markdown
               || substr(other.markdown, length(other.markdown) + 1 - clause_rows.markdown_tail)
           FROM clause_rows other WHERE other.id = clause_rows.like_id) END AS markdown,
       words
FROM clause_rows"""
_INDEX = "CREATE INDEX clause_rows_like ON clause_rows(like_id) WHERE like_id IS NOT NULL"
_ADD = "INSERT INTO clauses_fts (rowid, text) SELECT id, text FROM clauses WHERE id = new.id;"
_TAKE = "INSERT INTO clauses_fts (clauses_fts, rowid, text) SELECT 'delete', id, text FROM clauses WHERE id = old.id;"
_TRIGGERS = {
    "clauses_fts_insert": f"AFTER INSERT ON clause_rows BEGIN {_ADD} END",
    "clauses_fts_delete": f"BEFORE DELETE ON clause_rows BEGIN {_TAKE} END",
    "clauses_fts_update": f"BEFORE UPDATE OF text, like_id, head, tail ON clause_rows BEGIN {_TAKE} END",
    "clauses_fts_updated": f"AFTER UPDATE OF text, like_id, head, tail ON clause_rows BEGIN {_ADD} END",
}


def shorten_clauses(conn: sqlite3.Connection) -> None:
    """Let the clauses of a corpus be like each other. What they show stays, so the search index does too."""
    for name in _TRIGGERS:
        conn.execute(f"DROP TRIGGER IF EXISTS {name}")
    conn.execute("DROP VIEW clauses")
    for column in _COLUMNS:
        conn.execute(f"ALTER TABLE clause_rows ADD COLUMN {column}")
    whole = WholeRows()
    for (row_id,) in conn.execute("SELECT id FROM clause_rows ORDER BY id").fetchall():
        (text,) = conn.execute("SELECT text FROM clause_rows WHERE id = ?", (row_id,)).fetchone()
        likeness = whole.find(conn, text)
        if likeness is None:
            whole.add(row_id, text)
            continue
        conn.execute(
            "UPDATE clause_rows SET text = ?, like_id = ?, head = ?, tail = ? WHERE id = ?",
            (*row_of(text, likeness), row_id),
        )
    conn.execute(_INDEX)
    conn.execute(_VIEW)
    for name, what in _TRIGGERS.items():
        conn.execute(f"CREATE TRIGGER {name} {what}")


def row_of(text: str, likeness: Likeness | None) -> tuple[object, ...]:
    """Return the values of a row: text, like_id, head, tail."""
    if likeness is None:
        return text, None, None, None
    return between(text, likeness.head, likeness.tail), likeness.like_id, likeness.head, likeness.tail
