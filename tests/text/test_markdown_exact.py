"""Texts that go out as Markdown and come back: the same words, the same sha256."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.model import Clause, Section, Span
from harvest.text.clauses import make_clause
from harvest.text.fold import squash
from harvest.text.identity import text_sha
from harvest.text.markdown import read_markdown, read_sections
from harvest.text.markdown_writer import write_markdown

SIGNS = st.text(alphabet="abcXYZ 12.#*_-+=|\\[]()<>&`!§一é\u00a0", max_size=14)
WORDS = st.one_of(SIGNS, st.text(max_size=14)).map(squash)
HREF = st.sampled_from(["", "", "http://b.example/c_d*e", "http://b.example/?a=1&b=(2)", "#f", "\\odd"])
SPANS = st.lists(st.builds(Span, WORDS, href=HREF), min_size=1, max_size=4)
KINDS = st.sampled_from(["paragraph", "item", "row"])
MARKERS = st.sampled_from(["", "*", "1.", "c)", "(iv)", "AA.", "7"])
CLAUSES = st.builds(make_clause, SPANS, KINDS, st.integers(0, 3), marker=MARKERS).filter(bool)
SECTIONS = st.lists(
    st.builds(
        Section,
        st.integers(1, 6),
        st.sampled_from(["", "1", "3.1", "a", "Section 2", "§ 4", "一"]),
        WORDS.filter(bool),
        st.just("bold"),
        st.just(0.9),
        st.lists(CLAUSES, max_size=3).map(tuple),
    ),
    max_size=5,
)


def places(sections: list[Section]) -> list[object]:
    return [(s.level, s.number, s.heading, [(c.kind, c.markdown, c.marker) for c in s.clauses]) for s in sections]


@given(st.lists(CLAUSES, max_size=2), SECTIONS)
def test_what_is_written_reads_back(opening: list[Clause], sections: list[Section]) -> None:
    """Levels, numbers, headings, clauses, links and signs come back as they were, whatever they look like."""
    text = [*([Section(2, "", "", "", 1.0, tuple(opening))] if opening else []), *sections]
    again = read_sections(write_markdown(text))

    assert places(list(again)) == places(text)
    assert text_sha(again) == text_sha(text)


@given(st.text(alphabet="ab# *|.\\[]()\n-12\u2002", max_size=80))
def test_any_text_with_our_mark_is_read(text: str) -> None:
    """A text that only pretends to be ours is read without error, and its clauses are as clean as any."""
    sections = read_sections(write_markdown(()) + text)

    assert all(clause.markdown == squash(clause.markdown) != "" for section in sections for clause in section.clauses)


def test_nothing_is_guessed() -> None:
    """Short lines, bold names and misread signs that were text stay text; the stated date is still found."""
    text = "Acme\n\nCookies\n\nWe keep it. Ã© stays.\n\nLast updated: 4 March 2011"
    exact = write_markdown(
        [Section(2, "", "", "", 1.0, tuple(Clause("paragraph", 0, t, t) for t in text.split("\n\n")))]
    )
    document = read_markdown(exact)

    assert [clause.text for section in document.sections for clause in section.clauses][:2] == ["Acme", "Cookies"]
    assert [section.heading for section in document.sections] == [""]
    assert "Ã©" in document.sections[0].clauses[2].text
    assert document.stated_date is not None


@pytest.mark.evaluation
def test_real_pages_go_out_and_come_back(eval_data: Path) -> None:
    """The text of each page of the old web and of each Markdown document is the same after export and import."""
    from harvest.text.reading import read_html

    pages = [read_html(path.read_bytes()) for path in sorted(eval_data.glob("old-pages/raw/*.html"))]
    texts = [*eval_data.glob("headings/src/*.md"), *eval_data.glob("princeton-leuven/*/*.md")]
    documents = [*pages, *(read_markdown(path.read_text(encoding="utf-8")) for path in texts)]

    assert documents
    for document in documents:
        assert text_sha(read_sections(write_markdown(document.sections))) == text_sha(document.sections)
