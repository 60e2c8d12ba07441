"""What was fetched, kept as WARC files: the same pages come out of them, and a kill leaves nothing half."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from warcio.archiveiterator import ArchiveIterator

from harvest.archive.keeping import keep
from harvest.cli import main
from harvest.corpus.store import Store
from harvest.model import Capture, Outcome, RawPage
from harvest.simulator import serve
from harvest.timestamps import parse_stamp

URL = "http://www.brook.example/privacy.html"
NEW = "http://www.brook.example/legal/privacy"
WORDS = b"We keep nothing of what you type into this form. " * 6
PAGES: list[Any] = [
    {"url": URL, "at": "2003-04-01T11:32:13Z", "body": b"<h1>Privacy</h1><p>" + WORDS},
    {"url": URL, "at": "2005-04-01T11:32:13Z", "body": b"<h1>Privacy</h1><p>" + WORDS + b"<p>And more.</p>"},
    {"url": URL, "at": "2006-04-01T11:32:13Z", "status": "301 Moved", "headers": [("Location", NEW)]},
    {"url": NEW, "at": "2006-05-01T11:32:13Z", "body": b"<h1>Privacy</h1><p>" + WORDS + b"<p>A new place.</p>"},
]
QUESTION = """
    SELECT c.url, c.timestamp, c.outcome, t.sha256, b.sha256 FROM captures c LEFT JOIN texts t ON t.id = c.text_id
    LEFT JOIN bodies b ON b.id = c.body_id ORDER BY c.url, c.timestamp
"""


def _rows(db: Path) -> list[tuple[object, ...]]:
    with Store.open(db, create=False) as store:
        return [tuple(row) for row in store.conn.execute(QUESTION)]


def _files(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def test_a_harvest_can_be_harvested_again_from_what_it_kept(write_warc: Callable[..., Path], tmp_path: Path) -> None:
    """Pages and redirects come out of the files as they came from the archive; a repeat writes the same bytes."""
    kept = tmp_path / "kept"
    with serve([write_warc(tmp_path / "a.warc.gz", PAGES)]) as server:
        files = []
        for name in ("one.db", "two.db"):
            command = ["run", URL, "--archive", server.url, "--archive-to", str(kept), "-d", str(tmp_path / name)]
            result = CliRunner().invoke(main, command)
            assert result.exit_code == 0, result.output
            files.append(_files(kept))
    again = CliRunner().invoke(main, ["run", URL, "--archive", str(kept), "-d", str(tmp_path / "again.db")])

    assert again.exit_code == 0, again.output
    assert len(files[0]) == 4
    assert files[0] == files[1]
    assert _rows(tmp_path / "again.db") == _rows(tmp_path / "one.db")


def _page(**changes: Any) -> RawPage:
    capture = Capture("wayback", URL, "", "20030401113213", parse_stamp("20030401113213")[0])
    return RawPage(capture, Outcome.FETCHED, **{"body": b"<p>Hello", "status": 200, **changes})


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param(
            {"content-type": "text/html", "content-encoding": "gzip", "content-length": "9"}, id="of-the-transfer"
        ),
        pytest.param({"x-odd": "a\r\nb: c\r\n\r\nd"}, id="line-breaks"),
        pytest.param({"x-odd": "snowman ☃"}, id="not-latin"),
    ],
)
def test_any_headers_make_a_sound_record(tmp_path: Path, headers: dict[str, str]) -> None:
    """The body is found behind them, whole, and the record says where it came from."""
    path = keep(_page(headers=headers), tmp_path)
    with path.open("rb") as stream:
        (record,) = [(item.rec_headers, item.content_stream().read()) for item in ArchiveIterator(stream)]

    assert record[1] == b"<p>Hello"
    assert record[0].get_header("WARC-Source-URI") == f"https://web.archive.org/web/20030401113213id_/{URL}"
    assert record[0].get_header("WARC-Date") == "2003-04-01T11:32:13Z"


def test_a_write_that_fails_leaves_nothing(tmp_path: Path) -> None:
    """The folder of a host is a file: the error says so, and no half page lies about."""
    (tmp_path / "brook.example").write_text("in the way")
    with pytest.raises(OSError, match=r"brook\.example"):
        keep(_page(), tmp_path)

    assert os.listdir(tmp_path) == ["brook.example"]
