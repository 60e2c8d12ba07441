"""From which place of a main line to which something stood there: intervals of clauses and of sections.

`section_clauses` and `text_sections` say what each wording holds, `versions` when it was there; joined, a common word
leads to a hundred thousand rows. The intervals they come to are few (135,000 rows for 10,000 versions, with 636,000
clauses of sections) and answer where a phrase stands, since when a clause does, and how a section went on. They follow
from those tables alone and are made again with the lineages of a policy, whenever its line of texts changes.
"""

from __future__ import annotations

import sqlite3

_Stays = set[tuple[int, ...]]

_PLACES = """
    SELECT v.place, ts.lineage_id, ts.section_id FROM versions v CROSS JOIN text_sections ts ON ts.text_id = v.text_id
    WHERE v.policy_id = ? AND v.place IS NOT NULL AND ts.lineage_id IS NOT NULL ORDER BY v.place
"""
# Through the lineages of a policy: an index of policies would take as much room as the intervals themselves.
_HELD_SECTIONS = """
    SELECT st.lineage_id, st.section_id, st.policy_id, st.first_place, st.last_place
    FROM lineages l CROSS JOIN section_stays st ON st.lineage_id = l.id WHERE l.policy_id = ?
"""
_HELD_CLAUSES = (
    "SELECT clause_id, policy_id, first_place, last_place FROM clause_stays WHERE clause_id = ? AND policy_id = ?"
)


def keep_stays(conn: sqlite3.Connection, policy_id: int) -> None:
    """Make the intervals of a policy follow from its main line. Call in a transaction, with its lineages in place.

    Holds the intervals of one policy, whatever its number of versions; rows that are right stay as they are.
    """
    held_sections, held_clauses = _held(conn, policy_id)
    sections = _sections(conn, policy_id)
    clauses = _clauses(conn, policy_id, sections)
    _write(conn, "section_stays", held_sections, sections)
    _write(conn, "clause_stays", held_clauses, clauses)


def drop_stays(conn: sqlite3.Connection, policy_id: int) -> None:
    """Forget the intervals of a policy. Call it before its sections, their clauses or its lineages change or go."""
    held_sections, held_clauses = _held(conn, policy_id)
    _write(conn, "section_stays", held_sections, set())
    _write(conn, "clause_stays", held_clauses, set())


def wrong_stays(conn: sqlite3.Connection) -> list[str]:
    """Return the policies whose intervals are not what their main lines say; none in a sound corpus.

    Intervals of clauses are found by clause, those of a policy counted in one pass: no index knows them by policy.
    """
    wrong = []
    counts = dict(conn.execute("SELECT policy_id, count(*) FROM clause_stays GROUP BY policy_id"))
    for (policy_id,) in conn.execute(
        "SELECT id FROM policies WHERE id NOT IN (SELECT policy_id FROM unsettled) ORDER BY id"
    ).fetchall():
        sections = _sections(conn, policy_id)
        clauses = _clauses(conn, policy_id, sections)
        if _held(conn, policy_id) != (sections, clauses) or counts.get(policy_id, 0) != len(clauses):
            wrong.append(f"policy {policy_id}")
    return wrong


def _sections(conn: sqlite3.Connection, policy_id: int) -> _Stays:
    """Return from where to where each wording of each lineage stands, place by place."""
    standing: dict[tuple[int, int], tuple[int, int]] = {}
    stays: _Stays = set()
    for place, *named in conn.execute(_PLACES, (policy_id,)):
        lineage_id, section_id = named
        first, last = standing.get((lineage_id, section_id), (place, place))
        if place > last + 1:
            stays.add((lineage_id, section_id, policy_id, first, last))
            first = place
        standing[lineage_id, section_id] = first, place
    stays.update((*named, policy_id, *stay) for named, stay in standing.items())
    return stays


def _clauses(conn: sqlite3.Connection, policy_id: int, sections: _Stays) -> _Stays:
    """Return from where to where each clause stands: wherever a section with it does."""
    standing: dict[int, tuple[int, int]] = {}
    stays: _Stays = set()
    for first, last, section_id in sorted({(first, last, section) for _, section, _, first, last in sections}):
        for (clause_id,) in conn.execute("SELECT clause_id FROM section_clauses WHERE section_id = ?", (section_id,)):
            began, ended = standing.get(clause_id, (first, last))
            if first > ended + 1:
                stays.add((clause_id, policy_id, began, ended))
                began, ended = first, last
            standing[clause_id] = began, max(ended, last)
    stays.update((clause_id, policy_id, *stay) for clause_id, stay in standing.items())
    return stays


def _held(conn: sqlite3.Connection, policy_id: int) -> tuple[_Stays, _Stays]:
    """Return the intervals that are written, of sections and of clauses."""
    sections: _Stays = set(conn.execute(_HELD_SECTIONS, (policy_id,)))
    known = {
        row[0]
        for section_id in {stay[1] for stay in sections}
        for row in conn.execute("SELECT clause_id FROM section_clauses WHERE section_id = ?", (section_id,))
    }
    return sections, {row for clause_id in known for row in conn.execute(_HELD_CLAUSES, (clause_id, policy_id))}


def _write(conn: sqlite3.Connection, table: str, held: _Stays, wanted: _Stays) -> None:
    """Put the rows wanted in the place of those held. The key is the first two columns and the first place."""
    key = ("lineage_id", "section_id") if table == "section_stays" else ("clause_id", "policy_id")
    conn.executemany(
        f"DELETE FROM {table} WHERE {key[0]} = ? AND {key[1]} = ? AND first_place = ?",
        [(*row[:2], row[-2]) for row in sorted(held - wanted)],
    )
    marks = ", ".join("?" * (5 if table == "section_stays" else 4))
    conn.executemany(f"INSERT INTO {table} VALUES ({marks})", sorted(wanted - held))
