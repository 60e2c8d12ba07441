"""Full text search: in what policies say, and in what was added or removed.

A phrase is *introduced* by a change where a clause after it matches and no clause before it does, *dropped* the
other way round. It is introduced into the *whole document* where nothing at all in the text before matches: a
phrase that only moved is neither.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from typing import Any

from harvest.corpus.queries_hits import change_hits, facets_of, text_hits
from harvest.corpus.queries_model import SearchResult
from harvest.corpus.queries_rows import rows
from harvest.model import Tier

WHERE = ("text", "added", "removed")
ORDERS = ("best", "newest", "oldest")

#: Hits beyond this many are not looked at one by one: the page says "more than". Chosen so that a page over the
#: commonest word of a large corpus stays under half a second; nobody pages that far.
MAX_HITS = 5_000

#: Terms of one search. Each is looked up in the whole index: 250 commonest words took more than five seconds.
_MAX_TERMS = 32

_TERM = re.compile(r'(-?)(?:"([^"]*)"?|(\S+))')


def fts_query(q: str) -> str:
    """Translate what people type into an FTS5 expression that cannot fail.

    Words must all stand in one clause; ``"quoted words"`` must stand together; ``-word`` must be absent; ``word*``
    matches beginnings; ``OR`` means either. Raises ValueError where nothing is left to search for.

    >>> fts_query('cookie* "third party" -children')
    '("cookie"* AND "third party") NOT "children"'
    """
    groups: list[list[str]] = [[]]
    absent: list[str] = []
    for sign, phrase, word in _TERM.findall(q[:500]):
        if word == "OR" and not sign:
            groups.append([])
            continue
        term = _term(phrase or word)
        side = absent if sign else groups[-1]
        if term and term not in side:  # one word 250 times took more than five seconds
            side.append(term)
    wanted = [" AND ".join(group) for group in groups if group]
    if not wanted:
        raise ValueError("search for at least one word; a word to leave out needs one to look for")
    either = " OR ".join(f"({part})" for part in wanted) if len(wanted) > 1 else wanted[0]
    return f"({either})" + "".join(f" NOT {term}" for term in absent) if absent or len(wanted) > 1 else either


def phrase_query(q: str) -> str:
    """Translate a phrase: without quotes of its own, all words of *q* must stand together."""
    return fts_query(q if '"' in q or " OR " in q else f'"{q}"')


def search(
    conn: sqlite3.Connection,
    q: str,
    *,
    where: str = "text",
    site: str = "",
    kind: str = "",
    tier: str = "",
    since: str = "",
    until: str = "",
    whole: bool = False,
    order: str = "best",
    limit: int = 25,
    offset: int = 0,
) -> SearchResult:
    """Find *q* in the texts of policies, or in what was added to or removed from them.

    *where*: ``text``, ``added``, ``removed``. *tier* (of the change, this or higher) and *whole* (introduced into or
    dropped from the whole document) narrow changes only. *since* and *until* are ISO times: for changes the later
    bound lies between them, for texts the text stood at some time between them. Variants are left out. Raises
    ValueError for a query without a word or an unknown *where*.
    """
    if where not in WHERE:
        raise ValueError(f"cannot search in {where!r}: choose one of {', '.join(WHERE)}")
    match = fts_query(q)
    params = {
        "match": match,
        "site": site,
        "kind": kind,
        "since": since,
        "until": until,
        "cap": MAX_HITS + 1,
        "whole": whole,
        # each clause that matches stands somewhere: more than MAX_HITS of them are needed only where some fall away
        "best": 20_000 if site or kind or since or until else MAX_HITS + 1,
    }
    found = rows(conn, _TEXT if where == "text" else _CHANGES, {**params, **_sides(where)})
    if where != "text":
        found = _of_tier(found, tier) if tier else found
    capped = len(found) > MAX_HITS
    ordered = _ordered(found[:MAX_HITS], order)
    page = ordered[offset : offset + limit]
    hits: tuple[Any, ...] = text_hits(conn, page, match) if where == "text" else change_hits(conn, page, match, where)
    return SearchResult(q, where, hits, len(ordered), capped, limit, offset, facets_of(conn, ordered, where))


_TEXT = """
    WITH clause_hits AS MATERIALIZED (
      SELECT rowid AS id, rank AS score FROM clauses_fts WHERE clauses_fts MATCH :match ORDER BY rank LIMIT :best),
    heading_hits AS MATERIALIZED (
      SELECT rowid AS id, rank AS score FROM headings_fts WHERE headings_fts MATCH :match ORDER BY rank LIMIT 5000),
    places AS (
      SELECT h.id AS clause_id, sc.section_id, h.score FROM clause_hits h
      JOIN section_clauses sc ON sc.clause_id = h.id
      UNION ALL SELECT NULL, h.id, h.score FROM heading_hits h)
    SELECT v.policy_id, pl.clause_id, CASE WHEN pl.clause_id IS NULL THEN ts.lineage_id END AS heading_lineage,
      min(pl.score) AS score, count(DISTINCT v.id) AS versions,
      min(v.first_seen || '|' || coalesce(v.not_before, '') || '|' || pl.section_id) AS began,
      max(v.last_seen || '|' || coalesce(v.gone_by, '') || '|' || coalesce(ts.lineage_id, '')) AS ended
    FROM places pl CROSS JOIN text_sections ts ON ts.section_id = pl.section_id
    JOIN versions v ON v.text_id = ts.text_id JOIN policies p ON p.id = v.policy_id JOIN sites s ON s.id = p.site_id
    WHERE v.variant_of IS NULL AND (:site = '' OR s.host = :site) AND (:kind = '' OR p.kind = :kind)
      AND (:since = '' OR v.last_seen >= :since) AND (:until = '' OR v.first_seen <= :until)
    GROUP BY 1, 2, 3 ORDER BY score LIMIT :cap
"""

# CROSS JOIN keeps SQLite from starting at `transitions`: on 3,900 policies that took 17 s for a pair of words.
# `opposed` is a list and no EXISTS: asked of each change anew, 2,000 changes of 2,000 clauses that match took 1.6 s.
_CHANGES = """
    WITH clause_hits AS MATERIALIZED (SELECT rowid AS id FROM clauses_fts WHERE clauses_fts MATCH :match),
    heading_hits AS MATERIALIZED (SELECT rowid AS id FROM headings_fts WHERE headings_fts MATCH :match),
    opposed AS MATERIALIZED (
      SELECT cc.change_id FROM clause_hits h
      CROSS JOIN change_clauses cc ON cc.clause_id = h.id AND cc.side = :other),
    touched AS MATERIALIZED (
      SELECT cc.change_id, cc.clause_id, NULL AS section_id FROM clause_hits h
      CROSS JOIN change_clauses cc ON cc.clause_id = h.id AND cc.side = :side
      WHERE cc.change_id NOT IN (SELECT change_id FROM opposed)
      UNION ALL
      SELECT c.id, NULL, h.id FROM heading_hits h
      CROSS JOIN changes c ON (:side = 'after' AND c.after_section_id = h.id)
        OR (:side = 'before' AND c.before_section_id = h.id)
      WHERE c.kind IN ('heading-renamed', 'section-added', 'section-removed')
        AND coalesce(CASE :side WHEN 'after' THEN c.before_section_id ELSE c.after_section_id END, 0)
            NOT IN (SELECT id FROM heading_hits))
    SELECT c.id AS change_id, x.id AS transition_id, x.policy_id, c.tier, c.kind AS change_kind,
      max(touched.clause_id) AS clause_id, max(touched.section_id) AS section_id,
      d.before_text_id, d.after_text_id, a.first_seen AS change_by
    FROM touched CROSS JOIN changes c ON c.id = touched.change_id CROSS JOIN diffs d ON d.id = c.diff_id
    CROSS JOIN transitions x ON x.diff_id = d.id
    JOIN versions b ON b.id = x.before_version_id JOIN versions a ON a.id = x.after_version_id
    JOIN policies p ON p.id = x.policy_id JOIN sites s ON s.id = p.site_id
    WHERE x.kind != 'technical' AND a.variant_of IS NULL AND b.variant_of IS NULL
      AND (:site = '' OR s.host = :site) AND (:kind = '' OR p.kind = :kind)
      AND (:since = '' OR a.first_seen >= :since) AND (:until = '' OR a.first_seen <= :until)
      AND (NOT :whole OR NOT EXISTS (
        SELECT 1 FROM text_sections ts LEFT JOIN section_clauses sc ON sc.section_id = ts.section_id
        WHERE ts.text_id = CASE :side WHEN 'after' THEN d.before_text_id ELSE d.after_text_id END
          AND (sc.clause_id IN (SELECT id FROM clause_hits) OR ts.section_id IN (SELECT id FROM heading_hits))))
    GROUP BY 1, 2 ORDER BY a.first_seen DESC, c.position LIMIT :cap
"""


def _term(text: str) -> str:
    star = "*" if text.endswith("*") else ""
    bare = re.sub(r'[\x00"]', " ", text.rstrip("*")).strip()
    return f'"{bare}"{star}' if re.search(r"\w", bare) else ""


def _sides(where: str) -> dict[str, str]:
    if where == "text":
        return {}
    return {"side": "before", "other": "after"} if where == "removed" else {"side": "after", "other": "before"}


def _of_tier(found: list[sqlite3.Row], tier: str) -> list[sqlite3.Row]:
    least = Tier(tier).rank
    return [row for row in found if row["tier"] and Tier(row["tier"]).rank >= least]


def _ordered(found: Sequence[sqlite3.Row], order: str) -> list[sqlite3.Row]:
    if order == "best":
        return list(found)
    key = "began" if found and "began" in found[0].keys() else "change_by"  # noqa: SIM118 - a Row is no dict
    return sorted(found, key=lambda row: str(row[key]), reverse=order == "newest")
