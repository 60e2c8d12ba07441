"""``harvest changes``: what changed over the corpus, newest first."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from harvest.cli.options import SINCE, UNTIL, db_option, emit_json, in_order, json_option, site_option
from harvest.cli.output import after_until, how_label, table, tier_label
from harvest.cli.reading import reading
from harvest.cli.terminal import echo, painted
from harvest.corpus.queries_model import ChangesPage, PolicyChange
from harvest.model import Tier
from harvest.targets import KINDS
from harvest.timestamps import to_iso

LAST_RUN = "last-run"
TIERS = [tier.value for tier in Tier]


@click.command()
@click.option("--since", metavar=f"DATE|{LAST_RUN}", help="Seen since a date, or brought by the last run.")
@click.option("--to", "until", type=UNTIL, help="Not after this date.")
@site_option
@click.option("--kind", default="", type=click.Choice(["", *KINDS]), help="One kind of policy only.")
@click.option("--tier", default=Tier.ORDER.value, show_default=True, type=click.Choice(TIERS), help="At least this.")
@click.option("--silent", is_flag=True, help="Only changes that kept the date the policy states.")
@click.option("--lines", is_flag=True, help="Also what changed, clause by clause.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1), help="At most so many.")
@click.option("--jsonl", is_flag=True, help="One JSON object a line.")
@db_option
@json_option
def changes(
    since: str | None,
    until: datetime | None,
    site: str,
    kind: str,
    tier: str,
    silent: bool,
    lines: bool,
    limit: int,
    jsonl: bool,
    db: Path,
    as_json: bool,
) -> None:
    """List changes of policies, newest first.

    A change lies after the first date and not later than the second. Noise (typography, links, numbering, dates,
    contacts) is left out: `--tier typography` shows it.
    """
    from harvest.corpus.queries import changes as read_changes
    from harvest.corpus.queries import host_of_site, last_run

    bound = SINCE.convert(since, None, None) if since and since != LAST_RUN else None
    in_order(bound, until)
    with reading(db) as conn:
        page = read_changes(
            conn,
            since=to_iso(bound) if bound else "",
            fetched_since=(last_run(conn) or "") if since == LAST_RUN else "",
            until=to_iso(until) if until else "",
            site=host_of_site(conn, site),
            kind=kind,
            tier=tier,
            silent=True if silent else None,
            lines=lines or jsonl or as_json,
            limit=limit,
        )
    if jsonl:
        for item in page.items:
            emit_json(item, indent=None)
    elif as_json:
        emit_json(page)
    else:
        print_changes(page, lines=lines)


def print_changes(page: ChangesPage, *, lines: bool) -> None:
    """Print one line a transition, with its changes below it where asked for."""
    if lines:
        for item in page.items:
            echo(painted(*_line(item), between="  "))
            for line in item.lines:
                heading = line.heading_after or line.heading_before
                echo(painted(f"    {line.kind}  ", tier_label(line.tier), f"  {heading}"))
                if line.before:
                    echo(f"      - {line.before}", fg="red")
                if line.after:
                    echo(f"      + {line.after}", fg="green")
    elif page.items:
        headers = ("changed after … by", "policy", "+", "-", "tier", "")
        echo(table(headers, [_line(item) for item in page.items], right=(2, 3)))
    echo("older ones exist: --limit shows more" if page.more else f"{len(page.items)} changes", err=True)


def _line(item: PolicyChange) -> tuple[str, ...]:
    step = item.transition
    flags = [word for word, is_so in (("return", step.kind == "return"), ("silent", step.silent)) if is_so]
    when = after_until(step.not_before, step.first_seen)
    words = (f"+{step.words_added}", f"-{step.words_removed}")
    return (when, item.policy.address, *words, how_label(step), ", ".join(flags))
