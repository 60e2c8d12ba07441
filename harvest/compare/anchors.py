"""Anchors of changes: the same change keeps its anchor wherever and whenever it is shown."""

from __future__ import annotations

import hashlib
import threading
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence

from harvest.compare.folded_words import first_words, folded_line
from harvest.model import Change

LENGTH = 12


def anchor(change: Change) -> str:
    """Return 12 hex digits made of the kind of a change and the folded words of both its sides.

    Neither its place nor typography counts, so that a link to a change survives a better extractor. Headings count
    for changes of a heading alone.
    """
    return anchor_of(change.kind, _sides(change))


def _sides(change: Change) -> tuple[str | None, str | None]:
    sides = (change.before, change.after)
    return sides if sides != (None, None) else (change.heading_before, change.heading_after)


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


class Anchors:
    """The `anchors` of the changes of one diff, by their numbers, each found out when it is asked for.

    A page shows a tenth of a long difference; to fold the words of all of it takes a third of the time of arranging.
    Which one of several a change is follows from those before it that begin as it does. Threads may share it.
    """

    def __init__(self, changes: Sequence[Change]) -> None:
        self._changes = changes
        self._names: dict[int, str] = {}
        self._seen: Counter[str] = Counter()
        self._begins: list[Hashable] = []
        self._alike: defaultdict[Hashable, list[int]] = defaultdict(list)
        self._lock = threading.Lock()

    def __getitem__(self, number: int) -> str:
        """Return the anchor of a change."""
        if number not in self._names:
            with self._lock:
                self._look_up_to(number)
                for each in self._alike[self._begins[number]]:
                    if each <= number and each not in self._names:
                        self._names[each] = self._next(anchor(self._changes[each]))
        return self._names[number]

    def _look_up_to(self, number: int) -> None:
        for each in range(len(self._begins), number + 1):
            change = self._changes[each]
            begins = (change.kind, *[tuple(first_words(side)) if side else () for side in _sides(change)])
            self._begins.append(begins)
            self._alike[begins].append(each)

    def _next(self, name: str) -> str:
        self._seen[name] += 1
        return name if self._seen[name] == 1 else f"{name}-{self._seen[name]}"
