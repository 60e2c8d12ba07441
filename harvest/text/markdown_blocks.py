"""Markdown → blocks, the same that `extract` makes of HTML, so that one `sectionise` serves both.

A reader for what html2text (Princeton–Leuven) and turndown (Open Terms Archive) write and for the debris in it, not
for CommonMark: indented text is no code, ``---`` under a paragraph is no heading, a table of one column is prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from harvest.model import Block, Span
from harvest.text.markdown_inline import read_inline
from harvest.text.markdown_lines import unwrap, wrap_width

_ATX = re.compile(r"[ \t\xa0]{0,3}(#{1,6})(?:[ \t\xa0]+|$)(.*)")
_CLOSING = re.compile(r"(?<![#\\])#{1,20}$")
_RULE = re.compile(r"\s*+(?:(?:\*[ \t]*+){3,}+|(?:-[ \t]*+){3,}+|(?:_[ \t]*+){3,}+)$")
_UNDERLINE = re.compile(r"\s{0,8}(=+|-{2,})\s*$")
# Possessive: a line of blanks must not be tried in every split.
_TABLE_RULE = re.compile(r"\s*+\|?\s*+:?-{2,}+:?\s*+(?:\|\s*+:?-{2,}+:?\s*+)*+(?:\|[\s:|-]*+)?$")
_ITEM = re.compile(r"([ \t\xa0]*+)([*+-]|\d{1,3}[.)])(?:[ \t\xa0]+(.*)|$)")
_QUOTE = re.compile(r"\s{0,3}>[ ]?")
_PIPE = re.compile(r"(?<!\\)\|")
_FENCE = re.compile(r"\s{0,3}(?:```|~~~)\S*\s*$")
_LINK_LABEL = re.compile(r"\[([^\[\]]*)\]\([^()]*\)")
_ESCAPE = re.compile(r"\\(.)")
_MARKER_CELL = re.compile(r"(?:\d{1,3}|[a-z]|[ivx]{1,4})\\?[.)]|[*•·▪●○o\u25a0-]|\\-|\\\*", re.I)


@dataclass(slots=True)
class _Raw:
    """A block before its inline mark-up is read; *lines* as written."""

    kind: str
    lines: list[str] = field(default_factory=list)
    level: int = 0
    depth: int = 0
    marker: str = ""
    tag: str = ""


def read_blocks(text: str, *, page_url: str = "") -> tuple[Block, ...]:
    """Return the blocks of a Markdown text in reading order.

    Every word of *text* that is no mark-up lands in exactly one block. *page_url* repairs relative links. Linear;
    never raises.
    """
    text = text.replace("\0", "\ufffd")  # as CommonMark has it (2.3)
    raw = list(_raw_blocks(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")))
    width = wrap_width([block.lines for block in raw if block.kind in ("paragraph", "item")])
    raw = _join_pages(raw) if width else raw
    blocks = (block for part in raw for block in _finish(part, width, page_url))
    return tuple(block for block in blocks if block.kind == "rule" or block.text.strip() or _links(block))


def _join_pages(raw: list[_Raw]) -> list[_Raw]:
    """Join paragraphs of a wrapped text that a page break cut apart in the middle of a sentence."""
    joined: list[_Raw] = []
    for part in raw:
        before = joined[-1] if joined else None
        if before and before.kind == part.kind == "paragraph" and before.lines and part.lines:
            open_end = not before.lines[-1].rstrip().endswith((".", ":", "!", "?", ";"))
            if open_end and part.lines[0].lstrip()[:1].islower():
                before.lines.extend(part.lines)
                continue
        joined.append(part)
    return joined


def _links(block: Block) -> bool:
    return any(span.href for span in block.spans)


# --- lines → raw blocks --------------------------------------------------------------------------------------


def _raw_blocks(lines: list[str]) -> Iterator[_Raw]:
    """Group lines into blocks; list items keep the depth that their indentation gives them."""
    indents: list[int] = []  # of the list items that are open
    current: _Raw | None = None
    after_blank = True
    for number, line in enumerate(lines):
        line = line.expandtabs(4) if "\t" in line else line
        if not line.strip() or _FENCE.match(line):
            if current is not None:
                yield current
            current, after_blank = None, True
            continue
        quoted = _QUOTE.match(line)
        line = line[quoted.end() :] if quoted else line
        heading = _underlined(current, line)
        if heading is not None:
            yield heading
            current, after_blank, indents = None, True, []
            continue
        single = _single_line(line, lines, number, indents)
        if single is not None:
            if current is not None:
                yield current
            current = None
            yield single
        elif (item := _ITEM.match(line)) and (
            current is None or current.kind != "paragraph" or _is_list(item, current)
        ):
            if current is not None:
                yield current
            current = _open_item(item, indents)
        elif current is not None:
            current.lines.append(line)
        else:
            indents = indents if after_blank and _belongs(line, indents) else []
            current = _Raw("paragraph", [line], depth=len(indents))
        after_blank = False
    if current is not None:
        yield current


def _single_line(line: str, lines: list[str], number: int, indents: list[int]) -> _Raw | None:
    """Read a line that is a block by itself: a heading, a rule or a row of a table."""
    if match := _ATX.match(line):
        indents.clear()
        return _Raw("heading", [_CLOSING.sub("", match[2].strip()).strip()], level=len(match[1]))
    if "|" in line and _is_row(line, lines, number):
        return _Raw("rule" if _TABLE_RULE.match(line) else "row", [line], tag="table")
    if _RULE.match(line):
        return _Raw("rule")
    return None


def _underlined(current: _Raw | None, line: str) -> _Raw | None:
    """Return the setext heading that *line* makes of the single line before it, None if it makes none.

    Turndown underlines a heading in its full length; ``---`` under a sentence is a rule of the page or of a table.
    """
    match = _UNDERLINE.match(line)
    if match is None or current is None or current.kind not in ("paragraph", "item") or len(current.lines) != 1:
        return None
    if current.kind == "item" and (len(match[1]) < 4 or len(line) - len(line.lstrip()) < 2):
        return None  # a rule behind a list; a heading in an item is underlined where the text of the item stands
    above = current.lines[0].strip()
    shown = _ESCAPE.sub(r"\1", _LINK_LABEL.sub(r"\1", above))
    fits = abs(len(match[1]) - len(above)) <= 2 or abs(len(match[1]) - len(shown)) <= 2
    short = len(shown) <= 60 and (len(match[1]) > 3 or match[1][0] == "=") and not shown.endswith((".", ";", ","))
    if not (fits or short):
        return None
    return _Raw("heading", [above], level=1 if match[1][0] == "=" else 2, depth=current.depth)


def _is_row(line: str, lines: list[str], number: int) -> bool:
    """True if a line with a pipe is a row: pipes at its edge, or a row or rule of a table next to it."""
    if not _PIPE.search(line):
        return False
    stripped = line.strip()
    if stripped.startswith("|") or stripped.endswith("|") or _TABLE_RULE.match(line):
        return True
    near = [lines[n] for n in (number - 1, number + 1) if 0 <= n < len(lines)]
    return any(_TABLE_RULE.match(other) or (_PIPE.search(other) and "|" in other) for other in near if other.strip())


def _is_list(item: re.Match[str], current: _Raw) -> bool:
    """True if an item may begin in the middle of a paragraph: not for a hyphen or year that a line begins with."""
    return item[2] in "*+" or bool(item[1]) or current.lines[-1].rstrip().endswith(":")


def _open_item(item: re.Match[str], indents: list[int]) -> _Raw:
    indent = len(item[1])
    while indents and indents[-1] > indent + 1:
        indents.pop()
    if not indents or indent >= indents[-1] + 2:
        indents.append(indent)
    else:
        indents[-1] = indent
    text = item[3] or ""
    if match := _ATX.match(text):
        text = _CLOSING.sub("", match[2].strip()).strip()
        return _Raw("heading", [text], level=len(match[1]), depth=len(indents))
    return _Raw("item", [text] if text else [], depth=len(indents), marker=item[2])


def _belongs(line: str, indents: list[int]) -> bool:
    """True if a paragraph after a blank line is indented into the open list item."""
    return bool(indents) and len(line) - len(line.lstrip()) >= indents[-1] + 2


# --- raw blocks → blocks -------------------------------------------------------------------------------------


def _finish(raw: _Raw, width: int, page_url: str) -> Iterator[Block]:
    """Read the inline mark-up of a raw block; a wrapped paragraph becomes one block a line that stands alone."""
    if raw.kind == "rule":
        yield Block("rule")
    elif raw.kind == "row":
        yield from _row(raw.lines[0], page_url)
    elif raw.kind == "heading":
        yield Block("heading", read_inline(raw.lines[0], page_url=page_url), level=raw.level, depth=raw.depth)
    elif width and len(raw.lines) > 1:
        for number, line in enumerate(unwrap(raw.lines, width)):
            kind = raw.kind if number == 0 else "paragraph"
            spans = read_inline(line, page_url=page_url)
            yield Block(kind, spans, depth=raw.depth, marker=raw.marker if number == 0 else "")
    else:
        spans = read_inline("\n".join(line.strip() for line in raw.lines), page_url=page_url)
        yield Block(raw.kind, spans, depth=raw.depth, marker=raw.marker)


def _row(line: str, page_url: str) -> Iterator[Block]:
    """Read a table row; a row with one filled cell is a paragraph, one that begins with a list marker an item."""
    cells = [cell.strip(" \t\xa0") for cell in _PIPE.split(line)]
    filled = [cell for cell in cells if cell and not set(cell) <= set(":-")]
    if len(filled) == 2 and _MARKER_CELL.fullmatch(filled[0]):
        yield Block("item", read_inline(filled[1], page_url=page_url), depth=1, marker=filled[0].replace("\\", ""))
    elif len(filled) == 1:
        yield Block("paragraph", read_inline(filled[0], page_url=page_url), tag="td")
    elif filled:
        spans: list[Span] = []
        for cell in filled:
            spans += [Span(" | ")] * bool(spans) + list(read_inline(cell, page_url=page_url))
        yield Block("row", _join(spans))


def _join(spans: list[Span]) -> tuple[Span, ...]:
    """Join neighbours of one style, so that adjacent spans differ."""
    joined: list[Span] = []
    for span in spans:
        if joined and replace(joined[-1], text="") == replace(span, text=""):
            joined[-1] = replace(span, text=joined[-1].text + span.text)
        else:
            joined.append(span)
    return tuple(joined)
