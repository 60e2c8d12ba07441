"""Anchors of changes: the same change keeps its anchor wherever and whenever it is shown."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence

from harvest.compare.folded_words import folded_line
from harvest.model import Change

LENGTH = 12


def anchor(change: Change) -> str:
    """Return 12 hex digits made of the kind of a change and the folded words of both its sides.

    Neither its place nor typography counts, so that a link to a change survives a better extractor. Headings count
    for changes of a heading alone.
    """
    sides = (change.before, change.after)
    return anchor_of(change.kind, sides if sides != (None, None) else (change.heading_before, change.heading_after))


def anchor_of(kind: str, sides: Sequence[str | None]) -> str:
    """Return the anchor of a change of this kind from both its sides: its words, or the headings where it has none."""
    folded = [folded_line(side or "") for side in sides]
    digest = hashlib.sha256("\x1e".join([kind, *folded]).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:LENGTH]


def anchors(changes: Sequence[Change]) -> list[str]:
    """Return an anchor for each change of one diff, unique among them: repeated ones get ``-2``, ``-3``."""
    seen: Counter[str] = Counter()
    unique = []
    for change in changes:
        name = anchor(change)
        seen[name] += 1
        unique.append(name if seen[name] == 1 else f"{name}-{seen[name]}")
    return unique
