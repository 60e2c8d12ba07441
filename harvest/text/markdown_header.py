"""The header that the Princeton–Leuven corpus puts before its texts: where a text came from.

Markdown form: a block quote, whole sentence in italics, then ``# page title``. HTML form: a comment before the
doctype with the same facts in parentheses. The H1 is made from the page's ``<title>`` and is no heading of the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

# ">" may be missing and quotes differ where people copied the text; host, date and link are always there.
_SENTENCE = re.compile(
    r"""[\s>*_]{0,40}The\ following\ text\ is\ extracted\ and\ transformed
        \ from\ the\ (?P<host>\S{1,255})\ (?P<kind>privacy|terms|cookies|other)\ policy
        \ that\ was\ archived\ on\ (?P<date>\d{4}-\d{2}-\d{2})\.[^\n]{0,200}?
        \((?P<link>https?://web\.archive\.org/web/[^\s]{1,8000})\)[^\n]{0,300}""",
    re.X,
)
_COMMENT = re.compile(
    r"""\s{0,40}<!--[^>]{0,80}?\ source\ of\ the\ (?P<host>\S{1,255})\ (?P<kind>privacy|terms|cookies|other)\ policy
        \ that\ was\ archived\ on\ (?P<date>\d{4}-\d{2}-\d{2})\.[^>]{0,200}?
        \((?P<link>https?://web\.archive\.org/web/[^\s>]{1,8000})\)[^>]{0,300}-->""",
    re.X,
)
_LINK = re.compile(r"https?://web\.archive\.org/web/(\d{1,14})[a-z_]*/(\S{1,8000})")
_TITLE = re.compile(r"\s{0,40}#(?: |\t|$)([^\n]*)(?:\n|$)")


@dataclass(frozen=True, slots=True)
class Header:
    """Provenance of a text. *timestamp* as in the link, *url* decoded once, *end* where the text begins.

    *kind*: the corpus is one of privacy policies; our own exports say so where a text is of another kind.
    """

    host: str
    day: str
    timestamp: str
    url: str
    title: str
    end: int
    kind: str = "privacy"


def header_of_link(host: str, link: str) -> Header | None:
    """Return the header that the link to a snapshot stands for, None if it is none. *title* and *day* stay empty."""
    match = _LINK.match(link)
    return Header(host, "", match[1], _decode_once(match[2]), "", 0) if match else None


def read_header(text: str) -> Header | None:
    """Return the provenance header at the start of *text* (Markdown form), None if there is none."""
    match = _SENTENCE.match(text)
    link = _LINK.match(match["link"]) if match else None
    if match is None or link is None:
        return None
    title = _TITLE.match(text, match.end())
    end = title.end() if title else match.end()
    words = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", title[1]).strip() if title else ""
    return Header(match["host"], match["date"], link[1], _decode_once(link[2]), words, end, match["kind"])


def read_comment_header(text: str) -> Header | None:
    """Return the provenance comment at the start of an HTML file, None if there is none. *title* is left empty."""
    match = _COMMENT.match(text)
    link = _LINK.match(match["link"]) if match else None
    if match is None or link is None:
        return None
    return Header(match["host"], match["date"], link[1], _decode_once(link[2]), "", match.end(), match["kind"])


def _decode_once(url: str) -> str:
    """Undo the one round of percent-encoding that the crawler added; an unencoded URL stays as it is.

    ``http%3A//a.example/%3Fq%3Da%2520b`` was ``http://a.example/?q=a%20b``.
    """
    return unquote(url, errors="surrogateescape") if re.match(r"[a-z]{3,5}%3A", url, re.I) else url
