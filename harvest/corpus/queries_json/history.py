"""The history of one policy as JSON: its timeline, a version, a text, one section, blame."""

from __future__ import annotations

from collections.abc import Sequence

from harvest.corpus.queries_json.values import (
    Json,
    bounds_json,
    policy_json,
    section_json,
    text_json,
    transition_json,
    version_json,
)
from harvest.corpus.queries_model import Absence, BlameView, SectionHistory, TextView, Timeline, VersionView
from harvest.timestamps import to_iso


def timeline_json(history: Timeline) -> Json:
    """The history of a policy, oldest first; its captures are counted by outcome in the ledger."""
    return {
        "policy": policy_json(history.policy),
        "urls": list(history.urls),
        "used_by": list(history.used_by),
        "versions": [version_json(version) for version in history.versions],
        "transitions": [transition_json(step) for step in history.transitions],
        "absences": [_absence(absence) for absence in history.absences],
        "gaps": [{"start": to_iso(gap.start), "end": to_iso(gap.end), "days": gap.days} for gap in history.gaps],
        "ledger": [
            {
                "outcome": line.outcome,
                "captures": line.captures,
                "reasons": [{"reason": reason, "captures": count} for reason, count in line.reasons],
            }
            for line in history.ledger
        ],
        "listings": [
            {
                "archive": listing.archive,
                "url": listing.url,
                "asked_at": to_iso(listing.asked_at),
                "outcome": listing.outcome,
                "message": listing.message,
                "rows": listing.rows,
            }
            for listing in history.listings
        ],
    }


def _absence(absence: Absence) -> Json:
    return {
        "last_seen": to_iso(absence.last_seen),
        "gone_by": to_iso(absence.gone_by),
        "last_gone": to_iso(absence.last_gone),
        "back_by": to_iso(absence.back_by) if absence.back_by else None,
        "captures": absence.captures,
        "outcomes": list(absence.outcomes),
        "before": absence.before,
        "after": absence.after,
    }


def version_view_json(view: VersionView) -> Json:
    """A version as of a date, with its sections and neighbours."""
    return {
        "policy": policy_json(view.policy),
        "moment": to_iso(view.standing.moment),
        "certainty": view.standing.certainty,
        "version": version_json(view.version),
        "previous": version_json(view.previous) if view.previous else None,
        "following": version_json(view.following) if view.following else None,
        "transition": transition_json(view.transition) if view.transition else None,
        "variants": [version_json(version) for version in view.variants],
        "sections": [section_json(section, slug) for section, slug in zip(view.sections, view.slugs, strict=True)],
    }


def text_view_json(views: Sequence[TextView]) -> Json:
    """A text by its hash; one entry for every policy that has it."""
    return {
        "texts": [
            {
                "policy": policy_json(view.policy),
                **text_json(view.text),
                "versions": [version_json(version) for version in view.versions],
                "sections": [section_json(section) for section in view.sections],
            }
            for view in views
        ]
    }


def blame_json(found: BlameView) -> Json:
    """A version with the age of every clause; *section* and *clause* count from 0."""
    return {
        **version_view_json(found.view),
        "blame": [
            {
                "section": each.section,
                "clause": each.clause,
                **bounds_json(each.since),
                "since_version": each.since_version,
                "earlier": each.earlier,
            }
            for each in found.blamed
        ],
    }


def section_history_json(history: SectionHistory) -> Json:
    """One section through the years; a state without section is an absence."""
    return {
        "policy": policy_json(history.policy),
        "slug": history.slug,
        "heading": history.heading,
        "states": [
            {
                "section": section_json(state.section, history.slug) if state.section else None,
                **bounds_json(state.bounds),
                "versions": list(state.versions),
            }
            for state in history.states
        ],
    }
