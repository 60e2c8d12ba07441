"""``harvest merge``: another corpus into this one."""

from __future__ import annotations

from pathlib import Path

import click

from harvest.cli.options import db_option, emit_json, json_option, refuse_sample


@click.command()
@click.argument("others", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@db_option
@json_option
def merge(others: tuple[Path, ...], db: Path, as_json: bool) -> None:
    """Join another corpus into this one.

    Captures, bodies, addresses, listings and the words of people come over; what both have stays once, and what was
    taken down in either stays down. Joining again changes nothing, and the order of corpora does not matter. The other
    file is only read.
    """
    from harvest.corpus.store import Store

    with Store.open(db) as store:
        refuse_sample(store.is_sample, db)
        for other in others:
            merged = store.merge(other)
            counts = {
                "policies": merged.policies,
                "captures": merged.captures,
                "bodies": merged.bodies,
                "judgements": merged.judgements,
            }
            if as_json:
                emit_json({"other": other, **counts}, indent=None)
            else:
                told = ", ".join(f"{count} {what}" for what, count in counts.items())
                click.echo(f"{db}: {told} came from {other}", err=True)
