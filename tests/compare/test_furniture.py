"""Menus, footers, lists of contents and notices of an edition: what stands around a policy."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.compare.controls import is_control
from harvest.compare.furniture import folded_away, furniture_of, is_menu
from harvest.compare.menus import HEADING
from harvest.compare.notices import is_notice
from harvest.model import Clause, Section

SAID = "We keep the letters you write to us for a year, and then the porter burns them in the yard."


def page(*texts: str, heading: str = "") -> Section:
    return Section(1, "", heading, "atx", 1.0, tuple(Clause("paragraph", 0, text, text) for text in texts))


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("[About](http://a.example/a)[Careers](http://a.example/c)[Press](http://a.example/p)", True),
        ("Parcel [News](http://a.example/n)[Blog & Letters](http://a.example/b)", True),
        ("We share it with [our carrier](http://a.example/c) and [our printer](http://a.example/p)", False),
        ("Read [one](http://a.example/1)[two](http://a.example/2) before you send us anything by post, please", False),
        ("[one](http://a.example/1)[two](http://a.example/2).", False),
        ("[](http://a.example/icon)[](http://b.example/icon)", False),
        ("About", False),
        ("[Roses](http://a.example/r) [Beds](http://a.example/b) | [Tea](http://a.example/t) [Post](/p)", True),
        ("[Roses](http://a.example/r), [Beds](http://a.example/b), [Tea](http://a.example/t), [Post](/p)", False),
        ("Home Our Shop My Account Store Locator Gift Cards Careers Contact Us", True),
    ],
)
def test_links_that_touch_are_a_menu(markdown: str, expected: bool) -> None:
    """A line of links without a word or sign between them is a menu, not a sentence with links."""
    assert is_menu(markdown) is expected


@pytest.mark.parametrize(
    "text",
    [
        "We’ve updated our policy, effective 15 August 2023. You can view the previous policy here.",
        "We are changing our terms. The updates go into effect on January 12, 2024. Read the new terms.",
        "The previous privacy policy was posted on 12 September 2025.",
        "PLEASE NOTE: WE HAVE REVISED THESE TERMS. THE PRIOR VERSION, VALID UNTIL 1 MAY 2020, IS AVAILABLE HERE.",
        "We made some changes to these terms. They take effect on 3 May 2021. The current terms are printed below.",
        "These terms go into effect on 3 May 2021. Until then, the current terms continue to apply.",
    ],
)
def test_notices_of_an_edition(text: str) -> None:
    """What only says that an edition changes, when, and where to read it."""
    assert is_notice(text)


@pytest.mark.parametrize(
    "text",
    [
        "We updated this policy on 1 May 2020 to let our partners read your letters. See the previous version.",
        "We updated our terms on 1 May 2020. By continuing to use the shop you agree to them.",
        "Effective January 1, 2024, the new terms let us sell your letters.",
        "Last updated: May 1, 2020",
        "We've updated our policy, effective May 1, 2020. We store letters for ten years.",
        "We made changes to our terms on 1 May 2020. We keep letters for ten years now.",
        "From 3 May 2021 on we continue to read letters under the new terms.",
        "The new directive took effect on 25 May 2018.",
        "Customers who signed up before 1 May 2020 may keep the earlier terms.",
    ],
)
def test_what_says_more_is_no_notice(text: str) -> None:
    """A sentence that allows, refuses or tells anything else makes it a part of the policy."""
    assert not is_notice(text)


def test_labels_beside_a_copyright_line_are_furniture() -> None:
    """Below the last sentence of a page with a copyright line, labels are the site's; dates are not."""
    text = (
        page("Home", SAID, heading="Letters"),
        page("Deutsch", "Español", "Last updated: 1 May 2020", "© 2020 Mail"),
    )

    assert furniture_of(text)[1] == {0, 1, 3}


@pytest.mark.parametrize(
    "last",
    [
        pytest.param(("Google", "Criteo", "Facebook"), id="a-list-of-partners"),
        pytest.param(("Deutsch", SAID, "© 2020 Mail"), id="a-sentence-ends-the-page"),
        pytest.param(("Google", "The printer of our monthly letters and forms", "© 2020 Mail"), id="a-longer-line"),
    ],
)
def test_labels_without_evidence_belong_to_the_policy(last: tuple[str, ...]) -> None:
    """A list at the end is no footer on its looks alone."""
    assert 0 not in furniture_of((page(SAID), page(*last))).get(1, ())


def test_links_here_and_there_make_no_footer() -> None:
    """A list of partners, some with a link to more about them on the site itself, stays the policy's."""
    link = "[More](https://a.example/{})"
    partners = [link.format(n) if n % 4 == 0 else f"Partner {n}" for n in range(16)]
    footer = [link.format(n) if n % 2 == 0 else f"Column {n}" for n in range(16)]
    ends = {1: frozenset(range(16))}

    assert furniture_of((page(SAID), page(*partners))) != ends
    assert furniture_of((page(SAID), page(*footer))) == ends


def test_items_above_a_footer_belong_to_the_policy() -> None:
    """A list that ends the policy stays its own when the footer below it was caught."""
    partners = tuple(Clause("item", 1, name, name) for name in ("Google", "Criteo"))
    text = (page(SAID), Section(1, "", "Partners", "atx", 1.0, (*partners, *page("Home", "© 2020 Mail").clauses)))

    assert furniture_of(text) == {1: {2, 3}}


def test_a_list_of_contents_repeats_the_headings() -> None:
    """Three and more lines before the text that stand in it as headings."""
    text = (
        page("1. What we do with the letters of our customers", "2. What we do with the parcels", "3. Stamps"),
        *(
            page(SAID, heading=heading)
            for heading in ("What we do with the letters of our customers", "What we do with the parcels", "Stamps")
        ),
    )

    assert furniture_of(text)[0] == {0, 1, 2}


MENU = ("Beds", "Spades", "About us", "Careers", "Roses by post", "Sign in", "Contact us")


@pytest.mark.parametrize(
    ("lines", "menu"),
    [
        pytest.param(MENU, range(7), id="whole-page-end"),
        pytest.param((*MENU, SAID), (0, 1, 2, 3, 4, 5, 6), id="at-the-top"),
        pytest.param((SAID, "Name", "Street", *MENU[2:], SAID), (3, 4, 5, 6, 7), id="below-a-list-of-the-policy"),
        pytest.param((SAID, "Name", "Street", "E-mail", "Contact us", "Privacy", SAID), (), id="a-list-of-the-policy"),
        pytest.param((SAID, "About us", "Name", "Street", "Roses", SAID), (), id="one-label-shows-nothing"),
    ],
)
def test_menus_are_told_by_the_labels_that_every_site_has(lines: tuple[str, ...], menu: Sequence[int]) -> None:
    """From the first to the last label known from menus, and to the end of the page where the run reaches it."""
    found = folded_away((page(*lines),))

    assert found == {(0, place) for place in menu}


def test_entries_that_repeat_headings_are_a_list_of_contents_anywhere() -> None:
    """Three of them in a section, among others; one alone only beside the heading it repeats."""
    text = (
        page(SAID, "1. Roses", "2. How do we water the beds of roses?", "Not a heading", "3. Frost"),
        page(SAID, "Frost", heading="Roses"),
        page("Frost", SAID, heading="How do we water the beds of roses?"),
        page("Frost", SAID, "Roses", SAID, heading="Frost"),
    )

    assert folded_away(text) == {(0, 1), (0, 2), (0, 4), (3, 0)}


def test_a_question_whether_the_page_was_of_help_ends_the_policy() -> None:
    """The question and what little stands below it are the page's; a long paragraph below it is not."""
    asked = (SAID, "Was this article helpful?", "Yes", "No", "Visit our fellow gardeners for more answers!")

    assert folded_away((page(*asked),)) == {(0, 1), (0, 2), (0, 3), (0, 4)}
    assert (0, 2) not in folded_away((page(*asked, f"{SAID} {SAID}"),))


LINES = st.text(max_size=60) | st.sampled_from([SAID, "© Mail", "[a](http://b)[c](http://d)", "Home"])


@given(st.lists(st.tuples(LINES, st.lists(LINES, max_size=4)), max_size=5))
def test_any_text_is_looked_at_without_error(parts: list[tuple[str, list[str]]]) -> None:
    """Furniture is a part of the text, and a sentence that says something is none, unless it repeats a heading."""
    text = tuple(page(*clauses, heading=heading) for heading, clauses in parts)

    for number, places in furniture_of(text).items():
        for place in places:
            line = text[number].heading if place == HEADING else text[number].clauses[place].text
            assert line != SAID or SAID in (heading for heading, _ in parts)
    for _, clauses in parts:
        assert all(isinstance(is_notice(line), bool) and isinstance(is_menu(line), bool) for line in clauses)


SUMMARY = ("The letters are kept for a year.", "The porter burns them.")


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        pytest.param("AI-generated Key Takeaways", {HEADING, 0, 1, 2}, id="says-who-wrote-it"),
        pytest.param("Page Summary", {HEADING, 0, 1, 2}, id="of-the-page"),
        pytest.param("Summary", set(), id="the-policys-own"),
        pytest.param("AI-generated letters", set(), id="a-rule-about-machines"),
    ],
)
def test_a_summary_by_a_machine_is_the_pages(heading: str, expected: set[int]) -> None:
    """The list below its heading belongs to it; a paragraph below that is the policy again."""
    items = tuple(Clause("item", 0, text, text) for text in SUMMARY)
    mark = Clause("paragraph", 0, "outlined_flag", "outlined_flag")
    section = Section(2, "", heading, "atx", 1.0, (mark, *items, Clause("paragraph", 0, SAID, SAID)))

    found = folded_away([page(SAID), section])

    assert {place for number, place in found if number == 1} == expected


def test_names_of_pictures_are_the_pages() -> None:
    """A line that says which picture stands there says nothing; in a list it may be what a rule is about."""
    listed = Section(1, "", "Do not use", "atx", 1.0, (Clause("item", 0, "Alder logo", "Alder logo"),))

    assert folded_away([page("Spark icon", SAID), listed]) == {(0, 0)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Accept all cookies", True),
        ("Confirm My Choices", True),
        ("checkbox label label", True),
        ("Use this table of contents to find what you need. Click on a line and you'll jump right to it.", True),
        ("Accept all cookies or leave the garden", False),
        ("Accept", False),
        ("Use this table of contents to find our rules. We sell your letters.", False),
    ],
)
def test_panels_of_consent_and_contents_have_buttons(text: str, expected: bool) -> None:
    """What a panel says of itself is a button; a line that says more is none."""
    assert is_control(text) is expected


def test_a_button_above_the_text_is_the_pages() -> None:
    """What offers to save the page stands above its text; the same words in a rule are the rule's."""
    button = "Save and categorize content based on your preferences."

    assert folded_away([page(button, SAID)]) == {(0, 0)}
    assert not folded_away([page(f"{button} We keep what you saved for a year.", SAID)])
