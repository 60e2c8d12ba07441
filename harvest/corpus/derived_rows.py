"""Derived rows by natural keys, as they travel between machines, put in the place of those a corpus has.

The columns are those of `harvest.corpus.dump` with names. Keys are hashes, numbers and addresses, never row ids, so
that rows made in a scratch corpus on another machine fit any corpus that holds the same captures.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from harvest.corpus.codes import HEADING_KINDS, code, packed_rank, slot
from harvest.corpus.derived_columns import COLUMNS, Rows
from harvest.corpus.dump import DERIVED_TABLES, logical_dump
from harvest.corpus.store_clauses import take_clause
from harvest.corpus.store_diffs import drop_diffs, write_change
from harvest.corpus.store_half_years import drop_half_years, keep_half_years
from harvest.corpus.store_known import Met
from harvest.corpus.store_rebuild import sweep_clauses
from harvest.corpus.store_runs import clause_item, remove_texts, section_item, write_clauses, write_sections
from harvest.corpus.store_site_lines import judge_site
from harvest.corpus.store_stays import drop_stays, keep_stays
from harvest.corpus.store_wide import drop_wide, write_wide
from harvest.errors import CorpusError

assert set(COLUMNS) == {*DERIVED_TABLES, "clauses"}


def derived_rows(conn: sqlite3.Connection) -> Rows:
    """Return all derived rows of a corpus with the clauses they use, sorted."""
    return logical_dump(conn, tables=COLUMNS)


def by_policy(rows: Rows) -> Mapping[str, Rows]:
    """Part the rows of several policies; each part holds the clauses it uses."""
    parts: defaultdict[str, defaultdict[str, list[tuple[object, ...]]]] = defaultdict(lambda: defaultdict(list))
    for table, found in rows.items():
        for row in found if table != "clauses" else ():
            parts[str(row[0])][table].append(row)
    clauses = {row[0]: row for row in rows["clauses"]}
    for part in parts.values():
        used = {row[3] for row in part["section_clauses"]} | {row[6] for row in part["change_clauses"]}
        part["clauses"] = [clauses[sha] for sha in sorted(map(str, used))]
    return parts


def replace_derived(conn: sqlite3.Connection, policy: str, rows: Rows, met: Met | None = None) -> None:
    """Put the rows of one policy (see `by_policy`) in the place of its derived rows. Call in a transaction.

    *met*: the clauses that came up so far, where all policies are derived again. Raises CorpusError where the
    corpus does not hold the captures they were derived from.
    """
    policy_id = _policy_id(conn, policy)
    used = _clear(conn, policy_id)
    _Writer(conn, policy_id, met).write({table: rows.get(table, ()) for table in COLUMNS})
    keep_stays(conn, policy_id)
    keep_half_years(conn, policy_id)
    sweep_clauses(conn, used)
    judge_site(conn, policy_id)
    conn.execute("DELETE FROM unsettled WHERE policy_id = ?", (policy_id,))


def _policy_id(conn: sqlite3.Connection, policy: str) -> int:
    row = conn.execute(
        "SELECT p.id FROM policies p JOIN sites s ON s.id = p.site_id"
        " WHERE s.host || '/' || p.kind || ':' || p.label = ?",
        (policy,),
    ).fetchone()
    if row is None:
        raise CorpusError(f"{policy} is not in this corpus: the shards were written from another one")
    return int(row[0])


def _clear(conn: sqlite3.Connection, policy_id: int) -> set[int]:
    """Remove the derived rows of a policy; return clauses that may be nobody's now."""
    diffs = conn.execute(
        "SELECT d.id FROM diffs d JOIN texts t ON t.id = d.before_text_id WHERE t.policy_id = ?", (policy_id,)
    ).fetchall()
    drop_stays(conn, policy_id)
    drop_half_years(conn, policy_id)
    drop_wide(conn, policy_id)
    conn.execute("UPDATE captures SET text_id = NULL, version_id = NULL WHERE policy_id = ?", (policy_id,))
    conn.execute("DELETE FROM transitions WHERE policy_id = ?", (policy_id,))
    drop_diffs(conn, [int(row[0]) for row in diffs])
    conn.execute("UPDATE versions SET variant_of = NULL WHERE policy_id = ?", (policy_id,))
    for statement in (
        "DELETE FROM versions WHERE policy_id = ?",
        "DELETE FROM lineages WHERE policy_id = ?",
    ):
        conn.execute(statement, (policy_id,))
    return remove_texts(conn, policy_id)


def _with_digest(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return (row[0], bytes.fromhex(row[1]), *row[2:])


def _listed(rows: Sequence[tuple[Any, ...]]) -> Iterator[tuple[object, list[tuple[Any, ...]]]]:
    """Yield the items of each list, in order: rows begin with policy, list and position."""
    in_order = sorted(rows, key=itemgetter(1, 2))
    for owner, items in groupby(in_order, key=itemgetter(1)):
        yield owner, list(items)


class _Writer:
    """Writes the rows of one policy, table by table, natural keys looked up in what was written before."""

    def __init__(self, conn: sqlite3.Connection, policy_id: int, met: Met | None) -> None:
        self._conn = conn
        self._id = policy_id
        self._met = met

    def write(self, mine: Rows) -> None:
        """Write all tables in the order of their references."""
        clauses = {row[0]: self._clause(*row) for row in mine["clauses"]}
        self._own("text_rows", map(_with_digest, mine["texts"]), COLUMNS["texts"][1:])
        kinds = (
            (*row[:3], code(row[3], HEADING_KINDS), row[4], packed_rank(row[5]))
            for row in map(_with_digest, mine["sections"])
        )
        self._own("section_rows", kinds, ("sha", *COLUMNS["sections"][2:]))
        self._own("lineages", mine["lineages"], COLUMNS["lineages"][1:])
        texts, sections = self._ids("texts", "sha256"), self._ids("sections", "sha256")
        lineages = self._ids("lineages", "slug")
        for text, rows in _listed(mine["text_sections"]):
            items = [section_item(str(r[3]), sections[r[3]], r[5:8], lineages.get(r[4])) for r in rows]
            write_sections(self._conn, texts[text], items)
        for section, rows in _listed(mine["section_clauses"]):
            write_clauses(self._conn, sections[section], [clause_item(str(r[3]), clauses[r[3]], *r[4:]) for r in rows])
        self._history(mine, texts, sections, clauses)
        for _, before, after, told in mine["wide_diffs"]:
            write_wide(self._conn, self._id, (texts[before], texts[after]), str(told))

    def _history(
        self, mine: Rows, texts: Mapping[object, int], sections: Mapping[object, int], clauses: Mapping[object, int]
    ) -> None:
        captures = self._captures()
        self._many(
            "INSERT INTO versions (policy_id, number, place, text_id, first_capture_id, last_capture_id, not_before,"
            " first_seen, last_seen, gone_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            ((self._id, r[1], r[2], texts[r[3]], captures[r[4]], captures[r[5]], *r[6:10]) for r in mine["versions"]),
        )
        versions = self._ids("versions", "number")
        self._many(
            "UPDATE versions SET variant_of = ? WHERE id = ?",
            ((versions[r[10]], versions[r[1]]) for r in mine["versions"] if r[10] is not None),
        )
        self._many(
            "UPDATE captures SET outcome = ?, reason = ?, page_kind = ?, encoding = ?, text_id = ?, version_id = ?"
            " WHERE id = ?",
            (
                (r[8], r[9], r[11], r[17], texts.get(r[19]), versions.get(r[20]), captures[r[1]])
                for r in mine["captures"]
            ),
        )
        self._many(
            "INSERT INTO diffs (before_text_id, after_text_id, tier, reason, similarity, words_added, words_removed,"
            " words_moved, method) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            ((texts[r[1]], texts[r[2]], *r[3:]) for r in mine["diffs"]),
        )
        diffs = {
            (row[0], row[1]): int(row[2])
            for row in self._conn.execute(
                "SELECT b.sha256, a.sha256, d.id FROM texts b JOIN diffs d ON d.before_text_id = b.id"
                " JOIN texts a ON a.id = d.after_text_id WHERE b.policy_id = ?",
                (self._id,),
            )
        }
        changes = {
            (r[1], r[2], r[3]): write_change(
                self._conn,
                diffs[r[1], r[2]],
                r[3],
                (*r[4:7], *r[9:12]),
                before_section=sections.get(r[7]),
                after_section=sections.get(r[8]),
            )
            for r in mine["changes"]
        }
        self._many(
            "INSERT INTO change_clause_rows (change_id, slot, clause_id) VALUES (?, ?, ?)",
            ((changes[r[1], r[2], r[3]], slot(r[4], r[5]), clauses[r[6]]) for r in mine["change_clauses"]),
        )
        self._many(
            "INSERT INTO transitions (policy_id, before_version_id, after_version_id, diff_id, kind, silent, redated,"
            " reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            ((self._id, versions[r[1]], versions[r[2]], diffs.get((r[3], r[4])), *r[5:]) for r in mine["transitions"]),
        )

    def _many(self, sql: str, rows: Iterable[tuple[object, ...]]) -> None:
        self._conn.executemany(sql, rows)

    def _own(self, table: str, rows: Iterable[tuple[object, ...]], columns: Sequence[str]) -> None:
        marks = ", ".join("?" * (len(columns) + 1))
        sql = f"INSERT INTO {table} (policy_id, {', '.join(columns)}) VALUES ({marks})"
        self._many(sql, ((self._id, *row[1:]) for row in rows))

    def _ids(self, table: str, key: str) -> dict[object, int]:
        rows = self._conn.execute(f"SELECT {key}, id FROM {table} WHERE policy_id = ?", (self._id,))
        return {row[0]: int(row[1]) for row in rows}

    def _clause(self, sha: str, text: str, markdown: str, words: int) -> int:
        return take_clause(self._conn, sha, text, markdown if markdown != text else None, words, self._met)

    def _captures(self) -> dict[object, int]:
        rows = self._conn.execute(
            "SELECT archive || ' ' || url || ' ' || timestamp || ' ' || digest || ' ' || statuscode, id FROM captures"
            " WHERE policy_id = ?",
            (self._id,),
        )
        return {row[0]: int(row[1]) for row in rows}
