"""A line that may be a heading: how it reads, and what the eye sees of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from harvest.model import Span
from harvest.text.fold import split_number
from harvest.text.headings_lines import Line
from harvest.text.headings_words import count_words, is_asking, is_title_case

_WORDS = "one two three four five six seven eight nine ten".split()
_VALUES = {word: value for value, word in enumerate(_WORDS, 1)} | dict.fromkeys(("ier", "premier", "première"), 1)
_NUMBER_KINDS = (
    ("decimal", re.compile(r"\d+(?:\.(?:\d+|[a-z]|[ivx]{1,5}))+", re.I)),
    ("digit", re.compile(rf"\d+(?:er|[°º])?|{'|'.join(_VALUES)}", re.I)),
    ("roman", re.compile(r"[ivxIVX]|[ivxlcIVXLC]{2,}")),
)


class Proposal(NamedTuple):
    """A line, or the start of one, that may be a heading. *body* is what follows it on the same line.

    *style*: markup, bold, capitals, numbered, item, italic, question, colon, bare, stopped (bare with a full stop);
    run-ins are bold-run-in, italic-run-in, plain-run-in. *look* tells headings of one style apart by what the eye sees.
    *bracketed*: its number stands in brackets, "(1)", and so below "1.". *lettered*: its I, V or X is a letter.
    *depth*: of the list item that it stands in or begins.
    """

    line: int
    style: str
    number: str
    title: str
    look: tuple[object, ...]
    level: int = 0
    body: tuple[Span, ...] = ()
    bracketed: bool = False
    lettered: bool = False
    depth: int = 0

    @property
    def run_in(self) -> bool:
        """The text goes on in the same line."""
        return self.style.endswith("run-in")

    @property
    def unnumbered(self) -> tuple[object, ...]:
        """What the eye sees of it but its number."""
        return tuple(part for part in self.look if not isinstance(part, tuple))

    @property
    def weak(self) -> bool:
        """Only the words speak for it, no mark-up."""
        return self.style in ("question", "colon", "bare", "stopped", "italic", "item", "plain-run-in")

    @property
    def number_kind(self) -> str:
        """``digit``, ``decimal``, ``roman``, ``letter`` or ``''``; named numbers ("Section 2") count by their value."""
        return "letter" if self.lettered else number_kind(self.number)

    @property
    def parts(self) -> int:
        """How many parts an outline number has: 1 for ``3``, 2 for ``3.1``; 0 for letters and Roman numbers."""
        kind = self.number_kind
        return self.number.split()[-1].count(".") + 1 if kind in ("digit", "decimal") else 0


def number_value(number: str) -> int:
    """Return the value of a number of the kind ``digit``: 2 for "2" and "Part Two", 1 for "Article Ier"."""
    value = number.split()[-1].casefold()
    return _VALUES.get(value) or int(re.sub(r"\D", "", value) or 0)


@lru_cache(maxsize=1024)
def number_kind(number: str) -> str:
    """Name the kind of a heading's number; '' for none."""
    value = number.split()[-1] if number else ""
    return next((name for name, form in _NUMBER_KINDS if form.fullmatch(value)), "letter" if value else "")


def number_look(number: str) -> tuple[str, int, str]:
    """How a heading is numbered, as the eye sees it: by what signs, in how many parts, after which word."""
    return number_kind(number), number.count("."), unit_of(number)


def unit_of(number: str) -> str:
    """The word of a named number, folded: "chapter" for "Chapter 2", '' for "2"."""
    return number.rpartition(" ")[0].casefold()


def settle_letters(headings: Iterable[Proposal]) -> list[Proposal]:
    """Read I, V and X as letters where they come after H, U and W, and as Roman numbers elsewhere."""
    settled: list[Proposal] = []
    last = ""
    for heading in headings:
        if heading.number_kind == "roman" and last and heading.number == chr(ord(last) + 1):
            heading = heading._replace(lettered=True, look=_as_letter(heading.look))
        if heading.number_kind == "letter" and len(heading.number) == 1:
            last = heading.number
        settled.append(heading)
    return settled


def find_parents(headings: Sequence[Proposal]) -> dict[int, int]:
    """Return the lines of plain headings that stand right above a marked-up one, each with the level of that.

    They are sections whose parts are marked up if there are two at least and a plain heading opens the document's
    outline; else nothing is returned, for they may be labels and menus.
    """
    found = {a.line: b.level for a, b in pairwise(headings) if b.level and b.line == a.line + 1 and reads_as_title(a)}
    if len(found) < 2:
        return {}
    level = min(found.values())
    opens = next((h for h in headings if h.style == "bare" or h.level == level), None)
    return found if opens and not opens.level else {}


def reads_as_title(heading: Proposal) -> bool:
    """True for words that name a section even where nothing else in the document looks like them."""
    if heading.style not in ("bare", "question") or any(map(str.isdigit, heading.title)) or ":" in heading.title:
        return False
    words = count_words(heading.title)
    return 3 <= words <= 12 and (is_asking(heading.title) or is_title_case(heading.title))


def _as_letter(look: tuple[object, ...]) -> tuple[object, ...]:
    return tuple(
        _as_letter(part) if isinstance(part, tuple) else "letter" if part == "roman" else part for part in look
    )


def number_of(line: Line, text: str) -> tuple[str, str]:
    """Split a heading into number and title; the marker of an ordered list counts as its number."""
    number, title = split_number(text)
    if not number and line.kind == "item" and re.match(r"\(?[\dA-Za-z]{1,4}[.)]", line.marker):
        number = line.marker.strip("().")
    return number, title


def opens_like_title(title: str) -> bool:
    """A capital, a digit, or a letter of a script without case; brand names in lower case need mark-up."""
    first = next((char for char in title if char.isalnum()), "")
    return first.isdigit() or first.isupper() or (first.isalpha() and first.upper() == first.lower())
