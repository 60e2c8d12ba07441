"""A clock that several processes share, in which waiting takes no time: for rehearsals of hour-long waits."""

from __future__ import annotations

import fcntl
from pathlib import Path


class SharedClock:
    """Seconds in a file. `sleep` moves it forward instead of waiting; whoever shares the file sees the same time.

    A simulated archive and a harvest that name the same file can play through an hour of being blocked at once.
    The file is made, at 0, where there is none. Nothing else moves the clock.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._path.touch()

    def now(self) -> float:
        """The seconds that have passed."""
        return float(self._path.read_text(encoding="ascii") or 0)

    def sleep(self, seconds: float) -> None:
        """Let *seconds* pass."""
        with self._path.open("r+", encoding="ascii") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            later = float(file.read() or 0) + max(0.0, seconds)
            file.seek(0)
            file.write(f"{later:020.6f}")  # of one length: a reader never sees half of it
            file.truncate()
