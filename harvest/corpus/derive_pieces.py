"""A clause or heading as a piece of a history: what it says, in the form in which typography and links do not count."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import NamedTuple

from harvest.compare.dated import states_date
from harvest.compare.hints import without_hints
from harvest.compare.notices import is_notice
from harvest.compare.spans import TAGS
from harvest.compare.speech import Speech, speech_of
from harvest.compare.spelling import read_spelling
from harvest.compare.tokens import count_words
from harvest.text.fold import fold

PRIME = 2**127 - 1
"""What `Letters` are taken by."""

_LABEL = 60  # characters
_NO_LETTER = re.compile(r"[\W_]+")
_INSIDE = re.compile(r"['’\-\u2010-\u2015]+")  # signs that stand inside words
_MARK = re.compile(r"\W+")
_ENDED = re.compile(r"[.!?。！？][\W_]*$")

#: How many bytes of letters and digits, and their remainder as one number: of two runs joined, it follows from both.
Letters = tuple[int, int]


class Piece(NamedTuple):
    """A clause or heading, folded. *key*: a number for its text; *words*: never 0; *label*: how it begins.

    *speech*: whether it says what policies say, in their words.
    """

    key: int
    words: int
    label: str
    speech: Speech = 0


#: How many of each piece came (> 0) or went (< 0) from one text to another; nothing that stayed.
Step = Mapping[Piece, int]

# What only points elsewhere, or is left over of links and notes: it comes and goes with what was caught of them.
_POINTS = re.compile(
    r"\s*\[?(?:\b(?:click )?here\b|\[\d{1,3}\])|\]\([^()\s]{0,2000}\)\[?"
    r"|(?<=\])\[[\w -]{1,60}\]|^\[[\w -]{1,60}\]: \S+$|\(?\bmailto:",
    re.I,
)
_MAY_POINT = re.compile(r"here|\]|mailto:", re.I)


def said_of(text: str, title: str) -> str:
    """Return what a clause says: without what only points, and without a title glued to its first word."""
    if title and text[len(title) :][:1].isalnum():
        text = text[len(title) :]
    if "<" in text:
        text = TAGS.sub(" ", text)
    return without_hints(_POINTS.sub("", text) if _MAY_POINT.search(text) else text)


def read_piece(text: str) -> tuple[Piece, Letters, tuple[int, int]]:
    """Return the piece that a line is, its letters, and how many of its words are in British and American spelling."""
    plain = fold(text)
    spelled = _MARK.sub(" ", _INSIDE.sub("", plain)).strip()
    folded, british, american = read_spelling(spelled)
    words = 0 if is_notice(text) or states_date(text) else count_words(folded)  # numbers and signs make no other piece
    speech = speech_of(frozenset(spelled.split()), words, ended=_ENDED.search(text) is not None)
    return Piece(number_of(folded), words, folded[:_LABEL], speech), _letters(plain), (british, american)


def letters_of(text: str) -> Letters:
    """Return the letters and digits of a text, folded."""
    return _letters(fold(text))


def _letters(folded: str) -> Letters:
    bare = _NO_LETTER.sub("", folded).encode("utf-8", "surrogatepass")
    return len(bare), int.from_bytes(bare) % PRIME


def number_of(text: str) -> int:
    """Return a number that stands for a text, the same on any machine."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest())
