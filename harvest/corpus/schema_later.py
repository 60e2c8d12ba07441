"""Tables that corpora came to have later."""

from __future__ import annotations

# What a person said and took back, what was taken down, and what pointed at a policy. `turn` orders words of one
# second on one subject; `came_from` is the policy (host/kind:label) an address is given back to when a word is undone.
WORDS_AND_POINTERS = """
ALTER TABLE judgements ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;
ALTER TABLE judgements ADD COLUMN came_from TEXT NOT NULL DEFAULT '';
ALTER TABLE judgements ADD COLUMN undone_at TEXT NOT NULL DEFAULT '';
ALTER TABLE judgements ADD COLUMN undone_by TEXT NOT NULL DEFAULT '';
UPDATE judgements SET turn = (SELECT count(*) FROM judgements j WHERE j.id < judgements.id
    AND (j.archive, j.url, j.timestamp) = (judgements.archive, judgements.url, judgements.timestamp));
ALTER TABLE policy_urls ADD COLUMN why TEXT NOT NULL DEFAULT '';
CREATE TABLE forgotten (
    id INTEGER PRIMARY KEY,
    scope TEXT NOT NULL,
    subject TEXT NOT NULL,
    sha256 TEXT NOT NULL DEFAULT '',
    captures INTEGER NOT NULL DEFAULT 0,
    decided_by TEXT NOT NULL DEFAULT '',
    decided_at TEXT NOT NULL,
    why TEXT NOT NULL DEFAULT '',
    lifted_at TEXT NOT NULL DEFAULT '',
    lifted_by TEXT NOT NULL DEFAULT '',
    UNIQUE (scope, subject, sha256, decided_at)
);
CREATE INDEX forgotten_sha256 ON forgotten(sha256) WHERE sha256 <> '';
CREATE TABLE pointers (
    policy_id INTEGER NOT NULL REFERENCES policies(id),
    url TEXT NOT NULL,
    page TEXT NOT NULL,
    words TEXT NOT NULL DEFAULT '',
    archive TEXT NOT NULL DEFAULT '',
    first_timestamp TEXT NOT NULL,
    last_timestamp TEXT NOT NULL,
    score REAL NOT NULL DEFAULT 0,
    evidence TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (policy_id, url, page, words, archive)
) WITHOUT ROWID;
DROP VIEW capture_ledger;
CREATE VIEW capture_ledger AS
SELECT s.host AS site, p.kind, p.label, c.outcome, count(*) AS captures,
       min(c.captured_at) AS earliest, max(c.captured_at) AS latest,
       sum(c.outcome = 'skipped' AND c.reason LIKE 'assumed %') AS assumed, p.id AS policy_id
FROM captures c
JOIN policies p ON p.id = c.policy_id
JOIN sites s ON s.id = p.site_id
GROUP BY p.id, c.outcome;
"""

# The versions that trends are counted out of (`harvest.corpus.store_half_years`).
HALF_YEARS = """
CREATE TABLE half_years (
    policy_id INTEGER NOT NULL REFERENCES policies(id),
    place INTEGER NOT NULL,
    text_id INTEGER NOT NULL,
    began INTEGER NOT NULL,
    seen INTEGER NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (policy_id, place)
) WITHOUT ROWID;
"""

# The intervals of `harvest.corpus.store_stays`, for corpora made before there were any: the same two questions, asked
# of all policies at once. Texts found again under a second number are looked up by both.
STAYS = """
CREATE TABLE section_stays (
    lineage_id INTEGER NOT NULL,
    section_id INTEGER NOT NULL,
    policy_id INTEGER NOT NULL REFERENCES policies(id),
    first_place INTEGER NOT NULL,
    last_place INTEGER NOT NULL,
    PRIMARY KEY (lineage_id, section_id, first_place)
) WITHOUT ROWID;
CREATE TABLE clause_stays (
    clause_id INTEGER NOT NULL,
    policy_id INTEGER NOT NULL REFERENCES policies(id),
    first_place INTEGER NOT NULL,
    last_place INTEGER NOT NULL,
    PRIMARY KEY (clause_id, policy_id, first_place)
) WITHOUT ROWID;
INSERT INTO section_stays
SELECT lineage_id, section_id, policy_id, min(place), max(place) FROM (
    SELECT lineage_id, section_id, policy_id, place,
        place - row_number() OVER (PARTITION BY lineage_id, section_id ORDER BY place) AS island
    FROM (SELECT DISTINCT ts.lineage_id, ts.section_id, v.policy_id, v.place
        FROM versions v JOIN text_sections ts ON ts.text_id = v.text_id
        WHERE v.place IS NOT NULL AND ts.lineage_id IS NOT NULL))
GROUP BY lineage_id, section_id, policy_id, island;
INSERT INTO clause_stays
SELECT clause_id, policy_id, min(first_place), max(last_place) FROM (
    SELECT clause_id, policy_id, first_place, last_place, sum(breaks) OVER spell AS island FROM (
        SELECT clause_id, policy_id, first_place, last_place, first_place > 1 + coalesce(max(last_place) OVER (
            PARTITION BY clause_id, policy_id ORDER BY first_place, last_place
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), -1) AS breaks
        FROM (SELECT DISTINCT sc.clause_id, st.policy_id, st.first_place, st.last_place
            FROM section_stays st CROSS JOIN section_clauses sc ON sc.section_id = st.section_id))
    WINDOW spell AS (PARTITION BY clause_id, policy_id ORDER BY first_place, last_place ROWS UNBOUNDED PRECEDING))
GROUP BY clause_id, policy_id, island;
CREATE INDEX section_stays_section ON section_stays(section_id);
DROP INDEX versions_text;
CREATE INDEX versions_text ON versions(text_id, number);
DROP VIEW clause_presence;
CREATE VIEW clause_presence AS
SELECT st.clause_id, s.host AS site, p.kind, p.label,
       first.number AS first_version, last.number AS last_version,
       first.not_before, first.first_seen, last.last_seen, last.gone_by,
       st.policy_id
FROM clause_stays st
JOIN versions first ON first.policy_id = st.policy_id AND first.place = st.first_place
JOIN versions last ON last.policy_id = st.policy_id AND last.place = st.last_place
JOIN policies p ON p.id = st.policy_id
JOIN sites s ON s.id = p.site_id;
"""

# The packed diff of a policy's first and last text, see `harvest.corpus.store_wide`.
WIDE_DIFFS = """
CREATE TABLE wide_diffs (
    policy_id INTEGER PRIMARY KEY REFERENCES policies(id),
    before_text_id INTEGER NOT NULL,
    after_text_id INTEGER NOT NULL,
    data BLOB NOT NULL
)
"""
