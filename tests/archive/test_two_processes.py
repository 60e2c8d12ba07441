"""Two harvests at once, against an archive that answers slowly: the limit is used, and never exceeded."""

from __future__ import annotations

import http.server
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from harvest.clock import SharedClock, held
from harvest.corpus.store import Store
from harvest.timestamps import parse_stamp

PAGES = 60
PER_MINUTE = 30
ANSWER_S = 5.0  # so slow that one request at a time would use 12 of the 30 places a minute


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        archive: Any = self.server
        if self.path.startswith("/cdx/"):
            archive.listings.append(archive.clock.now())
            self._send("text/plain", _rows(self.path), {})
            return
        archive.pages.append(archive.clock.now())
        archive.clock.sleep(ANSWER_S)
        stamp = self.path.split("/")[2][:14]
        body = f"<h1>Privacy</h1><p>What we keep, as of {stamp}, is written here for you to read.</p>"
        self._send("text/html", body, {"Memento-Datetime": format_datetime(parse_stamp(stamp)[0], usegmt=True)})

    def _send(self, kind: str, text: str, headers: dict[str, str]) -> None:
        self.send_response(200)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(text)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


def _rows(path: str) -> str:
    host = "one.example" if "one.example" in path else "two.example"
    row = "example,{key})/privacy 20030401{time:06d} http://{host}/privacy text/html 200 {digest} 900\n"
    return "".join(
        row.format(key=host[:3], time=(n // 60) * 100 + n % 60, host=host, digest=f"{host[:3].upper()}{n:029d}")
        for n in range(PAGES)
    )


@contextmanager
def _archive(clock: SharedClock) -> Iterator[Any]:
    server: Any = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.clock, server.listings, server.pages = clock, [], []
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def _start(host: str, server: Any, folder: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "harvest", "run", f"http://{host}/privacy", "-q", "-d", str(folder / f"{host}.db")]
    options = {
        "--archive": f"http://127.0.0.1:{server.server_port}",
        "--clock": str(folder / "clock"),
        "--mementos-per-minute": str(PER_MINUTE),
    }
    return subprocess.Popen([*command, *(word for pair in options.items() for word in pair)], env={**os.environ})


def _fullest_minute(sent: list[float]) -> int:
    return max(sum(1 for other in sent if start <= other <= start + 60) for start in sent)


def test_two_processes_share_a_limit(tmp_path: Path) -> None:
    """No sixty seconds of the archive's clock see more than allowed; what is allowed is used to 95 % and more."""
    clock = SharedClock(tmp_path / "clock")
    with _archive(clock) as server:
        with held(clock):  # nobody's time begins before both are there
            processes = [_start(host, server, tmp_path) for host in ("one.example", "two.example")]
            while len(clock.holders()) < 3 and all(process.poll() is None for process in processes):
                threading.Event().wait(0.01)
        codes = [process.wait(timeout=240) for process in processes]

    sent = sorted(server.pages)
    minutes = int((sent[-1] - sent[0]) / 60)
    in_whole_minutes = sum(1 for moment in sent if moment < sent[0] + 60 * minutes)
    assert codes == [0, 0]
    assert len(sent) == 2 * PAGES
    assert _fullest_minute(sent) <= PER_MINUTE
    assert minutes >= 3
    assert in_whole_minutes >= 0.95 * PER_MINUTE * minutes
    for host in ("one.example", "two.example"):
        with Store.open(tmp_path / f"{host}.db", create=False) as store:
            assert store.conn.execute("SELECT count(*) FROM captures WHERE attempts = 1").fetchone() == (PAGES,)
