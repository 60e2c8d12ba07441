"""Properties of sections that hold for every input."""

from __future__ import annotations

import time
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvest.model import Block, Section, Span
from harvest.text.extract import extract
from harvest.text.identity import text_sha
from harvest.text.markdown import read_markdown, read_sections
from harvest.text.sections import sectionise

WORDS = [
    "Cookies",
    "letters",
    "We",
    "keep",
    "1.",
    "II.",
    "3.1",
    "your",
    "ORDERS",
    "data:",
    "Why?",
    "it.",
    "café",
    "§",
    "—",
]
PHRASE = st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join)
SPANS = st.lists(
    st.builds(
        Span,
        text=st.one_of(PHRASE, st.just("\n"), st.text(max_size=8)),
        bold=st.booleans(),
        italic=st.booleans(),
        href=st.sampled_from(["", "", "http://b.example/c"]),
    ),
    max_size=4,
).map(tuple)
BLOCKS = st.lists(
    st.one_of(
        st.builds(Block, st.just("paragraph"), SPANS),
        st.builds(Block, st.just("heading"), SPANS, level=st.integers(1, 6)),
        st.builds(
            Block, st.just("item"), SPANS, depth=st.integers(1, 4), marker=st.sampled_from(["*", "1.", "a)", ""])
        ),
        st.builds(Block, st.just("row"), SPANS),
        st.just(Block("rule")),
    ),
    max_size=25,
)
LINES = st.lists(
    st.one_of(
        PHRASE,
        PHRASE.map(lambda text: f"**{text}**"),
        PHRASE.map(lambda text: f"## {text}"),
        PHRASE.map(lambda text: f"  * {text}"),
        PHRASE.map(lambda text: f"  1. {text}"),
        PHRASE.map(lambda text: f"{text}  "),
        st.sampled_from(
            [
                "",
                "",
                "---",
                "* * *",
                "|",
                "---|---",
                "> quoted words",
                "****",
                "[a](http://b.example/c)",
                "[](http://b.example/c)",
            ]
        ),
    ),
    max_size=40,
).map("\n".join)


def letters(text: str) -> Counter[str]:
    return Counter(char for char in text if char.isalnum())


def shown(sections: tuple[Section, ...]) -> Counter[str]:
    return letters("".join(s.number + s.heading + "".join(c.text for c in s.clauses) for s in sections))


@given(BLOCKS)
def test_every_word_of_a_block_lands_once(blocks: list[Block]) -> None:
    """Each letter and digit of the blocks stands in exactly one heading or clause; markers may join a heading."""
    sections = sectionise(blocks)

    missing = letters("".join(block.text for block in blocks)) - shown(sections)
    added = shown(sections) - letters("".join(block.text for block in blocks))
    assert not missing
    assert added <= letters("".join(block.marker for block in blocks))


@given(BLOCKS)
def test_levels_form_an_outline(blocks: list[Block]) -> None:
    """Levels are 1 or more, and only the first heading can be the document's title."""
    levels = [section.level for section in sectionise(blocks) if section.heading]

    assert all(level >= 1 for level in levels)
    assert all(level >= 2 for level in levels[1:])


@given(BLOCKS)
def test_sections_are_well_formed(blocks: list[Block]) -> None:
    """Only the first section may lack a heading; clauses are never blank; confidence is a share."""
    sections = sectionise(blocks)

    assert all(section.heading for section in sections[1:])
    assert all(0 <= section.confidence <= 1 for section in sections)
    assert all(clause.markdown.strip() == clause.markdown != "" for section in sections for clause in section.clauses)


@given(LINES)
def test_no_word_of_markdown_is_lost(text: str) -> None:
    """Each letter of a Markdown text lands in a heading or clause, link targets aside."""
    source = letters(text.replace("http://b.example/c", ""))
    digits = Counter("0123456789")

    missing = source - shown(read_sections(text))
    assert not {char: count for char, count in missing.items() if char not in digits}  # list numbers are markers


@given(st.text())
@settings(max_examples=200, deadline=None)  # the first call loads the detectors
def test_any_text_is_read(text: str) -> None:
    """Reading never raises, and reading twice gives the same."""
    assert read_markdown(text) == read_markdown(text)


@pytest.mark.parametrize(
    "unit",
    [
        "[",
        "](",
        "![",
        "**",
        "_",
        "`",
        "<br>",
        "<",
        "\\",
        "* a\n",
        "| a ",
        "# a\n\n",
        "a\n\n",
        "**a** b\n\n",
        " ",
        "(a) ",
        "1. A\n",
        "A. b ",
    ],
)
def test_hostile_input_takes_linear_time(unit: str) -> None:
    """Forty times the input takes about forty times as long: nothing is quadratic."""
    small, large = unit * (500 // len(unit)), unit * (20_000 // len(unit))
    read_sections(small)
    start = time.process_time()  # other work on the machine does not count
    read_sections(small)
    middle = time.process_time()
    read_sections(large)
    end = time.process_time()

    assert end - middle < 400 * max(middle - start, 0.002)


def test_glyphs_make_list_items() -> None:
    """Lines that begin with a bullet of type are items, whatever the page's mark-up."""
    sections = read_sections(
        "We keep:  \n**▶** letters and cards  \n▶ parcels of any kind\n\n·         stamps and coins\n\n"
        "- boxes  \n- lids\n"
    )

    kinds = [(clause.kind, clause.text) for clause in sections[0].clauses]
    assert kinds == [
        ("paragraph", "We keep:"),
        ("item", "letters and cards"),
        ("item", "parcels of any kind"),
        ("item", "stamps and coins"),
        ("item", "boxes"),
        ("item", "lids"),
    ]


def test_items_keep_what_counts_them() -> None:
    """Letters and numbers of lists are kept beside the words, for texts refer to them; they make no new text."""
    page = "<h2>Orders</h2><ol type={}><li>Letters that you write to us<li>Cards that you send us</ol><p>{}"
    lettered, counted = (
        sectionise(extract(page.format(kind, "The cards of list B are kept for a year and a day.")).blocks)
        for kind in "A1"
    )

    assert [clause.marker for clause in lettered[0].clauses] == ["A.", "B.", ""]
    assert [clause.marker for clause in counted[0].clauses] == ["1.", "2.", ""]
    assert text_sha(lettered) == text_sha(counted)


def test_hyphens_at_the_start_of_lines_make_items() -> None:
    """Lines of a paragraph that begin with a hyphen or a bullet of Japanese type are items of their own."""
    page = "<p>We keep:<br>- your name,<br>- your card<br>・your box</p>"

    (section,) = sectionise(extract(page).blocks)
    assert [(clause.kind, clause.text) for clause in section.clauses] == [
        ("paragraph", "We keep:"),
        ("item", "your name,"),
        ("item", "your card"),
        ("item", "your box"),
    ]


def test_a_date_above_the_title_comes_below_it() -> None:
    """A date makes no section of its own, whether the page has it above the title or under it."""
    date, title, text = "<p>Last updated March 19, 2024</p>", "<h1>Privacy Policy</h1>", "<p>We keep it for a year.</p>"
    above, below = (sectionise(extract(page).blocks) for page in (date + title + text, title + date + text))

    assert text_sha(above) == text_sha(below)
    assert [section.heading for section in above] == ["Privacy Policy"]
