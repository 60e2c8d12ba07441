"""Bounds of versions in the commits of an exported corpus: a commit has one moment, its message says the others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

#: The name in the map of an exported corpus; from other people's histories nothing of this is read.
ARCHIVE_NAME = "policy-harvest"
#: The map itself, a file of the exported repository.
MAP_NAME = "policies.toml"
LAST_SEEN, GONE_BY = "Last-Seen", "Gone-By"
_TRAILER = re.compile(rf"^({LAST_SEEN}|{GONE_BY}): (\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d)Z$", re.M)


def other_sightings(message: str, blob: str, at: int) -> Iterator[tuple[int, str]]:
    """Yield what an exported commit tells besides its own moment *at*: seconds since 1970, and *blob* or '' for gone.

    >>> list(other_sightings("Last-Seen: 2020-01-02T00:00:00Z\\nGone-By: 2020-01-03T00:00:00Z", "a1", 1577836800))
    [(1577923200, 'a1'), (1578009600, '')]
    """
    for name, moment in _TRAILER.findall(message):
        try:
            when = int(datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp())
        except ValueError:
            continue
        if when != at:
            yield when, blob if name == LAST_SEEN else ""
