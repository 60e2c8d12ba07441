"""The look of inline text: bold, italic, underline, relative size, link."""

from __future__ import annotations

import re
from typing import NamedTuple

from harvest.text.extract_tree import Node

_BOLD = frozenset(("b", "strong", "th"))
_ITALIC = frozenset(("i", "em", "cite", "dfn", "var", "address"))
_UNDERLINE = frozenset(("u", "ins"))
_LOOKS = _BOLD | _ITALIC | _UNDERLINE | {"font", "big", "small"}
_WEIGHT = re.compile(r"font-weight\s*:\s*([a-z0-9]+)|font\s*:[^;]*\b(bold|[67]00)\b", re.I)
_SIZE = re.compile(r"font-size\s*:\s*([a-z0-9.%-]+)", re.I)
_SIMPLE = re.compile(r"^(?:[a-z0-9]{0,10})?[.#][\w-]+$", re.I)
_NAMED = {"xx-small": -3, "x-small": -2, "small": -1, "smaller": -1, "medium": 0, "large": 1, "larger": 1}
_NAMED |= {"x-large": 2, "xx-large": 3}
_UNITS = {"px": 16.0, "pt": 12.0, "em": 1.0, "rem": 1.0, "%": 100.0}


class Style(NamedTuple):
    """What a Span says about its text."""

    bold: bool = False
    italic: bool = False
    underline: bool = False
    href: str = ""
    size: int = 0


PLAIN = Style()


def styled(node: Node, style: Style, css: dict[str, Style]) -> Style:
    """The style inside *node*, given the style around it. Returns *style* itself where nothing changes."""
    tag = node.tag
    if tag in _LOOKS:
        style = _tagged(node, style)
    attrs = node.attrs
    if not attrs:
        return style
    if css and "class" in attrs:
        for name in node.get("class").split()[:8]:
            if name in css:
                style = _over(style, css[name])
    declared = attrs.get("style")
    return _declared(declared, style) if declared else style


def _tagged(node: Node, style: Style) -> Style:
    """The style inside an element whose tag says how it looks."""
    tag = node.tag
    if tag in _BOLD:
        return style if style.bold else style._replace(bold=True)
    if tag in _ITALIC:
        return style if style.italic else style._replace(italic=True)
    if tag in _UNDERLINE:
        return style if style.underline else style._replace(underline=True)
    if tag == "font":
        return style._replace(size=_font_size(node.get("size"), style.size))
    return style._replace(size=style.size + (1 if tag == "big" else -1))


def read_stylesheet(text: str) -> dict[str, Style]:
    """Classes that a page's own style sheet makes bold, or of another size. Only plain ``.name`` rules count.

    The editors of 2000–2008 wrote headings as ``<span class="style1">`` with such a rule in the head.
    """
    found: dict[str, Style] = {}
    if len(text) > 60_000:  # the style sheets of frameworks, which say nothing of headings and cost time
        return found
    for rule in text.split("}"):
        selectors, brace, body = rule.rpartition("{")
        if not brace or "." not in selectors or ("font" not in body and "underline" not in body):
            continue
        if len(selectors) > 500 or len(body) > 2000:
            continue
        style = _declared(body, PLAIN)
        if style == PLAIN:
            continue
        for selector in selectors.split(","):
            selector = selector.strip()
            if _SIMPLE.match(selector) and "." in selector:
                found[selector.split(".", 1)[1]] = style
    return found


def _over(style: Style, rule: Style) -> Style:
    return style._replace(
        bold=style.bold or rule.bold,
        italic=style.italic or rule.italic,
        underline=style.underline or rule.underline,
        size=rule.size or style.size,
    )


def _declared(text: str, style: Style) -> Style:
    low = text.lower()
    weight = _WEIGHT.search(text) if "font" in low else None
    if weight:
        value = (weight[1] or weight[2]).lower()
        if value in ("bold", "bolder", "600", "700", "800", "900"):
            style = style._replace(bold=True)
        elif value in ("normal", "lighter", "300", "400", "500"):
            style = style._replace(bold=False)
    if "underline" in text:
        style = style._replace(underline=True)
    if "italic" in text:
        style = style._replace(italic=True)
    size = _SIZE.search(text) if "font-size" in low else None
    return style._replace(size=_css_size(size[1].lower(), style.size)) if size else style


def _font_size(text: str, around: int) -> int:
    match = re.fullmatch(r"\s*([+-]?)([0-9])(?:px|pt)?\s*", text)
    if not match:
        return around
    value = int(match[2])
    return {"+": value, "-": -value}.get(match[1], max(-2, min(value - 3, 4)))


def _css_size(text: str, around: int) -> int:
    if text in _NAMED:
        return _NAMED[text]
    match = re.fullmatch(r"([0-9]{1,4}(?:\.[0-9]{0,4})?)(px|pt|em|rem|%)", text)
    if not match:
        return around
    ratio = float(match[1]) / _UNITS[match[2]]
    for size, least in ((3, 1.9), (2, 1.45), (1, 1.12)):
        if ratio >= least:
            return size
    return -1 if ratio < 0.8 and match[2] in ("em", "rem", "%") else 0
