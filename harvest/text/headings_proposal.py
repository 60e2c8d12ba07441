"""A line that may be a heading: how it reads, and what the eye sees of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from harvest.model import Span
from harvest.text.fold import split_number
from harvest.text.headings_lines import Line

_NUMBER_KINDS = (
    ("decimal", re.compile(r"\d+(?:\.\d+)+")),
    ("digit", re.compile(r"\d+")),
    ("roman", re.compile(r"[ivxIVX]|[ivxlcIVXLC]{2,}")),
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A line, or the start of one, that may be a heading. *body* is what follows it on the same line.

    *style*: markup, bold, capitals, numbered, item, italic, question, colon, bare, stopped (bare with a full stop);
    run-ins are bold-run-in, italic-run-in, plain-run-in. *look* tells headings of one style apart by what the eye sees.
    """

    line: int
    style: str
    number: str
    title: str
    look: tuple[object, ...]
    level: int = 0
    body: tuple[Span, ...] = ()

    @property
    def run_in(self) -> bool:
        """The text goes on in the same line."""
        return self.style.endswith("run-in")

    @property
    def weak(self) -> bool:
        """Only the words speak for it, no mark-up."""
        return self.style in ("question", "colon", "bare", "stopped", "italic", "item", "plain-run-in")

    @property
    def number_kind(self) -> str:
        """``digit``, ``decimal``, ``roman``, ``letter`` or ``''``; named numbers ("Section 2") count by their value."""
        return number_kind(self.number)

    @property
    def parts(self) -> int:
        """How many parts an outline number has: 1 for ``3``, 2 for ``3.1``; 0 for letters and Roman numbers."""
        kind = self.number_kind
        return self.number.split()[-1].count(".") + 1 if kind in ("digit", "decimal") else 0


@lru_cache(maxsize=1024)
def number_kind(number: str) -> str:
    """Name the kind of a heading's number; '' for none."""
    value = number.split()[-1] if number else ""
    return next((name for name, form in _NUMBER_KINDS if form.fullmatch(value)), "letter" if value else "")


def number_look(number: str) -> tuple[str, int]:
    """How a heading is numbered, as the eye sees it: by what signs, in how many parts."""
    return number_kind(number), number.count(".")


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
