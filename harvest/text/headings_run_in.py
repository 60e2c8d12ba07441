"""Headings that the text runs on from: ``**Security.** We protect …``, ``Gift cards: You may …``."""

from __future__ import annotations

import re

from harvest.model import Span
from harvest.text.fold import split_number, squash
from harvest.text.headings_asides import is_company, is_notice
from harvest.text.headings_lines import Line, strip_ornament
from harvest.text.headings_proposal import Proposal, number_look, number_of, opens_like_title
from harvest.text.headings_spans import cut
from harvest.text.headings_words import count_words, is_capitals, is_lead_in, is_sentence, is_title_case, says_something

_TERM = re.compile(r"(?P<term>[^.:?!|\n]{2,90}?(?:\?|[.:](?=\s)|\s[–—-](?=\s)))\s*(?=\S)")


_NAMING = r"(?:[A-Z][\w'’-]*|and|or|of|the|to|for|in)"
_SECOND = re.compile(rf"(?P<term>{_NAMING}(?: {_NAMING}){{1,7}}\.(?=\s))\s*(?=\S)")  # behind "11.7 Exception:"

# What begins as a sentence does and names a topic: "With respect to cookies", "With our partners".
_TOPIC = re.compile(
    r"(?:with (?:respect|regard) to|in regard to|as (?:to|for)|regarding|concerning) |"
    r"(?:with|to|from|for|by)(?: [\w'’]+){1,3}\.?$",
    re.I,
)


def propose_run_in(index: int, line: Line) -> Proposal | None:
    """Return the heading that a line begins with, with the rest of the line as its body; None if it has none."""
    if line.level:
        return None
    return _styled_run_in(index, line) or _plain_run_in(index, line)


def _styled_run_in(index: int, line: Line) -> Proposal | None:
    """``**Security.** We protect …``: the marked start of a line, when it ends like a title and text follows."""
    if not any(span.bold or span.italic or span.underline for span in line.spans):
        return None
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
        look = (style, line.kind == "item", is_capitals(title), number_look(number))
        return Proposal(index, style, number, _name(title), look, body=cut(body, skip)[1])
    return None


def _split_title(head: str, rest: str, line: Line) -> tuple[str, str, int] | None:
    """Return number, title and how many characters of *rest* were the title's punctuation; None if no title."""
    stop = re.match(r"[\s\xa0]*(?:[:.]|[–—-](?=\s))?[\s\xa0]*", rest)
    skip = stop.end() if stop else 0
    text = strip_ornament(squash(head))
    ended = text.endswith((".", ":", "?", "!", "-", "–", "—")) or bool(rest[:skip].strip())
    number, title = number_of(line, re.sub(r"\s*[–—-]$", "", text))
    body = rest[skip:]
    first = next((char for char in body if char.isalnum()), "")
    if (
        not any(map(str.isalpha, title))
        or title.endswith(",")
        or body[:1] in ",;)"
        or count_words(title) > 14
        or is_notice(title)
        or is_lead_in(title)
        or title[:1] in '("“'
    ):
        return None
    if not (ended or number or (first.isupper() and body[:1] != "(")) or (not ended and not opens_like_title(title)):
        return None
    if count_words(body[:200]) < (1 if body.rstrip().endswith(":") else 4):
        return None  # "1. To answer you. This includes:" has its body in the list below
    if is_sentence(title) and says_something(title) and not _TOPIC.match(title):
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
    if number and match["term"][-1] == ":" and (more := _SECOND.match(raw, match.end())):
        match = more  # "11.7 Exception: Small Claims. …"
    term, body = raw[start : match.end("term")].strip(), raw[match.end() :]
    title = re.sub(r"\s*[–—-]$", "", term)
    if not _is_term(title, body, 12 if number else 9):
        return None
    look = ("plain-run-in", False, is_capitals(title), number_look(number))
    return Proposal(index, "plain-run-in", number, _name(title), look, body=cut(line.spans, match.end())[1])


def _name(title: str) -> str:
    """The title of a run-in without the stop that parts it from its text."""
    return title.strip("*").rstrip(" .:\xa0") or title


def _is_term(title: str, body: str, longest: int) -> bool:
    words = count_words(title)
    first = next((char for char in body if char.isalnum()), "")
    return (
        1 <= words <= longest
        and any(map(str.isalpha, title))
        and opens_like_title(title)
        and first.isupper()
        and body[:1] not in "|"
        and count_words(body[:200]) >= 6
        and (words <= 6 or longest > 9 or not title.endswith(".") or is_title_case(title))
        and (not says_something(title) or _TOPIC.match(title) is not None)
        and not is_notice(title)
        and not is_lead_in(title)
        and not is_company(title)
        and not (title.isupper() and len(title) <= 4)  # "CC: Acme B.V.", "Attn."
        and not re.search(r"(?:^|\s)(?:[A-Z]|Mr|Ms|Mrs|Dr|St|No|vs|etc|U\.S|e\.g|i\.e)\.$", title)
    )


def _is_bold(span: Span) -> bool:
    return span.bold


def _is_italic(span: Span) -> bool:
    return span.italic or span.underline
