"""Listings one ahead: the time of pages is used, the index is never asked two things at once, the rows are the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harvest import pipeline
from harvest.archive.warc import WarcArchive
from harvest.clock import SharedClock
from harvest.config import Settings
from harvest.corpus.store import Store
from harvest.errors import RateLimited
from harvest.model import Capture, Listing, RawPage

WORDS = b"We keep nothing of what you type into this form. " * 6
URLS = [f"http://www.{name}.example/privacy.html" for name in ("ash", "beech", "cedar", "elm")]
LISTING_S, PAGE_S, PAGES = 10.0, 3.0, 5


class Slow(WarcArchive):
    """An archive whose index takes ten seconds, and whose pages take three, two at a time."""

    is_local = False

    def __init__(self, path: Path, clock: SharedClock, *, at_once: int = 2, refuse: str = "-") -> None:
        super().__init__(path, Settings())
        self._clock = clock
        self._at_once = at_once
        self._refuse = refuse
        self.listed: list[str] = []
        self.listing = self.most = 0

    def concurrency(self) -> int:
        return self._at_once

    def list_captures(self, url: str, **bounds: Any) -> Listing:
        self.listing += 1
        self.most = max(self.most, self.listing)
        self._clock.sleep(LISTING_S)
        self.listing -= 1
        self.listed.append(url)
        if self._refuse in url:
            raise RateLimited("429")
        return super().list_captures(url, **bounds)

    def fetch(self, capture: Capture) -> RawPage:
        self._clock.sleep(PAGE_S)
        return super().fetch(capture)


@pytest.fixture
def warc(write_warc: Callable[..., Path], tmp_path: Path) -> Path:
    """Write five captures of four policies each."""
    pages = [
        {"url": url, "at": f"{2003 + n}-04-01T00:00:00Z", "body": b"<h1>Privacy</h1><p>%d " % n + WORDS}
        for url in URLS
        for n in range(PAGES)
    ]
    return write_warc(tmp_path / "a.warc.gz", pages)


def _harvest(db: Path, archive: Slow, clock: SharedClock) -> tuple[pipeline.RunReport, list[Any]]:
    with Store.open(db) as store:
        report = pipeline.run(store, archive, URLS, settings=Settings(clock=clock))
        question = "SELECT url, timestamp, outcome FROM captures ORDER BY url, timestamp"
        return report, [tuple(row) for row in store.conn.execute(question)]


def test_the_index_works_while_pages_are_fetched(warc: Path, tmp_path: Path) -> None:
    """Four listings and their pages take the time of the listings and of the last pages, not the sum of all."""
    clock = SharedClock(tmp_path / "clock")
    archive = Slow(warc, clock)
    report, rows = _harvest(tmp_path / "a.db", archive, clock)
    took_s = clock.now() - SharedClock.START
    serial, plain = _harvest(tmp_path / "b.db", Slow(warc, clock, at_once=1), clock)

    assert report.ok
    assert serial.ok
    assert rows == plain
    assert (archive.listed, archive.most) == (URLS, 1)
    assert took_s <= 4 * LISTING_S + PAGES * PAGE_S


def test_a_refusal_meets_the_policy_it_was_for(warc: Path, tmp_path: Path) -> None:
    """The pages of the policy before are fetched and kept; then the run stops."""
    clock = SharedClock(tmp_path / "clock")
    report, rows = _harvest(tmp_path / "a.db", Slow(warc, clock, refuse="cedar"), clock)

    assert report.stopped == "429"
    assert [(url, outcome) for url, _, outcome in rows] == [(url, "fetched") for url in URLS[:2] for _ in range(PAGES)]
