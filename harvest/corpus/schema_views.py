"""The views of a corpus for SQL users, as they were made first and later."""

from __future__ import annotations

VIEW_CAPTURE_LEDGER = """
CREATE VIEW capture_ledger AS
SELECT s.host AS site, p.kind, p.label, c.outcome, count(*) AS captures,
       min(c.captured_at) AS earliest, max(c.captured_at) AS latest, p.id AS policy_id
FROM captures c
JOIN policies p ON p.id = c.policy_id
JOIN sites s ON s.id = p.site_id
GROUP BY p.id, c.outcome
"""

# `variant_of` is the number of the main version; NULL on the main line.
VIEW_HISTORY = """
CREATE VIEW history AS
SELECT s.host AS site, p.kind, p.label, v.number, v.place,
       v.not_before, v.first_seen, v.last_seen, v.gone_by,
       main.number AS variant_of, tr.kind AS transition, d.tier, d.reason,
       d.words_added, d.words_removed, d.words_moved, d.similarity, tr.silent, tr.redated,
       t.title, t.language, t.words, t.stated_date, t.sha256 AS text_sha256,
       CASE WHEN c.archive LIKE 'http%' THEN rtrim(c.archive, '/') ELSE 'https://web.archive.org' END
           || '/web/' || coalesce(nullif(c.landed_timestamp, ''), c.timestamp)
           || '/' || coalesce(nullif(c.landed_url, ''), c.url) AS archive_url,
       v.id AS version_id, v.policy_id, v.text_id, tr.id AS transition_id, tr.diff_id
FROM versions v
JOIN policies p ON p.id = v.policy_id
JOIN sites s ON s.id = p.site_id
JOIN texts t ON t.id = v.text_id
JOIN captures c ON c.id = v.first_capture_id
LEFT JOIN versions main ON main.id = v.variant_of
LEFT JOIN transitions tr ON tr.after_version_id = v.id
LEFT JOIN diffs d ON d.id = tr.diff_id
"""

# Changes of the policy alone: technical transitions (our extractor, another form of the page) are left out.
VIEW_CHANGE_LOG = """
CREATE VIEW change_log AS
SELECT s.host AS site, p.kind AS policy_kind, p.label,
       after.number AS version, after.not_before, after.first_seen AS not_later_than,
       coalesce(sa.heading, sb.heading) AS heading, sb.heading AS heading_before, sa.heading AS heading_after,
       ch.kind, ch.tier, ch.reason,
       (SELECT group_concat(text, char(10) || char(10)) FROM (
           SELECT c.text FROM change_clauses cc JOIN clauses c ON c.id = cc.clause_id
           WHERE cc.change_id = ch.id AND cc.side = 'before' ORDER BY cc.position)) AS before_text,
       (SELECT group_concat(text, char(10) || char(10)) FROM (
           SELECT c.text FROM change_clauses cc JOIN clauses c ON c.id = cc.clause_id
           WHERE cc.change_id = ch.id AND cc.side = 'after' ORDER BY cc.position)) AS after_text,
       ch.words_added, ch.words_removed, ch.similarity, d.tier AS diff_tier,
       tr.kind AS transition, tr.silent, ch.position,
       ch.id AS change_id, tr.id AS transition_id, d.id AS diff_id, p.id AS policy_id
FROM transitions tr
JOIN versions after ON after.id = tr.after_version_id
JOIN policies p ON p.id = tr.policy_id
JOIN sites s ON s.id = p.site_id
JOIN diffs d ON d.id = tr.diff_id
JOIN changes ch ON ch.diff_id = d.id
LEFT JOIN sections sb ON sb.id = ch.before_section_id
LEFT JOIN sections sa ON sa.id = ch.after_section_id
WHERE tr.kind <> 'technical'
"""

# Plain text as a reader would copy it: headings with their numbers, clauses apart by a blank line.
VIEW_SECTION_TEXT = """
CREATE VIEW section_text AS
SELECT s.host AS site, p.kind, p.label, v.number AS version, v.first_seen, v.last_seen,
       ts.position, ts.level, ts.number, sec.heading, l.slug AS lineage,
       (SELECT group_concat(text, char(10) || char(10)) FROM (
           SELECT c.text FROM section_clauses sc JOIN clauses c ON c.id = sc.clause_id
           WHERE sc.section_id = sec.id ORDER BY sc.position)) AS text,
       sec.words, v.variant_of IS NOT NULL AS is_variant,
       sec.id AS section_id, ts.lineage_id, v.id AS version_id, v.text_id, p.id AS policy_id
FROM versions v
JOIN policies p ON p.id = v.policy_id
JOIN sites s ON s.id = p.site_id
JOIN text_sections ts ON ts.text_id = v.text_id
JOIN sections sec ON sec.id = ts.section_id
LEFT JOIN lineages l ON l.id = ts.lineage_id
"""

VIEW_VERSION_TEXT = """
CREATE VIEW version_text AS
SELECT s.host AS site, p.kind, p.label, v.number AS version,
       v.not_before, v.first_seen, v.last_seen, v.gone_by, t.title, t.language, t.stated_date, t.words,
       (SELECT group_concat(line, char(10) || char(10)) FROM (
           SELECT line FROM (
               SELECT ts.position AS section, -1 AS clause,
                      trim(ts.number || ' ' || sec.heading) AS line
               FROM text_sections ts JOIN sections sec ON sec.id = ts.section_id
               WHERE ts.text_id = v.text_id AND trim(ts.number || ' ' || sec.heading) <> ''
               UNION ALL
               SELECT ts.position, sc.position, c.text
               FROM text_sections ts
               JOIN section_clauses sc ON sc.section_id = ts.section_id
               JOIN clauses c ON c.id = sc.clause_id
               WHERE ts.text_id = v.text_id)
           ORDER BY section, clause)) AS text,
       v.variant_of IS NOT NULL AS is_variant, t.sha256 AS text_sha256,
       v.id AS version_id, v.text_id, p.id AS policy_id
FROM versions v
JOIN policies p ON p.id = v.policy_id
JOIN sites s ON s.id = p.site_id
JOIN texts t ON t.id = v.text_id
"""

# Gaps and islands: a run starts where the clause is not in the version before, and ends where it is not in the next.
# Written with window functions alone, all partitioned by clause_id and policy_id, because SQLite (3.40) pushes a
# WHERE on these columns down through them to the index, but not through a GROUP BY over a window. Name a clause_id:
# without one the view reads the whole corpus.
VIEW_CLAUSE_PRESENCE = """
CREATE VIEW clause_presence AS
WITH present AS (
    SELECT DISTINCT sc.clause_id, v.policy_id, v.place
    FROM section_clauses sc
    JOIN text_sections ts ON ts.section_id = sc.section_id
    JOIN versions v ON v.text_id = ts.text_id
    WHERE v.place IS NOT NULL
), marked AS (
    SELECT clause_id, policy_id, place,
           lag(place) OVER spell IS NOT place - 1 AS starts, lead(place) OVER spell IS NOT place + 1 AS ends
    FROM present WINDOW spell AS (PARTITION BY clause_id, policy_id ORDER BY place)
), edges AS (
    SELECT clause_id, policy_id, place, starts,
           CASE WHEN ends THEN place
                ELSE lead(place) OVER (PARTITION BY clause_id, policy_id ORDER BY place) END AS last_place
    FROM marked WHERE starts OR ends
)
SELECT e.clause_id, s.host AS site, p.kind, p.label,
       first.number AS first_version, last.number AS last_version,
       first.not_before, first.first_seen, last.last_seen, last.gone_by,
       e.policy_id
FROM edges e
JOIN versions first ON first.policy_id = e.policy_id AND first.place = e.place
JOIN versions last ON last.policy_id = e.policy_id AND last.place = e.last_place
JOIN policies p ON p.id = e.policy_id
JOIN sites s ON s.id = p.site_id
WHERE e.starts
"""

VIEWS = (
    VIEW_CAPTURE_LEDGER,
    VIEW_HISTORY,
    VIEW_CHANGE_LOG,
    VIEW_SECTION_TEXT,
    VIEW_VERSION_TEXT,
    VIEW_CLAUSE_PRESENCE,
)

# Since `m008_archive_links`.
# A link to the archive stands only where anybody can follow it: captures out of a WARC file, the sample or an archive
# on this computer (the simulator) have none. Until 2026-11 they got one of web.archive.org that led nowhere.
ARCHIVE_URL = """
       CASE WHEN c.archive IN ('wayback', 'princeton-leuven') THEN 'https://web.archive.org'
            WHEN c.archive LIKE 'http://127.%' OR c.archive LIKE 'http://localhost%'
              OR c.archive LIKE 'http://[::1]%' THEN NULL
            WHEN c.archive LIKE 'http://%' OR c.archive LIKE 'https://%' THEN rtrim(c.archive, '/') END
           || '/web/' || coalesce(nullif(c.landed_timestamp, ''), c.timestamp)
           || '/' || coalesce(nullif(c.landed_url, ''), c.url) AS archive_url,
"""

# Since `m016_duckdb`.
VIEW_OF_OUTCOMES = """
CREATE VIEW capture_ledger AS
SELECT s.host AS site, p.kind, p.label, c.outcome, count(c.id) AS captures,
       min(c.captured_at) AS earliest, max(c.captured_at) AS latest,
       count(CASE WHEN c.outcome = 'skipped' AND c.reason LIKE 'assumed %' THEN 1 END) AS assumed, p.id AS policy_id
FROM captures c
JOIN policies p ON p.id = c.policy_id
JOIN sites s ON s.id = p.site_id
GROUP BY p.id, c.outcome, s.host, p.kind, p.label
"""
