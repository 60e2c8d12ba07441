"""What `pip install` gives: a wheel that works without the clone."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-w", folder, ROOT)
    [built] = folder.glob("policy_harvest-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel in a fresh environment and return its folder of programs.

    Its dependencies are lent by this environment through a path file, which does not lend the editable install.
    """
    folder = tmp_path_factory.mktemp("fresh") / "venv"
    venv.create(folder, symlinks=True)
    [site] = folder.glob("lib/python*/site-packages")
    (site / "lent.pth").write_text(sysconfig.get_paths()["purelib"])
    python = folder / "bin" / "python"
    run(sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", wheel)
    return folder / "bin"


def run(*command: object, cwd: Path = ROOT) -> str:
    clean = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "HARVEST_DB")}
    words = [str(word) for word in command]
    done = subprocess.run(words, capture_output=True, text=True, cwd=cwd, env=clean, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_wheel_carries_what_serving_needs(wheel: Path) -> None:
    """Plugins, templates, static files, metadata, the schema, types and the licence are in the wheel."""
    names = zipfile.ZipFile(wheel).namelist()

    assert any(name.startswith("harvest/plugins/") and name.endswith(".py") for name in names)
    assert any(name.startswith("harvest/plugins/templates/") for name in names)
    assert any(name.startswith("harvest/plugins/static/") for name in names)
    assert {"harvest/metadata.yaml", "harvest/corpus/schema.sql", "harvest/py.typed"} <= set(names)
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not any("test" in name for name in names)


def test_installed_program_helps(installed: Path, tmp_path: Path) -> None:
    """`harvest --help` works from the wheel, and it is the wheel's code that runs."""
    where = run(installed / "python", "-c", "import harvest; print(harvest.__file__)", cwd=tmp_path)

    assert str(installed.parent) in where
    assert "Commands:" in run(installed / "harvest", "--help", cwd=tmp_path)


def test_installed_program_serves(installed: Path, tmp_path: Path) -> None:
    """`harvest serve` finds the plugins without a clone."""
    corpus = shutil.copy(ROOT / "corpus.db", tmp_path)  # of an older schema it is brought up to date first
    answer = run(installed / "harvest", "serve", "-d", corpus, "--get", "/-/policies.json", cwd=tmp_path)

    assert len(json.loads(answer)["policies"]) >= 8


def test_installed_program_demonstrates(installed: Path, tmp_path: Path) -> None:
    """`harvest demo` brings its archive along, and what it makes can be verified."""
    run(installed / "harvest", "demo", "--no-serve", "--quiet", "-d", "demo.db", cwd=tmp_path)
    status = json.loads(run(installed / "harvest", "status", "-d", "demo.db", "--json", cwd=tmp_path))

    assert status["sites"] >= 8
    assert status["pending"] == 0
