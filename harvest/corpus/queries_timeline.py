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
from typing import NamedTuple

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
    values,
    version_of,
)
from harvest.model import Tier

#: Versions of a main line that a picture of 960 pixels is drawn from: of longer ones every second, third … is read, and
#: all that stood from one month into another.
DRAWN = 1_000


class LinePoint(NamedTuple):
    """A version of the main line: when it was seen, and how long its text is."""

    number: int
    first_seen: datetime
    last_seen: datetime
    words: int


class StepPoint(NamedTuple):
    """A transition of the main line: its bounds and its tier (None: equal texts), read when they are asked for.

    *id* is for `steps_by_id`; the others are as they are stored. Of thousands a page draws and lists a few.
    """

    id: int
    stored_not_before: str
    stored_first_seen: str
    stored_tier: str | None

    @property
    def not_before(self) -> datetime:
        """The earlier bound."""
        return from_iso(self.stored_not_before)

    @property
    def first_seen(self) -> datetime:
        """The later bound."""
        return from_iso(self.stored_first_seen)

    @property
    def year(self) -> int:
        """The year of the later bound."""
        return int(self.stored_first_seen[:4])

    @property
    def tier(self) -> Tier | None:
        """How much it matters."""
        return tier_of(self.stored_tier)

    @property
    def is_noise(self) -> bool:
        """True where default views fold it away."""
        tier = self.tier
        return tier is None or tier.is_noise


@dataclass(frozen=True, slots=True)
class Outline:
    """The history of one policy, oldest first. *steps* are those of the main line, without technical transitions.

    *line*: what a picture of the main line is drawn from, some of its *length* versions; the longest has *most* words;
    *first* and *last* are its ends, None where it is empty. *table* holds the first versions of all, variants too, of
    which there are *versions*.
    """

    policy: PolicyRef
    urls: tuple[str, ...]
    used_by: tuple[str, ...]
    line: tuple[LinePoint, ...]
    length: int
    most: int
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


_MAIN = "versions v JOIN text_rows t ON t.id = v.text_id WHERE v.policy_id = {} AND v.place IS NOT NULL"
_LENGTH = f"SELECT count(*), coalesce(max(t.words), 0) FROM {_MAIN.format('?')}"
_LINE = f"""
    SELECT v.number, v.first_seen, v.last_seen, t.words FROM {_MAIN.format(":policy")}
      AND (v.place % :nth = 1 % :nth OR v.place = :last OR substr(v.first_seen, 1, 7) <> substr(v.last_seen, 1, 7))
    ORDER BY v.place
"""


def outline(conn: sqlite3.Connection, policy: PolicyRef, *, table: int = 100, max_marks: int = 20_000) -> Outline:
    """Return the outline of a policy's history; *table* of its versions in full."""
    (length, most) = values(conn, _LENGTH, (policy.id,))[0]
    asked = {"policy": policy.id, "nth": 1 + length // DRAWN, "last": length}
    line = tuple([LinePoint(number, from_iso(a), from_iso(b), n) for number, a, b, n in values(conn, _LINE, asked)])
    ends = versions_by_number(conn, policy, [line[0].number, line[-1].number] if line else [])
    listed = f"SELECT {VERSION_COLUMNS} FROM {VERSION_TABLES} WHERE v.policy_id = ? ORDER BY v.number LIMIT ?"
    marks = capture_marks(conn, policy, max_marks)
    return Outline(
        policy,
        addresses(conn, policy),
        users(conn, policy),
        line,
        length,
        most,
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
    found = values(
        conn,
        "SELECT x.id, coalesce(a.not_before, b.last_seen), a.first_seen, d.tier"
        f" FROM {TRANSITION_TABLES} WHERE x.policy_id = ? AND x.kind != 'technical'"
        " AND a.place IS NOT NULL AND b.place IS NOT NULL ORDER BY a.place",
        (policy.id,),
    )
    return tuple(map(StepPoint._make, found))
