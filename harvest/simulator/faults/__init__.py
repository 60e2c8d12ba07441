"""Trouble on request: what a fault plan does to an answer is decided by seed, address and attempt, not by chance.

Two runs with one seed meet the same trouble, in whatever order their requests arrive.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from threading import Lock

from harvest.clock import SYSTEM_CLOCK, Clock
from harvest.simulator.faults import archived, listing, playback, transport
from harvest.simulator.faults.model import Kind, Scene, Trouble
from harvest.simulator.holdings import Holdings
from harvest.simulator.limits import Limits
from harvest.simulator.playback import Reply

__all__ = ["HOSTILE", "KINDS", "NAMES", "Faults", "Kind", "Trouble"]

KINDS: dict[str, Kind] = {
    kind.name: kind for kind in (*transport.KINDS, *listing.KINDS, *playback.KINDS, *archived.KINDS)
}
"""Kinds whose lot falls on each page of a listing, capture or site."""
LIMITS = "limits"
OUTAGE = "outage"
HOSTILE = "hostile"
NAMES = (*KINDS, LIMITS, OUTAGE, HOSTILE)
# Of the share a kind has when it comes alone; indexes are asked far less often than captures.
_MIXED_LISTING, _MIXED = 0.3, 0.1


@dataclass(slots=True)
class Faults:
    """A plan of faults. Several may be mixed; the first that hits wins, and those that end come before those that last.

    *names*: keys of KINDS; ``limits``: the real archive's limits; ``outage``: nobody answers for the first minute and
    a half; ``hostile``: all of it, each kind less often. Time is that of *clock*. Raises ValueError for another name.
    """

    names: Sequence[str] = ()
    seed: int = 0
    clock: Clock = SYSTEM_CLOCK
    _kinds: tuple[Kind, ...] = ()
    _limits: Limits | None = None
    _outage: bool = False
    _started: float | None = None
    _attempts: Counter[tuple[str, str]] = field(default_factory=Counter)
    _first_asked: dict[str, float] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        unknown = [name for name in self.names if name not in NAMES]
        if unknown:
            raise ValueError(f"no fault {', '.join(unknown)}; there are: {', '.join(NAMES)}")
        hostile = HOSTILE in self.names
        chosen = [_mixed(kind) for kind in KINDS.values()] if hostile else [KINDS[n] for n in self.names if n in KINDS]
        self._kinds = tuple(sorted(chosen, key=lambda kind: kind.lasts))
        self._limits = Limits(self.clock.now) if hostile or LIMITS in self.names else None
        self._outage = hostile or OUTAGE in self.names

    def strike(
        self, target: str, reply: Reply, *, base: str, holdings: Holdings, ask: Callable[[str], Reply]
    ) -> Trouble | None:
        """Decide what happens to *reply*, the true answer to *target*; None: nothing.

        *base* is how the client calls the server, *ask* gives the true answer to another target.
        """
        if not self.names:
            return None
        now = self.clock.now()
        with self._lock:
            self._started = now if self._started is None else self._started
            first_asked = self._first_asked.setdefault(target, now)
        scene = Scene(target, reply, base, holdings, ask, now, first_asked)
        return self._away(scene) or self._refused(scene) or self._by_lot(scene)

    def _away(self, scene: Scene) -> Trouble | None:
        return transport.outage(self._started or 0.0)(scene, OUTAGE) if self._outage else None

    def _refused(self, scene: Scene) -> Trouble | None:
        verdict = self._limits.judge(scene.target) if self._limits else "ok"
        if verdict == "ok":
            return None
        if verdict == "blocked":
            return Trouble(LIMITS, scene.reply, delivery="none")
        too_fast = KINDS["rate-limit"].strike(scene, LIMITS)
        return too_fast

    def _by_lot(self, scene: Scene) -> Trouble | None:
        for kind in self._kinds:
            drawn_for = kind.by(scene)
            if _draw(self.seed, kind.name, drawn_for) >= kind.share:
                continue
            if not kind.lasts and not self._is_due(kind, drawn_for):
                continue
            trouble = kind.strike(scene, kind.name)
            if trouble is not None:
                return trouble
        return None

    def _is_due(self, kind: Kind, drawn_for: str) -> bool:
        with self._lock:
            self._attempts[kind.name, drawn_for] += 1
            return self._attempts[kind.name, drawn_for] <= kind.attempts


def _mixed(kind: Kind) -> Kind:
    is_listing = kind in listing.KINDS
    return replace(kind, share=kind.share * (_MIXED_LISTING if is_listing else _MIXED))


def _draw(seed: int, name: str, drawn_for: str) -> float:
    digest = hashlib.sha256(f"{seed}\n{name}\n{drawn_for}".encode("utf-8", "surrogateescape")).digest()
    return int.from_bytes(digest[:8], "big") / 2**64
