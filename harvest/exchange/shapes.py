"""What the corpus returns as plain JSON types: one shape for the command line, scripts and whoever else asks.

Keys are the nouns of the design. Ids of rows never appear, because a rebuild may change them; every change carries
both its bounds. Times are ISO 8601, UTC; None where nothing is known.
"""

from __future__ import annotations

import dataclasses
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from functools import singledispatch
from pathlib import Path
from typing import Any

from harvest.corpus import queries_model as q
from harvest.corpus.queries_status import PolicyStatus, Status
from harvest.timestamps import to_iso

Json = dict[str, Any]


@singledispatch
def as_dict(value: Any) -> Any:
    """Return plain JSON types; a dataclass without a shape of its own becomes an object of its fields, ids left out."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = (item.name for item in dataclasses.fields(value) if item.name != "id")
        return {name: as_dict(getattr(value, name)) for name in names}
    return value


@as_dict.register(Mapping)
def _(value: Mapping[Any, Any]) -> Json:
    return {str(key): as_dict(item) for key, item in value.items()}


@as_dict.register(list)
@as_dict.register(tuple)
@as_dict.register(set)
@as_dict.register(frozenset)
def _(value: Sequence[Any]) -> list[Any]:
    return [as_dict(item) for item in value]


@as_dict.register
def _(value: sqlite3.Row) -> Json:
    return {key: as_dict(value[key]) for key in value.keys()}  # noqa: SIM118 - a Row iterates over values


@as_dict.register
def _(value: Enum) -> Any:
    return value.value


@as_dict.register
def _(value: datetime) -> str:
    return to_iso(value)


@as_dict.register
def _(value: date) -> str:
    return value.isoformat()


@as_dict.register
def _(value: Path) -> str:
    return str(value)


@as_dict.register
def _(policy: q.PolicyRef) -> Json:
    return {"site": policy.host, "kind": policy.kind, "label": policy.label, "url": policy.url}


@as_dict.register
def _(capture: q.CaptureRef) -> Json:
    return {
        "archive": capture.archive,
        "url": capture.url,
        "timestamp": capture.timestamp,
        "captured_at": as_dict(capture.captured_at),
        "form": capture.form,
        "archive_url": capture.archive_url,
    }


@as_dict.register
def _(text: q.TextRef) -> Json:
    return {
        "sha256": text.sha,
        "title": text.title,
        "language": text.language,
        "words": text.words,
        "stated_date": text.stated_date or None,
    }


@as_dict.register
def _(version: q.Version) -> Json:
    return {
        "number": version.number,
        **as_dict(version.text),
        **as_dict(version.bounds),
        "variant_of": version.variant_of,
        "same_as": version.same_as,
        "first_capture": as_dict(version.first_capture),
        "last_capture": as_dict(version.last_capture),
    }


@as_dict.register
def _(history: q.Timeline) -> Json:
    return {
        **as_dict(history.policy),
        "urls": list(history.urls),
        "used_by": list(history.used_by),
        "versions": as_dict(history.versions),
        "transitions": as_dict(history.transitions),
        "gaps": as_dict(history.gaps),
        "outcomes": {line.outcome: line.captures for line in history.ledger},
    }


@as_dict.register
def _(history: q.SectionHistory) -> Json:
    states = [
        {**as_dict(state.bounds), "versions": list(state.versions), "section": as_dict(state.section)}
        for state in history.states
    ]
    return {**as_dict(history.policy), "slug": history.slug, "heading": history.heading, "states": states}


@as_dict.register
def _(view: q.VersionView) -> Json:
    return {
        **as_dict(view.policy),
        **as_dict(view.version),
        "as_of": as_dict(view.standing.moment),
        "certainty": view.standing.certainty,
        "sections": as_dict(view.sections),
    }


@as_dict.register
def _(found: q.BlameView) -> Json:
    sections = found.view.sections
    clauses = [
        {
            "heading": sections[item.section].heading,
            "clause": as_dict(sections[item.section].clauses[item.clause]),
            "since_version": item.since_version,
            "earlier": item.earlier,
            **as_dict(item.since),
        }
        for item in found.blamed
    ]
    return {**as_dict(found.view.policy), **as_dict(found.view.version), "clauses": clauses}


@as_dict.register
def _(presence: q.Presence) -> Json:
    return {**as_dict(presence.policy), "intervals": as_dict(presence.intervals)}


@as_dict.register
def _(item: q.PolicyChange) -> Json:
    return {
        **as_dict(item.policy),
        **as_dict(item.transition),
        "text_sha256": item.after_sha,
        "changes": as_dict(item.lines),
    }


@as_dict.register
def _(page: q.ChangesPage) -> Json:
    return {"changes": as_dict(page.items), "more": page.more}


@as_dict.register
def _(hit: q.TextHit) -> Json:
    return {
        **as_dict(hit.policy),
        "heading": hit.heading,
        "segments": as_dict(hit.segments),
        "section": hit.slug,
        "clause_sha256": hit.clause_sha,
        "current": hit.current,
        "versions": hit.versions,
        **as_dict(hit.bounds),
    }


@as_dict.register
def _(hit: q.ChangeHit) -> Json:
    return {
        **as_dict(hit.policy),
        "heading": hit.heading,
        "segments": as_dict(hit.segments),
        "change": hit.change_kind,
        "tier": as_dict(hit.tier),
        "whole": hit.whole,
        "transition": as_dict(hit.transition),
    }


@as_dict.register
def _(result: q.SearchResult) -> Json:
    return {
        "query": result.query,
        "in": result.where,
        "total": result.total,
        "capped": result.capped,
        "limit": result.limit,
        "offset": result.offset,
        "hits": as_dict(result.hits),
        "facets": {name: {facet.value: facet.count for facet in facets} for name, facets in result.facets.items()},
    }


@as_dict.register
def _(item: PolicyStatus) -> Json:
    return {
        **as_dict(item.policy),
        "outcomes": dict(item.outcomes),
        "pending": item.pending,
        "versions": item.versions,
        "first_seen": as_dict(item.first_seen),
        "last_seen": as_dict(item.last_seen),
        "listed_at": as_dict(item.listed_at),
        "listing_outcome": item.listing_outcome,
        "listing_message": item.listing_message,
    }


@as_dict.register
def _(found: Status) -> Json:
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
