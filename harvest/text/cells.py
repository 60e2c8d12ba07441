"""Text as a cell of a table that people open in a spreadsheet."""

from __future__ import annotations

# A cell that begins so is run as a formula by spreadsheets; archived text and addresses of pages are hostile.
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def plain_cell(value: object) -> object:
    """Return a value with a quote in front where a spreadsheet would run it; numbers stay as they are.

    >>> plain_cell("=HYPERLINK(1)"), plain_cell("a-b"), plain_cell(-1)
    ("'=HYPERLINK(1)", 'a-b', -1)
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULAS) else value
