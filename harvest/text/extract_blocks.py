"""Nodes to Blocks: paragraphs, headings, list items with depth and marker, table rows, with styled spans."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from harvest.model import Block, Span
from harvest.text.extract_markers import marker_of, number_of
from harvest.text.extract_spans import KEPT_BREAK, join_spans, paragraphs_of
from harvest.text.extract_style import Style, styled
from harvest.text.extract_tables import is_data_table, item_of, table_rows
from harvest.text.extract_tree import INLINE, Node, text_of

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LISTS = frozenset(("ul", "ol", "menu", "dir"))
_PLAIN = frozenset(("div", "p", "section", "article", "td", "main", "tbody", "dd", "dt"))  # the commonest blocks
_UNITS = frozenset("m km cm mm ft in mi yd x y z n e c co h".split())  # what exponents and indexes stand behind


class _Shape(NamedTuple):
    """What the next block will be."""

    kind: str = "paragraph"
    level: int = 0
    depth: int = 0
    marker: str = ""
    tag: str = ""


class BlockWriter:
    """Walks nodes in document order and writes blocks.

    *dropped* are ids of nodes to leave out; *link* canonicalises addresses. Recursion is bounded by the depth of
    the tree, which ``extract_tree`` limits.
    """

    def __init__(self, dropped: set[int], link: Callable[[str], str], css: dict[str, Style] | None = None) -> None:
        self.blocks: list[Block] = []
        self._dropped = dropped
        self._link = link
        self._css = css or {}
        self._spans: list[tuple[str, Style]] = []
        self._shape = _Shape()
        self._anchor = ""
        self._started: _Shape | None = None  # the item whose first block is written; the next ones are paragraphs

    def write(self, node: Node) -> list[Block]:
        """Write a node with everything below it; return all blocks so far."""
        self._element(node, Style(), _Shape(tag=node.tag))
        self._flush()
        return self.blocks

    # --- walking ------------------------------------------------------------------------------------------

    def _children(self, node: Node, style: Style, shape: _Shape) -> None:
        for kid in node.kids:
            if isinstance(kid, str):
                if self._spans or not kid.isspace():
                    if not self._spans:
                        self._shape = shape
                    self._spans.append((kid, style))
            elif id(kid) not in self._dropped:
                self._element(kid, style, shape)

    def _element(self, node: Node, style: Style, shape: _Shape) -> None:
        tag = node.tag
        inline = tag in INLINE
        if node.attrs:
            style = styled(node, style, self._css)
            self._note_anchor(node)
        elif inline or tag == "th" or tag == "dt":
            style = styled(node, style, self._css)
        if tag == "br":
            if self._spans:
                self._spans.append(("\n", style))
        elif inline:
            self._inline(node, style, shape)
        elif tag in _HEADINGS or node.attrs.get("role") == "heading":
            self._heading(node, style, shape)
        elif tag in _PLAIN:
            self._block(node, style, shape)
        elif tag in _LISTS:
            self._list(node, style, shape)
        elif tag == "table":
            self._table(node, style, shape)
        elif tag == "tr" and (found := item_of(node)) is not None:
            self._item(found[1], style, shape.depth + 1, found[0])
        elif tag == "hr":
            self._flush()
            self.blocks.append(Block("rule", tag="hr"))
        elif tag == "pre":
            self._preformatted(node, style, shape)
        elif tag == "li":
            self._item(node, style, max(shape.depth, 1), "*")
        else:
            self._block(node, style, shape)

    def _inline(self, node: Node, style: Style, shape: _Shape) -> None:
        if node.tag == "a" and "href" in node.attrs:
            style = style._replace(href=self._link(node.get("href")))
        if node.tag == "q":
            self._spans.append(("\u201c", style))
        elif node.tag == "sup" and self._spans and _stands_apart(text_of(node), self._spans[-1][0]):
            self._spans.append((" ", style))
        self._children(node, style, shape)
        if node.tag == "q":
            self._spans.append(("\u201d", style))

    def _block(self, node: Node, style: Style, shape: _Shape) -> None:
        if self._spans:
            self._flush()
        if shape.kind == "paragraph" and shape.tag != node.tag:
            shape = _Shape("paragraph", shape.level, shape.depth, shape.marker, node.tag)
        self._children(node, style, shape)
        if self._spans:
            self._flush()

    def _heading(self, node: Node, style: Style, shape: _Shape) -> None:
        level = _HEADINGS.get(node.tag) or number_of(node.get("aria-level"), 2)
        self._flush()
        marker = shape.marker if shape is not self._started else ""
        self._children(node, style, _Shape("heading", max(1, min(level, 6)), shape.depth, marker, node.tag))
        self._flush()
        if shape.kind == "item":
            self._started = shape

    def _list(self, node: Node, style: Style, shape: _Shape) -> None:
        self._flush()
        depth = shape.depth + 1
        step = -1 if "reversed" in node.attrs else 1
        items = sum(isinstance(kid, Node) and kid.tag == "li" for kid in node.kids) if step < 0 else 1
        number = number_of(node.get("start"), items)
        for kid in node.kids:
            if isinstance(kid, str):
                if not kid.isspace():
                    self._children(Node(node.tag, {}, kids=[kid]), style, _Shape(depth=shape.depth, tag=node.tag))
                    self._flush()
            elif id(kid) in self._dropped:
                continue
            elif kid.tag == "li":
                number = number_of(kid.get("value"), number)
                self._item(kid, style, depth, marker_of(node, kid, number))
                number += step
            else:
                self._element(kid, style, _Shape(depth=depth, tag=kid.tag))
        self._flush()

    def _item(self, node: Node, style: Style, depth: int, marker: str) -> None:
        if self._spans:
            self._flush()
        style = styled(node, style, self._css)
        self._children(node, style, _Shape("item", 0, depth, marker, "li"))
        if self._spans:
            self._flush()

    def _table(self, node: Node, style: Style, shape: _Shape) -> None:
        self._flush()
        if not is_data_table(node):
            self._children(node, style, shape)
            self._flush()
            return
        for row in table_rows(node):
            if row.tag == "caption":
                self._block(row, style, _Shape(tag="caption"))
                continue
            cells = [cell for cell in row.nodes() if id(cell) not in self._dropped]
            spans = join_spans([self._cell(cell, style) for cell in cells])
            if spans:
                self.blocks.append(Block("row", spans, tag="tr"))

    def _cell(self, cell: Node, style: Style) -> tuple[Span, ...]:
        writer = BlockWriter(self._dropped, self._link, self._css)
        writer._children(cell, styled(cell, style, self._css), _Shape())
        writer._flush()
        return join_spans([block.spans for block in writer.blocks if block.spans], "\n")

    def _preformatted(self, node: Node, style: Style, shape: _Shape) -> None:
        self._flush()
        start = len(self._spans)
        self._children(node, style, shape._replace(tag="pre"))
        self._spans[start:] = [(text.replace("\n", KEPT_BREAK), kept) for text, kept in self._spans[start:]]
        self._flush()

    def _note_anchor(self, node: Node) -> None:
        if not self._spans:
            name = node.attrs.get("id") or (node.get("name") if node.tag == "a" else "")
            if name:
                self._anchor = name

    # --- writing ------------------------------------------------------------------------------------------

    def _flush(self) -> None:
        if not self._spans:
            return
        pieces, self._spans = self._spans, []
        for spans in paragraphs_of(pieces):
            shape, anchor = self._shape, self._anchor
            self._anchor = ""
            if shape.kind == "item":
                if shape is self._started:
                    shape = shape._replace(kind="paragraph", marker="")
                else:
                    self._started = shape
            self.blocks.append(Block(shape.kind, spans, shape.level, shape.depth, shape.marker, shape.tag, anchor))


def _stands_apart(raised: str, before: str) -> bool:
    """True for a raised footnote number or badge ("us¹", "Cookies NEW"), which is no part of the word before it.

    Ordinals ("1st"), exponents ("km²") and single signs ("*", "TM") are.
    """
    if not before[-1:].isalpha():
        return False
    if raised.isdecimal():
        return re.split(r"[\W\d_]", before[-20:])[-1].lower() not in _UNITS
    return len(raised) >= 3 and raised.isalpha() and raised[0].isupper()
