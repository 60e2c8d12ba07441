"""A home page → the links on it that lead to policies, each with a score and why. Pure; never raises.

Reads what the people of each era clicked on: anchors, image maps, pictures with or without words, jump menus, windows
opened by scripts, frames and pages that only send on. The words of a link speak first, the name in its address second.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urldefrag

from selectolax.lexbor import LexborHTMLParser, LexborNode

from harvest.archive.discovery_addresses import is_same_site, urlsplit_or_empty
from harvest.archive.discovery_judge import Link, PolicyLink, is_idle, judge_links
from harvest.text.decode import decode
from harvest.text.extract_tame import set_noscript_aside, tame
from harvest.urls import clean_link, host_of, urlkey

_MAX_LINKS = 3_000  # the largest home pages have about a thousand
_CONTEXT = 240
_ANY_ARCHIVE = re.compile(r"^(?:https?:)?(?://[^/]+)?/(?:[\w.-]+/){0,2}\d{4,14}(?:[a-z]{2}_)?/(?=https?:/)", re.I)
_SCRIPTED = re.compile(
    r"""(?:open\w*|location(?:\.href)?\s*=|href\s*=|popup\w*|win\w*|show\w*)\s*\(?\s*(["'])([^"'\s<>]{3,300})\1""", re.I
)
_LITERAL = re.compile(
    r"""(["'])((?:https?:/|\.{0,2}/)[^"'\s<>]{2,300}|[\w./-]+\.(?:html?|php|aspx?|jsp|cfm))\1""", re.I
)
_MOVES = re.compile(
    r"""(?:top|self|window|document|parent)?\.?location(?:\.href|\.replace\s*\()?\s*[=(]\s*(["'])([^"'\s<>]{1,300})\1""",
    re.I,
)
_CLICKED = "a, area, link[rel], option[value], [onclick]"


@dataclass(frozen=True, slots=True)
class HomePage:
    """What a page leads to: policies and hubs, best first; its frames; where it sends its readers at once (or '')."""

    policies: tuple[PolicyLink, ...]
    hubs: tuple[PolicyLink, ...]
    frames: tuple[str, ...]
    sends_to: str
    links: tuple[Link, ...]


def read_home(body: bytes, headers: Mapping[str, str], page_url: str) -> HomePage:
    """Read a home page, a frame of one, or a page of legal matters."""
    html, aside = set_noscript_aside(decode(body, headers).text)
    tree = LexborHTMLParser(tame(html))
    base = _base(tree, page_url)
    links = list(_links(tree, base))
    for markup in (*aside, *(node.text() or "" for node in tree.css("noframes"))):
        links += _links(LexborHTMLParser(tame(markup)), base)
    frames = tuple(dict.fromkeys(url for node in tree.css("frame, iframe") if (url := _link(_get(node, "src"), base))))
    found = judge_links([link for link in links if urlkey(link.url) != urlkey(page_url)], page_url)
    sends_to = "" if found else _sends_to(tree, base, links)
    if not links and not sends_to:
        found = judge_links(_in_scripts(tree, base), page_url)
    return HomePage(
        tuple(link for link in found if link.kind != "hub"),
        tuple(link for link in found if link.kind == "hub"),
        frames,
        sends_to,
        tuple(links),
    )


def _base(tree: LexborHTMLParser, page_url: str) -> str:
    node = tree.css_first("base[href]")
    return _link(_get(node, "href"), page_url) or page_url if node is not None else page_url


def _links(tree: LexborHTMLParser, base: str) -> Iterator[Link]:
    for number, node in enumerate(tree.css(_CLICKED)):
        if number > _MAX_LINKS:
            return
        link = _read(node, base)
        if link is not None:
            yield link


def _read(node: LexborNode, base: str) -> Link | None:
    tag, rel = node.tag or "", _get(node, "rel").lower()
    if tag == "link":
        known = any(sort in rel for sort in ("privacy-policy", "terms-of-service"))
        return Link(_link(_get(node, "href"), base), "", "head", rel=rel) if known else None
    if tag == "option":
        value = _get(node, "value")
        url = _link(value, base) if "/" in value or re.search(r"\.\w{2,4}$", value) else ""
        return Link(url, _text(node), "menu") if url else None
    href = _get(node, "href")
    url, place = _link(href, base), {"area": "map"}.get(tag, "link")
    if not url:
        url, place = _scripted(node, href, base), "script"
    if not url:
        return None
    words = _words(node)
    parent = node.parent
    idle = is_idle(words)
    foreign = host_of(url) != host_of(base)
    context = _text(parent)[:_CONTEXT] if parent is not None and (idle or foreign) else ""
    return Link(url, words, place, context, rel)


def _words(node: LexborNode) -> str:
    """What a reader takes a link for: its text, its label, its picture's words, at last its picture's name."""
    words = _text(node)
    if any(letter.isalpha() for letter in words):
        return words
    pictures = node.css("img, input, svg title, object")
    said = [_get(node, name) for name in ("aria-label", "title", "alt", "value")]
    said += [_get(picture, name) for picture in pictures for name in ("alt", "title", "aria-label")]
    said += [re.sub(r"[\W_]+", " ", re.sub(r"\.\w+$", "", _get(one, "src").rpartition("/")[2])) for one in pictures]
    return next((" ".join(text.split()) for text in said if any(letter.isalpha() for letter in text)), "")


def _scripted(node: LexborNode, href: str, base: str) -> str:
    """The address a link opens by a script: windows of the 2000s, and links that are none."""
    for code in (unquote(href) if href.lower().startswith("javascript:") else "", _get(node, "onclick")):
        match = (_SCRIPTED.search(code) or _LITERAL.search(code)) if code else None
        url = _link(match[2], base) if match and re.search(r"[./]", match[2]) else ""
        if url:
            return url
    return ""


def _in_scripts(tree: LexborHTMLParser, base: str) -> list[Link]:
    """Addresses in the scripts of a page that has no links: the page is made in the browser."""
    found: dict[str, Link] = {}
    for node in tree.css("script"):
        for match in _LITERAL.finditer((node.text() or "").replace("\\/", "/").replace("\\u002F", "/")):
            url = _link(match[2], base)
            if url and is_same_site(url, base):
                found.setdefault(url, Link(url, "", "script"))
    return list(found.values())[:_MAX_LINKS]


def _sends_to(tree: LexborHTMLParser, base: str, links: Sequence[Link]) -> str:
    """Where a page that is none sends its readers: a meta refresh, a script, or the one door of a splash page."""
    for node in tree.css("meta[http-equiv]"):
        if _get(node, "http-equiv").strip().lower() == "refresh":
            match = re.search(r"url\s*=\s*[\"']?([^\"'>]+)", _get(node, "content"), re.I)
            url = _link(match[1], base) if match else ""
            if url and urlkey(url) != urlkey(base):
                return url
    own = list(dict.fromkeys(link.url for link in links if is_same_site(link.url, base) and link.place != "head"))
    own = [url for url in own if urlkey(url) != urlkey(base)]
    if len(own) <= 3:
        for node in tree.css("script"):
            match = _MOVES.search(node.text() or "")
            url = _link(match[2], base) if match else ""
            if url and urlkey(url) != urlkey(base):
                return url
    return own[0] if len(own) == 1 and len(links) <= 4 else ""


def _link(href: str, base: str) -> str:
    """Return where a link leads: archive prefixes off, absolute, without the place in the page; '' for no page."""
    href = "".join(href.split()) if "\n" in href or "\t" in href else href.strip()
    while (bare := _ANY_ARCHIVE.sub("", href)) != href:
        href = re.sub(r"^(https?:)/(?!/)", r"\1//", bare)
    if href.lower().startswith(("mailto:", "tel:", "ftp:", "file:", "about:", "news:")):
        return ""
    url = urldefrag(clean_link(href, base)).url if href else ""
    parts = urlsplit_or_empty(url)
    return url if parts.scheme in ("http", "https") and parts.netloc else ""


def _get(node: LexborNode, name: str) -> str:
    return node.attributes.get(name) or ""


def _text(node: LexborNode) -> str:
    return " ".join((node.text(separator=" ") or "").split())
