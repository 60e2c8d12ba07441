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

from harvest.corpus.queries_hits import Matching, change_hits, facets_of, text_hits
from harvest.corpus.queries_model import SearchResult
from harvest.corpus.queries_rows import rows
from harvest.corpus.search_changes import MAX_HITS, Found, changes_with

WHERE = ("text", "added", "removed")
ORDERS = ("best", "newest", "oldest")

#: Clauses (and headings) that are ranked where no site is asked for, twice as many for a kind or years: 15 ms. Of words
#: that more of them say every second, third … is looked at, evenly over the corpus: which of 21,000 clauses say
#: "information" best means little, and the time would grow with the corpus, not with the page.
MAX_RANKED = 8_000

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
    wanted = list(dict.fromkeys(" AND ".join(group) for group in groups if group))
    if not wanted:
        raise ValueError("search for at least one word; a word to leave out needs one to look for")
    either = " OR ".join(f"({part})" for part in wanted) if len(wanted) > 1 else wanted[0]
    return f"({either})" + "".join(f" NOT {term}" for term in absent) if absent or len(wanted) > 1 else either


def phrase_query(q: str) -> str:
    """Translate a phrase: without quotes of its own, all words of *q* must stand together."""
    return fts_query(q if '"' in q or " OR " in q else f'"{q}"')


def together(query: str) -> str:
    """Write what is searched for so that its words must stand together, where that is not said already.

    >>> together("will not sell"), together("cookie"), together('"web beacon" pixel')
    ('"will not sell"', 'cookie', '"web beacon" pixel')
    """
    words = query.split()
    apart = len(words) > 1 and not any(mark in query for mark in '"*()') and "OR" not in words
    return f'"{query}"' if apart and not any(word.startswith("-") for word in words) else query


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
    ValueError for a query without a word or an unknown *where*, *order* or *tier*.
    """
    if where not in WHERE:
        raise ValueError(f"cannot search in {where!r}: choose one of {', '.join(WHERE)}")
    if order not in ORDERS:
        raise ValueError(f"cannot sort by {order!r}: choose one of {', '.join(ORDERS)}")
    match = fts_query(q)
    narrowed = bool(site or kind or since or until)
    params = {"match": match, "site": site, "kind": kind, "since": since, "until": until}
    (counts,) = rows(conn, _COUNTS, {"match": match})
    matching = Matching(match, counts["clauses"])
    if where == "text":
        every = _every(counts, 0 if site else 2 * MAX_RANKED if narrowed else MAX_RANKED)
        told = Found(rows(conn, _NARROWED_TEXT if narrowed else _TEXT, {**params, **every, "cap": MAX_HITS + 1}))
        capped = len(told.hits) > told.most or every["nth_clause"] != 1
    else:
        asked = {**params, "after": int(where == "added")}
        told = changes_with(conn, asked, matching=matching.clauses, tier=tier, whole=whole)
        capped = len(told.hits) > told.most
    ordered = _ordered(told.hits[: told.most], order)
    page = ordered[offset : offset + limit]
    hits: tuple[Any, ...] = (
        text_hits(conn, page, matching) if where == "text" else change_hits(conn, page, matching, where)
    )
    return SearchResult(q, where, hits, len(ordered), capped, limit, offset, facets_of(conn, ordered, where))


_COUNTS = """
    SELECT (SELECT count(*) FROM clauses_fts WHERE clauses_fts MATCH :match) AS clauses,
      (SELECT count(*) FROM headings_fts WHERE headings_fts MATCH :match) AS headings
"""

# A rank is worked out only for the rows that are looked at: `ORDER BY rank` would work it out for all.
_TEXT = """
    WITH clause_hits AS MATERIALIZED (
      SELECT rowid AS id, bm25(clauses_fts) AS score FROM clauses_fts
      WHERE clauses_fts MATCH :match AND rowid % :nth_clause = 0 ORDER BY score LIMIT :cap),
    heading_hits AS MATERIALIZED (
      SELECT rowid AS id, bm25(headings_fts) AS score FROM headings_fts
      WHERE headings_fts MATCH :match AND rowid % :nth_heading = 0 ORDER BY score LIMIT :cap),
    found AS (
      SELECT st.policy_id, h.id AS clause_id, NULL AS lineage_id, h.score,
        sum(st.last_place - st.first_place + 1) AS versions, min(st.first_place) AS first, max(st.last_place) AS last
      FROM clause_hits h CROSS JOIN clause_stays st ON st.clause_id = h.id GROUP BY 1, 2
      UNION ALL
      SELECT st.policy_id, NULL, st.lineage_id, min(h.score),
        sum(st.last_place - st.first_place + 1), min(st.first_place), max(st.last_place)
      FROM heading_hits h CROSS JOIN section_stays st ON st.section_id = h.id GROUP BY 1, 3)
    SELECT f.*, v.first_seen AS began FROM found f
    CROSS JOIN versions v ON v.policy_id = f.policy_id AND v.place = f.first
    ORDER BY f.score, f.policy_id, f.clause_id, f.lineage_id LIMIT :cap
"""

# Where a site is asked for, every match is looked at: the best of all may stand in none of its policies.
_NARROWED_TEXT = """
    WITH windows AS MATERIALIZED (
      SELECT v.policy_id, min(v.place) AS low, max(v.place) AS high
      FROM policies p JOIN sites s ON s.id = p.site_id CROSS JOIN versions v ON v.policy_id = p.id
      WHERE v.place IS NOT NULL AND (:site = '' OR s.host = :site) AND (:kind = '' OR p.kind = :kind)
        AND (:since = '' OR v.last_seen >= :since) AND (:until = '' OR v.first_seen <= :until) GROUP BY 1),
    found AS (
      SELECT st.policy_id, h.rowid AS clause_id, NULL AS lineage_id, min(h.rank) AS score,
        sum(min(st.last_place, w.high) - max(st.first_place, w.low) + 1) AS versions,
        min(max(st.first_place, w.low)) AS first, max(min(st.last_place, w.high)) AS last
      FROM clauses_fts h CROSS JOIN clause_stays st ON st.clause_id = h.rowid
      CROSS JOIN windows w ON w.policy_id = st.policy_id AND st.first_place <= w.high AND st.last_place >= w.low
      WHERE clauses_fts MATCH :match AND h.rowid % :nth_clause = 0 GROUP BY 1, 2
      UNION ALL
      SELECT st.policy_id, NULL, st.lineage_id, min(h.rank),
        sum(min(st.last_place, w.high) - max(st.first_place, w.low) + 1),
        min(max(st.first_place, w.low)), max(min(st.last_place, w.high))
      FROM headings_fts h CROSS JOIN section_stays st ON st.section_id = h.rowid
      CROSS JOIN windows w ON w.policy_id = st.policy_id AND st.first_place <= w.high AND st.last_place >= w.low
      WHERE headings_fts MATCH :match AND h.rowid % :nth_heading = 0 GROUP BY 1, 3)
    SELECT f.*, v.first_seen AS began FROM found f
    CROSS JOIN versions v ON v.policy_id = f.policy_id AND v.place = f.first
    ORDER BY f.score, f.policy_id, f.clause_id, f.lineage_id LIMIT :cap
"""


def _every(counts: sqlite3.Row, most: int) -> dict[str, int]:
    """Return which clauses and headings to rank: every one, or every so many-th of words that more than *most* say.

    *most* 0: every one, however many.
    """
    if not most:
        return {"nth_clause": 1, "nth_heading": 1}
    return {"nth_clause": 1 + counts["clauses"] // most, "nth_heading": 1 + counts["headings"] // most}


def _term(text: str) -> str:
    star = "*" if text.endswith("*") else ""
    bare = re.sub(r'[\x00"]', " ", text.rstrip("*")).strip()
    return f'"{bare}"{star}' if re.search(r"\w", bare) else ""


def _ordered(found: Sequence[sqlite3.Row], order: str) -> list[sqlite3.Row]:
    if order == "best":
        return list(found)
    return sorted(found, key=lambda row: str(row["began"]), reverse=order == "newest")
