"""The values that occur in all JSON of ours: policies, bounds, captures, texts, versions, transitions, sections."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from harvest.corpus.queries_model import Bounds, CaptureRef, PolicyRef, TextRef, Transition, Version
from harvest.model import Section
from harvest.timestamps import to_iso

Json = dict[str, Any]


def time_json(moment: datetime | None) -> str | None:
    """Write a time, or null."""
    return to_iso(moment) if moment else None


def policy_json(policy: PolicyRef) -> Json:
    """Name a policy."""
    return {
        "site": policy.host,
        "kind": policy.kind,
        "label": policy.label,
        "address": policy.address,
        "url": policy.url,
    }


def bounds_json(bounds: Bounds) -> Json:
    """All four bounds."""
    return {
        "not_before": time_json(bounds.not_before),
        "first_seen": to_iso(bounds.first_seen),
        "last_seen": to_iso(bounds.last_seen),
        "gone_by": time_json(bounds.gone_by),
    }


def capture_json(capture: CaptureRef) -> Json:
    """Where a capture is to be found."""
    return {
        "archive": capture.archive,
        "url": capture.url,
        "timestamp": capture.timestamp,
        "captured_at": to_iso(capture.captured_at),
        "form": capture.form,
        "archive_url": capture.archive_url or None,
    }


def text_json(text: TextRef) -> Json:
    """What is known of a wording."""
    return {
        "sha256": text.sha,
        "title": text.title,
        "language": text.language or None,
        "words": text.words,
        "stated_date": text.stated_date or None,
        "reading_grade": text.reading_grade,
    }


def version_json(version: Version) -> Json:
    """A version: its text, its bounds, its captures."""
    return {
        "number": version.number,
        **text_json(version.text),
        **bounds_json(version.bounds),
        "variant_of": version.variant_of,
        "same_as": version.same_as,
        "first_capture": capture_json(version.first_capture),
        "last_capture": capture_json(version.last_capture),
    }


def transition_json(step: Transition) -> Json:
    """How one version became the next: after *not_before*, not later than *first_seen*."""
    return {
        "before": step.before,
        "after": step.after,
        "kind": step.kind,
        "tier": step.tier.value if step.tier else None,
        "reason": step.reason,
        "silent": step.silent,
        "redated": step.redated,
        "similarity": step.similarity,
        "words_added": step.words_added,
        "words_removed": step.words_removed,
        "words_moved": step.words_moved,
        "not_before": to_iso(step.not_before),
        "first_seen": to_iso(step.first_seen),
    }


def section_json(section: Section, slug: str = "") -> Json:
    """One section with its clauses."""
    return {
        "level": section.level,
        "number": section.number,
        "heading": section.heading,
        "heading_kind": section.heading_kind,
        "confidence": section.confidence,
        "slug": slug or None,
        "clauses": [
            {"kind": clause.kind, "depth": clause.depth, "text": clause.text, "markdown": clause.markdown}
            | ({"marker": clause.marker} if clause.marker else {})
            for clause in section.clauses
        ],
    }
