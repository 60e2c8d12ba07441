"""The bundled sample as a corpus: what ``harvest demo`` and ``make corpus`` share.

``python -m harvest.cli.sample corpus.db`` builds the corpus that the repository carries: the same rows each time.
"""

from __future__ import annotations

import errno
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from harvest.archive import Archive, open_archive
from harvest.cli.progress import Display, display_for
from harvest.corpus.store import Store
from harvest.counting import count_of
from harvest.errors import SampleCorpus
from harvest.model import Listing
from harvest.pipeline import RunReport, run
from harvest.simulator import Simulator, sample, serve
from harvest.targets import read_targets

# When the committed corpus was made, for all that its rows say.
FIXED_CLOCK = datetime(2025, 1, 1, tzinfo=UTC)
# How captures of the demonstration name their archive. It does not follow the port: a second run, on another one
# because this is taken, must find what it has.
ARCHIVE_NAME = "http://127.0.0.1:8002"


@dataclass(frozen=True, slots=True)
class Harvested:
    """What became of the sample. *archive_url* answers while the block runs."""

    report: RunReport
    db: Path
    archive_url: str

    @property
    def ok(self) -> bool:
        """True when every capture was answered."""
        return self.report.ok

    @property
    def summary(self) -> str:
        """One line for people."""
        counts = ", ".join(f"{count} {outcome}" for outcome, count in sorted(self.report.outcomes.items()))
        return f"{self.db}: {count_of(len(self.report.policies), 'policy')}; {counts or 'nothing new'}"


@contextmanager
def harvest_sample(db: Path, *, archive_port: int, display: Display) -> Iterator[Harvested]:
    """Harvest the sample into *db* through a simulated archive, which answers as long as the block runs.

    The archive's files are written to ``sample/`` beside *db*. Raises CorpusError for a database that is not ours.
    """
    folder = db.parent / "sample"
    with _serving(sample.write_bundled(folder), archive_port) as archive_server:
        with Store.open(db) as store, display:
            _refuse_real_corpus(store, db)
            store.mark_sample()
            archive = open_archive(archive_server.url, name=ARCHIVE_NAME)
            report = _run(store, archive, folder / "targets.toml", display)
        yield Harvested(report, db, archive_server.url)


def build_corpus(db: Path, *, display: Display) -> RunReport:
    """Make the sample corpus anew in *db*, at a fixed time by its clock and free of this computer's addresses."""
    fresh = db.with_name(f".{db.name}.new")
    fresh.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        paths = sample.write_bundled(Path(scratch))
        with serve(paths) as simulator, Store.open(fresh, clock=lambda: FIXED_CLOCK) as store, display:
            store.mark_sample()
            archive = _AtFixedTime(open_archive(simulator.url, name="sample"))
            report = _run(store, archive, Path(scratch) / "targets.toml", display)
            store.pack()
    fresh.replace(db)
    return report


def _refuse_real_corpus(store: Store, db: Path) -> None:
    if not store.is_sample and store.policy_ids():
        raise SampleCorpus(f"{db} holds a harvest of real policies: name another file for the sample with `-d`")


def _run(store: Store, archive: Archive, targets: Path, display: Display) -> RunReport:
    try:
        return run(store, archive, read_targets(targets).targets, on_event=display.tell)
    finally:
        archive.close()


@contextmanager
def _serving(paths: list[Path], port: int) -> Iterator[Simulator]:
    with ExitStack() as stack:
        try:
            server = stack.enter_context(serve(paths, port=port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            server = stack.enter_context(serve(paths))
        yield server


class _AtFixedTime:
    """An archive that was asked at a fixed time."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self.name = archive.name
        self.is_local = archive.is_local
        self.patience_s = archive.patience_s
        self.fetch = archive.fetch
        self.concurrency = archive.concurrency
        self.find_policies = archive.find_policies
        self.warnings = archive.warnings
        self.close: Callable[[], None] = archive.close

    def list_captures(self, url: str, *, since: datetime | None = None, until: datetime | None = None) -> Listing:
        return replace(self._archive.list_captures(url, since=since, until=until), asked_at=FIXED_CLOCK)


if __name__ == "__main__":
    done = build_corpus(Path(sys.argv[1]), display=display_for(as_json=False, quiet=False))
    sys.exit(0 if done.ok else 1)
