"""Blocks → lines: the units that headings are looked for in, with what can be seen of each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain, pairwise
from typing import Any, NamedTuple

from harvest.model import Block, Clause, Span
from harvest.text.fold import FAMILIAR, is_named_number, squash
from harvest.text.headings_spans import all_marked, cut, has_words, split_breaks, words_of
from harvest.text.headings_words import ENDS

# Glyphs that pages put before list items or headings by hand. "o" is Word's second-level bullet, set off by spaces.
_GLYPH = re.compile(r"\s*(?:(?:[•·▪■□●○◦‣►▶▸➢➤✓✔*–—-]|o(?=[\s\xa0]{2}))[\s\xa0]+|・[\s\xa0]*)")
_LONE_NUMBER = re.compile(r"(?:\d{1,2}(?:\.\d{1,2})*|[IVX]{1,5}|[A-Z])[.)]")
_ORNAMENT = re.compile(r"^[\s.:·•»›>►▶▸■□▪●○◆♦*~_=|\-–—]+(?=\S)")
_PERMALINK = re.compile(r"\s+[#§]$")  # "Summary #": the anchor that generators hang on headings
_FRAME = re.compile(r"[\s.:·•«‹<◄■●◆♦*~_=|¶\-–—]+$")  # the other end of ".:: Links ::."
_TRAILING = re.compile(r"[\s:·•«‹<◄■●◆♦*~_=|¶\-–—]+$")


class Seen:
    """What was found out about a line: it stands in many captures of a policy, and is read in the first only."""

    __slots__ = ("as_body", "clause", "proposal")
    clause: Clause | None
    as_body: Any  # what it is below a heading
    proposal: Any  # a Proposal or None: those are made of lines


class Line(NamedTuple):
    """One line of a block; *text* has its white space collapsed.

    *first*: nothing of the block stands before it but finished sentences. *last*: it ends the block. *inner*: the line
    before it is of the same block. *glued*: no break parts it from that line; it was cut off because a title may begin
    there. Lines of equal blocks are one object, or share at least what was *seen* of them.
    """

    seen: Seen
    spans: tuple[Span, ...]
    text: str
    kind: str
    first: bool
    last: bool
    level: int = 0
    depth: int = 0
    marker: str = ""
    glyph: bool = False
    inner: bool = False
    glued: bool = False

    def but(self, **fields: Any) -> Line:
        """This line with other *fields*, of which nothing is known yet."""
        return self._replace(seen=Seen(), **fields)

    @property
    def bold(self) -> bool:
        """Every word is bold."""
        return all_marked(self.spans, [span.bold for span in self.spans])

    @property
    def italic(self) -> bool:
        """Every word is in italics or underlined."""
        return all_marked(self.spans, [span.italic or span.underline for span in self.spans])

    @property
    def size(self) -> int:
        """The smallest relative font size of its words."""
        return min((span.size for span in self.spans if span.text.strip()), default=0)

    @property
    def linked(self) -> bool:
        """Every word is part of a link that leads out of the page."""
        return all_marked(self.spans, [bool(span.href) for span in self.spans])


def split_lines(blocks: Sequence[Block]) -> list[Line]:
    """Return the lines of all blocks in order; rules and lines of nothing but signs (``~``, ``---``) give none."""
    lines = _join_numbers(list(chain.from_iterable(map(_known_lines, blocks))))
    points = {
        index: _title_points(line)
        for index, line in enumerate(lines)
        if line.kind == "paragraph" and len(line.spans) > 1
    }
    if sum(map(len, points.values())) < 2:
        return lines
    return [part for index, line in enumerate(lines) for part in _part(line, points.get(index, []))]


def _title_points(line: Line) -> list[int]:
    """Return where in a paragraph a bold title begins whose line break was lost: "… ends. **Letters** We keep …"."""
    if not any(span.bold for span in line.spans):
        return []
    found, at, before = [], 0, ""
    spans = [span for span in line.spans if span.text]
    for span, following in pairwise([*spans, Span("")]):
        between = before.endswith((".", "!", "?")) and following.text.lstrip()[:1].isupper() and not following.bold
        if span.bold and between and _may_name(span.text.strip()):
            found.append(at)
        before, at = span.text.rstrip() or before, at + len(span.text)
    return found


def _may_name(text: str) -> bool:
    return len(text) <= 80 and text[:1].isupper() and not text.endswith((".", ",", "!"))


def _part(line: Line, points: Sequence[int]) -> list[Line]:
    """Cut a line at positions of its text; each part but the last is no end of its block."""
    parts: list[Line] = []
    rest, start = line.spans, 0
    for point in points:
        head, rest = cut(rest, point - start)
        parts.append(line.but(spans=head, text=words_of(head), last=False, **_later(line, bool(parts))))
        start = point
    return [*parts, line.but(spans=rest, text=words_of(rest), **_later(line, bool(parts)))]


def _later(line: Line, later: bool) -> dict[str, bool]:
    """What a part of a line is, *later* than the first or not."""
    return {"first": line.first or later, "inner": line.inner or later, "glued": later}


def _join_numbers(lines: Sequence[Line]) -> list[Line]:
    """Put a number that stands alone on its line (``13.``, from a table or a float) before the line it counts."""
    joined: list[Line] = []
    for line in lines:
        before = joined[-1] if joined else None
        if before and line.kind == "paragraph" and _counts(before, line):
            joined[-1] = line.but(
                spans=(*before.spans, Span(" "), *line.spans),
                text=f"{before.text} {line.text}",
                first=True,
                inner=line.inner and before.inner,
            )
        else:
            joined.append(line)
    return joined


def _counts(number: Line, line: Line) -> bool:
    """True for ``13.`` before any line, and for "Article 5" before one that may be its title."""
    if number.marker or len(number.text) > 30:
        return False
    if _LONE_NUMBER.fullmatch(number.text):
        return True
    named = number.kind == "paragraph" and is_named_number(number.text)
    return named and line.text[:1].isupper() and len(line.text) < 80 and line.text[-1] not in ENDS


def strip_ornament(text: str) -> str:
    """Return a heading without the signs that decorate it: ``:: Cookies``, ``» Links «``, ``~ Security ~``.

    A colon or question mark at the end belongs to the words and stays.

    >>> strip_ornament(":: Cookies ::"), strip_ornament("» Who are you?"), strip_ornament("Summary #")
    ('Cookies', 'Who are you?', 'Summary')
    """
    bare = text if text[:1].isalnum() else _ORNAMENT.sub("", text)
    if bare[-1:].isalnum():
        return squash(bare)
    framed = len(bare) < len(text.lstrip())
    bare = _PERMALINK.sub("", bare) or bare
    end = (_FRAME if framed else _TRAILING).search(bare)
    if end and end.start() > 0 and end[0].strip() not in (":", "."):
        bare = bare[: end.start()] + (":" if end[0][:1] == ":" and "::" not in end[0] else "")
    return squash(bare) or squash(text)


def _known_lines(block: Block) -> Sequence[Line]:
    """The lines of a block; those of a short one are remembered, since captures of one policy hold the same."""
    if block.kind == "rule":
        return ()
    return (_lines_of if len(block.text) <= FAMILIAR else _lines_of.__wrapped__)(block)


@lru_cache(maxsize=4096)
def _lines_of(block: Block) -> Sequence[Line]:
    groups = [block.spans] if block.kind in ("row", "heading") else split_breaks(block.spans)
    groups = [group for group in groups if any(span.href or has_words(span.text) for span in group)]
    lines: list[Line] = []
    for position, spans in enumerate(groups):
        line = Line(
            Seen(),
            spans,
            words_of(spans),
            block.kind if position == 0 or block.kind != "item" else "paragraph",
            first=position == 0 or is_finished(lines[-1].text),
            last=position == len(groups) - 1,
            level=block.level if block.kind == "heading" else 0,
            depth=block.depth,
            marker=block.marker if position == 0 else "",
            inner=position > 0,
        )
        lines.append(_read_glyph(line))
    return lines


def is_finished(text: str) -> bool:
    """True for a line of prose that ends as a sentence does, so that a break after it ends a paragraph.

    >>> is_finished("We keep all that you write to us for as long as we may do so.")
    True
    >>> is_finished("Write to us by post, please.")
    False
    """
    return len(text) >= (60 if text.isascii() or text[-1:] < "\u3000" else 20) and text.endswith(ENDS)


def _read_glyph(line: Line) -> Line:
    """Turn a paragraph line that begins with a bullet glyph into an item without it."""
    raw = "".join(span.text for span in line.spans)
    match = _GLYPH.match(raw) if line.kind == "paragraph" else None
    if match is None or match.end() == len(raw):
        return line
    spans = cut(line.spans, match.end())[1]
    text = words_of(spans)
    marker = match[0].strip()
    return line.but(spans=spans, text=text, kind="item", marker=marker, depth=line.depth + 1, glyph=True)
