"""One line at a time: could it be a heading, and in which style?

The evidence is ranked; a line is proposed in the strongest style it shows. Whether proposals hold is decided over the
whole document, in `headings`.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from harvest.text.headings_asides import holds_contact, is_aside, is_bare_date, is_company, is_notice
from harvest.text.headings_lines import Line, strip_ornament
from harvest.text.headings_proposal import Proposal, number_kind, number_look, number_of, opens_like_title
from harvest.text.headings_run_in import propose_run_in
from harvest.text.headings_spans import has_words
from harvest.text.headings_words import (
    count_words,
    has_verb,
    holds_sentences,
    is_asking,
    is_capitals,
    is_lead_in,
    is_sentence,
    is_title_case,
    says_something,
)

_LONGEST = 200  # characters: the longest real heading without mark-up seen in the corpus has 152
_MOST, _MOST_COUNTED = 20, 30  # words; bold "4.6. Preventing and combating …" over a section has 25
_LONGEST_MARKED = 500  # characters: a question in an <h2> has 160, a numbered <h3> that a list follows has 330


def propose(index: int, line: Line, *, english: Callable[[], bool] = lambda: True) -> Proposal | None:
    """Return the strongest reading of a line as a heading by its own looks, None if it has none.

    In a text that is not *english*, where no verb is recognised, a full stop ends a sentence, not a title.
    """
    if not hasattr(line.seen, "proposal"):
        line.seen.proposal = _propose(line) if line.kind != "row" and has_words(line.text) else None
    found: Proposal | None = line.seen.proposal
    if found is None:
        return None
    if found.style in ("plain-run-in", "stopped") and not english() and count_words(found.title) > 2:
        return None
    return Proposal(index, *found[1:-1], line.depth)  # half the time of _replace


def _propose(line: Line) -> Proposal | None:
    """The reading of a line wherever it stands."""
    found = _whole(0, line)
    if found is None or (found.weak and line.spans[0].bold):  # "**Member:** A person with an account."
        found = propose_run_in(0, line) or found
    return found


def name_line(index: int, line: Line) -> Proposal:
    """Return a whole line as a heading that something else than its looks speaks for: its place, a contents list."""
    number, title = number_of(line, strip_ornament(line.text))
    style = "item" if line.kind == "item" else "bare"
    look = (style, line.kind == "item", is_capitals(title), line.size)
    return Proposal(index, style, number, title, look, depth=line.depth)


# --- whole lines -----------------------------------------------------------------------------------------------


def _whole(index: int, line: Line) -> Proposal | None:
    longest = _LONGEST_MARKED if line.level else _LONGEST
    if len(line.text) > longest + 20:
        return None
    text = strip_ornament(line.text)
    number, title = number_of(line, text)
    words = count_words(title)
    if len(text) > longest or not words:
        return None
    if line.level:
        marked = not _is_text(text, number, title, words)
        return Proposal(index, "markup", number, title, ("markup", line.level), line.level) if marked else None
    most = _MOST_COUNTED if number and line.bold else _MOST
    if words > most or title[:1] in '()[]|"“' or (line.linked and not line.bold):
        return None
    style = _style(line, title, number, words)
    if style is None or is_notice(title):
        return None
    bracketed = bool(number) and text[:1] in "(（"
    counted = (number_look(number), bracketed)
    look = (style, line.kind == "item", is_capitals(title), line.size, counted, line.italic, line.bold)
    return Proposal(index, style, number, title, look, bracketed=bracketed)


def _is_text(text: str, number: str, title: str, words: int) -> bool:
    """True for a marked-up heading that is none: a notice, an address, a paragraph set in large type.

    Questions are headings however long ("2. How do you use my data when …?"), and so is what a number counts, as long
    as it is one sentence.
    """
    if not number and (is_aside(text) or (holds_contact(text) and words <= 4)):
        return not is_bare_date(text)
    if words <= 11 or title.endswith(("?", "？")):
        return False
    if number:
        return holds_sentences(title)
    return is_sentence(title) or (words > 25 and says_something(title))


def _style(line: Line, title: str, number: str, words: int) -> str | None:
    sentence = is_sentence(title)
    if line.bold or line.size > 1:
        claims = not number and says_something(title) and (words > 14 or (sentence and words > 6))
        return None if claims or (words > 14 and sentence) or _is_warning(title) else "bold"
    outlined = number_kind(number) == "decimal" and words <= 20 and not says_something(title)
    if (
        sentence
        or (words > 14 and not outlined)
        or not opens_like_title(title)
        or title.endswith((",", ";", "!", "，", "；", "。"))
        or "|" in title
    ):
        return None
    if line.kind == "item":
        return "item" if words <= 10 and not says_something(title) and not line.linked else None
    if is_capitals(title):  # the last line of an address ("… V1Y 9X1" / "CANADA") is not
        return "capitals" if not is_company(title) and (line.first or not line.last) else None
    if number:
        # an item that a full stop or its parts follow is told, not named
        told = (words > 12 and not outlined) or (words > 5 and title.endswith((".", ":")))
        return "numbered" if not told or is_title_case(title) else None
    if line.italic:
        return "italic" if words <= 10 and not title.endswith(".") else None
    if title.endswith("?"):
        return "question"
    if not line.first or is_company(title):
        return None
    if title.endswith(":"):
        long = words > 6 and not is_title_case(title) and not is_asking(title)
        return None if long or says_something(title) or is_lead_in(title) else "colon"
    if title.endswith("."):
        return None if words > 9 or says_something(title) or (has_verb(title) and not is_asking(title)) else "stopped"
    claims = words > 8 and says_something(title) and not is_title_case(title)
    return "bare" if not claims and not _is_instruction(title) else None


def _is_warning(title: str) -> bool:
    return title.endswith("!") and count_words(title) > 6


def _is_instruction(title: str) -> bool:
    return bool(re.match(r"(?:please|click|thank|welcome|see|read|visit|download|learn|for more|to )\b", title, re.I))
