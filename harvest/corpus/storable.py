"""What SQLite can hold: text without halves of surrogate pairs, which archived pages and headers bring along."""

from __future__ import annotations


def storable_text(text: str) -> str:
    """Return a text as UTF-8 can write it, with a question mark for what it cannot.

    >>> storable_text("caf\\udce9")
    'caf?'
    """
    return text.encode("utf-8", "replace").decode()
