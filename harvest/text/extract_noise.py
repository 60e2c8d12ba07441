"""Which parts of a page are not the document: navigation, banners, footers, cookie dialogs, hidden furniture.

General vocabulary only, of the web and of the usual consent and content management software; no site is named.
"""

from __future__ import annotations

import re

from harvest.text.extract_tree import Node, Tree

_TAGS = frozenset(("nav", "dialog", "noscript"))
_ROLES = frozenset(
    "navigation banner contentinfo search dialog alertdialog menu menubar toolbar status alert tooltip "
    "complementary menuitem progressbar slider switch".split()
)
# Parts of class names and ids, between word edges (``-``, ``_``, capital letters). Strong words drop an element
# unless it holds most of the page's prose; consent words drop it whatever it holds.
_WORDS = (
    "nav navi navbar navigation navigations subnav topnav sidenav mainnav menu menus submenu mainmenu menubar "
    "breadcrumb breadcrumbs crumbs crumb sidebar sidebars sidemenu footer foot footers topbar "
    "social share sharing sharethis addthis newsletter subscribe signup login comments disqus "
    "related recommended popup modal overlay lightbox tooltip skip skiplink skiplinks "
    "pagination pager toolbar searchbox searchform search dropdown megamenu offcanvas drawer hamburger "
    "copyright advert advertisement ads sponsor promo feedback backtotop scrolltop totop "
    "languages langswitcher switcher printonly screenreader visuallyhidden toast snackbar"
).split()
_STRONG = re.compile(r"(?<![a-z])(?:" + "|".join(_WORDS) + r")(?![a-z])")
_CONSENT = re.compile(
    r"onetrust|cookiebot|cybotcookie|didomi|usercentrics|truste|trustarc|qc-cmp|cookieconsent|cookie-?law|cc-window|"
    r"cookie[-_]?(?:banner|bar|notice|consent|popup|modal|dialog|wall|message|alert|overlay|settings|preferences)|"
    r"(?:banner|consent|gdpr|rgpd|cmp|ccpa)[-_]?cookies?|consent[-_]?(?:banner|modal|manager|popup|dialog|box|layer)|"
    r"(?:gdpr|rgpd|cmp)[-_]?(?:banner|modal|popup|consent|container|box)|tarteaucitron|axeptio|klaro|iubenda-cs|osano|"
    r"termly-|quantcast|sp_message|cmplz|moove-gdpr|eupopup"
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_HIDDEN_CSS = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_CONTAINERS = frozenset(
    "div section aside header footer ul ol dl table tbody tr td center form "
    "p span blockquote details main article".split()
)


def find_noise(tree: Tree) -> set[int]:
    """Ids of the elements to leave out."""
    dropped: set[int] = set()
    total = tree.body.prose
    for node in tree.order:
        if node.parent is None:
            continue
        if id(node.parent) in dropped or is_noise(node, total):
            dropped.add(id(node))
    return dropped


def is_noise(node: Node, total: int) -> bool:
    """True where an element is page furniture. *total* is the prose of the page, in characters."""
    big = node.prose > 0.3 * total
    tag = node.tag
    if tag in _TAGS:
        return not big
    if tag == "footer":
        return not big
    if tag == "header":
        return node.prose < 200 and not _has_heading(node)
    if tag == "aside":
        return node.prose < 0.15 * total
    if tag == "button":
        return not _is_disclosure(node)
    if not node.attrs:
        return _is_link_farm(node)
    role = node.attrs.get("role")
    if role and role.lower() in _ROLES and not big:
        return True
    if _is_hidden(node) and node.prose < 0.1 * total:
        return True
    return _has_noisy_name(node, big) or _is_link_farm(node)


def _has_noisy_name(node: Node, big: bool) -> bool:
    names = node.attrs.get("class")
    ident = node.attrs.get("id")
    if not names and not ident:
        return False
    label = _CAMEL.sub("-", f"{names or ''} {ident or ''}").lower()
    if _CONSENT.search(label):
        return not big
    if node.tag in _HEADINGS or node.tag in ("html", "body", "main", "article"):
        return False
    return not big and _STRONG.search(label) is not None


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
    if parent is not None and (parent.tag in _HEADINGS or parent.tag in ("summary", "dt")):
        return True
    return ("aria-expanded" in node.attrs or "aria-controls" in node.attrs) and 3 <= node.chars <= 200


def _is_link_farm(node: Node) -> bool:
    """Mostly links and no sentences: a menu, a list of other pages."""
    if node.tag not in _CONTAINERS or node.tag in ("p", "span") or node.prose:
        return False
    links = sum(1 for _ in _links(node, 6))
    return links >= 3 and node.links >= 0.75 * node.chars and not _links_inside(node)


def _links(node: Node, enough: int) -> list[Node]:
    found: list[Node] = []
    todo = [node]
    while todo and len(found) < enough:
        for kid in todo.pop().nodes():
            if kid.tag == "a" and kid.chars:
                found.append(kid)
            todo.append(kid)
    return found


def _links_inside(node: Node) -> bool:
    """Links to parts of this page: a contents list, which belongs to the document."""
    links = _links(node, 12)
    return sum("#" in link.get("href") for link in links) * 2 > len(links)


def _has_heading(node: Node) -> bool:
    todo = [node]
    while todo:
        for kid in todo.pop().nodes():
            if kid.tag in _HEADINGS and kid.chars:
                return True
            todo.append(kid)
    return False
