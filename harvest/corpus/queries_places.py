"""Where a row of the database is shown: what Datasette's table pages need for their links."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from harvest.corpus.queries_hits import policies_by_id
from harvest.corpus.queries_model import PolicyRef, Transition, Version
from harvest.corpus.queries_rows import (
    TRANSITION_COLUMNS,
    TRANSITION_TABLES,
    VERSION_COLUMNS,
    VERSION_TABLES,
    rows,
    transition_of,
    version_of,
)
from harvest.errors import UnknownTarget


@dataclass(frozen=True, slots=True)
class Place:
    """What a row is about; the most telling of these is where it is shown. *text* and *clause* are sha256."""

    policy: PolicyRef | None = None
    version: Version | None = None
    transition: Transition | None = None
    slug: str = ""
    text: str = ""
    clause: str = ""


def place_of(conn: sqlite3.Connection, table: str, row_id: int) -> Place:
    """Return what row *row_id* of *table* is about: at most three queries.

    Raises UnknownTarget for a table without pages and for a row there is none of (any more: ids change when the
    corpus is built again).
    """
    if table not in _FINDERS:
        raise UnknownTarget(f"rows of {table!r} have no page; rows of {', '.join(_FINDERS)} have")
    found = _FINDERS[table](conn, row_id)
    if found is None:
        raise UnknownTarget(f"{table} has no row {row_id}; a rebuild may have given it another id")
    return found


def _one(conn: sqlite3.Connection, sql: str, value: int) -> sqlite3.Row | None:
    found = rows(conn, sql + " LIMIT 1", (value,))
    return found[0] if found else None


def _policy(conn: sqlite3.Connection, row_id: int) -> Place | None:
    found = policies_by_id(conn, [row_id])
    return Place(found[row_id]) if row_id in found else None


def _site(conn: sqlite3.Connection, row_id: int) -> Place | None:
    row = _one(conn, "SELECT id FROM policies WHERE site_id = ? ORDER BY kind != 'privacy', kind, label", row_id)
    return _policy(conn, row["id"]) if row else None


def _version(conn: sqlite3.Connection, row_id: int) -> Place | None:
    row = _one(conn, f"SELECT v.policy_id, {VERSION_COLUMNS} FROM {VERSION_TABLES} WHERE v.id = ?", row_id)
    return Place(policies_by_id(conn, [row["policy_id"]])[row["policy_id"]], version_of(row)) if row else None


def _capture(conn: sqlite3.Connection, row_id: int) -> Place | None:
    row = _one(conn, "SELECT policy_id, version_id FROM captures WHERE id = ?", row_id)
    if row is None:
        return None
    return _version(conn, row["version_id"]) if row["version_id"] else _policy(conn, row["policy_id"])


def _transition(conn: sqlite3.Connection, row_id: int, column: str = "x.id") -> Place | None:
    sql = (
        f"SELECT x.policy_id, a.place IS NULL OR b.place IS NULL AS off, t.sha256, {TRANSITION_COLUMNS}"
        f" FROM {TRANSITION_TABLES} JOIN texts t ON t.id = a.text_id WHERE {column} = ?"
    )
    row = _one(conn, sql, row_id)
    if row is None:
        return None
    policy = policies_by_id(conn, [row["policy_id"]])[row["policy_id"]]
    # no date means a version off the main line; its text has a page
    return Place(policy, text=row["sha256"]) if row["off"] else Place(policy, transition=transition_of(row))


def _diff(conn: sqlite3.Connection, row_id: int) -> Place | None:
    return _transition(conn, row_id, "x.diff_id")


def _change(conn: sqlite3.Connection, row_id: int) -> Place | None:
    row = _one(conn, "SELECT diff_id FROM changes WHERE id = ?", row_id)
    return _diff(conn, row["diff_id"]) if row else None


def _lineage(conn: sqlite3.Connection, row_id: int) -> Place | None:
    row = _one(conn, "SELECT policy_id, slug FROM lineages WHERE id = ?", row_id)
    return Place(policies_by_id(conn, [row["policy_id"]])[row["policy_id"]], slug=row["slug"]) if row else None


def _section(conn: sqlite3.Connection, row_id: int) -> Place | None:
    row = _one(conn, "SELECT lineage_id FROM text_sections WHERE section_id = ? AND lineage_id IS NOT NULL", row_id)
    return _lineage(conn, row["lineage_id"]) if row else None


def _text(conn: sqlite3.Connection, row_id: int) -> Place | None:
    row = _one(conn, "SELECT sha256 FROM texts WHERE id = ?", row_id)
    return Place(text=row["sha256"]) if row else None


def _clause(conn: sqlite3.Connection, row_id: int) -> Place | None:
    row = _one(conn, "SELECT sha256 FROM clauses WHERE id = ?", row_id)
    return Place(clause=row["sha256"]) if row else None


_FINDERS: Mapping[str, Callable[[sqlite3.Connection, int], Place | None]] = {
    "sites": _site,
    "policies": _policy,
    "captures": _capture,
    "versions": _version,
    "transitions": _transition,
    "diffs": _diff,
    "changes": _change,
    "lineages": _lineage,
    "sections": _section,
    "texts": _text,
    "clauses": _clause,
}

#: Tables whose rows have a page.
TABLES = tuple(_FINDERS)
