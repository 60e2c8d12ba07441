"""A small world for the store: pages of an invented policy, captures of them, and a store to put them in."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from harvest.corpus.store import Store
from harvest.corpus.store_opening import open_memory
from harvest.model import OUTCOME_OF_PAGE, Capture, Document, Listing, Outcome, RawPage, Selected
from harvest.text.reading import read_html
from harvest.timestamps import format_stamp
from harvest.urls import urlkey

EPOCH = datetime(2010, 1, 1, tzinfo=UTC)
URL = "http://alder.example/privacy"
PARAGRAPHS = {
    "Collection": "We collect the name and the postal address that you enter when you order from our nursery.",
    "Use": "We use these details to send your order, to answer your questions and to keep the books the law asks for.",
    "Sharing": "We hand your address to the carrier who brings the parcel to your door, and to nobody else at all.",
    "Contact": "Write to the nursery at any time if you want to know what we keep about you, or to have it deleted.",
}


def html_page(paragraphs: dict[str, str], *, date: str = "", lang: str = "en", title: str = "Privacy policy") -> bytes:
    """Render headed paragraphs as a page of the 2010s."""
    body = "".join(f"<h2>{heading}</h2>\n<p>{text}</p>\n" for heading, text in paragraphs.items())
    stated = f"<p>Last updated: {date}</p>" if date else ""
    head = f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title></head>'
    return f"{head}<body><main><h1>{title}</h1>{stated}{body}</main></body></html>".encode()


@lru_cache(maxsize=256)
def _read(body: bytes, status: int) -> Document:
    return read_html(body, {}, page_url=URL, status=status)


@dataclass(frozen=True)
class Shot:
    """One capture with what came back for it."""

    capture: Capture
    body: bytes | None
    status: int = 200
    outcome: Outcome = Outcome.FETCHED

    @property
    def handled(self) -> tuple[RawPage, Document | None]:
        """The page and its reading, as a run hands them to the store."""
        stamp = self.capture.timestamp if self.body is not None else ""
        if self.body is None:
            return RawPage(self.capture, self.outcome, "told by the archive", landed_timestamp=stamp), None
        document = _read(self.body, self.status)
        outcome = OUTCOME_OF_PAGE[document.page_kind] if self.status < 400 else Outcome.ERROR_PAGE
        page = RawPage(self.capture, outcome, document.reason, body=self.body, status=self.status)
        return page, document


def shot_at(
    day: float,
    body: bytes | None,
    *,
    url: str = URL,
    status: int = 200,
    outcome: Outcome = Outcome.FETCHED,
    form: str = "raw",
    archive: str = "wayback",
) -> Shot:
    """Take a capture *day* days after the epoch."""
    moment = EPOCH + timedelta(days=day)
    digest = hashlib.sha1(body or b"", usedforsecurity=False).hexdigest().upper()
    capture = Capture(
        archive=archive,
        url=url,
        urlkey=urlkey(url),
        timestamp=format_stamp(moment),
        captured_at=moment,
        mimetype="text/html",
        statuscode=str(status),
        digest=digest,
        form=form,
    )
    return Shot(capture, body, status, outcome)


def record_shots(store: Store, shots: Sequence[Shot], *, batch: int = 100) -> int:
    """List, select and record captures in the order given; return the policy."""
    policy_id = store.ensure_policy(host="alder.example", kind="privacy", url=URL)
    listing = Listing("wayback", URL, EPOCH, "ok", tuple(shot.capture for shot in shots))
    store.record_listing(policy_id, listing)
    store.record_selection(policy_id, [Selected(shot.capture, True, "every capture") for shot in shots])
    ids = {capture: capture_id for capture_id, capture in store.pending(policy_id)}
    handled = [(ids[shot.capture], *shot.handled) for shot in shots if shot.capture in ids]
    for start in range(0, len(handled), batch):
        store.record_pages(policy_id, handled[start : start + batch])
    return policy_id


@pytest.fixture
def page() -> Callable[..., bytes]:
    """Return a maker of pages: paragraphs of the policy with some of them changed."""

    def make(*, date: str = "", lang: str = "en", without: Sequence[str] = (), **changed: str) -> bytes:
        paragraphs = {name: text for name, text in {**PARAGRAPHS, **changed}.items() if name not in without}
        return html_page(paragraphs, date=date, lang=lang)

    return make


@pytest.fixture
def shot() -> Callable[..., Shot]:
    """Return a maker of captures: day after the epoch, body, and what is odd about it."""
    return shot_at


@pytest.fixture
def record() -> Callable[..., int]:
    """Return a function that takes captures through listing, selection and recording."""
    return record_shots


@pytest.fixture
def memory_store() -> Callable[[], Store]:
    """Return a maker of empty corpora in memory, with a clock that stands still."""
    return lambda: Store(open_memory(), clock=lambda: EPOCH)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty corpus in a file."""
    with Store.open(tmp_path / "corpus.db", clock=lambda: EPOCH) as opened:
        yield opened


@pytest.fixture
def read_otherwise(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From the call on, have pages read without what they say of their use of details."""

    def coarser(body: bytes, *rest: Any, **named: Any) -> Document:
        document = read_html(body, *rest, **named)
        kept = tuple(section for section in document.sections if section.heading != "Use")
        return Document(**{**{n: getattr(document, n) for n in Document.__slots__}, "sections": kept})

    return lambda: monkeypatch.setattr("harvest.text.reading.read_html", coarser)
