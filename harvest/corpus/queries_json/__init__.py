"""What the reads return, as JSON: the stable shape of ``docs/json.md``.

Keys are the nouns of the design, times ISO 8601 in UTC, unknown values null. Ids of rows never appear, because a
rebuild may change them; a text or a clause is named by its sha256.
"""

from __future__ import annotations

from harvest.corpus.queries_json.found import (
    change_hit_json,
    changes_json,
    changes_rows,
    clause_json,
    overview_json,
    phrase_json,
    search_json,
    text_hit_json,
)
from harvest.corpus.queries_json.history import (
    blame_json,
    section_history_json,
    text_view_json,
    timeline_json,
    version_view_json,
)
from harvest.corpus.queries_json.trends import (
    trends_json,
    trends_rows,
)
from harvest.corpus.queries_json.values import (
    Json,
    bounds_json,
    capture_json,
    policy_json,
    section_json,
    text_json,
    time_json,
    transition_json,
    version_json,
)

__all__ = [
    "Json",
    "blame_json",
    "bounds_json",
    "capture_json",
    "change_hit_json",
    "changes_json",
    "changes_rows",
    "clause_json",
    "overview_json",
    "phrase_json",
    "policy_json",
    "search_json",
    "section_history_json",
    "section_json",
    "text_hit_json",
    "text_json",
    "text_view_json",
    "time_json",
    "timeline_json",
    "transition_json",
    "trends_json",
    "trends_rows",
    "version_json",
    "version_view_json",
]
