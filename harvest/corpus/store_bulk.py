"""Many captures of one policy at once: rows straight from what was read elsewhere, history afterwards.

The way of `store_pages` for single pages costs four statements a capture and a derivation a batch. A history of a
hundred thousand versions is written here with one statement a capture; the policy is noted as *unsettled* until its
versions and transitions follow (`harvest.corpus.store_settle`), so that a killed import is carried on.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from harvest.corpus.bodies import sha256_of
from harvest.corpus.forgotten import FORGOTTEN, is_forgotten_page
from harvest.corpus.reading import Reading
from harvest.corpus.store_judgements import last_verdict
from harvest.corpus.store_known import KnownRows
from harvest.corpus.store_pages import BodyShelf
from harvest.corpus.store_texts import write_prepared
from harvest.model import Capture, Outcome
from harvest.timestamps import to_iso

CaptureKey = tuple[str, str, str, str]

_COLUMNS = (
    "policy_id, archive, url, urlkey, timestamp, captured_at, approximate, mimetype, statuscode, digest, length, form,"
    " outcome, reason, page_kind, encoding, body_id, text_id, attempts, fetched_at, landed_url"
)
_MEND = (
    f"UPDATE captures SET ({_COLUMNS}) = ({', '.join('?' * 21)}) WHERE policy_id = ? AND archive = ? AND url = ?"
    " AND timestamp = ? AND digest = ? AND outcome IN ('failed', 'listed') AND body_id IS NULL"
)
_INSERT = f"INSERT OR IGNORE INTO captures ({_COLUMNS}) VALUES ({', '.join('?' * 21)})"


@dataclass(frozen=True, slots=True)
class Found:
    """A capture of somebody's history with its bytes and what they turned out to be.

    *body* and *reading* are None where the page was gone: *remark* then says how that is known, else what is to be
    known of the capture. *failed*: its bytes cannot be read, for the reason in *remark*; they may be another time.
    *page_url*: where the page was, if the capture's URL is only its place in the history.
    """

    capture: Capture
    body: bytes | None = None
    reading: Reading | None = None
    remark: str = ""
    page_url: str = ""
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Pen:
    """What writing needs besides the rows: the caches of the open corpus and the stamps of this writing."""

    known: KnownRows
    shelf: BodyShelf
    normaliser: str
    fetched_at: str


def record_found(conn: sqlite3.Connection, policy_id: int, found: Sequence[Found], pen: Pen) -> int:
    """Write captures of one policy with bodies and texts; return how many are new.

    Known ones stay as they are, but for those that could not be read before, or were taken down, and can be now.
    """
    added = sum(_record(conn, policy_id, one, pen) for one in found)
    if added:
        note_unsettled(conn, policy_id)
    return added


def _record(conn: sqlite3.Connection, policy_id: int, one: Found, pen: Pen) -> int:
    capture = one.capture
    values = (
        *(policy_id, capture.archive, capture.url, capture.urlkey, capture.timestamp, to_iso(capture.captured_at)),
        *(int(capture.approximate), capture.mimetype, capture.statuscode, capture.digest, capture.length),
        *(capture.form, *_shown(conn, policy_id, one, pen), 1, pen.fetched_at, one.page_url),
    )
    added = conn.execute(_INSERT, values).rowcount
    if one.failed:
        return 0
    return added or conn.execute(_MEND, (*values, *values[:2], values[2], values[4], capture.digest)).rowcount


def _shown(conn: sqlite3.Connection, policy_id: int, one: Found, pen: Pen) -> tuple[object, ...]:
    """Return outcome, reason, page kind, encoding, body and text of a capture, body and text written."""
    reading = one.reading
    if one.failed:
        return Outcome.FAILED, one.remark, "", "", None, None
    if one.body is None or reading is None:
        return Outcome.ERROR_PAGE, one.remark, "", "", None, None
    shot = one.capture
    taken_down = is_forgotten_page(conn, shot.archive, shot.url, shot.timestamp, sha256_of(one.body))
    if taken_down:
        return Outcome.EXCLUDED, f"{FORGOTTEN}{taken_down}", "", "", None, None
    body_id = pen.shelf.put(conn, policy_id, one.capture.urlkey, one.body)
    text_id = None
    if reading.text is not None and _is_kept(conn, policy_id, one.capture, reading):
        text_id = write_prepared(conn, policy_id, reading.text, normaliser=pen.normaliser, known=pen.known)
    said = one.remark if reading.outcome == Outcome.FETCHED and one.remark else reading.reason
    return reading.outcome, said, reading.page_kind, reading.encoding, body_id, text_id


def _is_kept(conn: sqlite3.Connection, policy_id: int, capture: Capture, reading: Reading) -> bool:
    """True where a text is kept: the page is a policy by its looks, or by a person's word."""
    if reading.outcome == Outcome.FETCHED:
        return True
    return last_verdict(conn, policy_id, capture.archive, capture.url, capture.timestamp) == "on-topic"


def known_keys(conn: sqlite3.Connection, policy_id: int, archive: str) -> set[CaptureKey]:
    """Return what tells captures of a policy in one archive apart: url, timestamp, digest, statuscode.

    Those that could not be read are left out: they may be read now; so are those whose ban was lifted.
    """
    rows = conn.execute(
        "SELECT url, timestamp, digest, statuscode FROM captures WHERE policy_id = ? AND archive = ?"
        " AND outcome NOT IN ('failed', 'listed')",
        (policy_id, archive),
    )
    return {(row[0], row[1], row[2], row[3]) for row in rows}


def note_unsettled(conn: sqlite3.Connection, policy_id: int) -> None:
    """Note that the history of a policy does not follow from its captures yet."""
    conn.execute("INSERT OR IGNORE INTO unsettled (policy_id) VALUES (?)", (policy_id,))


def unsettled(conn: sqlite3.Connection) -> list[int]:
    """Return the policies whose history does not follow from their captures yet."""
    return [int(row[0]) for row in conn.execute("SELECT policy_id FROM unsettled ORDER BY policy_id")]


def is_settled(conn: sqlite3.Connection, policy_id: int) -> bool:
    """True where the history of a policy follows from its captures."""
    return conn.execute("SELECT 1 FROM unsettled WHERE policy_id = ?", (policy_id,)).fetchone() is None


def has_capture(conn: sqlite3.Connection, capture: Capture) -> bool:
    """True where the capture is there, in whichever policy, and is not one whose ban was lifted."""
    row = conn.execute(
        "SELECT 1 FROM captures WHERE urlkey = ? AND archive = ? AND url = ? AND timestamp = ? AND digest = ?"
        " AND outcome <> 'listed' LIMIT 1",
        (capture.urlkey, capture.archive, capture.url, capture.timestamp, capture.digest),
    ).fetchone()
    return row is not None
