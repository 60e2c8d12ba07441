"""What a diff page shows and folds: nothing is lost, noise never hides a change, anchors stay."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvest.compare import compare
from harvest.model import Diff, Section
from harvest.text.markdown import read_markdown
from harvest.web.difference import arrange
from harvest.web.difference_model import DiffPage, Fold, FoldedSections, Group, Row, trimmed

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
    assert all(isinstance(part, Group | FoldedSections) for part in page.parts)


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
