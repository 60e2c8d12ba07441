"""Which lines of a document are headings: proposals weighed by what follows them and by how often a style recurs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harvest.text.headings_contents import Contents, find_contents
from harvest.text.headings_lines import Line
from harvest.text.headings_proposal import Proposal
from harvest.text.headings_propose import propose
from harvest.text.headings_words import (
    ENDS,
    count_words,
    is_bare_date,
    is_contact,
    is_date_line,
    is_title_case,
    names_policy,
    reads_english,
)
from harvest.text.line_breaks import runs_on

# How sure a heading of each style is. A ranking by judgement: mark-up, then what the eye sees, then words alone.
CONFIDENCE = {
    "markup": 0.98,
    "bold": 0.92,
    "capitals": 0.88,
    "numbered": 0.88,
    "question": 0.8,
    "bold-run-in": 0.8,
    "bare": 0.75,
    "colon": 0.65,
    "stopped": 0.65,
    "italic": 0.65,
    "item": 0.65,
    "italic-run-in": 0.65,
    "plain-run-in": 0.6,
}


_CONTACT = re.compile(r"\b(?:contact|address|questions?|enquir|inquir|feedback|kontakt|contacto?|impressum)", re.I)
LISTED = 0.97  # confidence of a heading that a table of contents names
ALONE = 0.15  # what the only heading of its style loses: nothing in the document confirms it
_LABELS = 4  # times: a heading stands twice (summary and text), at most three times
_LOG = 3  # dates of one mark-up level: the entries of a log of changes
_OPENING = 3  # lines: where a document's own title stands, with or without text after it


@dataclass(frozen=True, slots=True)
class Found:
    """The headings of a document in order, at most one a line; the table of contents; how often each style stands."""

    headings: tuple[Proposal, ...]
    contents: Contents
    styles: Mapping[str, int]

    def confidence(self, heading: Proposal) -> float:
        """How sure a heading is, 0 to 1: by its style, more if a table of contents names it, less if it is alone."""
        base = CONFIDENCE[heading.style]
        if heading.line in self.contents.listed:
            return max(base, LISTED)
        alone = heading.style != "markup" and self.styles[heading.style] == 1
        return round(base - ALONE * alone, 2)


def find_headings(lines: Sequence[Line]) -> Found:
    """Return the accepted headings of a document.

    A style without mark-up is accepted where it recurs and text follows it; runs of title-like lines with no text
    between them (addresses, menus, brand lists, tables of contents) are not. Linear.
    """
    english = reads_english(line.text for line in lines)
    proposals = [propose(index, line, english=english) for index, line in enumerate(lines)]
    proposals = [
        None if found and (_ends_address(lines, found) or _is_begun(lines, found)) else found for found in proposals
    ]
    proposals = _drop_labels(proposals)
    kept = _drop_entries(lines, _drop_unfollowed(lines, proposals))
    contents = find_contents(lines, (proposal.line for proposal in kept if not proposal.run_in))
    if contents.entries:
        rest = [None if index in contents.entries else found for index, found in enumerate(proposals)]
        kept = _drop_entries(lines, _drop_unfollowed(lines, rest))
    accepted = tuple(_accept_styles(kept, contents))
    return Found(accepted, contents, Counter(heading.style for heading in accepted))


def _drop_labels(proposals: Sequence[Proposal | None]) -> list[Proposal | None]:
    """Drop plain lines whose words come back again and again: the labels of records ("Name", "Controller", "Name")."""
    counts = Counter(found.title for found in proposals if found and found.weak)
    return [None if found and found.weak and counts[found.title] >= _LABELS else found for found in proposals]


def _ends_address(lines: Sequence[Line], found: Proposal) -> bool:
    """True for a title-like line right under a line of an address ("Kelowna, V1Y 9X1" / "CANADA")."""
    before = lines[found.line - 1] if found.line and found.style in ("bare", "capitals", "colon") else None
    return before is not None and before.block == lines[found.line].block and is_address_line(before)


def _is_begun(lines: Sequence[Line], found: Proposal) -> bool:
    """True for a plain line whose sentence goes on in the next line: "We keep all letters" / "that you send"."""
    line, after = lines[found.line], lines[found.line + 1] if found.line + 1 < len(lines) else None
    plain = found.style in ("bare", "colon", "stopped", "item")
    return plain and after is not None and after.block == line.block and runs_on(line, after)


def is_address_line(line: Line) -> bool:
    """True for a short paragraph line that is part of an address."""
    return line.kind == "paragraph" and len(line.text) < 120 and count_words(line.text) <= 8 and is_contact(line.text)


def _drop_unfollowed(lines: Sequence[Line], proposals: Sequence[Proposal | None]) -> list[Proposal]:
    """Keep proposals that text or a deeper heading follows; of a chain that looks alike only the last."""
    kept: list[Proposal] = []
    below = _Below()
    for index in range(len(lines) - 1, -1, -1):
        proposal = proposals[index]
        if proposal is None and is_date_line(lines[index].text):
            continue  # "10 March 2001" under a title, before its first heading
        if proposal is None or proposal.run_in:
            if proposal is not None:
                kept.append(proposal)
            below = _look_up(lines[index], below, proposal is not None)
            continue
        if proposal.style == "bare" and _is_lead_in(lines, index):
            below = _Below(text=True)
            continue
        opens = index < _OPENING and names_policy(proposal.title)
        alike = below.heading is not None and below.heading.look == proposal.look
        before = _may_precede(proposal, below.heading) and not (alike and below.chained)
        contact = below.address and bool(_CONTACT.search(proposal.title))
        table = below.table and not proposal.weak
        if below.text or table or opens or proposal.style == "markup" or before or contact:
            kept.append(proposal)
            below = _Below(heading=proposal, chained=alike)
        else:
            below = _Below()
    return kept[::-1]


def _is_lead_in(lines: Sequence[Line], index: int) -> bool:
    """True for a plain line that a list below it goes on with, in lower case: "We keep them to" / "* answer you"."""
    after = lines[index + 1] if index + 1 < len(lines) else None
    return (
        after is not None and after.kind == "item" and after.text[:1].islower() and count_words(lines[index].text) > 3
    )


@dataclass(frozen=True, slots=True)
class _Below:
    """What stands under a line: text, an address, or at once the next heading.

    *chained*: that heading stands itself right before one that looks alike.
    """

    text: bool = False
    table: bool = False
    address: bool = False
    heading: Proposal | None = None
    chained: bool = False


def _look_up(line: Line, below: _Below, run_in: bool) -> _Below:
    """What a body line adds to what stands below it."""
    address = is_address_line(line)
    text = run_in or _is_text(line) or (below.text and _is_link(line))
    table = line.kind == "row" and not _is_link(line)
    return _Below(text=text, table=table, address=address or below.address)


def _may_precede(proposal: Proposal, following: Proposal | None) -> bool:
    """True if a heading may stand right before another: a section before its first part, a title before a section.

    Two plain lines in a row may be both, where they are written as titles; more are an address or a menu.
    """
    if following is None or (proposal.weak and following.style == "markup"):
        return False
    if proposal.look != following.look:
        return True
    titles = is_title_case(proposal.title) and is_title_case(following.title) and count_words(proposal.title) >= 3
    return proposal.weak and (names_policy(proposal.title) or titles)


def _is_text(line: Line) -> bool:
    """True for lines that can be the body of a heading: prose or list items, no menu entries or addresses."""
    if _is_link(line) or is_address_line(line):
        return False
    if line.kind == "row":
        return count_words(line.text) >= 8
    return line.kind == "item" or line.text.endswith(ENDS) or count_words(line.text[:200]) >= 5


def _is_link(line: Line) -> bool:
    """True for an entry of a menu or directory: nothing but a link, or a label and the address it stands for."""
    if line.linked:
        return count_words(line.text[:200]) <= 6
    label = "".join(span.text for span in line.spans if not span.href)
    shown = [span.text for span in line.spans if span.href]
    return bool(shown) and all("://" in text for text in shown) and count_words(label[:200]) <= 5


def _drop_entries(lines: Sequence[Line], proposals: Sequence[Proposal]) -> list[Proposal]:
    """Drop list items that are only entries: next to another entry instead of between bodies of their own."""
    return [
        proposal
        for proposal in proposals
        if lines[proposal.line].kind != "item" or proposal.run_in or _has_body(lines, proposal)
    ]


def _has_body(lines: Sequence[Line], proposal: Proposal) -> bool:
    """True for an item with text of its own below it; items below it are that of a bold one only."""
    line, index = lines[proposal.line], proposal.line
    before = lines[index - 1] if index else None
    after = lines[index + 1] if index + 1 < len(lines) else line
    if before is not None and before.kind == "item" and before.depth == line.depth:
        return False
    nested = proposal.style == "bold" and after.kind == "item" and after.depth > line.depth
    return not line.last or after.kind == "paragraph" or nested


def _accept_styles(proposals: Sequence[Proposal], contents: Contents) -> list[Proposal]:
    """Accept each style by how strong it is and how often it recurs."""
    counts = Counter(proposal.style for proposal in proposals)
    numbered = Counter(proposal.number_kind for proposal in proposals if proposal.number)
    plain = counts["bare"] + counts["question"] + counts["colon"]
    strong = counts["markup"] + counts["bold"] + counts["capitals"]
    dates = Counter(proposal.level for proposal in proposals if proposal.level and is_bare_date(proposal.title))

    def accept(proposal: Proposal) -> bool:
        if proposal.level and is_bare_date(proposal.title):
            return dates[proposal.level] >= _LOG
        if proposal.line in contents.listed or proposal.style in ("markup", "bold", "capitals", "bold-run-in"):
            return True
        if proposal.style == "numbered":
            return numbered[proposal.number_kind] >= 2
        if proposal.style in ("plain-run-in", "italic-run-in", "item", "italic"):
            return counts[proposal.style] >= 2
        if proposal.style == "stopped":
            return counts["stopped"] >= 3
        return plain >= 2 or not strong

    return [proposal for proposal in proposals if accept(proposal)]
