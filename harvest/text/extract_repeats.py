"""Parts that a page shows twice: the same box for phones, or in every tab."""

from __future__ import annotations

from harvest.text.extract_tree import CONTAINERS, Node, Tree, contains, text_of

_ROWS = frozenset(("tbody", "tr", "td", "th"))
_REPEATED = 500  # characters; a repeated part this long is the same box drawn twice (for phones, in every tab)


def find_repeats(tree: Tree, dropped: set[int]) -> set[int]:
    """Ids of elements that show a long part of the page a second time, word for word.

    Cells of tables say the same again and again: which data, on what legal basis, for each purpose.
    """
    seen: dict[tuple[int, int, int], list[Node]] = {}
    found: set[int] = set()
    cells: set[int] = set()
    for node in tree.order:
        if node.chars < _REPEATED or id(node) in dropped:
            continue
        if node.tag in _ROWS or id(node.parent) in cells:
            cells.add(id(node))
            continue
        if node.tag not in CONTAINERS:
            continue
        if node.parent is not None and id(node.parent) in found:
            found.add(id(node))
            continue
        alike = seen.setdefault((node.chars, node.links, node.prose), [])
        if alike and any(not contains(other, node) and text_of(other) == text_of(node) for other in alike[:3]):
            found.add(id(node))
        else:
            alike.append(node)
    return found
