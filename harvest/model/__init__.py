"""The values that travel between rooms.

Frozen dataclasses without behaviour beyond properties. Every time is an aware UTC ``datetime``; fourteen-digit
stamps appear only in ``Capture.timestamp`` (as listed, oddities kept) and ``RawPage.landed_timestamp``.
"""

from __future__ import annotations

from harvest.model.archive import (
    OUTCOME_OF_PAGE,
    RE_ASSEMBLED,
    RE_EXTRACTED,
    Capture,
    Listing,
    Oddity,
    Outcome,
    PageKind,
    RawPage,
    Selected,
)
from harvest.model.differences import (
    MOVES,
    Change,
    ClauseRef,
    Departure,
    Diff,
    Op,
    Repetition,
    Replacement,
    Same,
    Tier,
)
from harvest.model.text import (
    Block,
    Clause,
    Decoded,
    Document,
    Extracted,
    Section,
    Span,
    StatedDate,
)

__all__ = [
    "MOVES",
    "OUTCOME_OF_PAGE",
    "RE_ASSEMBLED",
    "RE_EXTRACTED",
    "Block",
    "Capture",
    "Change",
    "Clause",
    "ClauseRef",
    "Decoded",
    "Departure",
    "Diff",
    "Document",
    "Extracted",
    "Listing",
    "Oddity",
    "Op",
    "Outcome",
    "PageKind",
    "RawPage",
    "Repetition",
    "Replacement",
    "Same",
    "Section",
    "Selected",
    "Span",
    "StatedDate",
    "Tier",
]
