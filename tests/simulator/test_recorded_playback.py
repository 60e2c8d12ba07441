"""Playback against recorded answers of web.archive.org: what it said of a capture, the simulator says of it too."""

from __future__ import annotations

import base64
import gzip
import json
import re
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from harvest.simulator.holdings import open_holdings
from harvest.simulator.playback import Reply, parse_address, play

PREFIX = "x-archive-orig-"


@dataclass(frozen=True)
class Recorded:
    """A recorded answer: headers with lower-case names, body decoded."""

    name: str
    url: str
    status: int
    reason: str
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")

    @property
    def is_memento(self) -> bool:
        return bool(self.header("memento-datetime")) and "id_/" in self.url


def _read(path: Path) -> Recorded:
    exchange: dict[str, Any] = json.loads(path.read_text())
    answer = exchange["response"]
    body = base64.b64decode(answer.get("body_base64") or "")
    return Recorded(
        path.name,
        exchange["request"]["url"],
        answer["status"],
        answer["reason"],
        [(name.lower(), value) for name, value in answer["headers"]],
        gzip.decompress(body) if answer.get("body_stored_as_gzip") else body,
    )


@pytest.fixture(scope="module")
def recorded(eval_data: Path) -> list[Recorded]:
    """Return the recorded mementos: pages, archived errors, archived redirects."""
    paths = sorted((eval_data / "wayback-http").glob("memento-*.json"))
    return [answer for answer in map(_read, paths) if answer.is_memento]


def _write(folder: Path, answer: Recorded) -> Path:
    """Write the capture as the archive must have stored it."""
    when = parsedate_to_datetime(answer.header("memento-datetime"))
    headers = [(key.removeprefix(PREFIX), value) for key, value in answer.headers if key.startswith(PREFIX)]
    if answer.header("content-type"):
        headers.append(("content-type", answer.header("content-type")))
    if answer.header("location"):
        headers.append(("location", re.sub(r"^.*?/web/\d+id_/", "", answer.header("location"))))
    stream = BytesIO()
    writer = WARCWriter(stream, gzip=True)
    record = writer.create_warc_record(
        answer.url.split("id_/", 1)[1],
        "response",
        payload=BytesIO(answer.body),
        length=len(answer.body),
        http_headers=StatusAndHeaders(f"{answer.status} {answer.reason}", headers, protocol="HTTP/1.1"),
        warc_headers_dict={"WARC-Date": f"{when:%Y-%m-%dT%H:%M:%SZ}"},
    )
    writer.write_record(record)
    path = folder / f"{answer.name}.warc.gz"
    path.write_bytes(stream.getvalue())
    return path


def _ask(path: Path, url: str) -> Reply:
    asked = parse_address(url.removeprefix(_base(url)))
    assert asked is not None
    return play(open_holdings([path]), asked, _base(url))


def _base(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


@pytest.mark.evaluation
def test_a_capture_is_answered_as_recorded(recorded: list[Recorded], tmp_path: Path) -> None:
    """Status, reason, time, type, archived headers and body are the recorded ones."""
    assert len(recorded) > 15
    for answer in recorded:
        reply = _ask(_write(tmp_path, answer), answer.url)
        headers = {name.lower(): value for name, value in reply.headers}

        assert (reply.status, reply.reason) == (answer.status, answer.reason), answer.name
        assert headers["memento-datetime"] == answer.header("memento-datetime"), answer.name
        assert headers.get("content-type", "") == answer.header("content-type"), answer.name
        assert reply.body == answer.body, answer.name
        assert _archived(reply.headers) == _archived(answer.headers), answer.name


def _archived(headers: Any) -> list[tuple[str, str]]:
    return sorted((name.lower(), value) for name, value in headers if name.lower().startswith(PREFIX))


@pytest.mark.evaluation
def test_an_archived_redirect_leads_where_recorded(recorded: list[Recorded], tmp_path: Path) -> None:
    """The archived place is rewritten into the archive, at the stamp of the capture that says it."""
    redirects = [answer for answer in recorded if answer.header("location")]
    assert len(redirects) >= 5
    for answer in redirects:
        reply = _ask(_write(tmp_path, answer), answer.url)
        location = dict(reply.headers)["Location"]

        assert _path(location) == _path(answer.header("location")), answer.name


def _path(address: str) -> str:
    return address[address.index("/web/") :]


@pytest.mark.evaluation
def test_the_nearest_capture_is_found_as_recorded(eval_data: Path, tmp_path: Path) -> None:
    """From a time without a capture the way leads to the recorded landing, with 302 FOUND and the reason."""
    answers = [_read(path) for path in sorted((eval_data / "wayback-http").glob("memento-nearest-*.json"))]
    assert len(answers) > 10
    for answer in answers:
        location = answer.header("location")
        stamp, url = re.findall(r"/web/(\d+)(?:id_)?/(.*)", location)[0]
        landing = f"{stamp[:4]}-{stamp[4:6]}-{stamp[6:8]}T{stamp[8:10]}:{stamp[10:12]}:{stamp[12:]}Z"
        stream = BytesIO()
        writer = WARCWriter(stream, gzip=True)
        writer.write_record(
            writer.create_warc_record(
                url,
                "response",
                payload=BytesIO(b"x"),
                length=1,
                http_headers=StatusAndHeaders("200 OK", [], protocol="HTTP/1.1"),
                warc_headers_dict={"WARC-Date": landing},
            )
        )
        path = tmp_path / f"{answer.name}.warc.gz"
        path.write_bytes(stream.getvalue())
        reply = _ask(path, answer.url)
        headers = dict(reply.headers)

        assert (reply.status, reply.reason) == (302, answer.reason), answer.name
        assert headers["Location"] == location, answer.name
        assert headers["Content-Type"] == answer.header("content-type"), answer.name
        if answer.header("x-archive-redirect-reason"):
            assert headers["X-Archive-Redirect-Reason"] == answer.header("x-archive-redirect-reason"), answer.name
