"""Writing clauses, each once for the whole corpus.

A clause is told by its Markdown. Its plain text and the count of its words follow from that by rules that change, so
whoever derives the whole corpus again takes no row as it is held until today's rules have given the same.
"""

from __future__ import annotations

import sqlite3

from harvest.corpus.clause_links import TOLD, links_of, write_links
from harvest.corpus.likeness import WHOLE, Likeness, make_heirs_whole, row_of
from harvest.corpus.prepared import PreparedClause
from harvest.corpus.store_known import KnownRows, Met

_Held = tuple[int, str, int]  # id, text, words


def write_clause(conn: sqlite3.Connection, clause: PreparedClause, known: KnownRows) -> int:
    """Store a clause once for the whole corpus. Should one markdown come with two plain texts, the smaller stays."""
    held = known.clauses.get(clause.sha) or _find_clause(conn, clause.sha)
    likeness = known.whole.find(conn, clause.text) if held is None else None
    now = known.clauses[clause.sha] = _put(conn, clause, held, known.met, likeness)
    if held is None and likeness is None:
        known.whole.add(now[0], clause.text)
    return now[0]


def take_clause(
    conn: sqlite3.Connection, sha: str, text: str, markdown: str | None, words: int, met: Met | None = None
) -> int:
    """Store a clause that was prepared elsewhere; return its id. *markdown*: None where it is the text.

    One that is there stays as it is but for a better one, or, with *met*, where nothing of today's rules gave it yet.
    """
    clause = PreparedClause(sha, text, markdown, words, "", 0)
    return _put(conn, clause, _find_clause(conn, sha), met)[0]


def _put(
    conn: sqlite3.Connection,
    clause: PreparedClause,
    held: _Held | None,
    met: Met | None,
    likeness: Likeness | None = None,
) -> _Held:
    """Insert a clause, or put it in the place of the *held* one: of a larger text, or of whatever older rules read."""
    clause_id = held[0] if held else _insert_clause(conn, clause, likeness)
    is_first = met is not None and met.is_first(clause_id)
    if held is None:
        return clause_id, clause.text, clause.words
    if clause.text < held[1] or (is_first and (clause.text, clause.words) != held[1:]):
        _replace_clause(conn, clause_id, clause)
        return clause_id, clause.text, clause.words
    return held


def _replace_clause(conn: sqlite3.Connection, clause_id: int, clause: PreparedClause) -> None:
    make_heirs_whole(conn, clause_id)
    links = links_of(clause.text, clause.markdown)
    conn.execute(
        f"UPDATE clause_rows SET text = ?, markdown = ?, words = ?, {WHOLE} WHERE id = ?",
        (clause.text, TOLD if links else clause.markdown, clause.words, clause_id),
    )
    conn.execute("DELETE FROM clause_links WHERE clause_id = ?", (clause_id,))
    write_links(conn, clause_id, links)


def _find_clause(conn: sqlite3.Connection, sha: str) -> _Held | None:
    found: _Held | None = conn.execute(
        "SELECT id, text, words FROM clauses"
        " WHERE id IN (SELECT id FROM clause_rows WHERE substr(sha, 1, 6) = ? AND sha = ?)",
        (bytes.fromhex(sha[:12]), bytes.fromhex(sha)),
    ).fetchone()
    return found


def _insert_clause(conn: sqlite3.Connection, clause: PreparedClause, likeness: Likeness | None) -> int:
    links = links_of(clause.text, clause.markdown)
    markdown = TOLD if links else clause.markdown
    cursor = conn.execute(
        "INSERT INTO clause_rows (sha, words, markdown, text, like_id, head, tail) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (bytes.fromhex(clause.sha), clause.words, markdown, *row_of(clause.text, likeness)),
    )
    clause_id = int(cursor.lastrowid or 0)
    write_links(conn, clause_id, links)
    return clause_id
