"""Hard breaks inside a paragraph: where a clause ends, and where only a line does."""

from __future__ import annotations

import pytest

from harvest.text.markdown import read_sections

CASES: dict[str, tuple[str, list[str]]] = {
    "two sentences": ("We keep it.\nYou may ask.", ["We keep it.", "You may ask."]),
    "an address": ("Acme Ltd.\n12 Garden Street\nOld Town", ["Acme Ltd.", "12 Garden Street", "Old Town"]),
    "an enumeration without stops": ("We keep:\nLetters\nCards", ["We keep:", "Letters", "Cards"]),
    "letters before the lines": ("a) your letters\nb) your cards", ["a) your letters", "b) your cards"]),
    "labels in lower case": (
        "Write to us\nfax: 12 34\nada@acme.example",
        ["Write to us", "fax: 12 34", "ada@acme.example"],
    ),
    "signs without case": ("我们保存信件\n我们保存卡片", ["我们保存信件", "我们保存卡片"]),
    "a break inside a link": (
        "[Read all about\nour letters](http://a.example/l)\n[Cards\n](http://a.example/c)Boxes",
        ["Read all about our letters", "Cards", "Boxes"],
    ),
    "a sentence that runs on": ("We keep all letters\nthat you send us.", ["We keep all letters that you send us."]),
    "a comma at the end": ("Garden Street,\nOld Town", ["Garden Street, Old Town"]),
    "text broken at a width": (
        "We keep all letters\nthat you send to\nAda Lund and the\nfriends of the shop.\nYou may ask for them.",
        ["We keep all letters that you send to Ada Lund and the friends of the shop.", "You may ask for them."],
    ),
}


@pytest.mark.parametrize(("text", "clauses"), CASES.values(), ids=CASES.keys())
def test_breaks(text: str, clauses: list[str]) -> None:
    """A break ends a clause unless its sentence runs on over it."""
    sections = read_sections(text.replace("\n", "  \n"))

    assert [clause.text for section in sections for clause in section.clauses] == clauses


@pytest.mark.parametrize("length", range(50, 70))
def test_length_of_a_line_decides_nothing(length: int) -> None:
    """A line that grows by a letter is cut as before: the change of a word changes one clause."""
    line = "We keep " + "x" * (length - 9) + "."
    sections = read_sections(f"{line}  \nYou may ask for it.  \nAda Lund\n")

    assert [clause.text for clause in sections[0].clauses] == [line, "You may ask for it.", "Ada Lund"]
