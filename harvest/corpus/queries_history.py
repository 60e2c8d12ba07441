"""The history of one policy: its timeline, and its text as of a date."""

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
    Standing,
    TextPair,
    Timeline,
    Transition,
    Version,
    VersionView,
)
from harvest.corpus.queries_rows import (
    TRANSITION_COLUMNS,
    TRANSITION_TABLES,
    VERSION_COLUMNS,
    VERSION_TABLES,
    rows,
    transition_of,
    version_of,
)
from harvest.corpus.queries_texts import text_sections
from harvest.errors import UnknownTarget
from harvest.timestamps import from_iso

#: A stretch without captures is a gap when it is this many times the policy's median distance and at least half a
#: year: less looks like the archive's normal rhythm in the Princeton-Leuven sample, where one capture per half-year
#: was taken on purpose.
_GAP_FACTOR = 4
_GAP_AT_LEAST = timedelta(days=270)


def timeline(conn: sqlite3.Connection, policy: PolicyRef, *, max_marks: int = 20_000) -> Timeline:
    """Return the whole history of a policy, oldest first: seven queries, none beyond this policy."""
    versions_found = versions(conn, policy)
    marks = _marks(conn, policy, max_marks)
    return Timeline(
        policy,
        _column(conn, "SELECT url FROM policy_urls WHERE policy_id = ? ORDER BY role != 'current', url", policy.id),
        _column(
            conn,
            "SELECT s.host FROM site_policies sp JOIN sites s ON s.id = sp.site_id"
            " JOIN policies p ON p.id = sp.policy_id WHERE sp.policy_id = ? AND sp.site_id != p.site_id"
            " ORDER BY s.host",
            policy.id,
        ),
        versions_found,
        transitions(conn, policy),
        marks,
        find_gaps([mark.captured_at for mark in marks if mark.version is not None]),
        ledger(conn, policy),
        _listings(conn, policy),
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


def version_as_of(conn: sqlite3.Connection, policy: PolicyRef, moment: datetime) -> VersionView:
    """Return the main-line version in force at *moment*, with its sections and neighbours.

    The one first seen last before the moment; its `Standing` says how sure that is. Raises UnknownTarget, with
    the dates there are, where the policy was not yet seen.
    """
    every = versions(conn, policy)
    line = [version for version in every if version.variant_of is None]
    index = _in_force(policy, line, moment)
    version = line[index]
    found = rows(
        conn,
        f"SELECT {TRANSITION_COLUMNS} FROM {TRANSITION_TABLES} WHERE x.after_version_id = ? AND x.policy_id = ?"
        " ORDER BY b.number DESC LIMIT 1",
        (version.id, policy.id),
    )
    sections, slugs = text_sections(conn, version.text.id)
    return VersionView(
        policy,
        version,
        _standing(line, index, moment),
        sections,
        slugs,
        line[index - 1] if index else None,
        line[index + 1] if index + 1 < len(line) else None,
        transition_of(found[0]) if found else None,
        tuple(other for other in every if other.variant_of == version.number),
    )


def text_pair(conn: sqlite3.Connection, policy: PolicyRef, *, before: datetime, after: datetime) -> TextPair:
    """Return the versions in force at two dates, with their texts. Raises UnknownTarget as `version_as_of` does."""
    old, new = version_as_of(conn, policy, before), version_as_of(conn, policy, after)
    low, high = sorted((old.version.number, new.version.number))
    between = tuple(
        version for version in versions(conn, policy) if low < version.number < high and version.variant_of is None
    )
    stored = next(
        (
            transition
            for transition in transitions(conn, policy)
            if (transition.before, transition.after) == (old.version.number, new.version.number)
        ),
        None,
    )
    return TextPair(policy, old, new, between, stored)


def find_gaps(moments: Sequence[datetime]) -> tuple[Gap, ...]:
    """Return the stretches between neighbouring moments that are much longer than the usual one. Pure."""
    steps = [(b - a, a, b) for a, b in pairwise(moments)]
    if not steps:
        return ()
    least = max(_GAP_FACTOR * timedelta(seconds=median(step[0].total_seconds() for step in steps)), _GAP_AT_LEAST)
    return tuple(Gap(a, b) for step, a, b in steps if step >= least)


def _in_force(policy: PolicyRef, line: Sequence[Version], moment: datetime) -> int:
    if not line:
        raise UnknownTarget(f"{policy.address} has no version yet: none of its captures showed a text")
    earlier = [index for index, version in enumerate(line) if version.bounds.first_seen <= moment]
    if not earlier:
        first, last = line[0].bounds.first_seen, line[-1].bounds.last_seen
        raise UnknownTarget(
            f"{policy.address} was first seen on {first:%Y-%m-%d}, after {moment:%Y-%m-%d};"
            f" its {len(line)} versions run from {first:%Y-%m-%d} to {last:%Y-%m-%d}"
        )
    return earlier[-1]


def _standing(line: Sequence[Version], index: int, moment: datetime) -> Standing:
    last_seen = line[index].bounds.last_seen
    if moment <= last_seen or moment.date() == last_seen.date():  # asked for a day: a capture of that day settles it
        return Standing(moment, "seen")
    return Standing(moment, "between" if index + 1 < len(line) else "last")


def _marks(conn: sqlite3.Connection, policy: PolicyRef, limit: int) -> tuple[CaptureMark, ...]:
    return tuple(
        CaptureMark(from_iso(row["captured_at"]), row["outcome"], row["number"])
        for row in rows(
            conn,
            "SELECT c.captured_at, c.outcome, v.number FROM captures c LEFT JOIN versions v ON v.id = c.version_id"
            " WHERE c.policy_id = ? ORDER BY c.captured_at LIMIT ?",
            (policy.id, limit),
        )
    )


def _listings(conn: sqlite3.Connection, policy: PolicyRef) -> tuple[ListingRef, ...]:
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
