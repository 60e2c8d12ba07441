"""Text that kept some of its tags: what crawls of the 2010s made of pages."""

from __future__ import annotations

from harvest.model import PageKind
from harvest.text.derived import read_derived

SENTENCES = (
    "We keep the name and the address that you write on the order form, and nothing else about you.",
    "We hand your address to the carrier who brings the parcel to your door, and to nobody else at all.",
    "Write to the nursery at any time if you want to know what we keep about you, or have it deleted.",
)


def test_tags_of_blocks_are_blocks() -> None:
    """Paragraphs and items are clauses; lines within them are one, for the crawler broke lines after full stops."""
    tagged = "Alder \n" + "".join(f"<p>{text}\nCall 1.\n23.</p>\n<ul>\n<li>a list</li>\n</ul>\n" for text in SENTENCES)

    document = read_derived(tagged.encode())

    clauses = [clause for section in document.sections for clause in section.clauses]
    assert f"{SENTENCES[0]} Call 1. 23." in [clause.text for clause in clauses]
    assert {clause.kind for clause in clauses} == {"paragraph", "item"}
    assert document.page_kind is PageKind.POLICY


def test_markdown_with_a_stray_tag_stays_markdown() -> None:
    """A line break or a table that somebody wrote as HTML makes no page of a Markdown text."""
    text = "## Orders\n\n" + "\n\n".join(SENTENCES) + "\n\n<br>\n\n## Letters\n\n* first\n* second\n"

    document = read_derived(text.encode())

    assert [section.heading for section in document.sections] == ["Orders", "Letters"]


def test_lists_without_sentences_are_no_policy() -> None:
    """Whatever took the place of a policy is told from one by its want of sentences."""
    forum = "".join(f"<li>\n<li>Question number {n} about blogs</li>\n<li>{n} hours ago</li>\n" for n in range(40))

    assert read_derived(f"<ul>\n{forum}</ul>\n".encode()).page_kind is not PageKind.POLICY
