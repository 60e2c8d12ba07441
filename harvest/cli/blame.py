"""``harvest blame`` and ``harvest phrase``: since when each clause stands, and the life of a phrase."""

from __future__ import annotations

from pathlib import Path

import click

from harvest.cli.options import db_option, emit_json, json_option
from harvest.cli.output import after_until, day
from harvest.cli.reading import reading
from harvest.cli.show import split_as_of
from harvest.corpus.queries_model import BlameView, Bounds, PhraseLife
from harvest.targets import KINDS


@click.command()
@click.argument("policy", metavar="POLICY[@DATE]")
@click.argument("date", required=False)
@db_option
@json_option
def blame(policy: str, date: str | None, db: Path, as_json: bool) -> None:
    """Print a policy with since when each clause is there.

    A clause is its exact wording: an edited one counts from its edit. Both bounds of its arrival stand before it;
    `*` marks a clause that had been there before, was removed and came back.
    """
    from harvest.corpus.queries import blame as read_blame
    from harvest.corpus.queries import resolve_policy

    name, moment = split_as_of(policy if date is None else f"{policy}@{date}")
    with reading(db) as conn:
        found = read_blame(conn, resolve_policy(conn, name), moment)
    emit_json(found) if as_json else print_blame(found)


@click.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--site", default="", metavar="HOST", help="One site only.")
@click.option("--kind", default="", type=click.Choice(["", *KINDS]), help="One kind of policy only.")
@click.option("--limit", default=200, show_default=True, type=click.IntRange(1), help="At most so many policies.")
@db_option
@json_option
def phrase(words: tuple[str, ...], site: str, kind: str, limit: int, db: Path, as_json: bool) -> None:
    """Say in which policies a phrase stood, and when.

    Those who had it first come first. The words must stand together.
    """
    from harvest.corpus.queries import phrase as read_phrase

    with reading(db) as conn:
        try:
            life = read_phrase(conn, " ".join(words), site=site, kind=kind, limit=limit)
        except ValueError as error:
            raise click.UsageError(str(error)) from error
    emit_json(life) if as_json else print_phrase(life)


def print_blame(found: BlameView) -> None:
    """Print one clause a line after the bounds of its arrival, headings between them."""
    blamed = {(item.section, item.clause): item for item in found.blamed}
    for index, section in enumerate(found.view.sections):
        heading = f"{section.number} {section.heading}".strip()
        if heading:
            click.secho(heading, bold=True)
        for place, clause in enumerate(section.clauses):
            item = blamed.get((index, place))
            when = after_until(item.since.not_before, item.since.first_seen) if item else ""
            click.echo(f"{when:>23}{'*' if item and item.earlier else ' '} {clause.text}")


def print_phrase(life: PhraseLife) -> None:
    """Print one line an interval."""
    for presence in life.presences:
        for bounds in presence.intervals:
            click.echo(f"{presence.policy.address}  {_interval(bounds)}")
    click.echo(f"{life.policies} policies" + (", and more" if life.capped else ""), err=True)


def _interval(bounds: Bounds) -> str:
    gone = f"gone by {day(bounds.gone_by)}" if bounds.gone_by else "still there"
    came = after_until(bounds.not_before, bounds.first_seen)
    return f"came {came}, last seen {day(bounds.last_seen)}, {gone}"
