"""Options and answers that commands share: ``-d/--db``, ``--json``, dates, the guard of the sample."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from harvest.errors import SampleCorpus
from harvest.timestamps import check_span, end_of, start_of

Command = TypeVar("Command", bound=Callable[..., Any])

DEFAULT_DB = "corpus.db"


def with_options(command: Command, *options: Callable[[Any], Any]) -> Command:
    """Give a command several options; its help lists the last one first."""
    for option in options:
        command = option(command)
    return command


def db_option(command: Command) -> Command:
    """Give a command ``-d/--db`` as the parameter ``db: Path`` (default ``corpus.db``, environment ``HARVEST_DB``)."""
    return click.option(
        "-d",
        "--db",
        type=click.Path(dir_okay=False, path_type=Path),
        default=DEFAULT_DB,
        envvar="HARVEST_DB",
        show_default=True,
        show_envvar=True,
        help="The corpus file.",
    )(command)


def db_was_named() -> bool:
    """Return whether ``-d`` stands on the command line of the running command.

    The environment does not count: a variable set long ago is no decision about this run.
    """
    return click.get_current_context().get_parameter_source("db") is ParameterSource.COMMANDLINE


def refuse_sample(is_sample: bool, db: Path) -> None:
    """Raise SampleCorpus where *db* is the invented sample and ``-d`` did not name it. Call before any writing."""
    if is_sample and not db_was_named():
        raise SampleCorpus(
            f"{db} is the invented sample corpus, and real policies should not mix with it: name a database of your"
            f" own, such as -d my.db (or -d {db} if you do mean the sample)"
        )


def json_option(command: Command) -> Command:
    """Give a command ``--json`` as the parameter ``as_json: bool``."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")(command)


def site_option(command: Command) -> Command:
    """Give a command ``--site`` as the parameter ``site``; `harvest.corpus.queries.host_of_site` reads it."""
    return click.option("--site", default="", metavar="HOST", help="One site only.")(command)


def emit_json(value: Any, *, indent: int | None = 2) -> None:
    """Print a value as JSON on stdout; *indent* None gives one line, for JSON Lines."""
    from harvest.exchange.shapes import as_dict

    click.echo(json.dumps(as_dict(value), ensure_ascii=False, indent=indent))


if TYPE_CHECKING:  # generic since click 8.4 only
    _ParamType = click.ParamType[datetime]
else:
    _ParamType = click.ParamType


class _Moment(_ParamType):
    """A date as people write it: YYYY, YYYY-MM, YYYY-MM-DD or a full timestamp, UTC."""

    name = "date"

    def __init__(self, read: Callable[[str], datetime]) -> None:
        self._read = read

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Return an aware datetime; the bound of the day, month or year that this option means."""
        if isinstance(value, datetime):
            return value
        try:
            return self._read(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


SINCE = _Moment(start_of)
"""Type of ``--from`` and ``--since``: the first second of what was written."""

UNTIL = _Moment(end_of)
"""Type of ``--to``: the last second of what was written."""


def in_order(since: datetime | None, until: datetime | None) -> None:
    """Raise click.UsageError where a span ends before it begins."""
    try:
        check_span(since, until)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
