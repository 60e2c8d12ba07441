"""Hits of a search, filled for one page: a counted number of queries however many hits there are."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from harvest.compare.anchors import anchor_of
from harvest.corpus.codes import TIERS
from harvest.corpus.queries_changes import lines_by_id
from harvest.corpus.queries_model import Bounds, ChangeHit, ChangeLine, Facet, PolicyRef, Segment, TextHit
from harvest.corpus.queries_rows import (
    POLICY_COLUMNS,
    TRANSITION_COLUMNS,
    TRANSITION_TABLES,
    moment,
    policy_of,
    rows,
    transition_of,
)
from harvest.corpus.queries_stays import life_in, said_at, stands
from harvest.model import Tier
from harvest.timestamps import from_iso

_HIT_START, _HIT_END = "\x02", "\x03"

#: Of so many clauses that match, those of a page are picked while all are gone through (0.1 ms a thousand); of more
#: each is asked for by itself (1 ms for 25). Never of beginnings of words: each question puts together all words that
#: begin so, which took 25 times 20 ms for "pro*" in 247,000 clauses.
_FEW = 4_000
#: Of more clauses that match than this, the other texts of a page are read (2 ms, and 0.2 ms a thousand) rather than
#: all places followed where the clauses stand (1 ms a thousand).
_MANY = 2_000


class Matching(NamedTuple):
    """An FTS5 query, and how many clauses match."""

    match: str
    clauses: int

    @property
    def picked(self) -> str:
        """What stands before the column of numbers that hits are picked by: ``+`` where all are gone through."""
        return "+" if self.clauses < _FEW or "*" in self.match else ""


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


def text_hits(conn: sqlite3.Connection, page: Sequence[sqlite3.Row], matching: Matching) -> tuple[TextHit, ...]:
    """Fill one page of places in texts with their policies, headings, marked words and bounds: six queries."""
    policies = policies_by_id(conn, (row["policy_id"] for row in page))
    clauses = _clauses(conn, [row["clause_id"] for row in page], matching)
    ends = [(row["policy_id"], place) for row in page for place in (row["first"], row["last"])]
    line = {(row["policy_id"], row["place"]): row for row in rows(conn, _LINE, (json.dumps(ends),))}
    homes = _homes(conn, page)
    marked = _marked_headings(conn, [home["section_id"] for home in homes.values()], matching)
    hits = []
    for number, row in enumerate(page):
        begun, ended = (line[row["policy_id"], row[end]] for end in ("first", "last"))
        first, last = (homes.get((number, end)) for end in ("first", "last"))
        told = ("", marked.get(first["section_id"], "") if first else "")
        sha, snippet = clauses.get(row["clause_id"], told)
        hits.append(
            TextHit(
                policies[row["policy_id"]],
                first["heading"] if first else "",
                last["slug"] or "" if last else "",
                segments(snippet),
                sha,
                Bounds(
                    moment(begun["not_before"]),
                    from_iso(begun["first_seen"]),
                    from_iso(ended["last_seen"]),
                    moment(ended["gone_by"]),
                ),
                not ended["gone_by"],
                row["versions"],
            )
        )
    return tuple(hits)


_LINE = """
    SELECT v.policy_id, v.place, v.not_before, v.first_seen, v.last_seen, v.gone_by FROM json_each(?) j
    CROSS JOIN versions v ON v.policy_id = json_extract(j.value, '$[0]') AND v.place = json_extract(j.value, '$[1]')
"""
# The section a clause stands in, in the text of one place: the first, where it stands in several.
_HOME_OF_CLAUSE = """
    SELECT j.key AS wanted, ts.section_id, sec.heading, l.slug FROM json_each(?) j
    CROSS JOIN versions v ON v.policy_id = json_extract(j.value, '$[0]') AND v.place = json_extract(j.value, '$[1]')
    CROSS JOIN text_sections ts ON ts.text_id = v.text_id
    CROSS JOIN section_clauses sc ON sc.section_id = ts.section_id AND sc.clause_id = json_extract(j.value, '$[2]')
    CROSS JOIN sections sec ON sec.id = ts.section_id LEFT JOIN lineages l ON l.id = ts.lineage_id
    ORDER BY j.key, ts.position DESC
"""
_HOME_OF_HEADING = """
    SELECT j.key AS wanted, st.section_id, sec.heading, l.slug FROM json_each(?) j
    CROSS JOIN section_stays st ON st.lineage_id = json_extract(j.value, '$[2]')
      AND json_extract(j.value, '$[1]') BETWEEN st.first_place AND st.last_place
    CROSS JOIN sections sec ON sec.id = st.section_id JOIN lineages l ON l.id = st.lineage_id
    ORDER BY j.key, st.section_id DESC
"""


def _homes(conn: sqlite3.Connection, page: Sequence[sqlite3.Row]) -> dict[tuple[int, str], sqlite3.Row]:
    """Return the sections that hold the hits of a page (by their number) at the first and at the last place."""
    homes: dict[tuple[int, str], sqlite3.Row] = {}
    for column, sql in (("clause_id", _HOME_OF_CLAUSE), ("lineage_id", _HOME_OF_HEADING)):
        wanted = [(number, end) for number, row in enumerate(page) if row[column] for end in ("first", "last")]
        asked = [(page[number]["policy_id"], page[number][end], page[number][column]) for number, end in wanted]
        found = rows(conn, sql, (json.dumps(asked),)) if asked else []
        homes.update((wanted[row["wanted"]], row) for row in found)
    return homes


def change_hits(
    conn: sqlite3.Connection, page: Sequence[sqlite3.Row], matching: Matching, where: str
) -> tuple[ChangeHit, ...]:
    """Fill one page of changes with their policies, transitions, headings and marked words: seven queries."""
    policies = policies_by_id(conn, (row["policy_id"] for row in page))
    clauses = _clauses(conn, [row["clause_id"] for row in page], matching)
    marked = _marked_headings(conn, [row["section_id"] for row in page], matching)
    lines = lines_by_id(conn, [row["change_id"] for row in page])
    steps = {
        row["transition_id"]: transition_of(row)
        for row in _in(
            conn,
            f"SELECT {TRANSITION_COLUMNS} FROM {TRANSITION_TABLES} WHERE x.id IN",
            [r["transition_id"] for r in page],
        )
    }
    # the phrase is new to, or gone from, the whole document where nothing in the other text matches
    others = {(row["policy_id"], row["other_place"]) for row in page}
    if matching.clauses > _MANY:
        said = said_at(conn, matching.match, others)
    else:
        life = life_in(conn, matching.match, (policy_id for policy_id, _ in others))
        said = {other for other in others if stands(life, *other)}
    return tuple(
        ChangeHit(
            policies[row["policy_id"]],
            steps[row["transition_id"]],
            lines[row["change_id"]].kind,
            lines[row["change_id"]].tier,
            _heading(lines[row["change_id"]], where),
            segments(clauses[row["clause_id"]][1] if row["clause_id"] else marked.get(row["section_id"], "")),
            (row["policy_id"], row["other_place"]) not in said,
            _anchor(lines[row["change_id"]]),
        )
        for row in page
    )


def _heading(line: ChangeLine, where: str) -> str:
    return line.heading_before if where == "removed" else line.heading_after


def _anchor(line: ChangeLine) -> str:
    """The anchor that the page of the difference gives the change, save where it gives several the same."""
    sides = (line.before, line.after)
    return anchor_of(line.kind, sides if any(sides) else (line.heading_before, line.heading_after))


def _clauses(
    conn: sqlite3.Connection, ids: Iterable[int | None], matching: Matching
) -> dict[int | None, tuple[str, str]]:
    return {
        row["id"]: (row["sha256"], row["marked"])
        for row in _in(
            conn,
            "SELECT c.id, c.sha256, snippet(clauses_fts, 0, char(2), char(3), '…', 56) AS marked"
            " FROM clauses_fts CROSS JOIN clauses c ON c.id = clauses_fts.rowid"
            f" WHERE clauses_fts MATCH :match AND {matching.picked}clauses_fts.rowid IN",
            [number for number in ids if number],
            {"match": matching.match},
        )
    }


def _marked_headings(conn: sqlite3.Connection, ids: Iterable[int | None], matching: Matching) -> dict[int, str]:
    return {
        row["id"]: row["marked"]
        for row in _in(
            conn,
            "SELECT rowid AS id, highlight(headings_fts, 0, char(2), char(3)) AS marked FROM headings_fts"
            f" WHERE headings_fts MATCH :match AND {matching.picked}rowid IN",
            [number for number in ids if number],
            {"match": matching.match},
        )
    }


def policies_by_id(conn: sqlite3.Connection, ids: Iterable[int]) -> dict[int, PolicyRef]:
    """Return the policies with these ids: one query."""
    sql = f"SELECT {POLICY_COLUMNS} FROM policies p JOIN sites s ON s.id = p.site_id WHERE p.id IN"
    return {row["policy_id"]: policy_of(row) for row in _in(conn, sql, list(ids))}


def facets_of(conn: sqlite3.Connection, found: Sequence[sqlite3.Row], where: str) -> Mapping[str, tuple[Facet, ...]]:
    """Count the hits by site, kind, year of their (first) later bound and, for changes, tier."""
    by_policy = Counter(row["policy_id"] for row in found)
    sites: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    names = {
        row["id"]: row
        for row in rows(
            conn,
            "SELECT p.id, s.host, p.kind FROM json_each(?) j CROSS JOIN policies p ON p.id = j.value"
            " JOIN sites s ON s.id = p.site_id ORDER BY p.id",
            (json.dumps(list(by_policy)),),
        )
    }
    for policy_id, name in names.items():
        sites[name["host"]] += by_policy[policy_id]
        kinds[name["kind"]] += by_policy[policy_id]
    years = Counter(row["began"][:4] for row in found)
    facets: dict[str, list[tuple[str, int]]] = {
        "site": sites.most_common(12),
        "kind": kinds.most_common(),
        "year": sorted(years.items()),
    }
    if where != "text":
        tiers = Counter(row["tier_code"] for row in found)
        codes = {tier.value: TIERS.index(tier.value) for tier in Tier}
        facets["tier"] = [(name, tiers[number]) for name, number in codes.items() if tiers[number]]
    return {name: tuple(Facet(value, count) for value, count in values) for name, values in facets.items()}


def _in(
    conn: sqlite3.Connection, sql: str, ids: Sequence[int], params: Mapping[str, Any] | None = None
) -> list[sqlite3.Row]:
    """Run *sql*, which ends in ``IN``, for these ids, bound one by one."""
    if not ids:
        return []
    names = {f"id{index}": number for index, number in enumerate(dict.fromkeys(ids))}
    return rows(conn, f"{sql} ({', '.join(':' + name for name in names)})", {**(params or {}), **names})
