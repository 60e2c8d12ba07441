"""Where on the page the document is."""

from __future__ import annotations

from harvest.text.extract_tree import Node, Tree

_SEMANTIC = frozenset(("main", "article"))


def find_main(tree: Tree, dropped: set[int]) -> tuple[Node, str]:
    """The element that holds the document, and the rule that found it."""
    body = tree.body
    if body.prose == 0:
        return body, "whole page: no sentences found"
    node, method = body, "whole page"
    semantic = [n for n in tree.order if n.tag in _SEMANTIC or n.attrs.get("role") == "main"]
    semantic = [n for n in semantic if id(n) not in dropped and n.prose >= 0.6 * body.prose]
    if semantic:
        node = semantic[-1]
        method = node.tag if node.tag in _SEMANTIC else "role=main"
    while True:
        kids = [kid for kid in node.nodes() if id(kid) not in dropped]
        with_prose = [kid for kid in kids if kid.prose]
        if (
            len(with_prose) != 1
            or with_prose[0].prose < node.prose
            or with_prose[0].tag in ("p", "ul", "ol", "dl", "table")
        ):
            return node, method
        rest = sum(kid.chars for kid in kids if kid is not with_prose[0])
        if rest:
            return node, method
        node = with_prose[0]
