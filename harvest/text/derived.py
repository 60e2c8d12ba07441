"""Bodies of derived captures: somebody's extraction of a page, as Markdown, as the page after its scripts ran, or as
text that kept some of its tags.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from math import ceil

from harvest.model import Document, PageKind
from harvest.text.foreign import foreign_document
from harvest.text.markdown import read_markdown
from harvest.text.markdown_header import read_comment_header, read_header
from harvest.urls import host_of

_TAG = re.compile(r"<(?:!doctype\s+html|html|head|body|frameset)\b", re.I)
_BLOCK_LINE = re.compile(r"^[ \t]{0,40}</?(?:p|li|ul|ol|div|br|hr|table|tr|td|h[1-6])\b[^>\n]{0,300}>", re.I | re.M)
#: Lines that begin with a tag of a block: in the crawls of ToSBack2 either most lines do or none; Markdown that people
#: wrote has a stray ``<br>`` or ``<table>``.
_TAGGED_LINES, _TAGGED_SHARE = 5, 0.1
#: What a page without head and frame seems to be, though somebody filed it as a policy: they are believed where it
#: speaks in sentences. (A forum that took the place of a policy gave 2,000 versions of lists in ToSBack2.)
_DOUBTED = frozenset({PageKind.OTHER, PageKind.SHELL, PageKind.STUB})
_SENTENCE = re.compile(r"(?:\S+\s+){9,}\S*[.!?:;]")
_SENTENCES = 3


def read_derived(body: bytes, *, page_url: str = "") -> Document:
    """Read the body of a derived capture, whichever of the forms it has. Never raises.

    HTML with a Princeton–Leuven header is UTF-8 whatever its meta tag says: the crawler wrote every file so.
    """
    text = body.decode("utf-8", "replace")
    foreign = foreign_document(body, text)
    if foreign is not None:
        return foreign
    if not is_html(text):
        return _read_fragment(text, page_url) if _is_fragment(text) else read_markdown(text, page_url=page_url)
    from harvest.text.reading import read_html

    header = read_comment_header(text)
    page = text[header.end :] if header else text
    url = page_url or (header.url if header else "")
    return read_html(b"\xef\xbb\xbf" + page.encode("utf-8", "replace"), page_url=url)


def is_html(text: str) -> bool:
    """True for a text that is a whole HTML page, after the provenance comment of the corpus or without one."""
    if read_header(text):
        return False
    return read_comment_header(text) is not None or bool(_TAG.search(text[:2000]))


def _is_fragment(text: str) -> bool:
    least = max(_TAGGED_LINES, ceil(_TAGGED_SHARE * (text.count("\n") + 1)))
    tagged = islice(_BLOCK_LINE.finditer(text), least)  # no more than have to be counted
    return sum(1 for _ in tagged) == least and read_header(text) is None


def _read_fragment(text: str, page_url: str) -> Document:
    """Read text that kept its paragraphs and lists as tags. That it is a policy was decided by those who kept it."""
    from harvest.text.reading import read_html
    from harvest.text.stated_date import stated_date

    document = read_html(b"\xef\xbb\xbf" + text.encode("utf-8", "replace"), page_url=page_url)
    if document.page_kind in _DOUBTED and _speaks(document):
        stated = stated_date(document.sections, document.language, host=host_of(page_url))
        return replace(document, page_kind=PageKind.POLICY, reason="", stated_date=stated)
    return document


def _speaks(document: Document) -> bool:
    """True for a text of more than headings and lists."""
    clauses = (clause.text for section in document.sections for clause in section.clauses)
    return sum(1 for _ in islice(filter(_SENTENCE.match, clauses), _SENTENCES)) == _SENTENCES
