"""WARC files in other wrappings: inside a WACZ file, or packed by ``gzip`` as a whole; copied out to be read."""

from __future__ import annotations

import re
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from harvest.archive.warc_index import SUFFIXES, Damage

_CHUNK = 1 << 16
_PIECE = 1 << 12  # what is lost before a wrong checksum, which is found with the last piece
#: What `zipfile` raises: on a damaged file, on packed bytes that are damaged, on a packing it does not know, on an
#: encrypted member, on one that is cut, on names and places that cannot be (each seen with a file made for it).
UNREADABLE_ZIP = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError)


def unpacked(path: Path, folder: Path, *, depth: int = 0) -> Iterator[Path | Damage]:
    """Yield the WARC files inside a WACZ file, copied into *folder*, and what of it cannot be read.

    Several crawls are often kept as one WACZ file of WACZ files (Browsertrix does). Members are copied by number: names
    inside a file from somewhere are not trusted. What a hole cuts off of a member is told of; what is before it comes.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            for number, member in enumerate(sorted(archive.namelist())):
                suffix = next((suffix for suffix in SUFFIXES if member.lower().endswith(suffix)), "")
                if not suffix or (suffix == ".wacz" and depth):
                    continue
                copy = folder / f"{path.stem}-{number}{suffix}"
                why = _copy(archive, member, copy)
                if why:
                    yield Damage(path, 0, f"{member}: {why}")
                if suffix != ".wacz":
                    yield copy
                    continue
                yield from unpacked(copy, folder, depth=depth + 1)
                copy.unlink()
    except UNREADABLE_ZIP as error:
        yield Damage(path, 0, str(error))


def _copy(archive: zipfile.ZipFile, member: str, copy: Path) -> str:
    """Copy a member as far as it can be read; return what stopped it, '' for nothing."""
    with copy.open("wb") as target:
        try:
            with archive.open(member) as source:
                shutil.copyfileobj(source, target, _PIECE)
        except UNREADABLE_ZIP as error:
            return str(error)
    return ""


def is_packed_as_a_whole(path: Path) -> bool:
    """True for a WARC that was given to ``gzip`` as it was: then no record can be found without all before it.

    What writes WARC files packs each record by itself. Only the first record is unpacked, in small pieces.
    """
    unpacker, head, size, wanted = zlib.decompressobj(31), b"", 0, -1
    try:
        with path.open("rb") as stream:
            while not unpacker.eof and (piece := unpacker.unconsumed_tail or stream.read(_CHUNK)):
                some = unpacker.decompress(piece, _CHUNK)
                size += len(some)
                if wanted < 0:
                    head = (head + some)[:_CHUNK]
                    wanted = _record_length(head)
                    if wanted < 0 and len(head) == _CHUNK:
                        return False
                if 0 <= wanted < size:
                    return True
    except (zlib.error, OSError):
        pass
    return False


def _record_length(head: bytes) -> int:
    """Return how long the first record is with the two empty lines after it, -1 where its head does not say."""
    fields, blank, _ = head.partition(b"\r\n\r\n")
    length = re.search(rb"^Content-Length:\s*(\d{1,15})\s*$", fields, re.I | re.M)
    return len(fields) + 8 + int(length[1]) if blank and length and fields.startswith(b"WARC/") else -1


def unpacked_whole(path: Path, folder: Path) -> Path:
    """Return a copy of a file that was packed as a whole, unpacked into *folder* as far as it can be.

    What a hole cuts off ends the copy within a record, which is told when that is read.
    """
    copy = folder / path.name.removesuffix(".gz")
    unpacker = zlib.decompressobj(31)
    with path.open("rb") as source, copy.open("wb") as target, suppress(zlib.error):
        while piece := unpacker.unused_data or source.read(_CHUNK):
            unpacker = zlib.decompressobj(31) if unpacker.eof else unpacker
            target.write(unpacker.decompress(piece))
    return copy
