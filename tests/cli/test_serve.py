"""`harvest serve` and `datasette .`: the explorer over a corpus."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from harvest.cli.serve import datasette_arguments, metadata_file, plugins_folder

ROOT = Path(__file__).resolve().parents[2]


def ask(*command: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own: Datasette keeps its plugins for the whole process."""
    clean = {name: value for name, value in os.environ.items() if name != "HARVEST_DB"}
    words = [str(word) for word in command]
    return subprocess.run(words, capture_output=True, text=True, cwd=cwd, env=clean, check=False)


def serve(db: Path, path: str, *options: str) -> Any:
    command = (sys.executable, "-m", "harvest", "serve", "-d", db, "--get", path, *options)
    done = ask(*command, cwd=db.parent)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_clone_serves_its_own_plugins() -> None:
    """In a clone the plugins and metadata are those at the top level."""
    assert plugins_folder() == ROOT / "plugins"
    assert metadata_file() == ROOT / "metadata.yaml"


@pytest.fixture(scope="module")
def served(orchard_built: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """A corpus after a page of it was asked for, and the answer: starting a program takes seconds."""
    db = tmp_path_factory.mktemp("served") / "orchard.db"
    db.write_bytes(orchard_built.read_bytes())
    return db, serve(db, "/-/policies.json")


def test_pages_answer(served: tuple[Path, Any]) -> None:
    """The explorer lists the policies of the corpus, whatever the file is called."""
    [policy] = served[1]["policies"]

    assert policy["site"] == "orchard-press.example"
    assert policy["versions"] == 2


def test_options_of_datasette_are_passed_on(orchard: Path) -> None:
    """What `serve` does not know goes to Datasette."""
    settings = serve(orchard, "/-/settings.json", "--setting", "sql_time_limit_ms", "4321")

    assert settings["sql_time_limit_ms"] == 4321


@pytest.mark.parametrize("command", [["serve", "-d"], ["demo", "--db"]], ids=["serve", "demo"])
def test_a_port_that_is_taken_is_told_so(orchard: Path, command: list[str]) -> None:
    """Before anything is harvested, and before anybody is sent to what answers there."""
    before = orchard.read_bytes()
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = ask(sys.executable, "-m", "harvest", *command, orchard, "--port", port, cwd=orchard.parent)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"Error: 127.0.0.1:{port}: Address already in use: choose another with --port\n"
    assert orchard.read_bytes() == before


def test_page_that_does_not_exist_is_status_1(orchard: Path) -> None:
    """`--get` of a page with an error ends with 1, so that scripts notice."""
    command = (sys.executable, "-m", "harvest", "serve", "-d", orchard, "--get", "/-/policies/nowhere.example.json")

    assert ask(*command, cwd=orchard.parent).returncode == 1


def test_serving_writes_nothing(orchard_built: Path, served: tuple[Path, Any]) -> None:
    """Neither the corpus nor the folder beside it is touched."""
    db = served[0]

    assert db.read_bytes() == orchard_built.read_bytes()
    assert [path.name for path in db.parent.iterdir()] == [db.name]


@pytest.mark.parametrize("immutable", [True, False])
def test_arguments(immutable: bool) -> None:
    """Loopback unless asked otherwise, our plugins, the corpus read-only or immutable."""
    words = datasette_arguments(Path("c.db"), host="127.0.0.1", port=8001, immutable=immutable)

    assert words[:2] == ["serve", "--immutable" if immutable else "c.db"]
    assert str(ROOT / "plugins") in words


def test_datasette_in_the_clone() -> None:
    """`datasette .` in a fresh clone finds corpus.db and the plugins by itself."""
    program = Path(sys.executable).with_name("datasette")
    done = ask(program, ROOT, "--get", "/-/policies.json", cwd=ROOT)

    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)["policies"]) >= 8
