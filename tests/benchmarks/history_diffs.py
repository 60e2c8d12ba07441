"""Compare all consecutive versions of every document in a git history of Markdown texts, and say what they are.

    python tests/benchmarks/history_diffs.py HISTORY [--limit N]

HISTORY is a git repository or bundle with one commit a version. Prints milliseconds of processor time per diff
(reading apart), the share of transitions by tier, how many texts are returns, and the slowest pairs.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from harvest.compare import compare
from harvest.compare.lineage import link
from harvest.compare.units import Work
from harvest.text.identity import text_sha
from harvest.text.markdown import read_markdown


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("history", type=Path)
    parser.add_argument("--limit", type=int, default=0, help="only the first N documents")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["git", "clone", "-q", "--bare", "-b", "main", str(args.history), folder], check=True)
        documents = sorted(_versions(Path(folder)).items())
        for line in report(documents[: args.limit or None], Path(folder)):
            print(line)


def report(documents: Sequence[tuple[str, list[str]]], repository: Path) -> Iterator[str]:
    """Yield the lines of the report; *documents* are names with the blobs of their versions, oldest first."""
    diffs: list[tuple[float, str]] = []
    linking: list[float] = []
    tiers: Counter[str] = Counter()
    cells: list[int] = []
    versions = returns = 0
    for name, blobs in documents:
        texts = [read_markdown(text).sections for text in _read(repository, blobs)]
        shas = [text_sha(text) for text in texts]
        versions += len(texts)
        returns += sum(sha in shas[:n] and sha != shas[n - 1] for n, sha in enumerate(shas) if n)
        for n, (before, after) in enumerate(pairwise(texts)):
            work = Work()
            start = time.process_time()
            found = compare(before, after, work=work)
            diffs.append(((time.process_time() - start) * 1000, f"{name} {n}: {found.tier} {found.reason}"))
            tiers[found.tier.value if found.tier else "equal"] += 1
            cells.append(work.cells)
        start = time.process_time()
        link(texts)
        linking.append((time.process_time() - start) * 1000 / max(1, len(texts)))
    times = sorted(ms for ms, _ in diffs)
    yield f"{len(documents)} documents, {versions} versions, {len(diffs)} transitions, {returns} of them returns"
    yield f"ms per diff: {_spread(times)}; work cells: {_spread(sorted(map(float, cells)))}"
    yield f"ms per version to link lineages: {_spread(sorted(linking))}"
    yield "tiers: " + ", ".join(f"{tier} {n} ({n / len(diffs):.1%})" for tier, n in tiers.most_common())
    for ms, what in sorted(diffs, reverse=True)[:8]:
        yield f"{ms:9.1f} ms  {what[:150]}"


def _spread(values: Sequence[float]) -> str:
    def at(share: float) -> float:
        return values[min(len(values) - 1, int(share * len(values)))]

    return f"median {statistics.median(values):.2f}, p95 {at(0.95):.2f}, p99 {at(0.99):.2f}, worst {values[-1]:.2f}"


def _versions(repository: Path) -> dict[str, list[str]]:
    """Return the blobs of every file, oldest first."""
    log = [
        "git",
        "-C",
        str(repository),
        "log",
        "main",
        "--reverse",
        "--format=",
        "--raw",
        "--no-abbrev",
        "--no-renames",
    ]
    blobs: dict[str, list[str]] = defaultdict(list)
    for line in subprocess.run(log, check=True, capture_output=True, text=True).stdout.splitlines():
        meta, _, name = line.partition("\t")
        fields = meta.split()
        if len(fields) == 5 and fields[4] != "D":
            blobs[name].append(fields[3])
    return blobs


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
