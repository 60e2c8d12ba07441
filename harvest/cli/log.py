"""``harvest log``: the versions of a policy, or of one of its sections."""

from __future__ import annotations

from pathlib import Path

import click

from harvest.cli.options import db_option, emit_json, json_option
from harvest.cli.output import after_until, day, flags_of, how_label, table
from harvest.cli.reading import reading
from harvest.cli.terminal import echo
from harvest.corpus.queries_model import Absence, SectionHistory, Timeline, Transition, Version
from harvest.counting import count_of


@click.command()
@click.argument("policy", metavar="POLICY")
@click.option("--section", metavar="SLUG", default="", help="One section through the years, by its slug or heading.")
@click.option("-a", "--all", "everything", is_flag=True, help="Also variants, noise and technical transitions.")
@db_option
@json_option
def log(policy: str, section: str, everything: bool, db: Path, as_json: bool) -> None:
    """List the versions of a policy.

    POLICY is SITE, SITE/KIND, SITE/KIND:LABEL or an address. A change happened after the first date and not later
    than the second: between two captures of the archive.
    """
    from harvest.corpus.queries import resolve_policy, section_history, timeline

    with reading(db) as conn:
        found = resolve_policy(conn, policy)
        if section:
            states = section_history(conn, found, section)
            emit_json(states) if as_json else echo(section_table(states))
            return
        history = timeline(conn, found)
    emit_json(history) if as_json else print_timeline(history, everything=everything)


def print_timeline(history: Timeline, *, everything: bool) -> None:
    """Print one line a version, oldest first; what default views fold away is counted, not dropped."""
    arrivals = {transition.after: transition for transition in history.transitions}
    shown = [item for item in history.versions if everything or not _is_folded(item, arrivals.get(item.number))]
    echo(f"{history.policy.address}  {history.policy.url}", bold=True)
    lines = [_line(item, arrivals.get(item.number)) for item in shown]
    headers = ("#", "changed after … by", "last seen", "words", "+", "-", "tier", "stated", "")
    echo(table(headers, lines, right=(0, 3, 4, 5)))
    for absence in history.absences:
        echo(_say_absence(absence))
    for gap in history.gaps:
        echo(f"no capture from {day(gap.start)} to {day(gap.end)} ({gap.days} days)", err=True)
    if len(shown) < len(history.versions):
        rest = len(history.versions) - len(shown)
        echo(f"{rest} more with noise alone or off the main line: --all shows them", err=True)


def _say_absence(absence: Absence) -> str:
    went = f"taken down {after_until(absence.last_seen, absence.gone_by)}"
    shown = f"{count_of(absence.captures, 'capture')}: {'/'.join(absence.outcomes)}"
    if absence.back_by is None:
        return f"{went}, not back by {day(absence.last_gone)} ({shown})"
    back = f"put back {after_until(absence.last_gone, absence.back_by)}"
    return f"{went}, {back} ({shown})"


def _is_folded(version: Version, arrival: Transition | None) -> bool:
    if version.variant_of is not None:
        return True
    return arrival is not None and (arrival.kind == "technical" or arrival.is_noise)


def _line(version: Version, arrival: Transition | None) -> tuple[str, ...]:
    bounds = version.bounds
    return (
        str(version.number),
        after_until(bounds.not_before, bounds.first_seen),
        day(bounds.last_seen),
        str(version.text.words),
        f"+{arrival.words_added}" if arrival else "",
        f"-{arrival.words_removed}" if arrival else "",
        how_label(arrival) if arrival else "first seen",
        version.text.stated_date,
        flags_of(version, arrival),
    )


def section_table(history: SectionHistory) -> str:
    """Return one line a wording of a section."""
    lines = [
        (
            after_until(state.bounds.not_before, state.bounds.first_seen),
            day(state.bounds.last_seen),
            ", ".join(map(str, state.versions)),
            state.section.heading if state.section else "(absent)",
        )
        for state in history.states
    ]
    return table(("changed after … by", "last seen", "versions", "heading"), lines)
