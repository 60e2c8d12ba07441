"""Which lines of a document are headings: proposals weighed by what follows them and by how often a style recurs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from harvest.text.headings_asides import is_bare_date
from harvest.text.headings_below import OPENING, drop_entries, drop_unfollowed, is_address_line
from harvest.text.headings_contents import Contents, find_contents, labels_contents
from harvest.text.headings_counts import missing_numbers
from harvest.text.headings_in_lists import drop_listed
from harvest.text.headings_lines import Line
from harvest.text.headings_proposal import Proposal, find_parents, reads_as_title, settle_letters
from harvest.text.headings_propose import name_line, propose
from harvest.text.headings_title import is_page_title
from harvest.text.headings_words import ENDS, count_words, reads_english
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


LISTED = 0.97  # confidence of a heading that a table of contents names
ALONE = 0.15  # what the only heading of its style loses: nothing in the document confirms it
_LABELS = 4  # times: a heading stands twice (summary and text), at most three times
_LOG = 3  # dates of one mark-up level: the entries of a log of changes


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


def find_headings(lines: Sequence[Line], title: str = "") -> Found:
    """Return the accepted headings of a document.

    A style without mark-up is accepted where it recurs and text follows it; runs of title-like lines with no text
    between them (addresses, menus, brand lists, tables of contents) are not. One of the first lines that says what
    the *title* of the page says is a heading however it looks. Linear.
    """
    proposals = _propose(lines)
    sure = {index for index in range(min(OPENING, len(lines))) if is_page_title(lines[index], title)}
    for index in sure:
        proposals[index] = proposals[index] or name_line(index, lines[index])
    kept = drop_entries(lines, drop_unfollowed(lines, proposals, sure), sure)
    contents = find_contents(lines, (proposal.line for proposal in kept if not proposal.run_in))
    if contents.entries:
        sure |= contents.listed.keys()
        for index in contents.listed:
            proposals[index] = proposals[index] or name_line(index, lines[index])
        rest = [None if index in contents.entries else found for index, found in enumerate(proposals)]
        kept = drop_entries(lines, drop_unfollowed(lines, rest, sure), sure)
    accepted = tuple(settle_letters(drop_listed(lines, _drop_lonely(_accept_styles(kept, sure)))))
    return Found(accepted, contents, Counter(heading.style for heading in accepted))


def _drop_lonely(headings: Sequence[Proposal]) -> list[Proposal]:
    """Drop plain names that would be the only part of a section and open it: "Rule 1" / "Be kind. We are …"."""
    kept = []
    for at, one in enumerate(headings):
        above = headings[at - 1] if at else None
        below = headings[at + 1] if at + 1 < len(headings) else None
        opens = above is not None and not above.run_in and above.line + 1 == one.line
        if one.style != "plain-run-in" or not opens or (below is not None and below.style == "plain-run-in"):
            kept.append(one)
    return kept


def _propose(lines: Sequence[Line]) -> list[Proposal | None]:
    """Return for each line what it looks like by itself, and by the line next to it in its block."""
    english = cache(lambda: reads_english(line.text for line in lines))
    proposals = [propose(index, line, english=english) for index, line in enumerate(lines)]

    def is_none(found: Proposal) -> bool:
        if _ends_address(lines, found) or _is_begun(lines, found) or _labels(lines, found):
            return True
        return _announces(lines, found) and not english()

    return [None if found is None or is_none(found) else found for found in _drop_labels(proposals)]


def _labels(lines: Sequence[Line], found: Proposal) -> bool:
    """True for the label of a contents list; where it is marked up over one, its author made that a section."""
    if found.number or not labels_contents(found.title):
        return False
    after = lines[found.line + 1] if found.line + 1 < len(lines) else None
    return not found.level or after is None or after.level > 0 or after.text.endswith(ENDS)


def _drop_labels(proposals: Sequence[Proposal | None]) -> list[Proposal | None]:
    """Drop plain lines whose words come back again and again: the labels of records ("Name", "Controller", "Name")."""
    counts = Counter(found.title for found in proposals if found and found.weak)
    return [None if found and found.weak and counts[found.title] >= _LABELS else found for found in proposals]


def _ends_address(lines: Sequence[Line], found: Proposal) -> bool:
    """True for a title-like line right under one of an address ("Kelowna, V1Y 9X1" / "CANADA"), or in a block below."""
    before = lines[found.line - 1] if found.line and found.style in ("bare", "capitals", "colon") else None
    if before is None or not is_address_line(before):
        return False
    return lines[found.line].inner or (found.style == "bare" and count_words(found.title) <= 2)


def _is_begun(lines: Sequence[Line], found: Proposal) -> bool:
    """True for a plain line whose sentence goes on in the next line: "We keep all letters" / "that you send"."""
    if found.style not in ("bare", "colon", "stopped", "item") or found.line + 1 >= len(lines):
        return False
    line, after = lines[found.line], lines[found.line + 1]
    return after.inner and runs_on(line, after)


def _announces(lines: Sequence[Line], found: Proposal) -> bool:
    """True for a plain line over a list that ends in a colon, in a language whose sentences are not told from names."""
    return found.style == "colon" and found.line + 1 < len(lines) and lines[found.line + 1].kind == "item"


def _accept_styles(proposals: Sequence[Proposal], sure: Container[int]) -> list[Proposal]:
    """Accept each style by how strong it is and how often it recurs."""
    counts = Counter(proposal.style for proposal in proposals)
    numbered = Counter(proposal.number_kind for proposal in proposals if proposal.number)
    plain = counts["bare"] + counts["question"] + counts["colon"]
    strong = counts["markup"] + counts["bold"] + counts["capitals"]
    dates = Counter(proposal.level for proposal in proposals if proposal.level and is_bare_date(proposal.title))
    parents = find_parents(proposals)
    above_markup = {a.line for a, b in pairwise(proposals) if b.level and b.line == a.line + 1}

    def accept(proposal: Proposal) -> bool:
        if proposal.level and is_bare_date(proposal.title):
            return dates[proposal.level] >= _LOG
        if proposal.line in sure or proposal.style in ("markup", "bold", "capitals", "bold-run-in"):
            return True
        if proposal.style == "numbered":
            return numbered[proposal.number_kind] >= 2
        if proposal.style == "item" and proposal.number and numbered[proposal.number_kind] > counts["item"]:
            return True  # "1. Orders" where the next are "2\\. Letters", "3\\. Parcels"
        if proposal.style in ("plain-run-in", "italic-run-in", "item", "italic"):
            return counts[proposal.style] >= 2
        if proposal.style == "stopped":
            return counts["stopped"] >= 3
        if proposal.line in above_markup and proposal.line not in parents:
            return False
        return plain >= 2 or not strong or reads_as_title(proposal)

    accepted = [accept(proposal) for proposal in proposals]
    missing = missing_numbers([proposal.number for proposal in proposals], accepted)
    return [proposal for at, proposal in enumerate(proposals) if accepted[at] or at in missing]
