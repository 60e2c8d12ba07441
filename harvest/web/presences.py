"""Where something stood and what it was edited from, as much of it as a page holds; JSON has all. Pure.

"2 days ago" stands in very many policies and comes and goes in each: told in full, its page grew with the corpus.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harvest.corpus.queries_model import Bounds, PolicyRef, Presence
from harvest.web.parts import bytes_of

#: Bytes of a page for the stays of policies and for the wordings of edits; with all around them it has below 200 KB.
STAYS_BYTES, EDITS_BYTES = 90_000, 40_000
_OF_POLICY, _OF_STAY = 800, 460  # bytes of a line with its grid, and of a stay in it: a bar and a sentence


@dataclass(frozen=True, slots=True)
class Told:
    """A policy with its stays: all of them, or the first and the last ones, *left* out between them after *split*."""

    policy: PolicyRef
    intervals: tuple[Bounds, ...]
    split: int = 0
    left: int = 0
    between: Bounds | None = None

    @property
    def drawn(self) -> tuple[Bounds, ...]:
        """The stays as bars; those that are left out as one that came somewhere from the first to the last of them."""
        if self.between is None:
            return self.intervals
        return (*self.intervals[: self.split], self.between, *self.intervals[self.split :])


def told(presences: Sequence[Presence], budget: int = STAYS_BYTES) -> tuple[Told, ...]:
    """Return the first policies that fit, one at least, with as many stays of each as there is room for in all."""
    kept: list[Presence] = []
    room = budget
    for presence in presences:
        room -= _OF_POLICY + _OF_STAY + 3 * bytes_of(presence.policy.address)
        if kept and room < 0:
            break
        kept.append(presence)
    most = _most([len(presence.intervals) for presence in kept], max(0, room) // _OF_STAY)
    return tuple(_told(presence, most) for presence in kept)


def _most(sizes: Sequence[int], spare: int) -> int:
    """Return how many stays of each policy are told where *spare* more than one of each are.

    >>> _most([1, 5, 9], 6), _most([1, 5, 9], 99)
    (4, 9)
    """
    low, high = 1, max(sizes, default=1)
    while low < high:
        middle = (low + high + 1) // 2
        if sum(min(size, middle) - 1 for size in sizes) <= spare:
            low = middle
        else:
            high = middle - 1
    return low


def _told(presence: Presence, most: int) -> Told:
    every = presence.intervals
    if len(every) <= most:
        return Told(presence.policy, every)
    split = most - most // 2
    end = len(every) - most // 2
    first, last = every[split], every[end - 1]
    between = Bounds(first.first_seen, last.first_seen, last.last_seen, last.gone_by)
    return Told(presence.policy, (*every[:split], *every[end:]), split, end - split, between)


def shortened(text: str, edits: int) -> str:
    """Return the wording of one of so many *edits*, cut where all of them would not fit on the page.

    >>> shortened("Short enough.", 100), len(shortened("long " * 1_000, 100))
    ('Short enough.', 398)
    """
    most = EDITS_BYTES // max(1, edits)
    if bytes_of(text) <= most:
        return text
    return text[: most * len(text) // bytes_of(text) - 4].rstrip() + " …"
