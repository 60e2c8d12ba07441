"""``harvest simulate``: a Wayback Machine on this computer. ``harvest demo``: the whole thread over the sample."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from harvest.clock import SYSTEM_CLOCK, SharedClock
from harvest.counting import count_of
from harvest.errors import HarvestError
from harvest.simulator import Simulator
from harvest.simulator import serve as serve_archives
from harvest.simulator.faults import KINDS


def _list_faults(context: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if not wanted:
        return
    for kind in KINDS.values():
        after = "lasts" if kind.lasts and kind.outcome else "harmless" if kind.lasts else "passes"
        click.echo(f"{kind.name:20} {after:9} {kind.does}")
    click.echo(f"{'limits':20} {'passes':9} 30 listings and 600 captures a minute, then 429, then silence for an hour")
    click.echo(f"{'outage':20} {'passes':9} no answer at all for the first minute and a half")
    click.echo(f"{'hostile':20} {'':9} all of it, each kind less often")
    context.exit()


@click.command()
@click.argument("archives", metavar="ARCHIVE…", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("-p", "--port", default=8080, show_default=True, type=click.IntRange(0, 65535), help="0: any free one.")
@click.option("-h", "--host", default="127.0.0.1", show_default=True, help="0.0.0.0 lets other machines in.")
@click.option("--exclude", "excluded", multiple=True, metavar="HOST", help="Refuse this host, as after its request.")
@click.option("--faults", multiple=True, metavar="NAME", help="Trouble on request; see --list-faults.")
@click.option(
    "--list-faults",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_list_faults,
    help="Show the kinds of trouble.",
)
@click.option("--seed", default=0, show_default=True, help="Deals out the faults: one seed, one run of bad luck.")
@click.option("--fault-log", type=click.Path(dir_okay=False, path_type=Path), help="Write each fault as a JSON line.")
@click.option(
    "--clock",
    "clock_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Let time pass by a simulated clock kept in this file; `harvest run --clock` shares it.",
)
def simulate(
    archives: tuple[Path, ...],
    port: int,
    host: str,
    excluded: tuple[str, ...],
    faults: tuple[str, ...],
    seed: int,
    fault_log: Path | None,
    clock_file: Path | None,
) -> None:
    """Serve WARC files as a Wayback Machine on this computer.

    ARCHIVE is a WARC file, a folder of them, or a CDX file of captures that are listed but cannot be played.
    Index and playback answer at the addresses of web.archive.org, in its forms: harvest from it with
    `harvest run --archive http://127.0.0.1:8080 URL`. Ends with Ctrl-C.

    With --faults it misbehaves as the real archive does, the same way for the same --seed; `hostile` is everything
    at once. Some trouble lasts for minutes or an hour: --clock makes them pass at once.
    """
    clock = SharedClock(clock_file) if clock_file else SYSTEM_CLOCK
    with _serving(
        archives,
        port=port,
        host=host,
        excluded=excluded,
        faults=faults,
        seed=seed,
        fault_log=fault_log,
        clock=clock,
    ) as server:
        click.echo(server.url)
        captures, urls = len(server.holdings.rows), len({row.original for row in server.holdings.rows})
        click.echo(
            f"{count_of(captures, 'capture')} of {count_of(urls, 'URL')}; listed at {server.url}/ ; Ctrl-C ends.",
            err=True,
        )
        _until_interrupted()


@contextmanager
def _serving(archives: tuple[Path, ...], *, port: int, host: str, **options: Any) -> Iterator[Simulator]:
    try:
        with serve_archives(archives, port=port, host=host, **options) as server:
            yield server
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    except OSError as error:
        raise HarvestError(f"{host}:{port}: {error.strerror or error}: choose another --port") from error


def _until_interrupted(wait: Callable[[], object] | None = None) -> None:
    """Wait for Ctrl-C, or for SIGTERM, which is all that a job in the background of a script hears."""
    try:
        (wait or threading.Event().wait)()
    except KeyboardInterrupt:
        click.echo("", err=True)


@click.command()
@click.option(
    "-d",
    "--db",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("build/demo.db"),
    show_default=True,
    help="The corpus to harvest into.",
)
@click.option(
    "--archive-port",
    default=8002,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="Where the simulated archive answers; any free port if this one is taken.",
)
@click.option("-h", "--host", default="127.0.0.1", show_default=True, help="0.0.0.0 lets other machines in.")
@click.option("-p", "--port", default=8001, show_default=True, type=click.IntRange(0, 65535), help="Of Datasette.")
@click.option("--no-serve", is_flag=True, help="Stop when the harvest is done.")
@click.option("-q", "--quiet", is_flag=True, help="Show warnings and errors only.")
@click.pass_context
def demo(ctx: click.Context, db: Path, archive_port: int, host: str, port: int, no_serve: bool, quiet: bool) -> None:
    """Harvest the invented sample from a local archive and browse it.

    Writes the sample archive beside the corpus, serves it as a Wayback Machine on this computer, harvests it as any
    archive is harvested, and opens the result in Datasette. May be stopped and repeated: what is there stays.
    """
    from harvest.cli.progress import display_for
    from harvest.cli.sample import harvest_sample
    from harvest.cli.serve import refuse_taken_port, run_datasette

    if not no_serve:
        refuse_taken_port(host, port)
    display = display_for(as_json=False, quiet=quiet)
    with harvest_sample(db, archive_port=archive_port, display=display) as result:
        click.echo(result.summary, err=True)
        if not result.ok:
            ctx.exit(1)
        if no_serve:
            return
        message = f"Browse http://{host}:{port}/-/policies ; the archive is at {result.archive_url}/ ; Ctrl-C ends."
        click.echo(message, err=True)
        # The archive stays up meanwhile, so that the pages' links to captures lead somewhere.
        _until_interrupted(lambda: run_datasette(db, host=host, port=port))
