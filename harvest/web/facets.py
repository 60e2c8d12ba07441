"""Facets that the pages of Datasette's tables begin with: those that it counts within its own time limit.

A facet reads every row. At 680,000 changes it takes half a second, Datasette (0.65.5, 1.0a41) gives up after 200 ms,
and the page says that all facets timed out. Readers of such a corpus narrow to a site and ask for a facet then.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from harvest.corpus.queries_rows import row_counts

#: The table whose rows a facet reads and how many microseconds each takes, on one core that does nothing else; the
#: dearest facet of each, at 95,000 versions with 1.5 million changes (2026-11-22).
_COSTS = {
    "history": ("versions", 1.4),
    "change_log": ("change_rows", 0.45),
    "changes": ("change_rows", 0.55),
    "captures": ("captures", 0.45),
    "capture_ledger": ("captures", 0.9),
    "texts": ("text_rows", 0.4),
    "diffs": ("diffs", 0.1),
    "transitions": ("transitions", 0.4),
}
_TABLES = tuple(sorted({table for table, _ in _COSTS.values()}))
#: What of the time limit may be expected to go: several facets are counted side by side, on computers that do other
#: things too.
_SHARE = 0.5
#: Versions up to which Datasette may look for facets to suggest. Of 9,500 versions it took 0.7 s of the processor for a
#: page; and 0.65 counts the rows first, without a limit of its own: at three million sections its page failed.
_MOST_SUGGESTED = 1_000


async def slow_tables(datasette: Any, name: str) -> frozenset[str]:
    """Return the tables of a corpus whose facets would not be counted in time; stop suggestions where it is large."""
    limit_ms = int(datasette.setting("facet_time_limit_ms"))
    try:
        versions, slow = await datasette.get_database(name).execute_fn(lambda conn: _measure(conn, limit_ms))
    except sqlite3.DatabaseError:  # of an older shape, or damaged: our pages say so
        return frozenset()
    if versions > _MOST_SUGGESTED:
        datasette._settings["suggest_facets"] = False  # it has no hook for that
    return frozenset(slow)


def _measure(conn: sqlite3.Connection, limit_ms: int) -> tuple[int, list[str]]:
    rows = row_counts(conn, _TABLES)  # once, when Datasette starts
    most_us = limit_ms * 1000 * _SHARE
    return rows["versions"], [name for name, (table, cost_us) in _COSTS.items() if rows[table] * cost_us > most_us]
