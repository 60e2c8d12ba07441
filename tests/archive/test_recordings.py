"""Recorded exchanges with web.archive.org, and what a careful person would say to each.

They show the real thing: each is replayed to the real client over a loopback socket.
"""

from __future__ import annotations

import base64
import http.server
import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

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


class Replay(http.server.ThreadingHTTPServer):
    """Answers recorded addresses (path and query) on a loopback port as recorded; 404 and a note for any other."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: dict[str, Any] = {}
        self.unknown: list[str] = []
        self.base = f"http://127.0.0.1:{self.server_port}"


class _Handler(http.server.BaseHTTPRequestHandler):
    server: Replay

    def do_GET(self) -> None:
        recording = self.server.answers.get(self.path)
        if recording is None:
            self.server.unknown.append(self.path)
            self.send_error(404)
            return
        answer = recording["response"]
        body = base64.b64decode(answer.get("body_base64") or "")
        self.send_response_only(answer["status"])
        for name, value in answer["headers"]:
            if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


def _path(url: str) -> str:
    """What a request line holds of an address: `requests` quotes some of it on the way."""
    sent = requests.Request("GET", url).prepare()
    return str(sent.path_url)


@pytest.fixture(scope="module")
def recordings(eval_data: Path) -> dict[str, Any]:
    """Return all recordings by name."""
    return {file.stem: json.loads(file.read_text()) for file in sorted((eval_data / "wayback-http").glob("*.json"))}


@pytest.fixture(scope="module")
def archive(recordings: dict[str, Any]) -> Iterator[Replay]:
    """Serve every recorded page at its address."""
    server = Replay()
    for name, recording in recordings.items():
        if name.startswith("memento"):
            server.answers.setdefault(_path(recording["request"]["url"]), recording)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def session(clock: Any) -> Iterator[ArchiveSession]:
    """Return the session of a run, over real sockets, with a clock in which waiting takes no time."""
    session = ArchiveSession(Settings(clock=clock))
    yield session
    session.close()


def test_every_recording_has_a_row_in_a_table(recordings: dict[str, Any]) -> None:
    """A recording nobody thought about fails here."""
    tabled = {row.values[0] for row in _table(LISTINGS) + _table(PAGES)}

    assert tabled == set(recordings)


@pytest.mark.parametrize(("name", "said"), _table(LISTINGS))
def test_listings(name: str, said: str, recordings: dict[str, Any], archive: Replay, session: ArchiveSession) -> None:
    """Every row is counted, exclusions are typed, and what is no listing is never an empty one."""
    path = _path(recordings[name]["request"]["url"] or "https://web.archive.org/cdx/search/cdx?url=unrecorded.example")
    archive.answers[path] = recordings[name]
    try:
        page = read_page(check_listing(session.get(archive.base + path, endpoint="listing")), archive="wayback")
        odd = f", {len(page.oddities)} odd" if page.oddities else ""
        found = f"{len(page.captures)} rows{odd}{', more' if page.resume_key else ''}"
        if page.resume_key and page.resume_key.startswith("com%2Ccnn"):
            assert overlapping(page.resume_key, page.captures[-1].timestamp).endswith(page.captures[-1].timestamp)
    except ArchiveError as error:
        found = type(error).__name__

    assert found == said


@pytest.mark.parametrize(("name", "said"), _table(PAGES))
def test_pages(name: str, said: str, recordings: dict[str, Any], archive: Replay, session: ArchiveSession) -> None:
    """What the site said is told from what the archive said, and how far away it landed."""
    url = recordings[name]["request"]["url"]
    place = memento.place_of(url) or memento.Place("20161112232202", url)
    path = _path(f"https://web.archive.org/web/{place.timestamp}id_/{place.url}")
    capture = Capture("wayback", place.url, "", place.timestamp, parse_stamp(place.timestamp)[0])
    before = archive.answers.get(path)
    archive.answers[path] = recordings[name]
    archive.unknown.clear()
    try:
        raw = memento.fetch(session, capture, prefix=f"{archive.base}/web/", settings=Settings())
    finally:
        archive.answers.pop(path)
        archive.answers |= {path: before} if before else {}

    if said == "asks for the nearest":  # which was not recorded
        assert re.match(r"/web/2019010103\d{4}id_/", archive.unknown[0])
        return
    assert archive.unknown == []
    page, _ = read_document(raw)

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
