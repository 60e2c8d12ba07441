"""Where each line of a diff stands: in the order of the text after, what is gone where it was left."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter

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
        self._mates = _homes(alignment)
        self._began = a.heading_place
        self._headings = b.heading_place
        self._end = b.heading_place[-1] + len(b.sections[-1].clauses) if b.sections else 0

    def after(self, place: int) -> Place:
        """Return the position of what stands in the text after."""
        return place, 0, 0

    def before(self, place: int, section: int) -> Place:
        """Return the position of what is gone: behind what came before it and is still there.

        What is gone from a section that lives on stays inside it; else it stands where its section began, together
        and never in the midst of another, so that no heading has to be said twice.
        """
        home = self._mates.get(section)
        at = bisect_left(self._anchors, (self._began[section] if home is None else place, -1))
        found = self._anchors[at - 1][1] if at else -1
        if home is None:
            return (self._end_of(bisect_right(self._headings, found) - 1) if at else -1), 1, place
        return min(max(found, self._headings[home]), self._end_of(home)), 1, place

    def _end_of(self, section: int) -> int:
        return self._headings[section + 1] - 1 if section + 1 < len(self._headings) else self._end


def _homes(alignment: Alignment) -> dict[int, int]:
    """Return for sections before the section after in which what is gone from them is shown.

    That is their pair; for those without a heading of their own, or whose heading became a clause, it is where most of
    what stayed of them in place is now, as `harvest.compare.homes` says under which heading.
    """
    a, b = alignment.a.units, alignment.b.units
    paired = {i for i, _ in alignment.sections}
    turned = {i for each in alignment.turned for i in each.headings_a}
    free = {i for i, s in enumerate(alignment.a.sections) if i not in paired and (i in turned or not s.heading)}
    votes = Counter(
        (a[group.a[0]].section, b[group.b[0]].section)
        for group in alignment.groups
        if group not in alignment.moved and a[group.a[0]].section in free
    )
    homes: dict[int, int] = {}
    for (i, j), _ in votes.most_common():
        homes.setdefault(i, j)
    return homes | {i: j for i, j in alignment.sections if (i, j) not in alignment.moved_sections}
