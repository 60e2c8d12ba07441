"""Bytes of a corpus, beside the raw bodies and a git pack of the same history."""

from __future__ import annotations

import hashlib
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import zstandard
from pages import Page


def report(captures: Sequence[Page]) -> Iterator[str]:
    """Yield the size of the same pages kept in four ways. The corpus holds texts, diffs and indexes besides."""
    raw = sum(len(page.body) for page in captures)
    yield f"raw bodies: {raw:,} bytes of {len(captures)} captures"
    single = sum(len(zstandard.compress(page.body, 19)) for page in captures)
    yield f"zstd -19, each alone: {single:,} bytes, {raw / single:.1f}-fold"
    with tempfile.TemporaryDirectory() as folder:
        pack = git_pack(captures, Path(folder))
        yield f"git pack, one commit a capture: {pack:,} bytes, {raw / pack:.1f}-fold"
        bodies, whole = corpus(captures, Path(folder) / "bench.db")
    yield f"bodies in the corpus: {bodies:,} bytes, {raw / bodies:.1f}-fold"
    yield f"corpus.db with texts, diffs and search: {whole:,} bytes, {raw / whole:.1f}-fold"


def git_pack(captures: Sequence[Page], folder: Path) -> int:
    """Return the bytes of the packs of a repository that has one commit a capture, oldest first."""
    repository = folder / "history.git"
    _git("init", "--quiet", "--bare", str(repository))
    stream = b"".join(_commit(page) for page in sorted(captures, key=lambda page: page.date))
    _git("-C", str(repository), "fast-import", "--quiet", stdin=stream)
    _git("-C", str(repository), "-c", "pack.threads=1", "repack", "-adfq", "--depth=50", "--window=250")
    return sum(file.stat().st_size for file in repository.glob("objects/pack/*.pack"))


def _commit(page: Page) -> bytes:
    name = hashlib.sha256(page.url.encode()).hexdigest()[:16]
    head = b"commit refs/heads/main\ncommitter a <a@example> 1600000000 +0000\ndata 0\n"
    return head + f"M 100644 inline {name}.html\ndata {len(page.body)}\n".encode() + page.body + b"\n"


def _git(*arguments: str, stdin: bytes | None = None) -> None:
    subprocess.run(["git", *arguments], input=stdin, check=True, capture_output=True)


def corpus(captures: Sequence[Page], path: Path) -> tuple[int, int]:
    """Return the bytes of the stored bodies, and of the whole file, of a corpus harvested from the same captures."""
    import harvest

    archive = path.with_suffix(".warc.gz")
    write_warc(captures, archive)
    with harvest.open_corpus(path) as store:
        harvest.run(store, [], archive=str(archive))
        store.conn.execute("VACUUM")
        bodies = store.conn.execute("SELECT sum(length(data)) FROM bodies").fetchone()[0]
    return bodies or 1, path.stat().st_size


def write_warc(captures: Sequence[Page], path: Path) -> None:
    """Write captures as response records."""
    import io

    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        for page in captures:
            headers = StatusAndHeaders("200 OK", [*page.headers.items()], protocol="HTTP/1.1")
            record = writer.create_warc_record(
                page.url,
                "response",
                payload=io.BytesIO(page.body),
                http_headers=headers,
                warc_headers_dict={"WARC-Date": page.date},
            )
            writer.write_record(record)
