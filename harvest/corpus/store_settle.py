"""Make the histories of many policies follow from their captures: compared in other processes, written here.

A policy's texts go to the engine in windows of consecutive pairs, so that a history of any length takes the memory of
a few windows, and policies of very different lengths keep all processes busy.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from itertools import groupby, islice

from harvest.corpus.comparing import Compared, Window, compare_window
from harvest.corpus.store_history import missing_pairs
from harvest.corpus.store_sections import SectionReader
from harvest.engine import Engine

Pair = tuple[str, str]

#: Pairs of a window: long enough that neighbours share their texts on the way, short enough that a task takes about
#: a second and the last policy does not keep one process waiting.
_WINDOW = 24


def compared(
    conn: sqlite3.Connection, policy_ids: Sequence[int], engine: Engine
) -> Iterator[tuple[int, dict[Pair, Compared]]]:
    """Yield each policy with the comparisons its history lacks, in the order given. Reads the corpus lazily."""
    windows = (window for policy_id in policy_ids for window in _windows(conn, policy_id))
    for policy_id, done in groupby(engine.map(compare_window, windows), key=lambda result: result[0]):
        yield policy_id, {pair: found for _, of_window in done for pair, found in of_window.items()}


def _windows(conn: sqlite3.Connection, policy_id: int) -> Iterator[Window]:
    """Yield the missing pairs of a policy in windows; one empty window where nothing is missing."""
    pairs = missing_pairs(conn, policy_id)
    if not pairs:
        yield Window(policy_id, {}, ())
        return
    reader = SectionReader()
    rest = iter(pairs.items())
    while some := list(islice(rest, _WINDOW)):
        texts = {}
        for pair, key in some:
            for sha, text_id in zip(pair, key, strict=True):
                if sha not in texts:
                    texts[sha] = reader.read(conn, text_id).sections
        reader.keep(len(texts))
        yield Window(policy_id, texts, tuple(pair for pair, _ in some))
