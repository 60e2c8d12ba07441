"""Make the histories of many policies follow from their captures: compared in other processes, written here.

A policy's texts go to the engine in windows of consecutive pairs, and its diffs are written as they come back, so that
a history of any length takes the memory of a few windows, and policies of very different lengths keep all processes
busy. They go there twice: first for what came and went between them, which tells the versions of the policy, then in
pairs of versions. While one policy is compared the next ones are read.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from harvest.corpus.comparing import Ready, Window, compare_window
from harvest.corpus.store_diffs import Pair, write_diff
from harvest.corpus.store_history import Derived, HistoryCache, derive_history, missing_pairs, worded_texts
from harvest.corpus.store_sections import SectionReader, StoredText
from harvest.corpus.store_wide import missing_wide, write_wide
from harvest.engine import Engine

#: Pairs of a window: long enough that neighbours share their texts on the way, short enough that a task takes about
#: a second and the last policy does not keep one process waiting.
_WINDOW = 24
#: No more clauses than this in a window of long texts, which are some 10 MB, unless a single pair has more.
_WINDOW_CLAUSES = 30_000
#: Windows that tell the versions of the policies behind one that waits for its own: more than any engine has under way.
_AHEAD = 128
#: No policy's id.
_NOBODY = 0
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
    histories: dict[int, _History] = {}
    results = engine.map(compare_window, _windows(conn, policy_ids, histories))
    for policy_id, done in groupby(_without_findings(results, histories), key=lambda result: result[0]):
        history = histories.pop(policy_id)
        assert history.derived is not None
        yield Settling(policy_id, history.derived, history.cache, history.seen, (ready for _, ready in done))


@dataclass(slots=True)
class _History:
    """A policy on its way. Of the windows *sent* to tell what came and went so many are *back*."""

    policy_id: int
    seen: int
    cache: HistoryCache
    derived: Derived | None = None
    sent: int = 0
    back: int = 0


def _windows(conn: sqlite3.Connection, policy_ids: Iterable[int], histories: dict[int, _History]) -> Iterator[Window]:
    """Yield the windows of policies: of each those that tell its versions, and when they are back those of versions.

    While they are not, the next policies are begun; where there are none, empty windows bring what is under way.
    """
    reader = SectionReader()
    begun: deque[_History] = deque()
    rest = iter(policy_ids)
    while True:
        ahead = sum(history.sent for history in begun)
        if begun and begun[0].back == begun[0].sent:
            yield from _compared(conn, begun.popleft())
        elif (not begun or ahead < _AHEAD) and (policy_id := next(rest, None)) is not None:
            cache = HistoryCache(policy_id, reader)
            history = histories[policy_id] = _History(policy_id, data_version(conn), cache)
            begun.append(history)
            yield from _worded(conn, history)
        elif begun:
            yield Window(_NOBODY, {})
        else:
            return


def _without_findings(
    results: Iterable[tuple[int, Ready]], histories: Mapping[int, _History]
) -> Iterator[tuple[int, Ready]]:
    """Take in what was found out about wordings, and pass on what was compared."""
    for policy_id, ready in results:
        if ready.findings is not None:
            histories[policy_id].cache.wordings.learn(ready.findings)
            histories[policy_id].back += 1
        elif policy_id != _NOBODY:
            yield policy_id, ready


def _worded(conn: sqlite3.Connection, history: _History) -> Iterator[Window]:
    """Yield windows of a policy's texts in the order in which history asks what came and went from each to the next."""
    texts: dict[str, StoredText] = {}
    size = 0
    for sha, text_id in worded_texts(conn, history.policy_id).items():
        if len(texts) > _WINDOW or size >= _WINDOW_CLAUSES:
            history.sent += 1
            yield Window(history.policy_id, texts, worded=tuple(texts))
            last = next(reversed(texts))
            texts, size = {last: texts[last]}, 0
        texts[sha] = history.cache.sections.read(conn, text_id)
        size += sum(map(len, texts[sha].clause_ids))
    if texts:
        history.sent += 1
        yield Window(history.policy_id, texts, worded=tuple(texts))


def _compared(conn: sqlite3.Connection, history: _History) -> Iterator[Window]:
    """Yield the missing pairs of a policy in windows; one empty window where nothing is missing."""
    policy_id, cache = history.policy_id, history.cache
    seen = data_version(conn)
    if seen != history.seen:  # another process has written since
        cache.clear()
        history.seen = seen
    derived = history.derived = derive_history(conn, policy_id, cache)
    missing, links = set(missing_pairs(conn, policy_id, derived)), set(derived.links)
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
