"""How much of a text two pages share: evidence that a policy moved from one address to another."""

from __future__ import annotations

from harvest.compare.tokens import count_words
from harvest.model import PageKind, RawPage
from harvest.text import read_html

_SHINGLE = 5  # words; shorter runs are shared by all policies
_FEWEST_WORDS = 60  # shorter pages are stubs, and alike


def likeness(one: RawPage | None, other: RawPage | None) -> float | None:
    """Return which share of the shorter page's runs of five words stands in the other; None where one is no policy."""
    if one is None or other is None:
        return None
    texts = [_words(page) for page in (one, other)]
    if min(map(len, texts)) < _FEWEST_WORDS:
        return None
    first, second = (frozenset(zip(*(words[at:] for at in range(_SHINGLE)), strict=False)) for words in texts)
    return len(first & second) / min(len(first), len(second))


def _words(page: RawPage) -> list[str]:
    document = read_html(
        page.body or b"", page.headers, page_url=page.landed_url or page.capture.url, status=page.status
    )
    if document.page_kind is not PageKind.POLICY:
        return []
    text = " ".join(clause.text for section in document.sections for clause in section.clauses)
    return text.casefold().split() if count_words(text) else []
