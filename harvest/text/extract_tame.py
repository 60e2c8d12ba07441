"""HTML made safe to parse: nothing that nests absurdly, nothing that swallows the page."""

from __future__ import annotations

import re
from collections import Counter

_VOID = frozenset("area base br col embed hr img input link meta param source track wbr basefont frame".split())
_SELF_CLOSING = frozenset("p li dt dd td th tr tbody thead tfoot option optgroup colgroup body html head".split())
_FORMATTING = frozenset("b big code em font i nobr s small strike strong tt u".split())
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*)[^<>]*>?")
_NAME = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*)")
_NOSCRIPT = re.compile(r"<(/?)noscript\b[^<>]{0,500}>", re.I)
_NOSCRIPT_MAX = 20_000  # characters; a longer one is no notice but the page
_RAW = re.compile(
    r"</?(?:iframe|noembed|noframes|textarea|xmp|plaintext|template|select|svg|object|noscript)\b[^<>]*>", re.I
)
_LONG = 20_000  # characters of a tag
_LONG_TAG = re.compile(rf"(<[a-zA-Z][^<>]{{{_LONG}}})[^<>]+")
_NESTING = ("font", "FONT", "b", "B", "i", "span")  # what most deep nests are made of


def set_noscript_aside(html: str) -> tuple[str, list[str]]:
    """The page without its noscript elements, and what stood in them."""
    kept: list[str] = []
    aside: list[str] = []
    done = 0
    opened: re.Match[str] | None = None
    for tag in _NOSCRIPT.finditer(html):
        if not tag[1]:
            opened = opened or tag
        elif opened is not None:
            if tag.start() - opened.end() <= _NOSCRIPT_MAX:
                kept += [html[done : opened.start()], " "]
                aside.append(html[opened.end() : tag.start()].strip())
                done = tag.end()
            opened = None
    return ("".join(kept) + html[done:], list(filter(None, aside))) if kept else (html, [])


def without_swallowers(html: str) -> str:
    """The page without the elements that swallow everything behind them when they are not closed."""
    return _RAW.sub(" ", html)


def tame(html: str) -> str:
    """Drop tags that nest so deep, or are so long, that HTML's own rules would take quadratic time over them.

    ``<div>`` 80,000 times takes 7.5 s to parse, 4,000 unclosed ``<font>`` of different sizes 8 s. Text is kept.
    """
    parts = html.split("<")
    if len(html) > _LONG and max(map(len, parts)) > _LONG and any(map(_is_long_tag, parts)):
        html = _LONG_TAG.sub(r"\1", html)
    if len(parts) <= 1200:
        return html
    if len(parts) <= 12_000 and sum([part.startswith(_NESTING) for part in parts]) <= 400:
        return html
    return _thin(html) if _nests_absurdly(html) else html


def _is_long_tag(part: str) -> bool:
    """True for what stands behind a ``<`` where that is a tag longer than any, not a script or a text."""
    return len(part) > _LONG and part[0].isalpha() and ">" not in part[1 : _LONG + 1]


def _nests_absurdly(html: str) -> bool:
    depth: dict[str, int] = {}
    total = formatting = 0
    nesting: dict[str, str] = {}  # names as written, by which most come again: '' for those that never nest
    for slash, written in _NAME.findall(html):
        name = nesting.get(written)
        if name is None:
            name = written.lower()
            name = nesting[written] = "" if name in _VOID or name in _SELF_CLOSING else name
        if not name:
            continue
        open_now = depth.get(name, 0)
        if not slash:
            depth[name] = open_now + 1
            total += 1
            formatting += name in _FORMATTING
            if total > 600 or formatting > 48:
                return True
        elif open_now:
            depth[name] = open_now - 1
            total -= 1
            formatting -= name in _FORMATTING
    return False


def _thin(html: str) -> str:
    depth: Counter[str] = Counter()
    dropped: Counter[str] = Counter()
    counts = [0, 0]  # all, formatting

    def keep(match: re.Match[str]) -> str:
        name = match[2].lower()
        if name in _VOID or name in _SELF_CLOSING:
            return match[0]
        formatting = name in _FORMATTING
        if not match[1]:
            if counts[0] >= 300 or (formatting and counts[1] >= 10):
                dropped[name] += 1
                return " "
            depth[name] += 1
            counts[0] += 1
            counts[1] += formatting
        elif dropped[name]:
            dropped[name] -= 1
            return " "
        elif depth[name]:
            depth[name] -= 1
            counts[0] -= 1
            counts[1] -= formatting
        return match[0]

    return _TAG.sub(keep, html)
