"""HTML of a page to the blocks of its main document."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from urllib.parse import urljoin

from harvest.model import Block, Extracted
from harvest.text.extract_blocks import BlockWriter
from harvest.text.extract_consent import find_consent
from harvest.text.extract_edges import trim_edges
from harvest.text.extract_main import find_main, find_masthead
from harvest.text.extract_noise import find_noise
from harvest.text.extract_parse import parse
from harvest.text.extract_style import read_stylesheet
from harvest.text.extract_tame import without_swallowers
from harvest.text.extract_tree import Tree, measure
from harvest.text.fold import fold
from harvest.text.links import steady_link
from harvest.text.scripts import count_east
from harvest.urls import clean_link

_SEPARATOR = re.compile(r"\s+[|–—·•»:-]+\s+|\s*[|»]\s*|:\s+")
_DOCUMENT = re.compile(
    r"privacy|terms|cookie|polic[yi]|conditions|notice|legal|agreement|statement|datenschutz|nutzungsbedingung|agb\b|confidentialit|"
    r"donn[ée]es|conditions|mentions|privacidad|privacidade|condiciones|termos|riservatezza|informativa|gizlilik|"
    r"integritet|sekretess|persondata|privatliv|personvern|yksityisyys|tietosuoja|prywatno|隐私|隱私|プライバシー|"
    r"개인정보|конфиденциальност",
    re.I,
)


_TAGS = re.compile(r"<[^<>]*>")
_SCRIPTS = 100_000  # characters of a page without text that are kept for a look at its scripts
_LITTLE = 400  # characters; the shortest policy of the evaluation data has 1,200


@dataclass(frozen=True, slots=True)
class _Found:
    blocks: list[Block]
    tree: Tree
    method: str
    reason: str = ""

    @property
    def size(self) -> int:
        return sum([len(span.text) for block in self.blocks for span in block.spans])

    @property
    def is_little(self) -> bool:
        return all(size < _LITTLE for size in accumulate(len(block.text) for block in self.blocks))


def extract(html: str, *, page_url: str = "") -> Extracted:
    """Find the document on a page and return it as blocks in reading order.

    *page_url* is where the page was; relative links are resolved against it, those of an archive freed of its
    prefix. ``method`` says by which rule the content was found, ``reason`` what is odd about it. Pure, never raises,
    linear in the size of the page. Where the rules leave almost nothing, rules that drop less are tried.
    """
    found = _extract(html, page_url)
    few = found.is_little
    if few:
        found = _rescue(html, page_url, found)
        few = found.is_little
    for node in found.tree.order:
        node.parent = None  # without the cycle the tree is freed at once, not by the garbage collector
    return Extracted(
        blocks=tuple(found.blocks),
        title=_title(found.tree, found.blocks),
        page_title=found.tree.title,
        method=found.method,
        reason=found.reason,
        language=found.tree.language,
        refresh=found.tree.refresh,
        frames=found.tree.frames,
        scripts=html[:_SCRIPTS] if few else "",
        noscript=" ".join(_TAGS.sub(" ", " ".join(found.tree.aside)[:50_000]).split())[:2000],
    )


def _extract(html: str, page_url: str) -> _Found:
    tree = parse(html)
    measure(tree, dense=_is_dense("".join(tree.texts)))
    noise = find_noise(tree)
    main, method = find_main(tree, noise.dropped)
    css = read_stylesheet(tree.styles)
    write = BlockWriter(noise.dropped, _linker(tree, page_url), css).write
    masthead = find_masthead(tree, main, noise.dropped)
    if masthead is not None:
        write(masthead)
    blocks = trim_edges(_without_masthead(write(main), tree.title), _strip_site(tree.title))
    return _Found(blocks, tree, method, "only a cookie dialog" if noise.wall else "")


def _is_dense(text: str) -> bool:
    """True for text in a script that needs few characters: 30 to 90 % of real pages, 8 % where one only quotes it."""
    return count_east(text) > max(100, len(text) // 10)


def _rescue(html: str, page_url: str, found: _Found) -> _Found:
    """Look again, by rules that drop less, where almost nothing was found; the richest reading wins."""
    tree = found.tree
    others = []
    if tree.aside:
        others.append(
            replace(_extract(" ".join(tree.aside), page_url), method="text for browsers without scripts or frames")
        )
    if len(html) > 300:
        others.append(
            replace(_extract(without_swallowers(html), page_url), method="read again: an unclosed element hid the page")
        )
    link = _linker(tree, page_url)
    everything = BlockWriter(find_consent(tree), link).write(tree.body)
    others.append(_Found(everything, tree, "whole page: the rules left almost nothing", found.reason))
    for other in others:
        if other.size > 3 * found.size + 200:
            found = replace(other, tree=tree)
    return found


def _linker(tree: Tree, page_url: str) -> Callable[[str], str]:
    base = page_url
    if tree.base:
        try:
            base = clean_link(urljoin(page_url, tree.base), page_url)
        except ValueError:
            base = page_url

    known: dict[str, str] = {}

    def link(href: str) -> str:
        if href not in known:
            known[href] = steady_link(href, base)
        return known[href]

    return link


def _without_masthead(blocks: list[Block], page_title: str) -> list[Block]:
    """Drop a first-level heading that is the site's name, where the page is called otherwise and a heading says so."""
    named = _words(_strip_site(page_title))
    site = _words(page_title) - named
    if not site or not any(map(_DOCUMENT.search, named)):
        return blocks
    for at, block in enumerate(blocks[:3]):
        if block.level == 1 and not _DOCUMENT.search(block.text) and _words(block.text) & site:
            later = (other for other in blocks[at + 1 : at + 8] if other.kind == "heading")
            if any(named <= _words(other.text) for other in later):
                return [*blocks[:at], *blocks[at + 1 :]]
    return blocks


def _words(text: str) -> set[str]:
    return set(fold(text).split())


def _title(tree: Tree, blocks: Sequence[Block]) -> str:
    """The document's title: its first big heading, else what the page calls itself without the site's name.

    A second-level heading is one only where it names the page's document: many pages lose their ``<h1>`` to the
    furniture, and their first ``<h2>`` is a section.
    """
    named = tree.title or tree.meta.get("og:title", "")
    seconds = sum(block.kind == "heading" and block.level == 2 for block in blocks)
    for block in blocks[:8]:
        if block.kind == "heading" and len(block.text) <= 150 and _entitles(block, fold(named), seconds == 1):
            return " ".join(block.text.split())
        if len(block.text) > 200:
            break
    return _strip_site(named)


def _entitles(block: Block, named: str, alone: bool) -> bool:
    """True for a first-level heading, and for one of the second level that the page itself is *named* after, or that
    is *alone* on its level and names a document."""
    if block.level > 1 and not _DOCUMENT.search(block.text):
        return False
    return block.level == 1 or (block.level == 2 and (alone or not named or fold(block.text) in named))


def _strip_site(title: str) -> str:
    """``Privacy Policy | Example`` → ``Privacy Policy``: of the parts, the one that names a document."""
    parts = [part.strip() for part in _SEPARATOR.split(title) if part.strip()]
    named = [part for part in parts if _DOCUMENT.search(part)]
    return named[0] if len(parts) > 1 and named else " ".join(title.split())
