"""Re-derive a policy from its stored bodies: our rules changed, not theirs.

Reading bodies is pure and may run in other processes (`read_stored` through an Engine); writing is one transaction a
policy, so that a killed rebuild is carried on by the next. The corpus is stamped when all policies are done.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby, takewhile
from operator import itemgetter, ne

from harvest.corpus.bodies import BodyReader
from harvest.corpus.store_diffs import drop_diffs
from harvest.corpus.store_history import HistoryCache, recompute
from harvest.corpus.store_pages import judge_reading, shows_text
from harvest.corpus.store_texts import KnownRows, write_text
from harvest.engine import Engine
from harvest.model import Document, Outcome

#: Greater than every rank: whatever is read now takes the place of what was held.
_UNRANKED = "~"


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A capture's bytes and all that reading them takes. Picklable."""

    policy_id: int
    capture_id: int
    form: str
    url: str
    status: int | None
    headers: Mapping[str, str]
    body: bytes


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


def stored_pages(conn: sqlite3.Connection, policy_id: int) -> Iterator[StoredPage]:
    """Yield the captures of a policy whose bytes were read as a page, in the order their bodies were stored."""
    rows = conn.execute(
        "SELECT id, form, coalesce(nullif(landed_url, ''), url), status, headers, body_id FROM captures"
        " WHERE policy_id = ? AND body_id IS NOT NULL AND page_kind <> '' ORDER BY body_id, id",
        (policy_id,),
    ).fetchall()
    reader = BodyReader(conn)
    for row in rows:
        headers = json.loads(row[4]) if row[4] else {}
        yield StoredPage(policy_id, int(row[0]), str(row[1]), str(row[2]), row[3], headers, reader.read(int(row[5])))


def read_stored(page: StoredPage) -> tuple[int, int, Document]:
    """Read a stored page once more; returns the ids of its policy and capture with the document."""
    if page.form == "derived":
        from harvest.text.derived import read_derived

        return page.policy_id, page.capture_id, read_derived(page.body, page_url=page.url)
    from harvest.text.reading import read_html

    document = read_html(page.body, page.headers, page_url=page.url, status=page.status)
    return page.policy_id, page.capture_id, document


def readings(
    conn: sqlite3.Connection, policy_ids: Sequence[int], engine: Engine
) -> Iterator[tuple[int, dict[int, Document]]]:
    """Yield each policy with its documents by capture, in the order given. The engine maps over all pages at once."""
    pages = (page for policy_id in policy_ids for page in stored_pages(conn, policy_id))
    left = iter(policy_ids)
    for policy_id, group in groupby(engine.map(read_stored, pages), key=itemgetter(0)):
        for bare in takewhile(partial(ne, policy_id), left):  # policies without a page
            yield bare, {}
        yield policy_id, {capture_id: document for _, capture_id, document in group}
    for bare in left:
        yield bare, {}


def rewrite_policy(
    conn: sqlite3.Connection,
    policy_id: int,
    documents: Mapping[int, Document],
    *,
    normaliser: str,
    known: KnownRows,
    history: HistoryCache,
) -> None:
    """Put fresh readings (by capture id) in the place of all derived rows of a policy. Call in a transaction."""
    for table in ("texts", "sections"):
        conn.execute(f"UPDATE {table} SET structure = ? WHERE policy_id = ?", (_UNRANKED, policy_id))
    known.clear()
    history.clear()
    for capture_id, document in sorted(documents.items()):
        _rewrite_capture(conn, policy_id, capture_id, document, normaliser=normaliser, known=known)
    stale = conn.execute(
        "SELECT d.id FROM diffs d JOIN texts t ON t.id = d.before_text_id WHERE t.policy_id = ?", (policy_id,)
    ).fetchall()
    drop_diffs(conn, [int(row[0]) for row in stale])
    recompute(conn, policy_id, history)
    sweep(conn, policy_id)
    known.clear()
    history.clear()


def sweep(conn: sqlite3.Connection, policy_id: int) -> None:
    """Remove texts no capture shows, sections no text has, and clauses no section of any policy has."""
    gone = (
        "SELECT id FROM texts t WHERE policy_id = ?1 AND NOT EXISTS (SELECT 1 FROM captures c WHERE c.text_id = t.id)"
    )
    conn.execute(f"DELETE FROM text_sections WHERE text_id IN ({gone})", (policy_id,))
    conn.execute(f"DELETE FROM texts WHERE id IN ({gone})", (policy_id,))
    sections = [
        int(row[0])
        for row in conn.execute(
            "SELECT id FROM sections s WHERE policy_id = ?"
            " AND NOT EXISTS (SELECT 1 FROM text_sections ts WHERE ts.section_id = s.id)",
            (policy_id,),
        )
    ]
    for section_id in sections:
        rows = conn.execute("SELECT DISTINCT clause_id FROM section_clauses WHERE section_id = ?", (section_id,))
        clauses = [int(row[0]) for row in rows]
        conn.execute("DELETE FROM section_clauses WHERE section_id = ?", (section_id,))
        conn.execute("DELETE FROM sections WHERE id = ?", (section_id,))
        sweep_clauses(conn, clauses)


def sweep_clauses(conn: sqlite3.Connection, clause_ids: Sequence[int]) -> None:
    """Remove those of the clauses that no section has any more."""
    conn.executemany(
        "DELETE FROM clauses WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM section_clauses WHERE clause_id = ?1)",
        [(clause_id,) for clause_id in clause_ids],
    )


def is_outdated(conn: sqlite3.Connection, policy_id: int, normaliser: str) -> bool:
    """True where texts of a policy were made by other rules: new ones must not stand beside them."""
    row = conn.execute(
        "SELECT 1 FROM texts WHERE policy_id = ? AND normaliser <> ? LIMIT 1", (policy_id, normaliser)
    ).fetchone()
    return row is not None


def _rewrite_capture(
    conn: sqlite3.Connection, policy_id: int, capture_id: int, document: Document, *, normaliser: str, known: KnownRows
) -> None:
    form, status, held, held_reason, *rest = conn.execute(
        "SELECT form, status, outcome, reason, page_kind, encoding, text_id FROM captures WHERE id = ?", (capture_id,)
    ).fetchone()
    outcome, reason = judge_reading(document, status)
    if not reason and held == Outcome.FETCHED and not held_reason.startswith("judged: "):
        reason = held_reason  # the archive's remark, which the body does not tell
    text_id = None
    if shows_text(conn, capture_id, document, outcome):
        text_id = write_text(conn, policy_id, document, form=form, normaliser=normaliser, known=known)
    if (held, held_reason, *rest) != (outcome, reason, document.page_kind, document.encoding, text_id):
        conn.execute(
            "UPDATE captures SET outcome = ?, reason = ?, page_kind = ?, encoding = ?, text_id = ? WHERE id = ?",
            (outcome, reason, document.page_kind, document.encoding, text_id, capture_id),
        )
