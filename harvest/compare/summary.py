"""The judgement of a whole diff: its tier and reason, counted over both texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from harvest.compare.change import Maker
from harvest.compare.cuts import is_unspaced
from harvest.compare.entries import lines_of
from harvest.compare.entries_sections import unchanged_headings
from harvest.compare.pairing import Alignment
from harvest.compare.parts import say_part
from harvest.compare.repeated import repetitions_of, replacements_of
from harvest.compare.tiers import tier_of_share
from harvest.compare.tokens import count_words, say_words, tokenise
from harvest.compare.units import Side
from harvest.model import MOVES, Change, Diff, Tier


def diff_of(alignment: Alignment, *, brief: bool = False) -> Diff:
    """Return the diff of two texts that are aligned and not equal; *brief*: its changes without what is only shown.

    Its tier is judged over both texts once a change is an edit or more, else it is the highest of its changes',
    leaving out words that the text says elsewhere as well; texts that differ in nothing but what is a heading differ
    in typography.
    """
    make = Maker(alignment, brief=brief)
    lines, departures = lines_of(alignment, make)
    changes = [line for line in lines if isinstance(line, Change) and line.kind != "same"]
    added, removed = sum(c.words_added for c in changes), sum(c.words_removed for c in changes)
    share = _share(alignment, changes, added + removed)
    highest = max((c.tier for c in changes if c.tier), key=lambda t: t.rank, default=Tier.TYPOGRAPHY)
    new = _share(alignment, changes, added + removed - make.repeated) if make.repeated else share
    tier = tier_of_share(new) if highest.rank >= Tier.EDIT.rank else highest
    said = _say(changes, tier, _counted(added, removed, share, make.repeated))
    return Diff(
        tier=tier,
        reason="; ".join(filter(None, (said, say_part(changes, alignment)))),
        method=_method(alignment, make),
        similarity=round(1 - share, 4),
        words_added=added,
        words_removed=removed,
        words_moved=sum(map(_moved_words, changes)),
        lines=lines,
        same_headings=() if brief else unchanged_headings(alignment, make),
        replacements=() if brief else replacements_of(changes),
        repetitions=() if brief else repetitions_of(changes),
        departures=departures,
    )


def _counted(added: int, removed: int, share: float, repeated: int) -> str:
    text = f"{say_words(added)} added, {removed} removed, {share:.1%} of both texts"
    return f"{text}; {repeated} of them stand elsewhere in the same text as well" if repeated else text


def _share(alignment: Alignment, changes: Sequence[Change], words: int) -> float:
    """Return how much of both texts changed: by words, in scripts without spaces by what the changes say of theirs."""
    if not any(is_unspaced(text) for c in changes for text in (c.before, c.after) if text):
        return min(1.0, words / max(1, _words(alignment.a) + _words(alignment.b)))
    changed = sum((1 - c.similarity) * (_size(c.before) + _size(c.after)) for c in changes)
    total = sum(_size(unit.text) for side in (alignment.a, alignment.b) for unit in side.units)
    return min(1.0, changed / max(1, total))


def _size(text: str | None) -> int:
    if not text:
        return 0
    return tokenise(text).size() if is_unspaced(text) else count_words(text)


def _words(side: Side) -> int:
    return sum(unit.words for unit in side.units) + sum(count_words(section.heading) for section in side.sections)


def _moved_words(change: Change) -> int:
    """Words that a move carried along unchanged; the same number from either side."""
    if change.kind not in MOVES:
        return 0
    kept_before = count_words(change.before or "") - change.words_removed
    kept_after = count_words(change.after or "") - change.words_added
    return max(0, (kept_before + kept_after) // 2)


def _say(changes: Sequence[Change], tier: Tier, counted: str) -> str:
    if not changes:
        return "the same in every word: only what is a heading and what is none differs"
    kinds = Counter(_counted_as(c) for c in changes if tier.is_noise or not (c.tier and c.tier.is_noise))
    named = ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items()))
    return f"{named}: {counted}" if tier.rank >= Tier.EDIT.rank else f"{named}: nothing above {tier.value}"


def _counted_as(change: Change) -> str:
    """The kind of a change; a section without text of its own, or whose text is elsewhere, is a heading."""
    if change.kind in ("section-added", "section-removed") and change.before is None and change.after is None:
        return change.kind.replace("section", "heading")
    return change.kind


def _method(alignment: Alignment, make: Maker) -> str:
    parts = ["words"]
    parts += [f"{number} shown whole ({why})" for why, number in sorted(make.coarse.items())]
    if make.sentences:
        whole = "sentence" if make.sentences == 1 else "sentences"
        parts.append(f"{make.sentences} {whole} shown as old and new (over half of their words changed)")
    if alignment.work.refused:
        parts.append(f"pairing stopped after {alignment.work.cells} comparisons")
    return "; ".join(parts)
