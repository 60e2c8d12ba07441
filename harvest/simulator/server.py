"""A Wayback-compatible server over WARC files, for tests, demonstrations and work without a network.

::

    with serve([Path("archive.warc.gz")]) as simulator:
        requests.get(f"{simulator.url}/cdx/search/cdx?url=example.org&limit=10")
"""

from __future__ import annotations

import json
import socket
import struct
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from harvest.clock import SYSTEM_CLOCK, Clock
from harvest.simulator import cdx, playback, timemap
from harvest.simulator.faults import Faults, Trouble
from harvest.simulator.holdings import Holdings, open_holdings
from harvest.simulator.pages import front_page, listing_page
from harvest.simulator.playback import Reply
from harvest.urls import urlkey

_DRIPS, _DRIP_S = 4, 0.2
_BLOCKED = "org.archive.wayback.exception.AdministrativeAccessControlException: Blocked Site Error"


@dataclass(slots=True)
class Simulator:
    """A running simulator. *requests* is what was asked so far, oldest first: (path with query, status)."""

    url: str
    holdings: Holdings
    excluded: tuple[str, ...] = ()
    opaque_keys: bool = False
    faults: Faults = field(default_factory=Faults)
    fault_log: Path | None = None
    requests: list[tuple[str, int]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def reply(self, target: str, base: str) -> Reply:
        """Answer the request target *target* (path and query as sent); *base* is how the client calls us."""
        path, _, query = target.partition("?")
        if path in ("/cdx/search/cdx", "/cdx/search/cdx/", "/cdx"):
            return self._index(query)
        if path == "/":
            return front_page(self.holdings, base)
        if path.startswith("/web/timemap/"):
            return self._time_map(target.removeprefix("/web/timemap/"), base)
        asked_for_all = path.removeprefix("/web/*/") if path.startswith("/web/*/") else ""
        if asked_for_all:
            return listing_page(self.holdings, target.removeprefix("/web/*/"), base)
        asked = playback.parse_address(target)
        if asked is None:
            return playback.not_archived(target)
        if playback.is_excluded(asked.url, self.excluded):
            return playback.excluded(asked.url)
        return playback.play(self.holdings, asked, base)

    def _time_map(self, asked: str, base: str) -> Reply:
        """``cdx?url=…`` speaks as the index, ``json?url=…`` and ``link/URL`` have forms of their own."""
        form, _, query = asked.partition("?")
        if form == "cdx":
            return self._index(query)
        url = parse_qs(query).get("url", [""])[-1] if form == "json" else asked.removeprefix("link/")
        if playback.is_excluded(url, self.excluded):
            # As recorded: no body, the reason in a header.
            header = ("x-archive-wayback-runtime-error", "AdministrativeAccessControlException: Blocked Site Error")
            return Reply(403, "FORBIDDEN", (("Content-Type", "text/plain; charset=utf-8"), header))
        rows = self.holdings.of(urlkey(url if "://" in url else f"http://{url}"))
        return timemap.as_json(rows) if form == "json" else timemap.as_links(rows, url, base)

    def note(self, target: str, sent: Trouble) -> None:
        """Remember what was asked, and write what went wrong on purpose to the fault log."""
        with self._lock:
            self.requests.append((target, 0 if sent.delivery == "none" else sent.reply.status))
            if sent.name and self.fault_log is not None:
                with self.fault_log.open("a", encoding="utf-8") as log:
                    log.write(json.dumps({"fault": sent.name, "request": target}) + "\n")

    def _index(self, query: str) -> Reply:
        params = parse_qs(query, keep_blank_values=True, encoding="utf-8", errors="replace")
        if playback.is_excluded(params.get("url", [""])[-1].lstrip("*.") or "none", self.excluded):
            headers = (("Content-Type", "text/plain;charset=UTF-8"), ("X-Archive-Wayback-Runtime-Error", _BLOCKED))
            return Reply(403, "Forbidden", headers, f"org.archive.util.io.RuntimeIOException: {_BLOCKED}\n".encode())
        try:
            content_type, text = cdx.render(cdx.answer(self.holdings, params, opaque_keys=self.opaque_keys), params)
        except cdx.BadQuery as error:
            return Reply(400, "Bad Request", (("Content-Type", "text/plain;charset=UTF-8"),), f"{error}\n".encode())
        return Reply(200, "OK", (("Content-Type", content_type),), text.encode("utf-8", "surrogateescape"))


@contextmanager
def serve(
    archives: Sequence[Path],
    *,
    port: int = 0,
    host: str = "127.0.0.1",
    excluded: Sequence[str] = (),
    opaque_keys: bool = False,
    faults: Sequence[str] = (),
    seed: int = 0,
    fault_log: Path | None = None,
    clock: Clock = SYSTEM_CLOCK,
) -> Iterator[Simulator]:
    """Serve WARC files while the block runs; the value has ``.url``.

    *archives* are WARC files, folders of them, or CDX files of what is listed only. *port* 0 takes a free one.
    *excluded* are hosts the archive refuses, as after a site's request. *opaque_keys*: resume keys in the form of
    2026. *faults* are names of `faults.NAMES`, dealt out by *seed* in the time of *clock*; *fault_log* is a file
    to which each is written as a line of JSON. Raises DamagedArchive where a file cannot be read, OSError where the
    port is taken, ValueError for an unknown fault.
    """
    holdings = open_holdings([Path(archive) for archive in archives])
    simulator = Simulator(
        url="",
        holdings=holdings,
        excluded=tuple(excluded),
        opaque_keys=opaque_keys,
        faults=Faults(tuple(faults), seed=seed, clock=clock),
        fault_log=fault_log,
    )
    server = _Server((host, port), simulator)
    simulator.url = f"http://{host}:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield simulator
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a client's idle keep-alive connection must not hold up the end

    def __init__(self, address: tuple[str, int], simulator: Simulator) -> None:
        super().__init__(address, _Handler)
        self.simulator = simulator

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that went away, which is theirs to do."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server_version = "policy-harvest-simulator"
    sys_version = ""
    protocol_version = "HTTP/1.1"  # keep-alive: connections are reused as on the real archive
    disable_nagle_algorithm = True  # else every answer waits 40 ms for an acknowledgement
    server: _Server

    def do_GET(self) -> None:
        simulator = self.server.simulator
        target = _request_target(self.path)
        base = f"http://{self.headers.get('Host') or urlsplit(simulator.url).netloc}"
        reply = simulator.reply(target, base)
        trouble = simulator.faults.strike(
            target, reply, base=base, holdings=simulator.holdings, ask=lambda other: simulator.reply(other, base)
        )
        trouble = trouble or Trouble("", reply)
        # Noted before it is sent: who has the answer finds it in the log.
        simulator.note(target, trouble)
        if trouble.delay_s:
            simulator.faults.clock.sleep(trouble.delay_s)
        if trouble.delivery == "none":
            self.close_connection = True
        else:
            self._send(trouble)

    do_HEAD = do_GET

    def _send(self, trouble: Trouble) -> None:
        """Send headers and body in one write; what breaks off ends the connection."""
        reply, delivery = trouble.reply, trouble.delivery
        self.send_response_only(reply.status, reply.reason)
        if not any(name.lower() == "date" for name, _ in reply.headers):
            self.send_header("Date", self.date_time_string())
        self.send_header("Server", self.server_version)
        for name, value in reply.headers:
            self.send_header(name, _one_line(value))
        if delivery == "unfinished":
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.send_header("Content-Length", str(len(reply.body)))
        if self.command == "HEAD":
            self.end_headers()
            return
        self._send_body(reply.body, delivery)

    def _send_body(self, body: bytes, delivery: str) -> None:
        half = body[: len(body) // 2]
        if delivery == "unfinished":
            half = b"%x\r\n%s\r\n" % (len(half), half)
        if delivery == "dripping":
            self._drip(body)
            return
        # One packet for head and body; the library's own list is not in its type stubs.
        self._headers_buffer.append(b"\r\n" + (body if delivery == "whole" else half))  # type: ignore[attr-defined]
        self.flush_headers()
        if delivery != "whole":
            self.close_connection = True
        if delivery == "aborted":
            # Without lingering a close is a reset.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def _drip(self, body: bytes) -> None:
        self.end_headers()
        size = len(body) // _DRIPS + 1
        for start in range(0, len(body), size):
            self.server.simulator.faults.clock.sleep(_DRIP_S)
            self.wfile.write(body[start : start + size])

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: what was asked is in ``Simulator.requests``."""


def _request_target(path: str) -> str:
    """The target as sent. Absolute targets, as sent to a proxy, lose their own host."""
    if path.startswith(("http://", "https://")):
        parts = urlsplit(path)
        return parts.path + (f"?{parts.query}" if parts.query else "")
    return path


def _one_line(value: str) -> str:
    # Archived headers are hostile: a line break in one would end the header block.
    return value.replace("\r", " ").replace("\n", " ").encode("latin-1", "replace").decode("latin-1")
