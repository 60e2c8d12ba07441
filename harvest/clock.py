"""The time by which a run waits: the computer's, or a simulated one that several processes share through a file.

On a simulated clock an hour of being blocked passes at once, and in the right order for everybody: it moves only
when all who take part have nothing to do before it does.
"""

from __future__ import annotations

import itertools
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

# Sleepers look whether they may wake: soon at first, then less often; 16 of them cost a tenth of a core at most.
_FIRST_LOOK_S = 0.0005
_LONGEST_LOOK_S = 0.01
# Who sleeps without holding the clock (a simulator, a script) gets so long, in real time, to go on before others.
_GRACE_S = 0.005
# Nobody moved for so long: a participant hangs, or waits for another while it holds the clock. Time goes on.
_STUCK_S = 60.0
_DEAD_EVERY_S = 0.05


class Clock(Protocol):
    """Seconds since 1970, and how to wait for later ones."""

    def now(self) -> float:
        """The time."""
        ...

    def sleep(self, seconds: float) -> None:
        """Return when *seconds* have passed."""
        ...

    def hold(self) -> None:
        """Let no simulated time pass until `release`: work is going on that takes none. Holds are counted."""
        ...

    def release(self) -> None:
        """Take one hold back."""
        ...


class SystemClock:
    """The computer's clock. It cannot be held."""

    def now(self) -> float:
        """The time."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(max(0.0, seconds))

    def hold(self) -> None:
        """Do nothing."""

    def release(self) -> None:
        """Do nothing."""


SYSTEM_CLOCK = SystemClock()


def moment(clock: Clock) -> datetime:
    """Return the time of a clock as a datetime."""
    return datetime.fromtimestamp(clock.now(), UTC)


@contextmanager
def held(clock: Clock) -> Iterator[None]:
    """Hold a clock while the block runs."""
    clock.hold()
    try:
        yield
    finally:
        clock.release()


class SharedClock:
    """A simulated clock in a file. Whoever names the same file, in whatever process, sees the same time.

    Time moves when everybody sleeps, and then to the moment at which the first wakes. A process that works holds
    the clock, once for each thing it does at the same time; a sleeper cancels one hold, its own or that of the
    client a server keeps waiting. So a harvest (which holds while a request is under way) and an archive that
    answers slowly (which only sleeps) agree without knowing of each other. Without any hold `sleep` moves the
    clock at once. Processes that die lose their holds. The file is made, at `START`, where there is none.
    """

    START = datetime(2026, 1, 1, tzinfo=UTC).timestamp()

    def __init__(self, path: Path) -> None:
        self._path = path
        self._path.touch()
        self._me = f"{os.getpid()}:{_started(os.getpid())}"
        self._numbers = itertools.count()

    def now(self) -> float:
        """The time."""
        with self._state(write=False) as state:
            return state.now

    def hold(self) -> None:
        """Let no time pass until `release`."""
        with self._state() as state:
            state.holds[self._me] = state.holds.get(self._me, 0) + 1
            state.stir()

    def release(self) -> None:
        """Take one hold back; the others of this process stay."""
        with self._state() as state:
            state.holds[self._me] = max(0, state.holds.get(self._me, 0) - 1)
            if not state.holds[self._me]:
                del state.holds[self._me]
            state.stir()
            state.advance()

    def holders(self) -> tuple[str, ...]:
        """Return the processes that hold the clock: who starts several may hold it himself until all are there."""
        with self._state(write=False) as state:
            return tuple(state.holds)

    def sleep(self, seconds: float) -> None:
        """Return when *seconds* have passed on this clock."""
        if seconds <= 0:
            return
        key = f"{self._me}:{id(self):x}.{next(self._numbers)}"
        with self._state() as state:
            state.sleepers[key] = state.now + seconds
            state.stir()
            state.advance()
        try:
            self._wait_for(key)
        except BaseException:
            with self._state() as state:
                state.sleepers.pop(key, None)
            raise

    def _wait_for(self, key: str) -> None:
        look_s, looked = _FIRST_LOOK_S, 0.0
        while True:
            with self._state(write=False) as state:
                if key not in state.sleepers:
                    return
            time.sleep(look_s)
            looked += look_s
            look_s = min(_LONGEST_LOOK_S, look_s * 1.5)
            if looked > _GRACE_S:
                with self._state() as state:
                    if looked > _DEAD_EVERY_S:
                        looked = 0.0
                        state.bury()
                    state.advance()

    @contextmanager
    def _state(self, *, write: bool = True) -> Iterator[_State]:
        import fcntl  # not on Windows, where all but the simulated clock works

        with self._path.open("r+b" if write else "rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX if write else fcntl.LOCK_SH)
            found = file.read()
            state = _read(found)
            yield state
            if write:
                content = json.dumps(
                    {"now": state.now, "holds": state.holds, "sleepers": state.sleepers, "stirred": state.stirred}
                ).encode()
                # One write that never shortens the file: a process killed at any instant leaves it whole.
                os.pwrite(file.fileno(), content.ljust(len(found)), 0)


@dataclass(slots=True)
class _State:
    """What the file says. *stirred*: when, by the computer's clock, anybody last did anything to it."""

    now: float
    holds: dict[str, int] = field(default_factory=dict)
    sleepers: dict[str, float] = field(default_factory=dict)
    stirred: float = field(default_factory=time.time)

    def stir(self) -> None:
        """Note that somebody is there."""
        self.stirred = time.time()

    def advance(self) -> None:
        """Go to the first moment at which somebody wakes, if nobody has anything to do before."""
        if not self.sleepers:
            return
        holds, real = sum(self.holds.values()), time.time()
        quiet_s = abs(real - self.stirred)
        if holds > len(self.sleepers) and quiet_s < _STUCK_S:
            return
        if not holds and len(self.sleepers) > 1 and quiet_s < _GRACE_S:
            return
        self.now = max(self.now, min(self.sleepers.values()))
        self.sleepers = {key: wake for key, wake in self.sleepers.items() if wake > self.now}
        self.stirred = real

    def bury(self) -> None:
        """Forget the holds and sleepers of processes that are no more."""
        gone = {owner for owner in {*self.holds, *map(_owner, self.sleepers)} if not _is_alive(owner)}
        self.holds = {owner: count for owner, count in self.holds.items() if owner not in gone}
        self.sleepers = {key: wake for key, wake in self.sleepers.items() if _owner(key) not in gone}


def _read(content: bytes) -> _State:
    text = content.decode("ascii", "replace").strip()
    if not text:
        return _State(SharedClock.START)
    found = json.loads(text)
    if isinstance(found, (int, float)):  # a person may write a bare number to set the clock
        return _State(float(found))
    return _State(found["now"], found["holds"], found["sleepers"], found["stirred"])


def _owner(key: str) -> str:
    return key.rpartition(":")[0]


def _is_alive(owner: str) -> bool:
    pid, _, started = owner.partition(":")
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return _started(int(pid)) == started


def _started(pid: int) -> str:
    """When a process began, where the system says so: numbers of processes are used again."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return ""
    return fields[19] if len(fields) > 19 and fields[0] != "Z" else ""  # Z: dead, and nobody has asked how
