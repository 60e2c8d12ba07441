"""The thread against an archive in trouble: every fault of the simulator, and the same corpus in the end."""

from __future__ import annotations

from pathlib import Path

import pytest

from harvest.archive.session import ArchiveSession
from harvest.archive.wayback import WaybackArchive
from harvest.clock import SharedClock
from harvest.config import Rate, Settings
from harvest.corpus.store import Store
from harvest.pipeline import RunReport, run
from harvest.simulator import sample, serve
from harvest.simulator.faults import KINDS
from harvest.targets import read_targets

QUESTION = """
    SELECT c.url, c.timestamp, c.digest, c.outcome, c.page_kind, t.sha256, b.sha256, v.number
    FROM captures c LEFT JOIN texts t ON t.id = c.text_id LEFT JOIN bodies b ON b.id = c.body_id
    LEFT JOIN versions v ON v.id = c.version_id ORDER BY c.url, c.timestamp
"""
REFUSALS = ["rate-limit", "retry-after", "unavailable", "empty-504"]
BREAKS = ["truncated", "reset"]


@pytest.fixture(scope="module")
def archive_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the archive of one made-up company."""
    folder = tmp_path_factory.mktemp("sample")
    sample.write_sample(folder, seed=42, companies=1)
    return folder


def _harvest(folder: Path, scratch: Path, faults: list[str], *, settings: Settings | None = None) -> RunReport:
    """Harvest through an archive with *faults*, waiting by a clock in which waits take no time."""
    settings = settings or Settings()
    clock = SharedClock(scratch / "clock")
    with (
        serve([folder], faults=faults, seed=3, clock=clock.now, fault_log=scratch / "faults") as server,
        Store.open(scratch / "c.db") as store,
    ):
        rates = {"listing": settings.listing_rate, "memento": settings.memento_rate}
        session = ArchiveSession(settings, rates=rates, clock=clock.now, sleep=clock.sleep)
        archive = WaybackArchive(server.url, session, settings, name="any")
        try:
            return run(store, archive, read_targets(folder / "targets.toml").targets, settings=settings)
        finally:
            archive.close()


def _rows(scratch: Path) -> list[tuple[object, ...]]:
    with Store.open(scratch / "c.db", create=False) as store:
        return [tuple(row) for row in store.conn.execute(QUESTION)]


@pytest.fixture(scope="module")
def untroubled(archive_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[object, ...]]:
    """Return what a harvest without trouble gives."""
    scratch = tmp_path_factory.mktemp("untroubled")
    assert _harvest(archive_folder, scratch, []).ok
    return _rows(scratch)


def test_every_fault_is_tried() -> None:
    """A new kind of fault belongs into one of the lists above; slowness alone is no trouble."""
    assert {*REFUSALS, *BREAKS, "slow"} == set(KINDS)


@pytest.mark.parametrize("faults", [REFUSALS, BREAKS, [*BREAKS, *REFUSALS]], ids="+".join)
def test_trouble_leaves_no_trace(
    faults: list[str], archive_folder: Path, untroubled: list[tuple[object, ...]], tmp_path: Path
) -> None:
    """Refusals, errors, cut and closed connections are waited out: the corpus is the one of an untroubled harvest."""
    report = _harvest(archive_folder, tmp_path, faults)

    assert (tmp_path / "faults").read_text()
    assert report.ok, report
    assert _rows(tmp_path) == untroubled


def test_asking_too_fast_is_noticed_and_waited_out(
    archive_folder: Path, untroubled: list[tuple[object, ...]], tmp_path: Path
) -> None:
    """A harvest without limits of its own, one row a page, runs into the archive's and loses nothing."""
    reckless = Settings(listing_rate=Rate(None), memento_rate=Rate(None), listing_page_rows=1)
    report = _harvest(archive_folder, tmp_path, ["limits"], settings=reckless)

    assert "limits" in (tmp_path / "faults").read_text()
    assert report.ok, report
    assert _rows(tmp_path) == untroubled
