"""Prove that a corpus is what its bodies say: every checksum, and every derived row against a fresh derivation."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from harvest.corpus.bodies import BodyReader
from harvest.corpus.dump import DERIVED_TABLES, differences, logical_dump
from harvest.corpus.normaliser import NORMALISER
from harvest.corpus.scratch import fill, source_tables
from harvest.corpus.static_copy import refuse_published
from harvest.corpus.store_history import HistoryCache
from harvest.corpus.store_known import KnownRows
from harvest.corpus.store_opening import open_corpus, open_memory
from harvest.corpus.store_rebuild import readings, rewrite_policy
from harvest.corpus.store_site_lines import apply_judgements, site_judgements
from harvest.engine import Engine, Processes, Serial
from harvest.errors import CorpusError
from harvest.text.identity import clause_sha

#: Problems reported for one policy; a broken rule breaks thousands of rows in the same way.
_LIMIT = 20


@dataclass(frozen=True, slots=True)
class Verification:
    """What was checked and what is wrong, one line each; empty *problems*: all is well."""

    bodies: int
    policies: int
    clauses: int
    problems: tuple[str, ...]


def normaliser_of(conn: sqlite3.Connection) -> str:
    """Return the normaliser that made the derived rows, '' before there are any."""
    row = conn.execute("SELECT value FROM meta WHERE key = 'normaliser'").fetchone()
    return str(row[0]) if row else ""


def verify(
    conn: sqlite3.Connection, *, engine: Engine | None = None, on_policy: Callable[[int], None] | None = None
) -> Verification:
    """Check every body's sha256, every clause's, the search indexes, and derive every policy again in memory.

    Writes nothing. Bodies that cannot be read are named, and the policies they belong to are not derived again.
    Raises CorpusError for a copy that was made without bodies.
    """
    refuse_published(conn, "this corpus")
    problems: list[str] = []
    bodies, broken = _check_bodies(conn, problems)
    clauses = _check_clauses(conn, problems)
    _check_search(conn, problems)
    policy_ids = [int(row[0]) for row in conn.execute("SELECT id FROM policies ORDER BY id")]
    unsound = [policy_id for policy_id in policy_ids if broken & _bodies_of(conn, policy_id)]
    problems.extend(f"policy {policy_id}: not derived again, for it has broken bodies" for policy_id in unsound)
    sound = [policy_id for policy_id in policy_ids if policy_id not in unsound]
    for policy_id, found in _checked(conn, sound, engine or Serial()):
        problems.extend(found)
        if on_policy is not None:
            on_policy(policy_id)
    return Verification(bodies, len(policy_ids), clauses, tuple(problems))


def _checked(conn: sqlite3.Connection, policy_ids: list[int], engine: Engine) -> Iterator[tuple[int, list[str]]]:
    """Yield policies with what is wrong with each, in order; other processes read the file themselves.

    Nine tenths of the work is deriving, and a policy is derived from its own rows alone. Were only the reading of pages
    left to other processes, one would do half of all.
    """
    path = conn.execute("PRAGMA database_list").fetchone()[2]
    if path and isinstance(engine, Processes):
        try:
            yield from engine.map(_check_in_file, ((path, policy_id) for policy_id in policy_ids))
        finally:  # the first policies are checked in this process
            if _opened.cache_info().currsize:
                _opened(path).close()
                _opened.cache_clear()
    else:
        yield from ((policy_id, _check_policy(conn, policy_id)) for policy_id in policy_ids)


def _check_in_file(task: tuple[str, int]) -> tuple[int, list[str]]:
    path, policy_id = task
    return policy_id, _check_policy(_opened(path), policy_id)


@lru_cache(maxsize=1)
def _opened(path: str) -> sqlite3.Connection:
    """One connection a process, for all policies that come to it; it cannot write."""
    conn = open_corpus(Path(path), create=False)
    conn.execute("PRAGMA query_only = ON")
    return conn


def _check_bodies(conn: sqlite3.Connection, problems: list[str]) -> tuple[int, set[int]]:
    reader, broken = BodyReader(conn), set()
    body_ids = [int(row[0]) for row in conn.execute("SELECT id FROM bodies ORDER BY id")]
    for body_id in body_ids:
        try:
            reader.read(body_id)
        except CorpusError as error:
            broken.add(body_id)
            problems.append(f"body {body_id}: {error}")
    return len(body_ids), broken


def _check_clauses(conn: sqlite3.Connection, problems: list[str]) -> int:
    count = 0
    for clause_id, sha, markdown in conn.execute("SELECT id, sha256, coalesce(markdown, text) FROM clauses"):
        count += 1
        if clause_sha(markdown) != sha:
            problems.append(f"clause {clause_id}: its words do not match its sha256")
    return count


def _check_search(conn: sqlite3.Connection, problems: list[str]) -> None:
    """Compare the number of rows in each index with its table; SQLite's own check of words needs a write."""
    for index, table in (("clauses_fts", "clauses"), ("headings_fts", "sections")):
        missing = _count(conn, f"SELECT id FROM {table} EXCEPT SELECT id FROM {index}_docsize")
        left_over = _count(conn, f"SELECT id FROM {index}_docsize EXCEPT SELECT id FROM {table}")
        if missing or left_over:
            problems.append(f"{index}: {missing} rows are not indexed, {left_over} indexed ones are no more")


def _count(conn: sqlite3.Connection, query: str) -> int:
    return int(conn.execute(f"SELECT count(*) FROM ({query})").fetchone()[0])


def _check_policy(conn: sqlite3.Connection, policy_id: int) -> list[str]:
    scratch = open_memory()
    try:
        fill(scratch, source_tables(conn, policy_id))
        fresh = next(readings(conn, [policy_id], Serial()))[1]
        rewrite_policy(scratch, policy_id, fresh, normaliser=NORMALISER, known=KnownRows(), history=HistoryCache())
        apply_judgements(scratch, policy_id, site_judgements(conn, policy_id))
        held = logical_dump(conn, policy_id=policy_id, tables=DERIVED_TABLES)
        again = logical_dump(scratch, policy_id=policy_id, tables=DERIVED_TABLES)
    finally:
        scratch.close()
    if not held["wide_diffs"]:  # of a corpus that was made before there were any: pages compare then
        again["wide_diffs"] = []
    return differences(held, again, limit=_LIMIT)


def _bodies_of(conn: sqlite3.Connection, policy_id: int) -> set[int]:
    rows = conn.execute("SELECT DISTINCT body_id FROM captures WHERE policy_id = ?", (policy_id,))
    return {row[0] for row in rows}
