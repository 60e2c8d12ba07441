"""A part like a document of its own that came or went whole is told as that, and only where all else stayed."""

from __future__ import annotations

import pytest

from harvest.compare import compare
from harvest.compare.parts import part_of
from harvest.model import Clause, Section

Text = tuple[Section, ...]


def section(level: int, heading: str, *texts: str, number: str = "") -> Section:
    return Section(level, number, heading, "markup", 1.0, tuple(Clause("paragraph", 0, text, text) for text in texts))


def chapters(about: str, count: int, *, level: int = 2, numbered: bool = False) -> Text:
    """Sections of 40 words each."""
    return tuple(
        section(
            level,
            f"{about} {n}",
            f"Whoever rents a {about} of row {n} waters it in the evening, and nobody walks on it with boots of iron.",
            f"A {about} of row {n} that lies bare in May is given to the next one who waited for it over the winter.",
            number=str(n) if numbered else "",
        )
        for n in range(1, count + 1)
    )


TERMS: Text = (section(1, "Terms of the gardens", "These are the terms of the gardens."), *chapters("bed", 8))
PONDS: Text = (section(1, "Rules of the ponds", "These are the rules of the ponds."), *chapters("pond", 6))
SHORT: Text = (section(1, "Rules of the ponds", "These are the rules of the ponds."), *chapters("pond", 2))
DATED: Text = (section(2, "Notice", "Effective date: 3 May 2019"), *chapters("hut", 6, level=3))
LONG: Text = chapters("hive", 12)
MORE: Text = chapters("hive", 6)  # sections as all others are: a policy that grew
REST = "stands unchanged"


@pytest.mark.parametrize(
    ("before", "after", "kind", "said"),
    [
        pytest.param(TERMS, TERMS + PONDS, "part-added", "put after the whole text", id="titled-at-the-end"),
        pytest.param(TERMS, PONDS + TERMS, "part-added", "put before the whole text", id="titled-at-the-top"),
        pytest.param(TERMS + PONDS, TERMS, "part-removed", "taken off the end", id="taken-off-the-end"),
        pytest.param(PONDS + TERMS, TERMS, "part-removed", "taken off the beginning", id="taken-off-the-top"),
        pytest.param(TERMS, TERMS + DATED, "part-added", "put after the whole text", id="with-a-date-of-its-own"),
        pytest.param(TERMS, TERMS + LONG, "part-added", "put after the whole text", id="longer-than-the-rest"),
        pytest.param(TERMS + SHORT, TERMS + PONDS + SHORT[:1], "", "", id="another-part-at-the-same-place"),
        pytest.param(TERMS, TERMS + MORE, "", "", id="sections-like-the-others"),
        pytest.param(TERMS, TERMS[:4] + PONDS[1:] + TERMS[4:], "", "", id="sections-in-the-midst"),
        pytest.param(TERMS, TERMS + SHORT, "", "", id="too-short"),
        pytest.param(TERMS, TERMS[:-1] + PONDS, "", "", id="in-the-place-of-a-section"),
        pytest.param(
            TERMS, (*TERMS[:3], section(2, "bed 3", "No beds are let."), *TERMS[4:], *PONDS), "", "", id="a-rule-beside"
        ),
        pytest.param(TERMS, TERMS[5:] + TERMS[:5] + PONDS, "", "", id="sections-moved-beside"),
        pytest.param((), PONDS, "", "", id="nothing-before"),
        pytest.param(TERMS, TERMS[:1], "", "", id="a-title-is-left"),
        pytest.param(PONDS + chapters("hive", 40), PONDS, "", "", id="hardly-anything-is-left"),
    ],
)
def test_a_part_that_came_or_went_whole_is_told(before: Text, after: Text, kind: str, said: str) -> None:
    """The reason of the diff says where it was put, and that the rest is as it was; nothing less is said so."""
    reason = compare(before, after).reason

    assert part_of(reason) == kind
    assert (said in reason and REST in reason) if kind else "all of it" not in reason


def test_a_page_among_collected_pages_is_told_where_it_stands() -> None:
    """Texts put together of several pages have a title for each; another page may come between two of them."""
    pages = [(section(1, name, f"This page is about {name}."), *chapters(name, 6)) for name in ("path", "gate", "well")]
    before, after = sum(pages, ()), pages[0] + PONDS + pages[1] + pages[2]

    assert "put in one place; the rest stands unchanged" in compare(before, after).reason
    assert "taken out of one place; the rest stands unchanged" in compare(after, before).reason


def test_small_changes_beside_a_part_do_not_hide_it() -> None:
    """Another date and other quotes beside it are noise; the part is all that changed."""
    before = (section(1, "Terms of the gardens", "Last updated: 5 May 2011", "Our “gardens” are open."), *TERMS[1:])
    after = (section(1, "Terms of the gardens", "Last updated: 9 June 2012", 'Our "gardens" are open.'), *TERMS[1:])

    reason = compare(before, after + PONDS).reason

    assert part_of(reason) == "part-added"
    assert reason.endswith("which stands unchanged, small changes apart")
