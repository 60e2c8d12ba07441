"""Harvesting from pywb, a Wayback server that nobody here wrote.

pywb brings gevent and an old redis client, which have no business beside our own dependencies: ``make pywb``
installs it into ``.venv-pywb``. `HARVEST_PYWB` names another folder with its programs. ``make test`` sets
`HARVEST_REQUIRE_PYWB`, and the test fails where pywb is missing; elsewhere it is skipped, and says why.
"""

from __future__ import annotations

import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from harvest.archive import open_archive
from harvest.corpus.store import Store
from harvest.pipeline import RunReport, run
from harvest.simulator import sample
from harvest.targets import read_targets

ROOT = Path(__file__).resolve().parents[2]
START_LIMIT_S = 60.0
# What a capture became, and of which text: the same from any server. Lengths and the addresses of landings are not
# compared: pywb names the spelling that was asked for.
QUESTION = """
    SELECT c.url, c.timestamp, c.mimetype, c.statuscode, c.digest, c.outcome, c.page_kind, t.sha256, b.sha256
    FROM captures c LEFT JOIN texts t ON t.id = c.text_id LEFT JOIN bodies b ON b.id = c.body_id
    ORDER BY c.url, c.timestamp
"""


@pytest.fixture(scope="module")
def programs() -> Path:
    """Return the folder of pywb's programs."""
    folder = Path(os.environ.get("HARVEST_PYWB", ROOT / ".venv-pywb" / "bin"))
    if not (folder / "wayback").exists():
        message = f"NO PYWB at {folder}: run `make pywb`, or name its folder in HARVEST_PYWB"
        if os.environ.get("HARVEST_REQUIRE_PYWB"):
            pytest.fail(message)
        pytest.skip(message)
    return folder


@pytest.fixture(scope="module")
def archive_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the archive of two made-up companies and their targets."""
    folder = tmp_path_factory.mktemp("sample")
    sample.write_sample(folder, seed=2718, companies=2)
    return folder


@pytest.fixture(scope="module")
def pywb(programs: Path, archive_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the archive with pywb; return the address of its collection."""
    home = tmp_path_factory.mktemp("pywb")
    warcs = sorted(map(str, archive_folder.glob("*.warc.gz")))
    for command in (["init", "policies"], ["add", "policies", *warcs]):
        subprocess.run([programs / "wb-manager", *command], cwd=home, check=True, capture_output=True, timeout=60)
    port = _free_port()
    with _running([programs / "wayback", "-b", "127.0.0.1", "-p", str(port)], home):
        _wait_for(f"http://127.0.0.1:{port}/")
        yield f"http://127.0.0.1:{port}/policies"


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _running(command: list[str | Path], folder: Path) -> Iterator[None]:
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
        try:
            yield
        finally:
            process.terminate()
            process.wait(timeout=30)


def _wait_for(url: str) -> None:
    # The one place that has to wait for somebody else's program; it asks, and gives up after a minute.
    end = time.monotonic() + START_LIMIT_S
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def _harvest(db: Path, spec: str, folder: Path) -> tuple[RunReport, list[tuple[object, ...]]]:
    with Store.open(db) as store:
        archive = open_archive(spec, name="any")
        try:
            report = run(store, archive, read_targets(folder / "targets.toml").targets)
        finally:
            archive.close()
        return report, [tuple(row) for row in store.conn.execute(QUESTION)]


def test_pywb_gives_what_its_files_hold(pywb: str, archive_folder: Path, tmp_path: Path) -> None:
    """Harvested from pywb, captures have the outcomes, bytes and texts they have straight from the WARC files."""
    through, from_server = _harvest(tmp_path / "server.db", pywb, archive_folder)
    straight, from_files = _harvest(tmp_path / "files.db", str(archive_folder), archive_folder)

    assert through.ok, through
    assert straight.ok, straight
    assert through.outcomes["fetched"] > 30
    assert from_server == from_files
