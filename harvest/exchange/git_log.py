"""What ``git log`` says of every commit and its files, as records: pure reading of a stream of bytes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import IO

#: Options of ``git log`` that make it say what `read_log` reads.
LOG_OPTIONS = (
    "--raw",
    "-z",
    "--no-abbrev",
    "--find-renames=100%",
    "--diff-merges=combined",
    "--root",
    "--format=%x01%H%x00%ct%x00%at%x00%B%x00",
)
#: How the modes of regular files begin; the rest are links and submodules.
FILE = "100"
#: Earliest and latest commit times that can be captures of web pages: 1990 and 2100.
FIRST_S, _LAST_S = 631_152_000, 4_102_444_800


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


def read_log(stream: IO[bytes]) -> Iterator[Touched]:
    """Read what ``git log`` says with `LOG_OPTIONS`: the four fields of each commit, then its files.

    Yields every file that a commit touched, in the order of the log; a commit that touched nothing once, with an empty
    path.
    """
    fields = split_fields(stream)
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
    was_file = any(mode.startswith(FILE) for mode in modes[:-1])
    path = os.fsdecode(next(fields))
    if status[0] in "RC" and sources == 1:  # of merges only the name afterwards is told
        if status[0] == "R" and was_file:
            yield path, "", True
        path, was_file = os.fsdecode(next(fields)), False
    if modes[-1].startswith(FILE):
        yield path, ids[-1], False
    elif was_file:
        yield path, "", False


def split_fields(stream: IO[bytes]) -> Iterator[bytes]:
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
