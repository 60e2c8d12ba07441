"""Pairs of texts → diffs as rows: the costly part of a history, done in other processes through an Engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from harvest.compare.diff import compare_aligned
from harvest.compare.lineage import pair_sections
from harvest.compare.order import Pair
from harvest.model import Change, ClauseRef, Section

Links = tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A row of ``changes`` with its clauses; sections and clauses by their places in the two texts."""

    columns: tuple[str, str, str, int, int, float]  # kind, tier, reason, words added, words removed, similarity
    before_section: int | None
    after_section: int | None
    before: tuple[ClauseRef, ...]
    after: tuple[ClauseRef, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """A row of ``diffs`` with its changes. *sections*: which sections are one, as linking asks."""

    tier: str
    columns: tuple[str, float, int, int, int, str]  # reason, similarity, words added, removed, moved, method
    changes: tuple[ChangeRow, ...]
    sections: Links


@dataclass(frozen=True, slots=True)
class Window:
    """Pairs of consecutive texts of one policy, by sha256; *texts* hold the sections of each once.

    *diffs* are to be compared; *links* only to be asked which of their sections are one.
    """

    policy_id: int
    texts: dict[str, tuple[Section, ...]]
    diffs: tuple[tuple[str, str], ...]
    links: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Ready:
    """What was compared elsewhere, by pair of texts; what is in *diffs* is in *links* too."""

    diffs: dict[tuple[str, str], Compared] = field(default_factory=dict)
    links: dict[tuple[str, str], Links] = field(default_factory=dict)


def compare_window(window: Window) -> tuple[int, Ready]:
    """Compare the pairs of a window; with the id of its policy."""
    texts, ready = window.texts, Ready()
    for pair in window.diffs:
        ready.diffs[pair] = compare_rows(texts[pair[0]], texts[pair[1]])
        ready.links[pair] = ready.diffs[pair].sections
    for pair in window.links:
        ready.links[pair] = pair_sections(texts[pair[0]], texts[pair[1]])
    return window.policy_id, ready


def compare_rows(before: Sequence[Section], after: Sequence[Section]) -> Compared:
    """Compare two texts and keep what the corpus keeps of a diff."""
    diff, sections = compare_aligned(before, after)
    words = (diff.words_added, diff.words_removed, diff.words_moved)
    return Compared(
        tier=str(diff.tier) if diff.tier else "",
        columns=(diff.reason, round(diff.similarity, 4), *words, diff.method),
        changes=tuple(_row(change) for change in diff.changes),
        sections=sections,
    )


def _row(change: Change) -> ChangeRow:
    return ChangeRow(
        columns=(
            *(change.kind, str(change.tier) if change.tier else "", change.reason),
            *(change.words_added, change.words_removed, round(change.similarity, 4)),
        ),
        before_section=change.before_section,
        after_section=change.after_section,
        before=change.before_clauses,
        after=change.after_clauses,
    )
