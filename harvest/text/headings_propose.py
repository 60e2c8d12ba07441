"""One line at a time: could it be a heading, in which style, and where does it end?

The evidence is ranked; a line is proposed in the strongest style it shows. Whether proposals hold is decided over the
whole document, in `headings`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from harvest.model import Span
from harvest.text.fold import split_number, squash
from harvest.text.headings_lines import Line, cut, strip_ornament
from harvest.text.headings_words import (
    count_words,
    is_aside,
    is_asking,
    is_capitals,
    is_company,
    is_contact,
    is_lead_in,
    is_notice,
    is_sentence,
    is_title_case,
    says_something,
)

_LONGEST = 200  # characters: the longest real heading seen in the corpus has 152
_NUMBER_KINDS = (
    ("decimal", re.compile(r"\d+(?:\.\d+)+")),
    ("digit", re.compile(r"\d+")),
    ("roman", re.compile(r"[ivxIVX]|[ivxlcIVXLC]{2,}")),
)
_TERM = re.compile(r"(?P<term>[^.:?!|\n]{2,90}?(?:\?|[.:](?=\s)|\s[–—-](?=\s)))\s*(?=\S)")


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


def number_kind(number: str) -> str:
    """Name the kind of a heading's number; '' for none."""
    value = number.split()[-1] if number else ""
    return next((name for name, form in _NUMBER_KINDS if form.fullmatch(value)), "letter" if value else "")


def _way(number: str) -> tuple[str, int]:
    """How a heading is numbered, as the eye sees it: by what signs, in how many parts."""
    return number_kind(number), number.count(".")


def propose(index: int, line: Line, *, english: bool = True) -> Proposal | None:
    """Return the strongest reading of a line as a heading by its own looks, None if it has none.

    In a text that is not *english*, where no verb is recognised, a full stop ends a sentence, not a title.
    """
    if line.kind == "row" or not any(char.isalnum() for char in line.text):
        return None
    found = _whole(index, line) or _run_in(index, line)
    if found and not english and found.style in ("plain-run-in", "stopped"):
        return found if count_words(found.title) <= 2 else None
    return found


# --- whole lines -----------------------------------------------------------------------------------------------


def _whole(index: int, line: Line) -> Proposal | None:
    if len(line.text) > _LONGEST + 20:
        return None
    text = strip_ornament(line.text)
    number, title = _number_of(line, text)
    words = count_words(title)
    if len(text) > _LONGEST or not words:
        return None
    if line.level:
        outside = is_aside(text) or (is_contact(text) and words <= 4)
        if (outside and not number) or words > 25 or (words > 11 and is_sentence(title)):
            return None
        return Proposal(index, "markup", number, title, ("markup", line.level), line.level)
    if is_notice(title) or words > 20 or title[:1] in '()[]|"“' or (line.linked and not line.bold):
        return None
    style = _style(line, title, number, words)
    if style is None:
        return None
    look = (style, line.kind == "item", is_capitals(title), line.size, _way(number), line.italic, line.bold)
    return Proposal(index, style, number, title, look)


def _number_of(line: Line, text: str) -> tuple[str, str]:
    number, title = split_number(text)
    if not number and line.kind == "item" and re.match(r"\(?[\dA-Za-z]{1,4}[.)]", line.marker):
        number = line.marker.strip("().")
    return number, title


def _style(line: Line, title: str, number: str, words: int) -> str | None:
    sentence = is_sentence(title)
    if line.bold or line.size > 1:
        claims = says_something(title) and (words > 14 or (sentence and words > 6))
        return None if claims or (words > 14 and sentence) or _is_warning(title) else "bold"
    if (
        sentence
        or words > 14
        or not _opens_like_title(title)
        or title.endswith((",", ";", "!", "，", "；", "。"))
        or "|" in title
    ):
        return None
    if line.kind == "item":
        return "item" if words <= 10 and not says_something(title) and not line.linked else None
    if is_capitals(title):
        return "capitals" if not is_company(title) else None
    if number:
        return "numbered" if words <= 12 or is_title_case(title) else None
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
        return None if says_something(title) else "stopped"
    claims = words > 8 and says_something(title) and not is_title_case(title)
    return "bare" if not claims and not _is_instruction(title) else None


def _opens_like_title(title: str) -> bool:
    """A capital, a digit, or a letter of a script without case; brand names in lower case need mark-up."""
    first = next((char for char in title if char.isalnum()), "")
    return first.isdigit() or first.isupper() or (first.isalpha() and first.upper() == first.lower())


def _is_warning(title: str) -> bool:
    return title.endswith("!") and count_words(title) > 6


def _is_instruction(title: str) -> bool:
    return bool(re.match(r"(?:please|click|thank|welcome|see|read|visit|download|for more|to )\b", title, re.I))


# --- headings that the text runs on from -------------------------------------------------------------------------


def _run_in(index: int, line: Line) -> Proposal | None:
    if line.level:
        return None
    return _styled_run_in(index, line) or _plain_run_in(index, line)


def _styled_run_in(index: int, line: Line) -> Proposal | None:
    """``**Security.** We protect …``: the marked start of a line, when it ends like a title and text follows."""
    spans = [span for span in line.spans if span.text]
    for style, marked in (("bold-run-in", _is_bold), ("italic-run-in", _is_italic)):
        count = next((n for n, span in enumerate(spans) if span.text.strip() and not marked(span)), len(spans))
        head, body = spans[:count], spans[count:]
        if style == "italic-run-in" and line.kind == "item":
            continue
        if not any(span.text.strip() for span in head):
            continue
        if not body:
            return _bold_paragraph(index, line) if style == "bold-run-in" else None
        found = _split_title("".join(s.text for s in head), "".join(s.text for s in body), line)
        if found is None:
            return None
        number, title, skip = found
        look = (style, line.kind == "item", is_capitals(title), _way(number))
        return Proposal(index, style, number, _name(title), look, body=cut(body, skip)[1])
    return None


def _split_title(head: str, rest: str, line: Line) -> tuple[str, str, int] | None:
    """Return number, title and how many characters of *rest* were the title's punctuation; None if no title."""
    stop = re.match(r"[\s\xa0]*(?:[:.]|[–—-](?=\s))?[\s\xa0]*", rest)
    skip = stop.end() if stop else 0
    text = strip_ornament(squash(head))
    ended = text.endswith((".", ":", "?", "!", "-", "–", "—")) or bool(rest[:skip].strip())
    number, title = _number_of(line, re.sub(r"\s*[–—-]$", "", text))
    body = rest[skip:]
    first = next((char for char in body if char.isalnum()), "")
    if (
        not title
        or title.endswith(",")
        or body[:1] in ",;)"
        or count_words(title) > 14
        or is_notice(title)
        or is_lead_in(title)
        or title[:1] in '("“'
    ):
        return None
    if not (ended or number or first.isupper()) or (not ended and not _opens_like_title(title)):
        return None
    if count_words(body[:200]) < (1 if body.rstrip().endswith(":") else 4):
        return None  # "1. To answer you. This includes:" has its body in the list below
    if is_sentence(title) and says_something(title):
        return None
    return number, title, skip


def _bold_paragraph(index: int, line: Line) -> Proposal | None:
    """A paragraph in bold throughout whose first words are a title of the run-in kind."""
    found = _plain_run_in(index, line)
    if found is None:
        return None
    return Proposal(index, "bold-run-in", found.number, found.title, ("bold-run-in", *found.look[1:]), body=found.body)


def _plain_run_in(index: int, line: Line) -> Proposal | None:
    """``Gift Certificates. You may …``: a short name, a stop, then a sentence. Only in paragraphs, not in lists."""
    if line.kind != "paragraph":
        return None
    raw = "".join(span.text for span in line.spans)
    lead = len(raw) - len(raw.lstrip())
    number, _ = split_number(raw[:120])
    start = raw.find(number, lead) + len(number) if number else lead
    start += len(raw[start:]) - len(raw[start:].lstrip(" .)\xa0")) if number else 0
    match = _TERM.match(raw, start)
    if match is None:
        return None
    term, body = match["term"].strip(), raw[match.end() :]
    title = re.sub(r"\s*[–—-]$", "", term)
    if not _is_term(title, body):
        return None
    look = ("plain-run-in", False, is_capitals(title), _way(number))
    return Proposal(index, "plain-run-in", number, _name(title), look, body=cut(line.spans, match.end())[1])


def _name(title: str) -> str:
    """The title of a run-in without the stop that parts it from its text."""
    return title.rstrip(" .:\xa0") or title


def _is_term(title: str, body: str) -> bool:
    words = count_words(title)
    first = next((char for char in body if char.isalnum()), "")
    return (
        1 <= words <= 9
        and _opens_like_title(title)
        and first.isupper()
        and body[:1] not in "|"
        and count_words(body[:200]) >= 6
        and (words <= 6 or not title.endswith(".") or is_title_case(title))
        and not says_something(title)
        and not is_notice(title)
        and not is_lead_in(title)
        and not is_company(title)
        and not re.search(r"(?:^|\s)(?:[A-Z]|Mr|Ms|Mrs|Dr|St|No|vs|etc|U\.S|e\.g|i\.e)\.$", title)
    )


def _is_bold(span: Span) -> bool:
    return span.bold


def _is_italic(span: Span) -> bool:
    return span.italic or span.underline
