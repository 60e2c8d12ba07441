"""What was taken down, and must not come back: asked before anything is listed, imported or stored."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace

from harvest.errors import Forgotten
from harvest.urls import host_of, urlkey

#: How the reason of a capture begins that was taken down.
FORGOTTEN = "forgotten: "


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What was taken down: *scope* ``site`` (a host), ``url`` (its key) or ``capture`` (archive, URL and time).

    *bodies*: sha256 of the bytes that went with it; they do not come back under another address. *lifted_at*: when
    the ban was lifted, '' while it holds.
    """

    scope: str
    subject: str
    captures: int
    decided_by: str
    decided_at: str
    why: str
    lifted_at: str = ""
    lifted_by: str = ""
    bodies: tuple[str, ...] = ()


def why_forgotten(conn: sqlite3.Connection, url: str) -> str:
    """Return why nothing is kept of a URL, with what lifts the ban; '' where nothing was taken down."""
    labels = host_of(url).split(".")
    hosts = [".".join(labels[at:]) for at in range(len(labels))]
    row = conn.execute(
        f"SELECT scope, subject, decided_at, why FROM forgotten WHERE lifted_at = '' AND (scope = 'site' AND subject"
        f" IN ({', '.join('?' * len(hosts))}) OR scope = 'url' AND subject = ?) ORDER BY scope LIMIT 1",
        (*hosts, urlkey(url)),
    ).fetchone()
    if row is None:
        return ""
    what = row[1] if row[0] == "site" else url
    return f"{what} was taken down on {row[2][:10]} ({row[3]}): `harvest forget {what} --undo` lifts the ban"


def refuse_forgotten(conn: sqlite3.Connection, url: str) -> None:
    """Raise Forgotten where a URL was taken down."""
    why = why_forgotten(conn, url)
    if why:
        raise Forgotten(why)


def is_forgotten_page(conn: sqlite3.Connection, archive: str, url: str, timestamp: str, sha256: str) -> str:
    """Return why a capture, or bytes that came for it, were taken down, '' where they were not."""
    row = conn.execute(
        "SELECT (SELECT min(why) FROM forgotten WHERE scope = 'body' AND sha256 = ?1 AND sha256 <> ''"
        " AND lifted_at = ''), (SELECT min(why) FROM forgotten WHERE scope = 'capture' AND subject = ?2"
        " AND lifted_at = '')",
        (sha256, f"{archive} {url} {timestamp}"),
    ).fetchone()
    return str(row[0] or row[1] or "")


def exclude_forgotten(conn: sqlite3.Connection, policy_id: int) -> None:
    """Settle those captures of a policy that were taken down one by one, however they came to be listed again."""
    if conn.execute("SELECT 1 FROM forgotten WHERE scope = 'capture' AND lifted_at = '' LIMIT 1").fetchone() is None:
        return
    conn.execute(
        "UPDATE captures SET outcome = 'excluded', wanted = 0, reason = 'forgotten: ' || (SELECT f.why FROM forgotten f"
        " WHERE f.scope = 'capture' AND f.lifted_at = '' AND f.subject = archive || ' ' || url || ' ' || timestamp)"
        " WHERE policy_id = ? AND outcome IN ('listed', 'skipped') AND archive || ' ' || url || ' ' || timestamp IN"
        " (SELECT subject FROM forgotten WHERE scope = 'capture' AND lifted_at = '')",
        (policy_id,),
    )


def tombstones(conn: sqlite3.Connection) -> tuple[Tombstone, ...]:
    """Return everything that was taken down, the newest last."""
    rows = conn.execute(
        "SELECT scope, subject, captures, decided_by, decided_at, why, lifted_at, lifted_by FROM forgotten"
        " WHERE scope <> 'body' ORDER BY decided_at, scope, subject"
    ).fetchall()
    found = []
    for row in rows:
        bodies = conn.execute(
            "SELECT sha256 FROM forgotten WHERE scope = 'body' AND subject = ? AND decided_at = ? ORDER BY sha256",
            (f"{row[0]} {row[1]}", row[4]),
        )
        found.append(replace(Tombstone(*row), bodies=tuple(str(one[0]) for one in bodies)))
    return tuple(found)
