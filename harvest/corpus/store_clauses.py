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


def write_clause(conn: sqlite3.Connection, clause: PreparedClause, known: KnownRows) -> int:
    """Store a clause once for the whole corpus. Should one markdown come with two plain texts, the smaller stays."""
    held = known.clauses.get(clause.sha) or _find_clause(conn, clause.sha)
    if held is None:
        likeness = known.whole.find(conn, clause.text)
        clause_id = _insert_clause(conn, clause.sha, clause.text, clause.markdown, clause.words, likeness)
        if likeness is None:
            known.whole.add(clause_id, clause.text)
    elif _is_better(clause, *held, known.met):
        clause_id = _replace_clause(conn, held[0], clause)
    else:
        known.clauses[clause.sha] = held
        return held[0]
    if known.met:
        known.met.is_first(clause_id)
    known.clauses[clause.sha] = (clause_id, clause.text, clause.words)
    return clause_id


def take_clause(
    conn: sqlite3.Connection, sha: str, text: str, markdown: str | None, words: int, met: Met | None = None
) -> int:
    """Store a clause that was prepared elsewhere; return its id. *markdown*: None where it is the text.

    One that is there stays as it is but for a better one, or, with *met*, where nothing of today's rules gave it yet.
    """
    held = _find_clause(conn, sha)
    clause = PreparedClause(sha, text, markdown, words, "", 0)
    if held is None:
        clause_id = _insert_clause(conn, sha, text, markdown, words)
    elif _is_better(clause, *held, met):
        clause_id = _replace_clause(conn, held[0], clause)
    else:
        return held[0]
    if met:
        met.is_first(clause_id)
    return clause_id


def _is_better(clause: PreparedClause, clause_id: int, text: str, words: int, met: Met | None) -> bool:
    """Return whether a clause takes the place of the one that is held: where older rules read that, in any case."""
    if met and met.is_first(clause_id):
        return (clause.text, clause.words) != (text, words)
    return clause.text < text


def _replace_clause(conn: sqlite3.Connection, clause_id: int, clause: PreparedClause) -> int:
    make_heirs_whole(conn, clause_id)
    links = links_of(clause.text, clause.markdown)
    conn.execute(
        f"UPDATE clause_rows SET text = ?, markdown = ?, words = ?, {WHOLE} WHERE id = ?",
        (clause.text, TOLD if links else clause.markdown, clause.words, clause_id),
    )
    conn.execute("DELETE FROM clause_links WHERE clause_id = ?", (clause_id,))
    write_links(conn, clause_id, links)
    return clause_id


def _find_clause(conn: sqlite3.Connection, sha: str) -> tuple[int, str, int] | None:
    found: tuple[int, str, int] | None = conn.execute(
        "SELECT id, text, words FROM clauses"
        " WHERE id IN (SELECT id FROM clause_rows WHERE substr(sha, 1, 6) = ? AND sha = ?)",
        (bytes.fromhex(sha[:12]), bytes.fromhex(sha)),
    ).fetchone()
    return found


def _insert_clause(
    conn: sqlite3.Connection, sha: str, text: str, markdown: str | None, words: int, likeness: Likeness | None = None
) -> int:
    links = links_of(text, markdown)
    cursor = conn.execute(
        "INSERT INTO clause_rows (sha, words, markdown, text, like_id, head, tail) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (bytes.fromhex(sha), words, TOLD if links else markdown, *row_of(text, likeness)),
    )
    clause_id = int(cursor.lastrowid or 0)
    write_links(conn, clause_id, links)
    return clause_id
