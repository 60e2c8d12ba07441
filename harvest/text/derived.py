"""Bodies of derived captures: somebody's extraction of a page, as Markdown or as the page after its scripts ran."""

from __future__ import annotations

import re

from harvest.model import Document
from harvest.text.markdown import read_markdown
from harvest.text.markdown_header import read_comment_header, read_header

_TAG = re.compile(r"<(?:!doctype\s+html|html|head|body|frameset)\b", re.I)


def read_derived(body: bytes, *, page_url: str = "") -> Document:
    """Read the body of a derived capture, whichever of the two forms it has. Never raises.

    HTML with a Princeton–Leuven header is UTF-8 whatever its meta tag says: the crawler wrote every file so.
    """
    text = body.decode("utf-8", "replace")
    if not is_html(text):
        return read_markdown(text, page_url=page_url)
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
