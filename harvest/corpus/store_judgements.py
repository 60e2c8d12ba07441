"""What people decided: it survives every rebuild, and history follows it."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from harvest.corpus.store_import import merge_policies, move_rows
from harvest.errors import HarvestError
from harvest.timestamps import to_iso
from harvest.urls import canonical_url, urlkey

#: About one capture (archive, url, timestamp): it is no policy, it is one whatever its page looks like, neither.
ABOUT_CAPTURES = ("off-topic", "on-topic", "none")
#: About a URL: it belongs to this policy, wherever it was recorded.
ONE_POLICY = "one-policy"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A person's word on a capture (all three of *archive*, *url*, *timestamp*) or a URL."""

    verdict: str
    archive: str = ""
    url: str = ""
    timestamp: str = ""
    by: str = ""
    why: str = ""


def record_judgement(conn: sqlite3.Connection, policy_id: int, judgement: Judgement, *, at: datetime) -> bool:
    """Write a judgement down; return whether texts must be read again for it."""
    if judgement.verdict not in (*ABOUT_CAPTURES, ONE_POLICY):
        raise HarvestError(f"{judgement.verdict!r} is no verdict; there are {', '.join((*ABOUT_CAPTURES, ONE_POLICY))}")
    url = canonical_url(judgement.url) if judgement.verdict == ONE_POLICY else judgement.url
    subject = (judgement.archive, url, judgement.timestamp)
    before = last_verdict(conn, policy_id, *subject)
    conn.execute(
        "INSERT INTO judgements (policy_id, verdict, archive, url, timestamp, decided_by, decided_at, why)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (policy_id, judgement.verdict, *subject, judgement.by, to_iso(at), judgement.why),
    )
    return "on-topic" in (before, judgement.verdict)


def last_verdict(conn: sqlite3.Connection, policy_id: int, archive: str, url: str, timestamp: str) -> str:
    """Return the last word on a capture, '' if there is none."""
    row = conn.execute(
        "SELECT verdict FROM judgements WHERE policy_id = ? AND archive = ? AND url = ? AND timestamp = ?"
        " AND verdict <> 'one-policy' ORDER BY decided_at DESC, id DESC LIMIT 1",
        (policy_id, archive, url, timestamp),
    ).fetchone()
    return str(row[0]) if row else ""


def take_url(conn: sqlite3.Connection, policy_id: int, url: str) -> list[int]:
    """Move a URL and its captures from other policies to this one; return those that keep captures of their own.

    A policy left with nothing is no more. Read this policy and the returned ones again afterwards.
    """
    key, robbed = urlkey(url), []
    conn.execute(
        "INSERT OR IGNORE INTO policy_urls (policy_id, url, urlkey, evidence) VALUES (?, ?, ?, 'given')",
        (policy_id, canonical_url(url), key),
    )
    rows = conn.execute(
        "SELECT policy_id FROM captures WHERE urlkey = ?1 AND policy_id <> ?2"
        " UNION SELECT policy_id FROM policy_urls WHERE urlkey = ?1 AND policy_id <> ?2 ORDER BY policy_id",
        (key, policy_id),
    ).fetchall()
    for (source,) in rows:
        others = conn.execute("SELECT 1 FROM captures WHERE policy_id = ? AND urlkey <> ? LIMIT 1", (source, key))
        if others.fetchone() is None:
            merge_policies(conn, source, policy_id)
        else:
            _move_captures(conn, source, policy_id, key)
            robbed.append(int(source))
    return robbed


def _move_captures(conn: sqlite3.Connection, source: int, target: int, key: str) -> None:
    move_rows(conn, source, target, "policy_id = ?1 AND urlkey = ?3", (key,))
    for row_id, url in conn.execute("SELECT id, url FROM listings WHERE policy_id = ?", (source,)).fetchall():
        if urlkey(url) == key:
            conn.execute("UPDATE listings SET policy_id = ? WHERE id = ?", (target, row_id))
