"""The text of a policy as of a date, and those of two dates to be compared: read without the rest of its history."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from datetime import datetime

from harvest.corpus.queries_model import PolicyRef, Standing, TextPair, Transition, Version, VersionView
from harvest.corpus.queries_rows import (
    TRANSITION_COLUMNS,
    TRANSITION_TABLES,
    VERSION_COLUMNS,
    VERSION_TABLES,
    rows,
    transition_of,
    version_of,
)
from harvest.corpus.queries_texts import sections_of, text_sections
from harvest.corpus.queries_wide import packed_diff
from harvest.errors import UnknownTarget
from harvest.timestamps import from_iso, to_iso

#: Versions between two dates that a pair names; the others are counted.
NAMED_BETWEEN = 8

# The places of a main line are 1, 2, 3 … in order of time, so the last one seen by a moment is found by halving: a
# policy of 2,500 versions takes twelve steps and needs no index beyond that of its places.
_PLACE = """
    WITH RECURSIVE halves(low, high) AS (
      SELECT 0, (SELECT max(place) FROM versions WHERE policy_id = :policy)
      UNION ALL
      SELECT iif(v.first_seen <= :moment, v.place, h.low), iif(v.first_seen <= :moment, h.high, v.place - 1)
      FROM halves h JOIN versions v ON v.policy_id = :policy AND v.place = (h.low + h.high + 1) / 2
      WHERE h.low < h.high)
    SELECT low AS place, (SELECT max(place) FROM versions WHERE policy_id = :policy) AS last
    FROM halves WHERE low = high
"""


@dataclass(frozen=True, slots=True)
class InForce:
    """A main-line version and its neighbours; *place* counts from 1 to *last*."""

    version: Version
    previous: Version | None
    following: Version | None
    place: int
    last: int


def version_as_of(conn: sqlite3.Connection, policy: PolicyRef, moment: datetime) -> VersionView:
    """Return the main-line version in force at *moment*, with its sections and neighbours.

    The one first seen last before the moment; its `Standing` says how sure that is. Raises UnknownTarget, with
    the dates there are, where the policy was not yet seen.
    """
    return whole_view(conn, bare_view(conn, policy, moment, in_force(conn, policy, moment)))


def bare_view(conn: sqlite3.Connection, policy: PolicyRef, moment: datetime, here: InForce) -> VersionView:
    """Return what `version_as_of` does of the version found by `in_force`, without any sections."""
    standing, step, variants = _standing(here, moment), _step_to(conn, here.version), _variants(conn, here.version)
    return VersionView(policy, here.version, standing, (), (), here.previous, here.following, step, variants)


def whole_view(conn: sqlite3.Connection, view: VersionView) -> VersionView:
    """Return a view with the sections of its text."""
    sections, slugs = text_sections(conn, view.version.text.id)
    return replace(view, sections=sections, slugs=slugs)


def text_pair(conn: sqlite3.Connection, policy: PolicyRef, *, before: datetime, after: datetime) -> TextPair:
    """Return the versions in force at two dates, with their texts. Raises UnknownTarget as `version_as_of` does."""
    return with_texts(conn, bare_pair(conn, policy, before=before, after=after))


def bare_pair(conn: sqlite3.Connection, policy: PolicyRef, *, before: datetime, after: datetime) -> TextPair:
    """Return what `text_pair` does without any sections, until `with_texts`."""
    old, new = (bare_view(conn, policy, moment, in_force(conn, policy, moment)) for moment in (before, after))
    low, high = sorted((old.version.number, new.version.number))
    between, count = _between(conn, policy, low, high)
    step = new.transition
    stored = step if step and (step.before, step.after) == (old.version.number, new.version.number) else None
    told = packed_diff(conn, policy.id, old.version.text.id, new.version.text.id)
    return TextPair(policy, old, new, between, stored, count, told)


def with_texts(conn: sqlite3.Connection, pair: TextPair, *, heads_only: bool = False) -> TextPair:
    """Return a pair with the sections of its texts; *heads_only*: without their clauses.

    Both texts are read at once: even those far apart have a quarter of their clauses in common.
    """
    sides = (pair.before, pair.after)
    texts = sections_of(conn, (side.version.text.id for side in sides), heads_only=heads_only)
    old, new = (replace(side, sections=text, slugs=slugs) for side, (text, slugs) in zip(sides, texts, strict=True))
    return replace(pair, before=old, after=new)


def in_force(conn: sqlite3.Connection, policy: PolicyRef, moment: datetime) -> InForce:
    """Return the main-line version first seen last before *moment*. Raises UnknownTarget where there is none."""
    found = rows(conn, _PLACE, {"policy": policy.id, "moment": to_iso(moment).zfill(20)})
    if not found or not found[0]["place"]:
        raise UnknownTarget(_not_yet(conn, policy, moment))
    place, last = found[0]["place"], found[0]["last"]
    near = {
        row["place"]: version_of(row)
        for row in rows(
            conn,
            f"SELECT v.place, {VERSION_COLUMNS} FROM {VERSION_TABLES}"
            " WHERE v.policy_id = ? AND v.place BETWEEN ? AND ? ORDER BY v.place",
            (policy.id, place - 1, place + 1),
        )
    }
    return InForce(near[place], near.get(place - 1), near.get(place + 1), place, last)


def _not_yet(conn: sqlite3.Connection, policy: PolicyRef, moment: datetime) -> str:
    row = rows(
        conn,
        "SELECT count(*) AS versions, min(first_seen) AS first, max(last_seen) AS last FROM versions"
        " WHERE policy_id = ? AND place IS NOT NULL",
        (policy.id,),
    )[0]
    if not row["versions"]:
        return f"{policy.address} has no version yet: no capture has shown a text"
    first, last = from_iso(row["first"]), from_iso(row["last"])
    return (
        f"{policy.address} was first seen on {first:%Y-%m-%d}, after {moment:%Y-%m-%d};"
        f" its {row['versions']} versions run from {first:%Y-%m-%d} to {last:%Y-%m-%d}"
    )


def _standing(here: InForce, moment: datetime) -> Standing:
    last_seen = here.version.bounds.last_seen
    if moment <= last_seen or moment.date() == last_seen.date():  # asked for a day: a capture of that day settles it
        return Standing(moment, "seen")
    return Standing(moment, "between" if here.following else "last")


def _step_to(conn: sqlite3.Connection, version: Version) -> Transition | None:
    """Return the transition that led to a version."""
    found = rows(
        conn,
        f"SELECT {TRANSITION_COLUMNS} FROM {TRANSITION_TABLES} WHERE x.after_version_id = ?"
        " ORDER BY b.number DESC LIMIT 1",
        (version.id,),
    )
    return transition_of(found[0]) if found else None


def _variants(conn: sqlite3.Connection, version: Version) -> tuple[Version, ...]:
    sql = f"SELECT {VERSION_COLUMNS} FROM {VERSION_TABLES} WHERE v.variant_of = ? ORDER BY v.number"
    return tuple(version_of(row) for row in rows(conn, sql, (version.id,)))


def _between(conn: sqlite3.Connection, policy: PolicyRef, low: int, high: int) -> tuple[tuple[Version, ...], int]:
    """Return the first main-line versions between two numbers, and how many there are."""
    where = "v.policy_id = ? AND v.number > ? AND v.number < ? AND v.place IS NOT NULL"
    bounds = (policy.id, low, high)
    (count,) = rows(conn, f"SELECT count(*) FROM versions v WHERE {where}", bounds)[0]
    sql = f"SELECT {VERSION_COLUMNS} FROM {VERSION_TABLES} WHERE {where} ORDER BY v.number LIMIT {NAMED_BETWEEN}"
    return tuple(version_of(row) for row in rows(conn, sql, bounds)) if count else (), count
