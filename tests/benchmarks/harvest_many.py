"""Harvest many invented policies through the simulator, and say how fast it went and whether memory stayed flat.

``python tests/benchmarks/harvest_many.py [--companies 1000]``. One real ``harvest run`` against one real server on this
computer, no limits asked for; every listed capture must be there in the end with an outcome.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from harvest.corpus.audit import audit
from harvest.corpus.store import Store
from harvest.simulator import sample, serve

_LOOK_EVERY_S = 1.0


def main() -> int:
    """Run it and print one line; 1 where anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--companies", type=int, default=1_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        sample.write_sample(folder / "archive", seed=2026, companies=options.companies)
        with serve([folder / "archive"]) as server:
            listed = len(server.holdings.rows)
            began = time.monotonic()
            memory = _run(folder, server.url)
            spent = time.monotonic() - began
        return _report(folder / "corpus.db", listed, memory, spent)


def _run(folder: Path, archive: str) -> list[int]:
    """Harvest everything; return the resident memory in kilobytes, second by second."""
    command = [sys.executable, "-m", "harvest", "run", "--quiet", "--archive", archive]
    command += ["--db", str(folder / "corpus.db"), "--file", str(folder / "archive" / "targets.toml")]
    process = subprocess.Popen(command)
    memory = []
    while process.poll() is None:
        memory.append(_resident_kb(process.pid))
        time.sleep(_LOOK_EVERY_S)
    return memory


def _resident_kb(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS:")), 0)


def _report(db: Path, listed: int, memory: list[int], spent: float) -> int:
    with Store.open(db) as store:
        policies, captures, texts = (
            store.conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("policies", "captures", "texts")
        )
        open_ones = store.conn.execute(
            "SELECT count(*) FROM captures WHERE outcome IN ('listed', 'failed')"
        ).fetchone()[0]
        findings = audit(store.conn).findings
    quarters = [max(memory[len(memory) * n // 4 : len(memory) * (n + 1) // 4] or [0]) // 1024 for n in range(4)]
    print(
        f"{policies} policies, {captures} of {listed} captures, {texts} texts in {spent:.0f} s:"
        f" {captures / spent:.0f} captures a second; most memory in each quarter: {quarters} MB;"
        f" {open_ones} without an outcome, {len(findings)} findings"
    )
    return 1 if open_ones or findings or captures < listed else 0


if __name__ == "__main__":
    sys.exit(main())
