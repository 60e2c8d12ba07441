"""Pages that came back → outcomes, bodies and texts of their captures."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field

from harvest.corpus.bodies import Base, load_base, pack_best, sha256_of
from harvest.corpus.forgotten import FORGOTTEN, is_forgotten_page
from harvest.corpus.reading import has_clauses, judge
from harvest.corpus.storable import storable_text
from harvest.corpus.store_judgements import last_verdict
from harvest.corpus.store_known import KnownRows
from harvest.corpus.store_texts import write_text
from harvest.model import Document, Outcome, RawPage

#: Outcomes that were settled without a request: by the listing, or by the same digest elsewhere.
_SETTLED_UNASKED = (Outcome.DUPLICATE, Outcome.ERROR_PAGE)

#: URLs of one policy that take turns, and then some; bodies are up to 20 MB.
_SHELF_PAGES = 8
#: Bodies of one page that the next one may be like. Of large ones only the last is kept.
_SHELF_BODIES = 8
_LARGE_BYTES = 1_000_000


@dataclass(slots=True)
class BodyShelf:
    """The bodies stored last of each page, on which the next one is built; the newest is the last."""

    _pages: dict[tuple[int, str], list[Base]] = field(default_factory=dict)

    def clear(self) -> None:
        """Forget everything, for another process may have written."""
        self._pages.clear()

    def put(self, conn: sqlite3.Connection, policy_id: int, key: str, body: bytes) -> int:
        """Store a body unless it is there; return its id."""
        row = conn.execute("SELECT id FROM body_rows WHERE sha256 = ?", (bytes.fromhex(sha256_of(body)),)).fetchone()
        if row is not None:
            return int(row[0])
        bases = self._bases(conn, policy_id, key)
        packed = pack_best(body, bases)
        cursor = conn.execute(
            "INSERT INTO body_rows (sha256, size, codec, base_id, steps, cost, data) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                *(bytes.fromhex(packed.sha256), packed.size, packed.codec, packed.base_id),
                *(packed.steps, packed.cost, packed.data),
            ),
        )
        body_id = int(cursor.lastrowid or 0)
        self._shelve(policy_id, key, [*bases, Base(body_id, body, packed.steps, packed.cost)])
        return body_id

    def _shelve(self, policy_id: int, key: str, bases: list[Base]) -> None:
        kept = [base for base in bases[:-1] if len(base.body) <= _LARGE_BYTES]
        self._pages.pop((policy_id, key), None)
        if len(self._pages) >= _SHELF_PAGES:
            del self._pages[next(iter(self._pages))]
        self._pages[policy_id, key] = [*kept[1 - _SHELF_BODIES :], bases[-1]]

    def _bases(self, conn: sqlite3.Connection, policy_id: int, key: str) -> list[Base]:
        """Return the bodies stored last for the same URL of the policy, else the last one for any of its URLs."""
        held = self._pages.get((policy_id, key))
        if held is None:
            row = conn.execute(
                "SELECT body_id FROM captures WHERE policy_id = ? AND body_id IS NOT NULL"
                " ORDER BY urlkey = ? DESC, body_id DESC LIMIT 1",
                (policy_id, key),
            ).fetchone()
            held = [load_base(conn, int(row[0]))] if row else []
        return held


def record_page(
    conn: sqlite3.Connection,
    policy_id: int,
    capture_id: int,
    page: RawPage,
    document: Document | None,
    *,
    fetched_at: str,
    normaliser: str,
    known: KnownRows,
    shelf: BodyShelf,
) -> None:
    """Write what became of one capture. A capture that has its bytes keeps them: a second answer changes nothing."""
    held = conn.execute("SELECT body_id, urlkey FROM captures WHERE id = ?", (capture_id,)).fetchone()
    if held[0] is not None:
        return
    taken_down = ""
    if page.body is not None:
        named = (page.capture.archive, page.capture.url, page.capture.timestamp)
        taken_down = is_forgotten_page(conn, *named, sha256_of(page.body))
    if taken_down:
        page, document = RawPage(page.capture, Outcome.EXCLUDED, f"{FORGOTTEN}{taken_down}"), None
    body_id = shelf.put(conn, policy_id, str(held[1]), page.body) if page.body is not None else None
    outcome, reason = outcome_of(page, document)
    text_id = None
    if document is not None and has_clauses(document) and shows_text(conn, capture_id, outcome):
        text_id = write_text(conn, policy_id, document, form=page.capture.form, normaliser=normaliser, known=known)
    unasked = page.body is None and page.outcome in _SETTLED_UNASKED
    conn.execute(
        "UPDATE captures SET outcome = ?, reason = ?, page_kind = ?, attempts = attempts + ?, fetched_at = ?,"
        " landed_timestamp = ?, landed_url = ?, status = ?, headers = ?, encoding = ?, body_id = ?, text_id = ?"
        " WHERE id = ?",
        (
            *(outcome, storable_text(reason), document.page_kind if document else "", int(not unasked)),
            None if unasked else fetched_at,
            *(page.landed_timestamp, storable_text(page.landed_url), page.status, _headers(page.headers)),
            *(document.encoding if document else "", body_id, text_id, capture_id),
        ),
    )


def shows_text(conn: sqlite3.Connection, capture_id: int, outcome: Outcome) -> bool:
    """True where the text of a page, if it has any, is kept: it is a policy by its looks, or by a person's word."""
    if outcome == Outcome.FETCHED:
        return True
    subject = conn.execute("SELECT policy_id, archive, url, timestamp FROM captures WHERE id = ?", (capture_id,))
    return last_verdict(conn, *subject.fetchone()) == "on-topic"


def outcome_of(page: RawPage, document: Document | None) -> tuple[Outcome, str]:
    """Return what became of a capture, and why: the archive's word, or what the page turned out to be."""
    if page.outcome != Outcome.FETCHED or document is None:
        return page.outcome, page.reason
    outcome, reason = judge(document, page.status)
    return outcome, reason or page.reason


def _headers(headers: Mapping[str, str]) -> str:
    if not headers:
        return ""
    return storable_text(json.dumps(dict(headers), ensure_ascii=False, sort_keys=True, separators=(",", ":")))
