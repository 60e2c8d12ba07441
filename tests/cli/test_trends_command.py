"""`harvest trends` prints what the page shows."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from click.testing import Result

Cli = Callable[..., Result]


def test_trends_print_of_how_many(cli: Cli, orchard: Path) -> None:
    """One line a half-year: how many policies there are, how many say it, and which share that is."""
    lines = cli("trends", "cookie", "advertising networks", "-d", orchard).stdout.splitlines()

    assert lines[0].split() == ["half-year", "texts", "cookie", "advertising", "networks"]
    assert lines[1].split() == ["Jan–Jun", "2003", "1", "1", "100%", "0", "0%"]
    assert lines[-1].split() == ["Jul–Dec", "2009", "1", "1", "100%", "1", "100%"]


def test_trends_as_json_have_both_counts(cli: Cli, orchard: Path) -> None:
    """The JSON is that of the page: counts of policies and of texts, with shares."""
    found = json.loads(cli("trends", "cookie", "--from", "2004", "--to", "2004", "-d", orchard, "--json").stdout)

    assert [half["half_year"] for half in found["half_years"]] == ["2004-H1", "2004-H2"]
    assert found["terms"][0]["counts"][0] == {
        "half_year": "2004-H1", "policies": 1, "share_of_policies": 1.0, "texts": 1, "share_of_texts": 1.0,
    }  # fmt: skip


def test_trends_without_a_word_are_a_mistake_of_usage(cli: Cli, orchard: Path) -> None:
    """Exit status 2 and a sentence that says what is missing."""
    result = cli("trends", "++", "-d", orchard, expect=2)

    assert "at least one word" in result.stderr
