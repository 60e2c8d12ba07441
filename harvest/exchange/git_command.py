"""Git as a program: without the user's configuration, without a prompt, a pager or a connection."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import IO

from harvest.errors import DamagedArchive, UnknownTarget

_SILENCE = {
    **{"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"},
    "GIT_NO_LAZY_FETCH": "1",  # a partial clone asks nobody for what it lacks: one connection a file
}


class Running:
    """The output of a git command as a stream; a failure is raised when all was read."""

    def __init__(self, folder: Path, arguments: Sequence[str], name: str) -> None:
        self._folder, self._command, self._name = folder, git_command(folder, *arguments), name

    def __enter__(self) -> IO[bytes]:
        self._process = subprocess.Popen(
            self._command,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=silent_environment(self._folder),
        )
        assert self._process.stdout is not None
        return self._process.stdout

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdout is not None
        self._process.stdout.close()
        status = self._process.wait()
        if status and error is None:
            raise DamagedArchive(f"{self._name} ended with status {status}: run git fsck on the repository")


def git_command(folder: Path, *arguments: str) -> list[str]:
    """Return a command on a repository that heeds nobody's settings and opens no connection."""
    settings = ("safe.directory=*", "core.fsmonitor=false", "log.showSignature=false")
    offline = "protocol.allow=never"  # as GIT_NO_LAZY_FETCH, which git knows since 2.44
    options = (word for setting in (*settings, offline) for word in ("-c", setting))
    return ["git", *options, "-C", str(folder), "--no-pager", *arguments]


def need_git() -> None:
    """Raise UnknownTarget where there is no git."""
    if shutil.which("git") is None:
        raise UnknownTarget("git is not installed, or not on the PATH: histories in repositories are read by it (2.31)")


def run_git(*arguments: str) -> None:
    """Run a command to its end. Raises DamagedArchive with what git said."""
    try:
        subprocess.run(["git", *arguments], capture_output=True, env=silent_environment(), check=True)
    except subprocess.CalledProcessError as error:
        message = error.stderr.decode("utf-8", "replace").strip().splitlines()
        raise DamagedArchive(f"{arguments[-2]}: git could not read it: {message[-1] if message else ''}") from error


def silent_environment(folder: Path | None = None) -> dict[str, str]:
    """Return the environment without what steers git, and with what keeps it from asking anybody anything.

    *folder*: git looks for no repository above it, which it would where the one in it is broken.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    above = {"GIT_CEILING_DIRECTORIES": str(folder.resolve().parent)} if folder is not None else {}
    return kept | _SILENCE | above
