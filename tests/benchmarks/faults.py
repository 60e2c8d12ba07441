"""Harvest WARC files through every kind of trouble, one by one and mixed, and compare with an undisturbed harvest.

``python tests/benchmarks/faults.py [--seed 1] WARC …``. The test `tests/test_thread_faults.py` does the same with the
sample; this is for real pages.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from kills import Rows, rows_of, targets_of, wrong_rows

from harvest.archive.session import ArchiveSession
from harvest.archive.wayback import WaybackArchive
from harvest.clock import SharedClock
from harvest.config import Rate, Settings
from harvest.corpus.audit import audit
from harvest.corpus.store import Store
from harvest.corpus.verify import verify
from harvest.pipeline import run
from harvest.simulator import serve
from harvest.simulator.faults import NAMES

_PASSES = 4
_FREE = Settings(listing_rate=Rate(None), memento_rate=Rate(None), listing_page_rows=3)


def main() -> int:
    """Print a line for each kind that did not end as it should, then how many did; 1 where any did not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("warcs", metavar="WARC", nargs="+", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    good, came = 0, 0
    with tempfile.TemporaryDirectory() as scratch:
        calm = Path(scratch) / "calm"
        expected, _ = _harvest(options.warcs, calm, "", options.seed)
        for fault in NAMES:
            folder = Path(scratch) / fault
            found, findings = _harvest(options.warcs, folder, fault, options.seed)
            came += (folder / "faults").exists()
            wrong = wrong_rows(expected, found, folder / "faults") + findings
            good += not wrong
            for line in wrong[:5]:
                print(f"{fault}: {line}")
    print(f"{len(expected)} captures; {good} of {len(NAMES)} kinds end as they should, {came} of them came")
    return 0 if good == len(NAMES) else 1


def _harvest(warcs: list[Path], folder: Path, fault: str, seed: int) -> tuple[Rows, list[str]]:
    folder.mkdir()
    clock = SharedClock(folder / "clock")
    settings = replace(_FREE, clock=clock)
    faults = [fault] if fault else []
    with (
        serve(warcs, faults=faults, seed=seed, clock=clock, fault_log=folder / "faults") as server,
        Store.open(folder / "corpus.db") as store,
    ):
        for _ in range(_PASSES if fault else 1):
            archive = WaybackArchive(server.url, ArchiveSession(settings), settings, name="any")
            run(store, archive, targets_of(server.holdings.rows), settings=settings)
            archive.close()
            clock.sleep(7_200)
        findings = [str(finding) for finding in (*audit(store.conn).findings, *verify(store.conn).problems)]
    return rows_of(folder / "corpus.db"), findings


if __name__ == "__main__":
    sys.exit(main())
