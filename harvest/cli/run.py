"""``harvest run`` and ``update``: the commands that harvest."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from harvest.cli.asked import read_asked, target_options
from harvest.cli.options import Command, db_option, json_option, refuse_sample, with_options
from harvest.cli.settings import harvest_options, settings_of
from harvest.clock import moment
from harvest.config import Settings
from harvest.targets import EVERY

if TYPE_CHECKING:
    from harvest.archive import Archive
    from harvest.corpus.store import Store
    from harvest.pipeline import OnEvent, RunReport

# EX_TEMPFAIL of sysexits.h: nothing is wrong here, the same command will do later; standard error says when.
COME_BACK_LATER = 75
# A harvest that runs for a night may wait a minute for a `build` or a backup of the same corpus.
_BUSY_MS = 60_000


def archive_options(command: Command) -> Command:
    """Give a command what it takes to talk to an archive: settings, ``--quiet``, ``--log``, ``--json``."""
    return with_options(
        command,
        json_option,
        click.option("-q", "--quiet", is_flag=True, help="Show warnings and errors only."),
        click.option(
            "--log",
            "log_file",
            type=click.Path(dir_okay=False, path_type=Path),
            help="Append every event with its time to this file, one JSON object a line.",
        ),
        click.option(
            "--archive-to",
            "keep_in",
            type=click.Path(file_okay=False, path_type=Path),
            help="Keep every page that is fetched as a WARC file in this folder too.",
        ),
        harvest_options,
    )


@click.command()
@target_options
@archive_options
@db_option
@click.pass_context
def run(
    ctx: click.Context,
    /,
    db: Path,
    quiet: bool,
    as_json: bool,
    log_file: Path | None,
    keep_in: Path | None,
    **options: Any,
) -> None:
    """Harvest the captures of policies into the corpus.

    TARGET is the URL of a policy, the Wayback Machine's address of it, or a host: its policies known to the corpus;
    in a WARC every HTML page of the host or a subdomain of it. Without a TARGET a WARC is harvested whole. Safe to
    stop and repeat: what was fetched is kept, the rest is asked for. Exit status 75: the archive wants to be left
    alone until a time that is said; run the same command again after it.
    """
    from harvest.archive import open_archive
    from harvest.pipeline import run as run_pipeline
    from harvest.pipeline import telling_waits

    asked = read_asked(ctx, **options)

    def work(store: Store, tell: OnEvent) -> RunReport:
        with closing(
            _kept(open_archive(asked.archive, asked.settings, on_wait=telling_waits(tell)), keep_in)
        ) as archive:
            return run_pipeline(store, archive, asked.targets, settings=asked.settings, on_event=tell, **asked.bounds)

    _harvest(ctx, db, work, asked.settings, log_file, quiet=quiet, as_json=as_json)


@click.command()
@click.option("--archive", metavar="ARCHIVE", help="Ask this archive for all policies, not the one each came from.")
@click.option(
    "--every",
    type=click.Choice(EVERY),
    help="As in `run`; where nothing is said, as each policy was harvested last.",
)
@archive_options
@db_option
@click.pass_context
def update(
    ctx: click.Context,
    /,
    archive: str | None,
    every: str | None,
    db: Path,
    quiet: bool,
    as_json: bool,
    log_file: Path | None,
    keep_in: Path | None,
    **talk: Any,
) -> None:
    """Harvest what is new of everything the corpus knows.

    Lists every known URL again in the archive its captures came from, and fetches what is new. Made for cron:
    exit status 1 when anything was refused or failed, 75 when the archive is to be left alone until a time that is
    said. Policies out of local files have nothing new.
    """
    from harvest.archive import opener
    from harvest.pipeline import telling_waits
    from harvest.pipeline import update as update_pipeline

    settings = settings_of(talk)

    def work(store: Store, tell: OnEvent) -> RunReport:
        open_again = opener(settings, instead=archive or "", on_wait=telling_waits(tell))

        def archive_of(name: str) -> Archive | None:
            opened = open_again(name)
            return _kept(opened, keep_in) if opened else None

        return update_pipeline(store, archive_of, every=every, settings=settings, on_event=tell)

    _harvest(ctx, db, work, settings, log_file, quiet=quiet, as_json=as_json, create=False)


def _harvest(
    ctx: click.Context,
    db: Path,
    work: Callable[[Store, OnEvent], RunReport],
    settings: Settings,
    log_file: Path | None,
    *,
    quiet: bool,
    as_json: bool,
    create: bool = True,
) -> None:
    """Open the corpus, show and log what *work* tells, and exit as cron should know it ended."""
    from harvest.cli.progress import display_for, telling
    from harvest.corpus.store import Store

    with Store.open(db, create=create, clock=lambda: moment(settings.clock), busy_timeout_ms=_BUSY_MS) as store:
        refuse_sample(store.is_sample, db)
        with (
            display_for(as_json=as_json, quiet=quiet) as display,
            telling(display, log_file, clock=settings.clock) as tell,
        ):
            report = work(store, tell)
    if report.stopped_until is not None:
        ctx.exit(COME_BACK_LATER)
    if not report.ok:
        ctx.exit(1)


def _kept(archive: Archive, folder: Path | None) -> Archive:
    if folder is None:
        return archive
    from harvest.archive.keeping import KeepingArchive

    return KeepingArchive(archive, folder)
