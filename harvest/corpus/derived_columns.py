"""The columns of derived rows as they travel between machines: those of `harvest.corpus.dump`, with names and types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

#: Columns of each table of derived rows. ``policy`` reads ``host/kind:label``; ``capture`` is archive, URL, timestamp,
#: digest and status joined by spaces; ``before``, ``after``, ``text``, ``section`` and ``clause`` are sha256.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    table: tuple(columns.split())
    for table, columns in {
        "captures": (
            "policy capture urlkey captured_at approximate mimetype length form outcome reason wanted page_kind "
            "attempts landed_timestamp landed_url status headers encoding body text version"
        ),
        "texts": (
            "policy sha256 title language words stated_date stated_kind stated_words confidence reading_grade "
            "structure normaliser stated_read"
        ),
        "lineages": "policy slug heading",
        "sections": "policy sha256 heading heading_kind words structure",
        "text_sections": "policy text position section lineage level number confidence",
        "section_clauses": "policy section position clause kind depth marker",
        "versions": (
            "policy number place text first_capture last_capture not_before first_seen last_seen gone_by variant_of"
        ),
        "diffs": "policy before after tier reason similarity words_added words_removed words_moved method",
        "changes": (
            "policy before after position kind tier reason before_section after_section words_added words_removed "
            "similarity"
        ),
        "change_clauses": "policy before after change side position clause",
        "transitions": "policy before_version after_version before after kind silent redated reason",
        "wide_diffs": "policy before after data",
        "clauses": "sha256 text markdown words",
    }.items()
}
INTEGERS = frozenset(
    "approximate length wanted attempts status version words position level depth number place variant_of words_added"
    " words_removed words_moved change before_version after_version silent redated".split()
)
REALS = frozenset(("confidence", "reading_grade", "similarity"))
Rows = Mapping[str, Sequence[tuple[Any, ...]]]


def column_type(table: str, column: str) -> str:
    """Return ``int64``, ``float64`` or ``string``. The number of a section is text: it may be ``A.``."""
    if (table, column) == ("text_sections", "number"):
        return "string"
    return "int64" if column in INTEGERS else "float64" if column in REALS else "string"
