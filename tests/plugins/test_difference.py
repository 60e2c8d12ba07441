"""What a diff page shows and folds: nothing is lost, noise never hides a change, anchors stay."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from harvest.compare import compare
from harvest.corpus.store import Store
from harvest.model import Diff, Section
from harvest.text.markdown import read_markdown
from harvest.web.difference_arranged import arrange
from harvest.web.difference_model import DiffPage, Fold, FoldedSections, Group, Left, Row
from harvest.web.difference_ops import folded, trimmed
from harvest.web.difference_parts import diff_part

Get = Callable[..., Any]

BEFORE = """# Notice

Last updated: 1 May 2003

We keep your letters for ninety days in the cellar of the old sorting office by the sea.

## Cookies

One cookie is set on every visit, and it is thrown away when you close the window.

## Post

Parcels are weighed and measured, and the clerk writes both down in a large green book.
"""
AFTER = BEFORE.replace("ninety days", "two years").replace("1 May 2003", "2 June 2004").replace("window.", "window!")


def texts(before: str, after: str) -> tuple[Diff, tuple[Section, ...], tuple[Section, ...]]:
    old, new = read_markdown(before).sections, read_markdown(after).sections
    return compare(old, new), old, new


def rows_of(page: DiffPage) -> list[Row]:
    return [row for group in page.groups for row in group.rows]


def folds_of(page: DiffPage) -> list[Fold]:
    inside = [item for group in page.groups for item in group.items if isinstance(item, Fold)]
    return inside + [fold for part in page.parts if isinstance(part, FoldedSections) for _, fold in part.sections]


def test_noise_is_set_aside_and_counted() -> None:
    """The default view shows the one change of substance and says how many small ones it set aside."""
    page = arrange(*texts(BEFORE, AFTER))

    assert [row.kind for row in rows_of(page)] == ["edited"]
    assert page.hidden == sum(fold.noise for fold in folds_of(page)) >= 2


def test_the_toggle_brings_all_noise_back() -> None:
    """With noise shown nothing is hidden, and the change of substance keeps its anchor."""
    quiet, loud = arrange(*texts(BEFORE, AFTER)), arrange(*texts(BEFORE, AFTER), noise=True)

    assert loud.hidden == 0
    assert len(rows_of(loud)) == len(rows_of(quiet)) + quiet.hidden
    assert {row.anchor for row in rows_of(quiet)} < {row.anchor for row in rows_of(loud)}


def test_neighbours_lead_through_all_changes() -> None:
    """From the first change, next leads over every one to the last, and previous leads back."""
    rows = rows_of(arrange(*texts(BEFORE, AFTER), noise=True))

    assert [row.following for row in rows] == [row.anchor for row in rows[1:]] + [""]
    assert [row.previous for row in rows] == [""] + [row.anchor for row in rows[:-1]]


def test_a_long_text_is_folded_out_until_asked_for() -> None:
    """Beyond the limit the counts stay and the words are left out; asked for, they come."""
    long = BEFORE + "\n\n".join(f"Clause number {n} of very many says {'so ' * 40}" for n in range(900))
    short, full = (
        arrange(*texts(long, long + "\n\nAnd an end.")),
        arrange(*texts(long, long + "\n\nAnd an end."), everything=True),
    )

    assert short.folded_out and not full.folded_out
    assert sum(fold.words for fold in folds_of(short)) == sum(fold.words for fold in folds_of(full))


words = st.sampled_from("we you data keep sell share never letter counter days years 1 2".split())
sentence = st.lists(words, min_size=1, max_size=12).map(" ".join)
document = st.lists(st.one_of(sentence, sentence.map(lambda s: f"## {s}")), min_size=1, max_size=8).map("\n\n".join)


@settings(max_examples=60, deadline=None)
@given(document, document, st.booleans())
def test_every_entry_of_a_diff_is_on_the_page_once(before: str, after: str, noise: bool) -> None:
    """Changes shown, changes set aside, renumberings and unchanged clauses add up to the diff."""
    diff, old, new = texts(before, after)
    page = arrange(diff, old, new, noise=noise)
    shown = rows_of(page)

    assert len(shown) + page.hidden + len(page.renumbered) == len(diff.changes)
    assert len({row.anchor for row in shown}) == len(shown)
    assert all(isinstance(part, Group | FoldedSections | Left) for part in page.parts)


@given(st.lists(st.tuples(st.sampled_from("=+-"), st.text(" ab\n", max_size=6)), max_size=6))
def test_trimming_keeps_every_character(ops: list[tuple[str, str]]) -> None:
    """White space moves out of insertions and deletions, nothing else moves."""
    shown = trimmed(ops)

    assert "".join(text for _, text in shown) == "".join(text for _, text in ops)
    assert all(text == text.strip() for sign, text in shown if sign != "=")


@pytest.mark.parametrize("same", [BEFORE, ""])
def test_equal_texts_show_nothing_changed(same: str) -> None:
    """No row, no noise."""
    page = arrange(*texts(same, same))

    assert (page.shown, page.hidden) == (0, 0)


@given(
    st.lists(st.tuples(st.sampled_from("=+-"), st.integers(0, 400)), max_size=7).map(
        lambda ops: tuple((sign, "word " * count) for sign, count in ops)
    )
)
def test_folding_loses_no_word(ops: tuple[tuple[str, str], ...]) -> None:
    """What is folded in the middle of a change is unchanged, long, and the same on both sides; nothing is lost."""
    shown = folded(ops)

    assert "".join(text for _, text in shown) == "".join(text for _, text in ops)
    assert [op for op in shown if op[0] in "+-"] == [op for op in ops if op[0] in "+-"]
    assert all(len(text.split()) > 60 for sign, text in shown if sign == "…")
    if not any(sign in "+-" for sign, _ in ops):
        assert not any(sign == "…" for sign, _ in shown)


async def test_a_change_in_a_cell_of_a_thousand_words_is_on_one_screen(
    get: Get, serve: Get, fill: Get, tmp_path: Path
) -> None:
    """Inline and side by side the words around the change stand there, the rest is folded with its count."""
    long = " ".join(f"word{number}" for number in range(1_000))
    texts = [f"# Notice\n\n| Name | What we do |\n| --- | --- |\n| a | {long} {end} |\n" for end in ("before", "after")]
    with Store.open(tmp_path / "cell.db") as store:
        days = [datetime(2005, 3, 1, 12, tzinfo=UTC), datetime(2006, 3, 1, 12, tzinfo=UTC)]
        fill(store, {("cell.example", "privacy"): list(zip(days, texts, strict=True))})
    for view in ("", "?view=side"):
        response = await get(f"/-/policies/cell.example/2005..2006{view}", datasette=serve(tmp_path / "cell.db"))
        page = LexborHTMLParser(response.text)
        folds = page.css(".change details.passed")

        assert len(folds) == (2 if view else 1)
        assert all("96" in fold.css_first("summary").text() for fold in folds)
        assert page.css_first(".change del").text().strip(" |") == "before"
        assert "word999" not in folds[0].text()


def test_what_is_said_again_points_to_where_it_was_said() -> None:
    """The second of two changes with the same words knows the first, so that the page folds it."""
    note = "\n\nNothing of this holds on the days when the office is shut for the floods.\n"
    before = "# Rules\n\n## Letters\n\nWe keep letters dry.\n\n## Parcels\n\nWe keep parcels dry.\n"
    after = before.replace("letters dry.", "letters dry." + note).replace("parcels dry.", "parcels dry." + note)
    first, second = rows_of(arrange(*texts(before, after)))

    assert (first.again, second.again) == ("", first.anchor)


MOVED = BEFORE.replace("## Cookies", "## Shelves\n\nBooks stand by the colour of their spines.\n\n## Cookies")
LETTERS = "We keep your letters for ninety days in the cellar of the old sorting office by the sea.\n\n"


def moved_about() -> tuple[str, str]:
    """Two texts: a clause went down into another section, and a section went up."""
    parcels = MOVED[MOVED.index("## Post") :]
    after = MOVED.replace(parcels, "").replace(LETTERS, f"{parcels}\n") + f"\n{LETTERS}"
    return MOVED, after


@pytest.mark.parametrize("view", ["", "&view=side"], ids=["inline", "side by side"])
async def test_both_ends_of_a_move_lead_to_one_another(
    get: Get, serve: Get, fill: Get, tmp_path: Path, view: str
) -> None:
    """Where something stood a mark leads to the change, and the change back; the words are counted once."""
    with Store.open(tmp_path / "moves.db") as store:
        days = [datetime(2005, 3, 1, 12, tzinfo=UTC), datetime(2006, 3, 1, 12, tzinfo=UTC)]
        fill(store, {("moves.example", "privacy"): list(zip(days, moved_about(), strict=True))})
    response = await get(f"/-/policies/moves.example/2005..2006?noise=1{view}", datasette=serve(tmp_path / "moves.db"))
    page = LexborHTMLParser(response.text)
    changes = {change.attributes["id"]: change for change in page.css(".change") if "moved" in change.text()}
    marks = {mark.attributes["id"]: mark for mark in page.css(".stood")}
    to = {name: mark.css_first("a").attributes["href"] for name, mark in marks.items()}
    back = {name: change.css_first("a[href^='#l-']").attributes["href"] for name, change in changes.items()}

    assert len(marks) == len(changes) == 2
    assert {back[href[1:]] for href in to.values() if href} == {f"#{name}" for name in marks}
    assert "34 words moved" in page.css_first(".verdict").text() and not page.css(".verdict ins, .verdict .plus")


def test_marks_stand_where_things_stood_in_every_part() -> None:
    """A mark has its place between the changes and folds, and the address of the part it is on."""
    page = arrange(*texts(*moved_about()), noise=True)
    marks = [part for part in page.parts if isinstance(part, Left)]
    marks += [item for group in page.groups for item in group.items if isinstance(item, Left)]
    part = diff_part(page)

    assert sorted(str(mark.anchor) for mark in marks) == sorted(str(row.left) for row in rows_of(page) if row.left)
    assert {mark.anchor for mark in marks} <= set(part.homes)
    directions = {mark.beginning: mark.is_down for mark in marks}
    assert directions == {"Post": False, "We keep your letters for ninety …": True}


KEEPERS = tuple(
    f"{word} keepers write every name into a green book and close it at nightfall in the {word.lower()} house."
    for word in ("Heron", "Willow", "Barley", "Post", "Harbour", "Otter", "Marsh", "Quill")
)


def test_a_section_that_went_is_shown_in_one_place() -> None:
    """What was taken out of it and the marks of what left it stand together, though a clause between them stayed."""
    heron, willow, barley, post, harbour = KEEPERS[:5]
    before = ["## Weather", heron, willow, barley, "## Events", post, "## Sports", harbour]
    after = ["## Events", heron, barley, willow, post, "## Sports", harbour]
    page = arrange(*texts("\n\n".join(before), "\n\n".join(after)))

    assert [group.heading for group in page.groups] == ["Weather", "Events"]
    assert any(isinstance(item, Left) for item in page.groups[0].items)


def test_a_section_in_two_places_has_two_anchors() -> None:
    """A section that moved, and where it stood the mark of a clause that left it for another."""
    heron, willow, barley, post, harbour, *more = KEEPERS
    before = ["## Weather", heron, willow, barley, "## Events", post, *more, "## Sports", harbour]
    after = ["## Events", post, *more, "## Sports", harbour, barley, "## Weather", heron, willow]
    page = arrange(*texts("\n\n".join(before), "\n\n".join(after)))

    assert [group.heading for group in page.groups] == ["Weather", "Sports", "Weather"]
    assert len({group.anchor for group in page.groups}) == 3


def test_a_section_stands_under_its_own_headings() -> None:
    """Where "Examples" stands below every rule, each is shown under the rule it belongs to."""
    rule = "## {0}\n\nNo {0} may be sent by post on Mondays.\n\n### Examples\n\nA {0} in a box is one.\n\n"
    before = "# Rules\n\n" + "".join(map(rule.format, ("Sand", "Snow", "Soot")))
    after = before.replace("A Sand in a box", "A Sand in a crate").replace("A Snow in a box", "A Snow in a crate")
    page = arrange(*texts(before, after))

    assert [(group.heading, group.trail[-1]) for group in page.groups] == [("Examples", "Sand"), ("Examples", "Snow")]


def test_counts_stay_where_the_text_is_left_out() -> None:
    """A fold says how many clauses it stands for, sent along or not."""
    before = BEFORE + "\n\n".join(f"Clause number {n} of very many says {'so ' * 40}" for n in range(900))
    after = before.replace("Clause number 450 of", "Clause number 450 and last of")
    short, full = arrange(*texts(before, after)), arrange(*texts(before, after), everything=True)

    assert short.folded_out and not full.folded_out
    assert [fold.count for fold in folds_of(short)] == [fold.count for fold in folds_of(full)]
    assert sum(fold.count for fold in folds_of(full)) >= 899


def test_a_heading_that_went_is_no_section_that_went() -> None:
    """Where the text under it stayed, the page says that the heading went."""
    before = BEFORE.replace("## Post\n\n", "## Post\n\nStamps are sold here.\n\n## Parcels\n\n")
    found = texts(before, before.replace("## Parcels\n\n", ""))
    (row,) = rows_of(page := arrange(*found))

    assert found[0].reason.startswith("1 heading-removed: ")
    assert (row.kind, row.title) == ("section-removed", "heading removed")
    assert [group.flag for group in page.groups] == ["heading removed"]


def test_short_items_one_after_another_are_a_list() -> None:
    """The second of two short clauses that came together knows it; a long one is a change of its own."""
    after = BEFORE + "\nStamps, too.\n\nAnd string.\n\n" + LETTERS.replace("We keep", "Gulls take")
    rows = rows_of(arrange(*texts(BEFORE, after)))

    assert [row.is_listed for row in rows] == [False, True, False]


def test_words_of_what_is_set_aside_are_counted_apart() -> None:
    """The words of small changes can be told from those of the changes that are shown."""
    diff, old, new = texts(BEFORE, AFTER)
    quiet, loud = arrange(diff, old, new), arrange(diff, old, new, noise=True)
    shown = sum(row.words_added for row in rows_of(quiet))

    assert quiet.aside[0] > 0 and quiet.aside[0] + shown == diff.words_added
    assert loud.aside == (0, 0)


async def test_a_passage_the_text_has_elsewhere_is_folded(get: Get, serve: Get, fill: Get, tmp_path: Path) -> None:
    """A long clause said a second time is one line, which unfolds."""
    long = " ".join(f"{LETTERS.strip()} Bag {n} goes north." for n in range(3))
    texts = [f"# Notice\n\n## Use\n\n{long}\n", f"# Notice\n\n## Use\n\n{long}\n\nStamps, too.\n\n{long}\n"]
    with Store.open(tmp_path / "twice.db") as store:
        days = [datetime(2005, 3, 1, 12, tzinfo=UTC), datetime(2006, 3, 1, 12, tzinfo=UTC)]
        fill(store, {("twice.example", "privacy"): list(zip(days, texts, strict=True))})
    response = await get("/-/policies/twice.example/2005..2006", datasette=serve(tmp_path / "twice.db"))
    fold = LexborHTMLParser(response.text).css_first(".change details.fold")

    assert "which the text has elsewhere as well" in fold.css_first("summary").text()
    assert "Bag 2 goes north." in fold.css_first("ins").text()
