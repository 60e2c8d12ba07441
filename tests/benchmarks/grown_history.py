"""Larger histories of the kind of a real one, to see what grows faster than its input.

    python tests/benchmarks/grown_history.py SOURCE.git TARGET.git [--times 3] [--long 10000] [--large 8] [--short 1600]

``--times``: so many companies for each one of the source, with the same versions at the same times. What they share,
as companies do, are the most frequent words and some of the lines; all other words are changed for others of the same
length, by an own bijection for each copy, so that most clauses are new; 0: none. ``--long``: one policy with so
many versions, each one line from the one before. ``--large``: besides one policy with versions of so many megabytes.
``--short``: besides so many policies of 72 versions of a dozen lines, a month and a line apart: as many versions as a
large history has, at a tenth of the time.
Nothing is drawn by chance: each run gives the same history.
"""

from __future__ import annotations

import argparse
import itertools
import random
import re
import subprocess
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from harvest.exchange.git_blobs import Blobs
from harvest.exchange.git_log import Touched
from harvest.exchange.git_repository import Repository

#: Tags, programs and ends of lines stay, and so do links and the words that tell languages and kinds of page.
_MARKUP = re.compile(rb"(<(?:script|style)\b.*?</(?:script|style)>|<[^>]*>|\n)", re.S | re.I)
_TOKEN = re.compile(rb"\]\([^)]*\)|https?://\S+|&\w+;|[A-Za-z]{4,}")
_COMMON_WORDS = 400
#: Of a hundred lines so many are the same in all copies: boilerplate.
_SHARED_LINES = 15
_SAMPLED_TEXTS = 300
_KNOWN_LINES = 100_000
#: A policy of `--short`: its versions, their lines, how long these are, and the seconds from one version to the next.
_SHORT_VERSIONS, _SHORT_LINES, _SHORT_LINE, _MONTH_S = 72, 12, (60, 300), 2_600_000
#: 2008; the long history has four versions a day.
_BEGIN_S, _STEP_S = 1_200_000_000, 21_600


@dataclass(frozen=True)
class Kept:
    """A version of the target: the mark of its blob (0: removed), its path and time."""

    mark: int
    path: str
    when: int


@dataclass
class Stream:
    """What ``git fast-import`` is told."""

    pipe: IO[bytes]
    marks: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def blob(self, body: bytes) -> int:
        """Write a blob and return its mark. Git keeps it as its difference from the one written before."""
        mark = next(self.marks)
        self.pipe.write(b"blob\nmark :%d\ndata %d\n%s\n" % (mark, len(body), body))
        return mark

    def commit(self, kept: Kept) -> None:
        """Write a commit of one file."""
        path = b'"' + kept.path.encode("utf-8", "surrogateescape").replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'
        message = b"Record " + path
        what = b"M 100644 :%d %s" % (kept.mark, path) if kept.mark else b"D " + path
        who = b"committer harvest <harvest@example.org> %d +0000" % kept.when
        self.pipe.write(b"commit refs/heads/main\n%s\ndata %d\n%s\n%s\n" % (who, len(message), message, what))


def grow(source: Path, target: Path, *, times: int, long: int = 0, large_mb: int = 0, short: int = 0) -> int:
    """Write a history *times* as large as another into a new bare repository; return its versions."""
    subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", str(target)], check=True)
    command = ["git", "-C", str(target), "fast-import", "--quiet", "--depth=60"]
    with Repository(source) as repository, repository.blobs() as blobs:
        touched = sorted((one for one in repository.touched() if one.path), key=lambda one: -one.order)
        with subprocess.Popen(command, stdin=subprocess.PIPE) as writing:
            assert writing.stdin is not None
            stream = Stream(writing.stdin)
            lines, path = _lines(touched, blobs), next(one.path for one in touched if one.blob)
            kept = [
                *_copies(stream, touched, blobs, times),
                *_extremes(stream, lines, path, long, large_mb),
                *_many(stream, lines, path, short),
            ]
            for one in sorted(kept, key=lambda one: one.when):
                stream.commit(one)
    if writing.returncode:
        raise SystemExit("git fast-import failed")
    return len(kept)


def _copies(stream: Stream, touched: Sequence[Touched], blobs: Blobs, times: int) -> Iterator[Kept]:
    documents: dict[str, list[Touched]] = defaultdict(list)
    for one in touched:
        documents[one.path].append(one)
    vocabulary = _vocabulary(touched, blobs) if times > 1 else []
    swaps = [_bijection(vocabulary, number) for number in range(times)]
    for number, (path, versions) in itertools.product(range(times), documents.items()):
        rewrite, marks = _rewriter(swaps[number]), {"": 0}
        for one in versions:
            if one.blob not in marks:
                marks[one.blob] = stream.blob(rewrite(blobs.read(one.blob)))
            yield Kept(marks[one.blob], _renamed(path, f"c{number}"), int(one.when.timestamp()))


def _lines(touched: Sequence[Touched], blobs: Blobs) -> list[bytes]:
    """Return the lines of some texts of a history."""
    some = [one for one in touched if one.blob][:: max(1, len(touched) // _SAMPLED_TEXTS)]
    return [line for one in some for line in blobs.read(one.blob).splitlines(keepends=True)]


def _many(stream: Stream, lines: Sequence[bytes], path: str, policies: int) -> Iterator[Kept]:
    rng, lines = random.Random(11), [line for line in lines if _SHORT_LINE[0] < len(line) < _SHORT_LINE[1]]
    for policy in range(policies):
        text = rng.choices(lines, k=_SHORT_LINES)
        for number in range(_SHORT_VERSIONS):
            text[rng.randrange(len(text))] = rng.choice(lines)
            when = _BEGIN_S + policy * _STEP_S + number * _MONTH_S
            yield Kept(stream.blob(b"".join(text)), _renamed(path, f"s{policy}"), when)


def _extremes(stream: Stream, lines: Sequence[bytes], path: str, long: int, large_mb: int) -> Iterator[Kept]:
    rng = random.Random(7)
    size = sum(map(len, lines)) // len(lines)
    for name, versions, length in (("long", long, 150), ("large", 10 if large_mb else 0, large_mb * 1_000_000 // size)):
        text = rng.choices(lines, k=length)
        for number in range(versions):
            text[rng.randrange(len(text))] = rng.choice(lines)
            yield Kept(stream.blob(b"".join(text)), _renamed(path, name), _BEGIN_S + number * _STEP_S)


def _vocabulary(touched: Sequence[Touched], blobs: Blobs) -> list[bytes]:
    """Return the words of a history that are not its most frequent ones."""
    counts: Counter[bytes] = Counter()
    for one in touched[:: max(1, len(touched) // _SAMPLED_TEXTS)]:
        for token in _TOKEN.findall(_MARKUP.sub(b" ", blobs.read(one.blob) if one.blob else b"")):
            if token.isalpha():
                counts[token.lower()] += 1
    return sorted(word for word, _ in counts.most_common()[_COMMON_WORDS:])


def _bijection(vocabulary: Sequence[bytes], number: int) -> dict[bytes, bytes]:
    """Return another word for each, of the same length; the first copy is the source itself."""
    if not number:
        return {}
    swaps: dict[bytes, bytes] = {}
    for _, group in itertools.groupby(sorted(vocabulary, key=len), key=len):
        words = list(group)
        swaps.update(zip(words, random.Random(number).sample(words, len(words)), strict=True))
    return swaps


def _rewriter(swaps: dict[bytes, bytes]) -> Callable[[bytes], bytes]:
    known: dict[bytes, bytes] = {}

    def swap(match: re.Match[bytes]) -> bytes:
        word = match[0]
        other = swaps.get(word.lower(), word)
        return other.upper() if word.isupper() else other.capitalize() if word[:1].isupper() else other

    def line(text: bytes) -> bytes:
        held = known.get(text)
        if held is None:
            if len(known) > _KNOWN_LINES:
                known.clear()
            shared = zlib.crc32(text) % 100 < _SHARED_LINES
            held = known[text] = text if shared else _TOKEN.sub(swap, text)
        return held

    def rewrite(body: bytes) -> bytes:
        parts = _MARKUP.split(body)
        parts[::2] = map(line, parts[::2])
        return b"".join(parts)

    return rewrite if swaps else lambda body: body


def _renamed(path: str, name: str) -> str:
    """Return a path for another company: its name before that of the folder the file is in."""
    *folders, folder, file = path.split("/")
    return "/".join((*folders, f"{name}-{folder}", file))


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    for name, default in (("times", 1), ("long", 0), ("large", 0), ("short", 0)):
        parser.add_argument(f"--{name}", type=int, default=default)
    options = parser.parse_args()
    kept = {"long": options.long, "large_mb": options.large, "short": options.short}
    versions = grow(options.source, options.target, times=options.times, **kept)
    print(f"{options.target}: {versions} versions")


if __name__ == "__main__":
    main()
