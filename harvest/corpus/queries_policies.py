"""Which policies there are, with what is counted of each."""

from __future__ import annotations

import json
import sqlite3

from harvest.corpus.queries_model import Overview, PolicyRef, PolicySummary, Transition
from harvest.corpus.queries_names import like_text
from harvest.corpus.queries_rows import (
    POLICY_COLUMNS,
    TRANSITION_COLUMNS,
    TRANSITION_TABLES,
    moment,
    policy_of,
    rows,
    transition_of,
)

ORDERS = {
    "name": "s.host, p.kind != 'privacy', p.kind, p.label",
    "changed": "last_change_by DESC, s.host, p.kind, p.label",
    "versions": "versions DESC, s.host, p.kind, p.label",
}

#: A change people would call one: on the main line, not an artefact of extraction, and more than noise.
REAL_CHANGE = (
    "x.kind != 'technical' AND a.variant_of IS NULL AND b.variant_of IS NULL"
    " AND d.tier IN ('order', 'edit', 'revision', 'rewrite')"
)

# The newest change of a policy people would call one, from the end of its main line: few are passed by on the way. To
# look at all of 2,900 policies took 59 ms, this takes 17.
_NEWEST = """
    SELECT {wanted} FROM versions a INDEXED BY versions_place CROSS JOIN transitions x ON x.after_version_id = a.id
    CROSS JOIN versions b ON b.id = x.before_version_id CROSS JOIN diffs d ON d.id = x.diff_id
    WHERE a.policy_id = p.id AND a.place IS NOT NULL AND {real} ORDER BY a.place DESC LIMIT 1
"""
#: What the orders look at, by the names they use. The place of the last version is how many the main line has.
_KEYS = {
    "name": "s.host",
    "changed": f"({_NEWEST.format(wanted='a.first_seen', real=REAL_CHANGE)}) AS last_change_by",
    "versions": "(SELECT max(v.place) FROM versions v WHERE v.policy_id = p.id) AS versions",
}

_SUMMARY = f"""
    SELECT {POLICY_COLUMNS},
      (SELECT count(*) FROM captures c WHERE c.policy_id = p.id) AS captures,
      (SELECT count(*) FROM versions v WHERE v.policy_id = p.id AND v.variant_of IS NULL) AS versions,
      (SELECT count(*) FROM versions v WHERE v.policy_id = p.id AND v.variant_of IS NOT NULL) AS variants,
      (SELECT count(*) FROM {TRANSITION_TABLES} WHERE x.policy_id = p.id AND {REAL_CHANGE}) AS changes,
      (SELECT min(v.first_seen) FROM versions v WHERE v.policy_id = p.id) AS first_seen,
      (SELECT max(v.last_seen) FROM versions v WHERE v.policy_id = p.id) AS last_seen
    FROM policies p JOIN sites s ON s.id = p.site_id
"""


def every_policy(conn: sqlite3.Connection) -> list[PolicyRef]:
    """Return all policies by name, as `overview` orders them, without its counts."""
    sql = f"SELECT {POLICY_COLUMNS} FROM policies p JOIN sites s ON s.id = p.site_id ORDER BY {ORDERS['name']}"
    return [policy_of(row) for row in rows(conn, sql, {})]


def overview(
    conn: sqlite3.Connection, *, q: str = "", kind: str = "", order: str = "name", limit: int = 100, offset: int = 0
) -> Overview:
    """Return one page of policies and the totals of the corpus.

    *q* narrows to hosts and names that hold it; *order* is ``name``, ``changed`` (newest change first) or
    ``versions``. Sites that use another site's policy are named with that policy.
    """
    where, params = _narrow(q, kind)
    key, by = _KEYS.get(order, _KEYS["name"]), ORDERS.get(order, ORDERS["name"])
    # Which policies are on the page is decided by the order alone, along the index of hosts; all that is counted of a
    # policy is counted for those of the page.
    page = f"SELECT p.id, {key} FROM sites s CROSS JOIN policies p ON p.site_id = s.id{where} ORDER BY {by}"
    asked = {**params, "limit": limit, "offset": offset}
    ids = [row["id"] for row in rows(conn, f"{page} LIMIT :limit OFFSET :offset", asked)]
    counted = {
        row["policy_id"]: row for row in rows(conn, f"{_SUMMARY} WHERE p.id IN ({','.join('?' * len(ids))})", ids)
    }
    found = [counted[policy_id] for policy_id in ids]
    users, last = _used_by(conn, ids), _last_changes(conn, ids)
    totals = rows(
        conn,
        "SELECT (SELECT count(*) FROM policies p JOIN sites s ON s.id = p.site_id" + where + ") AS policies,"
        " (SELECT count(*) FROM sites) AS sites, (SELECT count(*) FROM versions) AS versions,"
        " (SELECT count(*) FROM captures) AS captures,"
        " EXISTS (SELECT 1 FROM meta WHERE key = 'sample' AND value = '1') AS sample",
        params,
    )[0]
    return Overview(
        tuple(_summary(row, users.get(row["policy_id"], ()), last.get(row["policy_id"])) for row in found),
        totals["policies"],
        totals["sites"],
        totals["versions"],
        totals["captures"],
        offset,
        limit,
        bool(totals["sample"]),
    )


def last_run(conn: sqlite3.Connection) -> str | None:
    """Return when the last finished run began, as stored; None where nothing was ever run."""
    found = rows(conn, "SELECT max(started_at) AS started FROM runs")
    return found[0]["started"] if found else None


def _narrow(q: str, kind: str) -> tuple[str, dict[str, str]]:
    conditions, params = [], {}
    if q:
        conditions.append("(s.host LIKE :like ESCAPE '\\' OR s.name LIKE :like ESCAPE '\\')")
        params["like"] = f"%{like_text(q)}%"
    if kind:
        conditions.append("p.kind = :kind")
        params["kind"] = kind
    return (" WHERE " + " AND ".join(conditions) if conditions else ""), params


def _summary(row: sqlite3.Row, used_by: tuple[str, ...], last: Transition | None) -> PolicySummary:
    return PolicySummary(
        policy_of(row),
        row["captures"],
        row["versions"],
        row["variants"],
        row["changes"],
        moment(row["first_seen"]),
        moment(row["last_seen"]),
        last.not_before if last else None,
        last.first_seen if last else None,
        last.tier if last else None,
        used_by,
    )


def _last_changes(conn: sqlite3.Connection, policy_ids: list[int]) -> dict[int, Transition]:
    newest = f"SELECT ({_NEWEST.format(wanted='x.id', real=REAL_CHANGE)}) FROM json_each(?) j"
    newest += " CROSS JOIN policies p ON p.id = j.value"
    found = rows(
        conn,
        f"SELECT x.policy_id, {TRANSITION_COLUMNS} FROM {TRANSITION_TABLES} WHERE x.id IN ({newest})",
        (json.dumps(policy_ids),),
    )
    return {row["policy_id"]: transition_of(row) for row in found}


def _used_by(conn: sqlite3.Connection, policy_ids: list[int]) -> dict[int, tuple[str, ...]]:
    if not policy_ids:
        return {}
    marks = ",".join("?" * len(policy_ids))
    users: dict[int, tuple[str, ...]] = {}
    for row in rows(
        conn,
        "SELECT sp.policy_id, s.host FROM site_policies sp JOIN sites s ON s.id = sp.site_id"
        f" JOIN policies p ON p.id = sp.policy_id WHERE sp.policy_id IN ({marks}) AND p.site_id != sp.site_id"
        " ORDER BY s.host",
        policy_ids,
    ):
        users[row["policy_id"]] = (*users.get(row["policy_id"], ()), row["host"])
    return users
