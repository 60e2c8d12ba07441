"""Does the ledger balance? Every listed row counted once, every capture accounted for, every version covered."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from harvest.corpus.half_year_counts import wrong_counts
from harvest.corpus.store_half_years import wrong_half_years
from harvest.corpus.store_stays import wrong_stays
from harvest.model import Outcome

_OUTCOMES = ", ".join(f"'{outcome}'" for outcome in Outcome)

#: What must never be found: a sentence, and a query whose rows (text, one column) are the exceptions.
_CHECKS: tuple[tuple[str, str], ...] = (
    (
        "the rows of a listing are not the sum of added, known, repeated and malformed",
        "SELECT 'listing ' || id || ' of ' || url FROM listings WHERE rows <> added + known + repeated + malformed",
    ),
    (
        "a listing's malformed rows are not all kept",
        "SELECT 'listing ' || l.id FROM listings l"
        " WHERE l.malformed <> (SELECT count(*) FROM listing_oddities o WHERE o.listing_id = l.id)",
    ),
    (
        "more captures were added by listings than there are",
        "SELECT 'policy ' || p.id FROM policies p WHERE (SELECT coalesce(sum(added), 0) FROM listings"
        " WHERE policy_id = p.id) > (SELECT count(*) FROM captures WHERE policy_id = p.id)",
    ),
    (
        "a capture has an outcome nobody knows",
        f"SELECT 'capture ' || id || ': ' || outcome FROM captures WHERE outcome NOT IN ({_OUTCOMES})",
    ),
    (
        "a capture belongs to no policy",
        "SELECT 'capture ' || id FROM captures WHERE policy_id NOT IN (SELECT id FROM policies)",
    ),
    (
        "a capture was fetched but shows no text",
        "SELECT 'capture ' || id || ' ' || timestamp || ' ' || url FROM captures"
        " WHERE outcome = 'fetched' AND text_id IS NULL",
    ),
    (
        "a capture was fetched but its bytes are not there",
        "SELECT 'capture ' || id || ' ' || timestamp || ' ' || url FROM captures"
        " WHERE outcome = 'fetched' AND body_id IS NULL",
    ),
    (
        "a capture that shows a text is in no version",
        "SELECT 'capture ' || id || ' ' || timestamp || ' ' || url FROM captures"
        " WHERE outcome IN ('fetched', 'duplicate') AND text_id IS NOT NULL AND version_id IS NULL",
    ),
    (
        "a capture is in a version although it shows no text",
        "SELECT 'capture ' || id || ' ' || timestamp || ' ' || outcome FROM captures"
        " WHERE version_id IS NOT NULL AND (text_id IS NULL OR outcome NOT IN ('fetched', 'duplicate'))",
    ),
    (
        "a duplicate has no twin whose bytes are there",
        "SELECT 'capture ' || c.id || ' ' || c.timestamp || ' ' || c.url FROM captures c WHERE c.outcome = 'duplicate'"
        " AND NOT EXISTS (SELECT 1 FROM captures t WHERE t.policy_id = c.policy_id AND t.digest = c.digest"
        " AND t.body_id IS NOT NULL)",
    ),
    (
        "a version begins or ends with a capture that is not in it",
        "SELECT 'version ' || v.id FROM versions v JOIN captures a ON a.id = v.first_capture_id"
        " JOIN captures b ON b.id = v.last_capture_id"
        " WHERE a.version_id IS NOT v.id OR b.version_id IS NOT v.id",
    ),
    (
        "a version has bounds out of order",
        "SELECT 'version ' || id FROM versions"
        " WHERE first_seen > last_seen OR not_before > first_seen OR gone_by < last_seen",
    ),
    (
        "the versions of a policy are not numbered from 1 without a gap",
        "SELECT 'policy ' || policy_id FROM versions GROUP BY policy_id"
        " HAVING min(number) <> 1 OR max(number) <> count(*) OR count(DISTINCT place) <> coalesce(max(place), 0)",
    ),
    (
        "two versions on the main line lie next to each other without a transition",
        "SELECT 'version ' || b.id FROM versions a JOIN versions b ON b.policy_id = a.policy_id"
        " AND b.place = a.place + 1 WHERE NOT EXISTS (SELECT 1 FROM transitions t"
        " WHERE t.before_version_id = a.id AND t.after_version_id = b.id)",
    ),
    (
        "a transition compares other texts than its versions show",
        "SELECT 'transition ' || t.id FROM transitions t JOIN versions a ON a.id = t.before_version_id"
        " JOIN versions b ON b.id = t.after_version_id LEFT JOIN diffs d ON d.id = t.diff_id"
        " WHERE d.before_text_id IS NOT a.text_id OR d.after_text_id IS NOT b.text_id",
    ),
    (
        "a stored row is used by nothing",
        "SELECT 'body ' || id FROM bodies b WHERE NOT EXISTS (SELECT 1 FROM captures WHERE body_id = b.id)"
        " AND NOT EXISTS (SELECT 1 FROM bodies WHERE base_id = b.id)"
        " UNION ALL SELECT 'text ' || id FROM texts t WHERE NOT EXISTS (SELECT 1 FROM captures WHERE text_id = t.id)"
        " UNION ALL SELECT 'section ' || id FROM sections s"
        " WHERE NOT EXISTS (SELECT 1 FROM text_sections WHERE section_id = s.id)"
        " UNION ALL SELECT 'clause ' || id FROM clauses c"
        " WHERE NOT EXISTS (SELECT 1 FROM section_clauses WHERE clause_id = c.id)"
        " UNION ALL SELECT 'diff ' || id FROM diffs d"
        " WHERE NOT EXISTS (SELECT 1 FROM transitions WHERE diff_id = d.id)",
    ),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that must not be: what it is, how often, and the first few places."""

    what: str
    count: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Audit:
    """Totals of the ledger and what is wrong with it; empty *findings*: it balances."""

    policies: int
    listings: int
    rows: int
    captures: int
    outcomes: tuple[tuple[str, int], ...]
    findings: tuple[Finding, ...]


def audit(conn: sqlite3.Connection) -> Audit:
    """Check that the ledger balances. Reads only."""
    findings = [_finding(what, [str(row[0]) for row in conn.execute(query)]) for what, query in _CHECKS]
    findings.append(
        _finding("a clause or section is said to stand where it does not, or the other way", wrong_stays(conn))
    )
    findings.append(
        _finding("half-years are counted that versions do not tell, or the other way", wrong_half_years(conn))
    )
    findings.append(_finding("counts by half-year are kept that its versions do not tell", wrong_counts(conn)))
    findings.append(_finding("a row points at another one that is not there", _dangling(conn)))
    outcomes = conn.execute("SELECT outcome, count(*) FROM captures GROUP BY outcome ORDER BY outcome").fetchall()
    listings, rows = conn.execute("SELECT count(*), coalesce(sum(rows), 0) FROM listings").fetchone()
    return Audit(
        policies=int(conn.execute("SELECT count(*) FROM policies").fetchone()[0]),
        listings=int(listings),
        rows=int(rows),
        captures=sum(int(row[1]) for row in outcomes),
        outcomes=tuple((str(row[0]), int(row[1])) for row in outcomes),
        findings=tuple(finding for finding in findings if finding.count),
    )


def _finding(what: str, places: list[str]) -> Finding:
    return Finding(what, len(places), tuple(places[:5]))


def _dangling(conn: sqlite3.Connection) -> list[str]:
    return [f"{row[0]} row {row[1]} → {row[2]}" for row in conn.execute("PRAGMA foreign_key_check")]
