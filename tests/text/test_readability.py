"""The reading grade: its counts, its formula, and the texts that have none."""

from __future__ import annotations

import pyphen
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.text.readability import _ABBREVIATION, Prose, count_syllables, measure_prose, reading_grade


@pytest.mark.parametrize(
    ("texts", "prose"),
    [
        (["We keep it."], Prose(1, 3, 3)),
        (["We keep it. You may ask."], Prose(2, 6, 6)),
        (["Write to Acme Inc. Old Town, e.g. by post."], Prose(1, 10, 10)),
        (["We keep: letters", "cards"], Prose(2, 4, 5)),
        (["12 (34) – 56", ""], Prose(0, 0, 0)),
        (["Your privacy-related information"], Prose(1, 3, 10)),
    ],
    ids=["one sentence", "two", "abbreviations", "clauses", "no words", "hyphens"],
)
def test_counts(texts: list[str], prose: Prose) -> None:
    """Sentences end at full stops before a capital and at the end of a clause; words are runs of letters."""
    assert measure_prose(texts) == prose


@pytest.mark.parametrize(
    ("prose", "language", "grade"),
    [
        (Prose(10, 200, 300), "en", 9.9),
        (Prose(10, 200, 300), "de", None),
        (Prose(10, 200, 300), "", None),
        (Prose(5, 99, 150), "en", None),
        (Prose(), "en", None),
    ],
    ids=["English", "German", "unknown", "too short", "nothing"],
)
def test_grade(prose: Prose, language: str, grade: float | None) -> None:
    """The grade is that of Flesch and Kincaid, for English prose of at least 100 words."""
    assert reading_grade(prose, language) == grade


def test_long_words_and_sentences_are_harder() -> None:
    """A contract reads harder than a letter of the same length."""
    letter = measure_prose(["We keep your name. You may ask us why we do. We will tell you."] * 10)
    contract = measure_prose(
        ["Notwithstanding any contrary provision, the aforementioned information is retained indefinitely by Acme."]
        * 10
    )

    easy, hard = reading_grade(letter, "en"), reading_grade(contract, "en")
    assert easy is not None and hard is not None
    assert easy < 3 < 14 < hard


@given(st.lists(st.text(max_size=60), max_size=5), st.lists(st.text(max_size=60), max_size=5))
def test_counts_add_up(one: list[str], other: list[str]) -> None:
    """The counts of a text are the sum of those of its parts, whatever it says; a word has a syllable at least."""
    whole = measure_prose([*one, *other])

    assert measure_prose(one) + measure_prose(other) == whole
    assert whole.syllables >= whole.words


def test_a_page_of_one_paragraph_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ends of sentences are told from abbreviations by the letters before them, not by all that stands before."""
    looked: list[int] = []

    class Watched:
        def fullmatch(self, text: str, start: int, end: int) -> object:
            looked.append(end - start)
            return _ABBREVIATION.fullmatch(text, start, end)

    monkeypatch.setattr("harvest.text.readability._ABBREVIATION", Watched())
    text = "We sell at Elm St. Mr. Heron keeps the e.g. Books and so on. " * 500

    found = measure_prose([text])

    assert found.sentences == 500  # "St." and "Mr." end none, and "e.g." stands before a capital
    assert sum(looked) <= len(text)


@given(st.text("abcdeéghiïlmnoprstuvwyzİß", min_size=1, max_size=15) | st.sampled_from(["information", "Association"]))
def test_syllables_are_the_points_of_the_dictionary(word: str) -> None:
    """Words are looked up in the patterns of pyphen without it, and come to what it says."""
    assert count_syllables(word) == len(pyphen.Pyphen(lang="en_US").positions(word.lower())) + 1
