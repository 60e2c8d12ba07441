"""How a diff looks in each of its forms."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from harvest.compare import compare
from harvest.compare.anchors import anchor, anchors
from harvest.compare.render import to_html, to_json, to_markdown, to_terminal
from harvest.text.markdown import read_sections

KEEP = "We keep the address you give us for as long as your account is open."
BASKET = "Cookies help the shop remember what you put in your basket until you come back another day."
LETTERS = "Nobody outside the company reads the letters you write to us, and we keep them under lock and key."
BANK = "Payment details travel to the bank in encrypted form. We never store them. Ask your bank for more."


class Reader(HTMLParser):
    """Collects what a reader of the page hears: text by element, and every attribute."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: dict[str, list[str]] = {}
        self.attributes: list[tuple[str, str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag != "br":
            self.open.append(tag)
            self.texts.setdefault(tag, []).append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, "tags are nested"

    def handle_data(self, data):
        for tag in set(self.open):
            self.texts[tag][-1] += data

    def text(self, tag: str) -> str:
        return " ".join(self.texts.get(tag, ()))

    def values(self, name: str) -> list[str | None]:
        return [value for _, key, value in self.attributes if key == name]


@pytest.fixture
def found(doc):
    """A diff with an edit, an added clause of hostile text, noise, and unchanged text between."""
    before = doc(("Use", KEEP, LETTERS), ("Cookies", BASKET, "Copyright 2015 Example"))
    after = doc(
        ("Use", KEEP.replace("address", "number"), LETTERS),
        ("Cookies", BASKET, "<script>alert('x')</script> & more", "Copyright 2016 Example"),
    )
    return compare(before, after)


def test_html_says_what_changed_in_ins_and_del(found):
    """Insertions and deletions carry the meaning; a replacement is one suggestion."""
    page = Reader(to_html(found))

    assert page.texts["del"] == ["address", "2015"]
    assert page.texts["ins"] == ["number", "<script>alert('x')</script> & more", "2016"]
    assert page.values("role").count("suggestion") == 3
    assert page.open == []


def test_html_has_no_styles_or_scripts_of_its_own(found):
    """A page with a strict content security policy can show it."""
    page = Reader(to_html(found))

    assert not page.values("style")
    assert not [name for _, name, _ in page.attributes if name.startswith("on")]
    assert "script" not in page.texts


def test_html_folds_what_did_not_change(found):
    """Unchanged clauses are folded with their count and the sections they stand in."""
    page = Reader(to_html(found))

    assert LETTERS in page.text("details")
    assert "unchanged" in page.text("summary") and "Cookies" in page.text("summary")


def test_noise_can_be_folded_away(found):
    """Without noise its changes stand among the folded text, counted."""
    page = Reader(to_html(found, noise=False))

    assert page.values("data-tier").count("dates") == 0
    assert "1 change" in page.text("summary")


def test_anchors_are_stable_and_unique(found, doc):
    """The same change has the same anchor in another diff; two equal changes of one diff have different ones."""
    other = compare(doc(("Rules", KEEP)), doc(("Rules", KEEP.replace("address", "number"))))

    assert anchor(found.changes[0]) == anchor(other.changes[0])
    assert len(anchors([*found.changes, *found.changes])) == len(set(anchors([*found.changes, *found.changes])))
    assert all(len(anchor(change)) == 12 for change in found.changes)


def test_terminal_marks_words_without_colour(found):
    """Without colour the marks say what went and what came."""
    text = to_terminal(found, colour=False)

    assert "[-address-]{+number+}" in text
    assert "1 more of noise tiers: 1 dates" in text
    assert "2016" not in text and "2016" in to_terminal(found, colour=False, noise=True)


def test_terminal_lets_no_control_characters_through(doc):
    """A page cannot steer the terminal."""
    text = to_terminal(compare(doc(("A", KEEP)), doc(("A", KEEP, "\x1b]0;owned\x07 \u202etext"))), colour=False)

    assert not {"\x1b", "\x07", "\u202e"} & set(text)


def test_markdown_is_a_redline(found):
    """Deleted words are struck, inserted ones bold, and mark-up in the texts is escaped."""
    text = to_markdown(found)

    assert "~~address~~**number**" in text
    assert "\\<script\\>" in text


def test_json_lists_everything_if_asked(found):
    """With what did not change, every clause and heading of the text after is there, in order."""
    lines = to_json(found, include_same=True)["changes"]

    assert [line["after"] for line in lines if line["after"]][:3] == ["Use", KEEP.replace("address", "number"), LETTERS]
    assert {line["kind"] for line in to_json(found)["changes"]} == {"edited", "added"}


LONG = " ".join(f"word{n}" for n in range(400))


def test_what_is_passed_over_is_counted_with_its_headings(doc):
    """Every form says how many clauses and words did not change between two changes, and under which headings."""
    still = ("Letters", LETTERS), ("Payment", BANK)
    found = compare(doc(("Use", KEEP), *still, ("End", BASKET)), doc(("Use", "New."), *still, ("End", "Gone.")))
    words = len(LETTERS.split()) + len(BANK.split())
    counted = f"2 unchanged clauses, {words} words in Letters › Payment"

    assert f"({counted})" in to_terminal(found, colour=False)
    assert f"({counted})" in to_markdown(found)
    text = re.sub(r"<[^>]+>", "", to_html(found))
    assert counted in text


def test_the_middle_of_a_long_clause_is_folded(doc):
    """Of a long clause, a cell of a table, HTML shows the words about a change and folds the rest, losing none."""
    text = f"{LONG} end"
    html = to_html(compare(doc(("Use", text)), doc(("Use", text.replace("word7 ", "other ")))))

    assert '<details class="diff-more"><summary>… 35' in html
    assert "word399" in html


@pytest.mark.parametrize(("words", "folded"), [(28, False), (29, True)])
def test_what_is_hardly_longer_than_its_fold_stays(doc, words, folded):
    """Twelve words beside each change and four more are read as quickly as counted."""
    between = " ".join(f"word{n}" for n in range(words))
    found = compare(doc(("Use", f"old {between} low")), doc(("Use", f"new {between} high")))

    assert (" … " in to_terminal(found, colour=False)) is folded


def test_clauses_that_moved_together_are_told_of_once(doc):
    """Where they stood there is one line for all of them."""
    cookies = "Cookies", BASKET, *(f"Cookie number {n} is there to {BASKET[8:]}" for n in range(3))
    before, after = doc(("Use", KEEP, LETTERS, BANK), cookies), doc(("Use", KEEP), (*cookies, LETTERS, BANK))
    found = to_terminal(compare(before, after), colour=False)

    assert "2 clauses from “Nobody outside the company reads the …” on stood here: moved to “Cookies”" in found
    assert found.count("stood here") == 1


def test_targets_that_the_change_shows_are_not_told_again():
    """Of a link whose target changed and nothing else, old and new target stand in its text."""
    before, after = (f"## Use\n\nAsk [our shop](http://{host}.example/x) about it.\n" for host in "ab")
    found = compare(read_sections(before), read_sections(after))

    assert found.changes[0].links == (("http://a.example/x", "http://b.example/x"),)
    assert "link: " not in to_terminal(found, colour=False, noise=True)


def test_what_was_removed_stands_under_the_new_heading(doc):
    """Under a renamed heading all changes of the section stand together."""
    found = compare(doc(("Use", KEEP, BANK, LETTERS)), doc(("Our use", KEEP, LETTERS, BASKET)))

    text = to_terminal(found, colour=False)
    assert [line for line in text.splitlines() if line.startswith("## ")] == ["## Our use"]


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ("[us](http://us.example/)", "us", "link removed: http://us.example/"),
        ("us", "[us](http://us.example/)", "link added: http://us.example/"),
        (
            "[us](http://us.example/)",
            "[us](http://us.example/b)",
            "link: http://us.example/ became http://us.example/b",
        ),
    ],
)
def test_links_that_came_and_went_are_told_as_such(before, after, line):
    """A target where there was none, one that is no more, and one that became another, beside a word that changed."""
    old = f"# Notice\n\nAsk {before} at the counter. {KEEP}\n"
    new = f"# Notice\n\nAsk {after} at the desk. {KEEP}\n"

    assert line in to_markdown(compare(read_sections(old), read_sections(new)))
