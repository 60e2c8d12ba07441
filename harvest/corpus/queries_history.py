"""The history of one policy: its timeline."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from harvest.corpus.queries_absences import find_absences
from harvest.corpus.queries_model import (
    CaptureMark,
    Gap,
    LedgerLine,
    ListingRef,
    PolicyRef,
    Timeline,
    Transition,
    Version,
)
from harvest.corpus.queries_rows import (
    TRANSITION_COLUMNS,
    TRANSITION_TABLES,
    VERSION_COLUMNS,
    VERSION_TABLES,
    rows,
    transition_of,
    values,
    version_of,
)
from harvest.timestamps import from_iso

#: A stretch without captures is a gap when it is this many times the policy's median distance and at least nine months:
#: less looks like the archive's normal rhythm in the Princeton-Leuven sample, where one capture per half-year was taken
#: on purpose.
_GAP_FACTOR = 4
_GAP_AT_LEAST = timedelta(days=270)


def timeline(conn: sqlite3.Connection, policy: PolicyRef, *, max_marks: int = 20_000) -> Timeline:
    """Return the whole history of a policy, oldest first: seven queries, none beyond this policy."""
    versions_found = versions(conn, policy)
    marks = capture_marks(conn, policy, max_marks)
    return Timeline(
        policy,
        addresses(conn, policy),
        users(conn, policy),
        versions_found,
        transitions(conn, policy),
        marks,
        find_gaps([mark.captured_at for mark in marks if mark.version is not None]),
        ledger(conn, policy),
        listings(conn, policy),
        find_absences(marks),
    )


def versions(conn: sqlite3.Connection, policy: PolicyRef) -> tuple[Version, ...]:
    """Return all versions of a policy, oldest first, variants too."""
    sql = f"SELECT {VERSION_COLUMNS} FROM {VERSION_TABLES} WHERE v.policy_id = ? ORDER BY v.number"
    return tuple(version_of(row) for row in rows(conn, sql, (policy.id,)))


def transitions(conn: sqlite3.Connection, policy: PolicyRef) -> tuple[Transition, ...]:
    """Return the transitions of a policy in order of time; technical ones too, which views leave out."""
    sql = f"SELECT {TRANSITION_COLUMNS} FROM {TRANSITION_TABLES} WHERE x.policy_id = ? ORDER BY a.number, b.number"
    return tuple(transition_of(row) for row in rows(conn, sql, (policy.id,)))


def ledger(conn: sqlite3.Connection, policy: PolicyRef) -> tuple[LedgerLine, ...]:
    """Return what became of the captures of a policy: every one of them counted once, most frequent first."""
    found = rows(
        conn,
        "SELECT outcome, CASE WHEN outcome = 'skipped' AND reason LIKE 'assumed %'"
        " THEN 'assumed to show what the captures around it show' ELSE reason END AS reason,"
        " count(*) AS captures FROM captures WHERE policy_id = ?"
        " GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2",
        (policy.id,),
    )
    by_outcome: dict[str, list[tuple[str, int]]] = {}
    for row in found:
        by_outcome.setdefault(row["outcome"], []).append((row["reason"], row["captures"]))
    lines = [
        LedgerLine(outcome, sum(count for _, count in reasons), tuple((r, n) for r, n in reasons if r)[:5])
        for outcome, reasons in by_outcome.items()
    ]
    return tuple(sorted(lines, key=lambda line: (-line.captures, line.outcome)))


def find_gaps(moments: Sequence[datetime]) -> tuple[Gap, ...]:
    """Return the stretches between neighbouring moments that are much longer than the usual one. Pure."""
    long = [(a, b) for a, b in pairwise(moments) if b - a >= _GAP_AT_LEAST]
    if not long:
        return ()
    least = _GAP_FACTOR * timedelta(seconds=median((b - a).total_seconds() for a, b in pairwise(moments)))
    return tuple(Gap(a, b) for a, b in long if b - a >= least)


def addresses(conn: sqlite3.Connection, policy: PolicyRef) -> tuple[str, ...]:
    """Return where a policy lived, its present address first."""
    return _column(conn, "SELECT url FROM policy_urls WHERE policy_id = ? ORDER BY role != 'current', url", policy.id)


def users(conn: sqlite3.Connection, policy: PolicyRef) -> tuple[str, ...]:
    """Return the other sites that point at a policy."""
    return _column(
        conn,
        "SELECT s.host FROM site_policies sp JOIN sites s ON s.id = sp.site_id"
        " JOIN policies p ON p.id = sp.policy_id WHERE sp.policy_id = ? AND sp.site_id != p.site_id"
        " ORDER BY s.host",
        policy.id,
    )


def capture_marks(conn: sqlite3.Connection, policy: PolicyRef, limit: int) -> tuple[CaptureMark, ...]:
    """Return the captures of a policy by time, with the numbers of the versions they show."""
    found = values(
        conn,
        "SELECT c.captured_at, c.outcome, v.number FROM captures c LEFT JOIN versions v ON v.id = c.version_id"
        " WHERE c.policy_id = ? ORDER BY c.captured_at LIMIT ?",
        (policy.id, limit),
    )
    return tuple([CaptureMark(from_iso(captured_at), outcome, number) for captured_at, outcome, number in found])


def listings(conn: sqlite3.Connection, policy: PolicyRef) -> tuple[ListingRef, ...]:
    """Return the newest questions to archives about a policy."""
    return tuple(
        ListingRef(
            row["archive"],
            row["url"],
            from_iso(row["asked_at"]),
            row["outcome"],
            row["message"] or "",
            row["rows"],
        )
        for row in rows(
            conn,
            "SELECT archive, url, asked_at, outcome, message, rows FROM listings WHERE policy_id = ?"
            " ORDER BY asked_at DESC, id DESC LIMIT 50",
            (policy.id,),
        )
    )


def _column(conn: sqlite3.Connection, sql: str, value: int) -> tuple[str, ...]:
    return tuple(row[0] for row in rows(conn, sql, (value,)))
