"""Trouble on request: what a fault plan does to an answer is decided by seed, address and attempt, not by chance.

Two runs with one seed meet the same trouble, in whatever order their requests arrive.
"""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

from harvest.simulator.limits import Limits
from harvest.simulator.playback import Reply

_UNAVAILABLE = (
    b"<html><body><h1>503 Service Unavailable</h1>\nNo server is available to handle this request.\n</body></html>\n"
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What happens to one answer: *reply* instead of it (None: as it is), *delay_s* before, *cut* bytes missing."""

    name: str
    reply: Reply | None = None
    delay_s: float = 0.0
    cut: bool = False
    reset: bool = False


_HTML = (("Content-Type", "text/html"),)
# Shares of first attempts that are hit; a second attempt at the same address always goes through, so that a
# client that tries again gets everything and one that gives up at once is found out.
KINDS: Mapping[str, tuple[float, Trouble]] = {
    "rate-limit": (0.2, Trouble("rate-limit", Reply(429, "Too Many Requests", _HTML, b"<h1>Too Many Requests</h1>\n"))),
    "retry-after": (
        0.2,
        Trouble("retry-after", Reply(429, "Too Many Requests", (*_HTML, ("Retry-After", "1")), b"slow down\n")),
    ),
    "unavailable": (0.3, Trouble("unavailable", Reply(503, "Service Unavailable", _HTML, _UNAVAILABLE))),
    "empty-504": (0.3, Trouble("empty-504", Reply(504, "Gateway Time-out", ()))),
    "slow": (0.3, Trouble("slow", delay_s=0.5)),
    "truncated": (0.3, Trouble("truncated", cut=True)),
    "reset": (0.3, Trouble("reset", reset=True)),
}


_TOO_FAST = KINDS["rate-limit"][1].reply
_LIMITS = {"429": Trouble("limits", _TOO_FAST), "blocked": Trouble("limits", reset=True)}
NAMES = (*KINDS, "limits")


class Faults:
    """A plan of faults. Several may be mixed, the first that hits wins.

    *names*: keys of KINDS, and ``limits``: the real archive's limits, watched by *clock* (seconds).
    """

    def __init__(
        self, names: Sequence[str] = (), *, seed: int = 0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        unknown = [name for name in names if name not in NAMES]
        if unknown:
            raise ValueError(f"no fault {', '.join(unknown)}; there are: {', '.join(NAMES)}")
        self._names = tuple(name for name in names if name in KINDS)
        self._limits = Limits(clock) if "limits" in names else None
        self._seed = seed
        self._attempts: Counter[str] = Counter()
        self._lock = Lock()

    def strike(self, path: str) -> Trouble | None:
        """Decide what happens to the next request for *path*; None: nothing."""
        refused = _LIMITS.get(self._limits.judge(path)) if self._limits else None
        return refused or self._by_lot(path)

    def _by_lot(self, path: str) -> Trouble | None:
        if not self._names:
            return None
        with self._lock:
            self._attempts[path] += 1
            if self._attempts[path] > 1:
                return None
        for name in self._names:
            share, trouble = KINDS[name]
            if _draw(self._seed, name, path) < share:
                return trouble
        return None


def _draw(seed: int, name: str, path: str) -> float:
    digest = hashlib.sha256(f"{seed}\n{name}\n{path}".encode("utf-8", "surrogateescape")).digest()
    return int.from_bytes(digest[:8], "big") / 2**64
