"""Tables for people and JSON for machines."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest

import harvest
from harvest.cli.output import after_until, table
from harvest.cli.terminal import paint
from harvest.timestamps import start_of

SITE = "orchard-press.example"
ANSWERS: dict[str, Callable[[Any], Any]] = {
    "status": harvest.status,
    "policies": harvest.policies,
    "history": lambda corpus: harvest.history(corpus, SITE),
    "show": lambda corpus: harvest.show(corpus, SITE),
    "diff": lambda corpus: harvest.diff(corpus, SITE, before="2003"),
    "search": lambda corpus: harvest.search(corpus, "cookie"),
    "search-added": lambda corpus: harvest.search(corpus, "partners", where="added"),
    "changes": lambda corpus: list(harvest.changes(corpus)),
}


def keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from keys(item)
    elif isinstance(value, list):
        for item in value:
            yield from keys(item)


@pytest.mark.parametrize("ask", ANSWERS.values(), ids=list(ANSWERS))
def test_everything_becomes_json_without_ids(orchard: Path, ask: Callable[[Any], Any]) -> None:
    """Whatever the functions return is plain JSON, and no id of a row is in it: a rebuild may change them."""
    with harvest.open_corpus(orchard) as corpus:
        plain = harvest.as_dict(ask(corpus))

    assert json.loads(json.dumps(plain)) == plain
    assert not {key for key in keys(plain) if key == "id" or key.endswith("_id")}


def test_columns_line_up_whatever_their_colour() -> None:
    """Styled cells are as wide as they look; numbers stand to the right; nothing trails."""
    text = table(("n", "tier", "note"), [("1", paint("edit", fg="red"), ""), ("10", "dates", "x")], right=(0,))

    assert click.unstyle(text).splitlines() == [" n  tier   note", " 1  edit", "10  dates  x"]


@pytest.mark.parametrize(
    ("after", "until", "text"),
    [
        ("2003-04-01", "2004-02-11", "2003-04-01 … 2004-02-11"),
        (None, "2004-02-11", "… 2004-02-11"),
        ("2003-04-01", None, "2003-04-01 …"),
    ],
)
def test_both_bounds_are_written(after: str | None, until: str | None, text: str) -> None:
    """A bound that is not known leaves its side empty."""
    assert after_until(*(start_of(day) if day else None for day in (after, until))) == text
