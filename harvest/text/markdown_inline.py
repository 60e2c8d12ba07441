"""Inline Markdown of one paragraph → spans. Tolerant: what html2text and hand-written selectors leave behind.

Emphasis is read as toggles, not by CommonMark's flanking rules, which fail on a quarter of the old documents:
``**Contact Us  **``, ``** _INTRODUCTION_**``, ``** ****`` and markers closed on the next line all occur. A marker
without a partner in its paragraph styles nothing. No word is ever lost: what is not understood stays as text.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, replace
from functools import lru_cache

from harvest.model import Span
from harvest.text.links import steady_link

_SPECIAL = re.compile(r"[\\`<!\[\]*_\n]")
_TOKEN = re.compile(
    r"""(?P<escape>\\[!-/:-@\[-`{-~\n])
      | (?P<code>`+)
      | (?P<auto><(?:https?://|mailto:|ftp://)[^<>\s]*>|<[\w.+-]{1,64}@[\w.-]{1,255}>)
      | (?P<break></?(?:br|p|div|center|section|table|tbody|tr|td|th|li|ul|ol)(?:\s[^<>]{0,500})?/?>\n?)
      | (?P<tag></?(?:b|strong|i|em|u|a|span|font|small|big|sup|sub)(?:\s[^<>]{0,500})?/?>)
      | (?P<image>!(?=\[))
      | (?P<open>\[)
      | (?P<close>\])
      | (?P<star>\*+)
      | (?P<under>_+)
      | (?P<newline>\n[ \t]*)""",
    re.X | re.I | re.S,
)
# Target of a link after "](": one level of parentheses, no line break; the title in quotes does not count.
_TARGET = re.compile(r"\((?:<([^<>\n]*)>|([^()\n]*(?:\([^()\n]*\)[^()\n]*)*))\)")
_TITLE = re.compile(r"""\s+(?:"[^"]*"|'[^']*')\s*$""")
_PERMALINKS = frozenset({"¶", "§", "#", "🔗"})  # anchors that wikis and generators add to headings


@dataclass(slots=True)
class _Token:
    kind: str  # text, star, under, link, endlink
    text: str = ""
    href: str = ""
    partner: bool = False


@lru_cache(maxsize=4096)  # consecutive versions of a policy share most paragraphs
def read_inline(text: str, *, page_url: str = "") -> tuple[Span, ...]:
    """Read the inline mark-up of one paragraph; line breaks in *text* become hard breaks (``\\n``) in the spans.

    Links are canonical (`links.steady_link`). Adjacent spans differ in style; no span is empty unless it carries a
    link, as an image link does. Linear in the length of *text*; never raises.
    """
    return _merge(_style(_tokenise(text, page_url)))


def _tokenise(text: str, page_url: str) -> list[_Token]:
    tokens: list[_Token] = []
    matching = _match_brackets(text)
    closing: dict[int, tuple[int, str]] = {}  # position of a "]" that ends a link: where to go on, link token
    at = 0
    while at < len(text):
        special = _SPECIAL.search(text, at)  # fifty times faster than searching for the tokens themselves
        start = special.start() if special else len(text)
        if start > at:
            tokens.append(_Token("text", html.unescape(text[at:start])))
        if special is None:
            break
        match = _TOKEN.match(text, start)
        if match is None:
            tokens.append(_Token("text", text[start]))
            at = start + 1
        else:
            at = _take(match, text, page_url, matching, closing, tokens)
    return tokens


def _take(
    match: re.Match[str],
    text: str,
    page_url: str,
    matching: dict[int, int],
    closing: dict[int, tuple[int, str]],
    tokens: list[_Token],
) -> int:
    """Append what *match* stands for and return where to go on."""
    kind, found, start, end = match.lastgroup, match[0], match.start(), match.end()
    if kind == "escape":
        tokens.append(_Token("text", found[1]))
    elif kind == "auto":
        address = found[1:-1]
        href = f"mailto:{address}" if "@" in address and ":" not in address else address
        tokens += [_Token("link", href=steady_link(href, page_url)), _Token("text", address), _Token("endlink")]
    elif kind in ("break", "newline"):
        tokens.append(_Token("text", "\n"))
    elif kind == "open":
        close = matching.get(start)
        target = _TARGET.match(text, close + 1) if close is not None and text[close + 1 : close + 2] == "(" else None
        if close is None or target is None:
            tokens.append(_Token("text", "["))
        elif text[start + 1 : close].strip(" \xa0") in _PERMALINKS:
            return target.end()
        else:
            href = steady_link(_TITLE.sub("", target[1] or target[2] or ""), page_url)
            tokens.append(_Token("link", href=href))
            closing[close] = (target.end(), href)
    elif kind == "close":
        if start in closing:
            tokens.append(_Token("endlink"))
            return closing[start][0]
        tokens.append(_Token("text", "]"))
    elif kind == "image":
        return _take_image(text, start, matching, tokens)
    elif kind == "code" and len(found) == 1 and text[start - 1 : start].isalpha() and text[end : end + 1].isalpha():
        tokens.append(_Token("text", found))  # a backtick typed for an apostrophe: user`s
    elif kind == "star" or kind == "under":
        tokens += _emphasis(found, text[start - 1 : start], text[end : end + 1])
    return end


def _take_image(text: str, start: int, matching: dict[int, int], tokens: list[_Token]) -> int:
    """Read ``![words](source)`` as its words; anything else after the mark is text."""
    close = matching.get(start + 1)
    target = _TARGET.match(text, close + 1) if close is not None and text[close + 1 : close + 2] == "(" else None
    if close is None or target is None:
        tokens.append(_Token("text", "!"))
        return start + 1
    tokens.append(_Token("text", re.sub(r"\\(.)", r"\1", text[start + 2 : close]).replace("\n", " ")))
    return target.end()


def _match_brackets(text: str) -> dict[int, int]:
    """Return for every ``[`` that is closed the position of its ``]``."""
    stack: list[int] = []
    result: dict[int, int] = {}
    for match in re.finditer(r"\\.|[\[\]]", text, re.S):
        if match[0] == "[":
            stack.append(match.start())
        elif match[0] == "]" and stack:
            result[stack.pop()] = match.start()
    return result


def _emphasis(run: str, before: str, after: str) -> list[_Token]:
    """Read a run of ``*`` or ``_`` between two characters as toggles, or as text where it is none."""
    if run[0] == "_":
        if len(run) > 3 or (before.isalnum() and after.isalnum()):
            return [_Token("text", run)]  # a blank to fill in, or snake_case
        return [_Token("under") for _ in run]
    if len(run) == 1 and not before.strip() and not after.strip():
        return [_Token("text", run)]  # "5 * 3"
    if len(run) == 4 and (before.islower() or before in ".!?:") and before and after.isupper():
        return [_Token("text", "\n")]  # two bold runs that touch: the line break between them was lost
    return [_Token("star", "**") for _ in range(len(run) // 2)] + [_Token("star", "*")] * (len(run) % 2)


def _style(tokens: list[_Token]) -> list[Span]:
    """Apply the toggles; the last one of an odd number has no partner and styles nothing."""
    for mark in ("**", "*", ""):
        toggles = [t for t in tokens if t.kind in ("star", "under") and t.text == mark]
        for number, token in enumerate(toggles):
            token.partner = number < len(toggles) - len(toggles) % 2
    bold = italic = False
    href, spans = "", []
    for token in tokens:
        if token.kind == "text":
            spans.append(Span(token.text, bold=bold, italic=italic, href=href))
        elif token.kind == "link":
            href = token.href
            spans.append(Span("", bold=bold, italic=italic, href=href))
        elif token.kind == "endlink":
            href = ""
        elif token.partner and token.text == "**":
            bold = not bold
        elif token.partner:
            italic = not italic
    return spans


def _merge(spans: list[Span]) -> tuple[Span, ...]:
    """Join neighbours of one style and drop empty spans, except the only one of a link."""
    groups: list[list[Span]] = []
    for span in spans:
        if groups and _same_style(groups[-1][0], span):
            groups[-1].append(span)
        elif span.text or span.href:
            groups.append([span])
    merged = [replace(group[0], text="".join(span.text for span in group)) for group in groups]
    return tuple(
        span
        for n, span in enumerate(merged)
        if span.text or not any(0 <= m < len(merged) and merged[m].href == span.href for m in (n - 1, n + 1))
    )


def _same_style(a: Span, b: Span) -> bool:
    return (a.bold, a.italic, a.href) == (b.bold, b.italic, b.href)
