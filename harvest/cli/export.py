"""``harvest export``: the corpus in other formats, and one diff with its evidence."""

from __future__ import annotations

from pathlib import Path

import click

from harvest.cli.options import db_option
from harvest.cli.reading import reading
from harvest.counting import count_of
from harvest.exchange.exports import BUNDLE, FORMATS
from harvest.exchange.exports import export as write


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice([*FORMATS, BUNDLE]),
    default="princeton-leuven",
    show_default=True,
    help="; ".join(f"{name}: {what}" for name, (_, _, what) in FORMATS.items())
    + "; bundle: the evidence for one --diff in a zip file that anybody can check.",
)
@click.option(
    "--site", "sites", multiple=True, metavar="SITE[/KIND]", help="Only this site or policy; may be repeated."
)
@click.option(
    "--sample", type=click.IntRange(1), metavar="N", help="Of pairs: N, spread over years and kinds of change."
)
@click.option("--seed", default=0, show_default=True, help="Decides which ones --sample takes.")
@click.option("--diff", nargs=2, metavar="SITE@DATE SITE@DATE", help="Of bundle: the two versions to compare.")
@db_option
def export(
    folder: Path,
    form: str,
    sites: tuple[str, ...],
    sample: int | None,
    seed: int,
    diff: tuple[str, str] | None,
    db: Path,
) -> None:
    """Write the corpus in other formats.

    FOLDER is made where there is none; files of an earlier export are written over, others are left alone.
    """
    with reading(db) as conn:
        done = write(conn, folder, form=form, sites=sites, sample=sample, seed=seed, diff=diff)
    if done.file is not None:
        click.echo(f"{done.file}: anybody can check it with harvest verify {done.file}", err=True)
    else:
        click.echo(f"{count_of(done.written, 'commit' if form == 'git' else 'file')} in {folder}", err=True)
