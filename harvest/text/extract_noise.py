"""Which parts of a page are not the document: navigation, banners, footers, cookie dialogs, hidden furniture.

General vocabulary only, of the web and of the usual content management software; no site is named. A name alone
never drops a large part of the page: sections of policies are called ``newsletter`` and ``share`` too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from harvest.text.extract_consent import find_consent
from harvest.text.extract_hangers import forms_behind, labels_of
from harvest.text.extract_names import kinds_of
from harvest.text.extract_repeats import find_repeats
from harvest.text.extract_tree import CONTAINERS, HEADINGS, Node, Tree, contains, text_of

_TAGS = frozenset(("nav", "dialog", "noscript", "footer", "legend"))
_ROLES = frozenset(
    "navigation banner contentinfo search dialog alertdialog menu menubar toolbar status alert tooltip "
    "complementary menuitem progressbar slider switch".split()
)
_HIDDEN_CSS = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_NEVER_BY_NAME = HEADINGS | {"html", "body", "main", "article"}
_SUSPECT = _TAGS | CONTAINERS | {"header", "aside", "button", "form"}  # looked at even without attributes
_TOP_LINK = re.compile(
    r"^\W*(?:(?:back|go|return|jump|scroll)?\s*(?:up )?(?:to )?(?:the )?top(?: of (?:the |this )?page)?|(?:nach|"
    r"seite nach|zurück nach) oben|"
    r"(?:zum )?seitenanfang|(?:retour )?(?:en |au )?haut(?: de (?:la )?page)?|(?:volver )?arriba|subir|torna su|"
    r"(?:voltar ao )?topo|inizio pagina|"
    r"(?:naar )?boven|(?:til )?toppen|наверх|返回顶部|回到顶部|"
    r"ページ(?:の)?(?:トップ|先頭)(?:へ(?:戻る)?|に戻る)?|#|¶|§|🔗)\W*$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Noise:
    """What to leave out: ids of elements; *wall*: the page holds a cookie dialog and no other sentences."""

    dropped: set[int]
    wall: bool = False


def find_noise(tree: Tree) -> Noise:
    """The elements that are not the document."""
    dropped = find_consent(tree)
    total = _prose_left(tree, dropped)
    if dropped and total < 200 and tree.body.prose > max(150, 2 * total):
        return Noise(set(), wall=True)
    dropped, roots = _sweep(tree.order, dropped, total, amid=False)
    first, last = _hull(tree, dropped)
    title = _only_title(tree)
    for root in roots:
        amid = first <= root.at <= last
        if (amid and not _is_noise(root, total, True)) or (not amid and _is_misnamed(root, root.at > last, title)):
            inside = list(root.below())
            dropped.difference_update(map(id, inside))
            dropped, _ = _sweep(inside, dropped, total, amid=True)
    dropped.update(forms_behind(tree, dropped, total))
    dropped.update(labels_of(roots, dropped))
    dropped.update(find_repeats(tree, dropped))
    return Noise(dropped)


def _sweep(nodes: list[Node], dropped: set[int], total: int, *, amid: bool) -> tuple[set[int], list[Node]]:
    """*dropped* and all furniture among *nodes* (parents first), and the outermost elements newly dropped."""
    dropped = set(dropped)
    roots: list[Node] = []
    for node in nodes:
        parent = node.parent
        if parent is None or id(node) in dropped:
            continue
        if id(parent) in dropped:
            dropped.add(id(node))
        elif node.attrs or node.tag in _SUSPECT:
            if _is_noise(node, total, amid):
                dropped.add(id(node))
                roots.append(node)
            elif node.tag == "tr" and node.prose > 0.5 * total:
                dropped.update(_side_columns(node))
    return dropped, roots


def _only_title(tree: Tree) -> Node | None:
    titles = [node for node in tree.order if node.tag == "h1" and node.chars]
    return titles[0] if len(titles) == 1 else None


def _is_misnamed(root: Node, behind: bool, title: Node | None) -> bool:
    """True for sentences in a box with a name of furniture: ways to turn to somebody *behind* the document, which a
    visitor navigates to, and the page's only *title* laid over a picture. Menus with sentences stand before it."""
    if root.tag not in ("div", "section") or root.links > 0.3 * root.chars or root.get("role") or _is_hidden(root):
        return False
    ways, frame, topic, _ = kinds_of(root.get("class"), root.get("id"))
    if behind:
        return ways and not frame and not topic and root.prose >= 100
    return root.prose > 0 and title is not None and contains(root, title)


def _side_columns(row: Node) -> set[int]:
    """Cells beside the one that holds the document: the menus and teasers of the 1990s' three columns."""
    cells = [cell for cell in row.nodes() if cell.tag in ("td", "th")]
    main = max(cells, key=lambda cell: cell.prose, default=None)
    if main is None or main.prose < 0.8 * row.prose:
        return set()
    return {id(cell) for cell in cells if cell is not main}


def _prose_left(tree: Tree, dropped: set[int]) -> int:
    """Prose of the page without the dropped parts."""
    return sum(size for at, size in tree.prose if id(tree.order[at]) not in dropped)


def _hull(tree: Tree, dropped: set[int]) -> tuple[int, int]:
    """First and last element between which nearly all the prose stands: 2 % may lie before, 2 % behind."""
    kept = [(at, size) for at, size in tree.prose if id(tree.order[at]) not in dropped]
    total = sum(size for _, size in kept)
    first, last, seen = 0, len(tree.order), 0
    begun = False
    for at, size in kept:
        seen += size
        if not begun and seen > 0.02 * total:
            first, begun = at, True
        if seen >= 0.98 * total:
            last = at
            break
    return first, last


def _is_noise(node: Node, total: int, amid: bool) -> bool:
    """True where an element is furniture. *amid*: it stands between the sentences of the document, where headings,
    notes and boxes belong to it whatever they are called."""
    big = node.prose > 0.3 * total
    tag = node.tag
    if tag in _TAGS:
        return node.prose <= 0.5 * total
    if tag == "header":
        return node.prose < 200 and not _has_heading(node)
    if tag == "aside":
        return _is_aside(node, total, amid)
    if tag == "button":
        return not _is_disclosure(node)
    if tag == "a" and node.chars <= 40 and node.get("href").startswith("#"):
        return _TOP_LINK.match(text_of(node)) is not None
    if tag == "form" and node.controls and node.prose < 250:
        return True
    if not node.attrs:
        return _is_link_farm(node) and not (amid and _is_announced(node))
    role = node.attrs.get("role")
    if role and role.lower() in _ROLES and not big:
        return True
    if _is_hidden(node) and _is_hidden_noise(node, total, amid):
        return True
    if tag not in _NEVER_BY_NAME and not big and _is_named_noise(node, amid):
        return True
    return _is_link_farm(node) and not (amid and _is_announced(node))


def _is_hidden_noise(node: Node, total: int, amid: bool) -> bool:
    """Closed accordions and tabs are hidden too: text amid the document stays, and so does every large part."""
    if amid and (node.prose or node.get("role") == "tabpanel" or _has_heading(node)):
        return False
    if _is_panel(node):
        return False
    return node.prose < 0.1 * total


def _is_panel(node: Node) -> bool:
    """The part that the heading, summary or disclosure button right before it opens, at the end of a page too."""
    before = node.elder
    if before is None:
        return False
    opener = next((kid for kid in (before, *before.below()) if kid.get("aria-controls")), None)
    return opener is not None and opener.get("aria-controls") == node.get("id")


def _is_named_noise(node: Node, amid: bool) -> bool:
    names = node.attrs.get("class") or ""
    ident = node.attrs.get("id") or ""
    if not names and not ident:
        return False
    ways, frame, topic, reader_only = kinds_of(names, ident)
    if reader_only and node.chars < 100:
        return True
    if not (ways or frame or topic) or (amid and node.links < 0.3 * node.chars and not node.controls):
        return False
    if ways or frame:
        return node.prose < 1500 or node.links > 0.3 * node.chars
    return node.prose < 150 and not _has_heading(node)


def _is_aside(node: Node, total: int, amid: bool) -> bool:
    """Asides in the text are summaries and notes of the policy; others are side columns."""
    if node.prose > 0.15 * total:
        return False
    if node.prose < 60 or node.links > 0.3 * node.chars:
        return True
    return not amid


def _is_hidden(node: Node) -> bool:
    attrs = node.attrs
    return (
        "hidden" in attrs
        or attrs.get("aria-hidden") == "true"
        or _HIDDEN_CSS.search(attrs.get("style") or "") is not None
    )


def _is_disclosure(node: Node) -> bool:
    """A button that opens a part of the text is that part's heading."""
    parent = node.parent
    if parent is not None and (parent.tag in HEADINGS or parent.tag in ("summary", "dt")):
        return True
    return ("aria-expanded" in node.attrs or "aria-controls" in node.attrs) and 3 <= node.chars <= 200


def _is_link_farm(node: Node) -> bool:
    """Mostly links and no sentences: a menu, a list of other pages. Links to parts of this page are its contents."""
    if node.tag not in CONTAINERS or node.prose or node.links < 0.75 * node.chars:
        return False
    links = [kid for kid in node.below() if kid.tag == "a" and kid.chars]
    if len(links) < 3:
        return False
    inside = sum("#" in link.get("href") for link in links)
    return inside * 2 <= len(links)


def _is_announced(node: Node) -> bool:
    """A list right behind a sentence amid the document is part of it: how to refuse cookies in each browser."""
    return node.tag in ("ul", "ol") and node.elder is not None and node.elder.prose > 0


def _has_heading(node: Node) -> bool:
    return any(kid.tag in HEADINGS and kid.chars for kid in node.below())
