"""What changed, newest first, over the corpus or a part of it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from math import isqrt

from harvest.corpus.queries_model import ChangeLine, ChangesPage, PolicyChange
from harvest.corpus.queries_rows import (
    POLICY_COLUMNS,
    TRANSITION_COLUMNS,
    policy_of,
    rows,
    transition_of,
)
from harvest.model import Tier

#: How the transitions are come by: along the index of first_seen, newest first, until the page is full (left to itself
#: SQLite reads and sorts every one); by their tier where few have it, for else that walk meets none for long; by site.
_NEWEST = (
    "versions a INDEXED BY versions_first_seen CROSS JOIN transitions x ON x.after_version_id = a.id"
    " LEFT JOIN diffs d ON d.id = x.diff_id"
)
_FEW = (
    "diffs d INDEXED BY diffs_tier CROSS JOIN transitions x ON x.diff_id = d.id"
    " CROSS JOIN versions a ON a.id = x.after_version_id"
)
_OF_SITE = "versions a JOIN transitions x ON x.after_version_id = a.id LEFT JOIN diffs d ON d.id = x.diff_id"
_CHANGES = f"""
    SELECT {POLICY_COLUMNS}, {TRANSITION_COLUMNS}, t.sha256 AS after_sha
    FROM {{way}} JOIN versions b ON b.id = x.before_version_id JOIN texts t ON t.id = a.text_id
    JOIN policies p ON p.id = x.policy_id JOIN sites s ON s.id = p.site_id
    LEFT JOIN captures fc ON fc.id = a.first_capture_id
    WHERE x.kind != 'technical' AND a.variant_of IS NULL AND b.variant_of IS NULL
"""
_ORDER = "ORDER BY a.first_seen DESC, s.host, p.kind, p.label, a.number DESC"
#: Changes of which the lines are read at once.
_READ = 500


def changes(
    conn: sqlite3.Connection,
    *,
    since: str = "",
    until: str = "",
    fetched_since: str = "",
    site: str = "",
    kind: str = "",
    policy_id: int = 0,
    tier: str = "order",
    silent: bool | None = None,
    lines: bool = False,
    most_lines: int = 0,
    limit: int = 50,
    offset: int = 0,
) -> ChangesPage:
    """Return transitions of policies, newest (by the later bound) first.

    *since*, *until*: ISO times the later bound lies between. *fetched_since*: what a run that began then brought.
    *policy_id*: of this policy alone, where a site has several of a kind.
    *tier*: this tier or higher (``typography`` for all; redated and returned texts are among them). *silent*: only
    those that kept (False: that changed) their stated date. *lines*: also what changed, clause by clause; with
    *most_lines* only the first of each transition that are above noise. Technical transitions and variants are left
    out.
    """
    wanted = [each.value for each in Tier if each.rank >= Tier(tier).rank] if tier else [each.value for each in Tier]
    params: dict[str, object] = {f"tier{index}": value for index, value in enumerate(wanted)}
    marks = ", ".join(f":tier{index}" for index in range(len(wanted)))
    conditions = [f"d.tier IN ({marks})"]
    for name, column, value in (
        ("since", "a.first_seen >=", since),
        ("until", "a.first_seen <=", until),
        ("fetched_since", "fc.fetched_at >=", fetched_since),
        ("site", "s.host =", site),
        ("kind", "p.kind =", kind),
    ):
        if value:
            conditions.append(f"{column} :{name}")
            params[name] = value
    if policy_id:
        conditions.append("a.policy_id = :policy_id")
        params["policy_id"] = policy_id
    if silent is not None:
        conditions.append("x.silent = :silent")
        params["silent"] = int(silent)
    is_narrow = bool(site or policy_id)
    is_rare = not is_narrow and _is_rare(conn, conditions[0], params, limit + offset)
    told = _CHANGES.format(way=_OF_SITE if is_narrow else _FEW if is_rare else _NEWEST)
    sql = f"{told} AND {' AND '.join(conditions)} {_ORDER}"
    found = rows(conn, sql + " LIMIT :limit OFFSET :offset", {**params, "limit": limit + 1, "offset": offset})
    page = found[:limit]
    diff_ids = [row["diff_id"] for row in page]
    counts: dict[int, int] = {}
    known: Mapping[int, tuple[ChangeLine, ...]] = {}
    if lines and most_lines:
        first, counts = _first_above_noise(conn, diff_ids, most_lines)
        known = _lines(conn, "c.id", first)
    elif lines:
        known = _lines(conn, "c.diff_id", diff_ids)
    items = []
    for row in page:
        shown = known.get(row["diff_id"], ())
        more = max(0, counts.get(row["diff_id"], 0) - len(shown))
        items.append(PolicyChange(policy_of(row), transition_of(row), row["after_sha"], shown, more))
    return ChangesPage(tuple(items), limit, offset, len(found) > limit)


def changes_of(conn: sqlite3.Connection, host: str) -> Iterator[PolicyChange]:
    """Yield all changes of a site with their lines, newest first, as `changes` pages through them: in one reading."""
    tiers = [tier.value for tier in Tier]
    sql = f"{_CHANGES.format(way=_OF_SITE)} AND d.tier IN ({', '.join('?' * len(tiers))}) AND s.host = ? {_ORDER}"
    cursor = conn.cursor()
    cursor.row_factory = sqlite3.Row
    cursor.execute(sql, (*tiers, host))
    while page := cursor.fetchmany(_READ):
        known = _lines(conn, "c.diff_id", [row["diff_id"] for row in page])
        for row in page:
            lines = known.get(row["diff_id"], ())
            yield PolicyChange(policy_of(row), transition_of(row), row["after_sha"], lines, 0)


def _is_rare(conn: sqlite3.Connection, condition: str, params: dict[str, object], wanted: int) -> bool:
    """True where it takes less to sort all transitions of some tiers than to walk until so many of them are met."""
    others = int(rows(conn, "SELECT coalesce(max(id), 0) AS found FROM transitions")[0]["found"])
    most = isqrt(others * wanted)
    counted = f"SELECT count(*) AS found FROM (SELECT 1 FROM diffs d WHERE {condition} LIMIT :most)"
    return int(rows(conn, counted, {**params, "most": most})[0]["found"]) < most


def diff_lines(conn: sqlite3.Connection, before_text_id: int, after_text_id: int) -> tuple[ChangeLine, ...]:
    """Return the stored lines of the diff of two texts, in reading order; () where none is stored."""
    found = rows(
        conn, "SELECT id FROM diffs WHERE before_text_id = ? AND after_text_id = ?", (before_text_id, after_text_id)
    )
    return _lines(conn, "c.diff_id", [found[0]["id"]]).get(found[0]["id"], ()) if found else ()


def _first_above_noise(conn: sqlite3.Connection, diff_ids: list[int], most: int) -> tuple[list[int], dict[int, int]]:
    """Return the first *most* changes above noise of each diff, and by diff how many there are of them in all."""
    noise = json.dumps([tier for tier in Tier if tier.is_noise])
    sql = """
        SELECT id, diff_id, told FROM (
          SELECT c.id, c.diff_id, row_number() OVER (PARTITION BY c.diff_id ORDER BY c.position) AS place,
            count(*) OVER (PARTITION BY c.diff_id) AS told
          FROM json_each(?) j CROSS JOIN changes c ON c.diff_id = j.value
          WHERE c.tier NOT IN (SELECT value FROM json_each(?)))
        WHERE place <= ?
    """
    found = rows(conn, sql, (json.dumps(sorted({*diff_ids} - {None})), noise, most))
    return [row["id"] for row in found], {row["diff_id"]: row["told"] for row in found}


def _lines(conn: sqlite3.Connection, column: str, ids: list[int]) -> dict[int, tuple[ChangeLine, ...]]:
    """Return the lines of these changes (*column* "c.id") or diffs ("c.diff_id"), by diff: two queries."""
    lines: dict[int, list[ChangeLine]] = {}
    for (diff_id, _), line in _told(conn, column, ids).items():
        lines.setdefault(diff_id, []).append(line)
    return {number: tuple(found_lines) for number, found_lines in lines.items()}


def lines_by_id(conn: sqlite3.Connection, change_ids: list[int]) -> dict[int, ChangeLine]:
    """Return the lines of these changes: two queries."""
    return {number: line for (_, number), line in _told(conn, "c.id", change_ids).items()}


def _told(conn: sqlite3.Connection, column: str, ids: list[int]) -> dict[tuple[int, int], ChangeLine]:
    """Return lines by diff and change, in reading order."""
    wanted = f"{column} IN ({', '.join('?' * len(ids))})"
    found = rows(
        conn,
        "SELECT c.id, c.diff_id, c.kind, c.tier, c.reason, c.words_added, c.words_removed,"
        " coalesce(sb.heading, '') AS heading_before, coalesce(sa.heading, '') AS heading_after"
        " FROM changes c LEFT JOIN sections sb ON sb.id = c.before_section_id"
        f" LEFT JOIN sections sa ON sa.id = c.after_section_id WHERE {wanted} ORDER BY c.diff_id, c.position",
        ids,
    )
    texts = _clause_texts(conn, wanted, ids)
    return {
        (row["diff_id"], row["id"]): ChangeLine(
            row["kind"],
            Tier(row["tier"]),
            row["reason"],
            row["heading_before"],
            row["heading_after"],
            texts.get((row["id"], "before"), ""),
            texts.get((row["id"], "after"), ""),
            row["words_added"],
            row["words_removed"],
        )
        for row in found
    }


def _clause_texts(conn: sqlite3.Connection, wanted: str, ids: list[int]) -> dict[tuple[int, str], str]:
    texts: dict[tuple[int, str], list[str]] = {}
    for row in rows(
        conn,
        "SELECT cc.change_id, cc.side, cl.text FROM changes c JOIN change_clauses cc ON cc.change_id = c.id"
        f" JOIN clauses cl ON cl.id = cc.clause_id WHERE {wanted} ORDER BY cc.change_id, cc.side, cc.position",
        ids,
    ):
        texts.setdefault((row["change_id"], row["side"]), []).append(row["text"])
    return {key: "\n\n".join(parts) for key, parts in texts.items()}
