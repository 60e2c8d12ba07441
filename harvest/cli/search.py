"""``harvest search``: full text, or what changes brought and took away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click

from harvest.cli.options import SINCE, UNTIL, db_option, emit_json, in_order, json_option, site_option
from harvest.cli.output import after_until, day, tier_label
from harvest.cli.reading import reading
from harvest.cli.terminal import Painted, echo, paint, painted
from harvest.corpus.queries_model import ChangeHit, SearchResult, Segment, TextHit
from harvest.model import Tier
from harvest.targets import KINDS
from harvest.timestamps import to_iso


@click.command()
@click.argument("phrase", nargs=-1, required=True)
@click.option(
    "--in",
    "where",
    type=click.Choice(["text", "added", "removed"]),
    default="text",
    show_default=True,
    help="In what policies say, or in what a change added or removed.",
)
@site_option
@click.option("--kind", default="", type=click.Choice(["", *KINDS]), help="One kind of policy only.")
@click.option(
    "--tier", default="", type=click.Choice(["", *(tier.value for tier in Tier)]), help="Changes of at least this tier."
)
@click.option("--whole", is_flag=True, help="Changes that brought it into (took it out of) the whole document.")
@click.option("--from", "since", type=SINCE, help="Not before this date.")
@click.option("--to", "until", type=UNTIL, help="Not after this date.")
@click.option(
    "--order", type=click.Choice(["best", "newest", "oldest"]), default="best", show_default=True, help="Sort."
)
@click.option("--limit", default=25, show_default=True, type=click.IntRange(1, 5000), help="At most so many hits.")
@click.option("--offset", default=0, type=click.IntRange(0), help="Leave out so many first.")
@db_option
@json_option
def search(
    phrase: tuple[str, ...],
    where: str,
    site: str,
    kind: str,
    tier: str,
    whole: bool,
    since: datetime | None,
    until: datetime | None,
    order: str,
    limit: int,
    offset: int,
    db: Path,
    as_json: bool,
) -> None:
    """Find a phrase in texts, or where it was added or removed.

    Words must all stand in one clause, those quoted together ("will not sell") beside one another. -word must be
    absent, word* matches beginnings, OR means either: 'cookie* "third party" -children' in quotes of the shell.
    """
    from harvest.corpus.queries import host_of_site
    from harvest.corpus.search import search as find
    from harvest.corpus.search import together

    in_order(since, until)
    with reading(db) as conn:
        try:
            result = find(
                conn,
                " ".join(map(together, phrase)),  # the shell has taken the quotes off what was quoted
                where=where,
                site=host_of_site(conn, site),
                kind=kind,
                tier=tier,
                whole=whole,
                since=to_iso(since) if since else "",
                until=to_iso(until) if until else "",
                order=order,
                limit=limit,
                offset=offset,
            )
        except ValueError as error:
            raise click.UsageError(str(error)) from error
    emit_json(result) if as_json else print_result(result)
    if not result.total and any(together(words) != words for words in phrase):
        echo("quoted words were looked for together; without quotes they may stand apart in a clause", err=True)


def print_result(result: SearchResult) -> None:
    """Print hits on stdout, and how many there are on stderr."""
    for hit in result.hits:
        echo(_text_hit(hit) if isinstance(hit, TextHit) else _change_hit(hit))
        echo(_marked(hit.segments))
    more = "more than " if result.capped else ""
    shown = f", shown from {result.offset + 1}" if result.offset else ""
    echo(f"{more}{result.total} found{shown}" if result.total else "nothing found", err=True)


def _text_hit(hit: TextHit) -> Painted:
    until = "still there" if hit.current else f"last seen {day(hit.bounds.last_seen)}"
    where = f"  {hit.heading}" if hit.heading else ""
    came = after_until(hit.bounds.not_before, hit.bounds.first_seen)
    return painted(paint(hit.policy.address, bold=True), f"{where}  came {came}, {until}")


def _change_hit(hit: ChangeHit) -> Painted:
    where = f"  {hit.heading}" if hit.heading else ""
    came = after_until(hit.transition.not_before, hit.transition.first_seen)
    whole = ", whole document" if hit.whole else ""
    address = paint(hit.policy.address, bold=True)
    return painted(address, f"{where}  {came}  {hit.change_kind}, ", tier_label(hit.tier), whole)


def _marked(segments: Sequence[Segment]) -> Painted:
    return painted("    ", *(paint(text, bold=True, fg="green") if is_hit else text for text, is_hit in segments))
