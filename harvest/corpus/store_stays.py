"""From which place of a main line to which something stood there: intervals of clauses and of sections.

`section_clauses` and `text_sections` say what each wording holds, `versions` when it was there; joined, a common word
leads to a hundred thousand rows. The intervals they come to are few (135,000 rows for 10,000 versions, with 636,000
clauses of sections) and answer where a phrase stands, since when a clause does, and how a section went on. They follow
from those tables alone and are made again with the lineages of a policy, whenever its line of texts changes.
"""

from __future__ import annotations

import sqlite3

# Gaps and islands: places without a break differ from their rank by one number.
_SECTIONS = """
    SELECT lineage_id, section_id, :policy, min(place), max(place) FROM (
      SELECT lineage_id, section_id, place,
        place - row_number() OVER (PARTITION BY lineage_id, section_id ORDER BY place) AS island
      FROM (SELECT DISTINCT ts.lineage_id, ts.section_id, v.place
        FROM versions v CROSS JOIN text_sections ts ON ts.text_id = v.text_id
        WHERE v.policy_id = :policy AND v.place IS NOT NULL AND ts.lineage_id IS NOT NULL))
    GROUP BY lineage_id, section_id, island
"""
# A clause stands where a section with it does; stays that touch or overlap are one.
_CLAUSES = """
    SELECT clause_id, :policy, min(first_place), max(last_place) FROM (
      SELECT clause_id, first_place, last_place, sum(breaks) OVER spell AS island FROM (
        SELECT clause_id, first_place, last_place, first_place > 1 + coalesce(max(last_place) OVER (
            PARTITION BY clause_id ORDER BY first_place, last_place
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), -1) AS breaks
        FROM (SELECT DISTINCT sc.clause_id, st.first_place, st.last_place
          FROM lineages l CROSS JOIN section_stays st ON st.lineage_id = l.id
          CROSS JOIN section_clauses sc ON sc.section_id = st.section_id WHERE l.policy_id = :policy))
      WINDOW spell AS (PARTITION BY clause_id ORDER BY first_place, last_place ROWS UNBOUNDED PRECEDING))
    GROUP BY clause_id, island
"""


def keep_stays(conn: sqlite3.Connection, policy_id: int) -> None:
    """Make the intervals of a policy follow from its main line. Call in a transaction, with its lineages in place."""
    drop_stays(conn, policy_id)
    conn.execute(f"INSERT INTO section_stays {_SECTIONS}", {"policy": policy_id})
    conn.execute(f"INSERT INTO clause_stays {_CLAUSES}", {"policy": policy_id})


def drop_stays(conn: sqlite3.Connection, policy_id: int) -> None:
    """Forget the intervals of a policy. Call it before its sections, their clauses or its lineages change or go.

    They are found through these: an index of policies would take as much room as the intervals themselves.
    """
    conn.execute(
        "DELETE FROM clause_stays WHERE (clause_id, policy_id, first_place) IN ("
        " SELECT cs.clause_id, cs.policy_id, cs.first_place FROM lineages l"
        " CROSS JOIN section_stays st ON st.lineage_id = l.id"
        " CROSS JOIN section_clauses sc ON sc.section_id = st.section_id"
        " CROSS JOIN clause_stays cs ON cs.clause_id = sc.clause_id AND cs.policy_id = l.policy_id"
        " WHERE l.policy_id = ?)",
        (policy_id,),
    )
    conn.execute(
        "DELETE FROM section_stays WHERE lineage_id IN (SELECT id FROM lineages WHERE policy_id = ?)", (policy_id,)
    )


def wrong_stays(conn: sqlite3.Connection) -> list[str]:
    """Return the policies whose intervals are not what their main lines say; none in a sound corpus."""
    wrong = []
    for policy_id, unsettled in conn.execute(
        "SELECT id, id IN (SELECT policy_id FROM unsettled) FROM policies ORDER BY id"
    ).fetchall():
        if not unsettled and any(_differs(conn, policy_id, *each) for each in _KEPT):
            wrong.append(f"policy {policy_id}")
    return wrong


_KEPT = (
    (
        _SECTIONS,
        "SELECT st.* FROM lineages l JOIN section_stays st ON st.lineage_id = l.id WHERE l.policy_id = :policy",
    ),
    (_CLAUSES, "SELECT * FROM clause_stays WHERE policy_id = :policy"),
)


def _differs(conn: sqlite3.Connection, policy_id: int, follows: str, held: str) -> bool:
    sql = "SELECT count(*) FROM (SELECT * FROM ({}) EXCEPT SELECT * FROM ({}))"
    named = {"policy": policy_id}
    return any(conn.execute(sql.format(*pair), named).fetchone()[0] for pair in ((follows, held), (held, follows)))
