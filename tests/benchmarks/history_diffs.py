"""Derive and compare the history of every document in a git repository of Markdown texts, and say what it is made of.

    python tests/benchmarks/history_diffs.py HISTORY [--limit N]

HISTORY is a git repository or bundle with one commit a version. Prints milliseconds per diff of two consecutive texts,
of the processor and of the clock (reading apart), what the main line and its transitions are, and the slowest pairs.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from harvest.compare import compare
from harvest.compare.lineage import link
from harvest.compare.menus import Short
from harvest.corpus.derive import derive_transitions, derive_versions
from harvest.corpus.derive_model import DiffFacts, Sighting, TextFacts
from harvest.corpus.derive_passages import Passage, passages_of
from harvest.corpus.derive_wordings import Wordings
from harvest.model import Document, PageKind, Tier
from harvest.text.identity import section_sha, text_sha
from harvest.text.markdown import read_markdown


@dataclass(slots=True)
class Found:
    """What was measured and counted over all documents."""

    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    slow: list[tuple[float, str]] = field(default_factory=list)
    linking: list[float] = field(default_factory=list)
    deriving: list[float] = field(default_factory=list)
    tiers: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("history", type=Path)
    parser.add_argument("--limit", type=int, default=0, help="only the first N documents")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["git", "clone", "-q", "--bare", "-b", "main", str(args.history), folder], check=True)
        found = Found()
        documents = sorted(_versions(Path(folder)).items())[: args.limit or None]
        for name, versions in documents:
            texts = _read(Path(folder), [blob for _, blob in versions])
            _measure(found, name, [(at, read_markdown(text)) for (at, _), text in zip(versions, texts, strict=True)])
        for line in _report(found, len(documents)):
            print(line)


def _measure(found: Found, name: str, captures: Sequence[tuple[str, Document]]) -> None:
    shas = [text_sha(document.sections) for _, document in captures]
    texts = {sha: document for sha, (_, document) in zip(shas, captures, strict=True)}
    tiers: dict[tuple[str, str], Tier | None] = {}
    for number, pair in enumerate(pairwise(shas)):
        clock, cpu = time.perf_counter(), time.process_time()
        diff = compare(texts[pair[0]].sections, texts[pair[1]].sections)
        found.cpu.append((time.process_time() - cpu) * 1000)
        found.wall.append((time.perf_counter() - clock) * 1000)
        found.slow.append((found.cpu[-1], f"{name} {number}: {diff.tier} {diff.reason}"))
        tiers[pair] = diff.tier
    start = time.process_time()
    link([document.sections for _, document in captures])
    found.linking.append((time.process_time() - start) * 1000 / len(captures))
    _count(found, captures, shas, tiers)


def _count(
    found: Found,
    captures: Sequence[tuple[str, Document]],
    shas: Sequence[str],
    tiers: dict[tuple[str, str], Tier | None],
) -> None:
    texts = {sha: document for sha, (_, document) in zip(shas, captures, strict=True)}
    facts = {sha: TextFacts(one.language, _stated(one)) for sha, one in texts.items()}
    sightings = [
        Sighting(at, captures[at][0], "git", "", "", (), text=sha if shown else "", gone=not shown)
        for at, sha in enumerate(shas)
        for shown in (captures[at][1].page_kind is PageKind.POLICY,)
    ]
    known: dict[Hashable, Passage | Short] = {}
    keys = {sha: [section_sha(section) for section in one.sections] for sha, one in texts.items()}
    wordings = Wordings(lambda sha: passages_of(texts[sha].sections, keys[sha], known))
    start = time.process_time()
    history = derive_versions(sightings, facts, wordings)
    spent = time.process_time() - start
    for pair in history.pairs:
        if pair not in tiers:
            tiers[pair] = compare(texts[pair[0]].sections, texts[pair[1]].sections).tier
    start = time.process_time()
    steps = derive_transitions(history, facts, {pair: DiffFacts(tiers[pair]) for pair in history.pairs}, wordings)
    found.deriving.append((spent + time.process_time() - start) * 1000 / len(captures))
    found.counts.update(captures=len(captures), errors=sum(one.gone for one in sightings))
    found.counts.update(versions=len(history.main_line), variants=len(history.versions) - len(history.main_line))
    for step, (a, b) in zip(steps, pairwise(history.main_line), strict=True):
        tier = tiers[a.text, b.text]
        found.tiers[tier.value if tier else "equal"] += 1
        found.counts["transitions"] += 1
        loud = tier is not None and not tier.is_noise
        found.counts["technical"] += step.kind == "technical"
        if loud and step.kind != "technical":
            found.counts.update(shown=1, returns=step.kind == "return", silent=step.silent == 1)
        found.counts["redated"] += step.redated


def _stated(document: Document) -> str:
    return document.stated_date.day.isoformat() if document.stated_date and document.stated_date.day else ""


def _report(found: Found, documents: int) -> Iterator[str]:
    counts = found.counts
    yield (
        f"{documents} documents, {counts['captures']} captures, {counts['errors']} of them errors and shells;"
        f" {counts['versions']} versions on the main line, {counts['variants']} beside it"
    )
    yield (
        f"{counts['transitions']} transitions: {counts['shown']} shown by default ({counts['returns']} returns,"
        f" {counts['silent']} silent), {counts['technical']} technical, {counts['redated']} redated"
    )
    total = max(1, counts["transitions"])
    yield "tiers: " + ", ".join(f"{tier} {n} ({n / total:.1%})" for tier, n in found.tiers.most_common())
    yield f"{len(found.cpu)} diffs, ms of processor each: {_spread(sorted(found.cpu))}"
    yield f"ms of clock each: {_spread(sorted(found.wall))}"
    yield f"ms per capture to derive versions and transitions: {_spread(sorted(found.deriving))}"
    yield f"ms per capture to link lineages: {_spread(sorted(found.linking))}"
    for ms, what in sorted(found.slow, reverse=True)[:8]:
        yield f"{ms:9.1f} ms  {what[:150]}"


def _spread(values: Sequence[float]) -> str:
    def at(share: float) -> float:
        return values[min(len(values) - 1, int(share * len(values)))]

    return f"median {statistics.median(values):.2f}, p95 {at(0.95):.2f}, p99 {at(0.99):.2f}, worst {values[-1]:.2f}"


def _versions(repository: Path) -> dict[str, list[tuple[str, str]]]:
    """Return the versions of every file, oldest first: time of the commit and blob."""
    log = "git -C {} log main --reverse --format=@%cI --raw --no-abbrev --no-renames".split()
    log[2] = str(repository)
    versions: dict[str, list[tuple[str, str]]] = defaultdict(list)
    at = ""
    for line in subprocess.run(log, check=True, capture_output=True, text=True).stdout.splitlines():
        if line.startswith("@"):
            at = line[1:].replace("+00:00", "Z")
        fields = line.split("\t")[0].split()
        if line.startswith(":") and fields[4] != "D":
            versions[line.partition("\t")[2]].append((at, fields[3]))
    return versions


def _read(repository: Path, blobs: Sequence[str]) -> Iterator[str]:
    command = ["git", "-C", str(repository), "cat-file", "--batch"]
    out = subprocess.run(command, input="\n".join(blobs).encode(), check=True, capture_output=True).stdout
    at = 0
    for _ in blobs:
        head_end = out.index(b"\n", at)
        size = int(out[at:head_end].split()[2])
        yield out[head_end + 1 : head_end + 1 + size].decode("utf-8", "replace")
        at = head_end + 1 + size + 1


if __name__ == "__main__":
    main()
