"""A git repository, read by git itself: its log and its blobs as two streams, nothing checked out.

Git is run as a program (``git`` 2.31 or newer must be installed). The libraries that read packs in Python were no
help: dulwich takes minutes where ``git cat-file --batch`` reads 14,000 files in 0.8 s, and pygit2 cannot open bundles
or partial clones. What is read is never executed: no hooks, no filters, no pager, no configuration of the user.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

from harvest.errors import DamagedArchive, UnknownTarget
from harvest.exchange.git_blobs import Blobs
from harvest.exchange.git_command import Running, git_command, need_git, run_git, silent_environment
from harvest.exchange.git_log import FILE, LOG_OPTIONS, Touched, read_log, split_fields

#: What a reader of a damaged repository gives up on: a history in which every other object is broken is none.
_MOST_BREAKS = 1000


class Repository:
    """A clone, bare repository or bundle. A context manager: a bundle is unpacked beside the system's temporary files.

    Raises UnknownTarget for a path that is none, or where the branch must be named; DamagedArchive where git refuses.
    """

    def __init__(self, path: Path, *, branch: str = "") -> None:
        self.path = path
        self.breaks = 0
        self._unpacked: TemporaryDirectory[str] | None = None
        self._folder = self._open(path)
        try:
            self.branch = branch or self._only_branch()
            if not self._answers("rev-parse", "--verify", "--quiet", f"{self.branch}^{{commit}}"):
                raise UnknownTarget(f"{path} has no branch {branch!r}; there are: {', '.join(self._branches())}")
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Repository:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Remove what was unpacked."""
        if self._unpacked is not None:
            self._unpacked.cleanup()

    @property
    def is_shallow(self) -> bool:
        """True where the beginning of the history was left out when it was cloned."""
        return self._answers("rev-parse", "--is-shallow-repository") == "true"

    @property
    def is_partial(self) -> bool:
        """True where contents were left out when it was cloned (``git clone --filter``)."""
        return "true" in self._answers("config", "--get-regexp", r"^remote\..*\.promisor$")

    def files(self) -> Iterator[tuple[str, str]]:
        """Yield path and blob of every file of the newest commit."""
        with self._running("ls-tree", "-r", "-z", self.branch) as stream:
            for entry in split_fields(stream):
                head, _, path = entry.partition(b"\t")
                mode, kind, blob = head.split()
                if kind == b"blob" and mode.startswith(FILE.encode()):
                    yield os.fsdecode(path), blob.decode()

    def touched(self) -> Iterator[Touched]:
        """Yield every file that a commit added, changed or removed, newest commit first.

        A commit that touched nothing is told of once, with an empty path.
        Merges tell only of files that are like none of their parents. Renames are those without any edit beside.
        A commit whose files cannot be read is passed over: `breaks` counts them afterwards. Raises DamagedArchive
        where a commit itself cannot be read: what came before it is out of reach.
        """
        told = 0
        while True:
            last = told
            try:
                for one in self._log(told):
                    told = one.order + 1
                    yield one
                return
            except DamagedArchive:
                self.breaks += 1
                if told > last and not self._is_readable(told - 1):
                    continue  # the last one told of was the broken one: git had begun with it
                if self.breaks > _MOST_BREAKS or not self._commit_at(told):
                    raise
                told += 1

    def _log(self, skip: int) -> Iterator[Touched]:
        with self._running("log", *LOG_OPTIONS, f"--skip={skip}", self.branch) as stream:
            yield from (replace(one, order=one.order + skip) for one in read_log(stream))

    def _is_readable(self, place: int) -> bool:
        """True where git can tell what the commit at a place of the log touched."""
        command = git_command(self._folder, "diff-tree", "-r", "--root", "--no-commit-id", "-c", self._commit_at(place))
        told = subprocess.run(command, capture_output=True, env=silent_environment(self._folder), check=False)
        return told.returncode == 0

    def blobs(self) -> Blobs:
        """Open the reader of file contents."""
        return Blobs(self._folder)

    def _commit_at(self, place: int) -> str:
        return self._answers("rev-list", f"--skip={place}", "--max-count=1", self.branch)

    def _open(self, path: Path) -> Path:
        need_git()
        if path.is_file():
            self._unpacked = TemporaryDirectory(prefix="harvest-git-")
            folder = Path(self._unpacked.name) / "history.git"
            try:
                run_git("clone", "--quiet", "--mirror", str(path.resolve()), str(folder))
            except DamagedArchive:
                self.close()
                raise
            return folder
        found = _git_folder(path)
        if found is None:
            raise UnknownTarget(f"{path} is no git repository")
        return found

    def _only_branch(self) -> str:
        """Return the default branch, or the only one; a repository whose HEAD points nowhere has no default."""
        if self._answers("rev-parse", "--verify", "--quiet", "HEAD^{commit}"):
            return "HEAD"
        branches = self._branches()
        if len(branches) == 1:
            return branches[0]
        if not branches:
            raise UnknownTarget(f"{self.path} holds no commit: it is empty, or no repository that git can open")
        raise UnknownTarget(f"{self.path} has several branches, name one with --branch: {', '.join(branches)}")

    def _branches(self) -> list[str]:
        asked = ("for-each-ref", "--format=%(refname)", "refs/heads", "refs/remotes/origin")
        return [name for name in self._answers(*asked).splitlines() if not name.endswith("/HEAD")]

    def _answers(self, *arguments: str) -> str:
        command, quiet = git_command(self._folder, *arguments), silent_environment(self._folder)
        done = subprocess.run(command, capture_output=True, env=quiet, check=False)
        return done.stdout.decode("utf-8", "replace").strip() if done.returncode == 0 else ""

    def _running(self, *arguments: str) -> Running:
        return Running(self._folder, arguments, f"{self.path}: git {arguments[0]}")


def is_repository(path: Path) -> bool:
    """True for a clone, a bare repository and a bundle; nothing is run."""
    if path.is_dir():
        return _git_folder(path) is not None
    try:
        with path.open("rb") as file:
            return re.match(rb"# v\d+ git bundle\n", file.read(32)) is not None
    except OSError:
        return False


def _git_folder(path: Path) -> Path | None:
    dot = path / ".git"
    if dot.exists():
        return path
    return path if (path / "HEAD").is_file() and (path / "objects").is_dir() and (path / "refs").is_dir() else None
