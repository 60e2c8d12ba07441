"""Markdown text → Document: provenance header, title, blocks, sections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harvest.model import Block, Document, Extracted, PageKind, Section
from harvest.text.markdown_blocks import read_blocks
from harvest.text.markdown_exact import is_exact, read_exact
from harvest.text.markdown_header import Header, read_header
from harvest.text.markdown_writer import MARK
from harvest.text.mojibake import repair
from harvest.text.sections import overall_confidence, sectionise
from harvest.urls import host_of


@dataclass(frozen=True, slots=True)
class MarkdownText:
    """A Markdown text taken apart; *header* is None for texts that did not come from the Princeton–Leuven corpus.

    *exact*: the sections of a text that `write_markdown` wrote, of which nothing needs to be guessed; else None.
    """

    header: Header | None
    title: str
    blocks: tuple[Block, ...]
    exact: tuple[Section, ...] | None = None

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections: those that our own writer wrote, else what the blocks look like."""
        return sectionise(self.blocks, title=self.title) if self.exact is None else self.exact


def read_markdown(text: str, *, page_url: str = "") -> Document:
    """Read a Markdown text as a document, with its provenance header if it has one.

    After a header the first ``# title`` is the page's title, made by the crawler, and no section; *page_url* then
    defaults to the header's. Without a header a first H1 names the document and stays a heading of it.
    Error pages, walls and shells are told from policies as those of HTML are, but for one thing: whoever extracted
    and filed a text knew better than a count of words whether it is a policy. Never raises; a text without words has
    no sections.
    """
    from harvest.text.language import detect_language  # loads a compiled library that comparing has no use for
    from harvest.text.stated_date import stated_date

    parts = take_apart(text, page_url=page_url)
    sections = parts.sections
    plain = "\n".join(block.text for block in parts.blocks)
    language = detect_language(plain)
    kind, reason = _judge(parts, plain, language) if sections else (PageKind.STUB, "no words in the text")
    return Document(
        title=parts.title,
        sections=sections,
        page_kind=kind,
        reason=reason,
        language=language,
        stated_date=stated_date(parts.blocks, language, host=host_of(parts.header.url if parts.header else page_url)),
        encoding="utf-8",
        confidence=overall_confidence(sections),
    )


def _judge(parts: MarkdownText, plain: str, language: str) -> tuple[PageKind, str]:
    from harvest.text.quality import judge_page, says_anything

    kind, reason = judge_page(Extracted(parts.blocks, title=parts.title), text=plain, language=language)
    # a classifier of the Princeton–Leuven corpus had looked at each of its texts: few words about cookies are no wall
    doubted = kind is PageKind.SHELL or (kind is PageKind.COOKIE_WALL and parts.header is not None)
    filed = kind is PageKind.OTHER or (doubted and says_anything(parts.blocks))
    return (PageKind.POLICY, "") if filed else (kind, reason)


def read_sections(text: str, *, page_url: str = "") -> tuple[Section, ...]:
    """Return only the sections of a Markdown text: what comparing two texts needs, without language or dates."""
    return take_apart(text, page_url=page_url).sections


def take_apart(text: str, *, page_url: str = "") -> MarkdownText:
    """Split a Markdown text into provenance, title and blocks; text that was misread before it came is repaired."""
    text = text.removeprefix("\ufeff")
    header = read_header(text)
    if is_exact(text[header.end :] if header else text):
        return _take_ours(text, header)
    text = repair(text)
    header = read_header(text)
    if header is None:
        blocks = read_blocks(text, page_url=page_url)
        return MarkdownText(None, _own_title(blocks), blocks)
    return MarkdownText(header, header.title, read_blocks(text[header.end :], page_url=page_url or header.url))


def _take_ours(text: str, header: Header | None) -> MarkdownText:
    """Read a text that `write_markdown` wrote."""
    sections = read_exact(text)
    blocks = read_blocks(text.split(MARK, 1)[1])
    return MarkdownText(header, header.title if header else _own_title(blocks), blocks, sections)


def _own_title(blocks: Sequence[Block]) -> str:
    """Return the text of a first-level heading that opens a document, '' if there is none."""
    first = next((block for block in blocks if block.kind != "rule"), None)
    return " ".join(first.text.split()) if first and first.kind == "heading" and first.level == 1 else ""
