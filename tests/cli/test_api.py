"""`import harvest`: the functions of the command line for scripts."""

from __future__ import annotations

import json
import runpy
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result

import harvest
from harvest.clock import SharedClock
from harvest.config import Settings
from harvest.errors import Incomplete, UnknownTarget
from harvest.model import Tier
from harvest.simulator import serve

ROOT = Path(__file__).resolve().parents[2]
URL = "http://www.orchard-press.example/privacy.html"
SITE = "orchard-press.example"


@pytest.fixture
def archive(orchard_warc: Path) -> Iterator[str]:
    """Return the address of a simulated Wayback Machine that holds the orchard."""
    with serve([orchard_warc]) as server:
        yield server.url


def test_import_is_light() -> None:
    """`import harvest` loads no library that a script may not need."""
    script = "import sys, harvest; print(*{'lxml', 'requests', 'datasette', 'sqlite_utils'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.split() == []


def test_every_name_is_there_and_documented() -> None:
    """What `harvest.__all__` promises exists and says what it gives."""
    for name in set(harvest.__all__) - {"__version__"}:
        assert getattr(harvest, name).__doc__, name


def test_unknown_name_is_an_attribute_error() -> None:
    """Lazy names do not swallow misspelt ones."""
    with pytest.raises(AttributeError, match="hravest"):
        getattr(harvest, "hravest")  # noqa: B009 - mypy knows that there is no such name


def test_run_from_an_archive_server(archive: str, tmp_path: Path) -> None:
    """A script harvests as the command does, and running it again brings nothing new."""
    with harvest.open_corpus(tmp_path / "api.db") as corpus:
        first = harvest.run(corpus, [URL], archive=archive)
        again = harvest.run(corpus, [URL], archive=archive)
        found = harvest.status(corpus)

    assert first.ok
    assert again.ok
    assert sum(found.outcomes.values()) == 5
    assert not sum(again.outcomes.values())


def test_one_target_needs_no_list(archive: str, tmp_path: Path) -> None:
    """A single address is one target, not a sequence of characters."""
    with harvest.open_corpus(tmp_path / "one.db") as corpus:
        report = harvest.run(corpus, URL, archive=archive)

    assert report.ok
    assert len(report.policies) == 1


def test_reads_agree_with_the_command_line(orchard: Path) -> None:
    """History, version, diff, search and changes of the same corpus."""
    with harvest.open_corpus(orchard) as corpus:
        history = harvest.history(corpus, SITE)
        view = harvest.show(corpus, SITE, "2003")
        newest = harvest.show(corpus, SITE)
        difference = harvest.diff(corpus, SITE, before=datetime(2003, 6, 1, tzinfo=UTC))
        hits = harvest.search(corpus, "delivery partners", where="added")
        changes = list(harvest.changes(corpus, since="2005"))

    assert [version.number for version in history.versions] == [1, 2]
    assert (view.version.number, newest.version.number) == (1, 2)
    assert difference.tier is not None
    assert difference.tier.rank >= Tier.EDIT.rank
    assert hits.total == 1
    assert [item.policy.host for item in changes] == [SITE]


def test_a_span_that_ends_before_it_begins_is_refused(orchard: Path) -> None:
    """Nothing found would read as an answer, from a script as on the command line."""
    with harvest.open_corpus(orchard) as corpus:
        for ask in (
            lambda: harvest.search(corpus, "cookies", since="2012", until="2010"),
            lambda: harvest.trends(corpus, "cookies", since="2012", until="2010"),
            lambda: next(harvest.changes(corpus, since="2012", until="2010")),
            lambda: harvest.run(corpus, "shop.example", since="2012", until="2010"),
        ):
            with pytest.raises(ValueError, match="begins on 2012-01-01 and ends on 2010-12-31"):
                ask()


def test_a_moment_without_a_time_zone_is_refused(orchard: Path) -> None:
    """Whose midnight it is would depend on the machine."""
    with harvest.open_corpus(orchard) as corpus, pytest.raises(ValueError, match="has no time zone"):
        harvest.show(corpus, "orchard-press.example", datetime(2003, 5, 1))


def test_absent_corpus_is_refused(tmp_path: Path) -> None:
    """Without `create` a corpus that is not there is an error, and none is made."""
    with pytest.raises(UnknownTarget):
        harvest.open_corpus(tmp_path / "none.db", create=False)

    assert list(tmp_path.iterdir()) == []


def test_import_paths_takes_warc_files(orchard_warc: Path, tmp_path: Path) -> None:
    """A folder with WARC files is imported as they are harvested."""
    with harvest.open_corpus(tmp_path / "warc.db") as corpus:
        report = harvest.import_paths(corpus, orchard_warc.parent)
        found = harvest.status(corpus)

    assert report.ok
    assert found.counts["versions"] == 2


def test_read_page_gives_sections() -> None:
    """A page on its own is read without a corpus."""
    document = harvest.read_page(b"<h1>Privacy Policy</h1><p>We keep your address in our files.</p>")

    assert "We keep your address" in json.dumps(harvest.as_dict(document))


def test_example_of_the_readme(
    archive: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The example script harvests a targets file, prints the changes as JSON Lines and ends with 0."""
    targets = tmp_path / "targets.toml"
    targets.write_text(f'[[target]]\nurl = "{URL}"\n')
    monkeypatch.setattr(sys, "argv", ["watch.py", str(targets), str(tmp_path / "watch.db"), archive])
    with pytest.raises(SystemExit) as end:
        runpy.run_path(str(ROOT / "docs" / "examples" / "watch.py"), run_name="__main__")
    [change] = [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    assert end.value.code == 0
    assert change["policy"]["site"] == SITE
    assert change["not_before"].startswith("2004-02-11")


def test_example_reports_trouble(archive: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An address that was never archived makes the status 1 and a line on stderr."""
    targets = tmp_path / "targets.toml"
    targets.write_text('[[target]]\nurl = "http://nowhere.example/privacy"\n')
    watch = runpy.run_path(str(ROOT / "docs" / "examples" / "watch.py"))
    status = watch["main"](str(targets), str(tmp_path / "watch.db"), archive)

    assert status == 1
    assert "nowhere.example" in capsys.readouterr().err


def test_words_through_time_are_what_the_command_line_prints(
    orchard: Path, tmp_path: Path, cli: Callable[..., Result]
) -> None:
    """Blame, phrases and trends have the keys of ``--json``; a corpus joined into an empty one is the same."""
    with harvest.open_corpus(tmp_path / "joined.db") as corpus:
        assert harvest.merge(corpus, orchard).policies == 1
        found = {
            ("blame", SITE): harvest.blame(corpus, SITE),
            ("blame", SITE, "--words"): harvest.blame_words(corpus, SITE),
            ("phrase", "delivery partners"): harvest.phrase(corpus, "delivery partners"),
            ("trends", "delivery partners"): harvest.trends(corpus, "delivery partners"),
        }

        for command, value in found.items():
            assert harvest.as_dict(value) == json.loads(cli(*command, "--json", "-d", orchard).stdout), command


def test_a_person_has_the_last_word(orchard: Path) -> None:
    """A capture marked as no policy takes its version along; taken back by the opposite word, all is as before."""
    with harvest.open_corpus(orchard) as corpus:
        before = harvest.history(corpus, SITE).versions
        newest = max(version.last_capture.timestamp for version in before)
        lines = harvest.mark(corpus, "off-topic", f"{URL}@{newest}", by="me", why="a test page")
        without = harvest.history(corpus, SITE).versions
        harvest.mark(corpus, "on-topic", f"{URL}@{newest}", by="me")

        assert "is off-topic" in lines[0]
        assert without != before
        assert harvest.as_dict(harvest.history(corpus, SITE).versions) == harvest.as_dict(before)


def test_taking_down_needs_a_reason_and_leaves_nothing(orchard: Path) -> None:
    """Without a reason nothing is done; with one nothing is left but the note."""
    with harvest.open_corpus(orchard) as corpus:
        with pytest.raises(Incomplete, match="reason"):
            harvest.forget(corpus, SITE, why="")
        removed = harvest.forget(corpus, SITE, why="asked for by the site")

        assert removed.policies == 1
        assert not harvest.policies(corpus).total


def test_what_was_said_can_be_taken_back(orchard: Path) -> None:
    """A judgement is undone by its number, a take-down lifted by its name; both stay on record."""
    with harvest.open_corpus(orchard) as corpus:
        before = harvest.history(corpus, SITE).versions
        newest = max(version.last_capture.timestamp for version in before)
        harvest.mark(corpus, "off-topic", f"{URL}@{newest}", by="me")
        (judgement,) = harvest.judgements(corpus, SITE)
        harvest.undo(corpus, judgement.id, by="me")

        assert judgement.verdict == "off-topic"
        assert harvest.judgements(corpus)[0].undone_by == "me"
        assert harvest.as_dict(harvest.history(corpus, SITE).versions) == harvest.as_dict(before)

        harvest.forget(corpus, SITE, why="asked for by the site")
        harvest.lift(corpus, SITE)
        with pytest.raises(UnknownTarget, match="was not taken down"):
            harvest.lift(corpus, SITE)


def test_keeping_a_corpus(orchard: Path, tmp_path: Path) -> None:
    """It is built anew, balances, is verified, and handed on in other formats."""
    with harvest.open_corpus(orchard) as corpus:
        assert harvest.build(corpus) == 1
        assert not harvest.audit(corpus).findings
        assert not harvest.verify(corpus).problems
        assert harvest.export(corpus, tmp_path / "tree").written == 2
        assert (tmp_path / "tree" / SITE).is_dir()
        bundle = harvest.export(corpus, tmp_path, form="bundle", diff=(f"{SITE}@2003", f"{SITE}@2006"))
        assert bundle.file is not None
        assert bundle.file.exists()
        with pytest.raises(Incomplete, match="no format"):
            harvest.export(corpus, tmp_path, form="papyrus")


def test_update_brings_only_what_is_new(archive: str, tmp_path: Path) -> None:
    """Everything known is listed again at its own archive, and nothing is fetched twice."""
    with harvest.open_corpus(tmp_path / "again.db") as corpus:
        harvest.run(corpus, URL, archive=archive)
        report = harvest.update(corpus)

    assert report.ok
    assert len(report.policies) == 1
    assert not sum(report.outcomes.values())


def test_a_script_is_told_of_waits(orchard_warc: Path, tmp_path: Path) -> None:
    """An archive that asks for patience is an event for a script as it is a line for who reads the command's output."""
    clock = SharedClock(tmp_path / "clock")
    told: list[str] = []
    with (
        serve([orchard_warc], faults=["retry-after"], clock=clock) as server,
        harvest.open_corpus(tmp_path / "waits.db") as corpus,
    ):
        settings = Settings(clock=clock)
        report = harvest.run(
            corpus, URL, archive=server.url, settings=settings, on_event=lambda event: told.append(event.name)
        )

    assert report.ok
    assert "waiting" in told


def test_clauses_of_a_change_are_objects(orchard: Path) -> None:
    """As JSON each place of a clause says what its two numbers are."""
    with harvest.open_corpus(orchard) as corpus:
        first, second = harvest.history(corpus, SITE).versions[:2]
        found = harvest.diff(corpus, SITE, before=first.bounds.first_seen, after=second.bounds.first_seen)

    places = [place for change in found.changes for place in harvest.as_dict(change)["after_clauses"]]

    assert len(places) > 0
    assert all(place.keys() == {"section", "clause"} for place in places)
