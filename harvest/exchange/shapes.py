"""Any value of ours as plain JSON types: what ``--json`` prints and scripts get.

What the reads of the corpus return has the same shape here as on the pages (`harvest.corpus.queries_json`). Ids of
rows never appear, because a rebuild may change them; times are ISO 8601, UTC; None where nothing is known.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any

from harvest.corpus import queries_json as shapes
from harvest.corpus import queries_model as model
from harvest.corpus.queries_blame import WordBlame, word_blame_json
from harvest.corpus.queries_status import PolicyStatus, Status
from harvest.corpus.trends import Trends
from harvest.timestamps import to_iso

Json = dict[str, Any]


def as_dict(value: Any) -> Any:
    """Return plain JSON types; a dataclass without a shape of its own becomes an object of its fields, ids left out."""
    shape = _SHAPES.get(type(value))
    if shape is not None:
        return shape(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = (item.name for item in dataclasses.fields(value) if item.name != "id")
        return {name: as_dict(getattr(value, name)) for name in names}
    if isinstance(value, Mapping):
        return {str(key): as_dict(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [as_dict(item) for item in value]
    return _scalar(value)


def _scalar(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return to_iso(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Path) else value


def _change(item: model.PolicyChange) -> Json:
    page = shapes.changes_json(model.ChangesPage((item,), 1, 0, False))
    return dict(page["changes"][0])


def _status(found: Status) -> Json:
    return {
        "sample": found.sample,
        **found.counts,
        "outcomes": dict(found.outcomes),
        "pending": found.pending,
        "body_bytes": found.body_bytes,
        "stored_bytes": found.stored_bytes,
        "earliest": as_dict(found.earliest),
        "latest": as_dict(found.latest),
        "by_policy": as_dict(found.policies),
        "last_run": as_dict(found.last_run),
    }


def _policy_status(item: PolicyStatus) -> Json:
    fields = (field.name for field in dataclasses.fields(item) if field.name != "policy")
    return {**shapes.policy_json(item.policy), **{name: as_dict(getattr(item, name)) for name in fields}}


_SHAPES: dict[type, Callable[[Any], Json]] = {
    model.PolicyRef: shapes.policy_json,
    model.Bounds: shapes.bounds_json,
    model.CaptureRef: shapes.capture_json,
    model.TextRef: shapes.text_json,
    model.Version: shapes.version_json,
    model.Transition: shapes.transition_json,
    model.Overview: shapes.overview_json,
    model.Timeline: shapes.timeline_json,
    model.VersionView: shapes.version_view_json,
    model.BlameView: shapes.blame_json,
    WordBlame: word_blame_json,
    model.SectionHistory: shapes.section_history_json,
    model.SearchResult: shapes.search_json,
    model.TextHit: shapes.text_hit_json,
    model.ChangeHit: shapes.change_hit_json,
    model.ChangesPage: shapes.changes_json,
    model.PolicyChange: _change,
    model.PhraseLife: shapes.phrase_json,
    Trends: shapes.trends_json,
    model.ClauseView: shapes.clause_json,
    Status: _status,
    PolicyStatus: _policy_status,
}
