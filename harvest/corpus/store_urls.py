"""Where a policy lives and lived: until when it was seen there, and what points there."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Protocol

from harvest.corpus.derive_model import Sighting
from harvest.urls import canonical_url


def keep_urls(conn: sqlite3.Connection, policy_id: int, sightings: Sequence[Sighting]) -> None:
    """Write until when a text was seen at each URL (``valid_to``).

    NULL for the URL where the policy was seen last: it lives there still, as far as is known. ``valid_from`` is left
    to those who know: the redirect that led to a URL says since when, the first capture does not.
    """
    seen: dict[str, str] = {}
    for one in sightings:
        if one.text:
            seen[one.urlkey] = max(seen.get(one.urlkey, ""), one.at)
    newest = max(seen.values(), default="")
    rows = conn.execute("SELECT url, urlkey, valid_to FROM policy_urls WHERE policy_id = ?", (policy_id,)).fetchall()
    for url, key, valid_to in rows:
        until = seen[key] if key in seen and seen[key] < newest else None
        if key in seen and until != valid_to:
            conn.execute("UPDATE policy_urls SET valid_to = ? WHERE policy_id = ? AND url = ?", (until, policy_id, url))


class PointerSeen(Protocol):
    """A page that led to an address of a policy; see `harvest.archive.discovery.Pointer`."""

    @property
    def url(self) -> str: ...
    @property
    def page(self) -> str: ...
    @property
    def words(self) -> str: ...
    @property
    def archive(self) -> str: ...
    @property
    def first(self) -> str: ...
    @property
    def last(self) -> str: ...
    @property
    def score(self) -> float: ...
    @property
    def evidence(self) -> str: ...


def keep_pointers(conn: sqlite3.Connection, policy_id: int, pointers: Iterable[PointerSeen]) -> None:
    """Note what points at a policy; what is known of the same link is widened to earlier and later sightings."""
    conn.executemany(
        "INSERT INTO pointers (policy_id, url, page, words, archive, first_timestamp, last_timestamp, score, evidence)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (policy_id, url, page, words, archive) DO UPDATE SET"
        " first_timestamp = min(first_timestamp, excluded.first_timestamp),"
        " last_timestamp = max(last_timestamp, excluded.last_timestamp),"
        " evidence = CASE WHEN (excluded.score, evidence) > (score, excluded.evidence) THEN excluded.evidence"
        " ELSE evidence END, score = max(score, excluded.score)",
        [
            (
                *(policy_id, canonical_url(one.url), one.page, one.words, one.archive),
                *(one.first, one.last, one.score, one.evidence),
            )
            for one in pointers
        ],
    )


def explain_url(conn: sqlite3.Connection, policy_id: int, url: str, why: str) -> None:
    """Write down in words why an address belongs to a policy; what was said before is replaced."""
    conn.execute("UPDATE policy_urls SET why = ? WHERE policy_id = ? AND url = ?", (why, policy_id, canonical_url(url)))
