"""The command group: lazy, complete, and the one place where errors become messages."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from harvest import errors
from harvest.cli import COMMANDS, LazyGroup, main

HEAVY = ("datasette", "requests", "selectolax", "resiliparse", "sqlite_utils", "waybackpy", "rich", "warcio")


def test_help_imports_nothing_heavy() -> None:
    """`harvest --help` starts without Datasette, requests or an HTML parser."""
    script = (
        "import sys; from harvest.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        f"print(*sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert "Commands:" in done.stdout
    assert done.stderr.split() == []


@pytest.mark.parametrize("name", COMMANDS)
def test_overview_agrees_with_the_command(name: str) -> None:
    """Every command of the table exists, and the overview says what the command itself says."""
    command = main.get_command(click.Context(main), name)

    assert isinstance(command, click.Command)
    assert (command.help or "").strip().split("\n\n")[0].replace("\n", " ").startswith(COMMANDS[name].help)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_its_options(name: str) -> None:
    """Each command has help, and each of its options a help text."""
    command = main.get_command(click.Context(main), name)
    assert command is not None
    silent = [item.name for item in command.params if isinstance(item, click.Option) and not item.help]

    assert silent == []


def test_unknown_command_names_the_known_ones() -> None:
    """A misspelt command is a usage error that lists what exists."""
    result = CliRunner().invoke(main, ["hravest"])

    assert result.exit_code == 2
    assert "No such command 'hravest'" in result.output
    assert "search" in result.output


def _all_errors(root: type[errors.HarvestError] = errors.HarvestError) -> list[type[errors.HarvestError]]:
    return [root, *(leaf for branch in root.__subclasses__() for leaf in _all_errors(branch))]


@pytest.mark.parametrize("kind", _all_errors(), ids=lambda kind: str(kind.__name__))
def test_errors_become_messages(kind: type[errors.HarvestError]) -> None:
    """Every error of ours ends with its message on stderr and exit status 1, without a traceback."""

    @click.group(cls=LazyGroup)
    def group() -> None:
        pass

    def fail() -> None:
        raise kind("no such site")

    group.get_command = lambda ctx, name: click.Command("fail", callback=fail)  # type: ignore[method-assign]
    result = CliRunner().invoke(group, ["fail"])

    assert result.exit_code == (2 if kind is errors.Incomplete else 1)
    assert result.stderr == "Error: no such site\n"
    assert result.stdout == ""


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a named pipe, to know when the command reads")
def test_sigterm_ends_a_command_as_an_interrupt_does(tmp_path: Path) -> None:
    """Services and `timeout` stop a program so: it closes what it holds, and says that it was stopped."""
    pipe = tmp_path / "page.html"
    os.mkfifo(pipe)
    command = [sys.executable, "-m", "harvest", "sections", str(pipe)]
    started = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    with started as process, pipe.open("wb"):  # opened when the command reads
        process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=60)[1]

    assert (process.returncode, said.strip()) == (1, "Aborted!")
