"""One section of a policy through the years, and the clauses of sections."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from harvest.corpus.queries_model import Bounds, PolicyRef, SectionHistory, SectionState
from harvest.corpus.queries_rows import bounds_of, rows, values
from harvest.errors import UnknownTarget
from harvest.model import Clause, Section


@dataclass(frozen=True, slots=True)
class _Run:
    """Places *first* to *last* of a main line in which one wording of a section stands; None: it is absent."""

    section_id: int | None
    first: int
    last: int


def section_history(
    conn: sqlite3.Connection, policy: PolicyRef, slug: str, *, newest: int | None = None, skip: int = 0
) -> SectionHistory:
    """Return one section of a policy through the years: its wordings, and the times it was absent, oldest first.

    *slug* is the lineage's, as in `VersionView.slugs`; words of a heading do too where they mean one section.
    *newest* (None: all) states are read, without the *skip* newest ones. Raises UnknownTarget with the sections there
    are, or where a build is under way.
    """
    lineages = rows(conn, "SELECT id, slug, heading FROM lineages WHERE policy_id = ? ORDER BY id", (policy.id,))
    lineage = _find_lineage(policy, lineages, slug)
    stays = rows(
        conn,
        "SELECT first_place, last_place, section_id FROM section_stays WHERE lineage_id = ?",
        (lineage["id"],),
    )
    last = rows(conn, "SELECT max(place) AS place FROM versions WHERE policy_id = ?", (policy.id,))[0]["place"]
    runs = runs_of([tuple(row) for row in stays], last or 0)
    end = max(0, len(runs) - skip)
    begin = 0 if newest is None else max(0, end - newest)
    states = _states(conn, policy, lineage["id"], runs[max(0, begin - 1) : end])
    others = tuple((row["slug"], row["heading"]) for row in lineages)
    before = states.pop(0) if begin and states else None
    return SectionHistory(
        policy, lineage["slug"], lineage["heading"], tuple(states), others, total=len(runs), before=before
    )


def runs_of(stays: Iterable[Sequence[int]], last: int) -> list[_Run]:
    """Return which wording stands in which places up to *last*, from the first place with any. Pure.

    *stays*: first place, last place and wording. Where two stand in one place, a text having the section twice, the
    smaller number counts.

    >>> [(run.section_id, run.first, run.last) for run in runs_of([(2, 3, 8), (4, 4, 7), (7, 7, 8)], 9)]
    [(8, 2, 3), (7, 4, 4), (None, 5, 6), (8, 7, 7), (None, 8, 9)]
    """
    edges: dict[int, list[tuple[int, int]]] = {}
    for first, until, section_id in stays:
        edges.setdefault(first, []).append((1, section_id))
        edges.setdefault(until + 1, []).append((-1, section_id))
    standing: dict[int, int] = {}
    runs: list[_Run] = []
    for place, following in pairwise([*sorted(edges), last + 1]):
        for change, section_id in edges[place]:
            standing[section_id] = standing.get(section_id, 0) + change
        here = min((section_id for section_id, count in standing.items() if count), default=None)
        standing = {section_id: count for section_id, count in standing.items() if count}
        if following <= place:
            continue
        if runs and runs[-1].section_id == here:
            runs[-1] = _Run(here, runs[-1].first, following - 1)
        else:
            runs.append(_Run(here, place, following - 1))
    return runs


def _states(conn: sqlite3.Connection, policy: PolicyRef, lineage_id: int, runs: Sequence[_Run]) -> list[SectionState]:
    """Read the sections of runs and the versions they stand in, all at once: some have changed 2,000 times."""
    if not runs:
        return []
    line = {
        row["place"]: row
        for row in rows(
            conn,
            "SELECT place, number, not_before, first_seen, last_seen, gone_by FROM versions"
            " WHERE policy_id = ? AND place BETWEEN ? AND ?",
            (policy.id, runs[0].first, runs[-1].last),
        )
    }
    heads = {
        row["place"]: row
        for row in rows(
            conn,
            "SELECT v.place, ts.level, ts.number, ts.confidence, s.heading, s.heading_kind FROM json_each(:runs) j"
            " CROSS JOIN versions v ON v.policy_id = :policy AND v.place = json_extract(j.value, '$[1]')"
            " CROSS JOIN text_sections ts ON ts.text_id = v.text_id AND ts.lineage_id = :lineage"
            "   AND ts.section_id = json_extract(j.value, '$[0]')"
            " CROSS JOIN sections s ON s.id = ts.section_id ORDER BY v.place, ts.position DESC",
            {
                "runs": json.dumps([(run.section_id, run.first) for run in runs if run.section_id is not None]),
                "policy": policy.id,
                "lineage": lineage_id,
            },
        )
    }
    if any(run.section_id is not None and run.first not in heads for run in runs):
        raise UnknownTarget(
            f"the sections of {policy.address} are being linked anew: wait for `harvest build`, or run it again"
        )
    clauses = clauses_of(conn, [run.section_id for run in runs if run.section_id is not None])
    return [
        SectionState(
            None if run.section_id is None else _section(heads[run.first], clauses[run.section_id]),
            _around(line[run.first], line[run.last]),
            tuple(line[place]["number"] for place in range(run.first, run.last + 1)),
        )
        for run in runs
    ]


def _section(head: sqlite3.Row, clauses: tuple[Clause, ...]) -> Section:
    words = (head["level"], head["number"] or "", head["heading"], head["heading_kind"] or "")
    return Section(*words, head["confidence"], clauses)


def _around(first: sqlite3.Row, last: sqlite3.Row) -> Bounds:
    begun, ended = bounds_of(first), bounds_of(last)
    return Bounds(begun.not_before, begun.first_seen, ended.last_seen, ended.gone_by)


def clauses_of(conn: sqlite3.Connection, section_ids: Iterable[int]) -> dict[int, tuple[Clause, ...]]:
    """Return the clauses of sections in their order, by section; an empty tuple for one without: two queries.

    What stands in several of them is read once and is one object: of 5,306 clauses in 21 wordings of a section 267.
    """
    wanted = sorted(set(section_ids))
    places = values(
        conn,
        "SELECT sc.section_id, sc.clause_id, sc.kind, sc.depth, sc.marker FROM json_each(?) j"
        " CROSS JOIN section_clauses sc ON sc.section_id = j.value ORDER BY sc.section_id, sc.position",
        (json.dumps(wanted),),
    )
    texts = values(
        conn,
        "SELECT c.id, c.text, c.markdown FROM json_each(?) j CROSS JOIN clauses c ON c.id = j.value",
        (json.dumps(sorted({place[1] for place in places})),),
    )
    said = {clause_id: (text, text if markdown is None else markdown) for clause_id, text, markdown in texts}
    made: dict[tuple[object, ...], Clause] = {}
    found: dict[int, list[Clause]] = {section_id: [] for section_id in wanted}
    for place in places:
        key = place[1:]
        clause = made.get(key)
        if clause is None:
            clause_id, kind, depth, marker = key
            text, markdown = said[clause_id]
            clause = made[key] = Clause(kind, depth, text, markdown, marker)
        found[place[0]].append(clause)
    return {section_id: tuple(clauses) for section_id, clauses in found.items()}


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
