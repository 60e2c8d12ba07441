"""How pure stages are mapped over items: in this process, in several, later on a cluster.

The writer stays one: results come back lazily, in the order of the items, and the caller writes them.
"""

from __future__ import annotations

import atexit
import itertools
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from harvest.engine_crew import Crew

Item = TypeVar("Item")
Result = TypeVar("Result")

_ALONE_S = 0.3
"""So long this process does the work alone before it starts others, which takes 0.4 s of a processor each; most inputs
are short. Until they have begun it goes on; results do not depend on where they were made."""

_IN_FLIGHT_PER_WORKER = 7
"""Enough that hardly a worker waits for the writer, who has a second's work of his own with a policy of a thousand
versions: comparing five long ones two workers had nothing to do for 2.5 % of the time, and for 4 % with 4 items each.
Few enough that a million pages do not gather in memory."""

_ITEMS_OF_A_CREW = 1_500
"""Then workers end and new ones begin, some seconds in half an hour. What a process of Python holds only grows, by
1.2 kB a page here, however small its caches are: after 95,000 versions (6,000 items) a worker had 321 MB, after 25,000
it had 241. ``max_tasks_per_child`` would do the same, but may wait for ever (https://github.com/python/cpython/issues/115634)."""

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""How `mallopt` names, in ``malloc.h``, what must be free at the end of its memory before that is given back, and from
which size on a piece has memory of its own."""

_KEPT_BYTES, _MOST_BYTES = 64 * 2**20, 32 * 2**20
"""More than a page takes while it is read; the latter is the most that glibc allows."""


class Engine(Protocol):
    """Applies a pure function to items."""

    def map(self, function: Callable[[Item], Result], items: Iterable[Item], /) -> Iterator[Result]:
        """Yield ``function(item)`` for each item, lazily and in order. An exception of the function is raised here."""
        ...


@dataclass(frozen=True, slots=True)
class Serial:
    """Everything in this process; the default of scripts and tests."""

    def map(self, function: Callable[[Item], Result], items: Iterable[Item], /) -> Iterator[Result]:
        """Yield ``function(item)`` for each item, one after the other."""
        return map(function, items)


@dataclass(frozen=True, slots=True)
class Processes:
    """Several processes of this computer. *function* and items must be picklable: module-level functions, values.

    Short inputs stay in this process. A worker that dies (out of memory) raises BrokenProcessPool: nothing was
    written for its item, so run the same command again, with fewer workers.
    """

    workers: int
    forked: bool = False
    """Copy this process, with all it has imported, instead of starting new ones; every item then goes to a worker.

    Only where that is safe, on Linux and while no thread runs; elsewhere workers are started as usual."""

    def map(self, function: Callable[[Item], Result], items: Iterable[Item], /) -> Iterator[Result]:
        """Yield ``function(item)`` for each item, in order, with at most a few items a worker under way."""
        source = iter(items)
        window = self.workers * _IN_FLIGHT_PER_WORKER
        if self.forked and sys.platform == "linux" and threading.active_count() == 1:
            from harvest.engine_forked import map_forked

            yield from map_forked(function, source, workers=self.workers, window=window)
            return
        from harvest.engine_crew import Crew  # 15 ms, of which a command that reads one file has no use

        with Crew(self.workers, _begin_worker) as crew:
            yield from _alone(function, source, crew)
            yield from crew.map(function, itertools.islice(source, _ITEMS_OF_A_CREW), window)
        while head := list(itertools.islice(source, 1)):
            some = itertools.chain(head, itertools.islice(source, _ITEMS_OF_A_CREW - 1))
            with Crew(self.workers, _begin_worker) as crew:
                yield from crew.map(function, some, window)


def _begin_worker() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal tells all processes of Ctrl-C: the first ends the others
    collect_rarely()
    _end_with_parent()
    atexit.register(os._exit, 0)  # taking apart all that it remembers would take 0.2 s, for which an import waits


def collect_rarely() -> None:
    """Have Python look for cycles seldom, in a process that reads and compares many pages: it takes 8 to 20 % of that.

    Trees are taken apart by the extractor; nothing else of ours has cycles, so that memory does not grow. What is freed
    is kept for the next page.
    """
    import gc

    gc.set_threshold(100_000, 50, 100)
    _keep_freed()


def _keep_freed() -> None:
    """Have the C library keep some megabytes that were freed, where it is glibc.

    It gives each large piece back to the system, which clears it for the next one: reading pages of 250 kB took a
    quarter less without (231,000 faults of memory became 127,000), for 10 MB a process.
    """
    import ctypes
    from contextlib import suppress

    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # musl has no such function, and needs none
            mallopt = ctypes.CDLL(None).mallopt
            mallopt(_TRIM_THRESHOLD, _KEPT_BYTES)
            mallopt(_MMAP_THRESHOLD, _MOST_BYTES)


def _end_with_parent() -> None:
    """Have this worker end when the process that started it is killed: nobody else would tell it."""
    import multiprocessing

    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_wait_for, args=(parent.sentinel,), daemon=True).start()


def _wait_for(sentinel: int) -> None:
    import multiprocessing.connection

    multiprocessing.connection.wait([sentinel])
    os._exit(1)


def _alone(function: Callable[[Item], Result], source: Iterator[Item], crew: Crew) -> Iterator[Result]:
    """Yield what this process does by itself until the crew has begun, which it is told to where that may pay."""
    spent = 0.0
    for item in source:
        start = time.perf_counter()
        result = function(item)
        spent += time.perf_counter() - start
        yield result
        if spent > _ALONE_S:
            crew.begin()
        if crew.is_ready:
            return


@contextmanager
def open_engine(workers: int | None = None, *, forked: bool = False) -> Iterator[Engine]:
    """Give the engine for a number of processes: 1 is `Serial`, None as many as this process may use.

    *forked*: see `Processes`.
    """
    count = workers if workers is not None else _usable_cpus()
    yield Serial() if count <= 1 else Processes(count, forked)


def _usable_cpus() -> int:
    if hasattr(os, "sched_getaffinity"):  # respects taskset and containers; absent on macOS and Windows
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
