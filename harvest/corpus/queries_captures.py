"""Captures with everything the archive said of them: what exports of raw pages are made of."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from harvest.corpus.bodies import BodyReader
from harvest.corpus.queries_model import PolicyRef
from harvest.timestamps import from_iso


@dataclass(frozen=True, slots=True)
class StoredCapture:
    """One capture that was fetched, or is known to show the bytes of one. *body* is None for redirects, whose bodies
    are not kept; of a duplicate, body and headers are those of its twin.

    *url* and *timestamp* are where the page was in the end; *listed_url* and *listed_timestamp* what was asked for.
    *status* None: the archive passed none on. *text_sha*: of the text it shows, '' for none.
    """

    archive: str
    url: str
    timestamp: str
    listed_url: str
    listed_timestamp: str
    captured_at: datetime
    fetched_at: datetime | None
    form: str
    outcome: str
    reason: str
    digest: str
    status: int | None
    headers: Mapping[str, str]
    sha256: str
    text_sha: str
    body: bytes | None


_SQL = """
    SELECT c.archive, coalesce(nullif(c.landed_url, ''), c.url), coalesce(nullif(c.landed_timestamp, ''), c.timestamp),
        c.url, c.timestamp, c.captured_at, c.fetched_at, c.form, c.outcome, c.reason, c.digest,
        coalesce(c.status, w.status), coalesce(w.headers, c.headers), coalesce(b.sha256, ''), coalesce(t.sha256, ''),
        b.id, c.statuscode
    FROM captures c LEFT JOIN texts t ON t.id = c.text_id
    LEFT JOIN captures w ON w.id = CASE WHEN c.outcome = 'duplicate' AND c.body_id IS NULL THEN (
        SELECT x.id FROM captures x WHERE x.policy_id = c.policy_id AND x.digest = c.digest AND x.body_id IS NOT NULL
        AND x.landed_timestamp = x.timestamp AND x.outcome <> 'redirect' ORDER BY x.timestamp, x.id LIMIT 1) END
    LEFT JOIN bodies b ON b.id = coalesce(c.body_id, w.body_id)
    WHERE {condition} AND (b.id IS NOT NULL OR c.outcome = 'redirect')
    ORDER BY coalesce(b.id, 0), c.captured_at, c.archive, c.url, c.id
"""


def stored_captures(conn: sqlite3.Connection, policy: PolicyRef) -> Iterator[StoredCapture]:
    """Yield the fetched captures of a policy with their bodies, in the order these were stored, one at a time.

    Raises CorpusError where a body does not match its checksum.
    """
    return _captures(conn, "c.policy_id = ?", policy.id)


def captures_of_version(conn: sqlite3.Connection, version_id: int) -> Iterator[StoredCapture]:
    """Yield the captures that show a version, with their bodies."""
    return _captures(conn, "c.version_id = ?", version_id)


def _captures(conn: sqlite3.Connection, condition: str, value: int) -> Iterator[StoredCapture]:
    reader = BodyReader(conn)
    for row in conn.execute(_SQL.format(condition=condition), (value,)):
        status = row[11] if row[11] is not None else int(row[16]) if str(row[16]).isdigit() else None
        yield StoredCapture(
            archive=row[0],
            url=row[1],
            timestamp=row[2],
            listed_url=row[3],
            listed_timestamp=row[4],
            captured_at=from_iso(row[5]),
            fetched_at=from_iso(row[6]) if row[6] else None,
            form=row[7],
            outcome=row[8],
            reason=row[9],
            digest=row[10],
            status=status,
            headers=json.loads(row[12]) if row[12] else {},
            sha256=row[13],
            text_sha=row[14],
            body=reader.read(int(row[15])) if row[15] is not None else None,
        )
