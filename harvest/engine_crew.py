"""Processes that were started for a map, and begin while this one is still at work."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from types import TracebackType
from typing import Self, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class Crew:
    """Processes that begin when they are told to, and end with the context. *initializer* is called in each."""

    def __init__(self, workers: int, initializer: Callable[[], object]) -> None:
        self._workers, self._initializer = workers, initializer
        self._pool: ProcessPoolExecutor | None = None
        self._greetings: list[Future[None]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown()

    def begin(self) -> ProcessPoolExecutor:
        """Start the processes, unless that was done before. Returns at once."""
        if self._pool is None:
            # spawn: progress bars run threads, and forking a process with threads may deadlock
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self._workers, mp_context=context, initializer=self._initializer)
            self._greetings = [self._pool.submit(_greet) for _ in range(self._workers)]
        return self._pool

    @property
    def is_ready(self) -> bool:
        """True when the first have begun, or one of them could not."""
        return bool(self._greetings) and all(one.done() for one in self._greetings)

    def map(self, function: Callable[[Item], Result], items: Iterable[Item], window: int) -> Iterator[Result]:
        """Yield ``function(item)`` for each item, in order, with at most *window* of them under way."""
        under_way: deque[Future[Result]] = deque()
        try:
            for item in items:
                under_way.append(self.begin().submit(function, item))
                if len(under_way) >= window:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()
        finally:
            for future in under_way:
                future.cancel()


def _greet() -> None:
    """Say that a process has begun."""
