"""Re-derive a policy from its stored bodies: our rules changed, not theirs.

Reading bodies is pure and may run in other processes (`read_stored` through an Engine); writing is one transaction a
policy, so that a killed rebuild is carried on by the next. The corpus is stamped when all policies are done.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from harvest.corpus import store_runs
from harvest.corpus.bodies import BodyReader
from harvest.corpus.likeness import make_heirs_whole
from harvest.corpus.reading import CHUNK_BYTES, CHUNK_PAGES, Page, Reading, read_pages
from harvest.corpus.store_bulk import note_unsettled
from harvest.corpus.store_diffs import drop_diffs
from harvest.corpus.store_history import HistoryCache, forget_structures, recompute
from harvest.corpus.store_known import KnownRows, Renewal
from harvest.corpus.store_pages import shows_text
from harvest.corpus.store_site_lines import judge_site
from harvest.corpus.store_texts import settle_doubts, write_prepared
from harvest.corpus.store_wide import drop_wide
from harvest.engine import Engine
from harvest.model import RE_ASSEMBLED, RE_EXTRACTED, Outcome


@dataclass(frozen=True, slots=True, order=True)
class TransitionKey:
    """A transition by what a reader knows it by: policy, both bounds, kind and tier."""

    site: str
    kind: str
    label: str
    after: str
    not_later_than: str
    transition: str
    tier: str


@dataclass(frozen=True, slots=True)
class TransitionChanges:
    """What a rebuild would do to the transitions of a policy."""

    appear: tuple[TransitionKey, ...]
    vanish: tuple[TransitionKey, ...]


def transition_keys(conn: sqlite3.Connection, policy_id: int) -> set[TransitionKey]:
    """Return the transitions of a policy."""
    rows = conn.execute(
        "SELECT s.host, p.kind, p.label, coalesce(b.not_before, ''), b.first_seen, t.kind, coalesce(d.tier, '')"
        " FROM transitions t JOIN versions b ON b.id = t.after_version_id JOIN policies p ON p.id = t.policy_id"
        " JOIN sites s ON s.id = p.site_id LEFT JOIN diffs d ON d.id = t.diff_id WHERE t.policy_id = ?",
        (policy_id,),
    )
    return {TransitionKey(*map(str, row)) for row in rows}


def stored_pages(conn: sqlite3.Connection, policy_id: int) -> Iterator[Page]:
    """Yield the captures of a policy whose bytes were read as a page, in the order their bodies were stored."""
    rows = conn.execute(
        "SELECT id, form, coalesce(nullif(landed_url, ''), url), status, headers, body_id FROM captures"
        " WHERE policy_id = ? AND body_id IS NOT NULL AND page_kind <> '' ORDER BY body_id, id",
        (policy_id,),
    ).fetchall()
    reader = BodyReader(conn)
    for row in rows:
        headers = json.loads(row[4]) if row[4] else {}
        yield Page(int(row[0]), str(row[1]), reader.read(int(row[5])), str(row[2]), row[3], headers)


def read_stored(task: tuple[int, Sequence[Page]]) -> tuple[int, list[Reading]]:
    """Read stored pages of a policy once more; returns its id with what they are now."""
    return task[0], read_pages(task[1])


def readings(
    conn: sqlite3.Connection, policy_ids: Sequence[int], engine: Engine
) -> Iterator[tuple[int, Iterator[Reading]]]:
    """Yield each policy with its pages read again, in the order given; take all of one before the next.

    The engine maps over all pages at once, in chunks of neighbours.
    """
    tasks = ((policy_id, chunk) for policy_id in policy_ids for chunk in _chunks(stored_pages(conn, policy_id)))
    for policy_id, group in groupby(engine.map(read_stored, tasks), key=itemgetter(0)):
        yield policy_id, (reading for _, some in group for reading in some)


def _chunks(pages: Iterator[Page]) -> Iterator[list[Page]]:
    """Cut pages into tasks; a policy without any gives one empty task."""
    chunk: list[Page] = []
    size, empty = 0, True
    for page in pages:
        chunk.append(page)
        size, empty = size + len(page.body), False
        if len(chunk) >= CHUNK_PAGES or size >= CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk or empty:
        yield chunk


def rewrite_texts(
    conn: sqlite3.Connection,
    policy_id: int,
    fresh: Iterable[Reading],
    *,
    normaliser: str,
    known: KnownRows,
    keep: bool = False,
) -> None:
    """Put fresh readings in the place of a policy's texts; its diffs are gone until its history follows.

    *keep*: diffs and history stay where the texts are as they were. Call in a transaction; *fresh* is taken in while
    it lasts.
    """
    known.clear()
    known.renewal = Renewal()
    changed = False
    for reading in fresh:
        changed |= _rewrite_capture(conn, policy_id, reading, normaliser=normaliser, known=known)
        if known.renewal.is_full:
            settle_doubts(conn, policy_id, known)
    settle_doubts(conn, policy_id, known)
    texts, sections = known.restructured_texts, known.restructured_sections
    if keep:
        forget_structures(conn, HistoryCache(), texts=texts, sections=sections)
    else:
        _forget_diffs(conn, policy_id)
    if changed or texts or sections or not keep:
        note_unsettled(conn, policy_id)
    known.clear()


def _forget_diffs(conn: sqlite3.Connection, policy_id: int) -> None:
    conn.execute("UPDATE transitions SET diff_id = NULL WHERE policy_id = ?", (policy_id,))
    stale = conn.execute(
        "SELECT d.id FROM diffs d JOIN texts t ON t.id = d.before_text_id WHERE t.policy_id = ?", (policy_id,)
    ).fetchall()
    drop_diffs(conn, [int(row[0]) for row in stale])
    drop_wide(conn, policy_id)


def rewrite_policy(
    conn: sqlite3.Connection,
    policy_id: int,
    fresh: Iterable[Reading],
    *,
    normaliser: str,
    known: KnownRows,
    history: HistoryCache,
) -> None:
    """Put fresh readings in the place of all derived rows of a policy. Call in a transaction."""
    rewrite_texts(conn, policy_id, fresh, normaliser=normaliser, known=known)
    history.clear()
    recompute(conn, policy_id, history)
    sweep(conn, policy_id)
    history.clear()


def sweep(conn: sqlite3.Connection, policy_id: int) -> None:
    """Remove texts no capture shows, sections no text has, and clauses no section of any policy has."""
    gone = (
        "SELECT id FROM text_rows t WHERE policy_id = ?1"
        " AND NOT EXISTS (SELECT 1 FROM captures c WHERE c.text_id = t.id)"
    )
    texts = [int(row[0]) for row in conn.execute(gone, (policy_id,))]
    store_runs.drop_sections_of_texts(conn, texts)
    conn.executemany("DELETE FROM text_rows WHERE id = ?", [(text_id,) for text_id in texts])
    sections = [
        int(row[0])
        for row in conn.execute(
            "SELECT id FROM section_rows s WHERE policy_id = ?"
            " AND NOT EXISTS (SELECT 1 FROM section_runs r WHERE r.section_id = s.id)",
            (policy_id,),
        )
    ]
    clauses = store_runs.drop_clauses_of_sections(conn, sections)
    conn.executemany("DELETE FROM section_rows WHERE id = ?", [(section_id,) for section_id in sections])
    sweep_clauses(conn, clauses)
    if sections:
        judge_site(conn, policy_id)


def sweep_clauses(conn: sqlite3.Connection, clause_ids: Iterable[int]) -> None:
    """Remove those of the clauses that no section has any more."""
    for clause_id in sorted(set(clause_ids), reverse=True):  # those that are like others first
        if conn.execute("SELECT 1 FROM clause_runs WHERE clause_id = ? LIMIT 1", (clause_id,)).fetchone() is None:
            make_heirs_whole(conn, clause_id)
            conn.execute("DELETE FROM clause_rows WHERE id = ?", (clause_id,))


def sweep_unused(conn: sqlite3.Connection) -> None:
    """Remove clauses no section has, where policies were joined and what they showed was taken down at once."""
    if conn.execute("SELECT 1 FROM forgotten WHERE lifted_at = '' LIMIT 1").fetchone() is not None:
        rows = conn.execute(
            "SELECT id FROM clause_rows c WHERE NOT EXISTS (SELECT 1 FROM clause_runs r WHERE r.clause_id = c.id)"
        ).fetchall()
        sweep_clauses(conn, [int(row[0]) for row in rows])


def is_outdated(conn: sqlite3.Connection, policy_id: int, normaliser: str) -> bool:
    """True where texts of a policy were made by other rules: new ones must not stand beside them."""
    row = conn.execute(
        "SELECT 1 FROM texts WHERE policy_id = ? AND normaliser <> ? LIMIT 1", (policy_id, normaliser)
    ).fetchone()
    return row is not None


def _rewrite_capture(
    conn: sqlite3.Connection, policy_id: int, reading: Reading, *, normaliser: str, known: KnownRows
) -> bool:
    """Write what a capture is now; return whether it was something else."""
    held, held_reason, *rest = conn.execute(
        "SELECT outcome, reason, page_kind, encoding, text_id FROM captures WHERE id = ?", (reading.key,)
    ).fetchone()
    reason = reading.reason
    if held == Outcome.FETCHED and _stays(held_reason, reason):
        reason = held_reason  # a remark of the archive or the history, which the body does not tell
    text_id = None
    if reading.text is not None and shows_text(conn, reading.key, reading.outcome):
        text_id = write_prepared(conn, policy_id, reading.text, normaliser=normaliser, known=known)
    changed = (held, held_reason, *rest) != (reading.outcome, reason, reading.page_kind, reading.encoding, text_id)
    if changed:
        conn.execute(
            "UPDATE captures SET outcome = ?, reason = ?, page_kind = ?, encoding = ?, text_id = ? WHERE id = ?",
            (reading.outcome, reason, reading.page_kind, reading.encoding, text_id, reading.key),
        )
    return changed


def _stays(held_reason: str, reason: str) -> bool:
    return held_reason.startswith((RE_EXTRACTED, RE_ASSEMBLED)) or (
        not reason and not held_reason.startswith("judged: ")
    )
