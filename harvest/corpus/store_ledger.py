"""Policies, listings and selections: what was asked, and that every listed row is counted once."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from harvest.corpus.forgotten import exclude_forgotten, refuse_forgotten
from harvest.corpus.storable import storable_text
from harvest.errors import CorpusError
from harvest.model import Capture, Listing, Outcome, Selected
from harvest.timestamps import from_iso, to_iso
from harvest.urls import canonical_url, urlkey

#: How the reason of a capture begins that was not fetched because those around it show the same.
ASSUMED = "assumed "
_CAPTURE_COLUMNS = (
    "archive, url, urlkey, timestamp, captured_at, approximate, mimetype, statuscode, digest, length, form"
)


@dataclass(frozen=True, slots=True)
class ListingCounts:
    """How the rows of a listing were counted; they add up to *rows*."""

    rows: int
    added: int
    known: int
    repeated: int
    malformed: int


def ensure_policy(
    conn: sqlite3.Connection,
    *,
    host: str,
    kind: str,
    label: str = "",
    url: str = "",
    role: str,
    evidence: str,
    name: str,
) -> int:
    """Return the id of a policy, made if it is new, with its URL noted. A person's one-policy judgement comes first."""
    host = _host(host)
    if not host:
        raise CorpusError("a policy needs the host of its site")
    refuse_forgotten(conn, url or f"http://{host}/")
    if url and (merged := _judged_policy(conn, url, f"{host}/{kind}:{label}")) is not None:
        return merged
    conn.execute("INSERT OR IGNORE INTO sites (host, name) VALUES (?, ?)", (host, name))
    if name:
        conn.execute("UPDATE sites SET name = ? WHERE host = ? AND name = ''", (name, host))
    site_id = conn.execute("SELECT id FROM sites WHERE host = ?", (host,)).fetchone()[0]
    conn.execute("INSERT OR IGNORE INTO policies (site_id, kind, label) VALUES (?, ?, ?)", (site_id, kind, label))
    policy_id = int(
        conn.execute(
            "SELECT id FROM policies WHERE site_id = ? AND kind = ? AND label = ?", (site_id, kind, label)
        ).fetchone()[0]
    )
    if url:
        record_url(conn, policy_id, url, role=role, evidence=evidence)
    return policy_id


def record_url(
    conn: sqlite3.Connection,
    policy_id: int,
    url: str,
    *,
    role: str,
    evidence: str,
    valid_from: str | None = None,
    valid_to: str | None = None,
) -> None:
    """Note that a policy lives (or lived) at a URL. What is known already stays; open bounds are filled in."""
    url = canonical_url(url)
    refuse_forgotten(conn, url)
    conn.execute(
        "INSERT INTO policy_urls (policy_id, url, urlkey, role, evidence, valid_from, valid_to)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (policy_id, url) DO UPDATE SET"
        " valid_from = coalesce(excluded.valid_from, valid_from), valid_to = coalesce(excluded.valid_to, valid_to)",
        (policy_id, url, urlkey(url), role, evidence, valid_from, valid_to),
    )


def link_site(conn: sqlite3.Connection, policy_id: int, host: str, *, evidence: str) -> None:
    """Note that a site points at another site's policy."""
    conn.execute("INSERT OR IGNORE INTO sites (host) VALUES (?)", (_host(host),))
    conn.execute(
        "INSERT OR IGNORE INTO site_policies (site_id, policy_id, evidence) SELECT id, ?, ? FROM sites WHERE host = ?",
        (policy_id, evidence, _host(host)),
    )


def record_listing(conn: sqlite3.Connection, policy_id: int, listing: Listing) -> ListingCounts:
    """Store one answer of an index: each row is added, known, repeated or malformed, and counted as that."""
    added = known = repeated = 0
    met: set[tuple[str, ...]] = set()
    for capture in listing.captures:
        key = _key(capture)
        if key in met:
            repeated += 1
            continue
        met.add(key)
        if add_capture(conn, policy_id, capture):
            added += 1
        else:
            known += 1
    counts = ListingCounts(listing.rows, added, known, listing.repeated + repeated, len(listing.oddities))
    cursor = conn.execute(
        "INSERT INTO listings (policy_id, archive, url, asked_at, from_ts, to_ts, outcome, message,"
        " rows, added, known, repeated, malformed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(policy_id, listing.archive, listing.url, to_iso(listing.asked_at), listing.from_ts, listing.to_ts),
            *(listing.outcome, listing.message),
            *(counts.rows, counts.added, counts.known, counts.repeated, counts.malformed),
        ),
    )
    conn.executemany(
        "INSERT INTO listing_oddities (listing_id, line, why) VALUES (?, ?, ?)",
        [(cursor.lastrowid, storable_text(oddity.line), oddity.why) for oddity in listing.oddities],
    )
    exclude_forgotten(conn, policy_id)
    return counts


def add_capture(conn: sqlite3.Connection, policy_id: int, capture: Capture) -> bool:
    """Add one capture as ``listed``; False where the policy has it already."""
    cursor = conn.execute(
        f"INSERT OR IGNORE INTO captures (policy_id, {_CAPTURE_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(policy_id, capture.archive, capture.url, capture.urlkey, capture.timestamp, to_iso(capture.captured_at)),
            *(int(capture.approximate), capture.mimetype, capture.statuscode, capture.digest, capture.length),
            capture.form,
        ),
    )
    return cursor.rowcount == 1


def capture_id(conn: sqlite3.Connection, policy_id: int, capture: Capture) -> int:
    """Return the id of a capture of a policy by its row in the listing."""
    row = conn.execute(
        "SELECT id FROM captures WHERE policy_id = ? AND archive = ? AND url = ? AND timestamp = ? AND digest = ?"
        " AND statuscode = ?",
        (policy_id, *_key(capture)),
    ).fetchone()
    if row is None:
        raise CorpusError(f"capture {capture.timestamp} of {capture.url} was never listed")
    return int(row[0])


def captures_of(conn: sqlite3.Connection, policy_id: int) -> list[Capture]:
    """Return every capture of a policy, oldest first."""
    rows = conn.execute(
        f"SELECT {_CAPTURE_COLUMNS} FROM captures WHERE policy_id = ?"
        " ORDER BY captured_at, archive, url, timestamp, digest, statuscode",
        (policy_id,),
    )
    return [capture_of(row) for row in rows]


def record_selection(conn: sqlite3.Connection, policy_id: int, selected: Sequence[Selected]) -> int:
    """Note which captures to fetch and why, which not and why; return how many changed.

    What has been fetched (or settled) stays so. A choice once made is not taken back by a coarser one later. What a
    capture is assumed to show is said anew as more is seen.
    """
    changed = 0
    for choice in selected:
        outcome = Outcome.LISTED if choice.fetch else Outcome.SKIPPED
        anew = choice.fetch or choice.reason.startswith(ASSUMED)
        open_ones = "'listed', 'skipped'" if anew else "'listed'"
        changed += conn.execute(
            "UPDATE captures SET outcome = ?, reason = ?, wanted = ? WHERE policy_id = ? AND archive = ? AND url = ?"
            f" AND timestamp = ? AND digest = ? AND statuscode = ? AND wanted = 0 AND outcome IN ({open_ones})",
            (outcome, choice.reason, int(choice.fetch), policy_id, *_key(choice.capture)),
        ).rowcount
    return changed


def pending(conn: sqlite3.Connection, policy_id: int | None, *, max_attempts: int | None) -> list[tuple[int, Capture]]:
    """Return the captures chosen and not settled, oldest first, with their ids; failed ones too.

    *policy_id* None: of all policies. *max_attempts*: leave out those that failed as often as that.
    """
    rows = conn.execute(
        f"SELECT {_CAPTURE_COLUMNS}, id FROM captures WHERE (?1 IS NULL OR policy_id = ?1) AND wanted = 1"
        " AND outcome IN ('listed', 'failed') AND (?2 IS NULL OR attempts < ?2)"
        " ORDER BY policy_id, captured_at, archive, url, timestamp, digest, statuscode",
        (policy_id, max_attempts),
    )
    return [(int(row[11]), capture_of(row)) for row in rows]


def capture_of(row: Sequence[object]) -> Capture:
    """Read the columns of a capture as they were listed."""
    archive, url, key, timestamp, captured_at, approximate, mimetype, statuscode, digest, length, form = row[:11]
    return Capture(
        archive=str(archive),
        url=str(url),
        urlkey=str(key),
        timestamp=str(timestamp),
        captured_at=from_iso(str(captured_at)),
        approximate=bool(approximate),
        mimetype=str(mimetype),
        statuscode=str(statuscode),
        digest=str(digest),
        length=int(str(length)) if length is not None else None,
        form=str(form),
    )


def _judged_policy(conn: sqlite3.Connection, url: str, asked: str) -> int | None:
    """Return the policy a person put a URL to. The name that was *asked* for is where it goes back to one day."""
    row = conn.execute(
        "SELECT j.policy_id, j.id FROM policy_urls u JOIN judgements j ON j.policy_id = u.policy_id AND j.url = u.url"
        " WHERE u.urlkey = ? AND j.verdict = 'one-policy' AND j.undone_at = ''"
        " ORDER BY j.decided_at DESC, j.turn DESC, j.id DESC LIMIT 1",
        (urlkey(url),),
    ).fetchone()
    if row is None:
        return None
    conn.execute("UPDATE judgements SET came_from = ? WHERE id = ? AND came_from = ''", (asked, row[1]))
    return int(row[0])


def _key(capture: Capture) -> tuple[str, ...]:
    return capture.archive, capture.url, capture.timestamp, capture.digest, capture.statuscode


def _host(host: str) -> str:
    host = host.strip().lower().rstrip(".")
    return host[4:] if host.startswith("www.") else host
