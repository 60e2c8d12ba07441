"""Servers that are no Wayback Machine: which dialect they speak, and that all give the same captures."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from harvest.archive.wayback import ARQUIVO, WaybackArchive, dialects
from harvest.config import Rate, Settings
from harvest.errors import ArchiveError
from harvest.model import Outcome
from harvest.simulator import sample, serve
from harvest.targets import read_targets

URL = "http://a.example/privacy"
STAMPS = [f"20030401{number:06d}" for number in range(0, 25)]
PAGE = b"<h1>Privacy</h1><p>What we keep.</p>"


def _fields(stamp: str) -> dict[str, str]:
    return {"url": URL, "mime": "text/html", "status": "200", "digest": f"D{stamp}", "length": "900"}


def _cdxj(stamp: str) -> str:
    return f"example,a)/privacy {stamp} {json.dumps(_fields(stamp))}"


def _cdx11(stamp: str) -> str:
    return f"example,a)/privacy {stamp} {URL} text/html 200 D{stamp} - - 900 396 crawl.warc.gz"


def _cdx14(stamp: str) -> str:
    return f"{_cdx11(stamp)} 900 396 original.warc.gz"


def _cdx7(stamp: str) -> str:
    return f"example,a)/privacy {stamp} {URL} text/html 200 D{stamp} 900"


@contextmanager
def _server(index: str, row: Callable[[str], str], *, elsewhere: int = 404, playback: str = "") -> Iterator[Any]:
    """Serve an index at one path, in pages without resume keys, and pages below another; *elsewhere* for the rest."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path, _, query = self.path.partition("?")
            asked = {name: values[0] for name, values in parse_qs(query).items()}
            if path == index:
                rows = [row(stamp) for stamp in STAMPS if stamp >= asked.get("from", "")]
                return self._send(200, "".join(f"{line}\n" for line in rows[: int(asked["limit"])]).encode())
            if playback and path.startswith(playback):
                return self._send(200, PAGE, {"Memento-Datetime": "Tue, 01 Apr 2003 00:00:00 GMT"})
            return self._send(elsewhere, b"<html>not here</html>", {"Content-Type": "text/html"})

        def _send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("elsewhere", [404, 200], ids=["404-elsewhere", "a-page-elsewhere"])
@pytest.mark.parametrize(
    ("index", "row", "playback", "spec"),
    [
        pytest.param("/cdx/search/cdx", _cdx7, "/web/", "{}", id="wayback"),
        pytest.param("/coll/cdx", _cdxj, "/coll/", "{}/coll", id="pywb"),
        pytest.param("/coll/cdx", _cdx11, "/coll/", "{}/coll", id="openwayback-cdx"),
        pytest.param("/myindex", _cdx11, "/replay/", "{0}/replay#index={0}/myindex", id="outbackcdx"),
        pytest.param("/myindex", _cdx14, "/replay/", "{0}/replay#index={0}/myindex", id="outbackcdx-14"),
    ],
)
def test_whatever_a_server_speaks_the_captures_are_the_same(
    index: str, row: Callable[[str], str], playback: str, spec: str, elsewhere: int
) -> None:
    """Every row comes, though there are no keys to go on with, and a page can be fetched."""
    with _server(index, row, elsewhere=elsewhere, playback=playback) as url:
        archive = WaybackArchive.open(spec.format(url), Settings(listing_page_rows=10))
        listing = archive.list_captures(URL)
        page = archive.fetch(listing.captures[0])
        archive.close()

    assert [capture.timestamp for capture in listing.captures] == STAMPS
    assert {(capture.statuscode, capture.length) for capture in listing.captures} == {("200", 900)}
    assert page.body == PAGE


def test_trouble_that_passes_does_not_decide_the_dialect(tmp_path: Path) -> None:
    """A server that answers in both layouts and once with a web page is asked again: its pages are not all missing."""
    sample.write_sample(tmp_path, seed=42, companies=1)
    url = read_targets(tmp_path / "targets.toml").targets[0].text
    with serve([tmp_path], faults=["html-for-data"], seed=3) as server:
        archive = WaybackArchive.open(server.url, Settings())
        listing = archive.list_captures(url)
        if listing.outcome == "failed":  # the trouble met the listing itself
            listing = archive.list_captures(url)
        pages = [archive.fetch(capture) for capture in listing.captures]
        archive.close()

    assert {page.outcome for page in pages} == {Outcome.FETCHED}


def test_a_server_without_an_index_is_told_so() -> None:
    """The message says where was looked, and what to write for pywb."""
    with _server("/nowhere", _cdx7) as url:
        archive = WaybackArchive.open(url, Settings())
        with pytest.raises(ArchiveError, match="name the collection"):
            archive.list_captures(URL)
        archive.close()


@pytest.mark.parametrize("spec", ["arquivo", "https://arquivo.pt", "https://arquivo.pt/wayback/"])
def test_arquivo_is_known(spec: str) -> None:
    """Its layout, and the limits it publishes: it blocks for good who goes over them."""
    archive = WaybackArchive.open(spec, Settings())
    archive.close()

    assert (archive.base, archive.name) == (ARQUIVO, ARQUIVO)
    assert dialects(ARQUIVO)[0].index == "https://arquivo.pt/wayback/cdx"
    assert Settings().rates_of("arquivo.pt") == {"listing": Rate(200), "memento": Rate(320)}


def test_limits_may_be_said_for_one_archive() -> None:
    """What is said of an archive holds for it alone; a general limit that was set holds for the others."""
    settings = Settings(memento_rate=Rate(60), archives={"a.example": {"listing": Rate(5)}})

    assert settings.rates_of("a.example") == {"listing": Rate(5), "memento": Rate(60)}
    assert settings.rates_of("arquivo.pt") == {"listing": Rate(24), "memento": Rate(60)}


def test_an_address_is_split_from_its_index() -> None:
    """What stands behind ``#index=`` is asked for captures, what stands before it for pages."""
    archive = WaybackArchive.open("http://127.0.0.1:1/replay/#index=http://127.0.0.1:2/coll", Settings())
    archive.close()

    assert urlsplit(archive.base).path == "/replay"
    assert archive._index == "http://127.0.0.1:2/coll"
