"""Markdown text → Document: provenance header, title, blocks, sections."""

from __future__ import annotations

from harvest.model import Block, Document
from harvest.text.markdown_blocks import read_blocks
from harvest.text.markdown_header import read_header
from harvest.text.sections import overall_confidence, sectionise


def read_markdown(text: str, *, page_url: str = "") -> Document:
    """Read a Markdown text as a document, with its provenance header if it has one.

    After a header the first ``# title`` is the page's title, made by the crawler, and no section; *page_url* then
    defaults to the header's. Without a header a first H1 names the document and stays a heading of it.
    Never raises; a text without words has no sections.
    """
    text = text.removeprefix("\ufeff")
    header = read_header(text)
    blocks = read_blocks(text[header.end :] if header else text, page_url=page_url or (header.url if header else ""))
    title = header.title if header else own_title(blocks)
    sections = sectionise(blocks, title=title)
    return Document(title, sections, encoding="utf-8", confidence=overall_confidence(sections))


def own_title(blocks: tuple[Block, ...]) -> str:
    """Return the text of a first-level heading that opens a document, '' if there is none."""
    first = next((block for block in blocks if block.kind != "rule"), None)
    return " ".join(first.text.split()) if first and first.kind == "heading" and first.level == 1 else ""
