"""The rows of a policy's history: only those that differ from what was derived are written."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence

from harvest.corpus.derive_model import TextFacts, Transition, Version, Versions
from harvest.corpus.store_sightings import Judged


def keep_dates(conn: sqlite3.Connection, ids: Mapping[str, int], facts: Mapping[str, TextFacts]) -> None:
    """Write the days of texts, and beside those that history reads otherwise what the page alone says."""
    wanted = {ids[sha]: (one.stated_date or None, one.read_otherwise) for sha, one in facts.items()}
    rows = conn.execute(
        "SELECT t.id, t.stated_date, t.stated_read FROM json_each(?) j CROSS JOIN texts t ON t.id = j.value",
        (json.dumps(list(wanted)),),
    )
    changed = [(*wanted[row[0]], row[0]) for row in rows.fetchall() if wanted[row[0]] != (row[1], row[2])]
    conn.executemany("UPDATE text_rows SET stated_date = ?, stated_read = ? WHERE id = ?", changed)


def keep_versions(
    conn: sqlite3.Connection, policy_id: int, versions: Sequence[Version], ids: Mapping[str, int]
) -> dict[int, int]:
    """Write the versions and return their row ids by number."""
    columns = "place, text_id, first_capture_id, last_capture_id, not_before, first_seen, last_seen, gone_by"
    held = {
        row[1]: row
        for row in conn.execute(
            f"SELECT id, number, variant_of, {columns} FROM versions WHERE policy_id = ?", (policy_id,)
        )
    }
    wanted = {version.number: _version_columns(version, ids) for version in versions}
    _delete(conn, "versions", [held[number][0] for number in held if number not in wanted])
    row_ids = {number: int(held[number][0]) for number in wanted if number in held}
    for number, values in wanted.items():
        if number not in row_ids:
            cursor = conn.execute(
                f"INSERT INTO versions (policy_id, number, {columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (policy_id, number, *values),
            )
            row_ids[number] = int(cursor.lastrowid or 0)
        elif held[number][3:] != values:
            conn.execute(
                "UPDATE versions SET place = ?, text_id = ?, first_capture_id = ?, last_capture_id = ?, not_before = ?,"
                " first_seen = ?, last_seen = ?, gone_by = ? WHERE id = ?",
                (*values, row_ids[number]),
            )
    for version in versions:
        main = row_ids[version.variant_of] if version.variant_of is not None else None
        if (held[version.number][2] if version.number in held else None) != main:
            conn.execute("UPDATE versions SET variant_of = ? WHERE id = ?", (main, row_ids[version.number]))
    return row_ids


def _version_columns(version: Version, ids: Mapping[str, int]) -> tuple[object, ...]:
    return (
        version.place,
        ids[version.text],
        version.first_capture_id,
        version.last_capture_id,
        version.not_before,
        version.first_seen,
        version.last_seen,
        version.gone_by,
    )


def keep_transitions(
    conn: sqlite3.Connection,
    policy_id: int,
    history: Versions,
    transitions: Sequence[Transition],
    version_ids: Mapping[int, int],
    diff_ids: Mapping[tuple[str, str], int],
) -> None:
    """Write the transitions; each is known by the version it leads to."""
    texts = {version.number: version.text for version in history.versions}
    held = {
        row[2]: row
        for row in conn.execute(
            "SELECT id, before_version_id, after_version_id, diff_id, kind, silent, redated, reason FROM transitions"
            " WHERE policy_id = ?",
            (policy_id,),
        )
    }
    wanted = {
        version_ids[one.after]: (
            version_ids[one.before],
            version_ids[one.after],
            diff_ids[texts[one.before], texts[one.after]],
            *(one.kind, one.silent, one.redated, one.reason),
        )
        for one in transitions
    }
    _delete(conn, "transitions", [row[0] for after, row in held.items() if after not in wanted])
    for after, values in wanted.items():
        if after not in held:
            conn.execute(
                "INSERT INTO transitions (before_version_id, after_version_id, diff_id, kind, silent, redated,"
                " reason, policy_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (*values, policy_id),
            )
        elif held[after][1:] != values:
            conn.execute(
                "UPDATE transitions SET before_version_id = ?, after_version_id = ?, diff_id = ?, kind = ?, silent = ?,"
                " redated = ?, reason = ? WHERE id = ?",
                (*values, held[after][0]),
            )


def keep_captures(
    conn: sqlite3.Connection, judged: Sequence[Judged], history: Versions, version_ids: Mapping[int, int]
) -> None:
    """Write what captures came to: outcome, reason, text and version."""
    changed = []
    for one in judged:
        number = history.of_capture.get(one.row.id)
        values = (one.outcome, one.reason, one.text_id, version_ids[number] if number is not None else None)
        if values != (one.row.outcome, one.row.reason, one.row.text_id, one.row.version_id):
            changed.append((*values, one.row.id))
    conn.executemany("UPDATE captures SET outcome = ?, reason = ?, text_id = ?, version_id = ? WHERE id = ?", changed)


def _delete(conn: sqlite3.Connection, table: str, row_ids: Sequence[int]) -> None:
    conn.executemany(f"DELETE FROM {table} WHERE id = ?", [(row_id,) for row_id in row_ids])
