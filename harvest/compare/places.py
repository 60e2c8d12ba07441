"""Where each line of a diff stands: in the order of the text after, what is gone where it was left."""

from __future__ import annotations

from bisect import bisect_left

from harvest.compare.order import Pair, heaviest_chain
from harvest.compare.pairing import Alignment

Place = tuple[int, int, int]  # sorts as a reader reads


class Places:
    """Gives every place of both texts a position in one order."""

    def __init__(self, alignment: Alignment) -> None:
        a, b = alignment.a, alignment.b
        pairs: list[Pair] = [
            (a.heading_place[i], b.heading_place[j])
            for i, j in alignment.sections
            if (i, j) not in alignment.moved_sections
        ]
        for group in alignment.groups:
            u, v = a.units[group.a[0]], b.units[group.b[0]]
            if group not in alignment.moved and (u.section, v.section) not in alignment.moved_sections:
                pairs.append((u.place, v.place))
        self._anchors = heaviest_chain(pairs, lambda pair: 1.0)

    def after(self, place: int) -> Place:
        """Return the position of what stands in the text after."""
        return place, 0, 0

    def before(self, place: int) -> Place:
        """Return the position of what is gone: behind what came before it and is still there."""
        at = bisect_left(self._anchors, (place, -1))
        return (self._anchors[at - 1][1] if at else -1), 1, place
