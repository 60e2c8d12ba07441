"""What is found over the whole corpus as JSON: the overview, hits, changes, phrases, clauses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from harvest.corpus.queries_json.values import Json, bounds_json, policy_json, time_json, transition_json
from harvest.corpus.queries_model import (
    ChangeHit,
    ChangesPage,
    ClauseView,
    Overview,
    PhraseLife,
    PolicyChange,
    PolicyRef,
    PolicySummary,
    Presence,
    SearchResult,
    Segment,
    TextHit,
    Transition,
)
from harvest.timestamps import to_iso


def overview_json(found: Overview) -> Json:
    """The corpus: totals and one page of policies."""
    return {
        "total": found.total,
        "sites": found.sites,
        "versions": found.versions,
        "captures": found.captures,
        "sample": found.sample,
        "offset": found.offset,
        "limit": found.limit,
        "policies": [_summary(summary) for summary in found.policies],
    }


def _summary(summary: PolicySummary) -> Json:
    return {
        **policy_json(summary.policy),
        "captures": summary.captures,
        "versions": summary.versions,
        "variants": summary.variants,
        "changes": summary.changes,
        "first_seen": time_json(summary.first_seen),
        "last_seen": time_json(summary.last_seen),
        "last_change": {
            "not_before": time_json(summary.last_change_after),
            "first_seen": time_json(summary.last_change_by),
            "tier": summary.last_tier.value if summary.last_tier else None,
        }
        if summary.last_change_by
        else None,
        "used_by": list(summary.used_by),
    }


def search_json(found: SearchResult) -> Json:
    """One page of hits. In *segments* the pieces that match are marked."""
    return {
        "query": found.query,
        "in": found.where,
        "total": found.total,
        "capped": found.capped,
        "offset": found.offset,
        "limit": found.limit,
        "facets": {
            name: [{"value": facet.value, "count": facet.count} for facet in facets]
            for name, facets in found.facets.items()
        },
        "hits": [text_hit_json(hit) if isinstance(hit, TextHit) else change_hit_json(hit) for hit in found.hits],
    }


def text_hit_json(hit: TextHit) -> Json:
    """A clause that matches; *clause_sha256* is null for a heading."""
    return {
        "policy": policy_json(hit.policy),
        "heading": hit.heading,
        "slug": hit.slug or None,
        "clause_sha256": hit.clause_sha or None,
        "segments": _segments(hit.segments),
        **bounds_json(hit.bounds),
        "versions": hit.versions,
    }


def change_hit_json(hit: ChangeHit) -> Json:
    """A change that brought or took away what matches."""
    return {
        "policy": policy_json(hit.policy),
        "transition": transition_json(hit.transition),
        "kind": hit.change_kind,
        "tier": hit.tier.value,
        "heading": hit.heading,
        "segments": _segments(hit.segments),
        "whole": hit.whole,
    }


def _segments(segments: Sequence[Segment]) -> list[Json]:
    return [{"text": text, "match": match} for text, match in segments]


def changes_rows(page: ChangesPage, url_of: Callable[[PolicyChange], str]) -> Iterator[tuple[object, ...]]:
    """Changes as lines of a table; the first names the columns. *url_of*: the address of the difference."""
    yield ("site", "kind", "label", "before", "after", "not_before", "not_later_than", "tier", "silent", "redated",
           "words_added", "words_removed", "reason", "difference")  # fmt: skip
    for item in page.items:
        step, policy = item.transition, item.policy
        named = (policy.host, policy.kind, policy.label, step.before, step.after)
        when = (to_iso(step.not_before), to_iso(step.first_seen))
        silent = None if step.silent is None else int(step.silent)
        how = (step.tier.value if step.tier else "", silent, int(step.redated), step.words_added, step.words_removed)
        yield (*named, *when, *how, step.reason, url_of(item))


def changes_json(page: ChangesPage) -> Json:
    """Newest changes first."""
    return {
        "offset": page.offset,
        "limit": page.limit,
        "more": page.more,
        "changes": [
            {
                "policy": policy_json(item.policy),
                **transition_json(item.transition),
                "text_sha256": item.after_sha,
                "lines": [
                    {
                        "kind": line.kind,
                        "tier": line.tier.value,
                        "reason": line.reason,
                        "heading_before": line.heading_before,
                        "heading_after": line.heading_after,
                        "before": line.before,
                        "after": line.after,
                        "words_added": line.words_added,
                        "words_removed": line.words_removed,
                    }
                    for line in item.lines
                ],
            }
            for item in page.items
        ],
    }


def phrase_json(life: PhraseLife) -> Json:
    """In which policies a phrase stood, and when."""
    return {
        "query": life.query,
        "policies": life.policies,
        "presences": [_presence(presence) for presence in life.presences],
    }


def clause_json(view: ClauseView) -> Json:
    """One clause: where it stands, what it came from and became."""
    return {
        "sha256": view.sha,
        "text": view.text,
        "markdown": view.markdown,
        "words": view.words,
        "policies": view.policies,
        "presences": [_presence(presence) for presence in view.presences],
        "came_from": [_edit(*edit) for edit in view.came_from],
        "became": [_edit(*edit) for edit in view.became],
    }


def _presence(presence: Presence) -> Json:
    return {
        "policy": policy_json(presence.policy),
        "intervals": [bounds_json(bounds) for bounds in presence.intervals],
    }


def _edit(policy: PolicyRef, step: Transition, text: str) -> Json:
    return {"policy": policy_json(policy), "transition": transition_json(step), "text": text}
