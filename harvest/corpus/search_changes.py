"""Changes that brought or took away what is looked for, newest first: two ways to the same rows.

Of words that few clauses say, the changes of these clauses are gathered and sorted. Of words that a good part of all
clauses say, changes are gone through from the newest on until enough are found: "information", 198,000 of 840,000
clauses, takes 100 ms where gathering its 148,000 changes takes 440. What came into or left whole documents is looked
for where it begins to stand in them, or no longer does, if these places are few: of common words the fewest.
"""

from __future__ import annotations

import json
import sqlite3
from typing import Any, NamedTuple

from harvest.corpus.codes import CHANGE_KINDS, TIERS
from harvest.corpus.queries_rows import rows
from harvest.corpus.queries_stays import Life, life_of, stands
from harvest.model import Tier

#: Hits beyond this many are not looked at one by one: the page says "more than". Nobody pages that far.
MAX_HITS = 3_000
#: Of words so common that changes are gone through from the newest on.
MAX_NEWEST = 1_000
#: Gathering takes 2 µs for each clause that matches, going through the newest 14 ms for each time that all clauses
#: outnumber those: the second is less where the square of those that match is more than so many times all clauses.
_COMMON = 7_500
#: Where something begins or ends to stand in a document the 20 changes there take what 20 clauses that match take.
_OF_AN_EDGE = 20

#: Changes that are told of by a heading alone.
OF_HEADINGS = ("heading-renamed", "section-added", "section-removed")
_HEADINGS = "heading_hits AS MATERIALIZED (SELECT rowid AS id FROM headings_fts WHERE headings_fts MATCH :match)"
_WANTED = """
    x.kind != 'technical' AND a.place IS NOT NULL AND b.place IS NOT NULL
      AND (:site = '' AND :kind = '' OR a.policy_id IN (SELECT p.id FROM policies p JOIN sites s ON s.id = p.site_id
        WHERE (:site = '' OR s.host = :site) AND (:kind = '' OR p.kind = :kind)))
      AND (:since = '' OR a.first_seen >= :since) AND (:until = '' OR a.first_seen <= :until)
      AND (:tiers = '' OR c.tier IN (SELECT value FROM json_each(:tiers)))
    ORDER BY a.first_seen DESC, c.position, c.id, x.id
"""

# CROSS JOIN keeps SQLite from starting at `transitions`: on 3,900 policies that took 17 s for a pair of words.
# Both sides of a change are looked at once, from the clauses that match: asked of each change anew, 2,000 changes of
# 2,000 clauses that match took 1.6 s. A change counts once, by its clause where its heading matches too. Only numbers
# are read of the thousands found; what a page shows of its 25 is read for them.
_GATHERED = f"""
    WITH sides AS MATERIALIZED (
      SELECT cc.change_id, max(CASE cc.slot & 1 WHEN :after THEN cc.clause_id END) AS clause_id,
        max(cc.slot & 1 <> :after) AS opposed
      FROM clauses_fts h CROSS JOIN change_clause_rows cc ON cc.clause_id = h.rowid
      WHERE clauses_fts MATCH :match GROUP BY 1),
    {_HEADINGS},
    headed AS MATERIALIZED (
      SELECT c.id AS change_id, max(h.id) AS section_id FROM heading_hits h
      CROSS JOIN change_rows r ON (:after = 1 AND r.kind >= 7 AND r.after_section_id = h.id)
        OR (:after = 0 AND r.kind >= 7 AND r.before_section_id = h.id)
      CROSS JOIN changes c ON c.id = r.id
      WHERE c.kind IN {OF_HEADINGS}
        AND coalesce(iif(:after, c.before_section_id, c.after_section_id), 0) NOT IN (SELECT id FROM heading_hits)
      GROUP BY 1),
    touched AS (
      SELECT change_id, clause_id, NULL AS section_id FROM sides WHERE clause_id IS NOT NULL AND NOT opposed
      UNION ALL
      SELECT change_id, NULL, section_id FROM headed
      WHERE change_id NOT IN (SELECT change_id FROM sides WHERE clause_id IS NOT NULL AND NOT opposed))
    SELECT c.id AS change_id, x.id AS transition_id, x.policy_id, c.tier AS tier_code,
      touched.clause_id, touched.section_id, iif(:after, b.place, a.place) AS other_place, a.first_seen AS began
    FROM touched CROSS JOIN change_rows c ON c.id = touched.change_id
    CROSS JOIN transitions x ON x.diff_id = c.diff_id
    JOIN versions b ON b.id = x.before_version_id JOIN versions a ON a.id = x.after_version_id
    WHERE {_WANTED} LIMIT :most
"""

# One look at both sides of a change: its clause that matches, or a number above all clauses where the other side has
# one too. `+` keeps SQLite from asking for every clause that matches of each change; the LIMIT within, from putting the
# inner select in the place of each of its columns.
_OPPOSED = 1 << 60
_THROUGH = f"""
    WITH {_HEADINGS}
    SELECT change_id, transition_id, policy_id, tier_code, iif(clause_id < {_OPPOSED}, clause_id, NULL) AS clause_id,
      iif(clause_id < {_OPPOSED}, NULL, section_id) AS section_id, other_place, began
    FROM (
      SELECT c.id AS change_id, x.id AS transition_id, x.policy_id, c.tier AS tier_code,
        (SELECT max(iif(cc.slot & 1 = :after, cc.clause_id, {_OPPOSED})) FROM change_clause_rows cc
          WHERE cc.change_id = c.id
          AND +cc.clause_id IN (SELECT rowid FROM clauses_fts WHERE clauses_fts MATCH :match)) AS clause_id,
        CASE WHEN c.kind IN ({", ".join(str(CHANGE_KINDS.index(kind)) for kind in OF_HEADINGS)})
          AND iif(:after, c.after_section_id, c.before_section_id) IN (SELECT id FROM heading_hits)
          AND coalesce(iif(:after, c.before_section_id, c.after_section_id), 0) NOT IN (SELECT id FROM heading_hits)
          THEN iif(:after, c.after_section_id, c.before_section_id) END AS section_id,
        iif(:after, b.place, a.place) AS other_place, a.first_seen AS began
      FROM {{versions}} CROSS JOIN transitions x ON x.after_version_id = a.id
      CROSS JOIN versions b ON b.id = x.before_version_id CROSS JOIN change_rows c ON c.diff_id = x.diff_id
      WHERE {_WANTED} LIMIT -1)
    WHERE clause_id < {_OPPOSED} OR section_id IS NOT NULL LIMIT :most
"""
_NEWEST = _THROUGH.format(versions="versions a")
_AT_EDGES = _THROUGH.format(
    versions="""json_each(:edges) j CROSS JOIN versions a
        ON a.policy_id = json_extract(j.value, '$[0]') AND a.place = json_extract(j.value, '$[1]')"""
)


class Found(NamedTuple):
    """What was found: at most *most*, and one more where there are more."""

    hits: list[sqlite3.Row]
    most: int = MAX_HITS


def changes_with(conn: sqlite3.Connection, params: dict[str, Any], *, matching: int, tier: str, whole: bool) -> Found:
    """Return the changes that brought or took away what matches; of those *whole* and *tier* leave.

    *params* are those of the queries: match, after (1: brought), site, kind, since, until. *matching*: how many
    clauses match.
    """
    tiers = [TIERS.index(each.value) for each in Tier if each.rank >= Tier(tier).rank] if tier else ()
    asked = {**params, "tiers": json.dumps(tiers) if tier else ""}
    if whole:
        life = life_of(conn, params["match"])
        edges = _edges(life, came=bool(params["after"]))
        if matching > _OF_AN_EDGE * len(edges):
            return Found(rows(conn, _AT_EDGES, {**asked, "edges": json.dumps(edges), "most": MAX_HITS + 1}))
        gathered = rows(conn, _GATHERED, {**asked, "most": -1})
        return Found([row for row in gathered if not stands(life, row["policy_id"], row["other_place"])])
    if is_common(conn, matching):
        return Found(rows(conn, _NEWEST, {**asked, "most": MAX_NEWEST + 1}), MAX_NEWEST)
    return Found(rows(conn, _GATHERED, {**asked, "most": MAX_HITS + 1}))


def _edges(life: Life, *, came: bool) -> list[tuple[int, int]]:
    """Return the policies and places from which on something stands in the document, or no longer does. Pure.

    Of the commonest words there are the fewest: 60 of "the" in 2,900 policies.

    >>> _edges({1: [(1, 4), (8, 9)]}, came=True), _edges({1: [(1, 4), (8, 9)]}, came=False)
    ([(1, 8)], [(1, 5), (1, 10)])
    """
    if came:
        return [(policy_id, first) for policy_id, stays in life.items() for first, _ in stays if first > 1]
    return [(policy_id, last + 1) for policy_id, stays in life.items() for _, last in stays]


def is_common(conn: sqlite3.Connection, matching: int) -> bool:
    """Return whether changes with what so many clauses say are found sooner from the newest on than by clause."""
    (clauses,) = rows(conn, "SELECT max(id) AS number FROM clause_rows")
    return matching**2 > _COMMON * (clauses["number"] or 0)
