"""Files that are whole or not there: written beside their place, and put there when all of it was written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def put_when_whole(path: Path) -> Iterator[Path]:
    """Give a path to write to, which takes the place of *path* when the block ends, and is removed where it fails.

    A table or collection that breaks off (a full disk, Ctrl-C) looks like a whole one to who opens it next. What a kill
    leaves is named ``….part``, and written over by the next export.
    """
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
