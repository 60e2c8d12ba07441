"""Where the settings of a harvest come from, and ``harvest settings``, which shows them.

The command line has the last word, then the environment (``HARVEST_TIMEOUT_S`` and so on), then the ``[settings]`` of
the targets file, then the default.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import click

from harvest.cli.options import emit_json, json_option
from harvest.cli.output import table
from harvest.clock import SharedClock
from harvest.config import Rate, Settings
from harvest.targets import SETTINGS, TargetFile, read_targets

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
_RATES = {"listings_per_minute": "listing_rate", "mementos_per_minute": "memento_rate"}


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
    targets file. Raises click.UsageError for a value in the environment that is none.
    """
    environ = os.environ if environ is None else environ
    settings = Settings()
    clock_file = given.get("clock_file")
    if clock_file is not None:
        # a rehearsal: limits kept beside the clock, and for servers on this computer too
        settings = replace(settings, clock=SharedClock(clock_file), state=f"{clock_file}.state", govern_loopback=True)
    shown = []
    for name, kind in SETTINGS.items():
        value, source = _value(name, kind, given, file, environ)
        if value is None:
            value = settings.state if name == "state" else _read(settings, name)
            source = "--clock" if name == "state" and clock_file is not None else "default"
        else:
            settings = _with(settings, name, value)
        shown.append(Shown(name, value, source, _MEANS[name]))
    return settings, tuple(shown)


def _value(
    name: str, kind: type, given: Mapping[str, Any], file: Mapping[str, Any], environ: Mapping[str, str]
) -> tuple[Any, str]:
    variable = f"HARVEST_{name.upper()}"
    said = environ.get(variable, "")
    if given.get(name) and str(given[name]) != said:
        return given[name], f"--{name.replace('_', '-')}"
    if said:
        try:
            return kind(said), variable
        except ValueError as error:
            raise click.UsageError(f"{variable}={said}: write a number") from error
    if name in file:
        return file[name], "targets file"
    return None, ""


def _with(settings: Settings, name: str, value: Any) -> Settings:
    if name in _RATES:
        # who names a limit wants it kept, towards a server on this computer too
        changes: dict[str, Any] = {_RATES[name]: Rate(int(value)), "govern_loopback": True}
        return replace(settings, **changes)
    return replace(settings, **{name: value})


def _read(settings: Settings, name: str) -> Any:
    if name in _RATES:
        rate: Rate = getattr(settings, _RATES[name])
        return rate.per_minute
    assert name in {item.name for item in fields(settings)}
    return getattr(settings, name)


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
    shown = settle(given, _from_file(file))[1]
    if as_json:
        emit_json(shown)
        return
    lines = [(item.name, str(item.value) or "''", item.source, item.means) for item in shown]
    click.echo(table(("setting", "value", "from", "means"), lines))


def _from_file(file: TargetFile) -> dict[str, Any]:
    """Return the settings of a targets file; its older place for the contact counts."""
    return {**({"contact": file.contact} if file.contact else {}), **file.settings}


def settings_of(given: Mapping[str, Any], file: TargetFile | None = None) -> Settings:
    """Return the settings for what a command line and a targets file say."""
    file = file or TargetFile(())
    endpoints = {name: rate.removesuffix("_rate") for name, rate in _RATES.items()}
    archives = {
        host: {endpoints[name]: Rate(rate) for name, rate in rates.items()} for host, rates in file.archives.items()
    }
    return replace(settle(given, _from_file(file))[0], archives=archives)
