"""Mapping a function by copies of this process, over plain pipes.

`concurrent.futures` does the same and more; its import and its threads take 40 ms, in which ten pages are read.
"""

from __future__ import annotations

import os
import pickle
import select
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(slots=True)
class _Worker:
    """A copy of this process: where it takes items from and writes answers to; *under_way*: the item it has."""

    pid: int
    items: BinaryIO
    answers: BinaryIO
    under_way: int = -1


def map_forked(
    function: Callable[[Item], Result], items: Iterable[Item], /, *, workers: int, window: int
) -> Iterator[Result]:
    """Yield ``function(item)`` for each item, lazily and in order, with at most *window* results waiting.

    A worker has one item at a time and asks for the next by its answer, so that no pipe fills on both sides. Workers
    end with this process: their pipe does. An exception of the function is raised where its result would have been;
    a worker that dies (out of memory) raises BrokenProcessPool. Linux, and while no thread runs.
    """
    crew: list[_Worker] = []
    source = enumerate(items)
    done: dict[int, tuple[bool, Result]] = {}
    try:
        for _ in range(workers):
            crew.append(_start(function, crew))
        following = 0
        while True:
            while following in done:
                right, result = done.pop(following)
                if not right:
                    raise result  # type: ignore[misc]  # an exception, where the first is False
                yield result
                following += 1
            for worker in crew:
                if worker.under_way < 0 and len(done) < window:
                    _give(worker, source)
            if all(worker.under_way < 0 for worker in crew):
                return
            for worker in _ready(crew):
                done[worker.under_way] = _take(worker)
                worker.under_way = -1
    finally:
        _end(crew)


def _give(worker: _Worker, source: Iterator[tuple[int, Item]]) -> None:
    """Send the next item, if there is one."""
    for number, item in source:
        with suppress(BrokenPipeError):  # it died: its answer will say so
            pickle.dump(item, worker.items, protocol=pickle.HIGHEST_PROTOCOL)
            worker.items.flush()
        worker.under_way = number
        return


def _ready(crew: list[_Worker]) -> list[_Worker]:
    busy = {worker.answers.fileno(): worker for worker in crew if worker.under_way >= 0}
    return [busy[number] for number in select.select(list(busy), [], [])[0]]


def _take(worker: _Worker) -> tuple[bool, Result]:
    try:
        return pickle.load(worker.answers)  # type: ignore[no-any-return]  # what `_work` wrote, this very pair
    except (EOFError, pickle.UnpicklingError) as error:  # before its answer, or in the middle of it
        from concurrent.futures.process import BrokenProcessPool

        raise BrokenProcessPool("A worker ended before its answer, perhaps for want of memory.") from error


def _start(function: Callable[[Item], Result], crew: list[_Worker]) -> _Worker:
    items_out, items_in = os.pipe()
    answers_out, answers_in = os.pipe()
    pid = os.fork()
    if pid:
        os.close(items_out)
        os.close(answers_in)
        return _Worker(pid, os.fdopen(items_in, "wb"), os.fdopen(answers_out, "rb"))
    status = 1
    try:
        for number in (items_in, answers_out, *(file.fileno() for one in crew for file in (one.items, one.answers))):
            os.close(number)
        _work(function, os.fdopen(items_out, "rb"), os.fdopen(answers_in, "wb"))
        status = 0
    finally:
        os._exit(status)  # without the exit handlers and buffers of the process it is a copy of


def _work(function: Callable[[Item], Result], items: BinaryIO, answers: BinaryIO) -> None:
    while True:
        try:
            item = pickle.load(items)
        except EOFError:
            return
        try:
            answer = pickle.dumps((True, function(item)), protocol=pickle.HIGHEST_PROTOCOL)
        except Exception as error:
            answer = pickle.dumps((False, error), protocol=pickle.HIGHEST_PROTOCOL)
        answers.write(answer)
        answers.flush()


def _end(crew: list[_Worker]) -> None:
    """Stop all workers, whatever they are doing: nobody waits for their answers any more."""
    for worker in crew:
        with suppress(ProcessLookupError):
            os.kill(worker.pid, signal.SIGKILL)
        with suppress(BrokenPipeError):
            worker.items.close()
        worker.answers.close()
        with suppress(ChildProcessError):
            os.waitpid(worker.pid, 0)
