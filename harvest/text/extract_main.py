"""Where on the page the document is."""

from __future__ import annotations

from harvest.text.extract_tree import Node, Tree

_LEAVES = frozenset(("p", "ul", "ol", "dl", "table"))
_MASTHEAD = 400  # characters that stand beside a title: a date, a sentence of summary
# Share of the prose that is left which an element must hold to be believed: some pages put their teasers into
# ``main`` and the policy beside it, many put one policy into several articles.
_SHARE = {"main": 0.4, "article": 0.6}


def find_main(tree: Tree, dropped: set[int]) -> tuple[Node, str]:
    """The element that holds the document, and the rule that found it. *dropped* are ids of furniture."""
    left = sum(size for at, size in tree.prose if id(tree.order[at]) not in dropped)
    if left == 0:
        return tree.body, "whole page: no sentences found"
    node, method = tree.body, "whole page"
    for candidate in tree.order:
        kind = "main" if candidate.get("role") == "main" else candidate.tag
        if kind in _SHARE and id(candidate) not in dropped and candidate.prose >= _SHARE[kind] * left:
            node, method = candidate, kind
    return _descend(node, dropped), method


def _descend(node: Node, dropped: set[int]) -> Node:
    """The smallest element that holds all the text of *node*."""
    while True:
        kids = [kid for kid in node.nodes() if id(kid) not in dropped and kid.chars]
        if len(kids) != 1 or kids[0].tag in _LEAVES or kids[0].chars < node.chars:
            return node
        node = kids[0]


def find_masthead(tree: Tree, main: Node, dropped: set[int]) -> Node | None:
    """The box before *main* with the document's title, often with its date; None where *main* has a title itself."""
    if main is tree.body or any(node.tag == "h1" and node.chars for node in main.below()):
        return None
    around = set()
    node: Node | None = main
    while node is not None:
        around.add(id(node))
        node = node.parent
    titles = [one for one in tree.order[: main.at] if one.tag == "h1" and one.chars and id(one) not in dropped]
    if not titles:
        return None
    box = titles[-1]
    while box.parent is not None and id(box.parent) not in around and box.parent.chars <= titles[-1].chars + _MASTHEAD:
        box = box.parent
    return box
