"""The history of one policy as its page shows it: an outline of all of it, and the whole of what stands on the page.

`queries_history.timeline` holds every version and transition with all that is known of them, for JSON and scripts. Of
a policy of 2,500 versions a page draws a few hundred marks and lists fifty changes.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from harvest.corpus.queries_absences import find_absences
from harvest.corpus.queries_history import addresses, capture_marks, find_gaps, ledger, listings, users
from harvest.corpus.queries_model import (
    Absence,
    CaptureMark,
    Gap,
    LedgerLine,
    ListingRef,
    PolicyRef,
    Transition,
    Version,
)
from harvest.corpus.queries_rows import (
    TRANSITION_COLUMNS,
    TRANSITION_TABLES,
    VERSION_COLUMNS,
    VERSION_TABLES,
    from_iso,
    rows,
    tier_of,
    transition_of,
    version_of,
)
from harvest.model import Tier


@dataclass(frozen=True, slots=True)
class LinePoint:
    """A version of the main line: when it was seen, and how long its text is."""

    number: int
    first_seen: datetime
    last_seen: datetime
    words: int


@dataclass(frozen=True, slots=True)
class StepPoint:
    """A transition of the main line: its bounds and its tier (None: equal texts). *id* is for `steps_by_id`."""

    id: int
    not_before: datetime
    first_seen: datetime
    tier: Tier | None

    @property
    def is_noise(self) -> bool:
        """True where default views fold it away."""
        return self.tier is None or self.tier.is_noise


@dataclass(frozen=True, slots=True)
class Outline:
    """The history of one policy, oldest first. *line* and *steps* are the main line, without technical transitions.

    *first* and *last* are the ends of *line*, None where it is empty; *table* holds the first versions of all, variants
    too, of which there are *versions*.
    """

    policy: PolicyRef
    urls: tuple[str, ...]
    used_by: tuple[str, ...]
    line: tuple[LinePoint, ...]
    steps: tuple[StepPoint, ...]
    first: Version | None
    last: Version | None
    table: tuple[Version, ...]
    versions: int
    marks: tuple[CaptureMark, ...]
    gaps: tuple[Gap, ...]
    ledger: tuple[LedgerLine, ...]
    listings: tuple[ListingRef, ...]
    absences: tuple[Absence, ...]


def outline(conn: sqlite3.Connection, policy: PolicyRef, *, table: int = 100, max_marks: int = 20_000) -> Outline:
    """Return the outline of a policy's history; *table* of its versions in full."""
    line = tuple(
        [
            LinePoint(number, from_iso(first), from_iso(last), words or 0)
            for number, first, last, words in conn.execute(
                "SELECT v.number, v.first_seen, v.last_seen, t.words FROM versions v"
                " JOIN text_rows t ON t.id = v.text_id"
                " WHERE v.policy_id = ? AND v.place IS NOT NULL ORDER BY v.place",
                (policy.id,),
            )
        ]
    )
    ends = versions_by_number(conn, policy, [line[0].number, line[-1].number] if line else [])
    listed = f"SELECT {VERSION_COLUMNS} FROM {VERSION_TABLES} WHERE v.policy_id = ? ORDER BY v.number LIMIT ?"
    marks = capture_marks(conn, policy, max_marks)
    return Outline(
        policy,
        addresses(conn, policy),
        users(conn, policy),
        line,
        _steps(conn, policy),
        ends[line[0].number] if line else None,
        ends[line[-1].number] if line else None,
        tuple(version_of(row) for row in rows(conn, listed, (policy.id, table))),
        rows(conn, "SELECT count(*) FROM versions WHERE policy_id = ?", (policy.id,))[0][0],
        marks,
        find_gaps([mark.captured_at for mark in marks if mark.version is not None]),
        ledger(conn, policy),
        listings(conn, policy),
        find_absences(marks),
    )


def steps_by_id(conn: sqlite3.Connection, ids: Iterable[int]) -> Mapping[int, Transition]:
    """Return transitions in full by their ids: one query."""
    found = rows(
        conn,
        f"SELECT {TRANSITION_COLUMNS} FROM {TRANSITION_TABLES} WHERE x.id IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(set(ids))),),
    )
    return {row["transition_id"]: transition_of(row) for row in found}


def versions_by_number(conn: sqlite3.Connection, policy: PolicyRef, numbers: Sequence[int]) -> Mapping[int, Version]:
    """Return versions of a policy in full by their numbers: one query."""
    found = rows(
        conn,
        f"SELECT {VERSION_COLUMNS} FROM {VERSION_TABLES}"
        " WHERE v.policy_id = ? AND v.number IN (SELECT value FROM json_each(?))",
        (policy.id, json.dumps(sorted(set(numbers)))),
    )
    return {row["number"]: version_of(row) for row in found}


def _steps(conn: sqlite3.Connection, policy: PolicyRef) -> tuple[StepPoint, ...]:
    return tuple(
        [
            StepPoint(step_id, from_iso(not_before), from_iso(first_seen), tier_of(tier))
            for step_id, not_before, first_seen, tier in conn.execute(
                "SELECT x.id, coalesce(a.not_before, b.last_seen), a.first_seen, d.tier"
                f" FROM {TRANSITION_TABLES} WHERE x.policy_id = ? AND x.kind != 'technical'"
                " AND a.place IS NOT NULL AND b.place IS NOT NULL ORDER BY a.place",
                (policy.id,),
            )
        ]
    )
