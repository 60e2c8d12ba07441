"""Fixtures that every room shares."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import settings

# Time is no property of the program: a loaded machine takes a second for what takes a millisecond elsewhere.
settings.register_profile("harvest", deadline=None)
settings.load_profile("harvest")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def eval_data() -> Path:
    """Return the folder of real evaluation data (``HARVEST_EVAL_DATA``); tests that ask for it skip without it."""
    folder = Path(os.environ.get("HARVEST_EVAL_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"NO EVALUATION DATA at {folder}: set HARVEST_EVAL_DATA to run this test")
    return folder


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly how many tests were skipped for want of evaluation data."""
    skipped = [
        report
        for report in terminalreporter.stats.get("skipped", [])
        if isinstance(report.longrepr, tuple) and "NO EVALUATION DATA" in report.longrepr[2]
    ]
    if skipped:
        terminalreporter.section("evaluation data is missing", sep="!", red=True, bold=True)
        terminalreporter.write_line(f"{len(skipped)} tests on real pages were skipped: {skipped[0].longrepr[2]}")


@pytest.fixture(autouse=True, scope="session")
def _state_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep tests away from the limits and blocks that the user's own harvests share."""
    os.environ["HARVEST_STATE"] = str(tmp_path_factory.mktemp("state"))


def read_attacks() -> dict[str, list[str]]:
    """Return the strings of ``tests/attacks.json`` by kind of attack; long ones are written as a text and a number."""
    written = json.loads((ROOT / "tests" / "attacks.json").read_text(encoding="ascii"))
    return {
        kind: [each if isinstance(each, str) else each["text"] * each["times"] for each in strings]
        for kind, strings in written.items()
    }


@pytest.fixture(scope="session")
def attacks() -> dict[str, list[str]]:
    """What hostile pages and visitors say, by kind of attack. Every script in it sets ``window.pwned``."""
    return read_attacks()
