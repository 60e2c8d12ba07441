"""When a policy was seen at which of its URLs, kept with its history."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from harvest.corpus.derive_model import Sighting


def keep_urls(conn: sqlite3.Connection, policy_id: int, sightings: Sequence[Sighting]) -> None:
    """Write since when (``valid_from``) and until when (``valid_to``) a text was seen at each URL.

    ``valid_to`` is NULL for the URL where the policy was seen last: it lives there still, as far as is known. The
    ``valid_from`` of a URL that a redirect led to is the moment of that redirect, and stays.
    """
    seen: dict[str, tuple[str, str]] = {}
    for one in sightings:
        if one.text:
            first, last = seen.get(one.urlkey, (one.at, one.at))
            seen[one.urlkey] = (min(first, one.at), max(last, one.at))
    newest = max((last for _, last in seen.values()), default="")
    rows = conn.execute(
        "SELECT url, urlkey, evidence, valid_from, valid_to FROM policy_urls WHERE policy_id = ?", (policy_id,)
    ).fetchall()
    for url, key, evidence, valid_from, valid_to in rows:
        if key not in seen:
            continue
        first, last = seen[key]
        wanted = (valid_from if evidence == "redirect" and valid_from else first, last if last < newest else None)
        if wanted != (valid_from, valid_to):
            conn.execute(
                "UPDATE policy_urls SET valid_from = ?, valid_to = ? WHERE policy_id = ? AND url = ?",
                (*wanted, policy_id, url),
            )
