"""Addresses within a difference and the map beside it: put together once, and right for every part."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from harvest.model import Tier
from harvest.web.difference_links import Places
from harvest.web.difference_map import Entry, entries
from harvest.web.difference_model import DiffPage, Fold, FoldedSections, Group, Left, Row
from harvest.web.difference_parts import DiffPart

HOMES = {"c-1": 1, "c-2": 2, "c-2-2": 2}


def here(**query: object) -> str:
    """An address with a policy in it that looks like an anchor, and something behind the change."""
    return "/a.example/c-0/2003..2009?" + urlencode({"noise": 1, **query, "db": "c-0.db"})


@pytest.mark.parametrize(
    ("anchor", "address"),
    [
        pytest.param("c-1", "#c-1", id="on-this-part"),
        pytest.param("c-2", "/a.example/c-0/2003..2009?noise=1&part=2&db=c-0.db#c-2", id="on-another"),
        pytest.param("c-2-2", "/a.example/c-0/2003..2009?noise=1&part=2&db=c-0.db#c-2-2", id="on-another-again"),
        pytest.param("s-1", "#s-1", id="unknown"),
    ],
)
def test_an_anchor_is_found_from_any_part(anchor: str, address: str) -> None:
    """The part is named only where it is another."""
    places = Places(DiffPart(1, 2, (), HOMES), here)

    assert [places.at(each) for each in (anchor, "c-2", anchor)][::2] == [address, address]


@pytest.mark.parametrize("anchor", ["c-1", "c-2-2"])
def test_a_change_is_cited_without_its_part(anchor: str) -> None:
    """Of a difference in parts by its change alone, wherever that stands; of a short one by its place."""
    long, short = Places(DiffPart(1, 2, (), HOMES), here), Places(DiffPart(1, 1, (), HOMES), here)

    assert long.cite(anchor) == f"{here(change=anchor)}#{anchor}"
    assert short.cite(anchor) == f"#{anchor}"


def test_the_map_has_an_entry_for_each_section() -> None:
    """The longest bar is of the section that changed most; what is unchanged is counted, what left has no entry."""
    fold = Fold(("We keep all of it.",))
    cookies = Group("Cookies", "3.", "kept", "s-1", (row(30, 10), fold, row(0, 10)))
    opening = Group("", "", "added", "s-2", (row(2, 3),))
    folded = FoldedSections((("1. Names", fold), ("2. Readers", fold)))
    left = Left("l-1", "c-1", "We never sell", "to the end", True, True)
    page = DiffPage((cookies, folded, left, opening), 3, (), (), False)

    assert list(entries(page, page.parts)) == [
        Entry("s-1", "3. Cookies", 30, 20, 60.0, 40.0),
        Entry(folded=2),
        Entry("s-2", "Opening", 2, 3, 4.0, 6.0),
    ]


def row(added: int, removed: int) -> Row:
    return Row("edited", Tier.EDIT, "", "c-1", (), "", "", added, removed)
