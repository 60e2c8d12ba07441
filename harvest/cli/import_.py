"""``harvest import``: policy texts and archives from files."""

from __future__ import annotations

from pathlib import Path

import click

from harvest.cli.options import db_option, emit_json, json_option, refuse_sample
from harvest.errors import NotAPolicy


@click.command("import")
@click.argument("paths", metavar="PATH…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-q", "--quiet", is_flag=True, help="No progress, only what went wrong.")
@db_option
@json_option
@click.pass_context
def import_(ctx: click.Context, /, paths: tuple[Path, ...], quiet: bool, db: Path, as_json: bool) -> None:
    """Import policy texts and archives from files.

    A PATH is a file of the Princeton–Leuven corpus (Markdown with its header, or HTML with its comment), a WARC file,
    or a folder of them. A file that holds no policy is named and left out, the others are imported; importing
    again changes nothing.
    """
    from harvest.api import import_paths, open_corpus
    from harvest.cli.progress import display_for

    with open_corpus(db) as corpus:
        refuse_sample(corpus.is_sample, db)
        with display_for(as_json=as_json, quiet=quiet) as display:
            report = import_paths(corpus, paths, on_event=display.tell)
    if not report.policies and report.ok:
        raise NotAPolicy(f"nothing to import in {', '.join(map(str, paths))}: no text of that corpus and no WARC file")
    done = {"event": "done", "outcomes": report.outcomes, "errors": report.trouble, "ok": report.ok}
    if as_json:
        emit_json(done, indent=None)
    else:
        counts = ", ".join(f"{count} {outcome}" for outcome, count in sorted(report.outcomes.items()))
        click.echo(f"{db}: {counts or 'nothing imported'}; {len(report.trouble)} refused", err=True)
    if not report.ok:
        ctx.exit(1)
