"""The whole thread on companies that nothing in the program has seen: archive → harvest → corpus → answers.

What each capture really says is known here, because it was made here: the corpus is compared with that.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner

from harvest.cli import main
from harvest.simulator import sample, serve
from harvest.simulator.sample.captures import Record, records
from harvest.simulator.sample.history import date_words
from harvest.simulator.sample.model import Company
from harvest.text.fold import fold

SEED = 1871
OUTCOMES = {
    "": {"fetched"},
    "revisit": {"duplicate", "fetched"},
    "redirect": {"redirect"},
    "404": {"error-page"},
    "503": {"error-page"},
    "blocked": {"error-page", "blocked-page"},
    "soft-404": {"error-page", "no-text"},
    "challenge": {"blocked-page", "no-text"},
    "shell": {"no-text"},
}


@dataclass(frozen=True)
class Thread:
    """Three companies, and the corpus that was harvested from their archive."""

    companies: Sequence[Company]
    db: Path
    conn: sqlite3.Connection

    def says(self, record: Record) -> list[str]:
        """Return the headings and clauses that the corpus holds for a capture, folded, in order."""
        rows = self.conn.execute(
            """SELECT s.id, s.heading FROM captures c JOIN text_sections ts ON ts.text_id = c.text_id
               JOIN sections s ON s.id = ts.section_id WHERE c.timestamp = ? AND c.url = ? ORDER BY ts.position""",
            (f"{record.when:%Y%m%d%H%M%S}", record.url),
        ).fetchall()
        return [fold(line) for section_id, heading in rows for line in (heading, *self._clauses(section_id)) if line]

    def _clauses(self, section_id: int) -> list[str]:
        sql = """SELECT cl.text FROM section_clauses sc JOIN clauses cl ON cl.id = sc.clause_id
                 WHERE sc.section_id = ? ORDER BY sc.position"""
        return [text for (text,) in self.conn.execute(sql, (section_id,))]


@pytest.fixture(scope="module")
def thread(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Thread]:
    """Write the archive, serve it, and harvest it as a user would."""
    folder = tmp_path_factory.mktemp("thread")
    paths = sample.write_sample(folder, seed=SEED)
    with serve(paths, opaque_keys=True) as archive:
        targets = str(folder / "targets.toml")
        harvest("run", "--archive", archive.url, "--file", targets, "-d", str(folder / "c.db"), "--quiet")
        asked = len(archive.requests)
        harvest("run", "--archive", archive.url, "--file", targets, "-d", str(folder / "c.db"), "--quiet")
        playbacks = [path for path, _ in archive.requests[asked:] if path.startswith("/web/")]
    assert not playbacks, "a second run asks for nothing that it has"

    conn = sqlite3.connect(folder / "c.db")
    yield Thread(sample.invent(SEED, 3), folder / "c.db", conn)
    conn.close()


def harvest(*arguments: str) -> str:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, (arguments, result.output, result.exception)
    return result.stdout


def truth(company: Company, record: Record) -> list[str]:
    """Return what a capture says, folded: headings and clauses in order."""
    wording = record.wording
    assert wording is not None
    stated = [date_words(company.stated_form, wording.stated)] if wording.stated else []
    lines = [
        line
        for chapter in wording.chapters
        for line in (chapter.heading, *(part.text for part in chapter.parts))
        if line
    ]
    lines = stated + lines if company.stated_at == "top" else lines + stated
    return [fold(re.sub(r"\[([^]]*)\]\([^)]*\)|\*\*(.+?)\*\*", r"\1\2", line)) for line in lines]


def pages(company: Company) -> list[Record]:
    return [record for record in records(company, seed=str(SEED)) if record.wording is not None]


def test_every_capture_has_its_outcome(thread: Thread) -> None:
    """Pages were fetched; redirects, errors, walls and shells are in the ledger as what they are."""
    wrong = []
    for company in thread.companies:
        for record in records(company, seed=str(SEED)):
            row = thread.conn.execute(
                "SELECT outcome FROM captures WHERE timestamp = ? AND url = ?",
                (f"{record.when:%Y%m%d%H%M%S}", record.url),
            ).fetchone()
            if row is None or row[0] not in OUTCOMES[record.kind]:
                wrong.append((record.url, record.when, record.kind, row))

    assert not wrong


def test_every_word_of_a_policy_arrives(thread: Thread) -> None:
    """Each heading and clause of each page is in its text, in order, whatever the era's mark-up and encoding."""
    missing = []
    for company in thread.companies:
        for record in pages(company):
            found = iter(thread.says(record))
            missing += [(record.url, record.when.date(), line) for line in truth(company, record) if line not in found]

    assert not missing


def test_every_change_is_a_change(thread: Thread) -> None:
    """Captures with different wordings never share a text."""
    unseen = []
    for company in thread.companies:
        for before, after in pairwise(pages(company)):
            if truth(company, before) != truth(company, after) and thread.says(before) == thread.says(after):
                unseen.append((company.host, before.when, after.when))

    assert not unseen


def test_noise_is_no_change(thread: Thread) -> None:
    """Captures with one wording in one era share a text: advertisements, dates in footers and ids do not count."""
    false = Counter[str]()
    for company in thread.companies:
        for before, after in pairwise(pages(company)):
            same_look = _look(company, before) == _look(company, after)
            if same_look and before.wording == after.wording and thread.says(before) != thread.says(after):
                false[f"{company.host}: {_look(company, after)}"] += 1

    assert not false


def _look(company: Company, record: Record) -> str:
    return [look.era for look in company.looks if look.since <= record.when.date()][-1]


def test_the_arrival_of_a_right_is_found(thread: Thread) -> None:
    """A search in what was added names each company with the bounds of the change, around the day it was made."""
    found = json.loads(harvest("search", "General Data Protection", "--in", "added", "--json", "-d", str(thread.db)))
    bounds = {
        hit["policy"]["site"]: (hit["transition"]["not_before"][:10], hit["transition"]["first_seen"][:10])
        for hit in found["hits"]
        if hit["transition"]["kind"] == "change"
    }

    for company in thread.companies:
        day = next(edit.when.isoformat() for edit in company.edits if "GDPR" in str(edit.operations))
        not_before, first_seen = bounds[company.host]
        assert not_before < day <= first_seen


def test_the_corpus_balances_and_can_be_recomputed(thread: Thread) -> None:
    """The ledger balances, every checksum holds, and every derived row follows from the bodies."""
    harvest("audit", "-d", str(thread.db))
    harvest("verify", "-d", str(thread.db), "--workers", "1")


def test_questions_have_answers(thread: Thread) -> None:
    """Each company has a log, a text as of a date and a diff of two dates."""
    for company in thread.companies:
        log = json.loads(harvest("log", company.host, "--json", "-d", str(thread.db)))
        text = harvest("show", f"{company.host}@2019", "-d", str(thread.db))
        diff = json.loads(
            harvest("diff", f"{company.host}@2015", f"{company.host}@2019", "--json", "-d", str(thread.db))
        )

        assert len(log["versions"]) > 3
        assert "GDPR" in text
        assert any("General Data Protection" in (change["after"] or "") for change in diff["changes"])
