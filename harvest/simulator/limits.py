"""How web.archive.org treats those who ask too fast, as its staff describes it: 429 first, then no answer at all.

Numbers of June 2026: 30 requests a minute to the index, 600 to everything else. Who goes on for more than a minute
after a 429 gets no connection for an hour; each further time doubles the hour.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

PER_MINUTE = {"listing": 30, "memento": 600}
WINDOW_S = 60.0
PATIENCE_S = 60.0
BLOCK_S = 3600.0


@dataclass(slots=True)
class Limits:
    """Watches requests by *clock* (seconds). One client is assumed: all requests count together."""

    clock: Callable[[], float]
    _asked: dict[str, deque[float]] = field(default_factory=lambda: {name: deque() for name in PER_MINUTE})
    _warned_at: float | None = None
    _last_refusal: float = 0.0
    _blocked_until: float = 0.0
    _blocks: int = 0
    _lock: Lock = field(default_factory=Lock)

    def judge(self, path: str) -> str:
        """Count a request for *path* and say what it meets: ``ok``, ``429`` or ``blocked`` (no answer)."""
        now = self.clock()
        with self._lock:
            if now < self._blocked_until:
                return "blocked"
            if not self._is_too_fast(endpoint_of(path), now):
                return "ok"
            return self._refuse(now)

    def _is_too_fast(self, endpoint: str, now: float) -> bool:
        asked = self._asked[endpoint]
        while asked and asked[0] <= now - WINDOW_S:
            asked.popleft()
        asked.append(now)  # refused requests count as well
        return len(asked) > PER_MINUTE[endpoint]

    def _refuse(self, now: float) -> str:
        if self._warned_at is None or now - self._last_refusal > PATIENCE_S:
            self._warned_at = now
        self._last_refusal = now
        if now - self._warned_at <= PATIENCE_S:
            return "429"
        self._blocked_until = now + BLOCK_S * 2**self._blocks
        self._blocks += 1
        self._warned_at = None
        return "blocked"


def endpoint_of(path: str) -> str:
    """Index and time maps share one limit; all else is playback."""
    return "listing" if path.startswith(("/cdx", "/web/timemap")) else "memento"
