"""Markdown as html2text and turndown write it → blocks."""

from __future__ import annotations

import pytest

from harvest.text.markdown_blocks import read_blocks
from harvest.text.markdown_inline import read_inline


def blocks(text: str) -> list[tuple[str, int, str]]:
    return [(b.kind, b.level or b.depth, b.text) for b in read_blocks(text)]


CASES: dict[str, tuple[str, list[tuple[str, int, str]]]] = {
    "headings": ("## One ##\n### \n#Two\n", [("heading", 2, "One"), ("paragraph", 0, "#Two")]),
    "a NUL": ("Kept a\0year", [("paragraph", 0, "Kept a\ufffdyear")]),
    "nested list, two spaces": (
        "  * a\n    * b\n    * c\n  * d\n",
        [("item", 1, "a"), ("item", 2, "b"), ("item", 2, "c"), ("item", 1, "d")],
    ),
    "nested list, four spaces and blank lines": (
        "*   a\n    \n    *   b\n        \n*   c\n",
        [("item", 1, "a"), ("item", 2, "b"), ("item", 1, "c")],
    ),
    "paragraph of an item": (
        "1. a\n    \n    b\n    \n2. c\n",
        [("item", 1, "a"), ("paragraph", 1, "b"), ("item", 1, "c")],
    ),
    "bullets": ("- a\n+ b\n* c\n", [("item", 1, "a"), ("item", 1, "b"), ("item", 1, "c")]),
    "escaped number is no list": ("1\\. a\n", [("paragraph", 0, "1. a")]),
    "a line that begins with a hyphen or year is no list": (
        "We asked\n- twice -\nand in\n2011. Then\n",
        [("paragraph", 0, "We asked\n- twice -\nand in\n2011. Then")],
    ),
    "rules": (
        "a\n\n* * *\n\n- - -\n\n___\n\nb",
        [("paragraph", 0, "a"), ("rule", 0, ""), ("rule", 0, ""), ("rule", 0, ""), ("paragraph", 0, "b")],
    ),
    "hard breaks": ("a  \nb\\\nc<br>d\n", [("paragraph", 0, "a\nb\nc\nd")]),
    "table": ("| a | b |\n| --- | --- |\n| c | d |\n", [("row", 0, "a | b"), ("rule", 0, ""), ("row", 0, "c | d")]),
    "table without edges": ("a | b\n---|---\nc | d\n", [("row", 0, "a | b"), ("rule", 0, ""), ("row", 0, "c | d")]),
    "table of one column is prose": (
        "|  | a |  |\n---|---\n| b\n",
        [("paragraph", 0, "a"), ("rule", 0, ""), ("paragraph", 0, "b")],
    ),
    "number in a cell makes an item": (
        "1\\. | a\n---|---\n• | b\n",
        [("item", 1, "a"), ("rule", 0, ""), ("item", 1, "b")],
    ),
    "pipe in prose": ("Acme | 12 Garden Street\n", [("paragraph", 0, "Acme | 12 Garden Street")]),
    "quote": ("> a\n> b\n", [("paragraph", 0, "a\nb")]),
    "fence": ("```\na\n```\n", [("paragraph", 0, "a")]),
    "indented text is no code": ("        a\n", [("paragraph", 0, "a")]),
    "non-breaking spaces are blank": ("a\n\u00a0\nb\n", [("paragraph", 0, "a"), ("paragraph", 0, "b")]),
    "carriage returns": ("a\r\n\r\nb\rc", [("paragraph", 0, "a"), ("paragraph", 0, "b\nc")]),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES.keys())
def test_blocks(text: str, expected: list[tuple[str, int, str]]) -> None:
    """Each construct of the two dialects, and the debris between, gives the blocks a reader sees."""
    assert blocks(text) == expected


def test_wrapped_text_is_unwrapped() -> None:
    """In a text wrapped at a width, line breaks mean nothing, short lines aside, even across pages."""
    lines = [
        "Letters",
        "We keep each letter that you send to the shop in a box of its own, and the",
        "boxes stand in a room to which only two of us have a key. When a year and a",
        "day have gone by the letter is burnt, unless you asked us to keep it for you",
        "longer.",
        "You may come by at any time and read what you wrote, and if you wish so we",
        "will give it back to you at once and keep no copy of it anywhere in the shop",
        "or elsewhere.",
        "Cards",
        "Cards are kept like letters, but for half the time, since they are smaller and",
        "everybody has read them before they reach us. We do not read them aloud to",
        "",
        "other people who happen to stand in the shop.",
    ]

    texts = [text for _, _, text in blocks("\n".join(lines))]
    assert [text[:12] for text in texts] == ["Letters", "We keep each", "You may come", "Cards", "Cards are ke"]
    assert texts[-1].endswith("read them aloud to other people who happen to stand in the shop.")


INLINE: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "debris closes on blanks": ("**Contact Us  **", [("b", "Contact Us  ")]),
    "empty pairs": (" **A. ** ** _B_**", [("", " "), ("b", "A. "), ("", " "), ("b", " "), ("bi", "B")]),
    "four stars": ("**** **Queries**", [("", " "), ("b", "Queries")]),
    "touching runs lost their break": ("**of the Shop****For All:**", [("b", "of the Shop\nFor All:")]),
    "no partner": ("**Title  \nbody", [("", "Title  \nbody")]),
    "snake case and blanks to fill in": ("a_b_c dated ____.", [("", "a_b_c dated ____.")]),
    "lone star": ("5 * 3 and a* footnote", [("", "5 * 3 and a footnote")]),
    "italics that touch": ("_legal__:_ x", [("i", "legal:"), ("", " x")]),
    "escapes": (r"1\. \[a\] \* \_b\_", [("", "1. [a] * _b_")]),
    "code": ("run `npm x` now, user`s", [("", "run npm x now, user`s")]),
    "entities": ("R&amp;D &lt;x&gt;", [("", "R&D <x>")]),
    "tags": ("a<span>b</span><br/>c", [("", "ab\nc")]),
}


@pytest.mark.parametrize(("text", "expected"), INLINE.values(), ids=INLINE.keys())
def test_inline(text: str, expected: list[tuple[str, str]]) -> None:
    """Emphasis is read through its debris; what marks nothing is text."""
    spans = read_inline(text)

    assert [(("b" if s.bold else "") + ("i" if s.italic else ""), s.text) for s in spans] == expected


LINKS: dict[str, tuple[str, tuple[str, str]]] = {
    "plain": ("[a](http://b.example/c)", ("a", "http://b.example/c")),
    "with title and brackets": ('[a \\[b\\]](http://b.example/c_(d) "t")', ("a [b]", "http://b.example/c_(d)")),
    "autolink": ("<http://b.example/c>", ("http://b.example/c", "http://b.example/c")),
    "mail": ("<me@b.example>", ("me@b.example", "mailto:me@b.example")),
    "relative": ("[a](/terms)", ("a", "http://shop.example/terms")),
    "archive prefix": (
        "[a](https://web.archive.org/web/20110203040506id_/http%3A//b.example/%3Fq%3D1)",
        ("a", "http://b.example/?q=1"),
    ),
    "host lost to the archive": ("[a](https://web.archive.org/terms)", ("a", "http://shop.example/terms")),
    "in-page": ("[a](#part-2)", ("a", "")),
    "image link": ("[![](seal.gif)](http://seal.example/)", ("", "http://seal.example/")),
}


@pytest.mark.parametrize(("text", "expected"), LINKS.values(), ids=LINKS.keys())
def test_links(text: str, expected: tuple[str, str]) -> None:
    """Links point where they pointed before the archive, and their words stay."""
    spans = read_inline(text, page_url="http://shop.example/privacy")

    assert [(s.text, s.href) for s in spans] == [expected]


def test_permalink_signs_are_dropped() -> None:
    """The pilcrow that wikis hang on headings is no word."""
    assert read_inline('Letters[ ¶](http://a.example/#x "Link here")')[0].text == "Letters"
