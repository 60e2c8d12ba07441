"""``harvest plan``: what a run would ask for, and how long it would take."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from harvest.cli.asked import read_asked, target_options
from harvest.cli.options import db_option, emit_json, json_option
from harvest.cli.output import table
from harvest.cli.reading import reading
from harvest.cli.settings import harvest_options
from harvest.cli.terminal import echo
from harvest.clock import held
from harvest.counting import count_of
from harvest.plan import Plan


@click.command()
@target_options
@harvest_options
@db_option
@json_option
@click.pass_context
def plan(
    ctx: click.Context,
    /,
    db: Path,
    as_json: bool,
    **options: Any,
) -> None:
    """Say what a run would ask for, and how long it would take.

    Takes the arguments of `run`. The archive's index is asked, at its allowed rate, and nothing is stored; no page is
    fetched but the home pages of a host that the corpus does not know. What the corpus already has is not counted.
    """
    from harvest.archive import open_archive
    from harvest.plan import plan as make_plan

    asked = read_asked(ctx, **options)
    with (
        closing(open_archive(asked.archive, asked.settings, on_wait=_say)) as source,
        _known(db) as conn,
        held(asked.settings.clock),
    ):
        found = make_plan(conn, source, asked.targets, settings=asked.settings, **asked.bounds)
    if as_json:
        emit_json(found_json(found))
    else:
        print_plan(found)
    if found.errors:
        ctx.exit(1)


def _say(seconds: float, why: str) -> None:
    echo(f"waiting {seconds:.0f} s: {why}" if seconds else why, err=True)


@contextmanager
def _known(db: Path) -> Iterator[sqlite3.Connection]:
    """Give the corpus, or an empty one in memory where there is none: planning makes no file."""
    from harvest.corpus.store_opening import open_memory

    if db.exists():
        with reading(db) as conn:
            yield conn
    else:
        with closing(open_memory()) as conn:
            yield conn


def print_plan(found: Plan) -> None:
    """Print one line a policy, the sum, and what would be refused."""
    lines = [
        (item.name, str(item.listings), str(item.captures), str(item.settled), str(item.to_fetch))
        for item in found.policies
    ]
    if lines:
        echo(table(("policy", "index queries", "captures", "in the corpus", "to fetch"), lines, right=(1, 2, 3, 4)))
    least = "at least " if found.is_least else ""
    takes = f", about {timedelta(seconds=round(found.seconds))} at the allowed rate" if found.seconds else ""
    asked = count_of(found.listings, "index query")
    echo(f"{asked} and {least}{count_of(found.to_fetch, 'page')} from {found.archive}{takes}")
    for message in found.errors:
        echo(message, err=True)


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
