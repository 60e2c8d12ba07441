"""HTML of a page to the blocks of its main document."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urljoin

from harvest.model import Block, Extracted
from harvest.text.extract_blocks import BlockWriter
from harvest.text.extract_main import find_main
from harvest.text.extract_noise import find_noise
from harvest.text.extract_style import read_stylesheet
from harvest.text.extract_tree import Tree, measure, parse
from harvest.urls import clean_link


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
    blocks = BlockWriter(dropped, _linker(tree, page_url), css).write(main)
    return Extracted(
        blocks=tuple(blocks),
        title=_title(tree, blocks),
        method=method,
        language=tree.language,
        refresh=tree.refresh,
        frames=tree.frames,
    )


def _linker(tree: Tree, page_url: str):  # type: ignore[no-untyped-def]
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


def _title(tree: Tree, blocks: list[Block]) -> str:
    for block in blocks[:12]:
        if block.kind == "heading" and block.level == 1:
            return re.sub(r"\s+", " ", block.text)
    return tree.title
