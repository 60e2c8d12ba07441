"""Until when a policy was seen at which of its URLs, kept with its history."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from harvest.corpus.derive_model import Sighting


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
