"""A harvest left alone for a night: what it says in the morning, and what it does when the disk or the lock fails."""

from __future__ import annotations

import json
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner, Result

from harvest import pipeline
from harvest.archive.governor import Governor
from harvest.archive.governor_state import StateFile
from harvest.archive.warc import WarcArchive
from harvest.cli import main
from harvest.cli.settings import settle
from harvest.clock import SYSTEM_CLOCK, SharedClock
from harvest.config import Rate, Settings
from harvest.corpus.audit import audit
from harvest.corpus.store import Store
from harvest.errors import LockedCorpus
from harvest.model import Capture, Outcome, RawPage
from harvest.simulator import serve
from harvest.targets import Target

URL = "http://www.brook.example/privacy.html"
WORDS = b"We keep nothing of what you type into this form. " * 6
PAGES: list[Any] = [
    {"url": URL, "at": f"{year}-04-01T11:32:13Z", "body": b"<h1>Privacy</h1><p>%d " % year + WORDS}
    for year in range(2003, 2009)
]


@pytest.fixture
def warc(write_warc: Callable[..., Path], tmp_path: Path) -> Path:
    """Write six captures of one policy."""
    return write_warc(tmp_path / "a.warc.gz", PAGES)


@pytest.fixture
def harvest(tmp_path: Path) -> Callable[..., Result]:
    """Return a function that runs a command on a corpus of its own."""

    def harvest(*arguments: str) -> Result:
        return CliRunner().invoke(main, [*arguments, "-d", str(tmp_path / "corpus.db")])

    return harvest


# --- what cron and people are told ---------------------------------------------------------------------------


@pytest.mark.parametrize(("retry_after", "status"), [("3600", 75), ("20", 0)])
def test_the_exit_status_says_come_back_later(
    harvest: Callable[..., Result], warc: Path, tmp_path: Path, retry_after: str, status: int
) -> None:
    """An archive that wants an hour ends the run with 75 and the time; one that wants seconds is waited for."""
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
    from threading import Thread

    with serve([warc]) as real:

        class Handler(BaseHTTPRequestHandler):
            refusals = 1

            def do_GET(self) -> None:
                refused = Handler.refusals and "/web/" in self.path
                Handler.refusals -= bool(refused)
                reply = real.reply(self.path, "http://x")
                self.send_response(429 if refused else reply.status)
                for name, value in reply.headers if not refused else (("Retry-After", retry_after),):
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(b"" if refused else reply.body)

            def log_message(self, *args: Any) -> None:
                """Say nothing."""

        with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
            command = [
                "run",
                URL,
                "--archive",
                f"http://127.0.0.1:{server.server_port}",
                "--clock",
                str(tmp_path / "c"),
            ]
            first = harvest(*command)
            at_once = harvest(*command)
            SharedClock(tmp_path / "c").sleep(3600)
            later = harvest(*command)
            server.shutdown()

    assert first.exit_code == at_once.exit_code == status, first.output
    assert ("is left alone until 2026-01-01 01:00 UTC" in " ".join(first.stderr.split())) == (status == 75)
    assert later.exit_code == 0, later.output


def test_status_says_what_a_person_asks_in_the_morning(
    harvest: Callable[..., Result], warc: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What ran, what failed and why, what is given up, what is pending, and until when an archive is left alone."""
    monkeypatch.setenv("HARVEST_STATE", str(tmp_path / "state"))
    governor = Governor(
        StateFile.in_folder(tmp_path / "state"), "archive.example", {"memento": Rate(None)}, clock=SYSTEM_CLOCK
    )
    governor.refused(governor.wait("memento"), "connection refused")
    governor.close()
    assert harvest("run", "--archive", str(warc), "--every", "1y").exit_code == 0
    with sqlite3.connect(tmp_path / "corpus.db") as conn:
        conn.execute("UPDATE captures SET outcome = 'failed', reason = 'the archive was slow', attempts = id")
        conn.execute("UPDATE captures SET attempts = 99 WHERE id = 2")
    result = harvest("status")
    machines = json.loads(harvest("status", "--json").stdout)

    assert "failed: 6 captures, 1 given up: the archive was slow" in result.stdout
    assert "5 captures pending" in result.stdout
    assert "archive.example is left alone until" in result.stdout
    assert [item["archive"] for item in machines["breakers"]] == ["archive.example"]
    assert "run  " in result.stdout


def test_a_log_keeps_every_event_with_its_time(harvest: Callable[..., Result], warc: Path, tmp_path: Path) -> None:
    """One JSON object a line; a second run goes on below."""
    log = tmp_path / "log.jsonl"
    for _ in range(2):
        assert harvest("run", "--archive", str(warc), "--log", str(log), "-q").exit_code == 0
    lines = [json.loads(line) for line in log.read_text().splitlines()]

    assert [line["event"] for line in lines].count("done") == 2
    assert [line["outcome"] for line in lines if line["event"] == "page"] == ["fetched"] * 6
    assert all(datetime.fromisoformat(line["time"]).tzinfo == UTC for line in lines)


def test_targets_may_have_a_period_of_their_own(
    harvest: Callable[..., Result], write_warc: Callable[..., Path], tmp_path: Path
) -> None:
    """What a target says of itself holds for it; the others follow the file."""
    other = "http://www.creek.example/privacy.html"
    path = write_warc(tmp_path / "b.warc.gz", [*PAGES, *({**page, "url": other} for page in PAGES)])
    (tmp_path / "targets.toml").write_text(
        f'archive = "{path}"\nfrom = "2006"\n[[target]]\nurl = "{URL}"\n'
        f'[[target]]\nurl = "{other}"\nfrom = "2003"\nto = "2004"\n'
    )
    result = harvest("run", "--file", str(tmp_path / "targets.toml"))

    assert result.exit_code == 0, result.output
    assert "brook.example/privacy: 3 fetched" in result.stderr
    assert "creek.example/privacy: 2 fetched" in result.stderr


# --- settings ------------------------------------------------------------------------------------------------


def test_the_nearest_word_holds() -> None:
    """The option, then the environment, then the targets file, then the default; each says where it comes from."""
    given = {"concurrency": 3, "contact": "me@x.example"}
    environ = {"HARVEST_CONCURRENCY": "4", "HARVEST_TIMEOUT_S": "9", "HARVEST_CONTACT": "me@x.example"}
    file = {"timeout_s": 20.0, "attempts": 7, "mementos_per_minute": 100}
    settings, shown = settle(given, file, environ=environ)
    sources = {item.name: (item.value, item.source) for item in shown}

    assert (settings.concurrency, settings.timeout_s, settings.attempts) == (3, 9.0, 7)
    assert settings.memento_rate == Rate(100)
    assert sources["concurrency"] == (3, "--concurrency")
    assert sources["timeout_s"] == (9.0, "HARVEST_TIMEOUT_S")
    assert sources["contact"] == ("me@x.example", "HARVEST_CONTACT")
    assert sources["attempts"] == (7, "targets file")
    assert sources["listings_per_minute"] == (24, "default")


def test_settings_are_shown(harvest: Callable[..., Result], tmp_path: Path) -> None:
    """As a table, and as JSON."""
    (tmp_path / "t.toml").write_text('[settings]\npatience_s = 60\n[[target]]\nurl = "http://a.example/p"\n')
    command = ["settings", "--file", str(tmp_path / "t.toml"), "--concurrency", "2"]
    table = CliRunner().invoke(main, command)
    machines = json.loads(CliRunner().invoke(main, [*command, "--json"]).stdout)

    assert "patience_s" in table.stdout
    assert {item["name"]: item["source"] for item in machines}["patience_s"] == "targets file"
    assert {item["name"]: item["value"] for item in machines}["concurrency"] == 2


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        pytest.param("[settings]\nspeed = 3\n", "unknown setting speed", id="unknown"),
        pytest.param('[settings]\nattempts = "three"\n', "write a number", id="no-number"),
        pytest.param("[settings]\ncontact = 3\n", "write a text in quotes", id="no-text"),
        pytest.param("settings = 3\n", "write a table", id="no-table"),
        pytest.param('[archives."a.example"]\nlistings_per_minute = 0\n', "above 0", id="no-limit"),
    ],
)
def test_settings_that_mean_nothing_are_said(tmp_path: Path, toml: str, said: str) -> None:
    """With the place, and what to write."""
    (tmp_path / "t.toml").write_text(toml + '[[target]]\nurl = "http://a.example/p"\n')
    result = CliRunner().invoke(main, ["settings", "--file", str(tmp_path / "t.toml")])

    assert result.exit_code == 1
    assert said in result.stderr


@pytest.mark.parametrize("said", ["abc", "0", "-3", "nan"])
def test_an_environment_that_means_nothing_is_said(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    """It is held to what a targets file is."""
    monkeypatch.setenv("HARVEST_TIMEOUT_S", said)
    result = CliRunner().invoke(main, ["settings"])

    assert result.exit_code == 2
    assert f"HARVEST_TIMEOUT_S={said}: write a number" in result.stderr


@pytest.mark.parametrize("name", ["HARVEST_TIMEOUT", "HARVEST_MEMENTO_PER_MINUTE"])
def test_a_misspelt_setting_is_said(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """It would hold for nothing; variables of other programs may be called what they like."""
    monkeypatch.setenv("HARVEST_CALENDAR", "wheat")
    monkeypatch.setenv(name, "9")
    result = CliRunner().invoke(main, ["settings"])

    assert result.exit_code == 2
    assert f"{name} in the environment is no setting: write {name.replace('MEMENTO_', 'MEMENTOS_')}" in result.stderr


# --- failures ------------------------------------------------------------------------------------------------


class Slow(WarcArchive):
    """An archive in which one capture can be had only after some minutes."""

    is_local = False
    patience_s = 300.0

    def __init__(self, path: Path, clock: SharedClock, *, there_at: float) -> None:
        super().__init__(path, Settings())
        self._clock = clock
        self._there_at = there_at
        self.asked = 0

    def fetch(self, capture: Capture) -> RawPage:
        if capture.timestamp.startswith("2005"):
            self.asked += 1
            if self._clock.now() < self._there_at:
                return RawPage(capture, Outcome.FAILED, "the archive answered 504 without a page of the site")
        return super().fetch(capture)


def _run(store: Store, archive: Slow, clock: SharedClock, **settings: Any) -> pipeline.RunReport:
    return pipeline.run(store, archive, [Target(URL)], settings=Settings(clock=clock, **settings))


def test_what_the_archive_loads_meanwhile_is_had_minutes_later(warc: Path, tmp_path: Path) -> None:
    """Asked again once, after the patience of the run: not at once, and not only tomorrow."""
    clock = SharedClock(tmp_path / "clock")
    archive = Slow(warc, clock, there_at=SharedClock.START + 200)
    with Store.open(tmp_path / "c.db") as store:
        report = _run(store, archive, clock)
        assert not audit(store.conn).findings

    assert report.ok, report
    assert archive.asked == 2
    assert clock.now() == SharedClock.START + 300


def test_what_never_comes_is_given_up_and_counted(warc: Path, tmp_path: Path) -> None:
    """After so many runs nobody asks any more; the row keeps its reason, and the ledger balances."""
    clock = SharedClock(tmp_path / "clock")
    archive = Slow(warc, clock, there_at=float("inf"))
    with Store.open(tmp_path / "c.db") as store:
        reports = [_run(store, archive, clock, give_up_after=4) for _ in range(4)]
        row = store.conn.execute("SELECT outcome, attempts FROM captures WHERE timestamp LIKE '2005%'").fetchone()
        assert not audit(store.conn).findings

    assert [report.ok for report in reports] == [False, False, True, True]
    assert archive.asked == 4
    assert tuple(row) == ("failed", 4)


def test_a_corpus_locked_by_another_process_loses_nothing(warc: Path, tmp_path: Path) -> None:
    """The run stops with a clear word, and the next one ends where it would have ended."""
    clock = SharedClock(tmp_path / "clock")
    holder = sqlite3.connect(tmp_path / "c.db", isolation_level=None)

    class Locking(Slow):
        def fetch(self, capture: Capture) -> RawPage:
            if capture.timestamp.startswith("2007") and not holder.in_transaction:
                holder.execute("BEGIN IMMEDIATE")
            return super().fetch(capture)

    with Store.open(tmp_path / "c.db", busy_timeout_ms=50) as store:
        with pytest.raises(LockedCorpus):
            _run(store, Locking(warc, clock, there_at=0), clock)
        holder.execute("ROLLBACK")
        report = _run(store, Slow(warc, clock, there_at=0), clock)
        counts = store.conn.execute("SELECT outcome, count(*) FROM captures GROUP BY 1").fetchall()
        assert not audit(store.conn).findings
    holder.close()

    assert report.ok
    assert [tuple(row) for row in counts] == [("fetched", 6)]


def test_a_full_disk_ends_the_run_with_what_was_kept(write_warc: Callable[..., Path], tmp_path: Path) -> None:
    """No more than so many bytes in any file: the message says what to do, and with room the same command goes on."""
    noise = [Random(number).randbytes(40_000).hex().encode() for number in range(12)]
    pages = [
        {**PAGES[0], "at": f"20{10 + number}-01-01T00:00:00Z", "body": b"<p>" + WORDS + text}
        for number, text in enumerate(noise)
    ]
    path, db = write_warc(tmp_path / "big.warc.gz", pages), tmp_path / "c.db"
    command = [sys.executable, "-m", "harvest", "run", "--archive", str(path), "-d", str(db), "-q"]
    full = subprocess.run(command, capture_output=True, text=True, timeout=60, preexec_fn=_small_files, check=False)
    again = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    assert full.returncode == 1
    assert "room" in full.stderr or "no space" in full.stderr, full.stderr
    assert "Traceback" not in full.stderr
    assert again.returncode == 0, again.stderr
    with Store.open(db, create=False) as store:
        assert not audit(store.conn).findings
        assert store.conn.execute("SELECT count(*) FROM captures WHERE outcome = 'listed'").fetchone() == (0,)


def _small_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
