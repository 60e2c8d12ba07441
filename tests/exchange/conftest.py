"""Small git histories, made by git itself."""

from __future__ import annotations

import itertools
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Files = dict[str, "str | bytes | None"]


def git(folder: Path, *arguments: str, **environment: str) -> str:
    """Run git without the configuration of this machine."""
    clean = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "PATH": os.environ["PATH"]}
    names = {f"GIT_{who}_NAME": "Crawler" for who in ("AUTHOR", "COMMITTER")}
    mails = {f"GIT_{who}_EMAIL": "crawler@alder.example" for who in ("AUTHOR", "COMMITTER")}
    command = ["git", "-c", "core.autocrlf=false", "-C", str(folder), *arguments]
    done = subprocess.run(command, check=True, capture_output=True, env={**clean, **names, **mails, **environment})
    return done.stdout.decode("utf-8", "replace")


def commit(folder: Path, message: str, when: str, files: Files, *, committed: str = "") -> None:
    """Write, remove (None) and commit files; names may hold any bytes. *committed*: where not when it was written."""
    for name, content in files.items():
        target = os.path.join(os.fsencode(folder), os.fsencode(name))
        if content is None:
            os.unlink(target)
            continue
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
    git(folder, "add", "-A")
    dates = {"GIT_COMMITTER_DATE": committed or when, "GIT_AUTHOR_DATE": when}
    git(folder, "commit", "-q", "--allow-empty", "--cleanup=verbatim", "-m", message, **dates)


@pytest.fixture
def in_git() -> Callable[..., str]:
    """Return a function that runs git in a folder."""
    return git


@pytest.fixture
def add_commit() -> Callable[..., None]:
    """Return a function that commits files: folder, message, date, {name: content or None}."""
    return commit


@pytest.fixture
def history(tmp_path: Path) -> Callable[..., Path]:
    """Return a maker of repositories out of (message, date, files) commits, on branch ``main``."""
    numbers = itertools.count(1)

    def make(*commits: tuple[str, str, Files]) -> Path:
        folder = tmp_path / f"history{next(numbers)}"
        folder.mkdir()
        git(folder, "init", "-q", "-b", "main")
        for message, when, files in commits:
            commit(folder, message, when, files)
        return folder

    return make
