"""Make the histories of many policies follow from their captures: compared in other processes, written here.

A policy's texts go to the engine in windows of consecutive pairs, so that a history of any length takes the memory of
a few windows, and policies of very different lengths keep all processes busy.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from itertools import groupby, islice

from harvest.corpus.comparing import Ready, Window, compare_window
from harvest.corpus.store_history import Derived, HistoryCache, derive_history, missing_pairs
from harvest.corpus.store_sections import SectionReader
from harvest.engine import Engine

#: Pairs of a window: long enough that neighbours share their texts on the way, short enough that a task takes about
#: a second and the last policy does not keep one process waiting.
_WINDOW = 24


def compared(
    conn: sqlite3.Connection, policy_ids: Sequence[int], engine: Engine
) -> Iterator[tuple[int, Derived, Ready]]:
    """Yield each policy with its history and the comparisons it lacks, in the order given. Reads the corpus lazily.

    Nothing but what follows for the policies yielded may be written meanwhile.
    """
    histories: dict[int, Derived] = {}
    windows = (window for policy_id in policy_ids for window in _windows(conn, policy_id, histories))
    for policy_id, done in groupby(engine.map(compare_window, windows), key=lambda result: result[0]):
        ready = Ready()
        for _, of_window in done:
            ready.diffs.update(of_window.diffs)
            ready.links.update(of_window.links)
        yield policy_id, histories.pop(policy_id), ready


def _windows(conn: sqlite3.Connection, policy_id: int, histories: dict[int, Derived]) -> Iterator[Window]:
    """Yield the missing pairs of a policy in windows; one empty window where nothing is missing."""
    derived = histories[policy_id] = derive_history(conn, policy_id, HistoryCache())
    missing = set(missing_pairs(conn, policy_id, derived))
    pairs = list(dict.fromkeys((*derived.history.pairs, *derived.links)))
    links = set(derived.links) if missing or _is_unlinked(conn, policy_id) else set()
    wanted = iter([pair for pair in pairs if pair in missing or pair in links])
    reader = SectionReader()
    some = list(islice(wanted, _WINDOW))
    while True:
        texts = {sha: reader.read(conn, derived.ids[sha]).sections for pair in some for sha in pair}
        diffs = tuple(pair for pair in some if pair in missing)
        yield Window(policy_id, texts, diffs, tuple(pair for pair in some if pair not in missing))
        reader.keep(len(texts))
        some = list(islice(wanted, _WINDOW))
        if not some:
            return


def _is_unlinked(conn: sqlite3.Connection, policy_id: int) -> bool:
    """True where a text that makes a version has sections without a lineage."""
    row = conn.execute(
        "SELECT 1 FROM texts t JOIN text_sections ts ON ts.text_id = t.id"
        " WHERE t.policy_id = ? AND ts.lineage_id IS NULL LIMIT 1",
        (policy_id,),
    ).fetchone()
    return row is not None
