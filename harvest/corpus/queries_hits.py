"""Hits of a search, filled for one page: a counted number of queries however many hits there are."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from harvest.corpus.queries_model import Bounds, ChangeHit, Facet, PolicyRef, Segment, TextHit
from harvest.corpus.queries_rows import (
    POLICY_COLUMNS,
    TRANSITION_COLUMNS,
    TRANSITION_TABLES,
    moment,
    policy_of,
    rows,
    transition_of,
)
from harvest.model import Tier
from harvest.timestamps import from_iso

_HIT_START, _HIT_END = "\x02", "\x03"


def segments(marked: str) -> tuple[Segment, ...]:
    """Split a snippet at its hit marks. Text that holds such marks itself only gets odd highlights."""
    pieces: list[Segment] = []
    for index, part in enumerate(marked.split(_HIT_START)):
        hit, end, rest = part.partition(_HIT_END)
        if index and end:
            pieces += [(hit, True), (rest, False)]
        else:
            pieces.append((part, False))
    return tuple((text, is_hit) for text, is_hit in pieces if text)


def text_hits(conn: sqlite3.Connection, page: Sequence[sqlite3.Row], match: str) -> tuple[TextHit, ...]:
    """Fill one page of places in texts with their policies, headings, marked words and bounds: six queries."""
    policies = policies_by_id(conn, (row["policy_id"] for row in page))
    clauses = _clauses(conn, [row["clause_id"] for row in page], match)
    sections = _headings(conn, [int(row["began"].split("|")[2]) for row in page])
    marked = _marked_headings(conn, [int(row["began"].split("|")[2]) for row in page if not row["clause_id"]], match)
    lineages = [int(part) for part in (row["ended"].split("|")[2] for row in page) if part]
    slugs = {row["id"]: row["slug"] for row in _in(conn, "SELECT id, slug FROM lineages WHERE id IN", lineages)}
    hits = []
    for row in page:
        first_seen, not_before, section_id = row["began"].split("|")
        last_seen, gone_by, lineage = row["ended"].split("|")
        sha, snippet = clauses.get(row["clause_id"], ("", marked.get(int(section_id), "")))
        hits.append(
            TextHit(
                policies[row["policy_id"]],
                sections.get(int(section_id), ""),
                slugs.get(int(lineage), "") if lineage else "",
                segments(snippet),
                sha,
                Bounds(moment(not_before), from_iso(first_seen), from_iso(last_seen), moment(gone_by)),
                not gone_by,
                row["versions"],
            )
        )
    return tuple(hits)


def change_hits(conn: sqlite3.Connection, page: Sequence[sqlite3.Row], match: str, where: str) -> tuple[ChangeHit, ...]:
    """Fill one page of changes with their policies, transitions, headings and marked words: six queries."""
    policies = policies_by_id(conn, (row["policy_id"] for row in page))
    clauses = _clauses(conn, [row["clause_id"] for row in page], match)
    marked = _marked_headings(conn, [row["section_id"] for row in page], match)
    steps = {
        row["transition_id"]: transition_of(row)
        for row in _in(
            conn,
            f"SELECT {TRANSITION_COLUMNS} FROM {TRANSITION_TABLES} WHERE x.id IN",
            [r["transition_id"] for r in page],
        )
    }
    column = "before_section_id" if where == "removed" else "after_section_id"
    headings = {
        row["id"]: row["heading"]
        for row in _in(
            conn,
            f"SELECT c.id, sec.heading FROM changes c JOIN sections sec ON sec.id = c.{column} WHERE c.id IN",
            [row["change_id"] for row in page],
        )
    }
    # the phrase is new to, or gone from, the whole document where nothing in the other text matches
    other = "after_text_id" if where == "removed" else "before_text_id"
    holding = _holding(conn, (row[other] for row in page), match)
    return tuple(
        ChangeHit(
            policies[row["policy_id"]],
            steps[row["transition_id"]],
            row["change_kind"],
            Tier(row["tier"]),
            headings.get(row["change_id"], ""),
            segments(clauses[row["clause_id"]][1] if row["clause_id"] else marked.get(row["section_id"], "")),
            row[other] not in holding,
        )
        for row in page
    )


def _holding(conn: sqlite3.Connection, text_ids: Iterable[int], match: str) -> set[int]:
    """Return those of the texts in which anything matches."""
    wanted = sorted(set(text_ids))
    found = rows(
        conn,
        "WITH clause_hits AS MATERIALIZED (SELECT rowid AS id FROM clauses_fts WHERE clauses_fts MATCH ?),"
        " heading_hits AS MATERIALIZED (SELECT rowid AS id FROM headings_fts WHERE headings_fts MATCH ?)"
        f" SELECT t.id FROM texts t WHERE t.id IN ({', '.join('?' * len(wanted))}) AND EXISTS ("
        " SELECT 1 FROM text_sections ts LEFT JOIN section_clauses sc ON sc.section_id = ts.section_id"
        " WHERE ts.text_id = t.id AND (sc.clause_id IN (SELECT id FROM clause_hits)"
        "   OR ts.section_id IN (SELECT id FROM heading_hits)))",
        (match, match, *wanted),
    )
    return {row["id"] for row in found}


def _clauses(conn: sqlite3.Connection, ids: Iterable[int | None], match: str) -> dict[int | None, tuple[str, str]]:
    return {
        row["id"]: (row["sha256"], row["marked"])
        for row in _in(
            conn,
            "SELECT c.id, c.sha256, snippet(clauses_fts, 0, char(2), char(3), '…', 56) AS marked"
            " FROM clauses_fts JOIN clauses c ON c.id = clauses_fts.rowid"
            " WHERE clauses_fts MATCH :match AND clauses_fts.rowid IN",
            [number for number in ids if number],
            {"match": match},
        )
    }


def _marked_headings(conn: sqlite3.Connection, ids: Iterable[int | None], match: str) -> dict[int, str]:
    return {
        row["id"]: row["marked"]
        for row in _in(
            conn,
            "SELECT rowid AS id, highlight(headings_fts, 0, char(2), char(3)) AS marked FROM headings_fts"
            " WHERE headings_fts MATCH :match AND rowid IN",
            [number for number in ids if number],
            {"match": match},
        )
    }


def _headings(conn: sqlite3.Connection, ids: Sequence[int]) -> dict[int, str]:
    return {row["id"]: row["heading"] for row in _in(conn, "SELECT id, heading FROM sections WHERE id IN", ids)}


def policies_by_id(conn: sqlite3.Connection, ids: Iterable[int]) -> dict[int, PolicyRef]:
    """Return the policies with these ids: one query."""
    sql = f"SELECT {POLICY_COLUMNS} FROM policies p JOIN sites s ON s.id = p.site_id WHERE p.id IN"
    return {row["policy_id"]: policy_of(row) for row in _in(conn, sql, list(ids))}


def facets_of(conn: sqlite3.Connection, found: Sequence[sqlite3.Row], where: str) -> Mapping[str, tuple[Facet, ...]]:
    """Count the hits by site, kind, year of their (first) later bound and, for changes, tier."""
    by_policy = Counter(row["policy_id"] for row in found)
    policies = policies_by_id(conn, (number for number, _ in by_policy.most_common(200)))
    sites: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    for number, policy in policies.items():
        sites[policy.host] += by_policy[number]
        kinds[policy.kind] += by_policy[number]
    years = Counter(str(row["began" if where == "text" else "change_by"])[:4] for row in found)
    facets: dict[str, list[tuple[str, int]]] = {
        "site": sites.most_common(12),
        "kind": kinds.most_common(),
        "year": sorted(years.items()),
    }
    if where != "text":
        tiers = Counter(str(row["tier"]) for row in found)
        facets["tier"] = [(tier.value, tiers[tier.value]) for tier in Tier if tiers[tier.value]]
    return {name: tuple(Facet(value, count) for value, count in values) for name, values in facets.items()}


def _in(
    conn: sqlite3.Connection, sql: str, ids: Sequence[int], params: Mapping[str, Any] | None = None
) -> list[sqlite3.Row]:
    """Run *sql*, which ends in ``IN``, for these ids, bound one by one."""
    if not ids:
        return []
    names = {f"id{index}": number for index, number in enumerate(dict.fromkeys(ids))}
    return rows(conn, f"{sql} ({', '.join(':' + name for name in names)})", {**(params or {}), **names})
