"""Where and when something stands, from the intervals the corpus keeps: places of main lines, and their bounds."""

from __future__ import annotations

import json
import sqlite3
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

from harvest.corpus.queries_model import Bounds
from harvest.corpus.queries_rows import bounds_of, rows, values

#: First and last place of a stay on a main line, both included.
Stay = tuple[int, int]
Life = Mapping[int, Sequence[Stay]]

#: Bits of a place in the one number that a stay is: 262,143 versions of a policy, 134 million policies.
_PLACE_BITS = 18
_PLACES = (1 << _PLACE_BITS) - 1
_STAY = f"(st.policy_id << {2 * _PLACE_BITS}) | (st.first_place << {_PLACE_BITS}) | st.last_place"

# Clauses that came and went together share their stay: of 270,000 of a common word an eighth remain. As one number each
# they take three quarters of the time of three.
_LIFE = f"""
    SELECT {_STAY} FROM clauses_fts f CROSS JOIN clause_stays st ON st.clause_id = f.rowid
    WHERE clauses_fts MATCH :match {{narrowed}}
    UNION
    SELECT {_STAY} FROM headings_fts f CROSS JOIN section_stays st ON st.section_id = f.rowid
    WHERE headings_fts MATCH :match {{narrowed}}
"""
_NARROWED = """
    AND st.policy_id IN (SELECT p.id FROM policies p JOIN sites s ON s.id = p.site_id
      WHERE (:site = '' OR s.host = :site) AND (:kind = '' OR p.kind = :kind))
"""
_OF_POLICIES = "AND st.policy_id IN (SELECT value FROM json_each(:policies))"


def life_of(conn: sqlite3.Connection, match: str, *, site: str = "", kind: str = "") -> Life:
    """Return the stays of what matches an FTS5 query, by policy, in order; stays without a break are one."""
    sql = _LIFE.format(narrowed=_NARROWED if site or kind else "")
    return joined(_stays(conn, sql, {"match": match, "site": site, "kind": kind}))


def life_in(conn: sqlite3.Connection, match: str, policy_ids: Iterable[int]) -> Life:
    """Return the stays of what matches an FTS5 query in a few policies, as `life_of` does."""
    sql = _LIFE.format(narrowed=_OF_POLICIES)
    return joined(_stays(conn, sql, {"match": match, "policies": json.dumps(sorted({*policy_ids}))}))


def _stays(conn: sqlite3.Connection, sql: str, params: dict[str, Any]) -> Iterator[tuple[int, int, int]]:
    for stay in sorted(stay for (stay,) in values(conn, sql, params)):
        yield stay >> 2 * _PLACE_BITS, stay >> _PLACE_BITS & _PLACES, stay & _PLACES


# A text is read up to its first clause that matches: of what is common that is soon.
_SAID_AT = """
    SELECT DISTINCT v.policy_id, v.place FROM json_each(:places) j
    CROSS JOIN versions v ON v.policy_id = json_extract(j.value, '$[0]') AND v.place = json_extract(j.value, '$[1]')
    WHERE EXISTS (SELECT 1 FROM text_sections ts CROSS JOIN section_clauses sc ON sc.section_id = ts.section_id
        WHERE ts.text_id = v.text_id
        AND +sc.clause_id IN (SELECT rowid FROM clauses_fts WHERE clauses_fts MATCH :match))
      OR EXISTS (SELECT 1 FROM text_sections ts WHERE ts.text_id = v.text_id
        AND +ts.section_id IN (SELECT rowid FROM headings_fts WHERE headings_fts MATCH :match))
"""


def said_at(conn: sqlite3.Connection, match: str, places: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
    """Return those of some places (policy, place) at which something stands that matches an FTS5 query.

    Reads the texts there, where `life_in` follows every clause that matches: for words that most clauses say.
    """
    asked = {"match": match, "places": json.dumps(sorted({*places}))}
    return {(row["policy_id"], row["place"]) for row in rows(conn, _SAID_AT, asked)}


def joined(found: Iterable[Sequence[int]]) -> Life:
    """Join stays (policy, first, last) that overlap or touch. Pure; *found* by policy and first place.

    >>> joined([(1, 2, 4), (1, 3, 3), (1, 5, 6), (1, 8, 8), (2, 9, 9)])
    {1: [(2, 6), (8, 8)], 2: [(9, 9)]}
    """
    life: dict[int, list[Stay]] = {}
    for policy_id, first, last in found:
        stays = life.setdefault(policy_id, [])
        if stays and first <= stays[-1][1] + 1:
            if last > stays[-1][1]:
                stays[-1] = stays[-1][0], last
        else:
            stays.append((first, last))
    return life


def stands(life: Life, policy_id: int, place: int) -> bool:
    """Return whether something stands in a policy at a place. Pure.

    >>> stands({1: [(2, 6), (8, 8)]}, 1, 7), stands({1: [(2, 6), (8, 8)]}, 1, 8)
    (False, True)
    """
    stays = life.get(policy_id, ())
    at = bisect_right(stays, place, key=itemgetter(0))
    return at > 0 and stays[at - 1][1] >= place


def bounds_of_stays(conn: sqlite3.Connection, life: Life) -> dict[int, tuple[Bounds, ...]]:
    """Return when stays were, by policy: what their first version and their last one are bounded by. One query."""
    wanted = {(policy_id, place) for policy_id, stays in life.items() for stay in stays for place in stay}
    ends = {
        (row["policy_id"], row["place"]): bounds_of(row)
        for row in rows(
            conn,
            "SELECT v.policy_id, v.place, v.not_before, v.first_seen, v.last_seen, v.gone_by FROM json_each(?) j"
            " CROSS JOIN versions v ON v.policy_id = json_extract(j.value, '$[0]')"
            " AND v.place = json_extract(j.value, '$[1]')",
            (json.dumps(sorted(wanted)),),
        )
    }
    return {
        policy_id: tuple(_span(ends[policy_id, first], ends[policy_id, last]) for first, last in stays)
        for policy_id, stays in life.items()
    }


def began(conn: sqlite3.Connection, life: Life) -> dict[int, str]:
    """Return when the first stay in each policy was first seen, as stored. One query."""
    firsts = [(policy_id, stays[0][0]) for policy_id, stays in life.items()]
    found = rows(
        conn,
        "SELECT v.policy_id, v.first_seen FROM json_each(?) j"
        " CROSS JOIN versions v ON v.policy_id = json_extract(j.value, '$[0]')"
        " AND v.place = json_extract(j.value, '$[1]')",
        (json.dumps(firsts),),
    )
    return {row["policy_id"]: row["first_seen"] for row in found}


def _span(begun: Bounds, ended: Bounds) -> Bounds:
    return Bounds(begun.not_before, begun.first_seen, ended.last_seen, ended.gone_by)
