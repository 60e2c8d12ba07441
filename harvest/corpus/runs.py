"""Long lists that change a little with every version, cut into runs that lists share.

A section of 900 list items of which one is new with every capture would take 900 rows for each of its wordings. Cut
where the *contents* say so (a mark of the item, not its place), both wordings fall into the same runs but for the one
around the new item: what a wording costs then is one row for each run, not for each item.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

#: A run ends after a marked item (one in four) once it has three, at the latest after 32. Measured on 530,000 clauses
#: of sections (ToSBack2): 105,000 rows of runs in sections and 198,000 of clauses in runs; with longer runs (one in
#: eight) more clauses stand in several runs, with shorter ones (one in two) sections have too many runs.
_ONE_IN = 4
_SHORTEST = 3
_LONGEST = 32
#: Where an item is in many runs, only the newest are looked at: an older equal run is then stored once more.
_CANDIDATES = 16

Row = tuple[object, ...]


def cut(shas: Sequence[str]) -> Iterator[slice]:
    """Yield where the runs of a list of items, known by their hex digests, begin and end.

    >>> [(run.start, run.stop) for run in cut(["1", "2", "4", "3", "5"])]
    [(0, 3), (3, 5)]
    """
    start = 0
    for end, sha in enumerate(shas, start=1):
        length = end - start
        if (length >= _SHORTEST and int(sha[:8], 16) % _ONE_IN == 0) or length >= _LONGEST:
            yield slice(start, end)
            start = end
    if start < len(shas):
        yield slice(start, len(shas))


@dataclass(frozen=True, slots=True)
class Runs:
    """The runs of one table: ``run_id, position``, then the *columns* of an item, of which the first has an index."""

    table: str
    columns: tuple[str, ...]

    def put(self, conn: sqlite3.Connection, items: Sequence[Row]) -> int:
        """Store a run unless it is there; return its number."""
        run = tuple(items)
        return self._find(conn, run) or self._insert(conn, run)

    def drop_unused(self, conn: sqlite3.Connection, run_ids: Iterable[int], users: str) -> list[int]:
        """Remove those of the runs that no row of the table *users* names; return the first column of their items."""
        freed: list[int] = []
        for run_id in run_ids:
            if conn.execute(f"SELECT 1 FROM {users} WHERE run_id = ? LIMIT 1", (run_id,)).fetchone() is None:
                rows = conn.execute(f"SELECT {self.columns[0]} FROM {self.table} WHERE run_id = ?", (run_id,))
                freed.extend(int(row[0]) for row in rows)
                conn.execute(f"DELETE FROM {self.table} WHERE run_id = ?", (run_id,))
        return freed

    def _find(self, conn: sqlite3.Connection, run: tuple[Row, ...]) -> int:
        first, table = self.columns[0], self.table
        newest = max(cast("int", item[0]) for item in run)  # which the fewest runs have
        candidates = conn.execute(
            f"SELECT DISTINCT run_id FROM {table} WHERE {first} = ? ORDER BY run_id DESC LIMIT ?",
            (newest, _CANDIDATES),
        ).fetchall()
        held = f"SELECT {', '.join(self.columns)} FROM {table} WHERE run_id = ? ORDER BY position"
        for (run_id,) in candidates:
            if tuple(conn.execute(held, (run_id,)).fetchall()) == run:
                return int(run_id)
        return 0

    def _insert(self, conn: sqlite3.Connection, run: tuple[Row, ...]) -> int:
        run_id = int(conn.execute(f"SELECT coalesce(max(run_id), 0) + 1 FROM {self.table}").fetchone()[0])
        marks = ", ".join("?" * (2 + len(self.columns)))
        conn.executemany(
            f"INSERT INTO {self.table} (run_id, position, {', '.join(self.columns)}) VALUES ({marks})",
            [(run_id, position, *item) for position, item in enumerate(run)],
        )
        return run_id


CLAUSE_RUNS = Runs("clause_runs", ("clause_id", "form", "marker"))
SECTION_RUNS = Runs("section_runs", ("section_id", "lineage_id", "level", "number", "confidence"))
