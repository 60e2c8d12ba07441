"""Archives for tests: an adapter that replays answers and refuses everything else, small WARC files, a still clock."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import requests
from requests.adapters import BaseAdapter
from urllib3 import HTTPHeaderDict, HTTPResponse
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from harvest.archive.session import ArchiveSession
from harvest.config import Settings


@dataclass
class Told:
    """One prepared answer; an exception instead is raised."""

    status: int = 200
    headers: Iterable[tuple[str, str]] = ()
    body: bytes = b""
    error: Exception | None = None


class UnknownAddress(AssertionError):
    """The program asked for something no test prepared."""


class ReplayAdapter(BaseAdapter):
    """Answers prepared addresses, in order where there are several answers; raises on any other."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: dict[str, list[Told]] = {}
        self.asked: list[str] = []
        self.headers: list[Mapping[str, str]] = []

    def tell(self, url: str, *answers: Told) -> None:
        self.answers.setdefault(requests.Request("GET", url).prepare().url or url, []).extend(answers)

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:  # type: ignore[override]
        url = request.url or ""
        self.asked.append(url)
        self.headers.append(dict(request.headers))
        prepared = self.answers.get(url)
        if not prepared:
            raise UnknownAddress(url)
        told = prepared.pop(0) if len(prepared) > 1 else prepared[0]
        if told.error is not None:
            raise told.error
        headers = HTTPHeaderDict(list(told.headers))
        response = requests.Response()
        response.status_code = told.status
        response.url = url
        response.headers.update(headers)
        response.raw = HTTPResponse(
            io.BytesIO(told.body), headers=headers, status=told.status, preload_content=False, decode_content=False
        )
        response.request = request
        return response

    def close(self) -> None:
        """Nothing is open."""


@dataclass
class Clock:
    """A clock that moves only when somebody sleeps."""

    time: float = 1_767_225_600.0
    slept: list[float] = field(default_factory=list)

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds

    def hold(self) -> None:
        """Nobody else is there."""

    def release(self) -> None:
        """Nobody else is there."""


@pytest.fixture
def adapter() -> ReplayAdapter:
    """Return an adapter that knows no address yet; `Told` and `tell` teach it."""
    return ReplayAdapter()


@pytest.fixture
def told() -> type[Told]:
    """Return the type of prepared answers."""
    return Told


@pytest.fixture
def clock() -> Clock:
    """Return a clock that stands still."""
    return Clock()


@pytest.fixture
def make_session(adapter: ReplayAdapter, clock: Clock) -> Callable[..., ArchiveSession]:
    """Return a function that makes a session over the replaying adapter and the still clock."""

    def make(settings: Settings | None = None, **options: Any) -> ArchiveSession:
        http = requests.Session()
        http.mount("http://", adapter)
        http.mount("https://", adapter)
        return ArchiveSession(replace(settings or Settings(), clock=clock), http=http, **options)

    return make


@pytest.fixture
def write_warc() -> Callable[..., Path]:
    """Return a function that writes pages into a WARC file: dicts of url, at, body, status, headers, digest, kind."""

    def write(path: Path, pages: Iterable[Mapping[str, Any]], *, gzip: bool = True) -> Path:
        with path.open("wb") as stream:
            writer = WARCWriter(stream, gzip=gzip)
            for page in pages:
                writer.write_record(_record(writer, page))
        return path

    return write


def _record(writer: WARCWriter, page: Mapping[str, Any]) -> Any:
    kind = page.get("kind", "response")
    headers = [("Content-Type", page.get("mime", "text/html")), *page.get("headers", ())]
    http = StatusAndHeaders(page.get("status", "200 OK"), headers, protocol="HTTP/1.1")
    if kind == "revisit":
        return writer.create_revisit_record(
            page["url"],
            digest=page["digest"],
            refers_to_uri=page.get("refers_to", page["url"]),
            refers_to_date=page.get("refers_to_at", ""),
            http_headers=http,
            warc_headers_dict={"WARC-Date": page["at"]},
        )
    return writer.create_warc_record(
        page["url"],
        kind,
        payload=io.BytesIO(page.get("body", b"")),
        http_headers=http if kind == "response" else None,
        warc_headers_dict={"WARC-Date": page["at"]},
    )
