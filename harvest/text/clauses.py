"""Blocks and spans → clauses: plain text for reading, markdown for identity."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import groupby

from harvest.model import Clause, Span
from harvest.text.fold import FAMILIAR, squash

# Cloudflare hides addresses behind a key that differs in every response; the link says nothing and would make every
# capture a new text.
_NO_LINK = re.compile(r"/cdn-cgi/l/email-protection", re.I)
_COUNT = re.compile(r"\(?[^\W_]{1,7}[.)]?")
_KINDS = {"item": "item", "row": "row"}


def make_clause(spans: Iterable[Span], kind: str, depth: int, *, marker: str = "") -> Clause | None:
    """Return the clause of *spans*, part of a block of *kind*; None where there is neither a word nor a link.

    Emphasis is dropped and white space collapsed; a hard break is a space. A *marker* that is only a bullet is ''.
    """
    spans = tuple(spans)
    text = squash("".join([span.text for span in spans]))
    markdown = text
    if any([span.href for span in spans]):
        markdown = _known_markdown(spans) if len(text) <= FAMILIAR else to_markdown(spans)
    if not markdown:
        return None
    counted = count_of(marker) if kind == "item" else ""
    return Clause(_KINDS.get(kind, "paragraph"), depth, text, markdown, counted)


def count_of(marker: str) -> str:
    """Return the marker of an item as it is kept: '' for a bullet, a full stop behind a number that has no sign.

    >>> count_of("*"), count_of("(iv)"), count_of("7")
    ('', '(iv)', '7.')
    """
    if not _COUNT.fullmatch(marker) or marker == "o":  # Word's second-level bullet
        return ""
    return marker if marker[-1] in ".)" else f"{marker}."


@lru_cache(maxsize=4096)
def _known_markdown(spans: tuple[Span, ...]) -> str:
    return to_markdown(spans)


def to_markdown(spans: Iterable[Span]) -> str:
    """Return text with its links as ``[label](address)``; equals the plain text where there is no link."""
    parts: list[str] = []
    for href, group in groupby(spans, key=_address):
        label = "".join(span.text for span in group)
        if not href:
            parts.append(label)
            continue
        inner = squash(label)
        before, after = label[: len(label) - len(label.lstrip())], label[len(label.rstrip()) :]
        parts.append(f"{before}[{inner}]({href}){after if inner else ''}")
    return squash("".join(parts))


def _address(span: Span) -> str:
    if not span.href or _NO_LINK.search(span.href):
        return ""
    return span.href.replace(" ", "%20").replace("(", "%28").replace(")", "%29")
