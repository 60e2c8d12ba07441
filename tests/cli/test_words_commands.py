"""``harvest mark``, ``forget`` and ``merge`` as a person meets them: what is printed, and what is left."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
from click.testing import CliRunner, Result
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from harvest.cli import main
from harvest.corpus.audit import audit
from harvest.corpus.store import Store
from harvest.corpus.verify import verify

SITE = "http://www.brook.example"
BASE = "Brook Ltd collects the name and the address that you type into the order form on this site. " * 3


def _page(year: int, path: str = "/privacy.html", more: str = "") -> dict[str, Any]:
    body = f"<html><title>Privacy</title><h1>Privacy policy</h1><p>{BASE}<p>Issue {year}. {more}</html>"
    return {"url": SITE + path, "at": f"{year}-04-01T11:32:13Z", "body": body.encode()}


PAGES = [
    _page(2003),
    _page(2004, more="Juniper."),
    _page(2005),
    _page(2006, "/legal/data.html"),
    _page(2007, "/legal/data.html"),
]


def _write_warc(path: Path) -> Path:
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        for page in PAGES:
            headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
            record = writer.create_warc_record(
                page["url"],
                "response",
                payload=BytesIO(page["body"]),
                http_headers=headers,
                warc_headers_dict={"WARC-Date": page["at"]},
            )
            writer.write_record(record)
    return path


@pytest.fixture(scope="module")
def warc(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All pages in an archive."""
    return _write_warc(tmp_path_factory.mktemp("brook") / "brook.warc.gz")


@pytest.fixture(scope="module")
def harvested(tmp_path_factory: pytest.TempPathFactory, warc: Path) -> Path:
    """Harvest two addresses of a site, which are two policies. Copy it, do not write to it."""
    db = tmp_path_factory.mktemp("brook") / "corpus.db"
    urls = [f"{SITE}/privacy.html", f"{SITE}/legal/data.html"]
    CliRunner().invoke(main, ["run", *urls, "--archive", str(warc), "-d", str(db)], catch_exceptions=False)
    return db


@pytest.fixture
def corpus(harvested: Path, tmp_path: Path) -> Path:
    """That corpus, for this test alone."""
    return Path(copy(harvested, tmp_path / "corpus.db"))


@pytest.fixture
def harvest(corpus: Path) -> Callable[..., Result]:
    """Return a function that runs a command on the corpus, which must be sound afterwards."""

    def harvest(*arguments: str, expect: int = 0) -> Result:
        result = CliRunner().invoke(main, [*arguments, "-d", str(corpus)])
        assert result.exit_code == expect, result.output
        with Store.open(corpus) as store:
            assert audit(store.conn).findings == ()
            assert verify(store.conn).problems == ()
        return result

    return harvest


def _versions(db: Path) -> list[int]:
    with Store.open(db) as store:
        rows = store.conn.execute(
            "SELECT count(v.id) FROM policies p JOIN versions v ON v.policy_id = p.id GROUP BY p.id ORDER BY 1 DESC"
        )
        return [row[0] for row in rows]


def test_a_capture_is_marked_and_unmarked(harvest: Callable[..., Result], corpus: Path) -> None:
    """By its time, or by the archive's address of it; the list says who said it and what was taken back."""
    harvest("mark", "off-topic", f"{SITE}/privacy.html@20040401113213", "--why", "a shop page", "--by", "Ada")
    assert _versions(corpus) == [2, 2]
    assert "1  off-topic  http://www.brook.example/privacy.html 20040401113213" in harvest("mark", "--list").stdout

    memento = f"https://web.archive.org/web/20040401113213/{SITE}/privacy.html"
    harvest("mark", "on-topic", memento, "--by", "Bert")
    assert _versions(corpus) == [3, 2]
    harvest("mark", "--undo", "2")
    harvest("mark", "--undo", "1")
    assert _versions(corpus) == [3, 2]

    listed = json.loads(harvest("mark", "--list", "--json").stdout)["judgements"]
    assert [(word["verdict"], word["decided_by"], bool(word["undone_at"])) for word in listed] == [
        ("off-topic", "Ada", True),
        ("on-topic", "Bert", True),
    ]


def test_addresses_are_joined_and_parted(harvest: Callable[..., Result], corpus: Path) -> None:
    """One policy by a person's word; a policy of its own by another; and back."""
    joined = harvest("mark", "one-policy", "brook.example/privacy", f"{SITE}/legal/data.html", "--why", "same footer")
    assert "http://www.brook.example/legal/data.html is brook.example/privacy" in joined.stderr
    assert _versions(corpus) == [5]
    assert "judged: same footer" in harvest("discover", "--review").stdout

    harvest("mark", "not-policy", f"{SITE}/legal/data.html", "--why", "it is the contract")
    assert _versions(corpus) == [3, 2]
    harvest("mark", "--undo", "2")
    assert _versions(corpus) == [5]
    harvest("mark", "--undo", "1")
    assert _versions(corpus) == [3, 2]


@pytest.mark.parametrize(
    ("arguments", "said", "status"),
    [
        pytest.param(["mark"], "--list shows what was said", 2, id="nothing"),
        pytest.param(["mark", "off-topic", "brook.example"], "names no capture", 1, id="no-capture"),
        pytest.param(
            ["mark", "off-topic", f"{SITE}/privacy.html@1999"], "the nearest is of 2003", 1, id="no-such-time"
        ),
        pytest.param(["mark", "one-policy", "elm.example", f"{SITE}/x"], "elm.example", 1, id="no-policy"),
        pytest.param(["mark", "note", "brook.example"], "--why", 2, id="note-without-words"),
        pytest.param(["mark", "--undo", "9"], "no judgement 9", 1, id="nothing-to-undo"),
        pytest.param(["forget", "brook.example", "--yes"], "--why", 2, id="no-reason"),
        pytest.param(["forget", "elm.example", "--yes", "--why", "x"], "nothing of elm.example", 1, id="unknown-site"),
        pytest.param(["forget", "brook.example", "--undo"], "was not taken down", 1, id="not-forgotten"),
    ],
)
def test_what_cannot_be_done_is_said(
    harvest: Callable[..., Result], arguments: list[str], said: str, status: int
) -> None:
    """With what to write instead; nothing changes."""
    assert said in harvest(*arguments, expect=status).output


def test_a_capture_is_forgotten_for_good(harvest: Callable[..., Result], corpus: Path, warc: Path) -> None:
    """Its words are in no byte of the file, harvesting again does not bring it back, and the list says why."""
    assert b"juniper" in corpus.read_bytes().lower()
    harvest("forget", f"{SITE}/privacy.html@20040401", "--why", "asked by letter", "--by", "Ada", "--yes")
    assert b"juniper" not in corpus.read_bytes().lower()
    harvest("run", f"{SITE}/privacy.html", "--archive", str(warc))
    assert _versions(corpus) == [2, 2]
    assert "asked by letter" in harvest("mark", "--list").stdout

    harvest("forget", f"{SITE}/privacy.html@20040401", "--undo")
    harvest("run", f"{SITE}/privacy.html", "--archive", str(warc))
    assert _versions(corpus) == [3, 2]


def test_a_site_is_forgotten_until_that_is_lifted(harvest: Callable[..., Result], corpus: Path, warc: Path) -> None:
    """A run of the site is refused with the reason and how to lift it."""
    harvest("forget", "www.brook.example", "--why", "asked", "--yes")
    assert _versions(corpus) == []
    refused = harvest("run", f"{SITE}/privacy.html", "--archive", str(warc), expect=1)
    assert "`harvest forget brook.example --undo` lifts the ban" in refused.output
    harvest("run", "--archive", str(warc), expect=1)
    assert _versions(corpus) == []

    harvest("forget", "brook.example", "--undo")
    harvest("run", f"{SITE}/privacy.html", f"{SITE}/legal/data.html", "--archive", str(warc))
    assert _versions(corpus) == [3, 2]


def test_corpora_are_merged(harvest: Callable[..., Result], corpus: Path, warc: Path, tmp_path: Path) -> None:
    """What the other has comes over once."""
    other = tmp_path / "other.db"
    CliRunner().invoke(main, ["run", "--archive", str(warc), "-d", str(other)])

    first = json.loads(harvest("merge", str(other), "--json").stdout)
    again = json.loads(harvest("merge", str(other), "--json").stdout)

    assert first["captures"] == 0
    assert again == {**first, "policies": 0}
    assert sum(_versions(corpus)) == 5
