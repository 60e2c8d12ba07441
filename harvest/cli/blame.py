"""``harvest blame`` and ``harvest phrase``: since when each clause stands, and the life of a phrase."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from harvest.cli.options import db_option, emit_json, json_option, site_option
from harvest.cli.output import after_until, day
from harvest.cli.reading import reading
from harvest.cli.show import as_of
from harvest.cli.terminal import echo, paint, painted
from harvest.corpus.queries_model import BlameView, Bounds, PhraseLife
from harvest.counting import count_of
from harvest.targets import KINDS

if TYPE_CHECKING:
    from harvest.compare.blame import WordRun
    from harvest.corpus.queries_blame import WordBlame


@click.command()
@click.argument("policy", metavar="POLICY[@DATE]")
@click.argument("date", required=False)
@click.option("--words", "by_words", is_flag=True, help="Date every word, through edits, instead of whole clauses.")
@db_option
@json_option
def blame(policy: str, date: str | None, by_words: bool, db: Path, as_json: bool) -> None:
    """Print a policy with since when each clause is there.

    A clause is its exact wording: an edited one counts from its edit. Both bounds of its arrival stand before it;
    `*` marks a clause that had been there before, was removed and came back. With --words a clause is followed
    through edits, moves and splits, and each run of words that came together has a line of its own.
    """
    from harvest.corpus import queries

    name, moment = as_of(policy if date is None else f"{policy}@{date}")
    with reading(db) as conn:
        known = queries.resolve_policy(conn, name)
        if by_words:
            words = queries.blame_of_words(conn, known, moment, max_words=None)
            emit_json(words) if as_json else print_words(words)
            return
        found = queries.blame(conn, known, moment)
    emit_json(found) if as_json else print_blame(found)


@click.command()
@click.argument("words", nargs=-1, required=True)
@site_option
@click.option("--kind", default="", type=click.Choice(["", *KINDS]), help="One kind of policy only.")
@click.option("--limit", default=200, show_default=True, type=click.IntRange(1), help="At most so many policies.")
@db_option
@json_option
def phrase(words: tuple[str, ...], site: str, kind: str, limit: int, db: Path, as_json: bool) -> None:
    """Say in which policies a phrase stood, and when.

    Those who had it first come first. The words must stand together.
    """
    from harvest.corpus.queries import host_of_site
    from harvest.corpus.queries import phrase as read_phrase

    with reading(db) as conn:
        site = host_of_site(conn, site)
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
            echo(heading, bold=True)
        for place, clause in enumerate(section.clauses):
            item = blamed.get((index, place))
            when = after_until(item.since.not_before, item.since.first_seen) if item else ""
            echo(f"{when:>23}{'*' if item and item.earlier else ' '} {clause.text}")


def print_words(found: WordBlame) -> None:
    """Print one run of words a line after the bounds of its arrival; further runs of a clause are marked `|`."""
    headings = {each.section: each.runs for each in found.blame.headings}
    section = -1
    for each in found.blame.clauses:
        for number in range(section + 1, each.section + 1):
            _print_runs(found, headings.get(number, ()), bold=True)
        section = each.section
        _print_runs(found, each.runs)
    if found.blame.unsure:
        echo(f"{found.blame.unsure} comparisons were cut short: words may be older than said", err=True)


def _print_runs(found: WordBlame, runs: Sequence[WordRun], *, bold: bool = False) -> None:
    for n, run in enumerate(runs):
        since, earlier = found.since(run.stay), found.earlier(run.stay)
        when = after_until(since.not_before, since.first_seen)
        text = paint(" ".join(run.text.split()), bold=bold)
        before = f"  (was there before: {'; '.join(map(_interval, earlier))})" if earlier else ""
        echo(painted(f"{when:>23}{'*' if earlier else ' '}{'|' if n else ' '}", text, before))


def print_phrase(life: PhraseLife) -> None:
    """Print one line an interval."""
    for presence in life.presences:
        for bounds in presence.intervals:
            echo(f"{presence.policy.address}  {_interval(bounds)}")
    echo(count_of(life.policies, "policy"), err=True)


def _interval(bounds: Bounds) -> str:
    gone = f"gone by {day(bounds.gone_by)}" if bounds.gone_by else "still there"
    came = after_until(bounds.not_before, bounds.first_seen)
    return f"came {came}, last seen {day(bounds.last_seen)}, {gone}"
