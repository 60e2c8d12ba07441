"""``harvest import``: policy texts and archives from files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from harvest.cli.options import db_option, emit_json, json_option, refuse_sample
from harvest.errors import NotAPolicy

if TYPE_CHECKING:
    from harvest.corpus.store import Store


@click.command("import")
@click.argument("paths", metavar="PATH…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--map",
    "map_file",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="TOML that says which files of a history are which policies.",
)
@click.option("--branch", metavar="NAME", default="", help="Branch of a git history; needed where there are several.")
@click.option("--workers", metavar="N", type=click.IntRange(1), help="Processes that read; default: one a processor.")
@click.option("-q", "--quiet", is_flag=True, help="No progress, only what went wrong.")
@db_option
@json_option
@click.pass_context
def import_(
    ctx: click.Context,
    /,
    paths: tuple[Path, ...],
    map_file: Path | None,
    branch: str,
    workers: int | None,
    quiet: bool,
    db: Path,
    as_json: bool,
) -> None:
    """Import policy texts, histories and archives from files.

    A PATH is a git repository or bundle (Princeton–Leuven, Open Terms Archive, ToSBack2, or any with --map), a file
    of the Princeton–Leuven corpus (Markdown with its header, or HTML with its comment), a WARC, ARC or WACZ file, a
    folder of pages with dates in their names, or a folder of repositories, of files or of archives. What holds no
    policy is named and left out, the rest is imported; importing again changes nothing, and an import that was stopped
    goes on.
    """
    from harvest.api import import_paths
    from harvest.cli.progress import display_for
    from harvest.engine import collect_rarely

    collect_rarely()
    with _corpus_to_fill(db) as corpus:
        refuse_sample(corpus.is_sample, db)
        with display_for(as_json=as_json, quiet=quiet) as display:
            report = import_paths(
                corpus, paths, map_file=map_file, branch=branch, workers=workers, on_event=display.tell
            )
    if not report.policies and report.ok:
        named = ", ".join(map(str, paths))
        raise NotAPolicy(f"nothing to import in {named}: no text of a corpus, no history and no archive")
    done = {"event": "done", "outcomes": report.outcomes, "errors": report.trouble, "ok": report.ok}
    if as_json:
        emit_json(done, indent=None)
    else:
        counts = ", ".join(f"{count} {outcome}" for outcome, count in sorted(report.outcomes.items()))
        click.echo(f"{db}: {counts or 'nothing imported'}; {len(report.trouble)} refused", err=True)
    if not report.ok:
        ctx.exit(1)


@contextmanager
def _corpus_to_fill(db: Path) -> Iterator[Store]:
    """Open a corpus; one that was made for this import and has nothing in it afterwards is removed again."""
    from harvest.api import open_corpus

    was_there, filled = db.exists(), True
    try:
        with open_corpus(db) as corpus:
            filled = False
            try:
                yield corpus
            finally:
                filled = bool(corpus.policy_ids())
    finally:
        if not was_there and not filled:
            db.unlink(missing_ok=True)
