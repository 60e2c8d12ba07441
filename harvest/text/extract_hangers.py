"""What hangs on the furniture of a page and goes with it: labels of dropped lists, titles and notes of forms."""

from __future__ import annotations

import re

from harvest.text.extract_tree import Node, Tree, text_of
from harvest.text.headings_contents import labels_contents

_LABEL = 40  # characters
_LISTED = frozenset(("nav", "ul", "ol", "menu", "dl"))
_NEVER_LABELS = _LISTED | {"html", "body", "main", "article", "table", "section"}
_LIST_NAME = re.compile(
    r"^\W*(?:(?:site |main |page )?navigation|menu|(?:quick|related|useful|more|further|other) (?:links|pages|topics|"
    r"articles)|(?:weitere|nützliche) links|(?:autres|plus de) (?:liens|pages)|(?:más|otros) enlaces|see also|links|"
    r"sitemap|siehe auch|voir aussi)\W*$",
    re.I,
)
_BOXES = frozenset(("div", "section", "form", "aside"))
_DOCUMENT = 2000  # characters of sentences, from which on what comes behind them is small beside them
_FORM = 600  # characters: a form to write to the sales department with title, note and two answers has 350


def forms_behind(tree: Tree, dropped: set[int], total: int) -> set[int]:
    """Boxes behind the document that hold a form, with their titles and the answers they would give."""
    found: set[int] = set()
    if total < _DOCUMENT:
        return found
    forms = {id(node) for node in tree.order if _is_form_box(node)}
    prose = (at for at, _ in reversed(tree.prose) if id(tree.order[at]) not in dropped)
    last = next((at for at in prose if not _is_inside(tree.order[at], forms)), len(tree.order))
    for node in tree.order[last + 1 :]:
        if (id(node) in forms and id(node) not in dropped) or id(node.parent) in found:
            found.add(id(node))
    return found


def _is_form_box(node: Node) -> bool:
    return 0 < node.chars < _FORM and node.controls > 0 and node.tag in _BOXES


def _is_inside(node: Node, boxes: set[int]) -> bool:
    inner: Node | None = node
    while inner is not None:
        if id(inner) in boxes:
            return True
        inner = inner.parent
    return False


def labels_of(roots: list[Node], dropped: set[int]) -> set[int]:
    """Labels that stand right before a dropped list or menu and say what it was: "In this article", "Navigation"."""
    found: set[int] = set()
    for root in roots:
        label = root.elder
        if id(root) in dropped and label is not None and id(label) not in dropped and label.chars <= _LABEL:
            listed = root.tag in _LISTED or any(kid.tag in _LISTED for kid in root.nodes())
            if listed and label.tag not in ("h1", *_NEVER_LABELS) and not label.links and _names_list(text_of(label)):
                found.update(map(id, label.below()))
    return found


def _names_list(text: str) -> bool:
    return labels_contents(text) or _LIST_NAME.match(text) is not None
