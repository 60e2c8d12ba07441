"""``harvest show``: the text of a policy as of a date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click

from harvest.cli.options import db_option, emit_json, json_option
from harvest.cli.output import after_until, day
from harvest.cli.reading import reading
from harvest.cli.terminal import echo
from harvest.corpus.queries_model import VersionView
from harvest.errors import UnknownTarget
from harvest.model import Clause, Section
from harvest.policy_names import split_as_of
from harvest.timestamps import FAR_FUTURE, end_of


@click.command()
@click.argument("policy", metavar="POLICY[@DATE]")
@click.argument("date", required=False)
@click.option("--section", metavar="HEADING", default="", help="Only sections whose heading holds these words.")
@db_option
@json_option
def show(policy: str, date: str | None, section: str, db: Path, as_json: bool) -> None:
    """Print a policy as of a date.

    Without DATE the newest version. DATE is YYYY, YYYY-MM, YYYY-MM-DD or a full timestamp, UTC: the version in
    force at its end. Markdown on stdout, where it comes from on stderr.
    """
    from harvest.corpus.queries import resolve_policy, version_as_of

    name, moment = as_of(policy if date is None else f"{policy}@{date}")
    with reading(db) as conn:
        view = version_as_of(conn, resolve_policy(conn, name), moment)
    if section:
        view = only(view, section)
    if as_json:
        emit_json(view)
        return
    echo(provenance(view), err=True)
    echo(to_markdown(view.version.text.title, view.sections), nl=False)


def only(view: VersionView, heading: str) -> VersionView:
    """Return the view with only the sections whose heading holds *heading*, case aside.

    Raises UnknownTarget with the headings there are, where none does.
    """
    pairs = zip(view.sections, view.slugs, strict=True)
    kept = [(part, slug) for part, slug in pairs if heading.casefold() in part.heading.casefold()]
    if not kept:
        there = ", ".join(part.heading for part in view.sections if part.heading) or "no headings"
        raise UnknownTarget(f"no heading of {view.policy.address} holds {heading!r} on that date; there are: {there}")
    return replace(view, sections=tuple(part for part, _ in kept), slugs=tuple(slug for _, slug in kept))


def as_of(target: str) -> tuple[str, datetime]:
    """Read ``POLICY@DATE``; without a date the moment is far ahead: the newest version. Raises click.UsageError."""
    name, date = split_as_of(target)
    if name == target:
        return target, FAR_FUTURE
    try:
        return name, end_of(date)
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def provenance(view: VersionView) -> str:
    """Return in words which version this is, how sure that is and where to see it in the archive."""
    version, capture = view.version, view.version.first_capture
    came = after_until(version.bounds.not_before, version.bounds.first_seen)
    gone = f", gone by {day(version.bounds.gone_by)}" if version.bounds.gone_by else ""
    seen = f"appeared {came}, last seen {day(version.bounds.last_seen)}{gone}"
    where = capture.archive_url or f"{capture.archive} {capture.timestamp} {capture.url}"
    return f"{view.policy.address}, version {version.number}: {seen}\n{where}"


def to_markdown(title: str, sections: Sequence[Section]) -> str:
    """Return sections as Markdown: headings at their level, items by depth, rows as table rows."""
    parts = [f"# {title}"] if title else []
    for section in sections:
        heading = f"{section.number} {section.heading}".strip()
        if heading:
            parts.append(f"{'#' * min(max(section.level, 2), 6)} {heading}")
        parts += [_clause(clause) for clause in section.clauses]
    return "\n\n".join(parts) + "\n"


def _clause(clause: Clause) -> str:
    if clause.kind == "item":
        return "  " * max(clause.depth - 1, 0) + f"{clause.marker or '-'} {clause.markdown}"
    return f"| {clause.markdown} |" if clause.kind == "row" else clause.markdown
