"""What importing git histories costs: time, memory, size by table; whether all of it is there; how fast it answers.

    python tests/benchmarks/histories.py [--workers 2] [--serial] [--db FILE] [--build] [--queries] REPOSITORY…

For every quarter of reading and of comparing it says what was spent so far, and the most memory since the one before:
what grows faster than its input shows there, and with histories of ``grown_history.py``.
Times are wall and processor seconds: where other programs run beside, trust the latter; those of queries are of the
processor alone. ``--serial`` imports once more in one process and gives the speed-up, ``--build`` re-derives
everything, ``--queries`` asks the corpus and ``git log -S``.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import sqlite3
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from watching import Watch

from harvest.corpus import queries
from harvest.corpus.bodies import read_body
from harvest.corpus.store import Store
from harvest.engine import open_engine
from harvest.exchange.git_history import GitHistory
from harvest.exchange.git_repository import Repository
from harvest.pipeline_import import import_collection

PHRASES = (
    "web beacon",
    "third parties",
    "personal data",
    "we will not sell",
    "machine learning",
    "data protection officer",
)
SAMPLE = 1000


@dataclass(frozen=True)
class Cost:
    """Seconds on the clock and of processors, and the most memory all processes had together."""

    wall_s: float
    cpu_s: float
    peak_mb: float

    def __str__(self) -> str:
        load = os.getloadavg()[0]
        times = f"{self.wall_s:.1f} s, {self.cpu_s:.1f} s of processors"
        return f"{times}, {self.peak_mb:.0f} MB at most in all processes; {load:.1f} programs at a time ran at the end"


def measured(work: Callable[[], object], watch: Watch | None = None) -> Cost:
    """Run and measure, child processes included."""
    with watch or Watch() as looking:
        before, start = _cpu(), time.perf_counter()
        work()
        return Cost(time.perf_counter() - start, _cpu() - before, looking.most_mb)


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def import_all(db: Path, repositories: Sequence[Path], workers: int, watch: Watch) -> None:
    """Import histories, one after the other, and pack the file."""
    with Store.open(db) as store, open_engine(workers) as engine:
        for repository in repositories:
            import_collection(store, repository, engine=engine, on_event=watch.tell)
        store.pack()
    watch.mark("packed")


def sizes(db: Path, repositories: Sequence[Path]) -> Iterator[str]:
    """Yield what each table costs, and the whole beside the packs of the histories."""
    conn = sqlite3.connect(db)
    rows = conn.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name ORDER BY 2 DESC").fetchall()
    conn.close()
    whole = sum(size for _, size in rows)
    for name, size in rows[:16]:
        yield f"  {name:32} {size / 1e6:8.2f} MB {size / whole:6.1%}"
    packs = sum(pack_size(repository) for repository in repositories)
    yield f"{whole / 1e6:.1f} MB in all, {whole / packs:.1f} times the git packs ({packs / 1e6:.1f} MB)"


def pack_size(repository: Path) -> int:
    """Return the bytes of a repository's pack, repacked in a copy."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.git"
        _git("clone", "--quiet", "--mirror", str(repository), str(copy))
        _git("-C", str(copy), "repack", "-adfq", "--depth=60", "--window=60")
        return sum(file.stat().st_size for file in copy.glob("objects/pack/*.pack"))


def parity(db: Path, repositories: Sequence[Path]) -> Iterator[str]:
    """Yield how many captures of each history are in, and whether bytes and times of a sample are those of git."""
    conn = sqlite3.connect(db)
    for path in repositories:
        wanted, held = 0, set()  # a row that two would share is one
        sample: list[tuple[str, str, str]] = []
        with Repository(path) as repository, GitHistory(repository) as history:
            for filing in history.filings():
                for sighted in history.sightings(filing):
                    capture = sighted.capture(history.archive, None)
                    row = conn.execute(
                        "SELECT id FROM captures WHERE urlkey = ? AND timestamp = ? AND digest = ? AND archive = ?",
                        (capture.urlkey, capture.timestamp, capture.digest, capture.archive),
                    ).fetchone()
                    wanted += 1
                    held.update(row or ())
                    sample.append((capture.digest, capture.timestamp, capture.urlkey))
            same = 0
            some = random.Random(1).sample([one for one in sample if one[0]], min(SAMPLE, len(sample)))
            with repository.blobs() as blobs:
                for digest, stamp, key in some:
                    (body_id,) = conn.execute(
                        "SELECT body_id FROM captures WHERE urlkey = ? AND timestamp = ? AND digest = ?",
                        (key, stamp, digest),
                    ).fetchone()
                    same += read_body(conn, body_id) == blobs.read(digest)
        yield f"  {path.name}: {len(held)} of {wanted} captures are in; {same} of {len(some)} bodies equal git's"
    conn.close()


def answers(db: Path, repository: Path) -> Iterator[str]:
    """Yield how long questions take in the corpus, and how many times as long ``git log -S`` on one history.

    In turn, phrase by phrase, so that a busy minute of the computer slows both; times are of the processor.
    """
    conn = sqlite3.connect(db)
    asked: dict[str, Callable[[str], object]] = {
        "phrase": lambda q: queries.phrase(conn, q),
        "search added": lambda q: queries.search(conn, q, where="added"),
        "search removed": lambda q: queries.search(conn, q, where="removed"),
        "search text": lambda q: queries.search(conn, q),
        "changes": lambda q: queries.changes(conn),
        "overview": lambda q: queries.overview(conn),
        "trends": lambda q: queries.trends(conn, [q]),
    }
    times: dict[str, list[list[float]]] = {name: [] for name in asked}
    git = []
    with tempfile.TemporaryDirectory() as folder, Repository(repository) as history:  # its HEAD may point nowhere
        _git("clone", "--quiet", "--mirror", str(repository), folder)  # a bundle has no log
        for phrase in PHRASES:
            looking = ("-C", folder, "log", "-S", phrase, "--format=%h", history.branch)
            git.append(measured(partial(_git, *looking)).cpu_s)
            for name, ask in asked.items():
                times[name].append([_seconds(partial(ask, phrase)) for _ in range(5)])
    spread = f"median {statistics.median(git):.2f} s, {min(git):.2f} to {max(git):.2f} s"
    yield f"  git log -S on {repository.name}, {len(PHRASES)} phrases: {spread}"
    for name, of_phrases in times.items():
        middles = [statistics.median(each) for each in of_phrases]
        every = sorted(one for each in of_phrases for one in each)
        ratios = [slow / quick for slow, quick in zip(git, middles, strict=True)]
        worst = every[int(len(every) * 0.95) - 1]
        yield (
            f"  {name:15} median {statistics.median(middles) * 1000:7.1f} ms, p95 {worst * 1000:7.1f} ms;"
            f" git takes {statistics.median(ratios):6.0f} times as long, {min(ratios):.0f} for the slowest phrase"
        )
    conn.close()


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _git(*arguments: str) -> None:
    subprocess.run(["git", *arguments], check=True, capture_output=True)


def rebuild(db: Path, workers: int) -> None:
    """Re-derive everything, as after a change of the normaliser."""
    with Store.open(db) as store, open_engine(workers) as engine:
        store.rebuild(engine=engine)


def transitions(db: Path) -> set[tuple[object, ...]]:
    """Return what a reader sees of the transitions."""
    conn = sqlite3.connect(db)
    found = {tuple(row) for row in conn.execute("SELECT site, kind, label, first_seen, transition, tier FROM history")}
    conn.close()
    return found


def main() -> None:
    """Run what was asked for and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repositories", nargs="+", type=Path)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--db", type=Path)
    for name in ("serial", "build", "queries"):
        parser.add_argument(f"--{name}", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        db = options.db or Path(folder) / "histories.db"
        if not db.exists():
            watch = Watch()
            cost = measured(lambda: import_all(db, options.repositories, options.workers, watch), watch)
            print(f"import, {options.workers} processes: {cost}", *watch.marks, sep="\n")
            if options.serial:
                alone = measured(lambda: import_all(Path(folder) / "serial.db", options.repositories, 1, Watch()))
                print(f"import, one process: {alone}; speed-up {alone.wall_s / cost.wall_s:.2f}")
        for line in (*sizes(db, options.repositories), *parity(db, options.repositories)):
            print(line)
        if options.build:
            before = transitions(db)
            print(f"build: {measured(lambda: rebuild(db, options.workers))}")
            print(f"  transitions that appeared or vanished: {len(before ^ transitions(db))}")
        if options.queries:
            for line in answers(db, options.repositories[0]):
                print(line)


if __name__ == "__main__":
    main()
