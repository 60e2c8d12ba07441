"""The rules of ToSBack2: ``rules/SITE.xml`` says at which address each document of a site was."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from selectolax.lexbor import LexborHTMLParser

_RULES = re.compile(r"rules/([^/]+)\.xml")


def read_rules(files: Iterable[tuple[str, str]], read: Callable[[str], bytes]) -> dict[tuple[str, str], str]:
    """Return the addresses of documents, by site and name, out of (path, content) pairs and a reader of contents.

    What a rules file does not say is left out. Raises whatever *read* does.
    """
    urls = {}
    for path, content in files:
        match = _RULES.fullmatch(path)
        if match is not None:
            for name, url in _documents(read(content)):
                urls[match[1], name] = url
    return urls


def _documents(body: bytes) -> Iterable[tuple[str, str]]:
    """Yield name and address of each document: ``<docname name="…"><url name="…">``."""
    tree = LexborHTMLParser(body.decode("utf-8", "replace"))  # no XML parser: entities of strangers stay text
    for node in tree.css("docname"):
        url = node.css_first("url")
        name, address = node.attributes.get("name"), url.attributes.get("name") if url else None
        if name and address and address.startswith(("http://", "https://")):
            yield name, address
