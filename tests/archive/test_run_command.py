"""``harvest run`` and ``update`` as a person or cron meets them: messages, exit status, JSON lines."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from harvest.cli import main
from harvest.corpus.store import Store
from harvest.simulator import serve

URL = "http://www.brook.example/privacy.html"
PAGE = (
    b"<html><body><h1>Privacy policy</h1><p>"
    + b"We keep nothing of what you type into this form. " * 6
    + b"</p></body></html>"
)
PAGES = [
    {"url": URL, "at": f"{year}-04-01T11:32:13Z", "body": PAGE + b"<p>Issue %d of it.</p>" % year}
    for year in (2003, 2005)
]


@pytest.fixture
def harvest(tmp_path: Path) -> Callable[..., Result]:
    """Return a function that runs a command on a corpus of its own."""

    def harvest(*arguments: str) -> Result:
        return CliRunner().invoke(main, [*arguments, "-d", str(tmp_path / "corpus.db")])

    return harvest


@pytest.fixture
def warc(write_warc: Callable[..., Path], tmp_path: Path) -> Path:
    """Write two captures of one policy."""
    return write_warc(tmp_path / "a.warc.gz", PAGES)


def test_a_harvest_says_what_came_of_each_policy(harvest: Callable[..., Result], warc: Path) -> None:
    """One line a policy on stderr, nothing on stdout, exit status 0."""
    result = harvest("run", "--archive", str(warc))

    assert (result.exit_code, result.stdout) == (0, "")
    assert "brook.example/privacy: 2 fetched" in result.stderr


def test_machines_get_a_json_object_a_line(harvest: Callable[..., Result], warc: Path) -> None:
    """Every event is an object with a name; the last one says whether all went well."""
    result = harvest("run", "--archive", str(warc), "--json")
    events = [json.loads(line) for line in result.stdout.splitlines()]

    assert events[-1] == {"event": "done", "policy": "", "message": "", "outcomes": {"fetched": 2}, "ok": True}
    assert [event["outcome"] for event in events if event["event"] == "page"] == ["fetched", "fetched"]


def test_quiet_is_quiet(harvest: Callable[..., Result], warc: Path) -> None:
    """Cron mails only what matters."""
    assert harvest("run", "--archive", str(warc), "-q").output == ""


@pytest.mark.parametrize("shown", ["2005", "20050401113213id_", "2005*", "*"])
def test_an_address_of_the_archive_means_the_page_it_shows(
    harvest: Callable[..., Result], warc: Path, shown: str
) -> None:
    """People copy addresses out of their browser, where the Wayback Machine shows the page or its calendar."""
    result = harvest("run", f"https://web.archive.org/web/{shown}/{URL}", "--archive", str(warc))

    assert "brook.example/privacy: 2 fetched" in result.stderr


def test_targets_may_come_from_a_file(harvest: Callable[..., Result], warc: Path, tmp_path: Path) -> None:
    """The file's settings hold where the command line says nothing."""
    (tmp_path / "targets.toml").write_text(
        f'archive = "{warc}"\nevery = "1y"\nfrom = "2004"\n[[target]]\nurl = "{URL}"\nlabel = "main"\n'
    )
    result = harvest("run", "--file", str(tmp_path / "targets.toml"))

    assert result.exit_code == 0
    assert "brook.example/privacy:main: 1 fetched" in result.stderr


@pytest.mark.parametrize(
    ("command", "said", "status"),
    [
        pytest.param(["run"], "name a TARGET", 2, id="no-target"),
        pytest.param(["run", "--archive", "nothing.warc.gz"], "or the path of a WARC", 1, id="no-archive"),
        pytest.param(["run", "--archive", "http://127.0.0.1:9", URL], "is the server running", 1, id="unreachable"),
        pytest.param(
            ["run", "--archive", "WARC", "http://creek.example/"], "check the spelling", 1, id="empty-listing"
        ),
        pytest.param(["run", "--archive", "WARC", "creek.example"], "it holds pages of", 1, id="host-not-there"),
        pytest.param(["run", "--archive", "WARC", "--kind", "terms"], "there is: privacy", 1, id="kind-not-there"),
        pytest.param(["run", "--archive", "DAMAGED"], "Get an intact copy", 1, id="damaged"),
        pytest.param(["run", "--archive", "CUT"], "what could be read was harvested", 1, id="cut-but-of-use"),
        pytest.param(["run", "--archive", "WARC", "--from", "soon"], "YYYY-MM-DD", 2, id="no-date"),
    ],
)
def test_bad_input_is_answered_with_what_to_do(
    harvest: Callable[..., Result], warc: Path, tmp_path: Path, command: list[str], said: str, status: int
) -> None:
    """A clear message, the right exit status, and never a traceback."""
    (tmp_path / "damaged.warc.gz").write_bytes(b"\x1f\x8b\x08 no archive")
    (tmp_path / "cut.warc.gz").write_bytes(warc.read_bytes()[:-60])
    files = {"WARC": warc, "DAMAGED": tmp_path / "damaged.warc.gz", "CUT": tmp_path / "cut.warc.gz"}
    result = harvest(*(str(files.get(word, word)) for word in command))

    assert result.exit_code == status, result.output
    assert said in " ".join(result.output.split())
    assert result.exception is None or isinstance(result.exception, SystemExit)


def test_the_sample_is_not_mixed_with_a_harvest(harvest: Callable[..., Result], warc: Path, tmp_path: Path) -> None:
    """A database marked as the sample is refused unless -d names it."""
    path = tmp_path / "sample.db"
    with Store.open(path) as store:
        store.mark_sample()
    refused = CliRunner().invoke(main, ["run", "--archive", str(warc)], env={"HARVEST_DB": str(path)})
    named = CliRunner().invoke(main, ["run", "--archive", str(warc), "-d", str(path)])

    assert refused.exit_code == 1
    assert "invented sample" in refused.output
    assert named.exit_code == 0


def test_update_asks_the_archive_a_policy_came_from(
    harvest: Callable[..., Result], write_warc: Callable[..., Path], warc: Path, tmp_path: Path
) -> None:
    """What was captured since is fetched; local files have nothing new and are left out."""
    newer: Any = {"url": URL, "at": "2007-04-01T11:32:13Z", "body": PAGE + b"<p>Issue of 2007.</p>"}
    with serve([warc]) as server:
        assert harvest("run", "--archive", server.url, URL).exit_code == 0
        port = int(server.url.rpartition(":")[2])
    with serve([write_warc(tmp_path / "b.warc.gz", [*PAGES, newer])], port=port):
        result = harvest("update")

    assert result.exit_code == 0, result.output
    assert "brook.example/privacy: 1 fetched" in result.stderr
