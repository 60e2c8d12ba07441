"""Hard breaks inside a block: which of them end a clause, and which only end a line.

An author's break parts two statements, whatever the length of the line before it. It parts nothing where a sentence
runs on over it: pages of the 1990s and text copied out of letters are broken at every 60 to 80 characters.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from harvest.text.headings_lines import Line
from harvest.text.headings_words import ENDS

_OPEN_ENDS = (",", "-", "–", "—", "/", "&", "(", "，", "、")  # of a line whose sentence is not over
_OPEN_STARTS = (",", ".", ";", ")", "&", "，", "。", "；", "、", "）")
_MARKER = re.compile(r"\(?(?:[a-z]|[ivx]{1,4})[.)]\s|[a-z][\w-]{0,20}:\s|\S*(?:@|://)|www\.")


def find_joints(lines: Sequence[Line]) -> frozenset[int]:
    """Return the indexes of the lines that belong to the clause of the line before them. Pure; linear.

    A line goes on in the next one of its block that begins in lower case or with a comma, or if it ends with one
    itself. Where at least two and half of the breaks of a block are such, the block is wrapped, and only a line that
    ends as a sentence does ends a clause.
    """
    joints: set[int] = set()
    inner = [index for index, line in enumerate(lines) if line.inner]  # few: most blocks are a single line
    for _, group in groupby(enumerate(inner), key=lambda pair: pair[1] - pair[0]):  # neighbours are of one block
        pairs = [index for _, index in group if not lines[index].glyph]
        running = {index for index in pairs if runs_on(lines[index - 1], lines[index])}
        if len(running) >= 2 and len(running) * 2 >= len(pairs):
            running |= {index for index in pairs if not _ends(lines[index - 1])}
        joints |= running
    return frozenset(joints)


def runs_on(before: Line, line: Line) -> bool:
    """True if a sentence goes on from one line of a block to the next."""
    if line.glued or line.text.startswith(_OPEN_STARTS) or before.text.endswith(_OPEN_ENDS):
        return True
    return line.text[:1].islower() and not _ends(before) and not _MARKER.match(line.text)


def _ends(line: Line) -> bool:
    return line.text.endswith(ENDS)
