"""``harvest export``: the corpus in other formats, and one diff with its evidence."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

import click

from harvest.cli.options import db_option
from harvest.cli.reading import reading
from harvest.corpus.queries_model import PolicyRef
from harvest.errors import UnknownTarget

# format → module and function; a module is loaded when its format is asked for.
_FORMATS = {
    "princeton-leuven": ("princeton_leuven", "export_tree", "Markdown files SITE/TIMESTAMP.md, one a version"),
    "git": ("export_git", "export_git", "a repository with one dated commit a version"),
    "warc": ("export_warc", "export_warcs", "the raw pages, one WARC file a site"),
    "wacz": ("export_warc", "export_wacz", "the raw pages with index and checksums in one file"),
    "jsonl": ("json_lines", "export_lines", "versions with their texts, and changes, as JSON Lines"),
    "pairs": ("export_pairs", "export_pairs", "every change with its old and new text, as JSON Lines"),
    "parquet": ("export_pairs", "export_parquet", "the same as Parquet"),
    "csv": ("export_csv", "export_csv", "history and changes as tables"),
    "static": ("export_static", "export_static", "the corpus without raw bodies, ready for Datasette"),
}
_SAMPLED = ("pairs", "parquet")


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice([*_FORMATS, "bundle"]),
    default="princeton-leuven",
    show_default=True,
    help="; ".join(f"{name}: {what}" for name, (_, _, what) in _FORMATS.items())
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
    if sample is not None and form not in _SAMPLED:
        raise click.UsageError(f"--sample is for --format {' and '.join(_SAMPLED)}")
    if (diff is not None) != (form == "bundle"):
        raise click.UsageError("--format bundle and --diff SITE@DATE SITE@DATE go together")
    with reading(db) as conn:
        policies = _policies(conn, sites)
        folder.mkdir(parents=True, exist_ok=True)
        if diff is not None:
            click.echo(_bundle(conn, folder, diff), err=True)
            return
        written = _write(form)(conn, folder, policies, **({"sample": sample or 0, "seed": seed} if sample else {}))
    click.echo(f"{written} {'commits' if form == 'git' else 'files'} in {folder}", err=True)


def _write(form: str) -> Callable[..., int]:
    module, function, _ = _FORMATS[form]
    write: Callable[..., int] = getattr(import_module(f"harvest.exchange.{module}"), function)
    return write


def _policies(conn: sqlite3.Connection, sites: Sequence[str]) -> list[PolicyRef]:
    from harvest.corpus import queries

    every = queries.every_policy(conn)
    if not sites:
        return every
    found = {policy.id for name in sites for policy in _named(conn, name, every)}
    return [policy for policy in every if policy.id in found]


def _named(conn: sqlite3.Connection, name: str, every: Sequence[PolicyRef]) -> Sequence[PolicyRef]:
    from harvest.corpus import queries

    of_host = [policy for policy in every if policy.host == name.lower()]
    return of_host or [queries.resolve_policy(conn, name)]


def _bundle(conn: sqlite3.Connection, folder: Path, diff: tuple[str, str]) -> str:
    from harvest.corpus import queries
    from harvest.exchange.bundle import write_bundle
    from harvest.exchange.names import file_name
    from harvest.timestamps import end_of

    (name, before), (other, after) = map(_split, diff)
    policy = queries.resolve_policy(conn, name)
    if queries.resolve_policy(conn, other).id != policy.id:
        raise UnknownTarget(f"{name} and {other} are two policies: a bundle is of one")
    pair = queries.text_pair(conn, policy, before=end_of(before), after=end_of(after))
    path = folder / f"{file_name(f'{policy.address}-{before}-{after}')}.zip"
    write_bundle(conn, pair, path)
    return f"{path}: anybody can check it with harvest verify {path}"


def _split(text: str) -> tuple[str, str]:
    name, at, date = text.rpartition("@")
    if not at:
        raise click.UsageError(f"{text}: write SITE@DATE, such as example.org@2018-05-25")
    return name, date
