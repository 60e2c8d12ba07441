"""The rows of a diff page: changes, and the places that moves left, each with its anchor. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from harvest.compare.anchors import Anchors
from harvest.compare.render_words import say_links, title_of
from harvest.compare.repeated import told_again
from harvest.model import Change, Departure, Diff, Same, Tier
from harvest.web.difference_model import Anchor, Left, Name, Row


def is_noise(change: Change) -> bool:
    """Return whether a change is of the five tiers that are set aside; renumberings have a line of their own."""
    return change.tier is not None and change.tier.is_noise and change.kind != "heading-renumbered"


#: Words of an item that, with its like above it, makes a list: about a line.
_SHORT = 12


def is_short(change: Change) -> bool:
    """Return whether a few words came or went whole: an item of a list, a name of a menu."""
    return change.kind in ("added", "removed") and change.words_added + change.words_removed <= _SHORT


class Teller:
    """Makes the rows of one page, with the anchors of its changes and of the places that moves left."""

    def __init__(self, diff: Diff, noise: bool) -> None:
        self._lines, self._noise, self._changes = diff.lines, noise, diff.changes
        anchors = Anchors(self._changes)
        self.names = {id(change): Name("c", number, anchors) for number, change in enumerate(self._changes)}
        self._previous: dict[int, Name] = {}
        self._following: dict[int, Name] = {}
        self._again: dict[int, Name] = {}
        self._moves = {id(diff.lines[m.line]): (m, run[0]) for run in diff.departures_together for m in run}

    def link(self, entries: Sequence[Change]) -> None:
        """Let the row of every change know its neighbours on the page, and which one before it said the same."""
        names = [self.names[id(entry)] for entry in entries if not self.is_quiet(entry)]
        self._following = {name.number: following for name, following in pairwise(names)}
        self._previous = {name.number: previous for previous, name in pairwise(names)}
        again = told_again(self._changes).items()
        self._again = {number: self.names[id(self._changes[first])] for number, first in again}

    def is_quiet(self, entry: Change | Same | Departure) -> bool:
        """Return whether an entry is folded: what stayed, and noise that nobody asked for."""
        if isinstance(entry, Change):
            return entry.kind == "same" or (is_noise(entry) and not self._noise)
        return isinstance(entry, Same)

    def left(self, departure: Departure) -> Left:
        """Return the place that something left."""
        name = self.names[id(self._lines[departure.line])]
        says = departure.beginning, departure.destination
        return Left(_left(name), name, *says, departure.is_down, departure.is_section, departure.along)

    def row(self, change: Change, *, is_listed: bool = False) -> Row:
        """Return a change as it is shown; what says from where it moved is a link and no part of the reason."""
        name = self.names[id(change)]
        reason, origin, is_down = change.reason, "", False
        left: Anchor = ""
        if id(change) in self._moves:
            move, first = self._moves[id(change)]
            reason = reason.removeprefix(f"moved {move.origin}").lstrip(",; ")
            origin = move.origin if move is first else "along with the one above"
            left, is_down = _left(self.names[id(self._lines[first.line])]), move.is_down
        return Row(
            change.kind,
            change.tier or Tier.TYPOGRAPHY,
            reason,
            name,
            change.ops,
            change.heading_before,
            change.heading_after,
            change.words_added,
            change.words_removed,
            origin,
            left,
            is_down,
            title_of(change),
            tuple(say_links(change)),
            self._previous.get(name.number, ""),
            self._following.get(name.number, ""),
            self._again.get(name.number, ""),
            is_listed,
        )


def _left(name: Name) -> Name:
    """The anchor of the place that a change left: as lasting as that of the change."""
    return Name("l", name.number, name.anchors)
