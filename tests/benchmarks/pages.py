"""Seconds per page: decode + extract + sectionise, beside trafilatura on the same pages."""

from __future__ import annotations

import itertools
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator

from harvest.text import read_html

ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Page:
    """One archived HTML page with its archived headers, in the order of its time."""

    url: str
    date: str
    headers: dict[str, str]
    body: bytes


def read_captures(archive: Path) -> list[Page]:
    """Return the HTML responses of a WARC file or folder, by address and date."""
    files = sorted(archive.glob("*.warc.gz")) if archive.is_dir() else [archive]
    return sorted((page for file in files for page in _responses(file)), key=lambda page: (page.url, page.date))


def spread(captures: Sequence[Page], limit: int) -> list[Page]:
    """Return at most *limit* captures, evenly from the whole: many kinds of pages."""
    step = max(len(captures) / limit, 1.0)
    return [captures[int(index * step)] for index in range(min(limit, len(captures)))]


def histories(captures: Sequence[Page], limit: int) -> list[Page]:
    """Return all captures of as many addresses as make about *limit*, the longest histories first."""
    groups = [list(group) for _, group in itertools.groupby(captures, key=lambda page: page.url)]
    chosen: list[Page] = []
    for group in sorted(groups, key=len, reverse=True):
        if len(chosen) < limit:
            chosen += group
    return chosen


def _responses(file: Path) -> Iterator[Page]:
    with file.open("rb") as stream:
        for record in ArchiveIterator(stream):
            http = record.http_headers
            if record.rec_type != "response" or http is None or "html" not in http.get_header("content-type", ""):
                continue
            headers = {name.lower(): value for name, value in http.headers}
            body = record.content_stream().read()
            if len(body) > 2_000:
                yield Page(
                    record.rec_headers.get_header("WARC-Target-URI"),
                    record.rec_headers.get_header("WARC-Date"),
                    headers,
                    body,
                )


def report(captures: Sequence[Page]) -> Iterator[str]:
    """Yield a line for each tool: mean, median and worst seconds a page."""
    kilobytes = sum(len(page.body) for page in captures) / 1000
    yield f"{len(captures)} pages, {kilobytes:.0f} KB"
    ours = timed(lambda page: read_html(page.body, page.headers, page_url=page.url), captures)
    yield _line("harvest: decode + extract + sectionise", ours)
    try:
        import trafilatura
    except ImportError:
        yield "trafilatura is not installed: pip install trafilatura"
        return
    theirs = timed(lambda page: trafilatura.extract(page.body, output_format="markdown"), captures)
    yield _line("trafilatura.extract: text alone", theirs)
    yield f"harvest takes {sum(ours) / sum(theirs):.2f} of the time of trafilatura"


def timed(work: Callable[[Page], object], captures: Sequence[Page]) -> list[float]:
    """Return the best time of each page over the rounds, in seconds, nothing being remembered from one to the next."""
    work(captures[0])  # imports
    rounds = []
    for _ in range(ROUNDS):
        _forget()
        rounds.append([_seconds(work, page) for page in captures])
    return [min(times) for times in zip(*rounds, strict=True)]


def _forget() -> None:
    for name, module in list(sys.modules.items()):
        if name.startswith("harvest.text"):
            for value in list(vars(module).values()):
                if hasattr(value, "cache_clear"):
                    value.cache_clear()


def _seconds(work: Callable[[Page], object], page: Page) -> float:
    start = time.process_time()
    work(page)
    return time.process_time() - start


def _line(name: str, seconds: Sequence[float]) -> str:
    mean, middle = statistics.mean(seconds), statistics.median(seconds)
    return f"{name}: {mean:.4f} s a page, median {middle:.4f}, worst {max(seconds):.4f}"
