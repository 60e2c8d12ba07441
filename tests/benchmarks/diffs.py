"""Milliseconds per diff, beside diff-match-patch in word mode on the same pairs of texts."""

from __future__ import annotations

import itertools
import re
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from diff_match_patch import diff_match_patch
from pages import Page

from harvest.compare import compare
from harvest.model import Document
from harvest.text import read_html

ROUNDS = 3
TIME_LIMIT_S = 4.0  # of diff-match-patch; past it, its answer is coarse


def report(captures: Sequence[Page]) -> Iterator[str]:
    """Yield a line for each tool: median, p95 and worst milliseconds over neighbouring captures that differ."""
    pairs = list(_pairs(captures))
    if not pairs:
        yield "no neighbouring captures of one address with different texts"
        return
    words = statistics.mean(len(_plain(pair[1]).split()) for pair in pairs)
    yield f"{len(pairs)} pairs, {words:.0f} words a text"
    yield _line("harvest.compare", [_best(partial(compare, a.sections, b.sections)) for a, b in pairs])
    texts = [(_plain(a), _plain(b)) for a, b in pairs]
    yield _line("diff-match-patch, words, clean-up", [_best(partial(word_diff, a, b)) for a, b in texts])


def _pairs(captures: Sequence[Page]) -> Iterator[tuple[Document, Document]]:
    for _, group in itertools.groupby(captures, key=lambda page: page.url):
        documents = [read_html(page.body, page.headers, page_url=page.url) for page in group]
        yield from ((a, b) for a, b in itertools.pairwise(documents) if _plain(a) != _plain(b))


def _plain(document: Document) -> str:
    parts = ((section.heading, *(clause.text for clause in section.clauses)) for section in document.sections)
    return "\n\n".join(line for lines in parts for line in lines if line)


def word_diff(before: str, after: str) -> list[tuple[int, str]]:
    """Return what diff-match-patch makes of two texts when each word is one symbol."""
    tool = diff_match_patch()
    tool.Diff_Timeout = TIME_LIMIT_S
    symbols: dict[str, str] = {}
    encoded = ["".join(_symbol(token, symbols) for token in re.findall(r"\w+|\W", text)) for text in (before, after)]
    diff = tool.diff_main(encoded[0], encoded[1], False)
    tool.diff_cleanupSemantic(diff)
    return list(diff)


def _symbol(token: str, symbols: dict[str, str]) -> str:
    # the private use planes: every token gets a character that means nothing to the tool
    return symbols.setdefault(token, chr(0xF0000 + len(symbols)))


def _best(work: Callable[[], object]) -> float:
    return min(_seconds(work) for _ in range(ROUNDS))


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _line(name: str, seconds: Sequence[float]) -> str:
    ordered = sorted(value * 1000 for value in seconds)
    p95 = ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]
    return f"{name}: median {statistics.median(ordered):.1f} ms, p95 {p95:.1f}, worst {ordered[-1]:.1f}"
