"""A history of somebody else's → corpus: imported by `HistoryImport`, settled, packed where it brought most of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from harvest.corpus.store_bulk import unsettled
from harvest.engine import Engine, Serial
from harvest.exchange.histories import History
from harvest.pipeline_events import Event, OnEvent, PolicyReport, RunReport
from harvest.pipeline_history import HistoryImport

if TYPE_CHECKING:
    from harvest.corpus.store import Store

#: An import that brought most of a corpus leaves indexes a tenth larger than need be; packing takes 2 s for 100 MB.
_PACKED_SHARE = 0.5


def is_collection(path: Path, *, mapped: bool = False) -> bool:
    """True for what `import_collection` reads: git repositories and bundles, folders of dated pages."""
    from harvest.exchange.dated_files import holds_dated_pages
    from harvest.exchange.git_repository import is_repository

    return is_repository(path) or holds_dated_pages(path, mapped=mapped)


def import_collection(
    store: Store,
    path: Path,
    *,
    map_file: Path | None = None,
    branch: str = "",
    engine: Engine | None = None,
    on_event: OnEvent | None = None,
) -> RunReport:
    """Import a history of policies: a git repository or bundle, or a folder of dated pages.

    Each change of a file is a capture at its commit's time. *map_file* says which files are which policies where the
    layout is not known; *branch*: where there are several. Killed, the same call goes on; repeated, it reads nothing.
    Raises UnknownTarget for what cannot be understood.
    """
    from harvest.exchange.dated_files import DatedFiles
    from harvest.exchange.git_history import GitHistory
    from harvest.exchange.git_map import read_map
    from harvest.exchange.git_repository import Repository, is_repository

    tell, engine = on_event or _silent, engine or Serial()
    given = read_map(map_file) if map_file is not None else None
    if not is_repository(path):
        return _import(store, DatedFiles(path, given), str(path), engine, tell)
    with Repository(path, branch=branch) as repository, GitHistory(repository, given) as history:
        return _import(store, history, str(path), engine, tell)


def _import(store: Store, history: History, name: str, engine: Engine, tell: OnEvent) -> RunReport:
    run_id = store.begin_run("import", settings={"paths": [name], "archive": history.archive})
    outcome = "interrupted"
    try:
        work = HistoryImport(store, history, engine=engine, run_id=run_id, tell=tell)
        reports = work.go()
        settle(store, engine, tell)
        if sum(work.counts.values()) > _PACKED_SHARE * store.capture_count():
            store.pack_if_free()
        outcome = "failed" if work.errors else "done"
    finally:
        store.end_run(run_id, outcome=outcome)
    counted = {"known": work.known, "repeated": work.repeated, "failed": work.failed}
    rest = PolicyReport(None, "import", outcomes={name: count for name, count in counted.items() if count})
    return RunReport((*reports, rest), errors=tuple(work.errors))


def settle(store: Store, engine: Engine, tell: OnEvent) -> None:
    """Make histories follow where captures were imported, those of a killed import too."""
    pending = len(unsettled(store.conn))
    tell(Event("policy", "comparing"))
    tell(Event("pending", data={"pending": pending}))
    store.settle(engine=engine, on_policy=lambda policy_id: tell(Event("page", data={"outcome": "settled"})))


def _silent(event: Event) -> None:
    """Nobody watches."""
