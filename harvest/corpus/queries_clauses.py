"""The life of phrases and clauses: when they came, where they stand, when they went."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime

from harvest.corpus.codes import digits
from harvest.corpus.queries_as_of import bare_view, in_force, whole_view
from harvest.corpus.queries_hits import policies_by_id
from harvest.corpus.queries_model import (
    Blamed,
    BlameView,
    ClauseView,
    PhraseLife,
    PolicyRef,
    Presence,
    Transition,
)
from harvest.corpus.queries_rows import TRANSITION_COLUMNS, TRANSITION_TABLES, rows, transition_of
from harvest.corpus.queries_stays import Life, began, bounds_of_stays, joined, life_of
from harvest.corpus.search import phrase_query
from harvest.errors import UnknownTarget

#: Stays followed for one clause, and edits of it shown on each side.
_MAX_STAYS, _MAX_EDITS = 20_000, 50


def phrase(
    conn: sqlite3.Connection, q: str, *, site: str = "", kind: str = "", limit: int = 200, offset: int = 0
) -> PhraseLife:
    """Return in which policies a phrase stood and when, those who had it first coming first.

    Words of *q* must stand together; with quotes or ``OR`` it is a query as in `search`. Intervals are runs of
    main-line versions. Raises ValueError where *q* has no word.
    """
    life = life_of(conn, phrase_query(q), site=site, kind=kind)
    return PhraseLife(q, _presences(conn, life, limit, offset), len(life))


def clause_by_sha(conn: sqlite3.Connection, prefix: str, *, limit: int = 200) -> ClauseView:
    """Return a clause by the first digits of its sha256: where it stands, what it came from and became.

    Of the policies that have it the *limit* that had it first are told of, and all are counted.

    Raises UnknownTarget where no clause has that name.
    """
    found = rows(
        conn,
        "SELECT id, sha256, text, coalesce(markdown, text) AS markdown, words FROM clauses"
        " WHERE id IN (SELECT id FROM clause_rows WHERE substr(sha, 1, 6) BETWEEN ? AND ?)"
        " AND sha256 >= ? AND sha256 < ? ORDER BY sha256 LIMIT 1",
        (*digits(prefix), prefix.lower(), prefix.lower() + "g"),
    )
    if not found:
        raise UnknownTarget(f"no clause {prefix!r} in this corpus; a clause is named by 12 digits of its sha256")
    clause = found[0]
    stays = rows(
        conn,
        "SELECT policy_id, first_place, last_place FROM clause_stays WHERE clause_id = ?"
        " ORDER BY policy_id, first_place LIMIT ?",
        (clause["id"], _MAX_STAYS),
    )
    life = joined(stays)
    return ClauseView(
        clause["sha256"],
        clause["text"],
        clause["markdown"],
        clause["words"],
        _presences(conn, life, limit),
        len(life),
        _edits(conn, clause["id"], "after", "before"),
        _edits(conn, clause["id"], "before", "after"),
    )


def blame(conn: sqlite3.Connection, policy: PolicyRef, moment: datetime) -> BlameView:
    """Return the version in force at *moment* with, for every clause, since when it stands there without a break.

    A clause is its exact wording: an edited one counts from its edit. Raises UnknownTarget as `version_as_of`.
    """
    here = in_force(conn, policy, moment)
    view = whole_view(conn, bare_view(conn, policy, moment, here))
    stays = _stays_at(conn, policy, view.version.text.id, here.place)
    intervals = sorted({(row["first_place"], row["last_place"]) for row in stays})
    bounds = dict(zip(intervals, bounds_of_stays(conn, {policy.id: intervals})[policy.id], strict=True))
    numbers = _numbers(conn, policy, [first for first, _ in intervals])
    blamed = (
        Blamed(
            row["section"],
            row["clause"],
            bounds[row["first_place"], row["last_place"]],
            numbers[row["first_place"]],
            bool(row["earlier"]),
        )
        for row in stays
    )
    return BlameView(view, tuple(blamed))


def _stays_at(conn: sqlite3.Connection, policy: PolicyRef, text_id: int, place: int) -> list[sqlite3.Row]:
    """Return for each clause of a text the stay it is in at *place*, and whether it had been there before it."""
    return rows(
        conn,
        "SELECT ts.position AS section, sc.position AS clause, st.first_place, st.last_place, EXISTS ("
        "   SELECT 1 FROM clause_stays e WHERE e.clause_id = st.clause_id AND e.policy_id = st.policy_id"
        "   AND e.first_place < st.first_place) AS earlier"
        " FROM text_sections ts CROSS JOIN section_clauses sc ON sc.section_id = ts.section_id"
        " CROSS JOIN clause_stays st ON st.clause_id = sc.clause_id AND st.policy_id = :policy"
        "   AND st.first_place <= :place AND st.last_place >= :place"
        " WHERE ts.text_id = :text ORDER BY 1, 2",
        {"policy": policy.id, "text": text_id, "place": place},
    )


def _numbers(conn: sqlite3.Connection, policy: PolicyRef, places: Sequence[int]) -> dict[int, int]:
    """Return the numbers of the versions in places of a main line."""
    sql = "SELECT place, number FROM versions WHERE policy_id = ? AND place IN (SELECT value FROM json_each(?))"
    return {row["place"]: row["number"] for row in rows(conn, sql, (policy.id, json.dumps(sorted(set(places)))))}


def _presences(conn: sqlite3.Connection, life: Life, limit: int, offset: int = 0) -> tuple[Presence, ...]:
    first_seen = began(conn, life)
    first = sorted(life, key=lambda policy_id: (first_seen[policy_id], policy_id))[offset : offset + limit]
    policies = policies_by_id(conn, first)
    intervals = bounds_of_stays(conn, {policy_id: life[policy_id] for policy_id in first})
    found = [Presence(policies[policy_id], intervals[policy_id]) for policy_id in first]
    return tuple(sorted(found, key=lambda presence: (presence.intervals[0].first_seen, presence.policy.address)))


def _edits(
    conn: sqlite3.Connection, clause_id: int, side: str, other: str
) -> tuple[tuple[PolicyRef, Transition, str], ...]:
    found = rows(
        conn,
        f"SELECT x.policy_id, {TRANSITION_COLUMNS}, o.text AS other_text"
        " FROM change_clauses cc JOIN changes c ON c.id = cc.change_id"
        " JOIN change_clauses oc ON oc.change_id = c.id AND oc.side = :other JOIN clauses o ON o.id = oc.clause_id"
        f" JOIN {TRANSITION_TABLES.replace('transitions x', 'transitions x ON x.diff_id = c.diff_id')}"
        " WHERE cc.clause_id = :clause AND cc.side = :side AND oc.clause_id != cc.clause_id"
        " AND x.kind != 'technical' AND a.place IS NOT NULL AND b.place IS NOT NULL"
        " ORDER BY a.first_seen, x.policy_id LIMIT :most",
        {"clause": clause_id, "side": side, "other": other, "most": _MAX_EDITS},
    )
    policies = policies_by_id(conn, (row["policy_id"] for row in found))
    return tuple((policies[row["policy_id"]], transition_of(row), row["other_text"]) for row in found)
