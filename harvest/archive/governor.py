"""How fast an archive may be asked: a sliding window for each endpoint, from the first request on."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from harvest.config import Rate

_WINDOW_S = 60.0


class Window:
    """At most ``rate.per_minute`` requests in any 60 seconds; the moments come from *clock*, waits go to *sleep*."""

    def __init__(self, rate: Rate, *, clock: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._limit = rate.per_minute
        self._clock = clock
        self._sleep = sleep
        self._sent: deque[float] = deque()

    def wait(self) -> None:
        """Return when a request may be sent, and count it as sent now."""
        if self._limit is None:
            return
        while (pause_s := wait_s(self._sent, self._clock(), limit=self._limit)) > 0:
            self._sleep(pause_s)
        now = self._clock()
        self._sent.append(now)
        while self._sent and self._sent[0] <= now - _WINDOW_S:
            self._sent.popleft()


def wait_s(sent: deque[float], now: float, *, limit: int) -> float:
    """Return how long to wait so that no 60 seconds hold more than *limit* requests.

    *sent*: moments of earlier requests, oldest first.
    """
    if len(sent) < limit:
        return 0.0
    return max(0.0, sent[-limit] + _WINDOW_S - now)
