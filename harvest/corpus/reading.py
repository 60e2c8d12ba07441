"""Bodies → rows to write: the pure and costly part of recording, done in other processes through an Engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from harvest.corpus.prepared import PreparedText, prepare
from harvest.model import OUTCOME_OF_PAGE, Document, Outcome, PageKind

#: Pages of one task of a worker: some 0.4 s of reading, and no more than these bytes in a pipe. With 16 pages two
#: workers waited for the writer 6 to 10 % of the time, with 40 they wait 3 to 5 %.
CHUNK_PAGES = 40
CHUNK_BYTES = 1_500_000


@dataclass(frozen=True, slots=True)
class Page:
    """The bytes of a capture and all that reading them takes; picklable. *key* is the caller's."""

    key: int
    form: str
    body: bytes
    url: str = ""
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a page turned out to be. *text* is None where there is none; *outcome* with its reason as `judge` says."""

    key: int
    page_kind: PageKind
    outcome: Outcome
    reason: str
    encoding: str
    text: PreparedText | None


def read_pages(pages: Sequence[Page]) -> list[Reading]:
    """Read pages that were captured one after the other; what they share is prepared once and travels once."""
    texts: dict[tuple[str, str], PreparedText] = {}
    known: dict[tuple[object, ...], Reading] = {}
    found = []
    for page in pages:
        asked = (page.body, page.form, page.url, page.status, tuple(sorted(page.headers.items())))
        reading = known.get(asked)
        if reading is None:
            reading = known[asked] = _read(page, texts)
        found.append(replace(reading, key=page.key))
    return found


def read_document(page: Page) -> Document:
    """Read a page as the form of its capture asks. Never raises."""
    if page.form == "derived":
        from harvest.text.derived import read_derived

        return read_derived(page.body, page_url=page.url)
    from harvest.text.reading import read_html

    return read_html(page.body, page.headers, page_url=page.url, status=page.status)


def judge(document: Document, status: int | None) -> tuple[Outcome, str]:
    """Return the outcome of a page that was read. An archived error stays one, whatever the page says."""
    outcome = OUTCOME_OF_PAGE[document.page_kind]
    if outcome != Outcome.FETCHED:
        return outcome, document.reason
    if status is not None and status >= 400:
        return Outcome.ERROR_PAGE, document.reason or f"archived status {status}"
    if not has_clauses(document):
        return Outcome.NO_TEXT, document.reason or "no text on the page"
    return outcome, document.reason


def has_clauses(document: Document) -> bool:
    """True for a document that says anything."""
    return any(section.clauses for section in document.sections)


def _read(page: Page, texts: dict[tuple[str, str], PreparedText]) -> Reading:
    document = read_document(page)
    outcome, reason = judge(document, page.status)
    text = None
    if has_clauses(document):
        text = prepare(document, form=page.form)
        text = texts.setdefault((text.sha, text.rank), text)
    return Reading(page.key, document.page_kind, outcome, reason, document.encoding, text)
