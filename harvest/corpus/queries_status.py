"""What a corpus holds as a whole: counts, the ledger of captures, what is pending, the last run."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from harvest.corpus.queries_model import PolicyRef
from harvest.corpus.queries_rows import POLICY_COLUMNS, moment, policy_of, rows

_COUNTED = ("sites", "policies", "captures", "bodies", "texts", "sections", "clauses", "versions", "diffs", "changes")


@dataclass(frozen=True, slots=True)
class RunRef:
    """One run of a command that wrote. *outcome* is ``running`` while it lasts, or for ever if it was killed."""

    command: str
    started_at: datetime
    ended_at: datetime | None
    outcome: str
    program: str
    trouble: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """Why captures could not be fetched, and how many; *given_up*: failed so often that no run asks again."""

    reason: str
    captures: int
    given_up: int


@dataclass(frozen=True, slots=True)
class PolicyStatus:
    """One policy: its captures by outcome, how many are still to be fetched, and when it was last asked for.

    *assumed*: skipped because those around them show the same.
    """

    policy: PolicyRef
    outcomes: Mapping[str, int]
    pending: int
    versions: int
    first_seen: datetime | None
    last_seen: datetime | None
    listed_at: datetime | None
    listing_outcome: str = ""
    listing_message: str = ""
    assumed: int = 0


@dataclass(frozen=True, slots=True)
class Status:
    """A corpus at a glance. *counts* by table; *body_bytes* as archived, *stored_bytes* as kept.

    *assumed*: captures that a search for changes did not fetch, because those around them show the same.
    """

    sample: bool
    counts: Mapping[str, int]
    outcomes: Mapping[str, int]
    pending: int
    body_bytes: int
    stored_bytes: int
    earliest: datetime | None
    latest: datetime | None
    policies: tuple[PolicyStatus, ...]
    last_run: RunRef | None
    assumed: int = 0
    runs: tuple[RunRef, ...] = ()
    failures: tuple[Failure, ...] = ()


def status(conn: sqlite3.Connection, *, give_up_after: int = 0) -> Status:
    """Return what is in the corpus. One pass over captures; the rest are counts.

    *give_up_after*: captures that failed as often count as given up (0: none does).
    """
    policies = _policies(conn)
    outcomes: dict[str, int] = {}
    for policy in policies:
        for outcome, count in policy.outcomes.items():
            outcomes[outcome] = outcomes.get(outcome, 0) + count
    sizes = rows(conn, "SELECT coalesce(sum(size), 0) AS raw, coalesce(sum(length(data)), 0) AS kept FROM bodies")[0]
    bounds = rows(conn, "SELECT min(captured_at) AS earliest, max(captured_at) AS latest FROM captures")[0]
    return Status(
        sample=is_sample(conn),
        counts={name: rows(conn, f"SELECT count(*) AS n FROM {name}")[0]["n"] for name in _COUNTED},
        outcomes=dict(sorted(outcomes.items())),
        pending=sum(policy.pending for policy in policies),
        body_bytes=sizes["raw"],
        stored_bytes=sizes["kept"],
        earliest=moment(bounds["earliest"]),
        latest=moment(bounds["latest"]),
        policies=policies,
        last_run=last_run(conn),
        assumed=sum(policy.assumed for policy in policies),
        runs=last_runs(conn),
        failures=_failures(conn, give_up_after),
    )


def is_sample(conn: sqlite3.Connection) -> bool:
    """Return whether the corpus is the invented sample."""
    found = rows(conn, "SELECT value FROM meta WHERE key = 'sample'")
    return bool(found) and found[0]["value"] not in ("", "0")


def last_run(conn: sqlite3.Connection) -> RunRef | None:
    """Return the newest run with what went wrong in it, None where nothing was ever run."""
    return next(iter(last_runs(conn, limit=1)), None)


def last_runs(conn: sqlite3.Connection, *, limit: int = 5) -> tuple[RunRef, ...]:
    """Return the newest runs, newest first, each with what went wrong in it."""
    found = rows(
        conn,
        "SELECT id, command, started_at, ended_at, outcome, program FROM runs"
        " ORDER BY started_at DESC, id DESC LIMIT ?",
        (limit,),
    )
    return tuple(_run(conn, row) for row in found)


def _run(conn: sqlite3.Connection, row: sqlite3.Row) -> RunRef:
    trouble = rows(
        conn,
        "SELECT message FROM events WHERE run_id = ? AND level IN ('warning', 'error') ORDER BY id LIMIT 20",
        (row["id"],),
    )
    started = moment(row["started_at"])
    assert started is not None  # NOT NULL
    return RunRef(
        row["command"],
        started,
        moment(row["ended_at"]),
        row["outcome"],
        row["program"],
        tuple(line["message"] for line in trouble),
    )


def _failures(conn: sqlite3.Connection, give_up_after: int) -> tuple[Failure, ...]:
    found = rows(
        conn,
        "SELECT reason, count(*) AS captures, sum(?1 > 0 AND attempts >= ?1) AS given_up FROM captures"
        " WHERE outcome = 'failed' AND wanted = 1 GROUP BY reason ORDER BY captures DESC, reason LIMIT 10",
        (give_up_after,),
    )
    return tuple(Failure(row["reason"], row["captures"], row["given_up"]) for row in found)


_POLICIES = f"""
    SELECT {POLICY_COLUMNS},
      (SELECT count(*) FROM versions v WHERE v.policy_id = p.id AND v.variant_of IS NULL) AS versions,
      (SELECT min(v.first_seen) FROM versions v WHERE v.policy_id = p.id) AS first_seen,
      (SELECT max(v.last_seen) FROM versions v WHERE v.policy_id = p.id) AS last_seen,
      l.asked_at, l.outcome AS listing_outcome, l.message AS listing_message
    FROM policies p JOIN sites s ON s.id = p.site_id
    LEFT JOIN listings l ON l.id = (
      SELECT id FROM listings WHERE policy_id = p.id ORDER BY asked_at DESC, id DESC LIMIT 1)
    ORDER BY s.host, p.kind != 'privacy', p.kind, p.label
"""

_LEDGER = """
    SELECT policy_id, outcome, count(*) AS captures,
      sum(wanted AND outcome IN ('listed', 'failed')) AS pending,
      sum(outcome = 'skipped' AND reason LIKE 'assumed %') AS assumed
    FROM captures GROUP BY policy_id, outcome ORDER BY policy_id, outcome
"""


def _policies(conn: sqlite3.Connection) -> tuple[PolicyStatus, ...]:
    outcomes: dict[int, dict[str, int]] = {}
    pending: dict[int, int] = {}
    assumed: dict[int, int] = {}
    for row in rows(conn, _LEDGER):
        outcomes.setdefault(row["policy_id"], {})[row["outcome"]] = row["captures"]
        pending[row["policy_id"]] = pending.get(row["policy_id"], 0) + row["pending"]
        assumed[row["policy_id"]] = assumed.get(row["policy_id"], 0) + row["assumed"]
    return tuple(
        PolicyStatus(
            policy_of(row),
            outcomes.get(row["policy_id"], {}),
            pending.get(row["policy_id"], 0),
            row["versions"],
            moment(row["first_seen"]),
            moment(row["last_seen"]),
            moment(row["asked_at"]),
            row["listing_outcome"] or "",
            row["listing_message"] or "",
            assumed.get(row["policy_id"], 0),
        )
        for row in rows(conn, _POLICIES)
    )
