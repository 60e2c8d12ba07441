"""Bad input: a message that says what to do, exit status 1, nothing lost, no traceback."""

from __future__ import annotations

import gzip
import re
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from harvest.cli import main
from harvest.corpus.store import Store
from harvest.simulator import serve

Cli = Callable[..., Result]
URL = "http://www.orchard-press.example/privacy.html"
SITE = "orchard-press.example"

READING = ("status", "log", "show", "blame", "search", "phrase", "changes", "audit", "verify", "serve", "export")
ARGUMENTS = {
    "log": [SITE],
    "show": [SITE],
    "blame": [SITE],
    "search": ["cookie"],
    "phrase": ["cookie"],
    "serve": ["--get", "/-/policies.json"],
    "export": ["out"],
    "import": [__file__],
}


@pytest.fixture
def closed_port() -> int:
    """Return a port of this computer on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def archive(orchard_warc: Path) -> Iterator[str]:
    """Return the address of a simulated archive that holds one site and excludes another."""
    with serve([orchard_warc], excluded=["hermit.example"]) as server:
        yield server.url


def counts(db: Path) -> dict[str, int]:
    with closing(sqlite3.connect(db)) as conn:
        return {
            name: conn.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
            for name in ("policies", "captures", "bodies", "texts", "versions", "transitions")
        }


@pytest.mark.parametrize("command", ["log", "show", "blame"])
@pytest.mark.parametrize("site", ["orchard-pres.example", "", "http://", "../etc/passwd", "日本.example"])
def test_unknown_site(cli: Cli, orchard: Path, command: str, site: str) -> None:
    """An unknown site is answered with the sites there are."""
    result = cli(command, site, "-d", orchard, expect=1)

    assert SITE in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ["search", "basket"],
        ["search", "statistics", "--in", "added"],
        ["phrase", "basket"],
        ["trends", "basket"],
        ["changes"],
    ],
    ids=" ".join,
)
def test_narrowing_to_an_unknown_site(cli: Cli, orchard: Path, arguments: list[str]) -> None:
    """Nothing found would read as an answer: the sites there are are named. A site may be written as an address."""
    result = cli(*arguments, "--site", "orchard-pres.example", "-d", orchard, expect=1)

    assert f"did you mean: {SITE}" in result.stderr
    assert result.stdout == ""
    assert cli(*arguments, "--site", f"http://www.{SITE}/", "-d", orchard).stdout != ""


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", URL, "--from", "2005", "--to", "2004"],
        ["plan", URL, "--from", "2005", "--to", "2004"],
        ["discover", SITE, "--from", "2005", "--to", "2004"],
        ["search", "basket", "--from", "2005", "--to", "2004"],
        ["trends", "basket", "--from", "2005", "--to", "2004"],
        ["changes", "--since", "2005", "--to", "2004"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_span_that_ends_before_it_begins(cli: Cli, orchard: Path, arguments: list[str]) -> None:
    """It is wrong usage, not an empty result; nobody is asked."""
    assert "swap the two dates" in cli(*arguments, "-d", orchard, expect=2).stderr


def test_a_section_that_is_not_there(cli: Cli, orchard: Path) -> None:
    """Not an empty page, but the headings there are."""
    result = cli("show", SITE, "--section", "Refunds", "-d", orchard, expect=1)

    assert "What we collect, Cookies, Sharing, Contact" in result.stderr
    assert result.stdout == ""


def test_a_site_without_a_date_is_no_file(cli: Cli, orchard: Path) -> None:
    """Who compares two sites without dates learns how to write them."""
    assert "SITE@DATE" in cli("diff", SITE, SITE, "-d", orchard, expect=1).stderr


@pytest.mark.parametrize(
    "target", ["ftp://a.example/privacy", "mailto:clerk@a.example", "http://a.example:99999/privacy", "http://", "a b"]
)
def test_addresses_that_no_archive_holds(cli: Cli, archive: str, tmp_path: Path, target: str) -> None:
    """They are refused before anybody is asked."""
    result = cli("run", "--archive", archive, target, "-d", tmp_path / "a.db", expect=1)

    assert f"{target!r} is no" in result.stderr


def test_date_before_the_first_capture(cli: Cli, orchard: Path) -> None:
    """A date at which the policy was not yet seen is answered with the dates there are."""
    assert "2003-04-01" in cli("show", f"{SITE}@1999", "-d", orchard, expect=1).stderr


def test_unreachable_archive(cli: Cli, orchard: Path, closed_port: int) -> None:
    """Nobody answers: the run says so, asks nothing else, and the corpus keeps what it had."""
    before = counts(orchard)
    result = cli("run", "--archive", f"http://127.0.0.1:{closed_port}", URL, "-d", orchard, expect=1)

    assert "127.0.0.1" in result.stderr
    assert counts(orchard) == before


def test_excluded_site(cli: Cli, archive: str, tmp_path: Path) -> None:
    """An excluded site is named as such; the next target is harvested all the same."""
    db = tmp_path / "new.db"
    result = cli("run", "--archive", archive, "http://hermit.example/privacy.html", URL, "-d", db, expect=1)

    assert "excluded" in result.stderr
    assert counts(db)["versions"] == 2


def test_empty_listing(cli: Cli, archive: str, tmp_path: Path) -> None:
    """An address that was never archived is said to be so."""
    result = cli(
        "run", "--archive", archive, "http://www.orchard-press.example/terms", "-d", tmp_path / "e.db", expect=1
    )

    assert "no capture" in result.stderr.lower()


def test_bare_host_on_an_archive(cli: Cli, archive: str, tmp_path: Path) -> None:
    """A host of which neither the corpus nor the archive knows a policy is refused, with what to write instead."""
    assert "URL" in cli("run", "--archive", archive, "nobody.example", "-d", tmp_path / "b.db", expect=1).stderr


def test_damaged_warc_keeps_what_could_be_read(cli: Cli, orchard_warc: Path, tmp_path: Path) -> None:
    """A file cut off in the middle: its readable captures are kept, the damage is named, the status is 1."""
    broken, db = tmp_path / "broken.warc.gz", tmp_path / "broken.db"
    whole = orchard_warc.read_bytes()
    broken.write_bytes(whole[: len(whole) * 3 // 5])
    result = cli("run", "--archive", broken, "-d", db, expect=1)

    assert "broken.warc.gz" in result.stderr
    assert 0 < counts(db)["captures"] < 5


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\x1f\x8b\x08garbage", id="garbage"),
        pytest.param(b"hello", id="text"),
    ],
)
def test_no_warc_at_all(cli: Cli, tmp_path: Path, content: bytes) -> None:
    """A file without a readable record is refused."""
    path = tmp_path / "no.warc.gz"
    path.write_bytes(content)

    assert "no.warc.gz" in cli("run", "--archive", path, "-d", tmp_path / "w.db", expect=1).stderr


@pytest.mark.parametrize(
    "command",
    [
        ["show", SITE],
        ["blame", SITE],
        ["blame", "--words", SITE],
        ["search", "taken"],
        ["changes", "--lines"],
    ],
    ids=" ".join,
)
def test_archived_pages_command_no_terminal(cli: Cli, tmp_path: Path, command: list[str]) -> None:
    """Control characters of a page are shown as such, and written as they are for machines only: colours are ours."""
    hostile, folder = "\x1b]0;taken over\x07 \x1b[8mhidden \u202eturned", tmp_path / "pages" / SITE
    folder.mkdir(parents=True)
    says = "<p>We keep your name and your address for as long as you have an account with us, and no longer.</p>"
    for day, more in (("2003-04-01", ""), ("2004-04-01", f"<p>Cookies are {hostile} by our partners, we hear.</p>")):
        html = f"<html><body><h1>Privacy</h1>{says}<h2>On {hostile}</h2>{says * 2}{more}</body></html>"
        (folder / f"{day}.html").write_text(html)
    cli("import", folder.parent, "-d", tmp_path / "h.db")

    shown = CliRunner().invoke(main, [*command, "-d", str(tmp_path / "h.db")], color=True).stdout

    assert "taken over" in shown
    assert not set(shown) & {"\x07", "\u202e"}
    assert not re.search(r"\x1b(?!\[(0|1|22|[39]\d)m)", shown)


@pytest.mark.parametrize("command", ["simulate", "sections"])
def test_noise_of_a_file_stays_out_of_the_terminal(
    cli: Cli, orchard_warc: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], command: str
) -> None:
    """Bytes between the records of a WARC file may be anything, commands to a terminal too."""
    path = tmp_path / "holes.warc"
    path.write_bytes(gzip.decompress(orchard_warc.read_bytes()) + b"\x1b]0;taken over\x07\x0e\xcb\n" * 400)
    result = cli(command, path, *(["-p", "0"] if command == "simulate" else []), expect=1)

    assert "holes.warc" in result.stderr
    said = result.output + "".join(capfd.readouterr())
    assert said.count("taken over") <= 1  # the line that is no record, in the message
    assert not set(said) & {"\x1b", "\x07", "\x0e"}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("holiday.jpg", b"\xff\xd8\xff\xe0 JFIF", id="image"),
        pytest.param("notes.md", b"# Notes\n\nBuy milk.\n", id="markdown-without-header"),
        pytest.param("empty.txt", b"", id="empty"),
        pytest.param("absent.txt", None, id="absent"),
    ],
)
def test_import_of_no_policy(cli: Cli, orchard: Path, tmp_path: Path, name: str, content: bytes | None) -> None:
    """A file that is no policy is named and not imported."""
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    before = counts(orchard)
    result = cli("import", path, "-d", orchard, expect=1)

    assert name in result.stderr
    assert counts(orchard) == before


def test_import_of_a_folder_without_texts(cli: Cli, tmp_path: Path) -> None:
    """A folder that holds nothing to import is not passed over in silence."""
    (tmp_path / "stuff").mkdir()
    (tmp_path / "stuff" / "index.csv").write_text("site,date")

    assert "nothing to import" in cli("import", tmp_path / "stuff", "-d", tmp_path / "s.db", expect=1).stderr


@pytest.mark.parametrize("command", [*READING, "update"])
def test_no_corpus_yet(cli: Cli, empty_folder: Path, command: str) -> None:
    """Reading commands do not make a corpus; they say how to get one."""
    result = cli(command, *ARGUMENTS.get(command, []), expect=1)

    assert "corpus.db" in result.stderr
    assert list(empty_folder.iterdir()) == []


@pytest.mark.parametrize("command", [*READING, "import", "run"])
@pytest.mark.parametrize("kind", ["foreign", "no-database", "newer", "folder"])
def test_database_that_is_no_corpus(
    cli: Cli, tmp_path: Path, orchard: Path, orchard_warc: Path, kind: str, command: str
) -> None:
    """Another program's database, a text file, a newer corpus, a folder: refused by every command, left as it is."""
    path = orchard if kind == "newer" else tmp_path / "other.db"
    if kind == "foreign":
        with closing(sqlite3.connect(path)) as conn, conn:
            conn.execute("CREATE TABLE songs (title TEXT)")
    elif kind == "no-database":
        path.write_text("Dear diary")
    elif kind == "newer":
        with closing(sqlite3.connect(path)) as conn, conn:
            later = ("corpus", "m999_later", "2030-01-01")
            conn.execute("INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES (?, ?, ?)", later)
    else:
        path.mkdir()
    before = path.read_bytes() if path.is_file() else b""
    arguments = ["--archive", orchard_warc] if command == "run" else ARGUMENTS.get(command, [])
    result = cli(command, *arguments, "-d", path, expect=2 if kind == "folder" else 1)

    assert path.name in result.stderr
    assert (path.read_bytes() if path.is_file() else b"") == before


def test_locked_corpus(cli: Cli, orchard: Path, orchard_warc: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While another process writes, a run waits a minute, here none, then says so."""
    monkeypatch.setattr("harvest.cli.run._BUSY_MS", 0)
    holder = sqlite3.connect(orchard, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        result = cli("run", "--archive", orchard_warc, "-d", orchard, expect=1)
    finally:
        holder.execute("ROLLBACK")
        holder.close()

    assert "locked" in result.stderr


@pytest.mark.parametrize("command", ["run", "import", "update"])
def test_sample_is_guarded(
    cli: Cli, orchard: Path, orchard_warc: Path, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sample refuses a harvest that does not name it; the environment is no decision."""
    with Store.open(orchard) as store:
        store.mark_sample()
    monkeypatch.setenv("HARVEST_DB", str(orchard))
    before = counts(orchard)
    arguments = {"run": ["--archive", orchard_warc], "import": [orchard_warc], "update": []}[command]
    result = cli(command, *arguments, expect=1)

    assert "sample" in result.stderr
    assert "-d" in result.stderr
    assert counts(orchard) == before


def test_sample_may_be_named(cli: Cli, orchard: Path, orchard_warc: Path) -> None:
    """`-d` with the sample's own name is a decision."""
    with Store.open(orchard) as store:
        store.mark_sample()

    result = cli("run", "--archive", orchard_warc, "-d", orchard)

    assert "nothing new" in result.stderr


def test_a_full_disk_is_told_so(orchard: Path, tmp_path: Path) -> None:
    """An export that cannot be written ends with what to do, whatever writes the file."""
    for form in ("csv", "git"):
        code = (
            "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
            "resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300)); from harvest.cli import main; main()"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, "export", str(tmp_path / form), "--format", form, "-d", str(orchard)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, "Traceback" in done.stderr) == (1, False), (form, done.stderr)
        assert done.stderr.startswith("Error: "), form


def test_arguments_that_are_no_text_are_refused(orchard: Path) -> None:
    """Bytes that are no UTF-8 cannot be stored: the message names the argument."""
    harvest = [sys.executable, "-m", "harvest", "mark", "note", SITE, "--why"]
    done = subprocess.run([*harvest, b"caf\xe9", "-d", str(orchard)], capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert done.stderr.startswith("Error: 'caf\\udce9' holds bytes that are no UTF-8")
