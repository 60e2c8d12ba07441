"""``harvest trends``: how many policies say something, half-year by half-year."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from harvest.cli.options import SINCE, UNTIL, db_option, emit_json, in_order, json_option, site_option
from harvest.cli.output import table
from harvest.cli.reading import reading
from harvest.cli.terminal import echo
from harvest.corpus.trends import FEW, TermCount, Trends, share
from harvest.targets import KINDS


@click.command()
@click.argument("terms", metavar="TERM...", nargs=-1, required=True)
@site_option
@click.option("--kind", default="", type=click.Choice(["", *KINDS]), help="One kind of policy only.")
@click.option("--from", "since", type=SINCE, help="Not before this half-year.")
@click.option("--to", "until", type=UNTIL, help="Not after this half-year.")
@click.option(
    "--count",
    type=click.Choice(["texts", "policies"]),
    default="texts",
    show_default=True,
    help="Distinct texts (a wording that several sites share counts once), or policies.",
)
@click.option("--seen-only", is_flag=True, help="Only half-years in which captures show the version.")
@db_option
@json_option
def trends(
    terms: tuple[str, ...],
    site: str,
    kind: str,
    since: datetime | None,
    until: datetime | None,
    count: str,
    seen_only: bool,
    db: Path,
    as_json: bool,
) -> None:
    """Say how many policies hold each term, half-year by half-year.

    Each TERM is a phrase: quote several words. A policy counts by the version in force at the end of a half-year,
    between its first and last capture. JSON has both counts.
    """
    from harvest.corpus.queries import host_of_site
    from harvest.corpus.queries import trends as read_trends

    in_order(since, until)
    with reading(db) as conn:
        site = host_of_site(conn, site)
        try:
            found = read_trends(conn, terms, site=site, kind=kind, since=since, until=until, seen_only=seen_only)
        except ValueError as error:
            raise click.UsageError(str(error)) from error
    emit_json(found) if as_json else print_trends(found, count)


def print_trends(found: Trends, count: str) -> None:
    """Print one line a half-year: of how many, and for each term how many and which share."""
    lines = []
    for index, half in enumerate(found.halves):
        of: int = getattr(half, count)
        lines.append([half.months, str(of), *(_cell(term.counts[index], count, of) for term in found.terms)])
    headers = ["half-year", count, *(term.query for term in found.terms)]
    echo(table(headers, lines, right=range(1, len(headers))))
    if any(half.policies < FEW for half in found.halves):
        echo(f"shares of fewer than {FEW} policies say little", err=True)


def _cell(counted: TermCount, count: str, of: int) -> str:
    number: int = getattr(counted, count)
    part = share(number, of)
    return "" if part is None else f"{number}  {part:4.0%}"
