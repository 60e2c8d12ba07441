"""Harvests that are killed at any instant come to the same end."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parent / "benchmarks" / "kills.py"


def test_a_killed_harvest_of_a_hostile_archive_ends_as_an_undisturbed_one() -> None:
    """A few kills of what the script does with hundreds: audit and verify pass after each, nothing is lost."""
    done = subprocess.run([sys.executable, str(SCRIPT), "--kills", "3"], capture_output=True, text=True, timeout=300)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 not as they should be, 0 findings" in done.stdout
