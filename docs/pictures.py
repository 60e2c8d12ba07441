"""Take the pictures of the README: ``make pictures``, or ``python docs/pictures.py [CORPUS.db]``, writes ``docs/img``.

Needs Chromium (``apt-get install chromium``) and the test extra. The bundled sample looks the same every time.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

HERE = Path(__file__).resolve().parent
PORT = "8939"
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


def main(corpus: str = "corpus.db") -> None:
    """Serve the corpus, look at each page, write its picture."""
    browser_path = shutil.which("chromium") or shutil.which("google-chrome")
    (HERE / "img").mkdir(exist_ok=True)
    command = [sys.executable, "-c", "from harvest.cli import main; main()", "serve", "-d", corpus, "-p", PORT]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=HERE.parent)
    try:
        assert server.stderr is not None
        any("Uvicorn running on" in line for line in server.stderr)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox", "--disable-gpu"])
            for name, path, width, height, scheme in PICTURES:
                context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
                page = context.new_page()
                page.goto(f"http://127.0.0.1:{PORT}/-/policies{path}")
                page.screenshot(path=HERE / "img" / f"{name}.png")
                print(f"docs/img/{name}.png", (HERE / "img" / f"{name}.png").stat().st_size)
            browser.close()
    finally:
        server.terminate()


if __name__ == "__main__":
    main(*sys.argv[1:])
