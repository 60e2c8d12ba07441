"""Archived texts made safe to print: a page may command a terminal.

It could rename the window, hide what follows, turn the order of letters.
"""

from __future__ import annotations

import re

# Control characters but tab and newline, and the marks that turn, embed or isolate runs of letters.
_COMMANDS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    """Return a text with a mark in the place of whatever commands a terminal.

    >>> visible("a\\x1b]0;b\\x07c \\x1b[8m \\u202e")
    'a\ufffd]0;b\ufffdc \ufffd[8m \ufffd'
    """
    return _COMMANDS.sub("\ufffd", text)
