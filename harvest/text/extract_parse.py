"""Bytes of HTML, already decoded, to a light tree of our own that the extractor can walk fast.

The parser is lexbor (through selectolax): it builds the tree a browser builds, also from the unclosed tables and
crossed font tags of the 1990s, in a third of the time of libxml2 (docs/decisions/2026-11-21-html-parser.md). HTML's
own rules are quadratic for some malformed input, so what nests absurdly is thinned out before parsing.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from harvest.text.extract_tame import set_noscript_aside, tame
from harvest.text.extract_tree import Node, Tree

MAX_DEPTH = 240  # deeper elements are flattened into their ancestor; browsers stop at 512, real policies at about 60
MAX_NODES = 100_000  # the largest real page of the evaluation data has 14,000

# Never text of the page, whatever it holds.
SKIPPED = frozenset(
    "script style template svg math canvas object embed applet audio video map area iframe select option datalist "
    "input textarea meta link base source track param picture progress meter -comment -document-type".split()
)
_SPECIAL = frozenset(("head", "noframes", "frame", "body", "frameset"))
_CONTROLS = frozenset(("input", "select", "textarea"))


def parse(html: str) -> Tree:
    """Parse a page of any quality. Never raises; linear in the size of the page.

    What stands in ``noscript`` is set aside, as in a browser with scripts: an unclosed ``iframe`` in one would
    swallow the page.
    """
    html, noscript = set_noscript_aside(html)
    parser = LexborHTMLParser(tame(html))
    root = parser.root
    body = Node("body", {})
    if root is None:
        return Tree(body, [body])
    collector = _Collector(body)
    collector.collect(root)
    head = collector.head
    return Tree(
        body=body,
        order=collector.order,
        title=" ".join(head.get("title", "").split()),
        language=collector.language,
        refresh=_refresh_target(head.get("refresh", "")),
        base=head.get("base", ""),
        frames=tuple(collector.frames),
        styles="\n".join(collector.styles),
        meta=head,
        texts=collector.texts,
        aside=(*collector.aside, *noscript),
    )


class _Collector:
    """Copies the parser's tree, without recursion, into Nodes."""

    def __init__(self, body: Node) -> None:
        self.body = body
        self.order: list[Node] = [body]
        self.texts: list[str] = []
        self.head: dict[str, str] = {}
        self.frames: list[str] = []
        self.styles: list[str] = []
        self.aside: list[str] = []
        self.language = ""

    def collect(self, root: LexborNode) -> None:
        """Copy everything below the root of a page."""
        if root.tag == "html":
            self.language = (root.attributes.get("lang") or root.attributes.get("xml:lang") or "").strip()
        self._copy(root, self.body, 1)

    def _copy(self, parent: LexborNode, target: Node, depth: int) -> None:
        """Copy what is in *parent* into *target*. Recursion, bounded by MAX_DEPTH, is twice as fast as a stack."""
        kids, order, texts = target.kids, self.order, self.texts
        for child in parent.iter(include_text=True):
            tag = child.tag or ""
            if tag == "-text":
                text = child.text_content or ""
                kids.append(text)
                texts.append(text)
            elif tag in SKIPPED:
                self._note(tag, child, target)
            elif depth > MAX_DEPTH or len(order) >= MAX_NODES:
                kids.append(child.text() or "")
            elif tag in _SPECIAL:
                if self._special(tag, child):
                    self._copy(child, self.body, depth + 1)
            else:
                node = Node(tag, child.attributes, target, len(order))
                kids.append(node)
                order.append(node)
                self._copy(child, node, depth + 1)

    def _special(self, tag: str, child: LexborNode) -> bool:
        """Deal with an element of the page's frame; True where its children belong to the body."""
        if tag == "head":
            self._read_head(child)
        elif tag == "noframes":
            self.aside.append(child.text() or "")
        elif tag == "frame":
            self.frames.append(child.attributes.get("src") or "")
        else:
            self.body.attrs.update(child.attributes)
            return True
        return False

    def _note(self, tag: str, child: LexborNode, target: Node) -> None:
        if tag in _CONTROLS:
            target.controls += child.attributes.get("type") != "hidden"
        elif tag == "style":
            self.styles.append(child.text() or "")
        elif tag == "iframe":
            self.frames.append(child.attributes.get("src") or "")
        elif tag == "meta":
            self._read_meta(child)

    def _read_head(self, head: LexborNode) -> None:
        for child in head.iter():
            tag = child.tag or ""
            if tag == "title" and "title" not in self.head:
                self.head["title"] = child.text() or ""
            elif tag == "base":
                self.head.setdefault("base", child.attributes.get("href") or "")
            else:
                self._note(tag, child, self.body)

    def _read_meta(self, child: LexborNode) -> None:
        attributes = child.attributes
        name = (attributes.get("http-equiv") or attributes.get("name") or attributes.get("property") or "").lower()
        content = attributes.get("content") or ""
        if name and content:
            self.head.setdefault(name, content)
        if name == "content-language" and not self.language:
            self.language = content.strip()


def _refresh_target(content: str) -> str:
    match = re.search(r"url\s*=\s*['\"]?([^'\"]*)", content, re.I)
    return match[1].strip() if match else ""
