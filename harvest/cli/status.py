"""``harvest status``: what is in the corpus and what is pending."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from harvest.cli.options import db_option, emit_json, json_option
from harvest.cli.output import day, table
from harvest.cli.reading import reading
from harvest.cli.terminal import echo
from harvest.corpus.queries_status import PolicyStatus, RunRef, Status
from harvest.counting import count_of
from harvest.errors import StateUnusable

if TYPE_CHECKING:
    from harvest.archive.breaker import Breaker

_PATIENCE_S = 2.0
_MANY = 60
"""Policies listed one by one; a larger corpus is summed up, and `--all` lists it."""


@click.command()
@click.option("-a", "--all", "everything", is_flag=True, help=f"Every policy, also of a corpus of more than {_MANY}.")
@db_option
@json_option
def status(everything: bool, db: Path, as_json: bool) -> None:
    """Say what is in the corpus and what is pending.

    Captures are counted by what became of them; `pending` are chosen and still to be fetched: run again. Says what
    was run last, what failed and why, and until when an archive wants to be left alone.
    """
    from harvest.cli.settings import settings_of
    from harvest.corpus.queries_status import status as read_status
    from harvest.exchange.shapes import as_dict

    settings = settings_of({})
    with reading(db) as conn:
        found = read_status(conn, give_up_after=settings.give_up_after)
    breakers = _breakers(settings.state)
    if as_json:
        emit_json({"corpus": db, "bytes": db.stat().st_size, **as_dict(found), "breakers": breakers})
    else:
        print_status(found, db, everything=everything)
        _print_breakers(breakers)


def _breakers(folder: str) -> tuple[Breaker, ...]:
    """Return the archives to be left alone now; none where no run has ever kept a state."""
    from harvest.archive.breaker import breakers_of
    from harvest.archive.governor_state import FILE, StateFile, state_folder

    if not (state_folder(folder) / FILE).exists():
        return ()
    try:
        with closing(StateFile(state_folder(folder) / FILE, busy_s=_PATIENCE_S)) as state:
            now = datetime.now(UTC)
            return tuple(breaker for breaker in breakers_of(state) if breaker.until > now)
    except StateUnusable as error:
        echo(f"which archives are left alone is not known: {error}", err=True)
        return ()


def _print_breakers(breakers: Sequence[Breaker]) -> None:
    for item in breakers:
        echo(
            f"{item.archive} is left alone until {item.until:%Y-%m-%d %H:%M} UTC: {item.reason}"
            f" at {item.since:%H:%M} UTC",
            fg="red",
        )


def print_status(found: Status, db: Path, *, everything: bool) -> None:
    """Print the totals, one line a policy, and the last run."""
    counts = found.counts
    echo(f"{db}  {size(db.stat().st_size)}" + ("  invented sample" if found.sample else ""), bold=True)
    echo(
        f"{count_of(counts['sites'], 'site')}, {count_of(counts['policies'], 'policy')},"
        f" {count_of(counts['versions'], 'version')} of {count_of(counts['texts'], 'text')},"
        f" {count_of(counts['clauses'], 'distinct clause')}"
    )
    echo(
        f"{count_of(counts['captures'], 'capture')} {day(found.earliest)} … {day(found.latest)}:"
        f" {_outcomes(found.outcomes)}; {found.pending} pending"
    )
    if found.assumed:
        echo(f"{found.assumed} of the skipped are assumed to show what the captures around them show")
    echo(
        f"{count_of(counts['bodies'], 'body')}, {size(found.body_bytes)} as archived,"
        f" {size(found.stored_bytes)} as kept"
    )
    if found.policies and (everything or len(found.policies) <= _MANY):
        echo()
        headers = ("policy", "versions", "captures", "pending", "first seen", "last seen", "last listing")
        echo(table(headers, [_line(policy) for policy in found.policies], right=(1, 2, 3)))
    elif found.policies:
        echo(f"{count_of(len(found.policies), 'policy')}: --all lists them", err=True)
    if found.runs:
        echo()
        for run in found.runs:
            echo(_run(run))
    for failure in found.failures:
        given_up = f", {failure.given_up} given up" if failure.given_up else ""
        echo(f"failed: {count_of(failure.captures, 'capture')}{given_up}: {failure.reason}")
    pending = found.pending - sum(failure.given_up for failure in found.failures)
    if pending:
        echo(f"{count_of(pending, 'capture')} pending: run the same command again")


def _line(item: PolicyStatus) -> tuple[str, ...]:
    listing = f"{day(item.listed_at)} {item.listing_outcome} {item.listing_message}".strip()
    captures = str(sum(item.outcomes.values()))
    seen = (day(item.first_seen), day(item.last_seen))
    return (item.policy.address, str(item.versions), captures, str(item.pending), *seen, listing)


def _outcomes(outcomes: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {outcome}" for outcome, count in outcomes.items()) or "none"


def _run(run: RunRef) -> str:
    ended = f"–{run.ended_at:%H:%M}" if run.ended_at else ""
    outcome = run.outcome if run.ended_at else f"{run.outcome}, or killed"
    lines = [f"{run.command}  {run.started_at:%Y-%m-%d %H:%M}{ended} UTC  {outcome}"]
    counted = Counter(run.trouble)
    return "\n".join([*lines, *(f"  {message}{_times(count)}" for message, count in counted.items())])


def _times(count: int) -> str:
    return f" ({count} times)" if count > 1 else ""


def size(count: float) -> str:
    """Return bytes as people read them.

    >>> size(1_536_000)
    '1.5 MB'
    """
    for unit in ("bytes", "KB", "MB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "bytes" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} GB"
