"""What a browser shows in front of a list item: its number, letter or bullet."""

from __future__ import annotations

import re

from harvest.text.extract_tree import Node

_ALPHA = "abcdefghijklmnopqrstuvwxyz"
_LIST_STYLE = re.compile(
    r"list-style(?:-type)?\s*:[^;]*?\b(none|disc|circle|square|decimal|(?:lower|upper)-(?:alpha|latin|roman))\b", re.I
)
_CSS_KINDS = dict.fromkeys(("none", "disc", "circle", "square"), "none") | {"decimal": "1"}
_CSS_KINDS |= {"lower-alpha": "a", "lower-latin": "a", "upper-alpha": "A", "upper-latin": "A"}
_CSS_KINDS |= {"lower-roman": "i", "upper-roman": "I"}
_VALUES = (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1)
_ROMAN = tuple(zip(_VALUES, "m cm d cd c xc l xl x ix v iv i".split(), strict=True))


def number_of(text: str, default: int) -> int:
    """A small attribute number; anything else is the default."""
    if not text:
        return default  # most items of lists say none
    text = text.strip()
    return int(text) if re.fullmatch(r"-?[0-9]{1,5}", text) else default


def marker_of(parent: Node, item: Node, number: int) -> str:
    """The marker a browser shows for an item."""
    if parent.tag != "ol":
        return "*"
    kind = _count_kind(item) or _count_kind(parent)
    if kind == "none":
        return "*"
    if kind in ("a", "A") and number >= 1:
        letters = _letters(number)
        return f"{letters.upper() if kind == 'A' else letters}."
    if kind in ("i", "I") and 1 <= number < 4000:
        roman = _roman(number)
        return f"{roman.upper() if kind == 'I' else roman}."
    return f"{number}."


def _count_kind(node: Node) -> str:
    """How the items of a list are counted, as its ``type`` says it; ``none`` for not at all, '' where nothing says."""
    css = _LIST_STYLE.search(node.get("style"))
    return _CSS_KINDS[css[1].lower()] if css else node.get("type")


def _letters(number: int) -> str:
    """1 is a, 26 is z, 27 is aa."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = _ALPHA[rest] + letters
    return letters


def _roman(number: int) -> str:
    out = ""
    for value, letters in _ROMAN:
        while number >= value:
            out += letters
            number -= value
    return out
