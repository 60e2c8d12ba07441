"""The demo, served, and a headless Chromium to look at it with.

Playwright's asynchronous interface: its synchronous one leaves a running event loop behind, in which the
asynchronous tests of the plugins could not run.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
).split()
ROOT = Path(__file__).resolve().parents[2]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test here, so that `-m "not browser"` leaves them out; all share the event loop of their browser."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)
            if item.get_closest_marker("asyncio"):
                item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Where Chromium is. Without one the tests skip, and fail where `HARVEST_REQUIRE_BROWSER` is set, as in CI."""
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        message = "NO CHROMIUM: apt-get install chromium to run the browser tests"
        if os.environ.get("HARVEST_REQUIRE_BROWSER"):
            pytest.fail(message)
        pytest.skip(message)
    return found


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def launched(chromium_path: str) -> AsyncIterator[Browser]:
    """A headless browser; starting one takes as much as a test."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def chromium(launched: Browser) -> AsyncIterator[Browser]:
    """That browser with nothing of other tests: pages, cookies, what is stored and allowed belong to contexts."""
    yield launched
    for context in launched.contexts:
        await context.close()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the demo: the sample archive served, harvested and browsed, as `make demo` does it."""
    db = tmp_path_factory.mktemp("demo") / "demo.db"
    command = ["demo", "--db", str(db), "--archive-port", "0", "--port", str(free_port())]
    with running(command) as address:
        yield address


@pytest.fixture(scope="session")
def explore() -> Callable[[Path], AbstractContextManager[str]]:
    """Serve a corpus while a ``with`` lasts; gives the address."""
    return lambda corpus: running(["serve", "-d", str(corpus), "--port", str(free_port())])


@contextmanager
def running(command: list[str]) -> Iterator[str]:
    """Run a command of ours that serves pages; yield the address once it answers."""
    process = subprocess.Popen(
        [sys.executable, "-c", "from harvest.cli import main; main()", *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=ROOT,
    )
    said: list[str] = []
    try:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line)
            if "Uvicorn running on" in line:
                break
        else:
            raise AssertionError("the server ended early:\n" + "".join(said))
        # uvicorn says a line for each request: in a pipe that nobody reads, the server stops after some hundred
        threading.Thread(target=said.extend, args=(process.stdout,), daemon=True).start()
        yield f"http://127.0.0.1:{command[-1]}"
    finally:
        process.terminate()
        process.communicate(timeout=30)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def watch() -> Any:
    """Collect what goes wrong on a page: errors of scripts, refusals of the security policy, failed files."""

    def attach(page: Any) -> list[str]:
        trouble: list[str] = []
        page.on("pageerror", lambda error: trouble.append(f"error: {error}"))
        page.on("console", lambda said: trouble.append(said.text) if said.type == "error" else None)
        return trouble

    return attach
