"""What is to be harvested, as the command line and the targets file say it together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from harvest.cli.options import SINCE, UNTIL, Command, in_order, with_options
from harvest.cli.settings import settings_of
from harvest.config import Settings
from harvest.targets import EVERY, KINDS, Target, TargetFile, read_targets


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line and the targets file ask for together; the command line has the last word."""

    targets: tuple[str | Target, ...]
    archive: str
    bounds: dict[str, Any]
    settings: Settings


def near_option(command: Command) -> Command:
    """Give a command ``--near`` as the parameter ``near``, a tuple of moments."""
    return click.option(
        "--near",
        type=SINCE,
        multiple=True,
        metavar="DATE",
        help="Only the capture nearest to this date, in place of --every; may be repeated.",
    )(command)


def every_of(every: str, near: tuple[datetime, ...]) -> str:
    """Return what the pipeline takes as *every*: the days to be near to, where any are given."""
    if not near:
        return every
    from harvest.archive.selection import near as near_days

    return near_days(near)


def target_options(command: Command) -> Command:
    """Give a command TARGETs and what to take of them."""
    return with_options(
        command,
        click.option(
            "--file",
            "targets_file",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help="Read targets from a TOML file.",
        ),
        click.option("--kind", type=click.Choice(KINDS), help="Only policies of this kind."),
        near_option,
        click.option(
            "--every",
            type=click.Choice(EVERY),
            default="all",
            show_default=True,
            help="All captures; the one nearest to the start of each month, half-year or year; or, by halving the way"
            " between texts that differ, those that tell where the text changed.",
        ),
        click.option("--to", "until", type=UNTIL, help="Only captures up to the end of this date."),
        click.option("--from", "since", type=SINCE, help="Only captures from this date on."),
        click.option(
            "--archive",
            default="wayback",
            show_default=True,
            metavar="ARCHIVE",
            help="wayback, arquivo, the address of a Wayback-compatible server, or a WARC or WACZ file or folder.",
        ),
        click.argument("targets", nargs=-1, metavar="[TARGET]…"),
    )


def read_asked(
    ctx: click.Context,
    *,
    targets: tuple[str, ...],
    archive: str,
    since: datetime | None,
    until: datetime | None,
    every: str,
    near: tuple[datetime, ...],
    kind: str | None,
    targets_file: Path | None,
    contact: str,
    **talk: Any,
) -> Asked:
    """Return what to harvest and how: options that were given, else the targets file, else the options' defaults.

    Raises click's UsageError where an archive of the whole web is asked for nothing in particular.
    """
    file = read_targets(targets_file) if targets_file else TargetFile(())
    wanted: tuple[str | Target, ...] = (*targets, *file.targets)
    spec = _given(ctx, "archive", archive, file.archive)
    if not wanted and spec.lower().startswith(("wayback", "arquivo", "http:", "https:")):
        raise click.UsageError("name a TARGET: the URL of a policy, such as http://www.example.com/privacy.html")
    since, until = since or file.since, until or file.until
    in_order(since, until)
    every = every_of(_given(ctx, "every", every, file.every), near)
    bounds = {"every": every, "since": since, "until": until, "kind": kind}
    return Asked(wanted, spec, bounds, settings_of({**talk, "contact": contact}, file))


def _given(ctx: click.Context, name: str, value: str, from_file: str) -> str:
    """Return what the command line says, else the targets file, else the option's default."""
    return from_file if from_file and ctx.get_parameter_source(name) is ParameterSource.DEFAULT else value
