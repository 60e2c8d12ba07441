"""HTML of a page to the blocks of its main document."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from urllib.parse import urljoin

from harvest.model import Block, Extracted
from harvest.text.extract_blocks import BlockWriter
from harvest.text.extract_edges import trim_edges
from harvest.text.extract_main import find_main
from harvest.text.extract_noise import find_noise
from harvest.text.extract_style import read_stylesheet
from harvest.text.extract_tree import Tree, measure, parse
from harvest.urls import clean_link

_SEPARATOR = re.compile(r"\s+[|–—·•»:-]+\s+|\s*[|»]\s*|:\s+")
_DOCUMENT = re.compile(
    r"privacy|terms|cookie|polic[yi]|conditions|notice|legal|agreement|statement|datenschutz|nutzungsbedingung|agb\b|confidentialit|"
    r"donn[ée]es|conditions|mentions|privacidad|privacidade|condiciones|termos|riservatezza|informativa|gizlilik|"
    r"integritet|sekretess|persondata|privatliv|personvern|yksityisyys|tietosuoja|prywatno|隐私|隱私|プライバシー|"
    r"개인정보|конфиденциальност",
    re.I,
)


def extract(html: str, *, page_url: str = "") -> Extracted:
    """Find the document on a page and return it as blocks in reading order.

    *page_url* is where the page was; relative links are resolved against it, those of an archive freed of its
    prefix. ``method`` says by which rule the content was found, ``reason`` why there is little or none. Pure, never
    raises, linear in the size of the page.
    """
    tree = parse(html)
    measure(tree)
    dropped = find_noise(tree)
    main, method = find_main(tree, dropped)
    css = read_stylesheet(tree.styles)
    blocks = trim_edges(BlockWriter(dropped, _linker(tree, page_url), css).write(main))
    return Extracted(
        blocks=tuple(blocks),
        title=_title(tree, blocks),
        method=method,
        language=tree.language,
        refresh=tree.refresh,
        frames=tree.frames,
    )


def _linker(tree: Tree, page_url: str) -> Callable[[str], str]:
    base = page_url
    if tree.base:
        try:
            base = clean_link(urljoin(page_url, tree.base), page_url)
        except ValueError:
            base = page_url

    @lru_cache(maxsize=512)
    def link(href: str) -> str:
        return clean_link(href, base)

    return link


def _title(tree: Tree, blocks: Sequence[Block]) -> str:
    """The document's title: its first big heading, else what the page calls itself without the site's name."""
    for block in blocks[:8]:
        if block.kind == "heading" and block.level <= 2 and len(block.text) <= 150:
            return " ".join(block.text.split())
        if len(block.text) > 200:
            break
    return _strip_site(tree.title or tree.meta.get("og:title", ""))


def _strip_site(title: str) -> str:
    """``Privacy Policy | Example`` → ``Privacy Policy``: of the parts, the one that names a document."""
    parts = [part.strip() for part in _SEPARATOR.split(title) if part.strip()]
    named = [part for part in parts if _DOCUMENT.search(part)]
    return named[0] if len(parts) > 1 and named else " ".join(title.split())
