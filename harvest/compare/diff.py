"""Two texts → a diff: align, then compare words inside what is paired, then judge."""

from __future__ import annotations

from collections.abc import Sequence

from harvest.compare.align import align
from harvest.compare.change import show_heading
from harvest.compare.order import Pair
from harvest.compare.pairing import Alignment, Group, Turned
from harvest.compare.summary import diff_of
from harvest.compare.units import Work
from harvest.model import Diff, Same, Section


def compare(before: Sequence[Section], after: Sequence[Section], *, work: Work | None = None) -> Diff:
    """Compare two texts: what changed, how much it matters, and everything that did not change.

    *before*, *after:* the sections of two documents, in order; either may be empty. *work* limits and counts the
    pairs of clauses compared (pass your own to read the count). Every section and clause of both sides is
    accounted for exactly once in ``entries``. Swapping the arguments swaps added and removed. Never raises on any
    text; deterministic on any machine.
    """
    return compare_aligned(before, after, work=work)[0]


def compare_aligned(
    before: Sequence[Section], after: Sequence[Section], *, work: Work | None = None, brief: bool = False
) -> tuple[Diff, tuple[Pair, ...]]:
    """Compare two texts as `compare` does; return the pairs of section indices it found, too, by the index before.

    Sections in no pair were added or removed. For those who link sections through a history: one alignment serves
    both. *brief*: the changes alone, without their ops and links and without what stayed: what a corpus keeps.
    """
    if _is_same(before, after):
        return _identical(before, after), tuple((n, n) for n in range(len(before)))
    alignment = align_canonically(before, after, work or Work())
    return diff_of(alignment, brief=brief), alignment.sections


def _signature(section: Section) -> tuple[str, str, list[str]]:
    return section.heading, section.number, [clause.markdown for clause in section.clauses]


def _is_same(before: Sequence[Section], after: Sequence[Section]) -> bool:
    """Return whether two texts are the same in every heading and clause."""
    return len(before) == len(after) and all(
        one is other or _signature(one) == _signature(other) for one, other in zip(before, after, strict=True)
    )


def _in_order(before: Sequence[Section], after: Sequence[Section]) -> bool:
    """Return whether a text sorts before another one, or is the same: as a rule their first sections tell."""
    for one, other in zip(before, after, strict=False):
        left, right = _signature(one), _signature(other)
        if left != right:
            return left < right
    return len(before) <= len(after)


def align_canonically(before: Sequence[Section], after: Sequence[Section], work: Work) -> Alignment:
    """Align two texts in the direction that does not depend on which side was called before: ties fall the same way."""
    if _in_order(before, after):
        return align(before, after, work=work)
    turned = align(after, before, work=work)
    flip = {group: Group(group.b, group.a) for group in turned.groups}
    return Alignment(
        a=turned.b,
        b=turned.a,
        sections=tuple(sorted((j, i) for i, j in turned.sections)),
        moved_sections=frozenset((j, i) for i, j in turned.moved_sections),
        groups=tuple(sorted(flip.values(), key=lambda group: group.a)),
        moved=frozenset(flip[group] for group in turned.moved),
        turned=tuple(Turned(t.headings_b, t.units_b, t.headings_a, t.units_a) for t in turned.turned),
        work=work,
    )


def _identical(before: Sequence[Section], after: Sequence[Section]) -> Diff:
    shown = [show_heading(section) for section in before]
    lines = [
        Same(n, n, 0, 0, shown[n], shown[n], tuple([clause.text for clause in section.clauses]))
        for n, section in enumerate(after)
        if section.clauses
    ]
    headings = [Same(n, n, 0, 0, "", "", (text,), heading=True) for n, text in enumerate(shown) if text]
    return Diff(None, "the same in every word", "identical", 1.0, 0, 0, 0, tuple(lines), tuple(headings))
