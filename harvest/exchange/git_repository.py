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
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import IO

from harvest.errors import DamagedArchive, UnknownTarget
from harvest.exchange.git_blobs import Blobs
from harvest.exchange.git_command import Running, git_command, run_git, silent_environment

_FIELDS = "%x01%H%x00%ct%x00%at%x00%B%x00"
#: What a reader of a damaged repository gives up on: a history in which every other object is broken is none.
_MOST_BREAKS = 1000
#: Earliest and latest commit times that can be captures of web pages: 1990 and 2100.
FIRST_S, _LAST_S = 631_152_000, 4_102_444_800
#: How the modes of regular files begin; the rest are links and submodules.
_FILE = "100"


@dataclass(frozen=True, slots=True)
class Touched:
    """A file as one commit left it. *blob* is '' where the commit removed it; *renamed*: it went on under another name.

    *when* is the committer's time, *authored* the author's. *message* is the whole commit message. *path* keeps bytes
    that are no UTF-8 as surrogates. *order* grows from the newest commit to the oldest.
    """

    commit: str
    order: int
    when: datetime
    authored: datetime
    message: str
    path: str
    blob: str
    renamed: bool = False


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
            for entry in _fields(stream):
                head, _, path = entry.partition(b"\t")
                mode, kind, blob = head.split()
                if kind == b"blob" and mode.startswith(_FILE.encode()):
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
        asked = ("log", "--raw", "-z", "--no-abbrev", "--find-renames=100%", "--diff-merges=combined", "--root")
        with self._running(*asked, f"--skip={skip}", f"--format={_FIELDS}", self.branch) as stream:
            yield from (replace(one, order=one.order + skip) for one in _touched(_fields(stream)))

    def _is_readable(self, place: int) -> bool:
        """True where git can tell what the commit at a place of the log touched."""
        command = git_command(self._folder, "diff-tree", "-r", "--root", "--no-commit-id", "-c", self._commit_at(place))
        return subprocess.run(command, capture_output=True, env=silent_environment(), check=False).returncode == 0

    def blobs(self) -> Blobs:
        """Open the reader of file contents."""
        return Blobs(self._folder)

    def _commit_at(self, place: int) -> str:
        return self._answers("rev-list", f"--skip={place}", "--max-count=1", self.branch)

    def _open(self, path: Path) -> Path:
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
            raise UnknownTarget(f"{self.path} holds no commit")
        raise UnknownTarget(f"{self.path} has several branches, name one with --branch: {', '.join(branches)}")

    def _branches(self) -> list[str]:
        asked = ("for-each-ref", "--format=%(refname)", "refs/heads", "refs/remotes/origin")
        return [name for name in self._answers(*asked).splitlines() if not name.endswith("/HEAD")]

    def _answers(self, *arguments: str) -> str:
        done = subprocess.run(
            git_command(self._folder, *arguments), capture_output=True, env=silent_environment(), check=False
        )
        return done.stdout.decode("utf-8", "replace").strip() if done.returncode == 0 else ""

    def _running(self, *arguments: str) -> Running:
        return Running(git_command(self._folder, *arguments), f"{self.path}: git {arguments[0]}")


def is_repository(path: Path) -> bool:
    """True for a clone, a bare repository and a bundle; nothing is run."""
    if path.is_dir():
        return _git_folder(path) is not None
    try:
        with path.open("rb") as file:
            return re.match(rb"# v\d+ git bundle\n", file.read(32)) is not None
    except OSError:
        return False


def _touched(fields: Iterator[bytes]) -> Iterator[Touched]:
    """Read the log: the four fields of each commit, then its files."""
    bare: Touched | None = None  # the commit at hand
    told = True
    for order, field in enumerate(fields):
        if b"\x01" in field:
            if bare is not None and not told:
                yield bare
            commit, told = field.rpartition(b"\x01")[2].decode(), False
            when, authored = _moment(next(fields)), _moment(next(fields))
            bare = Touched(commit, order, when, authored, next(fields).decode("utf-8", "replace"), "", "")
        elif bare is not None and field.lstrip(b"\n").startswith(b":"):
            for path, blob, renamed in _entry(field.lstrip(b"\n").decode(), fields):
                told = True
                yield replace(bare, path=path, blob=blob, renamed=renamed)
    if bare is not None and not told:
        yield bare


def _entry(head: str, fields: Iterator[bytes]) -> Iterator[tuple[str, str, bool]]:
    """Read one line of the raw format with the paths that follow: path, blob ('' if removed), renamed away.

    A file that a link or a submodule took the place of was removed: what those hold is no text of the page.
    """
    sources = len(head) - len(head.lstrip(":"))
    parts = head.lstrip(":").split(" ")
    modes, ids, status = parts[: sources + 1], parts[sources + 1 : 2 * sources + 2], parts[-1]
    was_file = any(mode.startswith(_FILE) for mode in modes[:-1])
    path = os.fsdecode(next(fields))
    if status[0] in "RC" and sources == 1:  # of merges only the name afterwards is told
        if status[0] == "R" and was_file:
            yield path, "", True
        path, was_file = os.fsdecode(next(fields)), False
    if modes[-1].startswith(_FILE):
        yield path, ids[-1], False
    elif was_file:
        yield path, "", False


def _fields(stream: IO[bytes]) -> Iterator[bytes]:
    """Split a stream at NUL."""
    rest = b""
    while chunk := stream.read(1 << 16):
        *whole, rest = (rest + chunk).split(b"\0")
        yield from whole
    if rest.strip(b"\n"):
        yield rest


def _moment(seconds: bytes) -> datetime:
    """Read a commit time; clocks that were never set give dates no web page can have."""
    return datetime.fromtimestamp(min(max(int(seconds or b"0"), FIRST_S), _LAST_S), UTC)


def _git_folder(path: Path) -> Path | None:
    dot = path / ".git"
    if dot.exists():
        return path
    return path if (path / "HEAD").is_file() and (path / "objects").is_dir() and (path / "refs").is_dir() else None
