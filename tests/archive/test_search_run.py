"""A run that searches for changes: over files and over HTTP, repeated, stopped and resumed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from harvest import pipeline
from harvest.archive import open_archive
from harvest.archive.selection import near
from harvest.archive.warc import WarcArchive
from harvest.cli import main
from harvest.config import Settings
from harvest.corpus.audit import audit
from harvest.corpus.dump import logical_dump
from harvest.corpus.queries_status import status
from harvest.corpus.store import Store
from harvest.errors import Unreachable
from harvest.model import Capture, RawPage
from harvest.simulator import serve

URL = "http://www.brook.example/privacy.html"
CLAUSES = [
    f"Brook Ltd keeps record number {number} of what you order, for as long as the tax office asks us to."
    for number in range(6)
]


def _page(month: int) -> dict[str, Any]:
    """One capture a month over ten years; the text changes in months 17, 58 and 59; every page has its own bytes."""
    clauses = CLAUSES[: 3 + sum(month >= change for change in (17, 58, 59))]
    body = f"<html><title>Privacy</title><!-- {month} --><h1>Privacy policy</h1><p>{'<p>'.join(clauses)}</html>"
    return {"url": URL, "at": f"{2004 + month // 12}-{month % 12 + 1:02d}-01T11:32:13Z", "body": body.encode()}


@pytest.fixture
def warc(write_warc: Callable[..., Path], tmp_path: Path) -> Path:
    """Write ten years of a policy."""
    return write_warc(tmp_path / "brook.warc.gz", [_page(month) for month in range(120)])


class Counting(WarcArchive):
    """An archive that counts what is asked, and breaks down after some pages."""

    asked = 0
    patience = 10_000

    def fetch(self, capture: Capture) -> RawPage:
        """Count, and refuse when patience is over."""
        self.asked += 1
        if self.asked > self.patience:
            raise Unreachable("no connection")
        return super().fetch(capture)


def _history(store: Store) -> list[tuple[str, str]]:
    rows = store.conn.execute("SELECT substr(not_before, 1, 7), substr(first_seen, 1, 7) FROM versions ORDER BY number")
    return [(row[0] or "", row[1]) for row in rows]


EVERY_CHANGE = [("", "2004-01"), ("2005-05", "2005-06"), ("2008-10", "2008-11"), ("2008-11", "2008-12")]


def test_every_change_is_found_with_few_pages(warc: Path, tmp_path: Path) -> None:
    """Bounds come from captures that were fetched; the others are accounted for as assumed."""
    archive = Counting(warc, Settings())
    with Store.open(tmp_path / "a.db") as store:
        report = pipeline.run(store, archive, [URL], every="change")

        assert report.ok
        assert _history(store) == EVERY_CHANGE
        assert archive.asked < 50
        assert not audit(store.conn).findings
        found = status(store.conn)
        assert found.assumed == 120 - archive.asked == found.outcomes["skipped"]
        (reason,) = store.conn.execute("SELECT DISTINCT substr(reason, 1, 16) FROM captures WHERE outcome = 'skipped'")
        assert reason == ("assumed same as ",)
        ledger = store.conn.execute("SELECT assumed FROM capture_ledger WHERE outcome = 'skipped'").fetchone()
        assert ledger == (found.assumed,)


def test_a_search_that_is_stopped_anywhere_ends_the_same(warc: Path, tmp_path: Path) -> None:
    """Any number of break-downs later the corpus is the one of an undisturbed run, and nothing was asked twice."""
    with Store.open(tmp_path / "whole.db") as whole:
        archive = Counting(warc, Settings())
        pipeline.run(whole, archive, [URL], every="change")
        with Store.open(tmp_path / "parts.db") as parts:
            pages = 0
            for _ in range(20):
                broken = Counting(warc, Settings())
                broken.patience = 7
                report = pipeline.run(parts, broken, [URL], every="change")
                pages += broken.asked - bool(report.stopped)
                if not report.stopped:
                    break
            tables = ("captures", "versions", "texts", "transitions")
            assert logical_dump(parts.conn, tables=tables) == logical_dump(whole.conn, tables=tables)
            assert pages == archive.asked


def test_a_search_goes_on_where_new_captures_appear(warc: Path, tmp_path: Path) -> None:
    """What was assumed is looked at when more is known, and what is known is not asked for again."""
    with Store.open(tmp_path / "a.db") as store:
        first = Counting(warc, Settings())
        pipeline.run(store, first, [URL], every="change", until=datetime(2008, 6, 1, tzinfo=UTC))
        second = Counting(warc, Settings())
        pipeline.run(store, second, [URL], every="change")

        assert _history(store) == EVERY_CHANGE
        again = Counting(warc, Settings())
        pipeline.run(store, again, [URL], every="change")
        assert again.asked == 0


def test_the_search_works_over_http(warc: Path, tmp_path: Path) -> None:
    """The same captures are chosen through a server as out of the file."""
    with serve([warc]) as server, Store.open(tmp_path / "a.db") as store:
        archive = open_archive(server.url, Settings())
        report = pipeline.run(store, archive, [URL], every="change")
        archive.close()

        assert report.ok
        assert _history(store) == EVERY_CHANGE
        assert status(store.conn).assumed > 70


def test_every_capture_of_an_excluded_site_ends_as_excluded(warc: Path, tmp_path: Path) -> None:
    """Of pages that may not be shown nothing is assumed, least of all that they have no text."""
    with serve([warc], faults=["blocked-200"], seed=0) as server, Store.open(tmp_path / "c.db") as store:
        archive = open_archive(server.url, Settings())
        pipeline.run(store, archive, [URL], every="change")
        archive.close()
        outcomes = [row[0] for row in store.conn.execute("SELECT DISTINCT outcome FROM captures")]

    assert outcomes == ["excluded"]


def test_the_nearest_to_a_day_is_fetched(warc: Path, tmp_path: Path) -> None:
    """And nothing else; the reason names the day and the distance."""
    with Store.open(tmp_path / "a.db") as store:
        every = near([datetime(2006, 5, 14, tzinfo=UTC)])
        pipeline.run(store, WarcArchive(warc, Settings()), [URL], every=every)

        rows = store.conn.execute("SELECT timestamp, reason FROM captures WHERE outcome = 'fetched'").fetchall()
        assert [row[0][:8] for row in rows] == ["20060501"]


def test_commands_take_the_search_and_days(warc: Path, tmp_path: Path) -> None:
    """`plan` says the least, `run` takes the days it is to be near to, `status` counts what is assumed."""
    db = str(tmp_path / "c.db")

    def harvest(*arguments: str) -> str:
        result = CliRunner().invoke(main, [*arguments, "-d", db], catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.output

    planned = harvest("plan", URL, "--archive", str(warc), "--every", "change")
    assert "at least 33 pages" in planned
    harvest("run", URL, "--archive", str(warc), "--near", "2006-05-14", "--near", "2009", "-q")
    assert "2 fetched, 118 skipped" in harvest("status")
    harvest("run", URL, "--archive", str(warc), "--every", "change", "-q")
    assert "of the skipped are assumed to show what the captures around them show" in harvest("status")
