"""What people said of captures and addresses, and what a person may mean by a capture."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass

from harvest.errors import UnknownTarget
from harvest.urls import urlkey

_MEMENTO = re.compile(r"^(?:https?://[^/]+)?/?(?:.*?/)?(\d{4,14})(?:[a-z]{2}_)?/(https?:/.+)$", re.I)
_AT = re.compile(r"^(.+)@(\d{4,14}|\d{4}-\d\d(?:-\d\d)?)$")
_POLICY = "s.host || '/' || p.kind || CASE p.label WHEN '' THEN '' ELSE ':' || p.label END"


@dataclass(frozen=True, slots=True)
class RecordedJudgement:
    """One judgement with its policy (``host/kind[:label]``). *undone_at*: '' while it stands."""

    id: int
    policy: str
    verdict: str
    archive: str
    url: str
    timestamp: str
    decided_by: str
    decided_at: str
    why: str
    undone_at: str = ""
    undone_by: str = ""


@dataclass(frozen=True, slots=True)
class NamedCapture:
    """A capture as a person named it: the row of its listing, and its policy's id."""

    policy_id: int
    archive: str
    url: str
    timestamp: str
    outcome: str


def judgements(conn: sqlite3.Connection, host: str = "") -> tuple[RecordedJudgement, ...]:
    """Return all judgements on the policies of a host ('': of all), oldest first; those taken back too."""
    rows = conn.execute(
        f"SELECT j.id, {_POLICY}, j.verdict, j.archive, j.url, j.timestamp, j.decided_by, j.decided_at, j.why,"
        " j.undone_at, j.undone_by FROM judgements j JOIN policies p ON p.id = j.policy_id"
        " JOIN sites s ON s.id = p.site_id WHERE ?1 = '' OR s.host = ?1 ORDER BY j.decided_at, j.turn, j.id",
        (host,),
    )
    return tuple(RecordedJudgement(*row) for row in rows)


def may_be_capture(text: str) -> bool:
    """Return whether a person who writes this means one capture: an address with a timestamp."""
    return bool(_MEMENTO.match(text) or _AT.match(text))


def captures_named(conn: sqlite3.Connection, text: str) -> tuple[NamedCapture, ...]:
    """Return the captures that a person means: the address of a memento, or ``URL@TIMESTAMP`` (or a day of it).

    Several where one second has several rows; a day that several captures share raises UnknownTarget with them.
    """
    match = _MEMENTO.match(text)
    url, stamp = (match[2], match[1]) if match else ("", "")
    if not match and (match := _AT.match(text)):
        url, stamp = match[1], match[2].replace("-", "")
    if not url:
        raise UnknownTarget(f"{text!r} names no capture: write URL@TIMESTAMP, or the archive's address of the page")
    rows = conn.execute(
        "SELECT policy_id, archive, url, timestamp, outcome FROM captures WHERE urlkey = ?1"
        " AND substr(timestamp, 1, ?2) = ?3"
        " ORDER BY timestamp, url, digest, statuscode",
        (urlkey(url), len(stamp), stamp),
    ).fetchall()
    found = tuple(dict.fromkeys(NamedCapture(*row) for row in rows))
    if not found:
        raise UnknownTarget(f"the corpus has no capture of {url} at {stamp}{_nearest(conn, url, stamp)}")
    if len({one.timestamp for one in found}) > 1:
        named = ", ".join(sorted({one.timestamp for one in found})[:8])
        raise UnknownTarget(f"{len(found)} captures of {url} begin with {stamp}: name one of {named}")
    return found


def _nearest(conn: sqlite3.Connection, url: str, stamp: str) -> str:
    row = conn.execute(
        "SELECT timestamp FROM captures WHERE urlkey = ?1 ORDER BY abs(CAST(substr(timestamp || '00000000', 1, 14) AS"
        " INTEGER) - CAST(substr(?2 || '00000000000000', 1, 14) AS INTEGER)) LIMIT 1",
        (urlkey(url), stamp),
    ).fetchone()
    return f"; the nearest is of {row[0]}" if row else ""
