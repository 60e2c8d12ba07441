"""The thread against an archive in trouble: every fault of the simulator, alone and mixed, and what is left of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from harvest.archive.session import ArchiveSession
from harvest.archive.wayback import WaybackArchive
from harvest.clock import SharedClock
from harvest.config import Rate, Settings
from harvest.corpus.audit import audit
from harvest.corpus.store import Store
from harvest.pipeline import RunReport, run
from harvest.simulator import sample, serve
from harvest.simulator.faults import HOSTILE, KINDS, NAMES
from harvest.simulator.faults.record import read_record
from harvest.targets import read_targets

QUESTION = """
    SELECT c.url, c.timestamp, c.digest, c.outcome, c.page_kind, coalesce(t.sha256, ''),
        coalesce(c.landed_timestamp, ''), coalesce(c.landed_url, '')
    FROM captures c LEFT JOIN texts t ON t.id = c.text_id ORDER BY c.url, c.timestamp, c.digest
"""
FREE = Settings(listing_rate=Rate(None), memento_rate=Rate(None), listing_page_rows=3)
# Rows that only another listing brings, and pages that take longer than the patience of one run.
LATER = {"missing-rows", "half-a-line", "late", "outage", "html-for-data", "words-for-data", HOSTILE}


@pytest.fixture(scope="module")
def archive_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the archive of two made-up companies."""
    folder = tmp_path_factory.mktemp("sample")
    sample.write_sample(folder, seed=42, companies=2)
    return folder


def _harvest(folder: Path, scratch: Path, fault: str, *, passes: int = 1) -> list[RunReport]:
    """Harvest through an archive with one fault, waiting by a clock in which waits take no time."""
    clock = SharedClock(scratch / "clock")
    settings = replace(FREE, clock=clock)
    reports = []
    with (
        serve([folder], faults=[fault] if fault else [], seed=0, clock=clock, fault_log=scratch / "faults") as server,
        Store.open(scratch / "c.db") as store,
    ):
        for _ in range(passes):
            archive = WaybackArchive(server.url, ArchiveSession(settings), settings, name="any")
            try:
                reports.append(run(store, archive, read_targets(folder / "targets.toml").targets, settings=settings))
            finally:
                archive.close()
            clock.sleep(7_200)
        assert not audit(store.conn).findings
    return reports


def _rows(scratch: Path) -> dict[tuple[str, ...], tuple[str, ...]]:
    """What became of each capture, by URL, time and digest. A page stored once for two captures counts for both."""
    with Store.open(scratch / "c.db", create=False) as store:
        rows = [tuple(map(str, row)) for row in store.conn.execute(QUESTION)]
    return {row[:3]: (row[3].replace("duplicate", "fetched"), *row[4:]) for row in rows}


@pytest.fixture(scope="module")
def untroubled(
    archive_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Return what a harvest without trouble gives."""
    scratch = tmp_path_factory.mktemp("untroubled")
    assert _harvest(archive_folder, scratch, "")[0].ok
    return _rows(scratch)


@pytest.mark.parametrize("fault", NAMES)
def test_trouble_leaves_no_trace_but_its_own(
    fault: str, archive_folder: Path, untroubled: dict[tuple[str, ...], tuple[str, ...]], tmp_path: Path
) -> None:
    """What passes is waited out; what lasts marks the captures it hits, as what it is, and no others."""
    reports = _harvest(archive_folder, tmp_path, fault, passes=3 if fault in LATER else 1)
    rows, record = _rows(tmp_path), read_record(tmp_path / "faults", KINDS)

    assert record.hits, f"{fault} never happened"
    assert reports[-1].ok or any(KINDS[name].outcome for name in record.hits if name in KINDS), reports[-1]
    for key, expected in untroubled.items():
        url, stamp, _ = key
        outcomes = record.outcomes(url, stamp, landed_stamp=expected[-2], landed_url=expected[-1])
        if not outcomes:
            assert rows.get(key, ())[:3] == expected[:3], key
        elif key in rows:
            # What the listing told is an error page stays one: it was not asked for.
            assert rows[key][0] in outcomes or (rows[key] == expected and "excluded" in outcomes), key
        else:
            assert "excluded" in outcomes, key
