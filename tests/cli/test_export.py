"""`harvest export`: the corpus in other formats, and back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from click.testing import Result

Cli = Callable[..., Result]
SITE = "orchard-press.example"


def texts(db: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(db)) as conn:
        return conn.execute("SELECT site, text FROM version_text ORDER BY site, version").fetchall()


def test_tree_can_be_imported_again(cli: Cli, orchard: Path, tmp_path: Path) -> None:
    """A tree of Markdown files in the form of the Princeton–Leuven corpus comes back as the same texts."""
    again = tmp_path / "again.db"
    cli("export", tmp_path / "tree", "-d", orchard)
    cli("import", tmp_path / "tree", "-d", again)

    assert [path.name for path in sorted((tmp_path / "tree" / SITE).iterdir())] == [
        "20030401113213.md",
        "20060105001000.md",
    ]
    assert texts(again) == texts(orchard)


def test_json_lines(cli: Cli, orchard: Path, tmp_path: Path) -> None:
    """Every version with its sections, every change with its lines."""
    cli("export", tmp_path / "lines", "--format", "jsonl", "-d", orchard)
    versions, changes = (
        [json.loads(line) for line in (tmp_path / "lines" / name).read_text().splitlines()]
        for name in ("versions.jsonl", "changes.jsonl")
    )

    assert [version["number"] for version in versions] == [1, 2]
    assert versions[0]["sections"]
    assert [change["policy"]["site"] for change in changes] == [SITE]


def test_exporting_twice_is_safe(cli: Cli, orchard: Path, tmp_path: Path) -> None:
    """The second export writes the same files over; others in the folder are left alone."""
    folder = tmp_path / "tree"
    cli("export", folder, "-d", orchard)
    (folder / "mine.txt").write_text("keep")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    cli("export", folder, "-d", orchard)

    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
