"""What README.md says is so: generated parts are fresh, examples run, links lead somewhere."""

from __future__ import annotations

import re
import shlex
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner
from cogapp import Cog

from harvest.cli import COMMANDS, main

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, flags=re.M | re.S)


def test_generated_parts_are_fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command reference and the schema are what the program says: `make docs` writes them."""
    monkeypatch.chdir(ROOT)

    assert Cog().main(["cog", "--check", "README.md"]) == 0


@pytest.mark.parametrize("query", blocks("sql"), ids=lambda query: query.split("\n")[0][:40])
def test_sql_examples_find_something(query: str) -> None:
    """Each SQL example runs on the sample corpus and finds at least one row."""
    with sqlite3.connect(f"file:{ROOT / 'corpus.db'}?mode=ro&immutable=1", uri=True) as conn:
        assert conn.execute(query).fetchall()


def tour() -> list[str]:
    match = re.search(r"<!-- tour:begin.*?```\n(.*?)```", README, flags=re.S)
    assert match is not None
    return match.group(1).strip().splitlines()


@pytest.mark.parametrize("line", tour())
def test_tour_works_on_the_sample(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every line of the tour can be typed in a fresh clone and prints something."""
    (tmp_path / "corpus.db").write_bytes((ROOT / "corpus.db").read_bytes())
    (tmp_path / "page.html").write_text("<h1>Privacy Policy</h1><p>We keep your address.</p>")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HARVEST_DB", raising=False)
    program, *arguments = shlex.split(line, comments=True)
    result = CliRunner().invoke(main, arguments)

    assert program == "harvest"
    assert result.exit_code == 0, result.output
    assert result.stdout.strip()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_documented(name: str) -> None:
    """Each command has its part of the reference."""
    assert f"### harvest {name}\n" in README


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\(((?!https?:)[^)#]+)\)", README))))
def test_links_lead_somewhere(target: str) -> None:
    """Files and pictures that the README points at exist."""
    assert (ROOT / target).exists()


def test_examples_speak_of_commands_that_exist() -> None:
    """Every `harvest …` line of the README names a command."""
    named = {words[1] for line in re.findall(r"^harvest .*$", README, flags=re.M) if len(words := line.split()) > 1}

    assert named <= set(COMMANDS)
