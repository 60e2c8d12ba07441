"""Lines of a paragraph of Markdown: which line breaks the author meant, and which a line-wrapper made.

html2text and turndown write one line per paragraph, so a line break inside a paragraph is one of the page. Text taken
from PDF files is wrapped at 70–100 characters: there the break means nothing unless the line is short.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

_BULLET = re.compile(r"\s*(?:[•·▪■●○◦‣►▶–—*+-]|\(?(?:[a-z]|[ivx]{1,4}|\d{1,2})[.)])\s")
_LONGEST = 120  # characters: no wrapper writes longer lines, and pages have few paragraphs of only shorter ones


def wrap_width(paragraphs: Sequence[Sequence[str]]) -> int:
    """Return the width in characters at which a document is wrapped, 0 if it is not.

    Wrapped is a document of at least 8 line breaks inside paragraphs, most of them in the middle of a sentence,
    after lines of 40–120 characters.
    """
    joints = [(a.strip(), b.strip()) for lines in paragraphs for a, b in itertools.pairwise(lines)]
    if len(joints) < 8:
        return 0
    lengths = sorted(len(a) for a, _ in joints)
    middle = sum(1 for a, b in joints if b[:1].islower() or (a[-1:].isalpha() and b[:1].isalpha()))
    if lengths[len(lengths) // 2] < 40 or lengths[-1 - len(lengths) // 20] > _LONGEST or middle * 2 < len(joints):
        return 0
    return lengths[-1 - len(lengths) // 20]


def unwrap(lines: Sequence[str], width: int) -> list[str]:
    """Join the lines that a wrapper of *width* characters cut apart; the rest stay lines of their own.

    A line goes on in the next one if the first word of that would not have fitted, or begins in lower case.
    """
    joined: list[list[str]] = []
    for number, line in enumerate(lines):
        if number and joined and _goes_on(lines[number - 1], line, width):
            joined[-1].append(line.strip())
        else:
            joined.append([line.strip()])
    return [" ".join(parts) for parts in joined]


def _goes_on(line: str, after: str, width: int) -> bool:
    after = after.strip()
    if not after or _BULLET.match(after):
        return False
    if after[0].islower():
        return True
    room = width * 0.85 - len(line.strip())  # widths of proportional type vary by about 15 %
    return len(after.split(" ", 1)[0]) + 1 > room
