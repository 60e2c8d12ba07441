"""What the reads of the corpus return.

Frozen values in the nouns of the design. Every time is an aware UTC ``datetime``. ``id`` fields are for further
queries only: they never appear in an address, a feed or JSON, because a rebuild may change them.
"""

from __future__ import annotations

from harvest.corpus.queries_model.found import (
    ChangeHit,
    ChangeLine,
    ChangesPage,
    ClauseView,
    Facet,
    Overview,
    PhraseLife,
    PolicyChange,
    PolicySummary,
    Presence,
    SearchResult,
    Segment,
    TextHit,
)
from harvest.corpus.queries_model.history import (
    Absence,
    Blamed,
    BlameView,
    CaptureMark,
    Gap,
    LedgerLine,
    ListingRef,
    SectionHistory,
    SectionState,
    Standing,
    TextPair,
    TextView,
    Timeline,
    VersionView,
)
from harvest.corpus.queries_model.nouns import (
    WAYBACK,
    Bounds,
    CaptureRef,
    PolicyRef,
    TextRef,
    Transition,
    Version,
    is_local,
)

__all__ = [
    "WAYBACK",
    "Absence",
    "BlameView",
    "Blamed",
    "Bounds",
    "CaptureMark",
    "CaptureRef",
    "ChangeHit",
    "ChangeLine",
    "ChangesPage",
    "ClauseView",
    "Facet",
    "Gap",
    "LedgerLine",
    "ListingRef",
    "Overview",
    "PhraseLife",
    "PolicyChange",
    "PolicyRef",
    "PolicySummary",
    "Presence",
    "SearchResult",
    "SectionHistory",
    "SectionState",
    "Segment",
    "Standing",
    "TextHit",
    "TextPair",
    "TextRef",
    "TextView",
    "Timeline",
    "Transition",
    "Version",
    "VersionView",
    "is_local",
]
