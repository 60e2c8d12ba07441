"""Commands that read: what they print, and that they change nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

Cli = Callable[..., Result]
SITE = "orchard-press.example"


def answer(result: Result) -> Any:
    return json.loads(result.stdout)


def test_status_accounts_for_every_capture(cli: Cli, orchard: Path) -> None:
    """The ledger counts each of the five captures once and nothing is pending."""
    found = answer(cli("status", "-d", orchard, "--json"))

    assert sum(found["outcomes"].values()) == found["captures"] == 5
    assert found["outcomes"]["error-page"] == 1
    assert found["pending"] == 0
    assert found["sample"] is False
    assert [item["site"] for item in found["by_policy"]] == [SITE]


def test_log_shows_both_bounds(cli: Cli, orchard: Path) -> None:
    """The change lies after the last capture without it and not later than the first with it."""
    found = answer(cli("log", SITE, "-d", orchard, "--json"))
    [step] = found["transitions"]

    assert [version["number"] for version in found["versions"]] == [1, 2]
    assert step["not_before"].startswith("2004-02-11")
    assert step["first_seen"].startswith("2006-01-05")
    assert step["tier"] in ("edit", "revision")


def test_log_for_people_is_one_line_a_version(cli: Cli, orchard: Path) -> None:
    """Two versions, two lines, with the day of both bounds."""
    lines = cli("log", SITE, "-d", orchard).stdout.splitlines()

    assert len(lines) == 4
    assert "2004-02-11 … 2006-01-05" in lines[3]


def test_log_of_a_section(cli: Cli, orchard: Path) -> None:
    """One section through the years: two wordings of `Sharing`."""
    found = answer(cli("log", SITE, "--section", "sharing", "-d", orchard, "--json"))

    assert [state["versions"] for state in found["states"]] == [[1], [2]]


@pytest.mark.parametrize(
    ("date", "says", "says_not"),
    [
        pytest.param("2003", "We do not sell", "delivery partners", id="year"),
        pytest.param("2005-12", "We do not sell", "delivery partners", id="month-between-captures"),
        pytest.param("2006-01-05", "delivery partners", "We do not sell", id="day-of-the-change"),
        pytest.param("", "delivery partners", "We do not sell", id="newest"),
    ],
)
def test_show_gives_the_version_in_force(cli: Cli, orchard: Path, date: str, says: str, says_not: str) -> None:
    """A date means the version in force at its end; no date the newest."""
    target = f"{SITE}@{date}" if date else SITE
    text = cli("show", target, "-d", orchard).stdout

    assert says in text
    assert says_not not in text
    assert "# Sharing" in text


def test_show_takes_the_date_as_an_argument_too(cli: Cli, orchard: Path) -> None:
    """`SITE DATE` and `SITE@DATE` mean the same."""
    apart, joined = (cli("show", *words, "-d", orchard).stdout for words in ((SITE, "2003"), (f"{SITE}@2003",)))

    assert apart == joined


def test_show_one_section(cli: Cli, orchard: Path) -> None:
    """Only the sections whose heading is asked for."""
    found = answer(cli("show", SITE, "--section", "COOK", "-d", orchard, "--json"))

    assert [section["heading"] for section in found["sections"]] == ["Cookies"]


def test_diff_of_two_dates(cli: Cli, orchard: Path) -> None:
    """The diff of two dates names the section that changed and what became of it."""
    found = answer(cli("diff", f"{SITE}@2003", f"{SITE}@2006", "-d", orchard, "--json"))
    words = " ".join(f"{change['before']} {change['after']}" for change in found["changes"])

    assert "We do not sell" in words
    assert "delivery partners" in words
    assert "basket" not in words


@pytest.mark.parametrize(
    ("where", "phrase", "hits"),
    [
        pytest.param("text", '"basket with a cookie"', 1, id="text"),
        pytest.param("added", "delivery partners", 1, id="added"),
        pytest.param("removed", "sell", 1, id="removed"),
        pytest.param("added", "basket", 0, id="unchanged-is-not-added"),
        pytest.param("text", "zebra", 0, id="nowhere"),
    ],
)
def test_search(cli: Cli, orchard: Path, where: str, phrase: str, hits: int) -> None:
    """A phrase is found in texts, or in what changes brought and took away."""
    found = answer(cli("search", phrase, "--in", where, "-d", orchard, "--json"))

    assert found["total"] == len(found["hits"]) == hits


def test_what_the_shell_had_in_quotes_stands_together(cli: Cli, orchard: Path) -> None:
    """`search "delivery partners"` looks for a phrase, `search delivery partners` for two words."""
    apart, together = ("partners", "delivery"), ("partners delivery",)
    found, nothing = (cli("search", *words, "-d", orchard) for words in (apart, together))

    assert "1 found" in found.stderr
    assert "nothing found" in nothing.stderr and "looked for together" in nothing.stderr


def test_changes_since_the_last_run(cli: Cli, orchard: Path) -> None:
    """What the last run brought, one JSON object a line, with its lines."""
    lines = cli("changes", "--since", "last-run", "--jsonl", "-d", orchard).stdout.splitlines()
    [change] = [json.loads(line) for line in lines]

    assert change["policy"]["site"] == SITE
    assert change["lines"]


def test_changes_of_a_time(cli: Cli, orchard: Path) -> None:
    """Nothing changed after 2007."""
    assert answer(cli("changes", "--since", "2007", "-d", orchard, "--json"))["changes"] == []


def test_blame_dates_every_clause(cli: Cli, orchard: Path) -> None:
    """The clause on partners came with version 2, the others were there from the start."""
    found = answer(cli("blame", SITE, "-d", orchard, "--json"))
    since = {item["since_version"] for item in found["blame"]}

    assert since == {1, 2}
    assert "2004-02-11 … 2006-01-05  We may share" in cli("blame", SITE, "-d", orchard).stdout


def test_phrase_has_a_life(cli: Cli, orchard: Path) -> None:
    """A phrase that was dropped has both bounds of its end."""
    found = answer(cli("phrase", "We do not sell", "-d", orchard, "--json"))
    [presence] = found["presences"]

    assert presence["intervals"][0]["gone_by"].startswith("200")


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("status",), id="status"),
        pytest.param(("log", SITE), id="log"),
        pytest.param(("show", SITE), id="show"),
        pytest.param(("search", "cookie"), id="search"),
        pytest.param(("changes",), id="changes"),
        pytest.param(("audit",), id="audit"),
        pytest.param(("verify",), id="verify"),
    ],
)
def test_reading_changes_nothing(cli: Cli, orchard: Path, words: tuple[str, ...]) -> None:
    """A command that reads leaves every byte of the corpus as it was."""
    before = hashlib.sha256(orchard.read_bytes()).hexdigest()
    cli(*words, "-d", orchard)

    assert hashlib.sha256(orchard.read_bytes()).hexdigest() == before


def test_environment_names_the_corpus(cli: Cli, orchard: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`HARVEST_DB` stands in for `-d`."""
    monkeypatch.setenv("HARVEST_DB", str(orchard))

    assert SITE in cli("status").stdout


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("show", f"{SITE}@soon"), id="date"),
        pytest.param(("changes", "--since", "soon"), id="since"),
        pytest.param(("search", "-"), id="no-word"),
        pytest.param(("log",), id="no-policy"),
        pytest.param(("search", "x", "--tier", "huge"), id="tier"),
    ],
)
def test_wrong_usage_is_status_2(cli: Cli, orchard: Path, words: tuple[str, ...]) -> None:
    """A mistake in the command line says what is accepted and ends with 2."""
    assert "Error: " in cli(*words, "-d", orchard, expect=2).output


def test_blame_dates_every_word(cli: Cli, orchard: Path) -> None:
    """Each run of words that came together has a line, and the runs of a clause join to it."""
    found = answer(cli("blame", SITE, "--words", "-d", orchard, "--json"))
    texts = ["".join(run["text"] for run in clause["runs"]) for clause in found["words"]]

    assert texts == [clause["text"] for section in found["sections"] for clause in section["clauses"]]
    assert {run["since_version"] for clause in found["words"] for run in clause["runs"]} >= {1, 2}
    assert "2004-02-11 … 2006-01-05  We may share" in cli("blame", SITE, "--words", "-d", orchard).stdout
