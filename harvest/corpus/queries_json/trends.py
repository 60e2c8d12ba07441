"""Terms by half-year, as JSON and as lines of a table."""

from __future__ import annotations

from collections.abc import Iterator

from harvest.corpus.queries_json.values import Json
from harvest.corpus.trends import FEW, HalfYear, TermCount, Trends, share


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
