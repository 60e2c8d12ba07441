"""What a harvest asks the corpus before it asks an archive: known policies, their URLs, settled captures."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace

from harvest.model import Outcome
from harvest.urls import host_of


@dataclass(frozen=True, slots=True)
class KnownUrl:
    """A URL of a policy, and the policy. *archive*: the one its captures came from last, '' where it has none."""

    policy_id: int
    host: str
    kind: str
    label: str
    url: str
    urlkey: str
    evidence: str
    valid_from: str = ""
    archive: str = ""


@dataclass(frozen=True, slots=True)
class KnownCapture:
    """What became of one capture of a policy. *text*: sha256 of what it shows, '' for nothing."""

    id: int
    archive: str
    url: str
    timestamp: str
    digest: str
    statuscode: str
    outcome: Outcome
    landed_timestamp: str
    has_body: bool
    wanted: bool = False
    attempts: int = 0
    text: str = ""


_URLS = """
SELECT p.id AS policy_id, s.host, p.kind, p.label, u.url, u.urlkey, u.evidence,
       coalesce(u.valid_from, '') AS valid_from,
       coalesce((SELECT l.archive FROM listings l WHERE l.policy_id = p.id ORDER BY l.id DESC LIMIT 1), '') AS archive
FROM policy_urls u
JOIN policies p ON p.id = u.policy_id
JOIN sites s ON s.id = p.site_id
"""
_ORDER = " ORDER BY s.host, p.kind, p.label, coalesce(u.valid_from, ''), u.url"


def known_urls(conn: sqlite3.Connection) -> tuple[KnownUrl, ...]:
    """Return every URL of every policy, by host, kind and label; the oldest URL of a policy first."""
    return _known(conn, _URLS + _ORDER, ())


def known_by_key(conn: sqlite3.Connection, urlkey: str) -> KnownUrl | None:
    """Return the policy to which a URL key belongs; None for an unknown one."""
    return next(iter(_known(conn, _URLS + " WHERE u.urlkey = ?" + _ORDER, (urlkey,))), None)


def known_by_name(conn: sqlite3.Connection, host: str, kind: str, label: str) -> tuple[KnownUrl, ...]:
    """Return the URLs of the policy (host, kind, label); empty where there is no such policy or it has none."""
    where = " WHERE s.host = ? AND p.kind = ? AND p.label = ?"
    return _known(conn, _URLS + where + _ORDER, (host, kind, label))


def known_policy_id(conn: sqlite3.Connection, host: str, kind: str, label: str) -> int | None:
    """Return the id of a policy by its name, with or without URLs; None where there is none."""
    row = conn.execute(
        "SELECT p.id FROM policies p JOIN sites s ON s.id = p.site_id WHERE s.host = ? AND p.kind = ? AND p.label = ?",
        (host, kind, label),
    ).fetchone()
    return int(row[0]) if row else None


def known_of_host(conn: sqlite3.Connection, host: str) -> tuple[KnownUrl, ...]:
    """Return the URLs of the policies of a host, its subdomains, and those it points at."""
    where = """
    WHERE s.host = :host OR s.host LIKE '%.' || :like ESCAPE '\\'
       OR p.id IN (SELECT sp.policy_id FROM site_policies sp JOIN sites o ON o.id = sp.site_id WHERE o.host = :host)
    """
    like = host.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return _known(conn, _URLS + where + _ORDER, {"host": host_of(f"http://{host}"), "like": like})


def known_captures(conn: sqlite3.Connection, policy_id: int) -> tuple[KnownCapture, ...]:
    """Return all captures of a policy with their outcomes, in order of time, archive and URL."""
    found = conn.execute(
        "SELECT c.id, archive, url, timestamp, digest, statuscode, outcome, landed_timestamp, body_id IS NOT NULL,"
        " wanted, attempts, coalesce(t.sha256, '') FROM captures c LEFT JOIN texts t ON t.id = c.text_id"
        " WHERE c.policy_id = ? AND form = 'raw' ORDER BY captured_at, archive, url, digest, statuscode",
        (policy_id,),
    )
    return tuple(
        KnownCapture(
            id=row[0],
            archive=row[1],
            url=row[2],
            timestamp=row[3],
            digest=row[4],
            statuscode=row[5],
            outcome=Outcome(row[6]),
            landed_timestamp=row[7],
            has_body=bool(row[8]),
            wanted=bool(row[9]),
            attempts=row[10],
            text=row[11],
        )
        for row in found
    )


@dataclass(frozen=True, slots=True)
class KnownAddress:
    """An address of a policy (``host/kind[:label]``) and why it is there. *pointers*: pages that led to it."""

    policy: str
    url: str
    role: str
    evidence: str
    valid_from: str
    valid_to: str
    why: str
    captures: int
    pointers: tuple[str, ...] = ()


def known_addresses(conn: sqlite3.Connection, host: str = "") -> tuple[KnownAddress, ...]:
    """Return every address of the policies of a host and its subdomains ('': of all), with the evidence."""
    found = conn.execute(
        """
        SELECT p.id, s.host || '/' || p.kind || CASE p.label WHEN '' THEN '' ELSE ':' || p.label END, u.url, u.role,
               u.evidence, coalesce(u.valid_from, ''), coalesce(u.valid_to, ''), u.why,
               (SELECT count(*) FROM captures c WHERE c.policy_id = p.id AND c.urlkey = u.urlkey)
        FROM policy_urls u JOIN policies p ON p.id = u.policy_id JOIN sites s ON s.id = p.site_id
        WHERE ?1 = '' OR s.host = ?1 OR substr(s.host, -length(?1) - 1) = '.' || ?1 OR p.id IN (
            SELECT sp.policy_id FROM site_policies sp JOIN sites o ON o.id = sp.site_id WHERE o.host = ?1)
        ORDER BY 2, coalesce(u.valid_from, ''), u.url
        """,
        (host,),
    ).fetchall()
    return tuple(replace(KnownAddress(*row[1:]), pointers=_pointers(conn, row[0], row[2])) for row in found)


def _pointers(conn: sqlite3.Connection, policy_id: int, url: str) -> tuple[str, ...]:
    rows = conn.execute(
        "SELECT page, words, first_timestamp, last_timestamp, score, evidence FROM pointers"
        " WHERE policy_id = ? AND url = ? ORDER BY first_timestamp, page, words",
        (policy_id, url),
    )
    return tuple(
        f"{page or 'no page'} “{words}” {first[:4]}-{first[4:6]} … {last[:4]}-{last[4:6]}, {score:.2f}: {why}"
        for page, words, first, last, score, why in rows
    )


def last_every(conn: sqlite3.Connection) -> dict[str, str]:
    """Return how often captures of each policy (by its name in runs) were taken when it was last harvested."""
    found: dict[str, str] = {}
    for (text,) in conn.execute("SELECT settings FROM runs WHERE command IN ('run', 'update') ORDER BY id"):
        settings = json.loads(text)
        found.update(dict.fromkeys(settings.get("policies", ()), settings.get("every", "all")))
    return found


def _known(conn: sqlite3.Connection, sql: str, params: Sequence[str] | dict[str, str]) -> tuple[KnownUrl, ...]:
    return tuple(KnownUrl(*row) for row in conn.execute(sql, params))
