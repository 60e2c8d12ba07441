"""Where the settings of a harvest come from, and ``harvest settings``, which shows them.

The command line has the last word, then the environment (``HARVEST_TIMEOUT_S`` and so on), then the ``[settings]`` of
the targets file, then the default.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click

from harvest.cli.options import emit_json, json_option
from harvest.cli.output import table
from harvest.clock import SharedClock
from harvest.config import Settings, value_of, with_values
from harvest.targets import SETTINGS, TargetFile, own_settings, read_targets, setting_fault
from harvest.targets import settings_of as file_settings

_MEANS = {
    "contact": "where the archive's staff can reach you; sent with every request",
    "listings_per_minute": "index requests in any minute, of all processes together; web.archive.org allows 30",
    "mementos_per_minute": "page requests in any minute, of all processes together; web.archive.org allows 600",
    "concurrency": "pages under way at once, at most",
    "timeout_s": "seconds of silence after which a request is given up",
    "attempts": "how often in a row one request is tried",
    "patience_s": "seconds after which a run asks again for what failed",
    "give_up_after": "runs in which a capture may fail before it is left alone; 0: never",
    "max_body_bytes": "a longer page is not taken",
    "listing_page_rows": "rows of one index request",
    "landing_window_days": "how far from the captured day the archive may land",
    "state": "folder of the limits and blocks that all processes share; '' for the user's",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One setting: its value, where that comes from, and what it means."""

    name: str
    value: str | int | float
    source: str
    means: str


def harvest_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the settings that are options, and ``--clock``."""
    for option in (
        click.option("--listings-per-minute", type=click.IntRange(1), metavar="N", help="Index requests; 24."),
        click.option("--mementos-per-minute", type=click.IntRange(1), metavar="N", help="Page requests; 480."),
        click.option("--concurrency", type=click.IntRange(1, 64), metavar="N", help="Pages under way at once; 32."),
        click.option(
            "--clock",
            "clock_file",
            type=click.Path(dir_okay=False, path_type=Path),
            help="For rehearsals: wait by a simulated clock in this file, shared with `simulate`.",
        ),
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


def settle(
    given: Mapping[str, Any], file: Mapping[str, Any], *, environ: Mapping[str, str] | None = None
) -> tuple[Settings, tuple[Shown, ...]]:
    """Return the settings that hold, and each with its source.

    *given*: what the command line says (None and '' for nothing) and ``clock_file``. *file*: the ``[settings]`` of a
    targets file. Raises click.UsageError for a value in the environment that is none, and a name that is nearly one.
    """
    environ = os.environ if environ is None else environ
    _refuse_misspelt(environ)
    settings = Settings()
    clock_file = given.get("clock_file")
    if clock_file is not None:
        # a rehearsal: limits kept beside the clock, and for servers on this computer too
        settings = replace(settings, clock=SharedClock(clock_file), state=f"{clock_file}.state", govern_loopback=True)
    shown = []
    for name, kind in SETTINGS.items():
        value, source = _value(name, kind, given, file, environ)
        if value is None:
            value = value_of(settings, name)
            source = "--clock" if name == "state" and clock_file is not None else "default"
        else:
            settings = with_values(settings, {name: value})
        shown.append(Shown(name, value, source, _MEANS[name]))
    return settings, tuple(shown)


def _refuse_misspelt(environ: Mapping[str, str]) -> None:
    """A limit that was set under another name would not hold, and nobody would know."""
    known = [_variable(name) for name in SETTINGS]
    for name in environ:
        if name.startswith("HARVEST_") and name not in known and (near := get_close_matches(name, known, 1, 0.85)):
            raise click.UsageError(f"{name} in the environment is no setting: write {near[0]}, or unset it")


def _variable(name: str) -> str:
    return f"HARVEST_{name.upper()}"


def _value(
    name: str, kind: type, given: Mapping[str, Any], file: Mapping[str, Any], environ: Mapping[str, str]
) -> tuple[Any, str]:
    variable = _variable(name)
    said = environ.get(variable, "")
    if given.get(name) and str(given[name]) != said:
        return given[name], f"--{name.replace('_', '-')}"
    if said:
        try:
            value = kind(said)
        except ValueError as error:
            raise click.UsageError(f"{variable}={said}: write a number") from error
        if fault := setting_fault(name, value):
            raise click.UsageError(f"{variable}={said}: {fault}")
        return value, variable
    if name in file:
        return file[name], "targets file"
    return None, ""


@click.command()
@click.option(
    "--file",
    "targets_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Take the [settings] of this targets file into account.",
)
@harvest_options
@json_option
def settings(targets_file: Path | None, as_json: bool, **given: Any) -> None:
    """Show the settings of harvests and where each comes from.

    Each can be set by an option of `run`, by a variable of the environment (HARVEST_ and its name in capitals) or in
    the [settings] of a targets file; the first of these that says something holds.
    """
    file = read_targets(targets_file) if targets_file else TargetFile(())
    shown = settle(given, own_settings(file))[1]
    if as_json:
        emit_json(shown)
        return
    lines = [(item.name, str(item.value) or "''", item.source, item.means) for item in shown]
    click.echo(table(("setting", "value", "from", "means"), lines))


def settings_of(given: Mapping[str, Any], file: TargetFile | None = None) -> Settings:
    """Return the settings for what a command line and a targets file say."""
    file = file or TargetFile(())
    return replace(settle(given, own_settings(file))[0], archives=file_settings(file).archives)
