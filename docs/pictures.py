"""Take the pictures of the README: ``make pictures``, or ``python docs/pictures.py [CORPUS.db]``, writes ``docs/img``.

Needs Chromium (``apt-get install chromium``) and the test extra. The bundled sample looks the same every time.
``gallery.py`` beside it takes every page, to be looked at and thrown away.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

HERE = Path(__file__).resolve().parent
#: name, path, width, height, colour scheme
PICTURES = (
    ("overview", "", 1280, 760, "light"),
    ("timeline", "/searchlark.example", 1280, 860, "light"),
    ("diff", "/searchlark.example/2018..2019", 1280, 860, "light"),
    ("trends", "/trends?q=cookie&q=web+beacon&q=GDPR", 1280, 760, "light"),
    ("words", "/searchlark.example/blame/2020?words=1", 1280, 860, "light"),
    ("dark", "/searchlark.example/2018..2019?view=side", 1280, 860, "dark"),
    ("phone", "/search?q=cookie&in=added", 360, 740, "light"),
)


@contextmanager
def serving(corpus: str) -> Iterator[str]:
    """Serve a corpus on a port nobody listens on; give the address once it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    command = [sys.executable, "-c", "from harvest.cli import main; main()", "serve", "-d", corpus, "-p", port]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=HERE.parent)
    try:
        assert server.stderr is not None
        any("Uvicorn running on" in line for line in server.stderr)
        # uvicorn says a line for each request: in a pipe that nobody reads it stops after some hundred
        threading.Thread(target=list, args=(server.stderr,), daemon=True).start()
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=30)


@contextmanager
def browsing() -> Iterator[Browser]:
    """A headless Chromium."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def main(corpus: str = "corpus.db") -> None:
    """Look at each page of a served corpus, write its picture."""
    (HERE / "img").mkdir(exist_ok=True)
    with serving(corpus) as address, browsing() as browser:
        for name, path, width, height, scheme in PICTURES:
            context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
            page = context.new_page()
            page.goto(f"{address}/-/policies{path}")
            page.screenshot(path=HERE / "img" / f"{name}.png")
            print(f"docs/img/{name}.png", (HERE / "img" / f"{name}.png").stat().st_size)


if __name__ == "__main__":
    main(*sys.argv[1:])
