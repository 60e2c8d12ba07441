"""The functions of the command line for scripts; `import harvest` gives them.

Parameters are named as the options are (``since`` and ``until`` are ``--from`` and ``--to``). Dates are ``YYYY``,
``YYYY-MM``, ``YYYY-MM-DD``, full timestamps, or aware datetimes. Everything returned is a frozen dataclass of
`harvest.model`, `harvest.corpus.queries_model` or `harvest.pipeline`; `as_dict` makes plain JSON types of it.
Errors are those of `harvest.errors`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harvest.config import Settings
from harvest.corpus import queries
from harvest.corpus.queries_blame import WordBlame
from harvest.corpus.queries_model import (
    BlameView,
    Overview,
    PhraseLife,
    PolicyChange,
    SearchResult,
    Timeline,
    VersionView,
)
from harvest.corpus.queries_status import Status
from harvest.corpus.trends import Trends
from harvest.errors import UnknownTarget
from harvest.model import Diff, Document
from harvest.targets import Target, TargetFile, as_targets
from harvest.timestamps import end_of, start_of, to_iso

if TYPE_CHECKING:
    from harvest.archive.discovery_home import Discovery
    from harvest.corpus.store import Store
    from harvest.corpus.store_merge import Merged
    from harvest.pipeline import Event, RunReport

Moment = str | datetime | None
LAST_RUN = "last-run"

_FAR_FUTURE = datetime(2100, 12, 31, tzinfo=UTC)
_PAGE = 200


def open_corpus(path: str | Path = "corpus.db", *, create: bool = True) -> Store:
    """Open a corpus, as a context manager; with *create* an empty one is made where there is none.

    Raises ForeignDatabase, NewerCorpus or LockedCorpus; UnknownTarget where there is none and *create* is False.
    """
    from harvest.corpus.store import Store

    if not create and not Path(path).exists():
        raise UnknownTarget(f"{path}: there is no such corpus")
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
    here overrides the targets file. Trouble with single captures is data: see ``RunReport.ok`` and ``.trouble``.
    """
    from harvest import pipeline
    from harvest.archive import open_archive
    from harvest.archive.selection import near as near_days

    days = [moment for day in near if (moment := _start(day))]
    if isinstance(targets, TargetFile):
        file, items = targets, targets.targets
    else:
        file, items = TargetFile(()), as_targets([targets] if isinstance(targets, str) else targets)
    settings = settings or Settings(contact=contact or file.contact)
    source = open_archive(archive or file.archive or "wayback", settings)
    try:
        return pipeline.run(
            corpus,
            source,
            items,
            every=near_days(days) if days else every or file.every or "all",
            since=_start(since) or file.since,
            until=_end(until) or file.until,
            kind=kind or None,
            settings=settings,
            on_event=on_event,
        )
    finally:
        source.close()


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
    from contextlib import closing

    from harvest.archive import open_archive
    from harvest.archive.discovery_home import discover as ask

    with closing(open_archive(archive, settings or Settings(contact=contact))) as source:
        return ask(source, host, since=_start(since), until=_end(until))


def import_paths(
    corpus: Store,
    paths: str | Path | Sequence[str | Path],
    *,
    map_file: str | Path | None = None,
    branch: str = "",
    workers: int | None = 1,
    on_event: Callable[[Event], None] | None = None,
) -> RunReport:
    """Import Princeton–Leuven files, git histories, WARC and WACZ files, dated pages, and folders of them.

    *map_file* and *branch* are for git histories and dated pages: see ``docs/histories.md``. *workers*: processes
    that read and compare, None for as many as there are processors. ``RunReport.trouble`` says what was refused.
    """
    from harvest import pipeline
    from harvest.engine import open_engine
    from harvest.pipeline_import import import_collection, is_collection

    asked = [Path(path) for path in ([paths] if isinstance(paths, (str, Path)) else paths)]
    given = [path for folder in asked for path in _collections(folder)]
    reports: list[RunReport] = []
    with open_engine(workers) as engine:
        for path in given:
            if is_collection(path, mapped=map_file is not None):
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


def _collections(path: Path) -> list[Path]:
    """Return the repositories and bundles that lie in a folder, for each is a history of its own; else the path."""
    from harvest.exchange.git_repository import is_repository

    if not path.is_dir() or is_repository(path):
        return [path]
    return [child for child in sorted(path.iterdir()) if is_repository(child)] or [path]


def _import_files(corpus: Store, path: Path, on_event: Callable[[Event], None] | None) -> list[RunReport]:
    from harvest import pipeline
    from harvest.archive import open_archive

    reports = [] if _is_warc(path) else [pipeline.import_paths(corpus, [path], on_event=on_event)]
    for file in _warcs(path):
        source = open_archive(str(file))
        try:
            reports.append(pipeline.run(corpus, source, [], on_event=on_event))
        finally:
            source.close()
    return reports


def _is_warc(path: Path) -> bool:
    return path.name.lower().endswith((".warc", ".warc.gz", ".wacz"))


def _warcs(path: Path) -> list[Path]:
    found = sorted(path.rglob("*")) if path.is_dir() else [path]
    return [file for file in found if _is_warc(file)]


def status(corpus: Store) -> Status:
    """Return what is in the corpus and what is pending."""
    from harvest.corpus.queries_status import status as read_status

    return read_status(corpus.conn)


def policies(corpus: Store, *, q: str = "", limit: int = 100, offset: int = 0) -> Overview:
    """Return one page of the policies of the corpus, by name; *q* narrows to hosts that hold it."""
    return queries.overview(corpus.conn, q=q, limit=limit, offset=offset)


def history(corpus: Store, policy: str) -> Timeline:
    """Return the versions and transitions of a policy, oldest first. Raises UnknownTarget with what exists.

    *policy*: ``SITE``, ``SITE/KIND``, ``SITE/KIND:LABEL`` or a known address.
    """
    return queries.timeline(corpus.conn, queries.resolve_policy(corpus.conn, policy))


def show(corpus: Store, policy: str, date: Moment = None) -> VersionView:
    """Return the version of a policy in force at the end of *date* (None: the newest), with its sections."""
    return queries.version_as_of(corpus.conn, queries.resolve_policy(corpus.conn, policy), _end(date) or _FAR_FUTURE)


def diff(corpus: Store, policy: str, *, before: Moment, after: Moment = None) -> Diff:
    """Return the differences between the versions of a policy in force at two dates (*after* None: the newest)."""
    from harvest.compare import compare

    old, new = show(corpus, policy, before), show(corpus, policy, after)
    return compare(old.sections, new.sections)


def blame(corpus: Store, policy: str, date: Moment = None) -> BlameView:
    """Return the version of a policy in force at the end of *date*, with since when each clause is there."""
    return queries.blame(corpus.conn, queries.resolve_policy(corpus.conn, policy), _end(date) or _FAR_FUTURE)


def blame_words(corpus: Store, policy: str, date: Moment = None) -> WordBlame:
    """Return the same for each word, as ``harvest blame --words``; the whole history is looked at."""
    known = queries.resolve_policy(corpus.conn, policy)
    return queries.blame_of_words(corpus.conn, known, _end(date) or _FAR_FUTURE, max_words=None)


def phrase(corpus: Store, words: str, *, site: str = "", kind: str = "", limit: int = 200) -> PhraseLife:
    """Return in which policies a phrase stood and when, those who had it first coming first."""
    return queries.phrase(corpus.conn, words, site=site, kind=kind, limit=limit)


def trends(
    corpus: Store,
    terms: str | Sequence[str],
    *,
    site: str = "",
    kind: str = "",
    since: Moment = None,
    until: Moment = None,
    seen_only: bool = False,
) -> Trends:
    """Return how many policies hold each of one to six terms, half-year by half-year, and out of how many."""
    return queries.trends(
        corpus.conn,
        [terms] if isinstance(terms, str) else list(terms),
        site=site,
        kind=kind,
        since=_start(since),
        until=_end(until),
        seen_only=seen_only,
    )


def merge(corpus: Store, other: str | Path) -> Merged:
    """Join another corpus into this one; the other is only read. Raises CorpusError where they do not go together."""
    return corpus.merge(Path(other))


def search(
    corpus: Store,
    phrase: str,
    *,
    where: str = "text",
    site: str = "",
    kind: str = "",
    tier: str = "",
    since: Moment = None,
    until: Moment = None,
    whole: bool = False,
    order: str = "best",
    limit: int = 25,
    offset: int = 0,
) -> SearchResult:
    """Find a phrase in the texts of policies (*where* ``text``), or where it was ``added`` or ``removed``."""
    return queries.search(
        corpus.conn,
        phrase,
        where=where,
        site=site,
        kind=kind,
        tier=tier,
        since=_iso(_start(since)),
        until=_iso(_end(until)),
        whole=whole,
        order=order,
        limit=limit,
        offset=offset,
    )


def changes(
    corpus: Store,
    *,
    since: Moment = None,
    until: Moment = None,
    site: str = "",
    kind: str = "",
    tier: str = "order",
    silent: bool | None = None,
) -> Iterator[PolicyChange]:
    """Yield the changes of policies, newest first, each with what changed clause by clause.

    *since* may be ``"last-run"``: what the newest run brought. *tier*: this tier or higher; ``typography`` for all.
    """
    fetched_since = (queries.last_run(corpus.conn) or "") if since == LAST_RUN else ""
    start = None if since == LAST_RUN else _start(since)
    offset, more = 0, True
    while more:
        page = queries.changes(
            corpus.conn,
            since=_iso(start),
            until=_iso(_end(until)),
            fetched_since=fetched_since,
            site=site,
            kind=kind,
            tier=tier,
            silent=silent,
            lines=True,
            limit=_PAGE,
            offset=offset,
        )
        yield from page.items
        offset, more = offset + _PAGE, page.more


def read_page(body: bytes, *, headers: dict[str, str] | None = None, url: str = "") -> Document:
    """Return an HTML page as sections and clauses. Never raises: the document says what was made of the bytes."""
    from harvest.text import read_html

    return read_html(body, headers or {}, page_url=url)


def as_dict(value: Any) -> Any:
    """Return plain JSON types for what these functions return; the keys are those of ``--json``."""
    from harvest.exchange import shapes

    return shapes.as_dict(value)


def _start(date: Moment) -> datetime | None:
    return start_of(date) if isinstance(date, str) else date


def _end(date: Moment) -> datetime | None:
    return end_of(date) if isinstance(date, str) else date


def _iso(moment: datetime | None) -> str:
    return to_iso(moment) if moment else ""
