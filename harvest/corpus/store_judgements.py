"""What people decided: it survives every rebuild, history follows it, and it can be taken back.

The last word on a subject that was not taken back counts. A word on a URL moves its captures between policies;
taken back, they return to the policy they came from (``came_from``).
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from harvest.corpus.store_import import merge_policies, move_rows
from harvest.corpus.store_ledger import ensure_policy, link_site
from harvest.errors import HarvestError
from harvest.policy_names import split_name
from harvest.timestamps import to_iso
from harvest.urls import canonical_url, urlkey

#: About one capture (archive, url, timestamp): it is no policy, it is one whatever its page looks like, neither.
ABOUT_CAPTURES = ("off-topic", "on-topic", "none")
#: About a URL: it belongs to this policy, wherever it was recorded.
ONE_POLICY = "one-policy"
#: About a policy, a URL or a capture: something worth knowing. Changes nothing.
NOTE = "note"
#: How the address of a policy says that a person put it there, or that it is there as it was before.
JUDGED = "judged"
_LAST = "ORDER BY decided_at DESC, turn DESC, id DESC LIMIT 1"


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
    known = (*ABOUT_CAPTURES, ONE_POLICY, NOTE)
    if judgement.verdict not in known:
        raise HarvestError(f"{judgement.verdict!r} is no verdict; there are {', '.join(known)}")
    url = canonical_url(judgement.url) if judgement.verdict == ONE_POLICY else judgement.url
    subject = (judgement.archive, url, judgement.timestamp)
    before = last_verdict(conn, policy_id, *subject)
    came_from = owner_of(conn, url) if judgement.verdict == ONE_POLICY else ""
    conn.execute(
        "INSERT INTO judgements (policy_id, verdict, archive, url, timestamp, decided_by, decided_at, why, came_from,"
        " turn) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, count(*) FROM judgements"
        " WHERE (archive, url, timestamp) = (?3, ?4, ?5)",
        (policy_id, judgement.verdict, *subject, judgement.by, to_iso(at), judgement.why, came_from),
    )
    return "on-topic" in (before, judgement.verdict)


def last_verdict(conn: sqlite3.Connection, policy_id: int, archive: str, url: str, timestamp: str) -> str:
    """Return the last word on a capture that stands, '' if there is none."""
    row = conn.execute(
        "SELECT verdict FROM judgements WHERE policy_id = ? AND archive = ? AND url = ? AND timestamp = ?"
        f" AND verdict IN ('off-topic', 'on-topic', 'none') AND undone_at = '' {_LAST}",
        (policy_id, archive, url, timestamp),
    ).fetchone()
    return str(row[0]) if row else ""


def undo_judgement(conn: sqlite3.Connection, judgement_id: int, *, by: str, at: datetime) -> list[int]:
    """Take a word back; return the policies to read again. Raises HarvestError for one that is unknown or undone."""
    row = conn.execute(
        "SELECT policy_id, verdict, url, undone_at FROM judgements WHERE id = ?", (judgement_id,)
    ).fetchone()
    if row is None:
        raise HarvestError(f"there is no judgement {judgement_id}: harvest mark --list shows them")
    if row[3]:
        raise HarvestError(f"judgement {judgement_id} was taken back on {row[3][:10]} already")
    conn.execute("UPDATE judgements SET undone_at = ?, undone_by = ? WHERE id = ?", (to_iso(at), by, judgement_id))
    if row[1] == ONE_POLICY:
        return settle_url(conn, str(row[2]))
    return [int(row[0])] if row[1] in ABOUT_CAPTURES else []


def settle_url(conn: sqlite3.Connection, url: str) -> list[int]:
    """Let a URL be where the last word on it that stands says, else where it came from; return the policies touched."""
    held = [row[0] for row in conn.execute("SELECT policy_id FROM policy_urls WHERE urlkey = ?", (urlkey(url),))]
    word = conn.execute(
        f"SELECT policy_id, why FROM judgements WHERE verdict = 'one-policy' AND url = ? AND undone_at = '' {_LAST}",
        (canonical_url(url),),
    ).fetchone()
    if word is not None:
        return [*take_url(conn, int(word[0]), url, why=str(word[1])), int(word[0])]
    first = conn.execute(
        "SELECT came_from FROM judgements WHERE verdict = 'one-policy' AND url = ? AND came_from <> ''"
        " ORDER BY decided_at, turn, id LIMIT 1",
        (canonical_url(url),),
    ).fetchone()
    if first is None:
        return [int(policy_id) for policy_id in held]
    home = policy_named(conn, str(first[0]))
    touched = take_url(conn, home, url, evidence="given")
    conn.execute(
        "DELETE FROM site_policies WHERE evidence = ? AND site_id = (SELECT site_id FROM policies WHERE id = ?)",
        (canonical_url(url), home),
    )
    return [*touched, home]


def owner_of(conn: sqlite3.Connection, url: str) -> str:
    """Return the name (``host/kind:label``) of the policy that holds a URL, '' where none does."""
    row = conn.execute(
        "SELECT s.host || '/' || p.kind || ':' || p.label FROM policy_urls u JOIN policies p ON p.id = u.policy_id"
        " JOIN sites s ON s.id = p.site_id WHERE u.urlkey = ? ORDER BY s.host, p.kind, p.label LIMIT 1",
        (urlkey(url),),
    ).fetchone()
    return str(row[0]) if row else ""


def policy_named(conn: sqlite3.Connection, name: str) -> int:
    """Return the id of the policy ``host/kind:label``, made if it is not there."""
    host, kind, label = split_name(name)
    return ensure_policy(conn, host=host, kind=kind, label=label, role="current", evidence="", name="")


def take_url(conn: sqlite3.Connection, policy_id: int, url: str, *, evidence: str = JUDGED, why: str = "") -> list[int]:
    """Move a URL and its captures from other policies to this one; return those that keep something of their own.

    A policy left with nothing is no more. Read this policy and the returned ones again afterwards.
    """
    key, robbed = urlkey(url), []
    rows = conn.execute(
        "SELECT policy_id FROM captures WHERE urlkey = ?1 AND policy_id <> ?2"
        " UNION SELECT policy_id FROM policy_urls WHERE urlkey = ?1 AND policy_id <> ?2 ORDER BY policy_id",
        (key, policy_id),
    ).fetchall()
    for (source,) in rows:
        link_to_taker(conn, source, policy_id, canonical_url(url))
        others = conn.execute(
            "SELECT 1 FROM captures WHERE policy_id = ?1 AND urlkey <> ?2"
            " UNION ALL SELECT 1 FROM policy_urls WHERE policy_id = ?1 AND urlkey <> ?2 LIMIT 1",
            (source, key),
        )
        if others.fetchone() is None:
            merge_policies(conn, source, policy_id)
        else:
            _move_captures(conn, source, policy_id, key)
            robbed.append(int(source))
    conn.execute(
        "INSERT OR IGNORE INTO policy_urls (policy_id, url, urlkey, evidence) VALUES (?, ?, ?, ?)",
        (policy_id, canonical_url(url), key, evidence),
    )
    conn.execute(
        "UPDATE policy_urls SET evidence = ?, why = ? WHERE policy_id = ? AND urlkey = ?",
        (evidence, f"judged: {why}" if evidence == JUDGED else "", policy_id, key),
    )
    return robbed


def link_to_taker(conn: sqlite3.Connection, source: int, target: int, url: str) -> None:
    """Let the site of a policy that gives a URL away point at the policy that takes it."""
    hosts = [
        conn.execute("SELECT s.host FROM sites s JOIN policies p ON p.site_id = s.id WHERE p.id = ?", (one,)).fetchone()
        for one in (source, target)
    ]
    if hosts[0] != hosts[1]:
        link_site(conn, target, str(hosts[0][0]), evidence=url)


def _move_captures(conn: sqlite3.Connection, source: int, target: int, key: str) -> None:
    move_rows(conn, source, target, "policy_id = ?1 AND urlkey = ?3", (key,))
    for table, condition in (
        ("listings", "1"),
        ("pointers", "1"),
        ("judgements", "verdict IN ('off-topic', 'on-topic', 'none', 'note')"),
    ):
        urls = conn.execute(f"SELECT DISTINCT url FROM {table} WHERE policy_id = ? AND {condition}", (source,))
        for url in [row[0] for row in urls if urlkey(row[0]) == key]:
            conn.execute(
                f"UPDATE OR IGNORE {table} SET policy_id = ? WHERE policy_id = ? AND url = ? AND {condition}",
                (target, source, url),
            )
            if table == "pointers":
                conn.execute("DELETE FROM pointers WHERE policy_id = ? AND url = ?", (source, url))
