"""Pairs of texts → diffs as rows: the costly part of a history, done in other processes through an Engine."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from harvest.compare.diff import compare_aligned
from harvest.compare.lineage import pair_sections
from harvest.compare.menus import Short
from harvest.compare.order import Pair
from harvest.corpus.derive_passages import Passage, passages_of
from harvest.corpus.derive_wordings import Findings, Wordings
from harvest.corpus.store_sections import StoredText
from harvest.corpus.store_wide import tell_wide
from harvest.model import Change, ClauseRef

#: Which sections of two texts are one, in runs: place before, place after, how many. Most texts are one run.
Links = tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A row of ``changes`` with its clauses; sections and clauses by the ids of their rows."""

    columns: tuple[str, str, str, int, int, float]  # kind, tier, reason, words added, words removed, similarity
    before_section: int | None
    after_section: int | None
    before: tuple[int, ...]
    after: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """A row of ``diffs`` with its changes. *sections*: which sections are one, as linking asks."""

    tier: str
    columns: tuple[str, float, int, int, int, str]  # reason, similarity, words added, removed, moved, method
    changes: tuple[ChangeRow, ...]
    sections: Links

    @property
    def reason(self) -> str:
        """Why it is of its tier."""
        return self.columns[0]

    @property
    def words(self) -> int:
        """How many words came and went."""
        return self.columns[2] + self.columns[3]


@dataclass(frozen=True, slots=True)
class Window:
    """Pairs of consecutive texts of one policy, by sha256; *texts* hold each once.

    *diffs* are to be compared; *links* only to be asked which of their sections are one; *wide* is the pair whose diff
    is kept whole. *worded*: texts that are only to be read for what came and went from each to the next.
    """

    policy_id: int
    texts: dict[str, StoredText]
    diffs: tuple[tuple[str, str], ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    wide: tuple[str, str] | None = None
    worded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ready:
    """What was compared elsewhere, by pair of texts; what is in *diffs* is in *links* too. *wide*: packed diffs.

    *findings*: what came and went, where that was all that was asked.
    """

    diffs: dict[tuple[str, str], Compared] = field(default_factory=dict)
    links: dict[tuple[str, str], Links] = field(default_factory=dict)
    wide: dict[tuple[str, str], str] = field(default_factory=dict)
    findings: Findings | None = None


def compare_window(window: Window) -> tuple[int, Ready]:
    """Compare the pairs of a window; with the id of its policy."""
    if window.worded:
        return window.policy_id, Ready(findings=_read_wordings(window.texts, window.worded))
    texts, ready = window.texts, Ready()
    for pair in window.diffs:
        ready.diffs[pair] = compare_rows(texts[pair[0]], texts[pair[1]])
        ready.links[pair] = ready.diffs[pair].sections
    for pair in window.links:
        ready.links[pair] = runs_of(pair_sections(texts[pair[0]].sections, texts[pair[1]].sections))
    if window.wide:
        ready.wide[window.wide] = tell_wide(texts[window.wide[0]], texts[window.wide[1]])
    return window.policy_id, ready


def _read_wordings(texts: Mapping[str, StoredText], shas: Sequence[str]) -> Findings:
    """Find out what came and went from each text to the next."""
    known: dict[Hashable, Passage | Short] = {}
    wordings = Wordings(lambda sha: passages_of(texts[sha].sections, texts[sha].section_ids, known))
    wordings.mark(shas[0])
    for pair in pairwise(shas):
        wordings.step(*pair)
    return wordings.findings()


def compare_rows(before: StoredText, after: StoredText) -> Compared:
    """Compare two texts and keep what the corpus keeps of a diff."""
    diff, sections = compare_aligned(before.sections, after.sections, brief=True)
    words = (diff.words_added, diff.words_removed, diff.words_moved)
    return Compared(
        tier=str(diff.tier) if diff.tier else "",
        columns=(diff.reason, round(diff.similarity, 4), *words, diff.method),
        changes=tuple(_row(change, before, after) for change in diff.changes),
        sections=runs_of(sections),
    )


def runs_of(pairs: Iterable[Pair]) -> Links:
    """Return pairs of places as runs.

    >>> runs_of([(0, 0), (1, 1), (2, 4)])
    ((0, 0, 2), (2, 4, 1))
    """
    runs: list[tuple[int, int, int]] = []
    for i, j in pairs:
        if runs and (i, j) == (runs[-1][0] + runs[-1][2], runs[-1][1] + runs[-1][2]):
            runs[-1] = (*runs[-1][:2], runs[-1][2] + 1)
        else:
            runs.append((i, j, 1))
    return tuple(runs)


def pairs_of(links: Links) -> Iterator[Pair]:
    """Yield the pairs of `runs_of` in their order."""
    for i, j, count in links:
        yield from zip(range(i, i + count), range(j, j + count), strict=True)


def _row(change: Change, before: StoredText, after: StoredText) -> ChangeRow:
    return ChangeRow(
        columns=(
            *(change.kind, str(change.tier) if change.tier else "", change.reason),
            *(change.words_added, change.words_removed, round(change.similarity, 4)),
        ),
        before_section=before.section_ids[change.before_section] if change.before_section is not None else None,
        after_section=after.section_ids[change.after_section] if change.after_section is not None else None,
        before=_clause_ids(change.before_clauses, before),
        after=_clause_ids(change.after_clauses, after),
    )


def _clause_ids(refs: Sequence[ClauseRef], text: StoredText) -> tuple[int, ...]:
    return tuple(text.clause_ids[ref.section][ref.clause] for ref in refs)
