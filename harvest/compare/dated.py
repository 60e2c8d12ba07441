"""Lines that are nothing but a date which a text states of itself, and what the words of a short line are."""

from __future__ import annotations

import re
from collections.abc import Set

from harvest.compare.plain_words import Kinds, may_be_address
from harvest.compare.spans import DATE, has_date, kinds_of_tokens
from harvest.compare.tokens import Tokens, tokenise
from harvest.text.digits import has_digit

LINE_WORDS = 14
"""Words of a line that may be nothing but a date, an address, or what is left of a link."""
_LINE_LENGTH = 200
_GLUED = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")  # a title that ran into the line below it
_STATEMENT = re.compile(
    r"\W*(?:(?:terms (?:of (?:use|service)|and conditions)|user agreement)\s+)?"
    r"(?:(?:this\s+)?(?:(?:privacy\s+)?(?:policy|statement|notice|page)\s+)?(?:was\s+|is\s+)?)?(?:last\s+)?"
    r"(?:updated?|revised|modified|effective|revision|version|posted|published|date|copyright|©|\(c\)|stand)",
    re.I,
)


def states_date(text: str) -> bool:
    """True for a line that is nothing but the date a text states of itself.

    >>> states_date("Last updated: 1 May 2020"), states_date("We changed hands on 1 May 2020")
    (True, False)
    """
    return len(text) <= _LINE_LENGTH and has_date(text) and is_date_line(tokenise(_GLUED.sub(" ", text)))


def is_date_line(tokens: Tokens) -> bool:
    """True for a line that is nothing but the date a text states of itself."""
    return has_digit(tokens.text) and is_stated_date(tokens.text, kinds_of_line(tokens))


def is_stated_date(text: str, kinds: Set[str]) -> bool:
    return DATE in kinds and (kinds == {DATE} or _STATEMENT.match(_GLUED.sub(" ", text)) is not None)


def kinds_of_whole(text: str, words: int) -> Set[str]:
    """Return the `kinds_of_line` of a text of so many *words* where they may be other than words of prose; else {''}.

    Most lines without digits have no sign of an address or of a link: they are told by that, and never cut.
    """
    if words > LINE_WORDS or not (has_digit(text) or may_be_address(text)):
        return {""}
    return kinds_of_line(tokenise(text))


def kinds_of_line(tokens: Tokens) -> Set[str]:
    """Return what the words of a short line are; {''}, plain words, for a longer one.

    Of one without digits, which states no date, {''} is all that is told where one word is sure to be plain.
    """
    if tokens.words > LINE_WORDS:
        return {""}
    if not has_digit(tokens.text):
        return Kinds(tokens).inside(0, len(tokens.cores))
    return {kind for kind, word in zip(kinds_of_tokens(tokens), tokens.bares, strict=True) if word}
