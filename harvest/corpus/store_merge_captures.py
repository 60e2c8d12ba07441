"""The captures of one policy out of another corpus: new ones are taken over, of two that are one what tells more."""

from __future__ import annotations

import sqlite3
from typing import Any

from harvest.corpus.bodies import BodyReader
from harvest.corpus.forgotten import FORGOTTEN, is_forgotten_page, why_forgotten
from harvest.corpus.store_pages import BodyShelf
from harvest.model import Outcome

_CAPTURE = (
    "archive", "url", "urlkey", "timestamp", "captured_at", "approximate", "mimetype", "statuscode", "digest", "length",
    "form", "outcome", "reason", "wanted", "page_kind", "attempts", "fetched_at", "landed_timestamp", "landed_url",
    "status", "headers", "encoding",
)  # fmt: skip
_KEY = ("archive", "url", "timestamp", "digest", "statuscode")
#: Of two outcomes of one capture the one that tells more; equal ones are settled by the rest of the row.
_TELLING = [Outcome.FETCHED, Outcome.ERROR_PAGE, Outcome.BLOCKED_PAGE, Outcome.NO_TEXT, Outcome.OFF_TOPIC,
            Outcome.REDIRECT, Outcome.EXCLUDED, Outcome.UNPLAYABLE, Outcome.MISSING, Outcome.DUPLICATE, Outcome.FAILED,
            Outcome.LISTED, Outcome.SKIPPED]  # fmt: skip
#: What is told of a capture whose bytes were taken down here: they are not stored for a moment.
_TAKEN_DOWN = {
    "outcome": Outcome.EXCLUDED, "wanted": 0, "page_kind": "", "fetched_at": None, "landed_timestamp": "",
    "landed_url": "", "status": None, "headers": "", "encoding": "",
}  # fmt: skip


def merge_captures(
    conn: sqlite3.Connection, other: sqlite3.Connection, theirs: int, ours: int, shelf: BodyShelf
) -> int:
    """Take over the captures of a policy; return how many are new here, or told better."""
    reader, taken = BodyReader(other), 0
    columns = ", ".join(_CAPTURE)
    bans: dict[str, str] = {}
    for row in other.execute(
        f"SELECT {columns}, body_id FROM captures WHERE policy_id = ? ORDER BY body_id, id", (theirs,)
    ).fetchall():
        *values, body_id = row
        new = dict(zip(_CAPTURE, values, strict=True))
        if new["urlkey"] not in bans:
            bans[new["urlkey"]] = why_forgotten(conn, new["url"])
        if bans[new["urlkey"]]:
            continue
        sha = other.execute("SELECT sha256 FROM bodies WHERE id = ?", (body_id,)).fetchone() if body_id else None
        why = is_forgotten_page(conn, new["archive"], new["url"], new["timestamp"], sha[0]) if sha else ""
        if why:
            new, sha, body_id = {**new, **_TAKEN_DOWN, "reason": FORGOTTEN + why}, None, None
            values = list(new.values())
        held = conn.execute(
            f"SELECT id, {columns}, (SELECT sha256 FROM bodies WHERE id = body_id) FROM captures WHERE policy_id = ?"
            " AND (archive, url, timestamp, digest, statuscode) = (?, ?, ?, ?, ?)",
            (ours, *(new[name] for name in _KEY)),
        ).fetchone()
        if held is not None and _rank(dict(zip(_CAPTURE, held[1:-1], strict=True)), held[-1]) <= _rank(
            new, sha[0] if sha else None
        ):
            continue
        taken += 1
        ours_body = shelf.put(conn, ours, new["urlkey"], reader.read(int(body_id))) if body_id else None
        if held is None:
            conn.execute(
                f"INSERT INTO captures (policy_id, body_id, {columns}) VALUES (?, ?, {', '.join('?' * len(_CAPTURE))})",
                (ours, ours_body, *values),
            )
        else:
            sets = ", ".join(f"{name} = ?" for name in _CAPTURE)
            conn.execute(
                f"UPDATE captures SET {sets}, body_id = ?, text_id = NULL, version_id = NULL WHERE id = ?",
                (*values, ours_body, held[0]),
            )
    return taken


def _rank(row: dict[str, Any], sha: str | None) -> tuple[Any, ...]:
    """Order of preference between two rows of one capture: the smallest is kept."""
    rest = [("" if row[name] is None else str(row[name])) for name in _CAPTURE]
    return sha is None, _TELLING.index(Outcome(row["outcome"])), row["fetched_at"] or "~", sha or "", rest
