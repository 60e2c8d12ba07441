"""Kill harvests of a hostile archive at random instants, let them finish, and compare with an undisturbed one.

``python tests/benchmarks/kills.py [--kills 200] [--seed 1] [WARC …]``; without a WARC two companies of the sample.
Each kill is a SIGKILL to a real ``harvest run``; after each the corpus must pass ``audit`` and ``verify``. In the end
every capture has the outcome and text of an undisturbed run, or that of the lasting trouble it met.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from harvest.clock import SharedClock
from harvest.corpus.audit import audit
from harvest.corpus.store import Store
from harvest.corpus.verify import verify
from harvest.simulator import Simulator, sample, serve
from harvest.simulator.faults import HOSTILE, KINDS, Faults
from harvest.simulator.faults.record import read_record
from harvest.urls import urlkey

QUESTION = """
    SELECT c.url, c.timestamp, c.digest, c.outcome, c.page_kind, coalesce(t.sha256, ''),
        coalesce(c.landed_timestamp, ''), coalesce(c.landed_url, '')
    FROM captures c LEFT JOIN texts t ON t.id = c.text_id
"""
_PATIENCE_S = 600
_RUNS_TO_AN_END = 3  # an archive that is away ends a run early
_LAST_RUNS = 5  # rows that only a later listing brings, pages that come later
_HTML = ("text/html", "warc/revisit")
Rows = dict[tuple[str, ...], tuple[str, ...]]


@dataclass(slots=True)
class Trial:
    """One archive, harvested again and again by processes that are killed."""

    folder: Path
    archive: str
    targets: Sequence[str]
    kills: int = 0
    completed: int = 0
    problems: list[str] = field(default_factory=list)

    def command(self) -> list[str]:
        """Return the harvest as a person would call it."""
        return [
            *(sys.executable, "-m", "harvest", "run", "--quiet", "--archive", self.archive),
            *("--db", str(self.folder / "corpus.db"), "--clock", str(self.folder / "clock"), *self.targets),
        ]

    def disturb(self, after_s: float) -> bool:
        """Start a harvest and kill it after so long; False where it was done before."""
        process = self._start()
        try:
            process.wait(after_s)
            self.completed += 1
            return False
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            self.kills += 1
            return True

    def finish(self) -> None:
        """Run to the end, as cron would: again on another day."""
        for _ in range(_LAST_RUNS):
            self._start().wait(_PATIENCE_S)
            SharedClock(self.folder / "clock").sleep(86_400)

    def _start(self) -> subprocess.Popen[bytes]:
        environment = {**os.environ, "HARVEST_STATE": str(self.folder / "state")}
        return subprocess.Popen(self.command(), env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def check(self) -> None:
        """Note what audit and verify find."""
        if not (self.folder / "corpus.db").exists():
            return
        with Store.open(self.folder / "corpus.db") as store:
            found = [*audit(store.conn).findings, *verify(store.conn).problems]
        self.problems += [f"after kill {self.kills}: {problem}" for problem in found]


def main() -> int:
    """Run the trials; return 1 where any row is not what it should be."""
    options = _options()
    bad = 0
    with tempfile.TemporaryDirectory() as scratch:
        warcs = options.warcs or _sample(Path(scratch))
        for number, warc in enumerate(warcs):
            share = options.kills // len(warcs) + (number < options.kills % len(warcs))
            bad += _try(warc, Path(scratch) / f"trial{number}", share, options.seed)
    return 1 if bad else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("warcs", metavar="WARC", nargs="*", type=Path)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def _sample(folder: Path) -> list[Path]:
    sample.write_sample(folder / "sample", seed=42, companies=2)
    return [folder / "sample"]


def _try(warc: Path, folder: Path, kills: int, seed: int) -> int:
    folder.mkdir(parents=True)
    expected, whole_s = _undisturbed(warc, folder / "calm")
    chance = random.Random(seed)
    with serve(
        [warc], faults=[HOSTILE], seed=seed, clock=SharedClock(folder / "clock"), fault_log=folder / "faults"
    ) as server:
        trial = Trial(folder, server.url, targets_of(server.holdings.rows))
        began = time.monotonic()
        while trial.kills < kills:
            # From the first imports on to somewhere in the work.
            if not trial.disturb(chance.uniform(0.3, 0.3 + whole_s)):
                SharedClock(folder / "clock").sleep(7_200)
                if trial.completed % _RUNS_TO_AN_END == 0:
                    _begin_again(folder, server, seed + trial.completed)
            trial.check()
        trial.finish()
        trial.check()
        spent = time.monotonic() - began
    wrong = _differences(expected, rows_of(folder / "corpus.db"), folder)
    print(
        f"{warc.name}: {trial.kills} kills, {trial.completed} harvests that ended before, {spent:.0f} s;"
        f" {len(expected)} captures, {len(wrong)} not as they should be, {len(trial.problems)} findings"
    )
    for line in [*wrong, *trial.problems][:20]:
        print(f"  {line}")
    return len(wrong) + len(trial.problems)


def _begin_again(folder: Path, server: Simulator, seed: int) -> None:
    """A new corpus meets new trouble: what passes has passed in the old one."""
    for path in (*folder.glob("corpus.db*"), *folder.glob("faults")):
        path.unlink()
    server.faults = Faults([HOSTILE], seed, SharedClock(folder / "clock"))


def _undisturbed(warc: Path, folder: Path) -> tuple[Rows, float]:
    folder.mkdir()
    with serve([warc], clock=SharedClock(folder / "clock")) as server:
        trial = Trial(folder, server.url, targets_of(server.holdings.rows))
        began = time.monotonic()
        trial._start().wait(_PATIENCE_S)
        return rows_of(folder / "corpus.db"), time.monotonic() - began


def targets_of(rows: Sequence[object]) -> list[str]:
    """Return one URL of each page that is held."""
    by_key = {row.urlkey: row.original for row in rows if row.mimetype in _HTML}  # type: ignore[attr-defined]
    return sorted(by_key.values())


def rows_of(db: Path) -> Rows:
    """Return what became of each capture, by URL, time and digest."""
    with sqlite3.connect(db) as conn:
        rows = [tuple(map(str, row)) for row in conn.execute(QUESTION)]
    return {row[:3]: (row[3].replace("duplicate", "fetched"), *row[4:]) for row in rows}


def _differences(expected: Rows, found: Rows, folder: Path) -> list[str]:
    print(f"  kinds of trouble that came: {len(read_record(folder / 'faults', KINDS).hits)} of {len(KINDS) + 2}")
    return wrong_rows(expected, found, folder / "faults")


def wrong_rows(expected: Rows, found: Rows, fault_log: Path) -> list[str]:
    """Return the captures that are neither as in an undisturbed harvest nor as their lasting trouble makes them."""
    record = read_record(fault_log, KINDS) if fault_log.exists() else None
    wrong = []
    for key, row in expected.items():
        allowed = record.outcomes(key[0], key[1], landed_stamp=row[-2], landed_url=row[-1]) if record else set()
        here = found.get(key, ("excluded",))
        if here[:3] != row[:3] and here[0] not in allowed:
            wrong.append(f"{key[1]} {urlkey(key[0])}: {here[:3]} instead of {row[:3]} {sorted(allowed)}")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
