"""Sequence the rooms: targets → listings → selection → pages → documents → corpus. Owns "carry on or stop".

Trouble with one capture or listing is recorded with it and the run goes on; an archive that refuses everything,
and any trouble of the corpus itself, stops the run. What was recorded stays, so the same command goes on where
it stopped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from harvest.archive import Archive
from harvest.clock import held
from harvest.config import Settings
from harvest.corpus.forgotten import refuse_forgotten, why_forgotten
from harvest.corpus.queries_known import KnownUrl, known_urls, last_every
from harvest.errors import ArchiveError, Forgotten, HarvestError, NotAPolicy, StopAsking
from harvest.pipeline_discovery import remember
from harvest.pipeline_events import Event, OnEvent, PolicyReport, RunReport, telling_waits
from harvest.pipeline_listing import ListingAhead, Question
from harvest.pipeline_policy import PolicyRun, Task
from harvest.resolve import PolicyTarget, all_known, resolve_targets
from harvest.urls import urlkey

if TYPE_CHECKING:
    from harvest.corpus.store import Store
    from harvest.targets import Target

__all__ = ["Event", "OnEvent", "PolicyReport", "RunReport", "import_paths", "run", "telling_waits", "update"]

# Files of one transaction: a page or two of text each.
_IMPORT_BATCH = 50


def run(
    store: Store,
    archive: Archive,
    targets: Sequence[str | Target],
    *,
    every: str = "all",
    since: datetime | None = None,
    until: datetime | None = None,
    kind: str | None = None,
    settings: Settings | None = None,
    on_event: OnEvent | None = None,
) -> RunReport:
    """Harvest *targets* (URLs or hosts; none: all of a local archive) into the corpus and report what was done.

    *every*: ``all``, ``1m``, ``6m``, ``1y``, ``change``, or what `near` made of days. *since*, *until*: bounds of
    capture times, inclusive. *kind*: take only policies of this kind, and the kind of a URL given for the first time.
    Never raises for operational trouble: see ``RunReport.errors`` and ``.stopped``. `CorpusError` passes through.
    """
    settings = settings or Settings()
    tell = on_event or _silent
    reports = []
    with held(settings.clock):
        for options, some in _by_options(targets, (every, since, until)):
            task = Task(store, archive, *options, settings, tell)
            policies, errors = resolve_targets(store.conn, archive, some, kind=kind, remember=partial(remember, store))
            for message in errors:
                tell(Event("error", message=message))
            reports.append(_harvest(task, policies, errors, command="run"))
            if reports[-1].stopped:
                break
    return RunReport.of(reports)


_Options = tuple[str, datetime | None, datetime | None]


def _by_options(
    targets: Sequence[str | Target], default: _Options
) -> Iterable[tuple[_Options, Sequence[str | Target]]]:
    """Return the targets by what is to be taken of them; those that say nothing of their own share one run."""
    every, since, until = default
    groups: dict[_Options, list[str | Target]] = {} if targets else {default: []}
    for target in targets:
        own = (
            (every, since, until)
            if isinstance(target, str)
            else (target.every or every, target.since or since, target.until or until)
        )
        groups.setdefault(own, []).append(target)
    return groups.items()


def update(
    store: Store,
    archive_of: Callable[[str], Archive | None],
    *,
    every: str | None = None,
    settings: Settings | None = None,
    on_event: OnEvent | None = None,
) -> RunReport:
    """List every known policy again in the archive its captures came from, and fetch what is new.

    *archive_of* opens an archive by the name stored with the listings, or returns None for one to be left out.
    Policies that were only imported are asked for at the Wayback Machine. *every*: None goes on as each policy was
    last harvested, so that an update of one capture a year does not fetch the thousands in between.
    """
    tell, settings = on_event or _silent, settings or Settings()
    habits = last_every(store.conn) if every is None else {}
    known: dict[str, list[KnownUrl]] = {}
    for item in known_urls(store.conn):
        known.setdefault(item.archive or "wayback", []).append(item)
    reports: list[RunReport] = []
    for name, urls in sorted(known.items()):
        try:
            archive = archive_of(name)
        except HarvestError as error:
            tell(Event("error", message=str(error)))
            reports.append(RunReport(errors=(str(error),)))
            continue
        if archive is None:
            continue
        with closing(archive), held(settings.clock):
            groups: dict[str, list[PolicyTarget]] = {}
            for policy in all_known(urls):
                groups.setdefault(every or habits.get(policy.name, "all"), []).append(policy)
            for habit, policies in sorted(groups.items()):
                task = Task(store, archive, habit, None, None, settings, tell)
                reports.append(_harvest(task, policies, [], command="update"))
    return RunReport.of(reports)


def _harvest(task: Task, policies: Sequence[PolicyTarget], errors: list[str], *, command: str) -> RunReport:
    """Harvest policy after policy; an archive that answers nobody stops the run, with everything so far kept."""
    warnings = task.archive.warnings()
    asked = {"archive": task.archive.name, "every": task.every, "policies": [policy.name for policy in policies]}
    run_id = task.store.begin_run(command, settings=asked)
    for warning in warnings:
        task.tell(Event("warning", message=warning))
        task.store.record_event(run_id, stage="list", level="warning", message=warning)
    for message in errors:
        task.store.record_event(run_id, stage="list", level="error", message=message)
    task.tell(Event("run", message=task.archive.name, data={"policies": len(policies)}))
    task = replace(task, claimed={urlkey(item.url): policy for policy in policies for item in policy.urls})
    ahead = _listing_ahead(task, policies)
    task = replace(task, archive=ahead or task.archive)
    harvests = [PolicyRun(task, policy, run_id=run_id) for policy in policies]
    outcome: str = "interrupted"
    try:
        error = _visit(task, harvests, run_id)
        until = error.until if isinstance(error, StopAsking) else None
        stopped = str(error) if error else ""
        reports = tuple(harvest.report() for harvest in harvests)
        report = RunReport(reports, warnings, tuple(errors), stopped, stopped_until=until)
        outcome = "stopped" if stopped else "done" if report.ok else "failed"
    finally:
        if ahead is not None:
            ahead.close()
        task.store.end_run(run_id, outcome=outcome)
    task.tell(Event("done", data={"outcomes": dict(report.outcomes), "ok": report.ok}))
    return report


def _listing_ahead(task: Task, policies: Sequence[PolicyTarget]) -> ListingAhead | None:
    """Return the archive with the listings that are sure to be asked for asked one ahead; None where that is no use."""
    if task.archive.is_local or task.archive.concurrency() <= 1:
        return None
    questions = [
        Question(item.url, max((moment for moment in (task.since, item.since) if moment), default=None), task.until)
        for policy in policies
        for item in policy.urls
        if not why_forgotten(task.store.conn, item.url)
    ]
    return ListingAhead(task.archive, task.settings.clock, questions)


def _visit(task: Task, harvests: Sequence[PolicyRun], run_id: int) -> ArchiveError | None:
    """Run the policies in turn, then ask again for what failed. Return why the run had to stop, else None."""
    try:
        for harvest in harvests:
            harvest.go()
        failed = [harvest for harvest in harvests if harvest.has_failed]
        if failed and not task.archive.is_local:
            _have_patience(task)
            for harvest in failed:
                harvest.retry()
    except ArchiveError as error:
        task.store.record_event(run_id, stage="fetch", level="error", message=str(error))
        task.tell(Event("stopped", message=str(error)))
        return error
    return None


def _have_patience(task: Task) -> None:
    """Wait some minutes: what an archive could not load in time it often has loaded by then."""
    seconds = task.archive.patience_s
    if seconds:
        task.tell(Event("waiting", message="asking again for what failed", data={"seconds": round(seconds)}))
        task.settings.clock.sleep(seconds)


def import_paths(store: Store, paths: Iterable[Path], *, on_event: OnEvent | None = None) -> RunReport:
    """Import Princeton–Leuven files (single files or trees of them) as derived captures.

    A file that holds no policy is named in the report's errors and left out; the others are imported, some at a
    time, so a killed import goes on where it stopped. Files imported before change nothing.
    """
    from harvest.exchange.princeton_leuven import iter_files, read_file

    tell = on_event or _silent
    given = list(paths)
    run_id = store.begin_run("import", settings={"paths": [str(path) for path in given]})
    outcome = "interrupted"
    counts: Counter[int] = Counter()
    errors: list[str] = []
    try:
        for some in _by_number(iter_files(given), _IMPORT_BATCH):
            imported = []
            for path in some:
                try:
                    page = read_file(path)
                    for url in (page.capture.url, f"http://{page.host}/"):
                        refuse_forgotten(store.conn, url)
                    imported.append(page)
                except (NotAPolicy, Forgotten, OSError) as error:
                    message = f"{path}: {error.strerror}" if isinstance(error, OSError) else str(error)
                    errors.append(message)
                    store.record_event(run_id, stage="import", level="error", message=message)
                    tell(Event("error", message=message))
            for policy_id, item in zip(store.record_imports(imported), imported, strict=True):
                counts[policy_id] += 1
                tell(Event("page", item.host, item.capture.url, {"outcome": "imported"}))
        outcome = "failed" if errors else "done"
    finally:
        store.end_run(run_id, outcome=outcome)
    reports = tuple(
        PolicyReport(policy_id, "import", count, outcomes={"imported": count}) for policy_id, count in counts.items()
    )
    return RunReport(reports, errors=tuple(errors))


def _by_number(paths: Iterable[Path], size: int) -> Iterator[list[Path]]:
    rest = iter(paths)
    while some := list(islice(rest, size)):
        yield some


def _silent(event: Event) -> None:
    """Nobody watches."""
