"""Which lines of a document are headings: proposals weighed by what follows them and by how often a style recurs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from harvest.text.fold import fold
from harvest.text.headings_lines import Line
from harvest.text.headings_propose import Proposal, propose
from harvest.text.headings_words import count_words

# How sure a heading of each style is, before recurrence counts; from the share of right ones on labelled documents.
CONFIDENCE = {
    "markup": 0.98,
    "bold": 0.92,
    "capitals": 0.88,
    "numbered": 0.88,
    "question": 0.8,
    "bold-run-in": 0.8,
    "bare": 0.75,
    "colon": 0.65,
    "italic": 0.65,
    "item": 0.65,
    "italic-run-in": 0.65,
    "plain-run-in": 0.6,
}


def find_headings(lines: Sequence[Line]) -> list[Proposal]:
    """Return the accepted headings of a document in order, at most one a line.

    A style without mark-up is accepted where it recurs and text follows it; runs of title-like lines with no text
    between them (addresses, menus, brand lists, tables of contents) are not. Linear.
    """
    proposals = [propose(index, line) for index, line in enumerate(lines)]
    kept = _drop_unfollowed(lines, proposals)
    kept = _drop_lists(lines, kept)
    return _accept_styles(kept)


def _drop_unfollowed(lines: Sequence[Line], proposals: list[Proposal | None]) -> list[Proposal]:
    """Keep proposals that text or a deeper heading follows; of a chain of weak ones only the last."""
    kept: list[Proposal] = []
    following: Proposal | None = None  # the next proposal of a whole line, if no text stands between
    chain = 0
    text_follows = False
    for index in range(len(lines) - 1, -1, -1):
        proposal = proposals[index]
        if proposal is None or proposal.run_in:
            text_follows = text_follows or proposal is not None or _is_text(lines, index)
            if text_follows:
                following, chain = None, 0
            if proposal is not None:
                kept.append(proposal)
            if not _is_text(lines, index) and proposal is None:
                text_follows = False
            continue
        alike = following is not None and following.look == proposal.look
        chain = chain + 1 if alike else 0
        good = text_follows or (following is not None and not proposal.weak and not alike)
        if following is not None and proposal.weak and following.style == "markup":
            good = False
        if good or proposal.style == "markup":
            kept.append(proposal)
        following, text_follows = proposal, False
    return kept[::-1]


def _is_text(lines: Sequence[Line], index: int) -> bool:
    """True for lines that can be the body of a heading."""
    line = lines[index]
    if line.kind in ("item", "row"):
        return True
    return count_words(line.text) >= 5 or line.text.endswith((".", ":", ";", "!", "?"))


def _drop_lists(lines: Sequence[Line], proposals: list[Proposal]) -> list[Proposal]:
    """Drop list items that are only entries: followed by another entry instead of a body of their own."""
    kept = []
    for proposal in proposals:
        line = lines[proposal.line]
        after = lines[proposal.line + 1] if proposal.line + 1 < len(lines) else None
        if line.kind == "item" and not proposal.run_in and proposal.style in ("item", "bold"):
            own = after is not None and (not line.last or after.kind == "paragraph" or after.depth > line.depth)
            if not own or (after is not None and after.kind == "heading"):
                continue
        kept.append(proposal)
    return kept


def _accept_styles(proposals: list[Proposal]) -> list[Proposal]:
    """Accept each style by how strong it is and how often it recurs."""
    counts = Counter(proposal.style for proposal in proposals)
    numbered = Counter(p.number_kind for p in proposals if p.number)
    strong = counts["markup"] + counts["bold"] + counts["capitals"]
    titles = Counter(fold(p.title) for p in proposals)

    def accept(p: Proposal) -> bool:
        if p.style in ("markup", "bold", "capitals"):
            return True
        if p.style == "numbered":
            return numbered[p.number_kind] >= 2
        if p.style in ("plain-run-in", "italic-run-in", "item"):
            return counts[p.style] >= 2
        if p.style == "bold-run-in":
            return True
        plain = counts["bare"] + counts["question"] + counts["colon"]
        return plain >= 2 or not strong

    assert titles is not None
    return [p for p in proposals if accept(p)]
