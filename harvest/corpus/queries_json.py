"""What the reads return, as JSON: the stable shape of ``docs/json.md``.

Keys are the nouns of the design, times ISO 8601 in UTC, unknown values null. Ids of rows never appear, because a
rebuild may change them; a text or a clause is named by its sha256.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from harvest.corpus.queries_json_values import Json as Json
from harvest.corpus.queries_json_values import bounds_json as bounds_json
from harvest.corpus.queries_json_values import capture_json as capture_json
from harvest.corpus.queries_json_values import policy_json as policy_json
from harvest.corpus.queries_json_values import section_json as section_json
from harvest.corpus.queries_json_values import text_json as text_json
from harvest.corpus.queries_json_values import time_json as time_json
from harvest.corpus.queries_json_values import transition_json as transition_json
from harvest.corpus.queries_json_values import version_json as version_json
from harvest.corpus.queries_model import (
    Absence,
    BlameView,
    ChangeHit,
    ChangesPage,
    ClauseView,
    Overview,
    PhraseLife,
    PolicyRef,
    PolicySummary,
    Presence,
    SearchResult,
    SectionHistory,
    Segment,
    TextHit,
    TextView,
    Timeline,
    Transition,
    VersionView,
)
from harvest.corpus.trends import FEW, HalfYear, TermCount, Trends, share
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
        "capped": life.capped,
        "presences": [_presence(presence) for presence in life.presences],
    }


def trends_json(found: Trends) -> Json:
    """Terms by half-year; the counts of a term stand in the order of *half_years*."""
    return {
        "site": found.site or None,
        "kind": found.kind or None,
        "seen_only": found.seen_only,
        "half_years": [
            {
                "half_year": half.name,
                "starts": half.starts.isoformat(),
                "ends": half.ends.isoformat(),
                "policies": half.policies,
                "texts": half.texts,
                "few": half.policies < FEW,
            }
            for half in found.halves
        ],
        "terms": [
            {
                "query": term.query,
                "counts": [_term_count(*pair) for pair in zip(found.halves, term.counts, strict=True)],
            }
            for term in found.terms
        ],
    }


def trends_rows(found: Trends) -> Iterator[tuple[object, ...]]:
    """Trends as lines of a table, one for each half-year and term; the first names the columns."""
    yield ("half_year", "starts", "ends", "term", "policies_with", "policies", "texts_with", "texts", "few")
    for term in found.terms:
        for half, count in zip(found.halves, term.counts, strict=True):
            whole = (count.policies, half.policies, count.texts, half.texts, int(half.policies < FEW))
            yield (half.name, half.starts, half.ends, term.query, *whole)


def _term_count(half: HalfYear, count: TermCount) -> Json:
    return {
        "half_year": half.name,
        "policies": count.policies,
        "share_of_policies": share(count.policies, half.policies),
        "texts": count.texts,
        "share_of_texts": share(count.texts, half.texts),
    }


def clause_json(view: ClauseView) -> Json:
    """One clause: where it stands, what it came from and became."""
    return {
        "sha256": view.sha,
        "text": view.text,
        "markdown": view.markdown,
        "words": view.words,
        "presences": [_presence(presence) for presence in view.presences],
        "came_from": [_edit(*edit) for edit in view.came_from],
        "became": [_edit(*edit) for edit in view.became],
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


def _presence(presence: Presence) -> Json:
    return {
        "policy": policy_json(presence.policy),
        "intervals": [bounds_json(bounds) for bounds in presence.intervals],
    }


def _edit(policy: PolicyRef, step: Transition, text: str) -> Json:
    return {"policy": policy_json(policy), "transition": transition_json(step), "text": text}


def _segments(segments: Sequence[Segment]) -> list[Json]:
    return [{"text": text, "match": match} for text, match in segments]
