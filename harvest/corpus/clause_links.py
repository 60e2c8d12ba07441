"""Links of clauses, stored beside the words: the Markdown of a clause is its words with the links put in.

A clause with links would be stored twice, once without and once with them. Here a link is where it stands in the words
and which of the addresses, each stored once, it leads to; the view `clauses` puts the Markdown together. Measured:
2.9 MB of Markdown become 1.2 MB (Open Terms Archive).
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

# An address has no brackets of its own (`harvest.text.clauses.to_markdown` writes %28 for them), a label may have some.
_LINK = re.compile(r"\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\(([^()\s]*)\)")
#: What the column `markdown` holds where the links tell it.
TOLD = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A link in the words of a clause: its first character (from 1), how many came since the last link, its length."""

    start: int
    gap: int
    length: int
    url: str


def links_of(text: str, markdown: str | None) -> tuple[Link, ...]:
    """Return the links that make the Markdown out of the text; none where they do not, or there are none.

    >>> links_of("see our rules.", "see [our rules](https://alder.example/rules).")
    (Link(start=5, gap=4, length=9, url='https://alder.example/rules'),)
    """
    if not markdown or "\0" in markdown:  # to SQLite a string ends with its first NUL
        return ()
    links: list[Link] = []
    words = ""
    read = 0
    for match in _LINK.finditer(markdown):
        label, url = match.groups()
        words += markdown[read : match.start()]
        links.append(Link(len(words) + 1, match.start() - read, len(label), url))
        words += label
        read = match.end()
    return tuple(links) if words + markdown[read:] == text else ()


def write_links(conn: sqlite3.Connection, clause_id: int, links: Sequence[Link]) -> None:
    """Write the links of a clause that has none yet."""
    conn.executemany(
        "INSERT INTO clause_links (clause_id, position, start, gap, length, target_id) VALUES (?, ?, ?, ?, ?, ?)",
        [
            (clause_id, position, link.start, link.gap, link.length, _target_id(conn, link.url))
            for position, link in enumerate(links)
        ],
    )


# Hosts tell addresses apart that end alike ("/privacy"), ends those of one host; behind "https://www.". All of it would
# be as large as the addresses are.
_ENDS = "substr({0}, 13, 20) || substr({0}, -8)"
#: As `store_diffs.KNOWN_REASON`.
KNOWN_TARGET = f"SELECT id FROM link_targets WHERE {_ENDS.format('url')} = {_ENDS.format('?1')} AND +url = ?1"


def _target_id(conn: sqlite3.Connection, url: str) -> int:
    row = conn.execute(KNOWN_TARGET, (url,)).fetchone()
    if row is None:
        return int(conn.execute("INSERT INTO link_targets (url) VALUES (?)", (url,)).lastrowid or 0)
    return int(row[0])


#: Addresses that no clause leads to any more; deleted with what a take-down leaves.
UNUSED_TARGETS = "link_targets WHERE id NOT IN (SELECT target_id FROM clause_links)"

_TABLES = (
    "CREATE TABLE link_targets (id INTEGER PRIMARY KEY, url TEXT NOT NULL)",
    """CREATE TABLE clause_links (
    clause_id INTEGER NOT NULL REFERENCES clause_rows(id),
    position INTEGER NOT NULL,
    start INTEGER NOT NULL,
    gap INTEGER NOT NULL,
    length INTEGER NOT NULL,
    target_id INTEGER NOT NULL,
    PRIMARY KEY (clause_id, position)
) WITHOUT ROWID""",
    f"CREATE INDEX link_targets_ends ON link_targets({_ENDS.format('url')})",
    """CREATE TRIGGER clause_links_delete AFTER DELETE ON clause_rows BEGIN
    DELETE FROM clause_links WHERE clause_id = old.id;
END""",
)
_TEXT = """CASE WHEN like_id IS NULL THEN text ELSE (
           SELECT substr(other.text, 1, clause_rows.head) || clause_rows.text
               || substr(other.text, length(other.text) + 1 - clause_rows.tail)
           FROM clause_rows other WHERE other.id = clause_rows.like_id) END"""
_VIEW = f"""CREATE VIEW clauses AS
SELECT id, lower(hex(sha)) AS sha256,
       {_TEXT} AS text,
       CASE markdown WHEN '{TOLD}' THEN (
           SELECT group_concat(piece, '') || substr(max(whole), max(past)) FROM (
               SELECT substr(whole, links.start - links.gap, links.gap)
                       || '[' || substr(whole, links.start, links.length) || '](' || link_targets.url || ')' AS piece,
                   whole, links.start + links.length AS past
               FROM (SELECT {_TEXT} AS whole) CROSS JOIN clause_links links
               JOIN link_targets ON link_targets.id = links.target_id
               WHERE links.clause_id = clause_rows.id ORDER BY links.position)) ELSE markdown END AS markdown,
       words
FROM clause_rows"""


def part_links(conn: sqlite3.Connection) -> None:
    """Let the Markdown of a corpus be told by links. What clauses show stays."""
    for statement in _TABLES:
        conn.execute(statement)
    # Rows that are like others first: their Markdown is read from those.
    ids = conn.execute("SELECT id FROM clause_rows WHERE markdown IS NOT NULL ORDER BY like_id IS NULL, id").fetchall()
    for (row_id,) in ids:
        text, markdown = conn.execute("SELECT text, markdown FROM clauses WHERE id = ?", (row_id,)).fetchone()
        links = links_of(text, markdown)
        write_links(conn, row_id, links)
        conn.execute(
            "UPDATE clause_rows SET markdown = ?, markdown_head = NULL, markdown_tail = NULL WHERE id = ?",
            (TOLD if links else markdown, row_id),
        )
    conn.execute("DROP VIEW clauses")
    conn.execute(_VIEW)
    for column in ("markdown_head", "markdown_tail"):
        conn.execute(f"ALTER TABLE clause_rows DROP COLUMN {column}")
