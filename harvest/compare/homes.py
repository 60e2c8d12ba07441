"""Under which heading a line of a diff is shown: that of the text after, where its section lives on."""

from __future__ import annotations

from collections import Counter

from harvest.model import Change, Departure, Diff

_HEADINGS = frozenset({"heading-renamed", "heading-renumbered"})


class Homes:
    """Where the sections before went: by their headings, else by most of what stayed in place.

    What was removed from a section that lives on is shown with what was added to it, under its new heading; the
    opening, which has no heading, lives on as the opening.
    """

    def __init__(self, diff: Diff) -> None:
        votes: Counter[tuple[int, int]] = Counter()
        self._headings: dict[int, str] = {}
        moved = {id(diff.lines[left.line]) for left in diff.departures}
        changes = diff.changes
        self._gone = {line.before_section for line in changes if line.kind == "section-removed"}
        for line in (*diff.lines, *diff.same_headings):
            if line.before_section is not None and line.after_section is not None:
                if id(line) not in moved:
                    votes[line.before_section, line.after_section] += 1
                if isinstance(line, Change) or not line.heading:
                    self._headings[line.after_section] = line.heading_after
                else:
                    self._headings[line.after_section] = line.texts[0]
            elif line.after_section is not None:
                self._headings.setdefault(line.after_section, line.heading_after)
        away = {(line.before_section, line.after_section) for line in changes if line.kind == "section-moved"}
        headings = {(each.before_section, each.after_section) for each in changes if each.kind in _HEADINGS}
        headings |= {(same.before_section, same.after_section) for same in diff.same_headings}
        self._after = {old: new for old, new in headings - away if old is not None and new is not None}
        for (old, new), _ in votes.most_common():
            self._after.setdefault(old, new)

    def section_of(self, change: Change | Departure) -> int | None:
        """Return the section after in which a change, or a place that was left, belongs; None where it is gone."""
        if isinstance(change, Departure):
            is_whole = change.is_section or change.before_section in self._gone
            return None if is_whole else self._home_of(change.before_section, change.heading_before)
        if change.after_section is not None or change.before_section is None or change.kind == "section-removed":
            return change.after_section
        return self._home_of(change.before_section, change.heading_before)

    def _home_of(self, section: int, heading: str) -> int | None:
        if section == 0 and not heading and self._headings.get(0) == "":
            return self._after.get(0, 0)
        return self._after.get(section)

    def heading_of(self, change: Change | Departure) -> str:
        """Return the heading to show a change under, '' for the opening of a text."""
        section = self.section_of(change)
        if isinstance(change, Change) and (section is None or change.after_section is not None):
            return change.heading_after or change.heading_before
        return change.heading_before if section is None else self._headings.get(section, change.heading_before)
