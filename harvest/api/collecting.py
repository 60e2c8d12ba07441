"""Getting policies in: opening a corpus, harvesting, importing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from harvest.api.moments import Moment, end, span, start
from harvest.config import Settings, with_values
from harvest.errors import Incomplete
from harvest.targets import Target, TargetFile, as_targets, settings_of
from harvest.timestamps import check_span

if TYPE_CHECKING:
    from harvest.archive.discovery_home import Discovery
    from harvest.corpus.store import Store
    from harvest.pipeline import Event, RunReport


def open_corpus(path: str | Path = "corpus.db", *, create: bool = True) -> Store:
    """Open a corpus, as a context manager; with *create* an empty one is made where there is none.

    Raises ForeignDatabase, NewerCorpus or LockedCorpus; UnknownTarget where there is none and *create* is False.
    """
    from harvest.corpus.store import Store

    return Store.open(Path(path), create=create)


def run(
    corpus: Store,
    targets: str | Sequence[str | Target] | TargetFile = (),
    *,
    archive: str = "",
    every: str = "",
    near: Sequence[str | datetime] = (),
    since: Moment = None,
    until: Moment = None,
    kind: str = "",
    contact: str = "",
    settings: Settings | None = None,
    on_event: Callable[[Event], None] | None = None,
) -> RunReport:
    """Harvest targets into a corpus, as ``harvest run`` does; run it again to go on where it stopped.

    *targets*: addresses, hosts, or what `read_targets` returned; none means all of a local archive. *archive* is
    ``wayback`` (the default), the address of a Wayback-compatible server, or a WARC file or folder; *every* is
    ``all``, ``1m``, ``6m``, ``1y`` or ``change``; *near* takes its place with the days to be near to. What is given
    here overrides the targets file, whose limits hold else; *settings* override all of them. Trouble with single
    captures is data: see ``RunReport.ok`` and ``.trouble``.
    """
    from harvest import pipeline
    from harvest.archive import open_archive
    from harvest.archive.selection import near as near_days

    days = [moment for day in near if (moment := start(day))]
    if isinstance(targets, TargetFile):
        file, items = targets, targets.targets
    else:
        file, items = TargetFile(()), as_targets([targets] if isinstance(targets, str) else targets)
    settings = settings or with_values(settings_of(file), {"contact": contact} if contact else {})
    first, last = start(since) or file.since, end(until) or file.until
    check_span(first, last)
    spec = archive or file.archive or "wayback"
    with closing(open_archive(spec, settings, on_wait=_telling(on_event))) as source:
        return pipeline.run(
            corpus,
            source,
            items,
            every=near_days(days) if days else every or file.every or "all",
            since=first,
            until=last,
            kind=kind or None,
            settings=settings,
            on_event=on_event,
        )


def update(
    corpus: Store,
    *,
    archive: str = "",
    every: str = "",
    contact: str = "",
    settings: Settings | None = None,
    on_event: Callable[[Event], None] | None = None,
) -> RunReport:
    """Harvest what is new of everything the corpus knows, as ``harvest update`` does.

    Asks the archive that each policy's captures came from, or *archive* for all; *every* as in `run`, and where it is
    left out, as each policy was harvested last. Policies out of local files have nothing new.
    """
    from harvest import pipeline
    from harvest.archive import opener

    settings = settings or Settings(contact=contact)
    archive_of = opener(settings, instead=archive, on_wait=_telling(on_event))
    return pipeline.update(corpus, archive_of, every=every or None, settings=settings, on_event=on_event)


def discover(
    host: str,
    *,
    archive: str = "wayback",
    since: Moment = None,
    until: Moment = None,
    contact: str = "",
    settings: Settings | None = None,
) -> Discovery:
    """Return the policies that the archived home pages of a site lead to, with the evidence, as ``harvest discover``.

    Nothing is stored. Raises ArchiveError where the home page could not be asked for; what else could not be read is
    in ``Discovery.trouble``.
    """
    from harvest.archive import open_archive
    from harvest.archive.discovery_home import discover as ask

    first, last = span(since, until)
    with closing(open_archive(archive, settings or Settings(contact=contact))) as source:
        return ask(source, host, since=first, until=last)


def import_paths(
    corpus: Store,
    paths: str | Path | Sequence[str | Path],
    *,
    map_file: str | Path | None = None,
    branch: str = "",
    workers: int | None = 1,
    on_event: Callable[[Event], None] | None = None,
) -> RunReport:
    """Import Princeton–Leuven files, git histories, WARC, ARC and WACZ files, dated pages, and folders of them.

    *map_file* and *branch* are for git histories and dated pages: see ``docs/histories.md``. *workers*: processes
    that read and compare, None for as many as there are processors. ``RunReport.trouble`` says what was refused.
    """
    from harvest import pipeline
    from harvest.engine import open_engine
    from harvest.pipeline_import import import_collection, is_collection

    asked = [Path(path) for path in ([paths] if isinstance(paths, (str, Path)) else paths)]
    given = [path for folder in asked for path in _collections(folder)]
    mapped = map_file is not None
    if (mapped or branch) and not any(is_collection(path, mapped=mapped) for path in given):
        named = ", ".join(map(str, asked))
        raise Incomplete(f"--map and --branch are for git histories, --map for dated pages too: {named} holds none")
    reports: list[RunReport] = []
    with open_engine(workers) as engine:
        for path in given:
            if is_collection(path, mapped=mapped):
                reports.append(
                    import_collection(
                        corpus,
                        path,
                        map_file=Path(map_file) if map_file else None,
                        branch=branch,
                        engine=engine,
                        on_event=on_event,
                    )
                )
            else:
                reports += _import_files(corpus, path, on_event)
    return pipeline.RunReport.of(reports)


def _telling(on_event: Callable[[Event], None] | None) -> Callable[[float, str], None] | None:
    from harvest.pipeline import telling_waits

    return telling_waits(on_event) if on_event else None


def _collections(path: Path) -> list[Path]:
    """Return the repositories and bundles that lie in a folder, for each is a history of its own; else the path.

    With them come archives and folders of dated pages that lie beside them.
    """
    from harvest.exchange.git_repository import is_repository
    from harvest.pipeline_import import is_collection

    if not path.is_dir() or is_repository(path):
        return [path]
    children = sorted(path.iterdir())
    if not any(is_repository(child) for child in children):
        return [path]
    return [child for child in children if is_collection(child) or _is_archive(child) or _holds_archives(child)]


def _import_files(corpus: Store, path: Path, on_event: Callable[[Event], None] | None) -> list[RunReport]:
    from harvest import pipeline
    from harvest.archive import open_archive

    reports = [] if _is_archive(path) else [pipeline.import_paths(corpus, [path], on_event=on_event)]
    if _is_archive(path) or _holds_archives(path):
        with closing(open_archive(str(path))) as source:  # a folder at once: what one file revisits is in another
            reports.append(pipeline.run(corpus, source, [], on_event=on_event))
    return reports


def _is_archive(path: Path) -> bool:
    from harvest.archive.warc_index import SUFFIXES

    return path.is_file() and path.name.lower().endswith(SUFFIXES)


def _holds_archives(path: Path) -> bool:
    from harvest.archive.warc_index import warc_files

    return path.is_dir() and bool(warc_files(path))
