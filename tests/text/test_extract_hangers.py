"""What hangs on the furniture of a page goes with it: labels of dropped lists, notes of forms, the site's own name."""

from __future__ import annotations

import pytest

from harvest.text.extract import extract
from harvest.text.reading import read_html

SENTENCE = "We keep the letters that you write to us for a year and a day, and nobody outside the shop reads them."
BODY = "".join(f"<h2>Part {part}</h2><p>{SENTENCE} {SENTENCE} Part {part}.</p>" for part in range(12))
LINKS = "".join(f"<li><a href=/{name}>{name}</a>" for name in ("orders", "cards", "letters", "shop"))


@pytest.mark.parametrize(
    "furniture",
    [
        "<div><h2>In this article</h2><nav><ul><li><a href=#a>Letters</a><li><a href=#b>Cards</a></ul></nav></div>",
        f"<div><p>Site navigation</p><ul>{LINKS}</ul></div>",
        f"<div><b>Weitere Links:</b><ul class=menu>{LINKS}</ul></div>",
    ],
    ids=["contents", "menu", "links"],
)
def test_a_label_goes_with_its_list(furniture: str) -> None:
    """A line that only says what the dropped list under it was is dropped too."""
    assert extract(f"<h1>Privacy</h1>{furniture}{BODY}").blocks == extract(f"<h1>Privacy</h1>{BODY}").blocks


def test_a_label_over_a_list_that_stays_stays() -> None:
    """Links to parts of the page are its contents, which are kept with their title."""
    contents = "".join(f"<li><a href=#p{part}>Part {part}</a>" for part in range(12))
    sections = read_html(f"<h1>Privacy</h1><h2>Contents</h2><ul>{contents}</ul>{BODY}".encode()).sections

    assert [section.heading for section in sections][:3] == ["Privacy", "Contents", "Part 0"]
    assert len(sections[1].clauses) == 12


def test_a_label_whose_list_is_gone_heads_no_text() -> None:
    """A marked-up "In this article" over the text of the introduction does not become its section."""
    sections = read_html(f"<h1>Privacy</h1><h2>In this article</h2><p>{SENTENCE}</p>{BODY}".encode()).sections

    assert [section.heading for section in sections][:2] == ["Privacy", "Part 0"]


def test_the_note_of_a_form_is_no_end_of_the_document() -> None:
    """A sentence in the box of a form behind a short document is not the document's last one."""
    note = "Complete the form below to reach our sales team, who are here to help you with any question that you have."
    form = f"<section><h2>Talk to sales</h2><p>{note}</p><form><input name=mail></form></section>"

    assert extract(f"<h1>Privacy</h1>{BODY}{form}").blocks == extract(f"<h1>Privacy</h1>{BODY}").blocks


def test_the_name_of_the_site_is_no_title() -> None:
    """Where the page is called after its document and a heading says so, the site's name above it is its frame."""
    head = "<title>Acme Letters - Privacy Policy</title><h1>The Acme Fellowship</h1><h2>Our Privacy Policy</h2>"
    found = extract(head + BODY)

    assert found.title == "Privacy Policy"
    assert [block.text for block in found.blocks][:2] == ["Our Privacy Policy", "Part 0"]
