"""The logical content of a corpus: every table by natural keys, without row ids and wall-clock times.

Two corpora with equal dumps hold the same, whatever the order in which it came. Used by `harvest verify`, by the
test that builds the committed sample again, and by the properties of the store.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from harvest.corpus.queries_wide import text_of

_POLICY = "s.host || '/' || p.kind || ':' || p.label"
_POLICIES = "policies p JOIN sites s ON s.id = p.site_id"
_CAPTURE = "{0}.archive || ' ' || {0}.url || ' ' || {0}.timestamp || ' ' || {0}.digest || ' ' || {0}.statuscode"


def _of_policy(table: str) -> str:
    return f"{table} t JOIN policies p ON p.id = t.policy_id JOIN sites s ON s.id = p.site_id"


_DERIVED = {
    "captures": f"""SELECT {_POLICY}, {_CAPTURE.format("t")}, t.urlkey, t.captured_at, t.approximate, t.mimetype,
        t.length, t.form, t.outcome, t.reason, t.wanted, t.page_kind, t.attempts, t.landed_timestamp, t.landed_url,
        t.status, t.headers, t.encoding, b.sha256, x.sha256, v.number
        FROM {_of_policy("captures")} LEFT JOIN bodies b ON b.id = t.body_id LEFT JOIN texts x ON x.id = t.text_id
        LEFT JOIN versions v ON v.id = t.version_id""",
    "texts": f"""SELECT {_POLICY}, t.sha256, t.title, t.language, t.words, t.stated_date, t.stated_kind, t.stated_words,
        t.confidence, t.reading_grade, t.structure, t.normaliser, t.stated_read FROM {_of_policy("texts")}""",
    "lineages": f"SELECT {_POLICY}, t.slug, t.heading FROM {_of_policy('lineages')}",
    "sections": f"""SELECT {_POLICY}, t.sha256, t.heading, t.heading_kind, t.words, t.structure
        FROM {_of_policy("sections")}""",
    "text_sections": f"""SELECT {_POLICY}, t.sha256, ts.position, x.sha256, l.slug, ts.level, ts.number, ts.confidence
        FROM {_of_policy("texts")} JOIN text_sections ts ON ts.text_id = t.id JOIN sections x ON x.id = ts.section_id
        LEFT JOIN lineages l ON l.id = ts.lineage_id""",
    "section_clauses": f"""SELECT {_POLICY}, t.sha256, sc.position, c.sha256, sc.kind, sc.depth, sc.marker
        FROM {_of_policy("sections")} JOIN section_clauses sc ON sc.section_id = t.id
        JOIN clauses c ON c.id = sc.clause_id""",
    "versions": f"""SELECT {_POLICY}, t.number, t.place, x.sha256, {_CAPTURE.format("a")}, {_CAPTURE.format("b")},
        t.not_before, t.first_seen, t.last_seen, t.gone_by, m.number
        FROM {_of_policy("versions")} JOIN texts x ON x.id = t.text_id JOIN captures a ON a.id = t.first_capture_id
        JOIN captures b ON b.id = t.last_capture_id LEFT JOIN versions m ON m.id = t.variant_of""",
    "diffs": f"""SELECT {_POLICY}, t.sha256, y.sha256, d.tier, d.reason, d.similarity, d.words_added, d.words_removed,
        d.words_moved, d.method
        FROM {_of_policy("texts")} JOIN diffs d ON d.before_text_id = t.id JOIN texts y ON y.id = d.after_text_id""",
    "changes": f"""SELECT {_POLICY}, t.sha256, y.sha256, ch.position, ch.kind, ch.tier, ch.reason, sb.sha256, sa.sha256,
        ch.words_added, ch.words_removed, ch.similarity
        FROM {_of_policy("texts")} JOIN diffs d ON d.before_text_id = t.id JOIN texts y ON y.id = d.after_text_id
        JOIN changes ch ON ch.diff_id = d.id LEFT JOIN sections sb ON sb.id = ch.before_section_id
        LEFT JOIN sections sa ON sa.id = ch.after_section_id""",
    "change_clauses": f"""SELECT {_POLICY}, t.sha256, y.sha256, ch.position, cc.side, cc.position, c.sha256
        FROM {_of_policy("texts")} JOIN diffs d ON d.before_text_id = t.id JOIN texts y ON y.id = d.after_text_id
        JOIN changes ch ON ch.diff_id = d.id JOIN change_clauses cc ON cc.change_id = ch.id
        JOIN clauses c ON c.id = cc.clause_id""",
    "transitions": f"""SELECT {_POLICY}, a.number, b.number, x.sha256, y.sha256, t.kind, t.silent, t.redated,
        t.reason
        FROM {_of_policy("transitions")} JOIN versions a ON a.id = t.before_version_id
        JOIN versions b ON b.id = t.after_version_id LEFT JOIN diffs d ON d.id = t.diff_id
        LEFT JOIN texts x ON x.id = d.before_text_id LEFT JOIN texts y ON y.id = d.after_text_id""",
    "wide_diffs": f"""SELECT {_POLICY}, x.sha256, y.sha256, unpacked_bytes(t.data) FROM {_of_policy("wide_diffs")}
        JOIN texts x ON x.id = t.before_text_id JOIN texts y ON y.id = t.after_text_id""",
}

_SOURCE = {
    "policies": f"SELECT {_POLICY}, s.name FROM {_POLICIES}",
    "site_policies": f"""SELECT {_POLICY}, o.host, t.evidence FROM {_of_policy("site_policies")}
        JOIN sites o ON o.id = t.site_id""",
    "policy_urls": f"""SELECT {_POLICY}, t.url, t.urlkey, t.role, t.evidence, t.valid_from, t.valid_to, t.why
        FROM {_of_policy("policy_urls")}""",
    "listings": f"""SELECT {_POLICY}, t.archive, t.url, t.from_ts, t.to_ts, t.outcome, t.message, t.rows, t.added,
        t.known, t.repeated, t.malformed FROM {_of_policy("listings")}""",
    "listing_oddities": f"""SELECT {_POLICY}, t.archive, t.url, o.line, o.why FROM {_of_policy("listings")}
        JOIN listing_oddities o ON o.listing_id = t.id""",
    "judgements": f"""SELECT {_POLICY}, t.verdict, t.archive, t.url, t.timestamp, t.decided_by, t.why,
        t.undone_at <> '' FROM {_of_policy("judgements")}""",
    "pointers": f"""SELECT {_POLICY}, t.url, t.page, t.words, t.archive, t.first_timestamp, t.last_timestamp, t.score,
        t.evidence FROM {_of_policy("pointers")}""",
}

_WHOLE = {
    "meta": "SELECT key, value FROM meta WHERE key <> 'rules'",  # of the program, not of the corpus
    "sites": "SELECT host, name FROM sites",
    "bodies": "SELECT sha256, size FROM bodies",
    "forgotten": "SELECT scope, subject, sha256, why, lifted_at <> '' FROM forgotten",
    "clauses": "SELECT sha256, text, coalesce(markdown, text), words FROM clauses",
}

Dump = dict[str, list[tuple[object, ...]]]

#: Tables that follow from the others.
DERIVED_TABLES = tuple(_DERIVED)


def logical_dump(
    conn: sqlite3.Connection, *, policy_id: int | None = None, tables: Iterable[str] | None = None
) -> Dump:
    """Return the rows of the tables, sorted, by natural keys; of one policy, or of the whole corpus.

    *tables* default to all but ``runs`` and ``events``, which tell of the doing and not of what is there; the tables
    that policies share (``meta``, ``sites``, ``bodies``, ``clauses``) only without *policy_id*. Names of policies
    read ``host/kind:label``.
    """
    queries = {**_SOURCE, **_DERIVED} if policy_id is not None else {**_WHOLE, **_SOURCE, **_DERIVED}
    names = list(tables) if tables is not None else list(queries)
    conn.create_function("unpacked_bytes", 1, text_of, deterministic=True)
    dump: Dump = {}
    for name in names:
        where = " WHERE p.id = :policy" if policy_id is not None else ""
        rows = conn.execute(queries[name] + where, {"policy": policy_id} if where else {}).fetchall()
        dump[name] = sorted((tuple(row) for row in rows), key=repr)
    return dump


def differences(before: Dump, after: Dump, *, limit: int = 20) -> list[str]:
    """Say in which rows two dumps differ: ``- table: row`` for one only in *before*, ``+`` for one only in *after*."""
    lines: list[str] = []
    for table in sorted({*before, *after}):
        old, new = set(before.get(table, [])), set(after.get(table, []))
        lines.extend(f"- {table}: {row}" for row in sorted(old - new, key=repr))
        lines.extend(f"+ {table}: {row}" for row in sorted(new - old, key=repr))
        if len(before.get(table, [])) != len(after.get(table, [])) and old == new:
            lines.append(f"± {table}: repeated rows differ in number")
    return lines[:limit]
