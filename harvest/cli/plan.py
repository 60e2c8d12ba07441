"""``harvest plan``: what a run would ask for, and how long it would take."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from harvest.cli.asked import every_of, near_option
from harvest.cli.options import SINCE, UNTIL, db_option, emit_json, json_option
from harvest.cli.output import table
from harvest.cli.reading import reading
from harvest.cli.settings import harvest_options, settings_of
from harvest.clock import held
from harvest.counting import count_of
from harvest.plan import Plan
from harvest.targets import EVERY, KINDS, Target, TargetFile, read_targets


@click.command()
@click.argument("targets", nargs=-1, metavar="[TARGET]…")
@click.option("--archive", default="", metavar="ARCHIVE", help="As of `run`; wayback where nothing is said.")
@click.option("--from", "since", type=SINCE, help="Only captures from this date on.")
@click.option("--to", "until", type=UNTIL, help="Only captures up to the end of this date.")
@click.option("--every", type=click.Choice(EVERY), help="As of `run`; all where nothing is said.")
@near_option
@click.option("--kind", type=click.Choice(KINDS), help="Only policies of this kind.")
@click.option(
    "--file",
    "targets_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Read targets from a TOML file.",
)
@harvest_options
@db_option
@json_option
@click.pass_context
def plan(
    ctx: click.Context,
    /,
    targets: tuple[str, ...],
    archive: str,
    since: datetime | None,
    until: datetime | None,
    every: str | None,
    near: tuple[datetime, ...],
    kind: str | None,
    targets_file: Path | None,
    db: Path,
    as_json: bool,
    **talk: Any,
) -> None:
    """Say what a run would ask for, and how long it would take.

    Takes the arguments of `run`. The archive's index is asked, at its allowed rate, and nothing is stored; no page is
    fetched but the home pages of a host that the corpus does not know. What the corpus already has is not counted.
    """
    from harvest.archive import open_archive
    from harvest.plan import plan as make_plan

    file = read_targets(targets_file) if targets_file else TargetFile(())
    settings = settings_of(talk, file)
    source = open_archive(archive or file.archive or "wayback", settings, on_wait=_say)
    wanted: list[str | Target] = [*targets, *file.targets]
    if not wanted and not source.is_local:
        raise click.UsageError("name a TARGET: the URL of a policy, such as http://www.example.com/privacy.html")
    try:
        with _known(db) as conn, held(settings.clock):
            found = make_plan(
                conn,
                source,
                wanted,
                every=every_of(every or file.every or "all", near),
                since=since or file.since,
                until=until or file.until,
                kind=kind,
                settings=settings,
            )
    finally:
        source.close()
    if as_json:
        emit_json(found_json(found))
    else:
        print_plan(found)
    if found.errors:
        ctx.exit(1)


def _say(seconds: float, why: str) -> None:
    click.echo(f"waiting {seconds:.0f} s: {why}" if seconds else why, err=True)


@contextmanager
def _known(db: Path) -> Iterator[sqlite3.Connection]:
    """Give the corpus, or an empty one in memory where there is none: planning makes no file."""
    from harvest.corpus.store_opening import open_memory

    if db.exists():
        with reading(db) as conn:
            yield conn
    else:
        conn = open_memory()
        yield conn
        conn.close()


def print_plan(found: Plan) -> None:
    """Print one line a policy, the sum, and what would be refused."""
    lines = [
        (item.name, str(item.listings), str(item.captures), str(item.settled), str(item.to_fetch))
        for item in found.policies
    ]
    if lines:
        click.echo(
            table(("policy", "index queries", "captures", "in the corpus", "to fetch"), lines, right=(1, 2, 3, 4))
        )
    least = "at least " if found.is_least else ""
    takes = f", about {timedelta(seconds=round(found.seconds))} at the allowed rate" if found.seconds else ""
    asked = count_of(found.listings, "index query")
    click.echo(f"{asked} and {least}{count_of(found.to_fetch, 'page')} from {found.archive}{takes}")
    for message in found.errors:
        click.echo(message, err=True)


def found_json(found: Plan) -> dict[str, object]:
    """Return a plan with its sums."""
    return {
        "archive": found.archive,
        "listings": found.listings,
        "to_fetch": found.to_fetch,
        "is_least": found.is_least,
        "seconds": round(found.seconds, 1),
        "policies": found.policies,
        "errors": found.errors,
    }
