"""Make the histories of many policies follow from their captures: compared in other processes, written here.

A policy's texts go to the engine in windows of consecutive pairs, and its diffs are written as they come back, so that
a history of any length takes the memory of a few windows, and policies of very different lengths keep all processes
busy.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from harvest.corpus.comparing import Ready, Window, compare_window
from harvest.corpus.store_diffs import Pair, write_diff
from harvest.corpus.store_history import Derived, HistoryCache, derive_history, missing_pairs
from harvest.corpus.store_sections import StoredText
from harvest.corpus.store_wide import missing_wide, write_wide
from harvest.engine import Engine

#: Pairs of a window: long enough that neighbours share their texts on the way, short enough that a task takes about
#: a second and the last policy does not keep one process waiting.
_WINDOW = 24
#: No more clauses than this in a window of long texts, which are some 15 MB, unless a single pair has more.
_WINDOW_CLAUSES = 50_000
#: Pairs of a transaction: most policies are one, and a long one keeps neither memory nor the lock for its whole length.
_BATCH = 240


@dataclass(frozen=True, slots=True)
class Settling:
    """The history of a policy as of the state *seen* of the corpus (``PRAGMA data_version``), and what it lacks.

    *cache*: what was read of the corpus for it.
    """

    policy_id: int
    derived: Derived
    cache: HistoryCache
    seen: int
    windows: Iterator[Ready]


def compared(conn: sqlite3.Connection, policy_ids: Sequence[int], engine: Engine) -> Iterator[Settling]:
    """Yield each policy with its history and the comparisons it lacks, in the order given. Reads the corpus lazily.

    Take all windows of one policy before the next. Nothing but what follows for the policies yielded may be written
    meanwhile.
    """
    histories: dict[int, tuple[Derived, HistoryCache, int]] = {}
    windows = (window for policy_id in policy_ids for window in _windows(conn, policy_id, histories))
    for policy_id, done in groupby(engine.map(compare_window, windows), key=lambda result: result[0]):
        yield Settling(policy_id, *histories.pop(policy_id), (ready for _, ready in done))


def _windows(
    conn: sqlite3.Connection, policy_id: int, histories: dict[int, tuple[Derived, HistoryCache, int]]
) -> Iterator[Window]:
    """Yield the missing pairs of a policy in windows; one empty window where nothing is missing."""
    seen, cache = data_version(conn), HistoryCache()
    derived = derive_history(conn, policy_id, cache)
    histories[policy_id] = derived, cache, seen
    missing = set(missing_pairs(conn, policy_id, derived))
    links = set(derived.links) if missing or _is_unlinked(conn, policy_id) else set()
    reader = cache.sections
    texts: dict[str, StoredText] = {}
    some: list[Pair] = []
    size = 0
    for pair in dict.fromkeys((*derived.history.pairs, *derived.links)):
        if pair not in missing and pair not in links:
            continue
        if some and (len(some) >= _WINDOW or size >= _WINDOW_CLAUSES):
            yield _window(policy_id, texts, some, missing)
            texts, some, size = {}, [], 0
        some.append(pair)
        for sha in pair:
            if sha not in texts:
                texts[sha] = reader.read(conn, derived.ids[sha])
                size += sum(map(len, texts[sha].clause_ids))
    yield _window(policy_id, texts, some, missing)
    wide = missing_wide(conn, policy_id, derived.history, derived.ids)
    if wide:
        yield Window(policy_id, {sha: reader.read(conn, derived.ids[sha]) for sha in wide}, (), (), wide)


def _window(policy_id: int, texts: dict[str, StoredText], pairs: Sequence[Pair], missing: set[Pair]) -> Window:
    diffs = tuple(pair for pair in pairs if pair in missing)
    return Window(policy_id, texts, diffs, tuple(pair for pair in pairs if pair not in missing))


def batches(windows: Iterator[Ready]) -> Iterator[tuple[Ready, bool]]:
    """Join windows until they are worth a transaction, and say which batch is the last one; there is always one."""
    batch, size = Ready(), 0
    for window in windows:
        if size >= _BATCH:
            yield batch, False
            batch, size = Ready(), 0
        batch.diffs.update(window.diffs)
        batch.links.update(window.links)
        batch.wide.update(window.wide)
        size += len(window.links)
    yield batch, True


def write_diffs(conn: sqlite3.Connection, settling: Settling, ready: Ready) -> None:
    """Write diffs that were compared elsewhere, from the very rows that are in the corpus."""
    ids = settling.derived.ids
    for (before, after), compared_rows in ready.diffs.items():
        write_diff(conn, (ids[before], ids[after]), compared_rows)
    for (before, after), told in ready.wide.items():
        write_wide(conn, settling.policy_id, (ids[before], ids[after]), told)


def data_version(conn: sqlite3.Connection) -> int:
    """Return a number that changes when another process has written."""
    return int(conn.execute("PRAGMA data_version").fetchone()[0])


def _is_unlinked(conn: sqlite3.Connection, policy_id: int) -> bool:
    """True where a text that makes a version has sections without a lineage."""
    row = conn.execute(
        "SELECT 1 FROM texts t JOIN text_sections ts ON ts.text_id = t.id"
        " WHERE t.policy_id = ? AND ts.lineage_id IS NULL LIMIT 1",
        (policy_id,),
    ).fetchone()
    return row is not None
