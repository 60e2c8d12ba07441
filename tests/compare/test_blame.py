"""Since when words are there."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvest.compare.blame import Stay, TextBlame, blame_words
from harvest.compare.change import show_heading
from harvest.compare.tokens import count_words

_spec = importlib.util.spec_from_file_location("compare_strategies", Path(__file__).parent / "conftest.py")
assert _spec is not None and _spec.loader is not None
strategies = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(strategies)

KEEP = "We keep the address you give us for as long as your account is open."
ERASE = "You may ask us at any time to erase everything we hold about you, and we do so within a month."
BASKET = "Cookies help the shop remember what you put in your basket until you come back another day."
LETTERS = "Nobody outside the company reads the letters you write to us. We keep them under lock and key."


def words(found: TextBlame, clause: int = 0, section: int = 0) -> list[tuple[str, Stay]]:
    (blamed,) = [each for each in found.clauses if (each.section, each.clause) == (section, clause)]
    return [(run.text.strip(), run.stay) for run in blamed.runs]


def test_words_keep_their_age_through_edits(doc):
    """An edit makes the words it brought new and leaves the age of all others alone."""
    found = blame_words(
        [
            doc(("Use", KEEP)),
            doc(("Use", KEEP.replace("address", "telephone number"))),
            doc(("Use", KEEP.replace("address", "telephone number").replace("open", "not closed"))),
        ]
    )

    assert words(found) == [
        ("We keep the", Stay(0)),
        ("telephone number", Stay(1)),
        ("you give us for as long as your account is", Stay(0)),
        ("not closed.", Stay(2)),
    ]
    assert (found.clauses[0].came, found.clauses[0].edited) == (Stay(0), (1, 2))


AWAY = [("Use", KEEP), ("Letters", LETTERS)]


@pytest.mark.parametrize(
    ("steps", "place"),
    [
        pytest.param([[*AWAY, ("Other", ERASE)], [("Other", ERASE), *AWAY]], (0, 0), id="section moved"),
        pytest.param([[("Use", ERASE, KEEP), *AWAY[1:]], [*AWAY, ("New", ERASE)]], (2, 0), id="clause moved"),
        pytest.param([[("Use", KEEP, ERASE)], [("Use", KEEP, ERASE.upper())]], (0, 1), id="capitals"),
        pytest.param([[("Use", KEEP, ERASE)], [("Use", KEEP + " " + ERASE)]], (0, 0), id="merged"),
        pytest.param([[("1. Use", ERASE)], [("2. Our use", ERASE)]], (0, 0), id="heading renamed"),
    ],
)
def test_what_moves_keeps_its_age(doc, steps, place):
    """A clause that moves, changes its case, or is joined with another has the words it had."""
    found = blame_words([doc(*step) for step in steps])

    assert {stay for _, stay in words(found, section=place[0], clause=place[1])} == {Stay(0)}


def test_a_clause_that_comes_back_remembers(doc):
    """A clause that was removed and put back counts from its return, and says when it had been there before."""
    there, gone = doc(("Use", KEEP, ERASE), ("Letters", LETTERS)), doc(("Use", KEEP), ("Letters", LETTERS))

    found = blame_words([there, gone, gone, there, gone, there])

    assert words(found, clause=1) == [(ERASE, Stay(5, ((0, 1), (3, 4))))]
    assert found.clauses[1].came == Stay(5, ((0, 1), (3, 4)))
    assert found.clauses[1].came.first == 0


def test_a_word_that_comes_back_remembers(doc):
    """One word taken out of a sentence and put back at its place is known again; elsewhere it is new."""
    with_word, without = doc(("Use", KEEP)), doc(("Use", KEEP.replace("the address", "things")))

    found = blame_words([with_word, without, with_word])

    assert ("the address", Stay(2, ((0, 1),))) in words(found)


def test_a_sentence_that_comes_back_elsewhere_remembers(doc):
    """A sentence that returns in another clause is the sentence that was gone."""
    sentence = LETTERS.split(". ")[0] + "."
    history = [doc(("Use", KEEP, LETTERS)), doc(("Use", KEEP)), doc(("Use", f"{KEEP} {sentence}"))]

    assert words(blame_words(history))[-1] == (sentence, Stay(2, ((0, 1),)))


def test_a_sentence_that_goes_to_another_clause_is_not_new(doc):
    """A sentence that leaves one clause and joins another with the same text stays as old as it is."""
    first, second = LETTERS.split(". ")
    history = [
        doc(("Use", f"{KEEP} {second}"), ("Cookies", BASKET)),
        doc(("Use", KEEP), ("Cookies", f"{BASKET} {second}")),
    ]

    assert {stay for _, stay in words(blame_words(history), section=1)} == {Stay(0)}
    assert first


def test_clauses_that_were_joined_are_as_old_as_the_oldest(doc):
    """The words keep their ages; the clause came with its first part, and joining is no edit."""
    found = blame_words([doc(("Use", KEEP)), doc(("Use", ERASE, KEEP)), doc(("Use", f"{ERASE} {KEEP}"))])

    assert words(found) == [(ERASE, Stay(1)), (KEEP, Stay(0))]
    assert (found.clauses[0].came, found.clauses[0].edited) == (Stay(0), ())


def test_a_rewritten_clause_is_new(doc):
    """Of a clause that was written anew no word is old by chance."""
    history = [doc(("Use", KEEP, BASKET)), doc(("Use", LETTERS, BASKET))]

    assert {stay for _, stay in words(blame_words(history))} == {Stay(1)}


def test_nothing_has_no_words():
    """No history and an empty text have nothing to date."""
    assert blame_words([]).clauses == ()
    assert blame_words([()]) == TextBlame((), (), 1, 0)


histories = st.lists(strategies.documents, min_size=1, max_size=4)


@given(histories)
@settings(max_examples=50, deadline=None)
def test_runs_join_to_the_text(history):
    """Every clause and heading of the last text is there once, its runs join to it, and no stay is impossible."""
    found = blame_words(history)

    assert [(each.section, each.clause) for each in found.clauses] == [
        (n, k) for n, section in enumerate(history[-1]) for k in range(len(section.clauses))
    ]
    for each in found.clauses:
        clause = history[-1][each.section].clauses[each.clause]
        assert "".join(run.text for run in each.runs) == clause.text
    for heading in found.headings:
        assert "".join(run.text for run in heading.runs) == show_heading(history[-1][heading.section])
    for run in [run for each in (*found.clauses, *found.headings) for run in each.runs]:
        assert 0 <= run.stay.since < found.texts == len(history)
        ends = [end for stay in run.stay.earlier for end in stay]
        assert ends == sorted(ends) and all(end <= run.stay.since for end in ends)


@given(strategies.documents, strategies.documents)
@settings(max_examples=50, deadline=None)
def test_a_text_that_returns_has_no_new_words(before, between):
    """Where a text comes back, each of its words is as old as the text, or was away."""
    found = blame_words([before, between, before])

    stays = {run.stay for each in found.clauses for run in each.runs if count_words(run.text)}
    assert stays <= {Stay(0), Stay(2, ((0, 1),))}


@given(histories)
@settings(max_examples=30, deadline=None)
def test_a_text_seen_twice_changes_no_age(history):
    """Seeing the same text again makes nothing younger."""
    once, twice = blame_words(history), blame_words([*history, history[-1]])

    assert (once.clauses, once.headings) == (twice.clauses, twice.headings)
