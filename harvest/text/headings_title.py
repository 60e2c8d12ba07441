"""The heading that names the document, told by what the page calls itself: ``<title>``, or the title of a file."""

from __future__ import annotations

import re

from harvest.text.headings_contents import title_key
from harvest.text.headings_lines import Line

_PARTS = re.compile(r"\s+[|–—:·»>-]+\s+|:\s+")  # "Privacy Policy | Example", "Example: Privacy Policy"


def in_title(words: str, title: str) -> bool:
    """True if the title of a page holds these words: "Privacy" in "Example – Privacy"."""
    key = title_key(words)
    return bool(key) and f" {key} " in f" {title_key(title)} "


def is_page_title(line: Line, title: str) -> bool:
    """True for a paragraph that says what the title of the page says, or a part of it that is no single word."""
    if line.kind != "paragraph" or not title or len(line.text) > 120 or line.linked:
        return False
    key = title_key(line.text)
    parts = [title_key(part) for part in _PARTS.split(title)]
    return bool(key) and (key == title_key(title) or (key in parts and " " in key))
