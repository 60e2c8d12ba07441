"""A body, read: decode, extract, sectionise, and say what the page is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from harvest.model import Document, Extracted, PageKind
from harvest.text.decode import decode
from harvest.text.extract import extract
from harvest.text.foreign import foreign_document
from harvest.text.language import detect_language
from harvest.text.quality import judge_page
from harvest.text.sections import sectionise
from harvest.text.stated_date import stated_date
from harvest.urls import host_of


def read_html(
    body: bytes, headers: Mapping[str, str] | None = None, *, page_url: str = "", status: int | None = None
) -> Document:
    """Read the page of a capture. Never raises: whatever the bytes are, the Document says what was made of them.

    *headers* are the archived ones (any case); *page_url* where the page was; *status* its archived status code.
    Sections are there for every kind of page, so that a wrong verdict can be seen and overruled; a file that is no
    page (PDF, a picture) has none. ``confidence`` is that of the headings.
    """
    headers = headers or {}
    decoded = decode(body, headers)
    foreign = foreign_document(body, decoded.text, headers)
    if foreign is not None:
        return foreign
    extracted = extract(decoded.text, page_url=page_url)
    return replace(_understand(extracted, status, host_of(page_url)), encoding=decoded.encoding)


# Pages that were captured one after the other mostly say the same in other bytes: 35 of 100 ms of reading them again
# went into what had been understood before. A page of content takes some 100 kB.
@lru_cache(maxsize=32)
def _understand(extracted: Extracted, status: int | None, host: str) -> Document:
    """Say what the content of a page is; the encoding is left open."""
    text = "\n".join(block.text for block in extracted.blocks)
    language = detect_language(text, extracted.language)
    kind, reason = judge_page(extracted, status=status, text=text, language=language)
    sections = sectionise(extracted.blocks, title=extracted.title)
    found = [section.confidence for section in sections if section.heading]
    dated = kind is PageKind.POLICY
    return Document(
        title=extracted.title,
        sections=sections,
        page_kind=kind,
        reason=reason,
        language=language,
        stated_date=stated_date([text], language, region=extracted.language, host=host) if dated else None,
        confidence=round(sum(found) / len(found), 3) if found else 0.5,
    )
