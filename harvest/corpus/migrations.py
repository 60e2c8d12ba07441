"""Shape of the corpus, as ``sqlite_utils.Migrations``.

``Store.open`` applies what is pending; ``harvest migrate`` shows it; so does
``sqlite-utils migrate corpus.db harvest/corpus/migrations.py --list`` (which executes this file by itself: no
relative imports here). Migrations move shape only; derived content is rebuilt by ``harvest build``. Never edit one
that has shipped.
"""

from __future__ import annotations

import sqlite3

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from harvest.corpus.captures_once import keep_captures_once
from harvest.corpus.clause_links import part_links
from harvest.corpus.compact import compact, pack_ranks, show_sections
from harvest.corpus.likeness import shorten_clauses

migrations = Migrations("corpus")

#: ``PRAGMA application_id`` of a corpus ("PoHa"): tells our files from other people's SQLite databases.
APPLICATION_ID = 0x506F4861

# What cannot be recomputed: what was asked, what came back, what a person decided.
_SOURCE_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE sites (
    id INTEGER PRIMARY KEY,
    host TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL DEFAULT ''
);
CREATE TABLE policies (
    id INTEGER PRIMARY KEY,
    site_id INTEGER NOT NULL REFERENCES sites(id),
    kind TEXT NOT NULL,
    label TEXT NOT NULL DEFAULT '',
    UNIQUE (site_id, kind, label)
);
CREATE TABLE site_policies (
    site_id INTEGER NOT NULL REFERENCES sites(id),
    policy_id INTEGER NOT NULL REFERENCES policies(id),
    evidence TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (site_id, policy_id)
) WITHOUT ROWID;
CREATE TABLE policy_urls (
    policy_id INTEGER NOT NULL REFERENCES policies(id),
    url TEXT NOT NULL,
    urlkey TEXT NOT NULL,
    role TEXT NOT NULL DEFAULT 'current',
    evidence TEXT NOT NULL DEFAULT 'given',
    valid_from TEXT,
    valid_to TEXT,
    PRIMARY KEY (policy_id, url)
) WITHOUT ROWID;
CREATE TABLE listings (
    id INTEGER PRIMARY KEY,
    policy_id INTEGER NOT NULL REFERENCES policies(id),
    archive TEXT NOT NULL,
    url TEXT NOT NULL,
    asked_at TEXT NOT NULL,
    from_ts TEXT NOT NULL DEFAULT '',
    to_ts TEXT NOT NULL DEFAULT '',
    outcome TEXT NOT NULL,
    message TEXT NOT NULL DEFAULT '',
    rows INTEGER NOT NULL DEFAULT 0,
    added INTEGER NOT NULL DEFAULT 0,
    known INTEGER NOT NULL DEFAULT 0,
    repeated INTEGER NOT NULL DEFAULT 0,
    malformed INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE listing_oddities (
    listing_id INTEGER NOT NULL REFERENCES listings(id),
    line TEXT NOT NULL,
    why TEXT NOT NULL
);
CREATE TABLE bodies (
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    codec TEXT NOT NULL,
    base_id INTEGER REFERENCES bodies(id),
    steps INTEGER NOT NULL DEFAULT 0,
    cost INTEGER NOT NULL DEFAULT 0,
    data BLOB NOT NULL
);
CREATE TABLE captures (
    id INTEGER PRIMARY KEY,
    policy_id INTEGER NOT NULL REFERENCES policies(id),
    archive TEXT NOT NULL,
    url TEXT NOT NULL,
    urlkey TEXT NOT NULL,
    timestamp TEXT NOT NULL,
    captured_at TEXT NOT NULL,
    approximate INTEGER NOT NULL DEFAULT 0,
    mimetype TEXT NOT NULL DEFAULT '',
    statuscode TEXT NOT NULL DEFAULT '',
    digest TEXT NOT NULL DEFAULT '',
    length INTEGER,
    form TEXT NOT NULL DEFAULT 'raw',
    outcome TEXT NOT NULL DEFAULT 'listed',
    reason TEXT NOT NULL DEFAULT '',
    wanted INTEGER NOT NULL DEFAULT 0,
    page_kind TEXT NOT NULL DEFAULT '',
    attempts INTEGER NOT NULL DEFAULT 0,
    fetched_at TEXT,
    landed_timestamp TEXT NOT NULL DEFAULT '',
    landed_url TEXT NOT NULL DEFAULT '',
    status INTEGER,
    headers TEXT NOT NULL DEFAULT '',
    encoding TEXT NOT NULL DEFAULT '',
    body_id INTEGER REFERENCES bodies(id),
    text_id INTEGER REFERENCES texts(id),
    version_id INTEGER REFERENCES versions(id),
    UNIQUE (policy_id, archive, url, timestamp, digest, statuscode)
);
CREATE TABLE judgements (
    id INTEGER PRIMARY KEY,
    policy_id INTEGER NOT NULL REFERENCES policies(id),
    verdict TEXT NOT NULL,
    archive TEXT NOT NULL DEFAULT '',
    url TEXT NOT NULL DEFAULT '',
    timestamp TEXT NOT NULL DEFAULT '',
    decided_by TEXT NOT NULL DEFAULT '',
    decided_at TEXT NOT NULL,
    why TEXT NOT NULL DEFAULT ''
);
CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    command TEXT NOT NULL,
    settings TEXT NOT NULL DEFAULT '{}',
    program TEXT NOT NULL DEFAULT '',
    started_at TEXT NOT NULL,
    ended_at TEXT,
    outcome TEXT NOT NULL DEFAULT 'running'
);
CREATE TABLE events (
    id INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES runs(id),
    at TEXT NOT NULL,
    stage TEXT NOT NULL,
    level TEXT NOT NULL DEFAULT 'info',
    policy_id INTEGER REFERENCES policies(id),
    capture_id INTEGER REFERENCES captures(id),
    message TEXT NOT NULL
);
"""

# What `harvest build` can make again from the tables above.
_DERIVED_TABLES = """
CREATE TABLE texts (
    id INTEGER PRIMARY KEY,
    policy_id INTEGER NOT NULL REFERENCES policies(id),
    sha256 TEXT NOT NULL,
    title TEXT NOT NULL DEFAULT '',
    language TEXT NOT NULL DEFAULT '',
    words INTEGER NOT NULL DEFAULT 0,
    stated_date TEXT,
    stated_kind TEXT NOT NULL DEFAULT '',
    stated_words TEXT NOT NULL DEFAULT '',
    confidence REAL NOT NULL DEFAULT 1.0,
    structure TEXT NOT NULL DEFAULT '',
    normaliser TEXT NOT NULL,
    UNIQUE (policy_id, sha256)
);
CREATE TABLE lineages (
    id INTEGER PRIMARY KEY,
    policy_id INTEGER NOT NULL REFERENCES policies(id),
    slug TEXT NOT NULL,
    heading TEXT NOT NULL DEFAULT '',
    UNIQUE (policy_id, slug)
);
CREATE TABLE sections (
    id INTEGER PRIMARY KEY,
    policy_id INTEGER NOT NULL REFERENCES policies(id),
    sha256 TEXT NOT NULL,
    heading TEXT NOT NULL DEFAULT '',
    heading_kind TEXT NOT NULL DEFAULT '',
    words INTEGER NOT NULL DEFAULT 0,
    structure TEXT NOT NULL DEFAULT '',
    UNIQUE (policy_id, sha256)
);
CREATE TABLE text_sections (
    text_id INTEGER NOT NULL REFERENCES texts(id),
    position INTEGER NOT NULL,
    section_id INTEGER NOT NULL REFERENCES sections(id),
    lineage_id INTEGER REFERENCES lineages(id),
    level INTEGER NOT NULL DEFAULT 0,
    number TEXT NOT NULL DEFAULT '',
    confidence REAL NOT NULL DEFAULT 1.0,
    PRIMARY KEY (text_id, position)
) WITHOUT ROWID;
CREATE TABLE clauses (
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE,
    text TEXT NOT NULL,
    markdown TEXT,
    words INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE section_clauses (
    section_id INTEGER NOT NULL REFERENCES sections(id),
    position INTEGER NOT NULL,
    clause_id INTEGER NOT NULL REFERENCES clauses(id),
    kind TEXT NOT NULL DEFAULT 'paragraph',
    depth INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (section_id, position)
) WITHOUT ROWID;
CREATE TABLE versions (
    id INTEGER PRIMARY KEY,
    policy_id INTEGER NOT NULL REFERENCES policies(id),
    number INTEGER NOT NULL,
    place INTEGER,
    text_id INTEGER NOT NULL REFERENCES texts(id),
    first_capture_id INTEGER NOT NULL REFERENCES captures(id),
    last_capture_id INTEGER NOT NULL REFERENCES captures(id),
    not_before TEXT,
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    gone_by TEXT,
    variant_of INTEGER REFERENCES versions(id),
    UNIQUE (policy_id, number)
);
CREATE TABLE diffs (
    id INTEGER PRIMARY KEY,
    before_text_id INTEGER NOT NULL REFERENCES texts(id),
    after_text_id INTEGER NOT NULL REFERENCES texts(id),
    tier TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '',
    similarity REAL NOT NULL DEFAULT 1.0,
    words_added INTEGER NOT NULL DEFAULT 0,
    words_removed INTEGER NOT NULL DEFAULT 0,
    words_moved INTEGER NOT NULL DEFAULT 0,
    method TEXT NOT NULL DEFAULT '',
    UNIQUE (before_text_id, after_text_id)
);
CREATE TABLE changes (
    id INTEGER PRIMARY KEY,
    diff_id INTEGER NOT NULL REFERENCES diffs(id),
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    tier TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '',
    before_section_id INTEGER REFERENCES sections(id),
    after_section_id INTEGER REFERENCES sections(id),
    words_added INTEGER NOT NULL DEFAULT 0,
    words_removed INTEGER NOT NULL DEFAULT 0,
    similarity REAL NOT NULL DEFAULT 1.0,
    UNIQUE (diff_id, position)
);
CREATE TABLE change_clauses (
    change_id INTEGER NOT NULL REFERENCES changes(id),
    side TEXT NOT NULL,
    position INTEGER NOT NULL,
    clause_id INTEGER NOT NULL REFERENCES clauses(id),
    PRIMARY KEY (change_id, side, position)
) WITHOUT ROWID;
CREATE TABLE transitions (
    id INTEGER PRIMARY KEY,
    policy_id INTEGER NOT NULL REFERENCES policies(id),
    before_version_id INTEGER NOT NULL REFERENCES versions(id),
    after_version_id INTEGER NOT NULL UNIQUE REFERENCES versions(id),
    diff_id INTEGER REFERENCES diffs(id),
    kind TEXT NOT NULL DEFAULT 'change',
    silent INTEGER,
    redated INTEGER NOT NULL DEFAULT 0
);
"""

# One index for every foreign key that is looked up from the other end, and for the order pages show.
_INDEXES = """
CREATE INDEX policy_urls_urlkey ON policy_urls(urlkey);
CREATE INDEX site_policies_policy ON site_policies(policy_id);
CREATE INDEX listings_policy ON listings(policy_id, asked_at);
CREATE INDEX listing_oddities_listing ON listing_oddities(listing_id);
CREATE INDEX bodies_base ON bodies(base_id) WHERE base_id IS NOT NULL;
CREATE INDEX captures_policy ON captures(policy_id, captured_at);
CREATE INDEX captures_outcome ON captures(policy_id, outcome);
CREATE INDEX captures_urlkey ON captures(urlkey);
CREATE INDEX captures_body ON captures(body_id) WHERE body_id IS NOT NULL;
CREATE INDEX captures_text ON captures(text_id) WHERE text_id IS NOT NULL;
CREATE INDEX captures_version ON captures(version_id) WHERE version_id IS NOT NULL;
CREATE INDEX judgements_policy ON judgements(policy_id);
CREATE INDEX judgements_url ON judgements(url);
CREATE INDEX events_run ON events(run_id);
CREATE INDEX events_policy ON events(policy_id) WHERE policy_id IS NOT NULL;
CREATE INDEX events_capture ON events(capture_id) WHERE capture_id IS NOT NULL;
CREATE INDEX texts_sha256 ON texts(sha256);
CREATE INDEX text_sections_section ON text_sections(section_id);
CREATE INDEX text_sections_lineage ON text_sections(lineage_id);
CREATE INDEX section_clauses_clause ON section_clauses(clause_id);
CREATE INDEX versions_place ON versions(policy_id, place);
CREATE INDEX versions_text ON versions(text_id);
CREATE INDEX versions_first_capture ON versions(first_capture_id);
CREATE INDEX versions_last_capture ON versions(last_capture_id);
CREATE INDEX versions_first_seen ON versions(first_seen);
CREATE INDEX versions_variant_of ON versions(variant_of) WHERE variant_of IS NOT NULL;
CREATE INDEX diffs_after ON diffs(after_text_id);
CREATE INDEX changes_before_section ON changes(before_section_id) WHERE before_section_id IS NOT NULL;
CREATE INDEX changes_after_section ON changes(after_section_id) WHERE after_section_id IS NOT NULL;
CREATE INDEX change_clauses_clause ON change_clauses(clause_id, side);
CREATE INDEX transitions_policy ON transitions(policy_id);
CREATE INDEX transitions_before ON transitions(before_version_id);
CREATE INDEX transitions_diff ON transitions(diff_id);
"""

# External content: the words live in `clauses` and `sections` only. Triggers keep both in step with any writer.
# Stemming is off, so that a phrase is found as it was written; accents do not count.
_SEARCH = """
CREATE VIRTUAL TABLE clauses_fts USING fts5 (
    text, content="clauses", content_rowid="id", tokenize="unicode61 remove_diacritics 2"
);
CREATE TRIGGER clauses_fts_insert AFTER INSERT ON clauses BEGIN
    INSERT INTO clauses_fts (rowid, text) VALUES (new.id, new.text);
END;
CREATE TRIGGER clauses_fts_delete AFTER DELETE ON clauses BEGIN
    INSERT INTO clauses_fts (clauses_fts, rowid, text) VALUES ('delete', old.id, old.text);
END;
CREATE TRIGGER clauses_fts_update AFTER UPDATE OF text ON clauses BEGIN
    INSERT INTO clauses_fts (clauses_fts, rowid, text) VALUES ('delete', old.id, old.text);
    INSERT INTO clauses_fts (rowid, text) VALUES (new.id, new.text);
END;
CREATE VIRTUAL TABLE headings_fts USING fts5 (
    heading, content="sections", content_rowid="id", tokenize="unicode61 remove_diacritics 2"
);
CREATE TRIGGER headings_fts_insert AFTER INSERT ON sections BEGIN
    INSERT INTO headings_fts (rowid, heading) VALUES (new.id, new.heading);
END;
CREATE TRIGGER headings_fts_delete AFTER DELETE ON sections BEGIN
    INSERT INTO headings_fts (headings_fts, rowid, heading) VALUES ('delete', old.id, old.heading);
END;
CREATE TRIGGER headings_fts_update AFTER UPDATE OF heading ON sections BEGIN
    INSERT INTO headings_fts (headings_fts, rowid, heading) VALUES ('delete', old.id, old.heading);
    INSERT INTO headings_fts (rowid, heading) VALUES (new.id, new.heading);
END;
"""

_VIEW_CAPTURE_LEDGER = """
CREATE VIEW capture_ledger AS
SELECT s.host AS site, p.kind, p.label, c.outcome, count(*) AS captures,
       min(c.captured_at) AS earliest, max(c.captured_at) AS latest, p.id AS policy_id
FROM captures c
JOIN policies p ON p.id = c.policy_id
JOIN sites s ON s.id = p.site_id
GROUP BY p.id, c.outcome
"""

# `variant_of` is the number of the main version; NULL on the main line.
_VIEW_HISTORY = """
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
_VIEW_CHANGE_LOG = """
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
_VIEW_SECTION_TEXT = """
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

_VIEW_VERSION_TEXT = """
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
_VIEW_CLAUSE_PRESENCE = """
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

_VIEWS = (
    _VIEW_CAPTURE_LEDGER,
    _VIEW_HISTORY,
    _VIEW_CHANGE_LOG,
    _VIEW_SECTION_TEXT,
    _VIEW_VERSION_TEXT,
    _VIEW_CLAUSE_PRESENCE,
)


@migrations()
def m001_corpus(db: Database) -> None:
    """Create every table, index, search index and view."""
    for script in (_SOURCE_TABLES, _DERIVED_TABLES, _INDEXES, _SEARCH):
        for statement in _statements(script):
            db.conn.execute(statement)
    for view in _VIEWS:
        db.conn.execute(view)
    db.conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")


# What a person said and took back, what was taken down, and what pointed at a policy. `turn` orders words of one
# second on one subject; `came_from` is the policy (host/kind:label) an address is given back to when a word is undone.
_WORDS_AND_POINTERS = """
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


@migrations()
def m005_words_and_pointers(db: Database) -> None:
    """Let judgements be undone, take-downs be remembered, and discoveries keep their evidence."""
    for statement in _statements(_WORDS_AND_POINTERS):
        db.conn.execute(statement)


def _statements(script: str) -> list[str]:
    """Split a script as SQLite reads it: triggers hold semicolons of their own."""
    statements, pending = [], ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            statements.append(pending)
            pending = ""
    return statements


# A link to the archive stands only where anybody can follow it: captures out of a WARC file, the sample or an archive
# on this computer (the simulator) have none. Until 2026-11 they got one of web.archive.org that led nowhere.
_ARCHIVE_URL = """
       CASE WHEN c.archive IN ('wayback', 'princeton-leuven') THEN 'https://web.archive.org'
            WHEN c.archive LIKE 'http://127.%' OR c.archive LIKE 'http://localhost%'
              OR c.archive LIKE 'http://[::1]%' THEN NULL
            WHEN c.archive LIKE 'http://%' OR c.archive LIKE 'https://%' THEN rtrim(c.archive, '/') END
           || '/web/' || coalesce(nullif(c.landed_timestamp, ''), c.timestamp)
           || '/' || coalesce(nullif(c.landed_url, ''), c.url) AS archive_url,
"""


@migrations()
def m008_archive_links(db: Database) -> None:
    """Link captures only to archives that others can reach."""
    begin, end = _VIEW_HISTORY.index("       CASE WHEN c.archive"), _VIEW_HISTORY.index("       v.id AS version_id")
    db.conn.execute("DROP VIEW history")
    db.conn.execute(_VIEW_HISTORY[:begin] + _ARCHIVE_URL.lstrip("\n") + _VIEW_HISTORY[end:])


@migrations()
def m006_unsettled(db: Database) -> None:
    """Note which policies have captures that their versions and transitions do not follow yet."""
    db.conn.execute("CREATE TABLE unsettled (policy_id INTEGER PRIMARY KEY REFERENCES policies(id))")


@migrations()
def m002_reading_grade(db: Database) -> None:
    """Store how hard each text is to read; texts get it when they are recorded or built the next time."""
    db.conn.execute("ALTER TABLE texts ADD COLUMN reading_grade REAL")
    (sql,) = db.conn.execute("SELECT sql FROM sqlite_master WHERE type = 'view' AND name = 'history'").fetchone()
    db.conn.execute("DROP VIEW history")
    db.conn.execute(sql.replace("t.words, t.stated_date,", "t.words, t.reading_grade, t.stated_date,", 1))


@migrations()
def m003_reasons(db: Database) -> None:
    """Say of a technical transition why it is one."""
    db.conn.execute("ALTER TABLE transitions ADD COLUMN reason TEXT NOT NULL DEFAULT ''")


# The intervals of `harvest.corpus.store_stays`, for corpora made before there were any: the same two questions, asked
# of all policies at once. Texts found again under a second number are looked up by both.
_STAYS = """
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


@migrations()
def m013_stays(db: Database) -> None:
    """Keep from where to where clauses and sections stood: what pages ask most, without joining what texts hold."""
    for statement in _statements(_STAYS):
        db.conn.execute(statement)


@migrations()
def m010_dates_by_history(db: Database) -> None:
    """Keep what a page alone says of its date where the history of the policy reads the numbers in the other order."""
    db.conn.execute("ALTER TABLE texts ADD COLUMN stated_read TEXT")


@migrations()
def m009_compact(db: Database) -> None:
    """Keep digests as bytes, words as numbers and lists as shared runs, under views of the names there were."""
    compact(db.conn)


@migrations()
def m014_likeness(db: Database) -> None:
    """Keep of a clause only what tells it from one that it is like."""
    shorten_clauses(db.conn)


@migrations()
def m015_ranks(db: Database) -> None:
    """Keep the order of preference of sections as bytes, and of digests of texts what is looked up."""
    pack_ranks(db.conn)


# DuckDB takes the columns of a table for what they are declared as, and reads views by itself: bytes declared as text
# stop it, and so do `char(10)`, `count(*)`, `length` of bytes and a `GROUP BY` without all that is shown.
_BYTES = {"body_rows": "sha256", "text_rows": "sha256", "section_rows": "structure"}
_VIEW_OF_OUTCOMES = """
CREATE VIEW capture_ledger AS
SELECT s.host AS site, p.kind, p.label, c.outcome, count(c.id) AS captures,
       min(c.captured_at) AS earliest, max(c.captured_at) AS latest,
       count(CASE WHEN c.outcome = 'skipped' AND c.reason LIKE 'assumed %' THEN 1 END) AS assumed, p.id AS policy_id
FROM captures c
JOIN policies p ON p.id = c.policy_id
JOIN sites s ON s.id = p.site_id
GROUP BY p.id, c.outcome, s.host, p.kind, p.label
"""


@migrations()
def m016_duckdb(db: Database) -> None:
    """Have DuckDB read every table and view."""
    try:
        db.conn.execute("PRAGMA writable_schema = ON")
        for table, column in _BYTES.items():
            db.conn.execute(
                f"UPDATE sqlite_master SET sql = replace(sql, '{column} TEXT', '{column} BLOB') WHERE name = ?",
                (table,),
            )
    except sqlite3.OperationalError:  # the SQLite of macOS refuses; what SQLite reads is the same either way
        pass
    finally:
        db.conn.execute("PRAGMA writable_schema = RESET")
    show_sections(db.conn)
    for name, view in (
        ("capture_ledger", _VIEW_OF_OUTCOMES),
        ("change_log", _VIEW_CHANGE_LOG),
        ("section_text", _VIEW_SECTION_TEXT),
        ("version_text", _VIEW_VERSION_TEXT),
    ):
        db.conn.execute(f"DROP VIEW {name}")
        db.conn.execute(view.replace("char(10) || char(10)", "'\n\n'"))


@migrations()
def m017_clause_links(db: Database) -> None:
    """Keep the links of a clause beside its words in the place of all its words with the links in them."""
    part_links(db.conn)


@migrations()
def m018_captures_once(db: Database) -> None:
    """Keep captures apart without an index of all that tells them apart."""
    keep_captures_once(db.conn)
