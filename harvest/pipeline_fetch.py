"""Pages of one policy, several asked for at the same time, handed on one by one in the order they were chosen in.

The rows that come of it are those of asking one after the other: a capture whose bytes may turn out to be those of
one still under way is settled when its turn comes, and nothing is recorded out of order.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

from harvest.archive import Archive
from harvest.clock import Clock
from harvest.errors import StopAsking
from harvest.model import Capture, Outcome, RawPage
from harvest.pipeline_steps import Twins, settle

# What may lie in memory before its turn comes: an archive's answers are 20 MB at most, and mostly 50 KB.
_BUDGET_BYTES = 64_000_000
# A listed length is of the packed record; texts unpack to four or five times that. Unknown ones are taken for large.
_UNPACKED = 5
_UNKNOWN_BYTES = 100_000
# One slow page must not keep the others from being asked for.
_AHEAD = 128

Pending = Sequence[tuple[int, Capture]]
_Result = RawPage | BaseException
_Asked = TypeVar("_Asked")
_Answer = TypeVar("_Answer")


class Crew(Generic[_Asked, _Answer]):
    """Threads that each ask for one thing, and hold the clock meanwhile.

    *until_taken*: hold it until the answer is taken, so that no time passes between the two: right for who waits for
    nothing else.
    """

    def __init__(self, ask: Callable[[_Asked], _Answer], clock: Clock, *, until_taken: bool = True) -> None:
        self._ask = ask
        self._clock = clock
        self._until_taken = until_taken
        self._done: SimpleQueue[tuple[int, _Answer | BaseException]] = SimpleQueue()
        self._lock = threading.Lock()
        self._closed = False
        self.under_way = 0

    def start(self, key: int, asked: _Asked) -> None:
        """Begin to ask; `take` gives the answer under *key*."""
        self._clock.hold()
        self.under_way += 1
        # daemons: who presses Ctrl-C does not wait for an archive that takes a minute
        threading.Thread(target=self._work, args=(key, asked), daemon=True).start()

    def take(self) -> tuple[int, _Answer | BaseException]:
        """Return the next answer that came, in whatever order they come, or the exception instead of it."""
        try:
            done = self._done.get_nowait()
            if self._until_taken:
                self._clock.release()
        except Empty:
            # While this thread waits time may pass; then it goes on with the hold of the one that came.
            self._clock.release()
            try:
                done = self._done.get()
            except BaseException:
                self._clock.hold()
                raise
            if not self._until_taken:
                self._clock.hold()
        self.under_way -= 1
        return done

    def close(self) -> None:
        """Let what is under way end unseen."""
        with self._lock:
            self._closed = True
        with suppress(Empty):
            while True:
                self._done.get_nowait()
                if self._until_taken:
                    self._clock.release()

    def _work(self, key: int, asked: _Asked) -> None:
        try:
            result: _Answer | BaseException = self._ask(asked)
        except BaseException as error:  # is raised again where the answer is taken
            result = error
        with self._lock:
            if not self._closed:
                self._done.put((key, result))
            if self._closed or not self._until_taken:
                self._clock.release()


class Feed:
    """The pages of captures, in their order. *excluded* (by URL key) grows; *on_excluded* is told of each new one."""

    def __init__(
        self,
        archive: Archive,
        clock: Clock,
        *,
        excluded: dict[str, str],
        on_excluded: Callable[[Capture, str], None],
    ) -> None:
        self._archive = archive
        self._clock = clock
        self._excluded = excluded
        self._on_excluded = on_excluded

    def pages(self, pending: Pending, twins: Twins) -> Iterator[tuple[int, RawPage]]:
        """Yield (capture id, page). The caller lets *twins* learn each page before it asks for the next one.

        Raises `StopAsking` after the pages that came before; what was under way then is yielded as well.
        """
        if self._archive.concurrency() <= 1:
            for capture_id, capture in pending:
                yield capture_id, self._known(capture, twins) or self._seen(self._archive.fetch(capture))
            return
        crew = Crew(self._archive.fetch, self._clock)
        try:
            yield from _Queue(self, crew, pending, twins).pages()
        finally:
            crew.close()

    def _known(self, capture: Capture, twins: Twins) -> RawPage | None:
        """Return what needs no request: settled by the listing, by equal bytes, or by an exclusion (permanent)."""
        if capture.urlkey in self._excluded and settle(capture, twins) is None:
            return RawPage(capture, Outcome.EXCLUDED, self._excluded[capture.urlkey])
        return settle(capture, twins)

    def _seen(self, page: RawPage) -> RawPage:
        if page.outcome is Outcome.EXCLUDED and page.capture.urlkey not in self._excluded:
            self._excluded[page.capture.urlkey] = page.reason
            self._on_excluded(page.capture, page.reason)
        return page


class _Queue:
    """One pass over captures: started ahead of their turn, within limits of number and bytes."""

    def __init__(self, feed: Feed, crew: Crew[Capture, RawPage], pending: Pending, twins: Twins) -> None:
        self._feed = feed
        self._crew = crew
        self._pending = pending
        self._twins = twins
        self._next = 0  # the first one not looked at
        self._started: dict[int, int] = {}  # place → bytes expected, until its turn
        self._keys: Counter[object] = Counter()  # of captures whose turn has not come: twins of them wait
        self._here: dict[int, _Result] = {}
        self._stop: StopAsking | None = None

    def pages(self) -> Iterator[tuple[int, RawPage]]:
        for place, (capture_id, capture) in enumerate(self._pending):
            self._start_some(place)
            known = self._feed._known(capture, self._twins)
            if place in self._started:
                result = self._wait_for(place)
            elif known is None:
                if self._stop is not None:
                    break
                self._start(place)
                result = self._wait_for(place)
            else:
                result = known
            self._forget(place)
            if isinstance(result, StopAsking):
                self._stop = result
                break
            if isinstance(result, BaseException):
                raise result
            yield capture_id, known or self._feed._seen(result)
        if self._stop is not None:
            yield from self._rest()
            raise self._stop

    def _start_some(self, turn: int) -> None:
        """Start what may be asked for now: not what is known, nor what may have the bytes of one under way."""
        while self._next < len(self._pending) and self._may_start(turn):
            place, capture = self._next, self._pending[self._next][1]
            self._next += 1
            key = self._twins.key_of(capture)
            if self._feed._known(capture, self._twins) is None and (key is None or not self._keys[key]):
                self._start(place)
            if key is not None:
                self._keys[key] += 1

    def _may_start(self, turn: int) -> bool:
        if self._stop is not None or self._next - turn > _AHEAD:
            return False
        if not self._started:
            return True
        is_room = sum(self._started.values()) < _BUDGET_BYTES
        return is_room and self._crew.under_way < self._feed._archive.concurrency()

    def _start(self, place: int) -> None:
        capture = self._pending[place][1]
        self._started[place] = (capture.length or _UNKNOWN_BYTES) * _UNPACKED
        self._crew.start(place, capture)

    def _wait_for(self, turn: int) -> _Result:
        while turn not in self._here:
            place, result = self._crew.take()
            self._here[place] = result
            if isinstance(result, RawPage):
                self._started[place] = len(result.body or b"")
            elif isinstance(result, StopAsking):
                self._stop = result
            self._start_some(turn)
        return self._here.pop(turn)

    def _forget(self, place: int) -> None:
        self._started.pop(place, None)
        key = self._twins.key_of(self._pending[place][1])
        if key is not None and place < self._next:
            self._keys[key] -= 1

    def _rest(self) -> Iterator[tuple[int, RawPage]]:
        """Yield what was under way when the archive refused: it was paid for."""
        while self._crew.under_way:
            place, result = self._crew.take()
            self._here[place] = result
        here: Mapping[int, _Result] = self._here
        for place in sorted(here):
            page = here[place]
            if isinstance(page, RawPage):
                yield self._pending[place][0], self._feed._seen(page)
