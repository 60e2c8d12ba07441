"""Under which headings a section stands. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from harvest.model import Section


def trails_of(sections: Sequence[Section]) -> tuple[tuple[str, ...], ...]:
    """Return for each section the headings it stands under, the highest first, its own left out.

    The title of a document, its only heading of the first level at the very beginning, is no place to be in.
    """
    trails: list[tuple[str, ...]] = []
    above: list[Section] = []
    title = sections[0] if sections and [s.level for s in sections].count(sections[0].level) == 1 else None
    for section in sections:
        while above and above[-1].level >= section.level:
            above.pop()
        trails.append(tuple(f"{each.number} {each.heading}".strip() for each in above))
        if section.heading and section.level and section is not title:
            above.append(section)
    return tuple(trails)
