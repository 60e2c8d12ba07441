"""Diffs as pages ask for them: of two versions, and of the wordings of a section. The last few are remembered."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from harvest.compare.diff import compare
from harvest.compare.packed import unpacked
from harvest.corpus.queries_model import SectionState, TextPair
from harvest.model import Diff
from harvest.web.difference_arranged import arrange
from harvest.web.difference_model import DiffPage, SectionStep

#: Diffs kept, by the hashes of both texts: a reader who toggles noise or layout, or reads on, does not wait twice. So
#: many words of their texts take 60 MB, a fifth of them as pages.
_KEEP_WORDS = 2_500_000
_OF_DIFF = 500  # words that weigh as much as a diff without any


@dataclass(slots=True)
class _Kept:
    """A diff, the words of its texts, and how it was arranged last: its parts are read one after another."""

    diff: Diff
    words: int
    asked: tuple[object, ...] = ()
    page: DiffPage | None = None


_cache: OrderedDict[tuple[str, str], _Kept] = OrderedDict()
_lock = threading.Lock()


def known(pair: TextPair) -> Diff | None:
    """Return the diff of the texts of two versions if it is remembered: then nobody needs their clauses."""
    with _lock:
        kept = _cache.get(_key(pair))
        if kept is not None:
            _cache.move_to_end(_key(pair))
        return kept.diff if kept else None


def diff_of(pair: TextPair) -> Diff:
    """Return the diff of the texts of two versions: as it is kept, else compared. Run it in a worker thread.

    The last few results are remembered by text hash.
    """
    diff = known(pair)
    if diff is not None:
        return diff
    before, after = pair.before, pair.after
    diff = unpacked(pair.told, before.sections, after.sections) if pair.told else None
    diff = diff or compare(before.sections, after.sections)
    with _lock:
        _cache[_key(pair)] = _Kept(diff, before.version.text.words + after.version.text.words + _OF_DIFF)
        while len(_cache) > 1 and sum([kept.words for kept in _cache.values()]) > _KEEP_WORDS:
            _cache.popitem(last=False)
    return diff


def page_of(pair: TextPair, diff: Diff, *, noise: bool, everything: bool) -> DiffPage:
    """Return the diff of a pair arranged for a page, as `arrange` does; remembered as it was arranged last.

    Of the sections it needs no clauses.
    """
    sides = pair.before.sections, pair.after.sections
    # the hashes of the texts say all of their sections but under which headings they stand
    asked = (noise, everything, *([section.level for section in side] for side in sides))
    with _lock:
        kept = _cache.get(_key(pair))
        if kept is not None and kept.diff is diff and kept.page is not None and kept.asked == asked:
            return kept.page
    page = arrange(diff, *sides, noise=noise, everything=everything)
    if kept is not None and kept.diff is diff:
        with _lock:
            kept.asked, kept.page = asked, page
    return page


def _key(pair: TextPair) -> tuple[str, str]:
    return pair.before.version.text.sha, pair.after.version.text.sha


def steps_back(states: Sequence[SectionState], before: SectionState | None = None) -> Iterator[SectionStep]:
    """Compare each wording of a section with the one straight before it, the newest first, one as it is asked for.

    *states* oldest first; *before* is that of the first.
    """
    befores = [before, *states]
    for held, state in reversed([*zip(befores, states, strict=False)]):
        old, new = held.section if held else None, state.section
        yield SectionStep(state, compare([old], [new]) if old and new else None)
