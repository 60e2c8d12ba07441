"""Sections keep their identity through a history."""

from __future__ import annotations

import pytest

from harvest.compare.lineage import Linker, link

USE = "We keep the address you give us for as long as your account is open."
COOKIES = "Cookies help the shop remember what you put in your basket until you come back another day."
LETTERS = "Nobody outside the company reads the letters you write to us, and we keep them under lock and key."
BANK = "Payment details travel to the bank in encrypted form. We never store them. Ask your bank for more."


def test_an_edited_section_keeps_its_lineage(doc):
    """Words may change: heading and place say that it is the same section."""
    history = [
        doc(("Use", USE), ("Cookies", COOKIES)),
        doc(("Use", USE.replace("open", "closed")), ("Cookies", COOKIES)),
    ]

    assert link(history) == [[0, 1], [0, 1]]


def test_a_renamed_and_moved_section_keeps_its_lineage(doc):
    """The words say that it is the same section, whatever heading it has and wherever it stands."""
    history = [
        doc(("Use", USE), ("Cookies", COOKIES), ("Letters", LETTERS)),
        doc(("Small files", COOKIES), ("Use", USE), ("Letters", LETTERS)),
    ]

    assert link(history) == [[0, 1, 2], [1, 0, 2]]


def test_renumbering_does_not_count(doc):
    """A number is no part of a section's identity."""
    history = [
        doc(("1. Use", USE), ("2. Cookies", COOKIES)),
        doc(("1. Letters", LETTERS), ("2. Use", USE), ("3. Cookies", COOKIES)),
    ]

    assert link(history) == [[0, 1], [2, 0, 1]]


def test_a_section_that_returns_has_its_old_lineage(doc):
    """Removal and return are one life: wording, heading or most clauses are recognised."""
    history = [
        doc(("Use", USE), ("Cookies", COOKIES, BANK)),
        doc(("Use", USE)),
        doc(("Use", USE), ("Cookies", LETTERS)),
        doc(("Use", USE)),
        doc(("Use", USE), ("Small files", COOKIES, BANK)),
    ]

    assert [numbers[-1] for numbers in link(history)] == [1, 0, 1, 0, 1]


def test_a_page_that_alternates_makes_two_sets(doc):
    """Texts that come back have the lineages they had; their sections do not multiply."""
    one, other = doc(("Use", USE), ("Cookies", COOKIES)), doc(("Gebrauch", BANK), ("Briefe", LETTERS))

    linked = link([one, other, one, other, one])

    assert linked[0] == linked[2] == linked[4]
    assert linked[1] == linked[3]
    assert not set(linked[0]) & set(linked[1])


def test_two_sections_of_one_heading_stay_apart(doc):
    """Repeated headings are told apart by their words and order."""
    history = [doc(("More", USE), ("More", COOKIES)), doc(("More", USE), ("More", LETTERS), ("More", COOKIES))]

    linked = link(history)

    assert linked[1][0] == linked[0][0] and linked[1][2] == linked[0][1]


@pytest.mark.parametrize(
    ("words", "lineage"),
    [pytest.param("Ring the bell at noon.", 1, id="five-words"), pytest.param(USE, 0, id="a-sentence")],
)
def test_a_wording_that_returns_is_sure_when_it_is_long(doc, words: str, lineage: int):
    """A few words may stand in any section, which is then known by what it follows; a sentence is known by itself."""
    linker = Linker()
    linker.number(doc(("Desk", words)))
    linker.number(doc(("Letters", LETTERS)), pairs=())

    assert linker.number(doc(("Desk", words), ("Bank", BANK)), pairs=[(0, 0)]) == (lineage, 2)


@pytest.mark.parametrize(
    ("beside", "lineage"),
    [
        pytest.param("Ten words that nobody has read in this policy yet.", 0, id="half"),
        pytest.param("Eleven words that nobody at all has read in this yet.", 2, id="less"),
    ],
)
def test_a_section_returns_with_half_of_its_words(doc, beside: str, lineage: int):
    """Under another heading a section that was gone is known by its clauses, where they are half of it."""
    linker = Linker()
    linker.number(doc(("Desk", "Our ten words stand here and nowhere else so far.")))
    linker.number(doc(("Letters", LETTERS)), pairs=())

    assert linker.number(doc(("Counter", "Our ten words stand here and nowhere else so far.", beside)), pairs=()) == (
        lineage,
    )


def test_no_history_has_no_lineages():
    """An empty history and empty texts are fine."""
    assert link([]) == []
    assert link([(), ()]) == [[], []]
