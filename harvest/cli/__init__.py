"""The command line: ``harvest COMMAND …``.

Commands live in modules of their own and are imported when called, so that ``harvest --help`` starts without
Datasette, requests or an HTML parser. Exit status: 0 done, 1 something was refused or failed, 2 usage, 75 the
archive wants to be left alone until a time that is said.
"""

from __future__ import annotations

import errno
import importlib
import signal
import sqlite3
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import click

from harvest._version import __version__
from harvest.errors import HarvestError, Incomplete


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a command lives (``module:attribute``) and the line that the overview says of it."""

    where: str
    help: str


# In the order in which a newcomer needs them; the overview shows them so. A test keeps each line equal to the
# first sentence of the command it names.
COMMANDS: dict[str, Entry] = {
    "demo": Entry("simulate:demo", "Harvest the invented sample from a local archive and browse it."),
    "run": Entry("run:run", "Harvest the captures of policies into the corpus."),
    "update": Entry("run:update", "Harvest what is new of everything the corpus knows."),
    "discover": Entry("discover:discover", "Find the policies of a site in its archived home pages."),
    "plan": Entry("plan:plan", "Say what a run would ask for, and how long it would take."),
    "import": Entry("import_:import_", "Import policy texts, histories and archives from files."),
    "settings": Entry("settings:settings", "Show the settings of harvests and where each comes from."),
    "status": Entry("status:status", "Say what is in the corpus and what is pending."),
    "log": Entry("log:log", "List the versions of a policy."),
    "show": Entry("show:show", "Print a policy as of a date."),
    "diff": Entry("diff:diff", "Compare two texts or two dates of a policy."),
    "blame": Entry("blame:blame", "Print a policy with since when each clause is there."),
    "search": Entry("search:search", "Find a phrase in texts, or where it was added or removed."),
    "phrase": Entry("blame:phrase", "Say in which policies a phrase stood, and when."),
    "trends": Entry("trends:trends", "Say how many policies hold each term, half-year by half-year."),
    "changes": Entry("changes:changes", "List changes of policies, newest first."),
    "sections": Entry("sections:sections", "Print files as sections and clauses."),
    "mark": Entry("mark:mark", "Say what only a person can see; history follows, and every rebuild keeps it."),
    "forget": Entry("mark:forget", "Take a site, a URL or a capture down, and keep it from coming back."),
    "merge": Entry("merge:merge", "Join another corpus into this one."),
    "serve": Entry("serve:serve", "Browse the corpus in Datasette."),
    "build": Entry("build:build", "Derive everything again from the stored bodies."),
    "audit": Entry("build:audit", "Check that the ledger of captures balances."),
    "verify": Entry("build:verify", "Check every checksum and every derived row."),
    "migrate": Entry("build:migrate", "Bring the corpus to the newest schema, with a backup first."),
    "export": Entry("export:export", "Write the corpus in other formats."),
    "simulate": Entry("simulate:simulate", "Serve WARC files as a Wayback Machine on this computer."),
}


class LazyGroup(click.Group):
    """A group that imports a command when it is called, and turns our errors into messages."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the command names in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command; None for names that are not in the table."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        module, attribute = entry.where.split(":")
        command = getattr(importlib.import_module(f"harvest.cli.{module}"), attribute)
        if not isinstance(command, click.Command):
            raise TypeError(f"harvest.cli.{entry.where} is no command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the overview from the table: asking each command would import all of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, and name the commands that exist where there is none of that name."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            if args and args[0] not in COMMANDS:
                raise click.UsageError(f"{error.message} There are: {', '.join(COMMANDS)}.", ctx) from error
            raise

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command: the one place where an error of ours becomes a message and exit status 1 or 2."""
        try:
            with _sigterm_as_interrupt():
                return super().invoke(ctx)
        except Incomplete as error:
            raise click.UsageError(str(error)) from error
        except HarvestError as error:
            from harvest.cli.terminal import plain  # what a message quotes may be of an archive

            raise click.ClickException(plain(str(error))) from error
        except sqlite3.DatabaseError as error:
            message = explain_database_error(error)
            if message is None:
                raise
            raise click.ClickException(message) from error
        except OSError as error:
            if error.filename is not None:
                raise click.ClickException(f"{error.filename}: {error.strerror}") from error
            if error.errno in _DISK_TROUBLE:  # writing to a file that is open: Python no longer knows its name
                raise click.ClickException(f"{_DISK_TROUBLE[error.errno]} ({error.strerror})") from error
            raise  # a lost pipe, or trouble of our own: click or Python know better
        except UnicodeEncodeError as error:
            # Python hands over bytes of an argument that are no UTF-8 as surrogates, which nothing can store.
            odd = [one for one in sys.argv[1:] if any("\ud800" <= letter <= "\udfff" for letter in one)]
            if not odd:
                raise
            raise click.ClickException(f"{odd[0]!r} holds bytes that are no UTF-8: write it in UTF-8") from error


@contextmanager
def _sigterm_as_interrupt() -> Iterator[None]:
    """Let SIGTERM (of systemd, ``timeout``, a shutdown) end a command as Ctrl-C does: what is under way is closed."""
    if threading.current_thread() is not threading.main_thread():  # only there may handlers be set
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


_DISK_TROUBLE = {
    number: "the disk is full or cannot be written: make room and run the same command again"
    for number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO)
}
_DATABASE_TROUBLE: Iterable[tuple[str, str]] = (
    ("locked", "the corpus is locked by another process: wait for it or stop it, then run the same command again"),
    ("readonly", "the corpus cannot be written: check the permissions of the file and its folder"),
    ("disk", "the disk is full or fails: nothing of the last step was kept; make room and run the same command again"),
    ("malformed", "the database file is damaged: restore a copy, or see what `harvest verify` finds"),
    ("not a database", "this file is no SQLite database: name a corpus with -d"),
    ("unable to open", "the database cannot be opened: check the path given with -d"),
)


def explain_database_error(error: sqlite3.DatabaseError) -> str | None:
    """Return what to do about an error of SQLite, None where it is a fault of ours that needs its traceback."""
    text = str(error).lower()
    return next((f"{advice} ({error})" for word, advice in _DATABASE_TROUBLE if word in text), None)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="harvest")
def main() -> None:
    """A historical policy corpus and diff explorer.

    Pulls Wayback Machine captures of privacy pages into one SQLite file, normalises them into sections and
    clauses, and serves searchable differences between versions through Datasette.

    Exit status: 0 done, 1 something was refused or failed, 2 usage, 75 come back later (the archive said when).
    """
