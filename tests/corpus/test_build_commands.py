"""``harvest build``, ``audit``, ``verify``, ``migrate`` as a user or a cron job calls them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from harvest.cli import main
from harvest.corpus.store import Store

Make = Callable[..., Any]


@pytest.fixture
def corpus(tmp_path: Path, page: Make, shot: Make, record: Make) -> Path:
    """A corpus of two versions."""
    path = tmp_path / "corpus.db"
    with Store.open(path) as store:
        record(store, [shot(0, page()), shot(30, page(without=["Contact"]))])
    return path


def harvest(*words: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(main, [str(word) for word in words])
    return result.exit_code, result.output


@pytest.mark.parametrize(
    ("words", "message"),
    [
        pytest.param(["build"], "1 policy derived again", id="build"),
        pytest.param(["build", "--dry-run"], "0 transitions would appear, 0 would vanish", id="dry run"),
        pytest.param(["audit"], "The ledger balances.", id="audit"),
        pytest.param(["verify"], "Every checksum holds", id="verify"),
        pytest.param(["migrate"], "newest schema", id="migrate"),
    ],
)
def test_a_sound_corpus_passes_every_check(corpus: Path, words: list[str], message: str) -> None:
    """Each command says in a line what it found, and exits with 0."""
    status, output = harvest(*words, "-d", corpus)

    assert (status, message in output) == (0, True)


@pytest.mark.parametrize("command", ["build", "audit", "verify", "migrate"])
def test_json_is_for_machines(corpus: Path, command: str) -> None:
    """One JSON object on stdout."""
    status, output = harvest(command, "--json", "-d", corpus)

    assert status == 0
    assert isinstance(json.loads(output), dict)


def test_a_dry_run_names_what_would_appear(corpus: Path) -> None:
    """The bounds and the tier of every transition that a build would bring or take."""
    with Store.open(corpus) as store:
        store.conn.execute("DELETE FROM transitions")

    status, output = harvest("build", "--dry-run", "--json", "-d", corpus)

    changes = json.loads(output)
    assert status == 0
    assert changes["vanish"] == []
    assert [(one["site"], one["not_later_than"], one["transition"]) for one in changes["appear"]] == [
        ("alder.example", "2010-01-31T00:00:00Z", "change")
    ]
    assert harvest("verify", "-d", corpus)[0] == 1
    assert harvest("audit", "-d", corpus)[0] == 1
    assert harvest("build", "-d", corpus)[0] == 0
    assert harvest("verify", "-d", corpus)[0] == 0


@pytest.mark.parametrize("command", ["build", "audit", "verify", "migrate"])
def test_no_corpus_is_a_message_not_a_traceback(tmp_path: Path, command: str) -> None:
    """Exit status 1, a line that says what to do, and no file made."""
    path = tmp_path / "none.db"

    status, output = harvest(command, "-d", path)

    assert status == 1
    assert "none.db" in output
    assert "Traceback" not in output
    assert not path.exists()
