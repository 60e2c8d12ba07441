"""A small archive with one of everything, and a simulator over it."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from harvest.simulator import Simulator, sample, serve

PAGE = "http://www.fernmail.example/privacy.html"
Row = tuple[str, str, str, list[tuple[str, str]], bytes]

ROWS: list[Row] = [
    (PAGE, "2001-02-03T04:05:06Z", "200 OK", [("Content-Type", "text/html")], b"<body>first</body>"),
    (PAGE, "2001-02-03T04:05:06Z", "200 OK", [("Content-Type", "text/html")], b"<body>first</body>"),
    (PAGE, "2003-03-03T03:03:09Z", "200 Document follows", [("Content-Type", "text/html")], b"<body>second</body>"),
    (PAGE, "2004-01-01T00:00:00Z", "404 Not Found", [("Content-Type", "text/html"), ("Server", "X")], b"gone"),
    (PAGE, "2005-01-01T00:00:00Z", "301 Moved Permanently", [("Location", "/legal/privacy")], b""),
    (
        "https://www.fernmail.example/legal/privacy",
        "2005-01-01T00:00:02Z",
        "200 OK",
        [("Content-Type", "text/html; charset=utf-8"), ("X-Twice", "a"), ("X-Twice", "b")],
        b"<body>third</body>",
    ),
    (
        "http://shop.fernmail.example/a?b=1&c=2",
        "2006-01-01T00:00:00Z",
        "200 OK",
        [("Content-Type", "text/css")],
        b"x{}",
    ),
    ("http://walled.example/", "2006-01-01T00:00:00Z", "200 OK", [("Content-Type", "text/html")], b"secret"),
]


def warc_bytes(rows: list[Row]) -> bytes:
    stream = BytesIO()
    writer = WARCWriter(stream, gzip=True)
    for url, date, status, headers, body in rows:
        answer = StatusAndHeaders(status, headers, protocol="HTTP/1.0")
        writer.write_record(
            writer.create_warc_record(
                url,
                "response",
                payload=BytesIO(body),
                length=len(body),
                http_headers=answer,
                warc_headers_dict={"WARC-Date": date},
            )
        )
    return stream.getvalue()


@pytest.fixture(scope="session")
def small_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a WARC file of `ROWS`."""
    path = tmp_path_factory.mktemp("archive") / "small.warc.gz"
    path.write_bytes(warc_bytes(ROWS))
    return path


@pytest.fixture(scope="session")
def simulator(small_archive: Path) -> Iterator[Simulator]:
    """Serve the small archive, without ``walled.example``."""
    with serve([small_archive], excluded=["walled.example"]) as running:
        yield running


@pytest.fixture(scope="session")
def bundled_sample(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Return the WARC files of the bundled sample."""
    return sample.write_bundled(tmp_path_factory.mktemp("sample"))
