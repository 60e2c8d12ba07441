"""``harvest export``: the corpus in other formats."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import click

from harvest.cli.options import db_option
from harvest.cli.reading import reading


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["princeton-leuven", "jsonl"]),
    default="princeton-leuven",
    show_default=True,
    help="A Markdown tree SITE/TIMESTAMP.md with the header of that corpus, or versions and changes as JSON Lines.",
)
@db_option
def export(folder: Path, form: str, db: Path) -> None:
    """Write the corpus in other formats.

    FOLDER is made where there is none; files of an earlier export are written over, others are left alone.
    """
    with reading(db) as conn:
        folder.mkdir(parents=True, exist_ok=True)
        written = _EXPORTS[form](conn, folder)
    click.echo(f"{written} files in {folder}", err=True)


def _tree(conn: sqlite3.Connection, folder: Path) -> int:
    from harvest.exchange.princeton_leuven import export_tree

    return export_tree(conn, folder)


def _lines(conn: sqlite3.Connection, folder: Path) -> int:
    from harvest.exchange.json_lines import export_lines

    return export_lines(conn, folder)


_EXPORTS: dict[str, Callable[[sqlite3.Connection, Path], int]] = {"princeton-leuven": _tree, "jsonl": _lines}
