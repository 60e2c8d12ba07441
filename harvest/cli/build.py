"""``harvest build``, ``audit``, ``verify`` and ``migrate``: keeping a corpus true to its bodies."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from harvest.cli.options import db_option, emit_json, json_option
from harvest.counting import count_of

if TYPE_CHECKING:
    from harvest.corpus.store import Store
    from harvest.engine import Engine

_WORKERS = click.option(
    "--workers", type=click.IntRange(1), metavar="N", help="Processes that read pages; as many as there are CPUs."
)


@click.command()
@db_option
@_WORKERS
@click.option(
    "--engine",
    "engine_name",
    type=click.Choice(["processes", "dask"]),
    default="processes",
    show_default=True,
    help="Where pages are read: processes of this computer, or a Dask cluster.",
)
@click.option(
    "--scheduler", metavar="ADDRESS", default="", help="Of dask: tcp://HOST:8786; else a cluster on this computer."
)
@click.option(
    "--shards",
    type=click.Path(file_okay=False, path_type=Path),
    help="Hand pages and results over as Parquet files in this folder, which every worker must see.",
)
@click.option("--no-merge", is_flag=True, help="Of --shards: leave the results as Parquet, the corpus as it is.")
@click.option("--dry-run", is_flag=True, help="Only say which transitions would appear or vanish.")
@json_option
def build(
    db: Path,
    workers: int | None,
    engine_name: str,
    scheduler: str,
    shards: Path | None,
    no_merge: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Derive everything again from the stored bodies.

    For when the rules that make texts out of pages have changed: every text, version and diff is made anew, so that
    a change of ours never shows as a change of theirs. Where only the reading of pages has changed since, texts that
    read as before are not compared again. One transaction a policy; killed, run it again.
    """
    from harvest.corpus.store import Store
    from harvest.engine import collect_rarely

    if (scheduler and engine_name != "dask") or (no_merge and shards is None) or (dry_run and shards is not None):
        raise click.UsageError("--scheduler is for --engine dask; --no-merge for --shards, which has no --dry-run")
    collect_rarely()
    with Store.open(db, create=False) as store, _engine(engine_name, scheduler, workers) as engine:
        if dry_run:
            _preview(store, engine, as_json=as_json)
            return
        count = len(store.policy_ids())
        with click.progressbar(length=count, label="Policies", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
            if shards is None:
                store.rebuild(engine=engine, on_policy=lambda _: bar.update(1))
            else:
                build_shards(store, engine, shards, merge=not no_merge, on_policies=bar.update)
        if as_json:
            emit_json({"policies": count, "normaliser": store.get_meta("normaliser")})
        else:
            click.echo(f"{count_of(count, 'policy')} derived again" + (f" into {shards}" if no_merge else ""))


def _engine(name: str, scheduler: str, workers: int | None) -> AbstractContextManager[Engine]:
    from harvest.engine import open_engine
    from harvest.engine_dask import open_dask

    return open_dask(scheduler, workers=workers) if name == "dask" else open_engine(workers)


def build_shards(
    store: Store, engine: Engine, folder: Path, *, merge: bool, on_policies: Callable[[int], object]
) -> None:
    """Write shards, derive them through the engine, and put the results into the corpus, one transaction a shard."""
    from harvest.exchange.shards import derive_shard, read_derived, write_source

    if merge:
        store.begin_rebuild()
    for done in engine.map(derive_shard, write_source(store.conn, folder)):
        if merge:
            store.take_derived(read_derived(folder, done.name))
        on_policies(len(done.policies))
    if merge:
        store.end_rebuild()


@click.command()
@db_option
@json_option
def audit(db: Path, as_json: bool) -> None:
    """Check that the ledger of captures balances.

    Every listed row is counted once, every capture has one outcome, every text belongs to a version. Changes nothing;
    exit status 1 where something does not balance.
    """
    from harvest.cli.reading import reading
    from harvest.corpus.audit import audit as check

    with reading(db) as conn:
        result = check(conn)
    if as_json:
        emit_json(result)
    else:
        click.echo(
            f"{count_of(result.policies, 'policy')}, {count_of(result.listings, 'listing')},"
            f" {count_of(result.captures, 'capture')}"
        )
        for outcome, count in result.outcomes:
            click.echo(f"{count:>10}  {outcome}")
        for finding in result.findings:
            click.echo(f"✗ {finding.what}: {finding.count} times, such as {'; '.join(finding.examples)}")
        if not result.findings:
            click.echo("The ledger balances.")
    if result.findings:
        raise SystemExit(1)


@click.command()
@click.argument("bundles", metavar="[BUNDLE]…", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@db_option
@_WORKERS
@json_option
def verify(bundles: tuple[Path, ...], db: Path, workers: int | None, as_json: bool) -> None:
    """Check every checksum and every derived row.

    Reads every body, derives every policy again in memory and compares. Changes nothing; exit status 1 where
    something differs: a damaged file wants a backup, rows made by older rules want `harvest build`.

    With a BUNDLE, a zip file of `harvest export --format bundle`, that is checked instead, offline: checksums, and
    texts and diff made again from both bodies.
    """
    if bundles:
        _verify_bundles(bundles, as_json=as_json)
        return
    from harvest.cli.reading import reading
    from harvest.corpus.normaliser import NORMALISER
    from harvest.corpus.verify import normaliser_of
    from harvest.corpus.verify import verify as check
    from harvest.engine import open_engine

    with reading(db) as conn, open_engine(workers) as engine:
        made_by = normaliser_of(conn)
        result = check(conn, engine=engine)
    if as_json:
        emit_json(result)
    else:
        click.echo(
            f"{count_of(result.bodies, 'body')}, {count_of(result.clauses, 'clause')},"
            f" {count_of(result.policies, 'policy')}"
        )
        for problem in result.problems:
            click.echo(f"✗ {problem}")
        if not result.problems:
            click.echo("Every checksum holds, and every derived row follows from its bodies.")
    if result.problems:
        if made_by and made_by != NORMALISER:
            click.echo("The corpus was derived by other rules than this program's: harvest build", err=True)
        raise SystemExit(1)


def _verify_bundles(bundles: tuple[Path, ...], *, as_json: bool) -> None:
    from harvest.errors import DamagedArchive
    from harvest.exchange.bundle_check import BundleCheck, check_bundle

    failed = False
    for path in bundles:
        try:
            result = check_bundle(path)
        except DamagedArchive as error:
            result = BundleCheck(0, "nobody knows what", (str(error),))
        failed = failed or bool(result.problems)
        if as_json:
            emit_json({"bundle": str(path), "ok": not result.problems, "check": result})
            continue
        click.echo(f"{path}: {count_of(result.files, 'file')}, made by {result.made_by}")
        for line in (*(f"✗ {problem}" for problem in result.problems), *result.notes):
            click.echo(line)
        if not result.problems:
            click.echo("Every checksum holds." if result.notes else "Every checksum holds; texts and diff follow.")
    if failed:
        raise SystemExit(1)


@click.command()
@db_option
@click.option("--list", "only_list", is_flag=True, help="Only say what would be done.")
@json_option
def migrate(db: Path, only_list: bool, as_json: bool) -> None:
    """Bring the corpus to the newest schema, with a backup first.

    Every command does this by itself where it is needed, with the same backup
    beside the file.
    """
    from harvest.corpus.store_opening import migrate as apply
    from harvest.corpus.store_opening import pending_migrations

    names = pending_migrations(db)
    backup = apply(db) if names and not only_list else None
    if as_json:
        emit_json({"pending" if only_list else "applied": names, "backup": str(backup) if backup else None})
    elif not names:
        click.echo(f"{db} has the newest schema")
    elif only_list:
        click.echo("\n".join(f"pending: {name}" for name in names))
    else:
        click.echo("\n".join([f"applied: {name}" for name in names] + [f"the corpus as it was: {backup}"]))


def _preview(store: Store, engine: Engine, *, as_json: bool) -> None:
    count = len(store.policy_ids())
    changes = store.preview(engine=engine)
    if as_json:
        emit_json({"policies": count, "appear": changes.appear, "vanish": changes.vanish})
        return
    for sign, keys in (("-", changes.vanish), ("+", changes.appear)):
        for key in keys:
            name = f"{key.site}/{key.kind}" + (f":{key.label}" if key.label else "")
            click.echo(f"{sign} {name}  {key.after} … {key.not_later_than}  {key.transition} {key.tier}".rstrip())
    click.echo(
        f"{count_of(count, 'policy')}: {count_of(len(changes.appear), 'transition')} would appear,"
        f" {len(changes.vanish):,} would vanish"
    )
