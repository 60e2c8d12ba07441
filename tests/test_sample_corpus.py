"""``corpus.db``, the sample corpus that the repository carries, and the demonstration that makes the same."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from harvest.cli import main
from harvest.cli.progress import display_for
from harvest.cli.sample import ARCHIVE_NAME, build_corpus
from harvest.corpus.store import Store

ROOT = Path(__file__).resolve().parents[1]
COMMITTED = ROOT / "corpus.db"
# Of the physical file, not of the corpus: how text is indexed and how bytes are packed may differ between versions
# of SQLite, zstandard and zlib (the index of an archive gives the compressed length of each record).
PHYSICAL_COLUMNS = {"bodies": {"data", "codec", "base_id"}, "captures": {"length"}}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the corpus again."""
    path = tmp_path_factory.mktemp("corpus") / "corpus.db"
    assert build_corpus(path, display=display_for(as_json=False, quiet=True)).ok
    return path


def content(path: Path) -> Iterator[tuple[str, list[tuple[object, ...]]]]:
    """Yield each table with its rows, physical columns and shadow tables of the full-text index left out."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as conn:
        tables = [name for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        for table in (name for name in tables if "_fts" not in name and not name.startswith(("sqlite_", "_"))):
            wanted = [
                f'"{name}"'
                for (name,) in conn.execute("SELECT name FROM pragma_table_info(?)", (table,))
                if name not in PHYSICAL_COLUMNS.get(table, set())
            ]
            order = ", ".join(str(number) for number in range(1, min(len(wanted), 2) + 1))
            yield (
                table,
                [tuple(row) for row in conn.execute(f'SELECT {", ".join(wanted)} FROM "{table}" ORDER BY {order}')],
            )


def test_the_committed_corpus_is_what_the_program_makes(built: Path) -> None:
    """Building it again gives the same rows; if this fails, run ``make corpus`` and look at what changed."""
    committed, again = dict(content(COMMITTED)), dict(content(built))

    assert committed.keys() == again.keys()
    assert [table for table in again if committed[table] != again[table]] == []


def test_it_builds_the_same_twice(built: Path, tmp_path: Path) -> None:
    """Neither the clock nor the port of the archive leaves a trace."""
    build_corpus(tmp_path / "corpus.db", display=display_for(as_json=False, quiet=True))

    assert dict(content(built)) == dict(content(tmp_path / "corpus.db"))


SHOWN = {
    "a return of an old text": "SELECT 1 FROM transitions WHERE kind = 'return'",
    "a silent change": "SELECT 1 FROM transitions WHERE silent = 1",
    "a new date alone": "SELECT 1 FROM transitions WHERE redated = 1",
    "a page that alternates": "SELECT 1 FROM versions WHERE variant_of IS NOT NULL",
    "a moved section": "SELECT 1 FROM changes WHERE kind = 'section-moved'",
    "a renamed section": "SELECT 1 FROM changes WHERE kind = 'heading-renamed'",
    "renumbering": "SELECT 1 FROM changes WHERE kind = 'heading-renumbered'",
    "a clause of three companies": """
        SELECT 1 FROM clauses c JOIN section_clauses sc ON sc.clause_id = c.id JOIN sections s ON s.id = sc.section_id
        WHERE c.words > 30 GROUP BY c.id HAVING count(DISTINCT s.policy_id) >= 3""",
    "a gap of five years": "SELECT 1 FROM versions WHERE julianday(first_seen) - julianday(not_before) > 5 * 365",
    "a policy that moved": "SELECT 1 FROM policy_urls GROUP BY policy_id HAVING count(*) >= 3",
    "a site that points at another's policy": "SELECT 1 FROM site_policies",
    "German": "SELECT 1 FROM texts WHERE language = 'de'",
    "terms and cookies": "SELECT 1 FROM policies a, policies b WHERE a.kind = 'terms' AND b.kind = 'cookies'",
    **{
        f"outcome {outcome}": f"SELECT 1 FROM captures WHERE outcome = '{outcome}'"
        for outcome in ("fetched", "duplicate", "redirect", "error-page", "blocked-page", "no-text")
    },
}


@pytest.mark.parametrize("feature", SHOWN)
def test_it_shows_every_feature(feature: str, built: Path) -> None:
    """What the program can tell apart occurs in the corpus that people see first."""
    with closing(sqlite3.connect(built)) as conn:
        assert conn.execute(SHOWN[feature]).fetchone()


def test_it_is_small_and_marked_as_the_sample(tmp_path: Path) -> None:
    """Under 3 MB, one file, and marked, so that nobody's harvest is mixed with invented companies."""
    copy = tmp_path / "corpus.db"
    shutil.copyfile(COMMITTED, copy)  # opening a corpus may write to it

    assert COMMITTED.stat().st_size < 3_000_000
    with Store.open(copy, create=False) as store:
        assert store.is_sample


def test_the_demonstration_can_be_stopped_and_repeated(tmp_path: Path) -> None:
    """A second run finds everything there, on whatever port its archive answers."""
    db = tmp_path / "demo.db"
    arguments = ["demo", "-d", str(db), "--archive-port", "0", "--no-serve"]
    first = CliRunner().invoke(main, arguments)
    rows = dict(content(db))["captures"]
    second = CliRunner().invoke(main, arguments)

    assert first.exit_code == second.exit_code == 0, (first.output, second.output)
    assert "nothing new" in second.stderr
    assert dict(content(db))["captures"] == rows
    with Store.open(db, create=False) as store:
        assert store.is_sample
        assert {row[0] for row in store.conn.execute("SELECT DISTINCT archive FROM captures")} == {ARCHIVE_NAME}


def test_the_demonstration_leaves_a_real_corpus_alone(tmp_path: Path) -> None:
    """A corpus that somebody harvested is refused, unchanged, with a word on what to do."""
    db = tmp_path / "mine.db"
    with Store.open(db) as store:
        store.ensure_policy(host="real.example", kind="privacy", url="http://real.example/privacy")
    result = CliRunner().invoke(main, ["demo", "-d", str(db), "--archive-port", "0", "--no-serve"])

    assert result.exit_code == 1
    assert "name another file" in result.output
    with Store.open(db, create=False) as store:
        assert not store.is_sample
        assert store.conn.execute("SELECT count(*) FROM policies").fetchone()[0] == 1
