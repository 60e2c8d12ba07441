"""The judgement of a whole diff: its tier and reason, counted over both texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from harvest.compare.entries import Builder
from harvest.compare.tiers import tier_of_share
from harvest.compare.tokens import count_words
from harvest.model import Change, Diff, Tier


def summarise(builder: Builder, entries: Sequence[Change]) -> Diff:
    """Return the diff of these entries (DESIGN §6: its tier is judged over both texts once a change is an edit)."""
    changes = [entry for entry in entries if entry.kind != "same"]
    added, removed = sum(c.words_added for c in changes), sum(c.words_removed for c in changes)
    total = _words(builder.alignment.a) + _words(builder.alignment.b)
    share = min(1.0, (added + removed) / max(1, total))
    tier = max((c.tier for c in changes if c.tier), key=lambda t: t.rank, default=None)
    if tier is not None and tier.rank >= Tier.EDIT.rank:
        tier = tier_of_share(share)
    return Diff(
        tier=tier or Tier.TYPOGRAPHY,
        reason=_say(changes, added, removed, share, tier),
        method=_method(builder),
        similarity=round(1 - share, 4),
        words_added=added,
        words_removed=removed,
        words_moved=sum(_moved_words(c) for c in changes),
        entries=tuple(entries),
        headings=builder.unchanged_headings(),
    )


def _words(side: object) -> int:
    from harvest.compare.units import Side

    assert isinstance(side, Side)
    return sum(u.words for u in side.units) + sum(count_words(s.heading) for s in side.sections)


def _moved_words(change: Change) -> int:
    if "moved" not in change.kind:
        return 0
    kept = (
        count_words(change.before or "") - change.words_removed + count_words(change.after or "") - change.words_added
    )
    return max(0, kept // 2)


def _say(changes: Sequence[Change], added: int, removed: int, share: float, tier: Tier | None) -> str:
    if tier is None:
        return "the same in every word: only what is a heading and what is none differs"
    kinds = Counter(c.kind for c in changes if tier.is_noise or not (c.tier and c.tier.is_noise))
    named = ", ".join(f"{n} {kind}" for kind, n in sorted(kinds.items()))
    if tier.rank >= Tier.EDIT.rank:
        return f"{named}: {added} words added, {removed} removed, {share:.1%} of both texts"
    return f"{named}: nothing above {tier.value}"


def _method(builder: Builder) -> str:
    parts = ["words"]
    parts += [f"{n} shown whole ({why})" for why, n in sorted(builder.coarse.items())]
    if builder.alignment.work.refused:
        parts.append(f"pairing stopped after {builder.alignment.work.cells} comparisons")
    return "; ".join(parts)
