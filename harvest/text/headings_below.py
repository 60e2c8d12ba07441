"""What stands below a line decides whether it heads anything: text, a table, a deeper heading, or nothing.

Runs of title-like lines with no text between them (addresses, menus, brand lists) head nothing.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from itertools import product
from typing import NamedTuple

from harvest.text.headings_asides import LONGEST_DATE, is_contact, is_date_line, is_notice
from harvest.text.headings_lines import Line
from harvest.text.headings_proposal import Proposal, opens_like_title, reads_as_title
from harvest.text.headings_words import ENDS, count_words, is_title_case, names_policy

_CONTACT = re.compile(r"\b(?:contact|address|questions?|enquir|inquir|feedback|kontakt|contacto?|impressum)", re.I)
_SENTENCE = 12  # words of an item that is a clause of a contract, not an entry of a list
OPENING = 3  # lines: where a document's own title stands, with or without text after it


def drop_unfollowed(
    lines: Sequence[Line], proposals: Sequence[Proposal | None], sure: Container[int] = ()
) -> list[Proposal]:
    """Keep proposals that text or a deeper heading follows, and *sure* ones; of a chain that looks alike the last."""
    kept: list[Proposal] = []
    below = _Below()
    for index in range(len(lines) - 1, -1, -1):
        proposal = proposals[index]
        if proposal is None and len(lines[index].text) < LONGEST_DATE and is_date_line(lines[index].text):
            continue  # "10 March 2001" under a title, before its first heading
        if proposal is None or proposal.run_in:
            if proposal is not None:
                kept.append(proposal)
            below = _look_up(lines[index], below, proposal is not None)
            continue
        if proposal.style == "bare" and _is_lead_in(lines, index):
            below = _Below(text=True)
            continue
        opens = index < OPENING and names_policy(proposal.title)
        alike = below.heading is not None and below.heading.look == proposal.look
        before = _may_precede(lines, proposal, below.heading) and not (alike and below.chained)
        contact = below.address and bool(_CONTACT.search(proposal.title))
        table = below.table and not proposal.weak
        marked = proposal.style == "markup" or index in sure
        counted = proposal.number_kind == "decimal"
        if below.text or table or opens or marked or before or contact or (counted and below.filled):
            kept.append(proposal)
            below = _Below(heading=proposal, chained=alike)
        else:
            below = _Below(filled=not counted)
    return kept[::-1]


def _is_lead_in(lines: Sequence[Line], index: int) -> bool:
    """True for a plain line that a list below it goes on with, in lower case: "We keep them to" / "* answer you"."""
    after = lines[index + 1] if index + 1 < len(lines) else None
    return (
        after is not None and after.kind == "item" and after.text[:1].islower() and count_words(lines[index].text) > 3
    )


class _Below(NamedTuple):
    """What stands under a line: text, an address, or at once the next heading.

    *chained*: that heading stands itself right before one that looks alike. *filled*: anything but a heading.
    """

    filled: bool = False
    text: bool = False
    table: bool = False
    address: bool = False
    heading: Proposal | None = None
    chained: bool = False


# Made once: most lines are body.
_BODY = {
    (text, table, address): _Below(True, text, table, address)
    for text, table, address in product((False, True), repeat=3)
}


def _look_up(line: Line, below: _Below, run_in: bool) -> _Below:
    """What a body line adds to what stands below it."""
    if not hasattr(line.seen, "as_body"):
        line.seen.as_body = is_address_line(line), _is_link(line), _is_body(line)
    address, link, body = line.seen.as_body
    text = run_in or (below.text if link else not address and body)
    return _BODY[text, line.kind == "row" and not link, address or below.address]


def _may_precede(lines: Sequence[Line], proposal: Proposal, following: Proposal | None) -> bool:
    """True if a heading may stand right before another: a section before its first part, a title before a section.

    Two plain lines in a row may be both, where they are written as titles; more are an address or a menu.
    """
    if following is None:
        return False
    if proposal.weak and following.style == "markup":
        return _closes_prose(lines, proposal.line) and reads_as_title(proposal) and following.title != proposal.title
    if proposal.look != following.look:
        return True
    if proposal.style == "bold":
        return count_words(proposal.title) > 1 and opens_like_title(proposal.title) and not is_notice(proposal.title)
    titles = is_title_case(proposal.title) and is_title_case(following.title) and count_words(proposal.title) >= 3
    return proposal.weak and (names_policy(proposal.title) or titles)


def _closes_prose(lines: Sequence[Line], index: int) -> bool:
    """True for a paragraph that comes after the end of another or of a list, not in a run of short lines."""
    before = lines[index - 1] if index else None
    return before is not None and lines[index].kind == "paragraph" and (before.text.endswith(ENDS) or _is_text(before))


def _is_text(line: Line) -> bool:
    """True for lines that can be the body of a heading: prose or list items, no menu entries or addresses."""
    return not _is_link(line) and not is_address_line(line) and _is_body(line)


def _is_body(line: Line) -> bool:
    if line.kind == "row":
        return count_words(line.text) >= 8
    return line.kind == "item" or line.text.endswith(ENDS) or count_words(line.text[:200]) >= 5


def _is_link(line: Line) -> bool:
    """True for an entry of a menu or directory: nothing but a link, or a label and the address it stands for."""
    if not any([span.href for span in line.spans]):
        return False
    if line.linked:
        return count_words(line.text[:200]) <= 6
    label = "".join(span.text for span in line.spans if not span.href)
    shown = [span.text for span in line.spans if span.href]
    return bool(shown) and all("://" in text for text in shown) and count_words(label[:200]) <= 5


def drop_entries(lines: Sequence[Line], proposals: Sequence[Proposal], sure: Container[int] = ()) -> list[Proposal]:
    """Drop list items that are only entries: next to another entry instead of between bodies of their own."""
    return [
        proposal
        for proposal in proposals
        if lines[proposal.line].kind != "item" or proposal.run_in or proposal.line in sure or _has_body(lines, proposal)
    ]


def _has_body(lines: Sequence[Line], proposal: Proposal) -> bool:
    """True for an item with text of its own below it: items below it are that of a bold one, sentences of a counted."""
    line, index = lines[proposal.line], proposal.line
    before = lines[index - 1] if index else None
    after = lines[index + 1] if index + 1 < len(lines) else line
    deeper = after.kind == "item" and after.depth > line.depth
    if deeper and proposal.number and count_words(after.text[:200]) >= _SENTENCE and after.text.endswith(ENDS):
        return True
    if before is not None and before.kind == "item" and before.depth == line.depth:
        return False
    return not line.last or after.kind == "paragraph" or (deeper and proposal.style == "bold")


def is_address_line(line: Line) -> bool:
    """True for a short paragraph line that is part of an address."""
    return line.kind == "paragraph" and len(line.text) < 120 and count_words(line.text) <= 8 and is_contact(line.text)
