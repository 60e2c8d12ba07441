"""Contents of files in a git repository, damaged ones too."""

from __future__ import annotations

import subprocess
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from harvest.exchange.git_command import git_command, silent_environment
from harvest.exchange.histories import Unreadable


class Blobs:
    """Contents of files by blob id. A context manager around one ``git cat-file --batch``, begun again if it dies."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Blobs:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def read(self, blob: str, *, most: int | None = None) -> bytes:
        """Return the bytes of a blob.

        Raises Unreadable where the repository does not have it (partial clones), where it is damaged, and where it has
        more than *most* bytes, which are not read then; the next blob can be read in any case.
        """
        process = self._process = self._process or self._begin()
        assert process.stdin is not None and process.stdout is not None
        with suppress(BrokenPipeError):
            process.stdin.write(f"{blob}\n".encode("ascii"))
            process.stdin.flush()
        head = process.stdout.readline().split()
        if len(head) == 2 and head[1] == b"missing":
            raise Unreadable("its content is not in the repository")
        size = int(head[2]) if len(head) == 3 else -1
        if most is not None and size > most:
            self.close()  # rather than read what nobody wants
            raise Unreadable(f"{size} bytes are no policy")
        body = process.stdout.read(size) if size >= 0 else b""
        if len(body) != size or process.stdout.read(1) != b"\n":
            self.close()
            raise Unreadable("its content is damaged: run git fsck on the repository")
        return body

    def _begin(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            git_command(self._folder, "cat-file", "--batch"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=silent_environment(self._folder),
        )

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is None:
            return
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(BrokenPipeError):
                    stream.close()
        process.wait()
