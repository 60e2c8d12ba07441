"""``harvest serve``: Datasette over the corpus, with the plugins of this project."""

from __future__ import annotations

import os
import socket
from collections.abc import Sequence
from pathlib import Path

import click

from harvest.cli.options import db_option
from harvest.cli.reading import reading
from harvest.errors import HarvestError


@click.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": True})
@db_option
@click.option("-h", "--host", default="127.0.0.1", show_default=True, help="0.0.0.0 lets other machines in.")
@click.option("-p", "--port", default=8001, show_default=True, type=click.IntRange(0, 65535), help="0: any free one.")
@click.option("-i", "--immutable", is_flag=True, help="Faster, for a corpus that nothing writes to meanwhile.")
@click.argument("datasette_options", nargs=-1, type=click.UNPROCESSED)
def serve(db: Path, host: str, port: int, immutable: bool, datasette_options: tuple[str, ...]) -> None:
    """Browse the corpus in Datasette.

    The corpus is opened for reading only; a harvest may write to it meanwhile. Further options are Datasette's
    own and passed on: `harvest serve --get /-/policies.json`, `--setting sql_time_limit_ms 5000`, `--open`.
    """
    run_datasette(db, host=host, port=port, immutable=immutable, options=datasette_options)


def run_datasette(
    db: Path, *, host: str = "127.0.0.1", port: int = 8001, immutable: bool = False, options: Sequence[str] = ()
) -> None:
    """Serve a corpus until interrupted.

    Raises UnknownTarget where there is none, CorpusError for a foreign file, HarvestError where the port is taken.
    """
    from datasette.cli import cli as datasette  # a second of imports, not paid by `harvest --help`

    if not any(option.startswith(("--get", "--uds")) for option in options):
        refuse_taken_port(host, port)
    with reading(db):  # Datasette's own message would be about a file, not about what to do
        pass
    arguments = datasette_arguments(db, host=host, port=port, immutable=immutable or not _writable(db))
    try:
        datasette.main(args=[*arguments, *options], prog_name="datasette", standalone_mode=False)
    except click.exceptions.Exit as end:  # --get ends with 1 for a page that is no 200
        raise SystemExit(end.exit_code) from None


def refuse_taken_port(host: str, port: int) -> None:
    """Raise HarvestError where nobody could serve at a port: Datasette would say so in its log, and end."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # one that was just left is free, as for Datasette
        try:
            probe.bind((host, port))
        except OSError as error:
            raise HarvestError(f"{host}:{port}: {error.strerror}: choose another with --port") from error


def datasette_arguments(db: Path, *, host: str, port: int, immutable: bool) -> list[str]:
    """Return the command line of Datasette for a corpus: our plugins, templates and metadata."""
    plugins, metadata = plugins_folder(), metadata_file()
    return [
        "serve",
        *(["--immutable", str(db)] if immutable else [str(db)]),
        *("--host", host, "--port", str(port)),
        *("--plugins-dir", str(plugins)),
        *(["--metadata", str(metadata)] if metadata else []),
    ]


def plugins_folder() -> Path:
    """Return the folder of our Datasette plugins: beside the package in a clone, inside it in a wheel."""
    package = Path(__file__).resolve().parent.parent
    # the clone first: an old build may have left a copy inside the package
    for folder in (package.parent / "plugins", package / "plugins"):
        if (folder / "policies.py").is_file() or any(folder.glob("*.py")):
            return folder
    raise HarvestError(f"the Datasette plugins are missing from the installation at {package}: install it again")


def metadata_file() -> Path | None:
    """Return ``metadata.yaml`` (titles, descriptions, settings of the plugins), None where there is none."""
    package = Path(__file__).resolve().parent.parent
    places = (plugins_folder().parent / "metadata.yaml", package / "metadata.yaml")
    return next((place for place in places if place.is_file()), None)


def _writable(db: Path) -> bool:
    """Return whether SQLite may put its -shm file beside the database; without it only immutable mode can read."""
    return os.access(db, os.W_OK) and os.access(db.resolve().parent, os.W_OK)
