"""Options and answers that commands share: ``-d/--db``, ``--json``, dates, the guard of the sample."""

from __future__ import annotations

import dataclasses
import json
import sqlite3
from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from harvest.errors import SampleCorpus
from harvest.timestamps import end_of, start_of, to_iso

Command = TypeVar("Command", bound=Callable[..., Any])

DEFAULT_DB = "corpus.db"


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
    """Raise SampleCorpus where *db* is the invented sample and ``-d`` did not name it."""
    if is_sample and not db_was_named():
        raise SampleCorpus(
            f"{db} is the invented sample corpus, and real harvests should not mix with it: name a database of "
            f"your own, such as `-d my.db` (or `-d {db}` if you do want to write to the sample)"
        )


def json_option(command: Command) -> Command:
    """Give a command ``--json`` as the parameter ``as_json: bool``."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")(command)


def emit_json(value: Any, *, indent: int | None = 2) -> None:
    """Print a value as JSON on stdout; *indent* None gives one line, for JSON Lines."""
    click.echo(json.dumps(to_jsonable(value), ensure_ascii=False, indent=indent))


def to_jsonable(value: Any) -> Any:
    """Return plain JSON types: dataclasses become objects, moments ISO 8601, bytes are left out as their length."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {item.name: to_jsonable(getattr(value, item.name)) for item in dataclasses.fields(value)}
    if isinstance(value, sqlite3.Row):
        return {key: to_jsonable(value[key]) for key in value.keys()}  # noqa: SIM118 - a Row iterates over values
    if isinstance(value, Mapping):
        return {str(key): to_jsonable(item) for key, item in value.items()}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (list, tuple, set, frozenset)):
        return [to_jsonable(item) for item in value]
    if isinstance(value, datetime):
        return to_iso(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return {"bytes": len(value)}
    return str(value) if isinstance(value, Path) else value


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

AS_OF = UNTIL
"""Type of a DATE: the version in force at its end."""
