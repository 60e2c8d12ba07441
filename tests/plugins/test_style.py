"""The style sheet keeps to its own scales, so that pages made on different days look like one piece of work."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SHEET = (Path(__file__).parents[2] / "plugins" / "static" / "policy.css").read_text()
#: Without comments: a declaration is a name and a value.
DECLARATIONS = re.findall(r"([a-z-]+|--[a-z0-9-]+):\s*([^;{}]+)[;}]", re.sub(r"/\*.*?\*/", "", SHEET, flags=re.S))
SIZES = {"xs", "s", "m", "read", "l", "xl", "title"}


def test_letters_have_one_of_seven_sizes() -> None:
    """Sizes are named; letters of code and marks are a share of the text around them, those of pictures have pixels."""
    sizes = {value for name, value in DECLARATIONS if name == "font-size"}
    named = {size[6:-1] for size in sizes if size.startswith("var(")}

    assert named == SIZES
    assert not [size for size in sizes if not re.fullmatch(r"var\(--\w+\)|\d*\.?\d+em|\d+px|1rem", size)]


@pytest.mark.parametrize("kind", ["margin", "padding", "gap"])
def test_spaces_have_even_steps(kind: str) -> None:
    """An eighth of a rem (two pixels) at a time, from half a rem on a quarter; not what is worked out of them."""
    found = [
        re.sub(r"calc\(.*\)", "", value) for name, value in DECLARATIONS if name == kind or name.startswith(f"{kind}-")
    ]
    spaces = {float(space) for value in found for space in re.findall(r"(\d*\.?\d+)rem", value)}

    assert len(spaces) > 3
    assert not [space for space in spaces if space % (0.125 if space < 0.5 else 0.25)]


def test_colours_are_named_once_a_scheme() -> None:
    """Below the palette nothing has a colour of its own but what stands on Datasette's blue bars, and paper."""
    below = SHEET.partition("body.policy-explorer {")[2].partition("@media print")[0]

    assert set(re.findall(r"#[0-9a-f]{3,6}\b", below)) <= {"#f3f6f8", "#fff", "#14344d"}
