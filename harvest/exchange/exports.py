"""Writing the corpus in other formats: one function for the command line and for scripts."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from harvest.corpus import queries
from harvest.corpus.queries_model import PolicyRef
from harvest.errors import Incomplete, UnknownTarget
from harvest.exchange.names import file_name
from harvest.policy_names import split_as_of
from harvest.timestamps import end_of

# format → module and function; a module is loaded when its format is asked for.
FORMATS = {
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
SAMPLED = ("pairs", "parquet")
BUNDLE = "bundle"


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: how many files (of ``git``: commits), and the one file of a bundle."""

    folder: Path
    written: int
    file: Path | None = None


def export(
    conn: sqlite3.Connection,
    folder: Path,
    *,
    form: str = "princeton-leuven",
    sites: Sequence[str] = (),
    sample: int | None = None,
    seed: int = 0,
    diff: tuple[str, str] | None = None,
) -> Exported:
    """Write the corpus, or the policies of *sites* (``SITE[/KIND]``), into *folder*, which is made.

    *form*: one of FORMATS, or ``bundle`` with *diff*, two of ``SITE@DATE``. *sample*: of ``pairs`` and ``parquet`` so
    many, chosen by *seed*. Files of an earlier export are written over, others are left alone. Raises Incomplete for
    options that do not go together, UnknownTarget for what the corpus does not have.
    """
    if form not in FORMATS and form != BUNDLE:
        raise Incomplete(f"{form!r} is no format; there are {', '.join((*FORMATS, BUNDLE))}")
    if sample is not None and form not in SAMPLED:
        raise Incomplete(f"--sample is for --format {' and '.join(SAMPLED)}")
    if (diff is not None) != (form == BUNDLE):
        raise Incomplete("--format bundle and --diff SITE@DATE SITE@DATE go together")
    policies = _policies(conn, sites)
    folder.mkdir(parents=True, exist_ok=True)
    if diff is not None:
        return Exported(folder, 1, _bundle(conn, folder, diff))
    options = {"sample": sample, "seed": seed} if sample else {}
    return Exported(folder, _write(form)(conn, folder, policies, **options))


def _write(form: str) -> Callable[..., int]:
    module, function, _ = FORMATS[form]
    write: Callable[..., int] = getattr(import_module(f"harvest.exchange.{module}"), function)
    return write


def _policies(conn: sqlite3.Connection, sites: Sequence[str]) -> list[PolicyRef]:
    every = queries.every_policy(conn)
    if not sites:
        return every
    found = {policy.id for name in sites for policy in _named(conn, name, every)}
    return [policy for policy in every if policy.id in found]


def _named(conn: sqlite3.Connection, name: str, every: Sequence[PolicyRef]) -> Sequence[PolicyRef]:
    of_host = [policy for policy in every if policy.host == name.lower()]
    return of_host or [queries.resolve_policy(conn, name)]


def _bundle(conn: sqlite3.Connection, folder: Path, diff: tuple[str, str]) -> Path:
    from harvest.exchange.bundle import write_bundle

    (name, before), (other, after) = map(_dated, diff)
    policy = queries.resolve_policy(conn, name)
    if queries.resolve_policy(conn, other).id != policy.id:
        raise UnknownTarget(f"{name} and {other} are two policies: a bundle is of one")
    pair = queries.text_pair(conn, policy, before=end_of(before), after=end_of(after))
    first, last = pair.before.version.number, pair.after.version.number
    if first == last:
        raise UnknownTarget(f"{policy.address} has one version, number {first}, at both dates: there is no difference")
    if pair.after.version.bounds.first_seen < pair.before.version.bounds.first_seen:
        raise UnknownTarget(f"{before} is later than {after}: name the older date first")
    path = folder / f"{file_name(f'{policy.address}-{before}-{after}')}.zip"
    write_bundle(conn, pair, path)
    return path


def _dated(text: str) -> tuple[str, str]:
    name, date = split_as_of(text)
    if not date:
        raise Incomplete(f"{text}: write SITE@DATE, such as example.org@2018-05-25")
    return name, date
