"""``harvest run``, ``update`` and ``plan``: the commands that ask archives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from harvest.cli.options import SINCE, UNTIL, db_option, json_option, refuse_sample
from harvest.config import Rate, Settings
from harvest.targets import Target, TargetFile, read_targets

EVERY = click.Choice(["all", "1m", "6m", "1y"])


def archive_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command what it takes to talk to an archive: ``--contact``, rates, ``--quiet``, ``--json``."""
    for option in (
        json_option,
        click.option("-q", "--quiet", is_flag=True, help="Show warnings and errors only."),
        click.option("--listings-per-minute", type=click.IntRange(1), metavar="N", help="Index requests; 24."),
        click.option("--mementos-per-minute", type=click.IntRange(1), metavar="N", help="Page requests; 480."),
        click.option(
            "--contact",
            default="",
            envvar="HARVEST_CONTACT",
            show_envvar=True,
            help="An e-mail or web address where the archive's staff can reach you; sent with every request.",
        ),
    ):
        command = option(command)
    return command


@click.command()
@click.argument("targets", nargs=-1, metavar="[TARGET]…")
@click.option(
    "--archive",
    "archive_spec",
    default="wayback",
    show_default=True,
    metavar="ARCHIVE",
    help="wayback, the address of a Wayback-compatible server, or a WARC file or folder.",
)
@click.option("--from", "since", type=SINCE, help="Only captures from this date on.")
@click.option("--to", "until", type=UNTIL, help="Only captures up to the end of this date.")
@click.option(
    "--every",
    type=EVERY,
    default="all",
    show_default=True,
    help="All captures, or the one nearest to the start of each month, half-year or year.",
)
@click.option("--kind", type=click.Choice(["privacy", "terms", "cookies", "other"]), help="Only policies of this kind.")
@click.option(
    "--file",
    "targets_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Read targets from a TOML file.",
)
@archive_options
@db_option
@click.pass_context
def run(
    ctx: click.Context,
    /,
    targets: tuple[str, ...],
    archive_spec: str,
    since: datetime | None,
    until: datetime | None,
    every: str,
    kind: str | None,
    targets_file: Path | None,
    db: Path,
    **talk: Any,
) -> None:
    """Harvest the captures of policies into the corpus.

    TARGET is the URL of a policy, or a host: its policies known to the corpus; in a WARC every HTML page of the
    host or a subdomain of it. Without a TARGET a WARC is harvested whole. Safe to stop and repeat: what was
    fetched is kept, the rest is asked for.
    """
    from harvest.archive import open_archive
    from harvest.pipeline import run as run_pipeline

    file = _targets_file(targets_file)
    wanted: list[str | Target] = [*targets, *file.targets]
    spec = _given(ctx, "archive_spec", archive_spec, file.archive)
    if not wanted and spec.startswith(("wayback", "http:", "https:")):
        raise click.UsageError("name a TARGET: the URL of a policy, such as http://www.example.com/privacy.html")
    settings = _settings(talk, contact=file.contact)
    asked: dict[str, Any] = {
        "every": _given(ctx, "every", every, file.every),
        "since": since or file.since,
        "until": until or file.until,
        "kind": kind,
    }
    archive = open_archive(spec, settings)
    try:
        _harvest(
            ctx,
            db,
            talk,
            lambda store, tell: run_pipeline(store, archive, wanted, settings=settings, on_event=tell, **asked),
        )
    finally:
        archive.close()


@click.command()
@click.option(
    "--archive",
    "archive_spec",
    metavar="ARCHIVE",
    help="Ask this archive for all policies, not the one each came from.",
)
@click.option(
    "--every",
    type=EVERY,
    default="all",
    show_default=True,
    help="All new captures, or the one nearest to the start of each month, half-year or year.",
)
@archive_options
@db_option
@click.pass_context
def update(ctx: click.Context, /, archive_spec: str | None, every: str, db: Path, **talk: Any) -> None:
    """Harvest what is new of everything the corpus knows.

    Lists every known URL again in the archive its captures came from, and fetches what is new. Made for cron:
    exit status 1 when anything was refused or failed.
    """
    from harvest.archive import open_archive
    from harvest.pipeline import update as update_pipeline

    settings = _settings(talk)

    def archive_of(name: str) -> Any:
        return open_archive(archive_spec or name, settings, name=name if archive_spec is None else None)

    _harvest(
        ctx,
        db,
        talk,
        lambda store, tell: update_pipeline(store, archive_of, every=every, settings=settings, on_event=tell),
    )


def _harvest(ctx: click.Context, db: Path, talk: dict[str, Any], work: Callable[[Any, Any], Any]) -> None:
    """Open the corpus, show what *work* tells, and exit with status 1 if anything was refused or failed."""
    from harvest.cli.progress import display_for
    from harvest.corpus.store import Store

    with Store.open(db) as store:
        refuse_sample(store.is_sample, db)
        with display_for(as_json=talk["as_json"], quiet=talk["quiet"]) as display:
            report = work(store, display.tell)
    if not report.ok:
        ctx.exit(1)


def _settings(talk: dict[str, Any], *, contact: str = "") -> Settings:
    settings = Settings(contact=talk["contact"] or contact)
    if talk["listings_per_minute"]:
        settings = replace(settings, listing_rate=Rate(talk["listings_per_minute"]))
    if talk["mementos_per_minute"]:
        settings = replace(settings, memento_rate=Rate(talk["mementos_per_minute"]))
    return settings


def _given(ctx: click.Context, name: str, value: str, from_file: str) -> str:
    """Return what the command line says, else the targets file, else the option's default."""
    return from_file if from_file and ctx.get_parameter_source(name) is ParameterSource.DEFAULT else value


def _targets_file(path: Path | None) -> TargetFile:
    return read_targets(path) if path else TargetFile(())
