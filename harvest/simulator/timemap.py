"""Time maps: the captures of a URL in the forms of RFC 7089 (``link``) and of the archive (``json``, ``cdx``)."""

from __future__ import annotations

import json
from collections.abc import Sequence

from harvest.simulator.holdings import Holding
from harvest.simulator.playback import Reply, http_date

COLUMNS = (
    *("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest"),
    *("redirect", "robotflags", "length", "offset", "filename"),
)


def as_json(rows: Sequence[Holding]) -> Reply:
    """Eleven columns and a head row, as recorded; an empty list where there are no captures."""
    table = [list(COLUMNS), *(_columns(row) for row in rows)] if rows else []
    text = "[" + ",\n".join(json.dumps(row, separators=(",", ":")) for row in table) + "]\n"
    return Reply(200, "OK", (("Content-Type", "application/json"),), text.encode())


def _columns(row: Holding) -> list[str]:
    place = [row.length, str(row.offset or 0), row.path.name]
    return [row.urlkey, row.timestamp, row.original, row.mimetype, row.statuscode, row.digest, "-", "-", *place]


def as_links(rows: Sequence[Holding], url: str, base: str) -> Reply:
    """One link a line: the original, the map itself, and each capture with its time."""
    own = f"{base}/web/timemap/link/{url}"
    lines = [f'<{url}>; rel="original"', f'<{own}>; rel="self"; type="application/link-format"']
    for position, row in enumerate(rows):
        rel = "first memento" if position == 0 else "memento"
        address = f"{base}/web/{row.timestamp}/{row.original}"
        lines.append(f'<{address}>; rel="{rel}"; datetime="{http_date(row.timestamp)}"')
    return Reply(200, "OK", (("Content-Type", "application/link-format"),), ",\n".join(lines).encode() + b"\n")
