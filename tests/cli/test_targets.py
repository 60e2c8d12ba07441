"""Targets as people write them, and the messages for what cannot be read."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import pytest

import harvest
from harvest.cli.settings import settings_of
from harvest.config import Rate, Settings
from harvest.errors import UnknownTarget
from harvest.targets import Target, as_targets, read_targets

GOOD = """
contact = "me@university.example"
every = "6m"
from = "2005"
to = 2019-06-30

[[target]]
url = "https://policies.orchard.example/privacy"
urls = ["http://www.orchard.example/privacy.html"]
kind = "privacy"
label = "eu"

[[target]]
host = "lantern.example"
"""


def test_file_gives_targets_and_settings(tmp_path: Path) -> None:
    """A targets file holds what the command line would."""
    path = tmp_path / "targets.toml"
    path.write_text(GOOD)
    content = read_targets(path)

    assert content.targets == (
        Target(
            "https://policies.orchard.example/privacy", "privacy", "eu", ("http://www.orchard.example/privacy.html",)
        ),
        Target("lantern.example"),
    )
    assert [target.is_url for target in content.targets] == [True, False]
    assert (content.contact, content.every) == ("me@university.example", "6m")
    assert content.since == datetime(2005, 1, 1, tzinfo=UTC)
    assert content.until == datetime(2019, 6, 30, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("", "no targets", id="empty"),
        pytest.param("target = 3", "no targets", id="no-table"),
        pytest.param("[[target]]\nlabel = 'x'", "target 1: neither url nor host", id="no-url"),
        pytest.param("[[target]]\nurl = 3", "write it in quotes", id="number"),
        pytest.param("[[target]]\nurl = 'a.example'\nkinds = 'x'", "unknown setting kinds", id="misspelt"),
        pytest.param("[[target]]\nurl = 'a.example'\nkind = 'imprint'", "write one of privacy", id="kind"),
        pytest.param("every = '2w'\n[[target]]\nurl = 'a.example'", "write one of all", id="every"),
        pytest.param("from = 'May'\n[[target]]\nurl = 'a.example'", "is no date", id="date"),
        pytest.param("[[target]]\nurl = 'a.example'\nurls = 'b'", "list of addresses", id="urls"),
        pytest.param("[[target", "not a TOML file", id="no-toml"),
        pytest.param("[settings]\nconcurrency = 0\n[[target]]\nurl = 'a.example'", "above 0", id="no-request-at-all"),
        pytest.param("[settings]\npatience_s = -1\n[[target]]\nurl = 'a.example'", "0 or more", id="below-zero"),
        pytest.param("[settings]\ntimeout_s = nan\n[[target]]\nurl = 'a.example'", "above 0", id="not-a-number"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, text: str, says: str) -> None:
    """A file that cannot be read says where and what is allowed."""
    path = tmp_path / "targets.toml"
    path.write_text(text)

    with pytest.raises(UnknownTarget, match=says):
        read_targets(path)


def test_absent_file_is_named(tmp_path: Path) -> None:
    """A file that is not there is an error that names it."""
    with pytest.raises(UnknownTarget, match=r"none\.toml"):
        read_targets(tmp_path / "none.toml")


def test_scripts_may_mix_words_and_targets() -> None:
    """Plain strings and targets mix; blanks are dropped, a kind fills in where none is set."""
    given = as_targets([" a.example ", "", Target("b.example", "terms")], kind="privacy")

    assert given == (Target("a.example", "privacy"), Target("b.example", "terms"))


LIMITS = """
contact = "me@university.example"

[settings]
mementos_per_minute = 30
attempts = 5

[archives."replay.example"]
listings_per_minute = 2

[[target]]
url = "http://a.example/privacy"
"""


def test_limits_of_a_file_are_kept_by_scripts_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`harvest.run` with a file of targets asks as seldom as `harvest run --file` does."""
    (tmp_path / "targets.toml").write_text(LIMITS)
    file = read_targets(tmp_path / "targets.toml")
    opened: list[Settings] = []

    def refuse(spec: str, settings: Settings, **_: object) -> NoReturn:
        opened.append(settings)
        raise UnknownTarget(spec)

    monkeypatch.setattr("harvest.archive.open_archive", refuse)
    with harvest.open_corpus(tmp_path / "a.db") as corpus, pytest.raises(UnknownTarget):
        harvest.run(corpus, file)

    (settings,) = opened
    monkeypatch.delenv("HARVEST_STATE")  # scripts do not read the environment
    assert settings == settings_of({}, file)
    assert (settings.contact, settings.attempts, settings.memento_rate) == ("me@university.example", 5, Rate(30))
    assert settings.rates_of("replay.example")["listing"] == Rate(2)
