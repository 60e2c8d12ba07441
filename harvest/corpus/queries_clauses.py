"""The life of phrases, clauses and sections: when they came, where they stand, when they went."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import reduce
from itertools import dropwhile, groupby
from operator import or_

from harvest.corpus.queries_as_of import version_as_of
from harvest.corpus.queries_history import versions
from harvest.corpus.queries_hits import policies_by_id
from harvest.corpus.queries_model import (
    Blamed,
    BlameView,
    Bounds,
    ClauseView,
    PhraseLife,
    PolicyRef,
    Presence,
    SectionHistory,
    SectionState,
    Transition,
    Version,
)
from harvest.corpus.queries_rows import TRANSITION_COLUMNS, TRANSITION_TABLES, bounds_of, rows, transition_of
from harvest.corpus.search import phrase_query
from harvest.errors import UnknownTarget
from harvest.model import Clause, Section

#: Main-line versions followed for one phrase. A phrase in more of them is in most of the corpus; the page says so.
_MAX_PLACES = 20_000

_PHRASE = """
    WITH hits AS MATERIALIZED (
      SELECT sc.section_id FROM clauses_fts f CROSS JOIN section_clauses sc ON sc.clause_id = f.rowid
      WHERE clauses_fts MATCH :match
      UNION SELECT rowid FROM headings_fts WHERE headings_fts MATCH :match)
    SELECT DISTINCT v.policy_id, v.place, v.not_before, v.first_seen, v.last_seen, v.gone_by
    FROM hits CROSS JOIN text_sections ts ON ts.section_id = hits.section_id
    JOIN versions v ON v.text_id = ts.text_id JOIN policies p ON p.id = v.policy_id JOIN sites s ON s.id = p.site_id
    WHERE v.place IS NOT NULL AND (:site = '' OR s.host = :site) AND (:kind = '' OR p.kind = :kind)
    ORDER BY v.policy_id, v.place LIMIT :cap
"""


def phrase(conn: sqlite3.Connection, q: str, *, site: str = "", kind: str = "", limit: int = 200) -> PhraseLife:
    """Return in which policies a phrase stood and when, those who had it first coming first.

    Words of *q* must stand together; with quotes or ``OR`` it is a query as in `search`. Intervals are runs of
    main-line versions. Raises ValueError where *q* has no word.
    """
    params = {"match": phrase_query(q), "site": site, "kind": kind, "cap": _MAX_PLACES + 1}
    found = rows(conn, _PHRASE, params)
    intervals = {
        policy_id: runs([(row["place"], bounds_of(row)) for row in group])
        for policy_id, group in groupby(found[:_MAX_PLACES], key=lambda row: row["policy_id"])
    }
    return PhraseLife(q, _presences(conn, intervals, limit), len(intervals), len(found) > _MAX_PLACES)


def clause_by_sha(conn: sqlite3.Connection, prefix: str, *, limit: int = 200) -> ClauseView:
    """Return a clause by the first digits of its sha256: everywhere it stands, what it came from and became.

    Raises UnknownTarget where no clause has that name.
    """
    found = rows(
        conn,
        "SELECT id, sha256, text, coalesce(markdown, text) AS markdown, words FROM clauses"
        " WHERE sha256 >= ? AND sha256 < ? ORDER BY sha256 LIMIT 1",
        (prefix.lower(), prefix.lower() + "g"),
    )
    if not found:
        raise UnknownTarget(f"no clause {prefix!r} in this corpus; a clause is named by 12 digits of its sha256")
    clause = found[0]
    places = rows(
        conn,
        "SELECT DISTINCT v.policy_id, v.place, v.not_before, v.first_seen, v.last_seen, v.gone_by"
        " FROM section_clauses sc JOIN text_sections ts ON ts.section_id = sc.section_id"
        " JOIN versions v ON v.text_id = ts.text_id WHERE sc.clause_id = ? AND v.place IS NOT NULL"
        " ORDER BY v.policy_id, v.place LIMIT ?",
        (clause["id"], _MAX_PLACES),
    )
    intervals = {
        policy_id: runs([(row["place"], bounds_of(row)) for row in group])
        for policy_id, group in groupby(places, key=lambda row: row["policy_id"])
    }
    return ClauseView(
        clause["sha256"],
        clause["text"],
        clause["markdown"],
        clause["words"],
        _presences(conn, intervals, limit),
        _edits(conn, clause["id"], "after", "before"),
        _edits(conn, clause["id"], "before", "after"),
    )


def blame(conn: sqlite3.Connection, policy: PolicyRef, moment: datetime) -> BlameView:
    """Return the version in force at *moment* with, for every clause, since when it stands there without a break.

    A clause is its exact wording: an edited one counts from its edit. Raises UnknownTarget as `version_as_of`.
    """
    view = version_as_of(conn, policy, moment)
    line = {row["place"]: row for row in _line(conn, policy)}
    here = next(place for place, row in line.items() if row["number"] == view.version.number)
    places = _places_of_sections(conn, policy)
    blamed = []
    for section, clause, sections in _clauses_of(conn, policy, view.version.text.id):
        stood = reduce(or_, (places.get(section_id, 0) for section_id in sections), 1 << here)
        since = here
        while since and stood >> (since - 1) & 1:
            since -= 1
        until = here
        while stood >> (until + 1) & 1:
            until += 1
        earlier = bool(stood & ((1 << since) - 1))
        blamed.append(Blamed(section, clause, _span(line[since], line[until]), line[since]["number"], earlier))
    return BlameView(view, tuple(blamed))


def section_history(
    conn: sqlite3.Connection, policy: PolicyRef, slug: str, *, newest: int | None = None, skip: int = 0
) -> SectionHistory:
    """Return one section of a policy through the years: its wordings, and the times it was absent, oldest first.

    *slug* is the lineage's, as in `VersionView.slugs`; words of a heading do too where they mean one section.
    *newest* (None: all) states are read, without the *skip* newest ones. Raises UnknownTarget with the sections there
    are.
    """
    lineages = rows(conn, "SELECT id, slug, heading FROM lineages WHERE policy_id = ? ORDER BY id", (policy.id,))
    lineage = _find_lineage(policy, lineages, slug)
    line = [version for version in versions(conn, policy) if version.variant_of is None]
    carried = {
        row["text_id"]: row["section_id"]
        for row in rows(
            conn,
            "SELECT ts.text_id, min(ts.section_id) AS section_id"
            " FROM text_sections ts JOIN texts t ON t.id = ts.text_id"
            " WHERE ts.lineage_id = ? AND t.policy_id = ? GROUP BY ts.text_id",
            (lineage["id"], policy.id),
        )
    }
    groups = groupby(line, key=lambda version: carried.get(version.text.id))
    stays = [(section_id, list(group)) for section_id, group in groups]
    stays = list(dropwhile(lambda stay: stay[0] is None, stays))
    end = max(0, len(stays) - skip)
    begin = 0 if newest is None else max(0, end - newest)
    states = _states(conn, lineage["id"], stays[max(0, begin - 1) : end])
    others = tuple((row["slug"], row["heading"]) for row in lineages)
    before = states.pop(0) if begin and states else None
    return SectionHistory(
        policy, lineage["slug"], lineage["heading"], tuple(states), others, total=len(stays), before=before
    )


def _states(
    conn: sqlite3.Connection, lineage_id: int, stays: Sequence[tuple[int | None, list[Version]]]
) -> list[SectionState]:
    """Read the sections of stays, all at once: some have changed 2,000 times."""
    texts = [run[0].text.id for section_id, run in stays if section_id is not None]
    found = rows(
        conn,
        "SELECT ts.text_id, ts.section_id, ts.level, ts.number, ts.confidence, s.heading, s.heading_kind"
        " FROM json_each(?) j CROSS JOIN text_sections ts ON ts.text_id = j.value"
        " CROSS JOIN sections s ON s.id = ts.section_id WHERE ts.lineage_id = ?",
        (json.dumps(texts), lineage_id),
    )
    heads = {(row["text_id"], row["section_id"]): row for row in found}
    clauses = clauses_of(conn, [section_id for section_id, _ in stays if section_id is not None])
    states = []
    for section_id, run in stays:
        section = None
        if section_id is not None:
            head = heads[run[0].text.id, section_id]
            words = (head["level"], head["number"] or "", head["heading"], head["heading_kind"] or "")
            section = Section(*words, head["confidence"], clauses[section_id])
        states.append(SectionState(section, _around(run), tuple(version.number for version in run)))
    return states


def clauses_of(conn: sqlite3.Connection, section_ids: Iterable[int]) -> dict[int, tuple[Clause, ...]]:
    """Return the clauses of sections in their order, by section; an empty tuple for one without."""
    wanted = sorted(set(section_ids))
    found: dict[int, list[Clause]] = {section_id: [] for section_id in wanted}
    for row in rows(
        conn,
        "SELECT sc.section_id, sc.kind, sc.depth, c.text, coalesce(c.markdown, c.text) AS markdown"
        " FROM json_each(?) j CROSS JOIN section_clauses sc ON sc.section_id = j.value"
        " CROSS JOIN clauses c ON c.id = sc.clause_id ORDER BY sc.section_id, sc.position",
        (json.dumps(wanted),),
    ):
        found[row["section_id"]].append(Clause(row["kind"], row["depth"], row["text"], row["markdown"]))
    return {section_id: tuple(clauses) for section_id, clauses in found.items()}


def runs(places: Sequence[tuple[int, Bounds]]) -> tuple[Bounds, ...]:
    """Join neighbouring places of a main line into intervals. Pure; *places* in ascending order.

    >>> runs([])
    ()
    """
    joined: list[tuple[int, Bounds]] = []
    for place, bounds in places:
        if joined and joined[-1][0] == place - 1:
            begun = joined.pop()[1]
            bounds = Bounds(begun.not_before, begun.first_seen, bounds.last_seen, bounds.gone_by)
        joined.append((place, bounds))
    return tuple(bounds for _, bounds in joined)


def _presences(
    conn: sqlite3.Connection, intervals: Mapping[int, tuple[Bounds, ...]], limit: int
) -> tuple[Presence, ...]:
    first = sorted(intervals, key=lambda policy_id: (intervals[policy_id][0].first_seen, policy_id))[:limit]
    policies = policies_by_id(conn, first)
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
        " ORDER BY a.first_seen, x.policy_id LIMIT 50",
        {"clause": clause_id, "side": side, "other": other},
    )
    policies = policies_by_id(conn, (row["policy_id"] for row in found))
    return tuple((policies[row["policy_id"]], transition_of(row), row["other_text"]) for row in found)


def _line(conn: sqlite3.Connection, policy: PolicyRef) -> list[sqlite3.Row]:
    return rows(
        conn,
        "SELECT place, number, not_before, first_seen, last_seen, gone_by FROM versions"
        " WHERE policy_id = ? AND place IS NOT NULL ORDER BY place",
        (policy.id,),
    )


def _places_of_sections(conn: sqlite3.Connection, policy: PolicyRef) -> dict[int, int]:
    """For each section of a policy the main-line places where it stands, as bits of a number."""
    places: dict[int, int] = {}
    for place, section_id in rows(
        conn,
        "SELECT v.place, ts.section_id FROM versions v JOIN text_sections ts ON ts.text_id = v.text_id"
        " WHERE v.policy_id = ? AND v.place IS NOT NULL",
        (policy.id,),
    ):
        places[section_id] = places.get(section_id, 0) | 1 << place
    return places


def _clauses_of(conn: sqlite3.Connection, policy: PolicyRef, text_id: int) -> list[tuple[int, int, set[int]]]:
    """For each clause of a text: its section and place, and every section of the policy that holds it.

    By sections, of which a policy has far fewer than versions times clauses: those took over five seconds for a
    policy of 600 versions.
    """
    holders: dict[int, set[int]] = {}
    here = rows(
        conn,
        "SELECT ts.position, sc.position, sc.clause_id FROM text_sections ts"
        " JOIN section_clauses sc ON sc.section_id = ts.section_id WHERE ts.text_id = ? ORDER BY 1, 2",
        (text_id,),
    )
    for clause_id, section_id in rows(
        conn,
        "SELECT sc.clause_id, sc.section_id FROM sections s JOIN section_clauses sc ON sc.section_id = s.id"
        " WHERE s.policy_id = ?",
        (policy.id,),
    ):
        holders.setdefault(clause_id, set()).add(section_id)
    return [(section, clause, holders.get(clause_id, set())) for section, clause, clause_id in here]


def _span(first: sqlite3.Row, last: sqlite3.Row) -> Bounds:
    begun, ended = bounds_of(first), bounds_of(last)
    return Bounds(begun.not_before, begun.first_seen, ended.last_seen, ended.gone_by)


def _find_lineage(policy: PolicyRef, lineages: Iterable[sqlite3.Row], slug: str) -> sqlite3.Row:
    known = list(lineages)
    exact = [row for row in known if row["slug"] == slug]
    words = slug.lower().replace("-", " ")
    loose = [row for row in known if words and words in f"{row['heading']} {row['slug']}".lower().replace("-", " ")]
    found = exact or (loose if len(loose) == 1 else [])
    if found:
        return found[0]
    offered = ", ".join(row["slug"] for row in (loose or known)[:40]) or "none"
    raise UnknownTarget(f"{policy.address} has no one section {slug!r}; its sections are: {offered}")


def _around(run: Sequence[Version]) -> Bounds:
    return Bounds(run[0].bounds.not_before, run[0].bounds.first_seen, run[-1].bounds.last_seen, run[-1].bounds.gone_by)
