"""A small history in a WARC file, and the corpus that a harvest makes of it."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from harvest.cli import main

URL = "http://www.orchard-press.example/privacy.html"

INTRO = (
    "Orchard Press prints small books for people who order them through this web site. This page says what we"
    " write down about our visitors and customers, why we do so, and how long we keep it in our files."
)
COLLECT = (
    "When you order a book we ask for your name, your postal address and your e-mail address. We use them to send"
    " the book and to answer questions about the order, and for nothing else."
)
COOKIES = "Our shop remembers the content of your basket with a cookie that expires when you close the browser window."
SHARING = "We do not sell, rent or lend the personal information of our customers to anybody outside our company."
PARTNERS = (
    "We may share your postal address with delivery partners, and anonymous statistics of our shop with the"
    " advertising networks that show our books on other web sites."
)
CONTACT = "Write to the clerk of Orchard Press, 12 Mill Lane, with any question about this privacy policy."


def page(*sections: tuple[str, str], updated: str = "") -> bytes:
    """Return a page in the HTML of 2003."""
    body = "".join(f"<h2>{heading}</h2>\n<p>{text}</p>\n" for heading, text in sections)
    date = f"<p><i>Last updated: {updated}</i></p>" if updated else ""
    return (
        "<html><head><title>Orchard Press: Privacy Policy</title></head><body>"
        f"<h1>Privacy Policy</h1>\n{date}<p>{INTRO}</p>\n{body}"
        "</body></html>"
    ).encode()


FIRST = page(("What we collect", COLLECT), ("Cookies", COOKIES), ("Sharing", SHARING), ("Contact", CONTACT))
SECOND = page(("What we collect", COLLECT), ("Cookies", COOKIES), ("Sharing", PARTNERS), ("Contact", CONTACT))
CAPTURES = (
    ("2003-04-01T11:32:13Z", "200 OK", FIRST),
    ("2004-02-11T08:00:00Z", "200 OK", FIRST + b"<!-- served by 3 -->"),
    ("2005-06-30T19:20:21Z", "404 Not Found", b"<html><title>404 Not Found</title><h1>Not Found</h1></html>"),
    ("2006-01-05T00:10:00Z", "200 OK", SECOND),
    ("2009-12-24T23:59:59Z", "200 OK", SECOND + b"<!-- served by 7 -->"),
)


def write_warc(path: Path, captures: tuple[tuple[str, str, bytes], ...] = CAPTURES, *, url: str = URL) -> Path:
    """Write captures as a WARC file of response records."""
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        for moment, status, body in captures:
            headers = StatusAndHeaders(status, [("Content-Type", "text/html")], protocol="HTTP/1.0")
            record = writer.create_warc_record(
                url,
                "response",
                payload=io.BytesIO(body),
                http_headers=headers,
                warc_headers_dict={"WARC-Date": moment},
            )
            writer.write_record(record)
    return path


@pytest.fixture
def cli() -> Callable[..., Result]:
    """Return a function that runs the command line in this process; an unexpected exception fails the test."""

    def run(*arguments: object, expect: int = 0) -> Result:
        result = CliRunner().invoke(main, [str(item) for item in arguments])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == expect, result.output
        assert "Traceback" not in result.output
        return result

    return run


@pytest.fixture(scope="session")
def orchard_warc(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a WARC file with five captures of one policy that changed once."""
    return write_warc(tmp_path_factory.mktemp("warc") / "orchard.warc.gz")


@pytest.fixture(scope="session")
def orchard_built(tmp_path_factory: pytest.TempPathFactory, orchard_warc: Path) -> Path:
    """Return the corpus harvested from that WARC file, once for the session: copy it, do not write to it."""
    path = tmp_path_factory.mktemp("corpus") / "orchard.db"
    result = CliRunner().invoke(main, ["run", "--archive", str(orchard_warc), "-d", str(path)])
    assert result.exit_code == 0, result.output
    return path


@pytest.fixture
def orchard(orchard_built: Path, tmp_path: Path) -> Path:
    """Return a corpus of one policy with two versions, for this test alone."""
    path = tmp_path / "orchard.db"
    path.write_bytes(orchard_built.read_bytes())
    return path


@pytest.fixture
def empty_folder(tmp_path: Path) -> Iterator[Path]:
    """Make an empty folder the working directory."""
    before = Path.cwd()
    folder = tmp_path / "empty"
    folder.mkdir()
    os.chdir(folder)
    yield folder
    os.chdir(before)
