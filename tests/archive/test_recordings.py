"""Recorded exchanges with web.archive.org, and what a careful person would say to each.

They show the real thing: every behaviour of the client that can be replayed is held against them.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harvest.archive import memento
from harvest.archive.cdx_rows import read_page
from harvest.archive.listing import check_listing, overlapping
from harvest.archive.session import ArchiveSession
from harvest.config import Settings
from harvest.errors import ArchiveError
from harvest.model import Capture
from harvest.pipeline_steps import read_page as read_document
from harvest.timestamps import parse_stamp

pytestmark = pytest.mark.evaluation

# Numbers of a kind with the same answer are written together.
LISTINGS = """
cdx-empty 01 02 03 04 05 06: 0 rows
cdx-error-403 01 02 03: Excluded
cdx-filter 01: 10 rows, more
cdx-filter 02: 6 rows
cdx-last-page 01 03: 22 rows
cdx-last-page 02: 245 rows
cdx-oddity 01: 2 rows, 3 odd
cdx-oddity 02 03: 5 rows
cdx-output-json 01: 37 rows
cdx-page 01 02 10 11 12 13 17 18 19 21: 1 rows
cdx-page 14 20: 2 rows
cdx-page 03 06 15: 3 rows
cdx-page 04: 15 rows
cdx-page 05: 730 rows, 1 odd
cdx-page 07: 16 rows
cdx-page 08: 2378 rows
cdx-page 09: 7817 rows
cdx-page 16: 32 rows
cdx-page 22: 8 rows
cdx-with-resume-key 01 02 03 06 07 08 09 10 11 12 13 14 15 16 17 18 19 26 27 28: 25 rows, more
cdx-with-resume-key 05 25: 999 rows, 1 odd, more
cdx-with-resume-key 04 20 21 23 24 29 30: 1000 rows, more
cdx-with-resume-key 22: 10 rows, more
rate-limit-429 01: RateLimited
timemap-error-403 01: Excluded
timemap-json 01: 10 rows
timemap-json 02: 15 rows
timemap-json 03: 893 rows
timemap-numpages 01 02 03 04 05: BadListing
unavailable-503 01: BadListing
"""

# ``→`` a redirect of the site; ``~`` a capture of another second, but within a day.
PAGES = """
headers-only-302 01: unplayable
headers-only-403 01: excluded
headers-only-404 01: missing
memento 01 02 03 04 05 06 07 08 09 10 11: page
memento-archived-403 01 02 03 04: blocked-page 403
memento-archived-404 01 02 03 04: error-page 404
memento-archived-429 01: blocked-page 429
memento-archived-redirect 01 02 05 06: redirect 301 →
memento-archived-redirect 03: redirect 303 → a loop
memento-archived-redirect 04: redirect 302 → a loop
memento-error-200 01: excluded
memento-error-403 01: excluded
memento-error-404 01 02: missing
memento-nearest-capture-redirect 01: unplayable 57 days
memento-nearest-capture-redirect 07: unplayable 24 days
memento-nearest-capture-redirect 08: unplayable 6 days
memento-nearest-capture-redirect 02 04 09 11: page ~
memento-nearest-capture-redirect 10 12: error-page 404 ~
memento-nearest-capture-redirect 03: redirect 301 → ~
memento-nearest-capture-redirect 05: redirect 302 → a loop ~
memento-nearest-capture-redirect 06: redirect 303 → a loop ~
memento-nearest-capture-redirect 13 14 15 16: asks for the nearest
memento-nearest-capture-redirect-view 01: error-page 404 ~
memento-view-redirect-page 01 02: redirect 301 →
memento-view-rewritten 01 02: page
"""


def _table(text: str) -> list[Any]:
    rows = [line.split(": ") for line in text.strip().splitlines()]
    return [
        pytest.param(f"{kind}-{number}", said, id=f"{kind}-{number}")
        for name, said in rows
        for kind, *numbers in [name.split()]
        for number in numbers
    ]


@pytest.fixture
def recorded(eval_data: Path, told: Any) -> Callable[[str], tuple[str, Any]]:
    """Return a function that reads a recording: the address that was asked, and the answer."""

    def read(name: str) -> tuple[str, Any]:
        recording = json.loads((eval_data / "wayback-http" / f"{name}.json").read_text())
        answer = recording["response"]
        body = base64.b64decode(answer.get("body_base64") or "")
        headers = [(key, value) for key, value in answer["headers"]]
        return recording["request"]["url"], told(answer["status"], headers, body)

    return read


@pytest.fixture
def replayed(
    eval_data: Path,
    recorded: Callable[[str], tuple[str, Any]],
    make_session: Callable[..., ArchiveSession],
    adapter: Any,
) -> ArchiveSession:
    """Return a session to which all recorded pages are played, under http and https alike."""
    for file in sorted((eval_data / "wayback-http").glob("memento*.json")):
        url, answer = recorded(file.stem)
        for scheme in ("http", "https"):
            address = f"{scheme}://{url.partition('://')[2]}"
            if address not in adapter.answers:
                adapter.tell(address, answer)
    return make_session()


def test_every_recording_has_a_row_in_a_table(eval_data: Path) -> None:
    """A recording nobody thought about fails here."""
    tabled = {row.values[0] for row in _table(LISTINGS) + _table(PAGES)}

    assert tabled == {file.stem for file in (eval_data / "wayback-http").glob("*.json")}


@pytest.mark.parametrize(("name", "said"), _table(LISTINGS))
def test_listings(
    name: str, said: str, recorded: Callable[..., Any], adapter: Any, make_session: Callable[..., ArchiveSession]
) -> None:
    """Every row is counted, exclusions are typed, and what is no listing is never an empty one."""
    url, answer = recorded(name)
    url = url or "https://web.archive.org/cdx/search/cdx?url=unrecorded.example"
    adapter.tell(url, answer)
    try:
        page = read_page(check_listing(make_session().get(url, endpoint="listing")), archive="wayback")
        odd = f", {len(page.oddities)} odd" if page.oddities else ""
        found = f"{len(page.captures)} rows{odd}{', more' if page.resume_key else ''}"
        if page.resume_key and page.resume_key.startswith("com%2Ccnn"):
            assert overlapping(page.resume_key, page.captures[-1].timestamp).endswith(page.captures[-1].timestamp)
    except ArchiveError as error:
        found = type(error).__name__

    assert found == said


@pytest.mark.parametrize(("name", "said"), _table(PAGES))
def test_pages(name: str, said: str, recorded: Callable[..., Any], replayed: ArchiveSession, adapter: Any) -> None:
    """What the site said is told from what the archive said, and how far away it landed."""
    url, answer = recorded(name)
    place = memento.place_of(url) or memento.Place("20161112232202", url)
    prefix = url[: url.index("/web/") + 5] if "/web/" in url else "https://web.archive.org/web/"
    adapter.answers.pop(f"{prefix}{place.timestamp}id_/{place.url}", None)
    adapter.tell(f"{prefix}{place.timestamp}id_/{place.url}", answer)
    capture = Capture("wayback", place.url, "", place.timestamp, parse_stamp(place.timestamp)[0])

    if said == "asks for the nearest":  # which was not recorded
        with pytest.raises(AssertionError, match=r"/web/2019010103\d{4}id_/"):
            memento.fetch(replayed, capture, prefix=prefix, settings=Settings())
        return
    page, _ = read_document(memento.fetch(replayed, capture, prefix=prefix, settings=Settings()))

    outcome = "page" if page.outcome.value in ("fetched", "off-topic", "no-text") else page.outcome.value
    words = [outcome]
    if outcome in ("error-page", "blocked-page", "redirect"):
        words.append(str(page.status))
    if outcome == "redirect":
        words.append("→")
        words += ["a loop"] if "a loop" in page.reason else []
        assert bool(page.redirects) != ("a loop" in page.reason)
    if outcome == "unplayable" and "days" in page.reason:
        words.append(page.reason.split(", ")[1].removesuffix(" away"))
    elif page.landed_timestamp not in ("", place.timestamp):
        words.append("~")
    assert " ".join(words) == said
    if outcome == "page":
        assert page.body is not None
        assert b"<" in page.body[:200]
