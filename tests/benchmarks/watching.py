"""What a run costs as it goes on: seconds of processors and memory of this process and of those it starts. Linux."""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from harvest.pipeline_events import Event

_EVERY_S = 0.25
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Mark:
    """How it stood at one moment: *cpu_s* of the writer and of the workers, and the most memory since the last mark."""

    name: str
    wall_s: float
    writer_cpu_s: float
    workers_cpu_s: float
    writer_mb: float
    worker_mb: float
    all_mb: float

    def __str__(self) -> str:
        return (
            f"  {self.name:24} {self.wall_s:7.1f} s; processors: writer {self.writer_cpu_s:7.1f} s,"
            f" workers {self.workers_cpu_s:7.1f} s; memory: writer {self.writer_mb:4.0f} MB,"
            f" worker {self.worker_mb:4.0f} MB, together {self.all_mb:4.0f} MB"
        )


@dataclass
class Watch:
    """Looks at this process and its workers four times a second; `tell` marks the quarters of reading and comparing.

    Memory is what is resident. Git is not counted: what it has mapped of a pack is a file.
    """

    marks: list[Mark] = field(default_factory=list)
    most_mb: float = 0.0
    _start: float = field(default_factory=time.perf_counter)
    _cpu: dict[int, float] = field(default_factory=dict)
    _peaks: list[float] = field(default_factory=lambda: [0.0, 0.0, 0.0])
    _over: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _phase: str = ""
    _done: int = 0
    _total: int = 0

    def __enter__(self) -> Watch:
        threading.Thread(target=self._run, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()

    def tell(self, event: Event) -> None:
        """Take an event of an import."""
        if event.name == "policy":
            self._phase = event.message
        elif event.name == "pending":
            self._done, self._total = 0, int(str(event.data["pending"]))
        elif event.name == "page":
            self._done += 1
            if self._done in {self._total * quarter // 4 for quarter in (1, 2, 3, 4)}:
                self.mark(f"{self._phase[:14]} {self._done}/{self._total}")

    def mark(self, name: str) -> None:
        """Note how it stands."""
        self._look()
        with self._lock:
            wall, own = time.perf_counter() - self._start, time.process_time()
            self.marks.append(Mark(name, wall, own, sum(self._cpu.values()), *self._peaks))
            self._peaks = [0.0, 0.0, 0.0]

    def _run(self) -> None:
        while not self._over.wait(_EVERY_S):
            self._look()

    def _look(self) -> None:
        own, workers = _resident_mb(os.getpid()), []
        for pid in _children(os.getpid()):
            size = _resident_mb(pid)
            if size:
                workers.append(size)
                self._cpu[pid] = max(_cpu_s(pid), self._cpu.get(pid, 0.0))
        with self._lock:
            together = own + sum(workers)
            now = (own, max(workers, default=0.0), together)
            self._peaks = [max(pair) for pair in zip(self._peaks, now, strict=True)]
            self.most_mb = max(self.most_mb, together)


def _children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += [int(child) for child in _read(task / "children").split()]
    return [child for child in found if _read(Path(f"/proc/{child}/comm")).strip() != "git"]


def _resident_mb(pid: int) -> float:
    pages = _read(Path(f"/proc/{pid}/statm")).split()
    return int(pages[1]) * os.sysconf("SC_PAGESIZE") / 1e6 if pages else 0.0


def _cpu_s(pid: int) -> float:
    fields = _read(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS if fields else 0.0


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:  # it has ended meanwhile
        return ""
