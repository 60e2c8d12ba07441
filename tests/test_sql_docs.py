"""The page about SQL is true: its picture is that of the schema, and everything in it runs."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from harvest.corpus.store_opening import migrate

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "sql.md").read_text(encoding="utf-8")
# Where there is no way to DuckDB's server its extension comes from the package index.
OFFLINE = 'from duckdb_extensions import import_extension\nimport_extension("sqlite_scanner", con=duck)\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the sample corpus in it."""
    shutil.copy(ROOT / "corpus.db", tmp_path)
    return tmp_path


def _blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.S)


def test_the_picture_is_that_of_the_schema() -> None:
    """A new table is in the picture, or cog has to be run."""
    done = subprocess.run(
        [sys.executable, "-m", "cogapp", "--check", "docs/sql.md"], cwd=ROOT, capture_output=True, text=True
    )

    assert done.returncode == 0, "run: make docs"


@pytest.mark.parametrize("command", [line for block in _blocks("sh") for line in block.splitlines()])
def test_commands_run(command: str, folder: Path) -> None:
    """Every line for the shell prints rows from the sample."""
    tool = Path(sys.executable).parent / "sqlite-utils"
    done = subprocess.run(
        command.replace("sqlite-utils", str(tool), 1), shell=True, cwd=folder, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) >= 1


@pytest.mark.parametrize("number", range(len(_blocks("python"))))
def test_programs_run(number: int, folder: Path) -> None:
    """Every program prints what it found in the sample."""
    program = _blocks("python")[number]
    program = re.sub(r'duck\.execute\("INSTALL sqlite; LOAD sqlite"\).*\n', OFFLINE, program)
    done = subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) > 3


def test_duckdb_reads_every_table_and_view(folder: Path) -> None:
    """DuckDB has of every name of the schema as many rows as SQLite, and the same words in the same order."""
    import duckdb
    from duckdb_extensions import import_extension

    corpus = folder / "corpus.db"
    migrate(corpus)
    duck = duckdb.connect()
    import_extension("sqlite_scanner", con=duck)
    duck.execute(f"ATTACH '{corpus}' AS corpus (TYPE sqlite, READ_ONLY)")
    conn = sqlite3.connect(corpus)
    names = conn.execute(
        "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE '%\\_fts%' ESCAPE '\\'"
        " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    ).fetchall()

    for (name,) in names:
        said = sorted(conn.execute(f"SELECT * FROM {name}").fetchall(), key=repr)
        assert sorted(duck.execute(f"SELECT * FROM corpus.{name}").fetchall(), key=repr) == said, name
