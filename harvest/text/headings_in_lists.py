"""Names that items of a list run on from: sections of the document, or items of one of its sections.

A section has no end of its own: it ends where the next one begins. A section opened by an item would take what comes
after the list along, and an item that only some of its neighbours look like would take these.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from harvest.text.headings_asides import is_notice
from harvest.text.headings_lines import Line
from harvest.text.headings_proposal import Proposal
from harvest.text.headings_words import count_words

_LONG = 40  # words: items of so many on the mean are sections of their own, though their list ends before its section
_PROSE = 8  # words of a line that is a paragraph of a section, not a signature or a date


def drop_listed(lines: Sequence[Line], headings: Sequence[Proposal]) -> list[Proposal]:
    """Drop names in lists that only the smaller part of the items has, or after which their section goes on.

    Where the lists are all the structure that a document has, their names stay.
    """
    found = {heading.line: heading for heading in headings}
    if all(heading.run_in and lines[heading.line].kind == "item" for heading in headings):
        return list(headings)
    dropped: set[int] = set()
    for start, end in _lists(lines):
        depth = min(line.depth for line in lines[start:end])
        items = [index for index in range(start, end) if lines[index].kind == "item" and lines[index].depth == depth]
        names = [index for index in items if index in found and found[index].run_in]
        titled = sum(1 for index in items if index in found)
        short = sum(count_words(lines[index].text) for index in names) < _LONG * len(names)
        if titled * 2 < len(items) or (len(names) >= 2 and short and _goes_on(lines, found, end)):
            dropped.update(names)
    return [heading for heading in headings if heading.line not in dropped]


def _lists(lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """Yield where each run of items begins and ends, with what is inside them; bullets after numbers are a new one."""
    start, counted = -1, False
    for index, line in enumerate(lines):
        inside = line.kind == "item" or (line.kind == "paragraph" and line.depth > 0)
        other = line.kind == "item" and start >= 0 and line.depth <= lines[start].depth and _counted(line) != counted
        if start >= 0 and (not inside or other):
            yield start, index
            start = -1
        if inside and start < 0:
            start, counted = index, _counted(line)
    if start >= 0:
        yield start, len(lines)


def _counted(line: Line) -> bool:
    return line.marker[:1].isalnum()


def _goes_on(lines: Sequence[Line], found: dict[int, Proposal], end: int) -> bool:
    """True where prose of the section around a list follows it."""
    if end >= len(lines) or end in found:
        return False
    after = lines[end]
    return after.kind == "paragraph" and count_words(after.text) >= _PROSE and not is_notice(after.text)
