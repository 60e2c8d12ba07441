-- What all migrations (migrations.py) come to, in the order in which they leave it. After a new one, delete this file
-- and run tests/corpus/test_fresh.py: it is written anew, to be read and committed.

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
    valid_to TEXT, why TEXT NOT NULL DEFAULT '',
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

CREATE TABLE "body_rows" (
    id INTEGER PRIMARY KEY,
    sha256 BLOB NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    codec TEXT NOT NULL,
    base_id INTEGER REFERENCES "body_rows"(id),
    steps INTEGER NOT NULL DEFAULT 0,
    cost INTEGER NOT NULL DEFAULT 0,
    data BLOB NOT NULL
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
, turn INTEGER NOT NULL DEFAULT 0, came_from TEXT NOT NULL DEFAULT '', undone_at TEXT NOT NULL DEFAULT '', undone_by TEXT NOT NULL DEFAULT '');

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

CREATE TABLE "text_rows" (
    id INTEGER PRIMARY KEY,
    policy_id INTEGER NOT NULL REFERENCES policies(id),
    sha256 BLOB NOT NULL,
    title TEXT NOT NULL DEFAULT '',
    language TEXT NOT NULL DEFAULT '',
    words INTEGER NOT NULL DEFAULT 0,
    stated_date TEXT,
    stated_kind TEXT NOT NULL DEFAULT '',
    stated_words TEXT NOT NULL DEFAULT '',
    confidence REAL NOT NULL DEFAULT 1.0,
    structure TEXT NOT NULL DEFAULT '',
    normaliser TEXT NOT NULL, reading_grade REAL, stated_read TEXT,
    UNIQUE (policy_id, sha256)
);

CREATE TABLE lineages (
    id INTEGER PRIMARY KEY,
    policy_id INTEGER NOT NULL REFERENCES policies(id),
    slug TEXT NOT NULL,
    heading TEXT NOT NULL DEFAULT '',
    UNIQUE (policy_id, slug)
);

CREATE TABLE versions (
    id INTEGER PRIMARY KEY,
    policy_id INTEGER NOT NULL REFERENCES policies(id),
    number INTEGER NOT NULL,
    place INTEGER,
    text_id INTEGER NOT NULL REFERENCES "text_rows"(id),
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
    before_text_id INTEGER NOT NULL REFERENCES "text_rows"(id),
    after_text_id INTEGER NOT NULL REFERENCES "text_rows"(id),
    tier TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '',
    similarity REAL NOT NULL DEFAULT 1.0,
    words_added INTEGER NOT NULL DEFAULT 0,
    words_removed INTEGER NOT NULL DEFAULT 0,
    words_moved INTEGER NOT NULL DEFAULT 0,
    method TEXT NOT NULL DEFAULT '',
    UNIQUE (before_text_id, after_text_id)
);

CREATE TABLE transitions (
    id INTEGER PRIMARY KEY,
    policy_id INTEGER NOT NULL REFERENCES policies(id),
    before_version_id INTEGER NOT NULL REFERENCES versions(id),
    after_version_id INTEGER NOT NULL UNIQUE REFERENCES versions(id),
    diff_id INTEGER REFERENCES diffs(id),
    kind TEXT NOT NULL DEFAULT 'change',
    silent INTEGER,
    redated INTEGER NOT NULL DEFAULT 0
, reason TEXT NOT NULL DEFAULT '');

CREATE INDEX policy_urls_urlkey ON policy_urls(urlkey);

CREATE INDEX site_policies_policy ON site_policies(policy_id);

CREATE INDEX listings_policy ON listings(policy_id, asked_at);

CREATE INDEX listing_oddities_listing ON listing_oddities(listing_id);

CREATE INDEX bodies_base ON "body_rows"(base_id) WHERE base_id IS NOT NULL;

CREATE INDEX judgements_policy ON judgements(policy_id);

CREATE INDEX judgements_url ON judgements(url);

CREATE INDEX events_run ON events(run_id);

CREATE INDEX events_policy ON events(policy_id) WHERE policy_id IS NOT NULL;

CREATE INDEX events_capture ON events(capture_id) WHERE capture_id IS NOT NULL;

CREATE INDEX versions_place ON versions(policy_id, place);

CREATE INDEX versions_first_capture ON versions(first_capture_id);

CREATE INDEX versions_last_capture ON versions(last_capture_id);

CREATE INDEX versions_first_seen ON versions(first_seen);

CREATE INDEX versions_variant_of ON versions(variant_of) WHERE variant_of IS NOT NULL;

CREATE INDEX diffs_after ON diffs(after_text_id);

CREATE INDEX transitions_policy ON transitions(policy_id);

CREATE INDEX transitions_before ON transitions(before_version_id);

CREATE INDEX transitions_diff ON transitions(diff_id);

CREATE VIRTUAL TABLE clauses_fts USING fts5 (
    text, content="clauses", content_rowid="id", tokenize="unicode61 remove_diacritics 2"
);

CREATE VIRTUAL TABLE headings_fts USING fts5 (
    heading, content="sections", content_rowid="id", tokenize="unicode61 remove_diacritics 2"
);

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

CREATE TABLE unsettled (policy_id INTEGER PRIMARY KEY REFERENCES policies(id));

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

CREATE INDEX section_stays_section ON section_stays(section_id);

CREATE INDEX versions_text ON versions(text_id, number);

CREATE TABLE clause_rows (
    id INTEGER PRIMARY KEY,
    sha BLOB NOT NULL,
    text TEXT NOT NULL,
    markdown TEXT,
    words INTEGER NOT NULL DEFAULT 0
, like_id INTEGER REFERENCES clause_rows(id), head INTEGER, tail INTEGER);

CREATE TABLE section_rows (
    id INTEGER PRIMARY KEY,
    policy_id INTEGER NOT NULL REFERENCES policies(id),
    sha BLOB NOT NULL,
    heading TEXT NOT NULL DEFAULT '',
    heading_kind INTEGER NOT NULL DEFAULT 0,
    words INTEGER NOT NULL DEFAULT 0,
    structure BLOB NOT NULL DEFAULT ''
);

CREATE TABLE clause_runs (
    run_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    clause_id INTEGER NOT NULL REFERENCES clause_rows(id),
    form INTEGER NOT NULL DEFAULT 0,
    marker TEXT,
    PRIMARY KEY (run_id, position)
) WITHOUT ROWID;

CREATE TABLE section_parts (
    section_id INTEGER NOT NULL REFERENCES section_rows(id),
    position INTEGER NOT NULL,
    run_id INTEGER NOT NULL,
    PRIMARY KEY (section_id, position)
) WITHOUT ROWID;

CREATE TABLE section_runs (
    run_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    section_id INTEGER NOT NULL REFERENCES section_rows(id),
    lineage_id INTEGER,
    level INTEGER NOT NULL DEFAULT 0,
    number TEXT NOT NULL DEFAULT '',
    confidence INTEGER NOT NULL DEFAULT 10000,
    PRIMARY KEY (run_id, position)
) WITHOUT ROWID;

CREATE TABLE text_parts (
    text_id INTEGER NOT NULL REFERENCES text_rows(id),
    position INTEGER NOT NULL,
    run_id INTEGER NOT NULL,
    PRIMARY KEY (text_id, position)
) WITHOUT ROWID;

CREATE TABLE reasons (id INTEGER PRIMARY KEY, reason TEXT NOT NULL);

CREATE TABLE change_rows (
    id INTEGER PRIMARY KEY,
    diff_id INTEGER NOT NULL REFERENCES diffs(id),
    position INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    tier INTEGER NOT NULL DEFAULT 0,
    reason_id INTEGER NOT NULL REFERENCES reasons(id),
    before_section_id INTEGER,
    after_section_id INTEGER,
    words_added INTEGER NOT NULL DEFAULT 0,
    words_removed INTEGER NOT NULL DEFAULT 0,
    similarity INTEGER NOT NULL DEFAULT 10000
);

CREATE TABLE change_clause_rows (
    change_id INTEGER NOT NULL REFERENCES change_rows(id),
    slot INTEGER NOT NULL,
    clause_id INTEGER NOT NULL REFERENCES clause_rows(id),
    PRIMARY KEY (change_id, slot)
) WITHOUT ROWID;

CREATE INDEX clause_rows_sha ON clause_rows(substr(sha, 1, 6));

CREATE INDEX section_rows_sha ON section_rows(policy_id, substr(sha, 1, 6));

CREATE INDEX clause_runs_clause ON clause_runs(clause_id);

CREATE INDEX section_parts_run ON section_parts(run_id);

CREATE INDEX section_runs_section ON section_runs(section_id);

CREATE INDEX text_parts_run ON text_parts(run_id);

CREATE INDEX change_rows_diff ON change_rows(diff_id);

CREATE INDEX change_rows_before ON change_rows(before_section_id) WHERE kind >= 7;

CREATE INDEX change_rows_after ON change_rows(after_section_id) WHERE kind >= 7;

CREATE INDEX change_clause_rows_clause ON change_clause_rows(clause_id);

CREATE VIEW bodies AS
SELECT id, lower(hex(sha256)) AS sha256, size, codec, base_id, steps, cost, data FROM body_rows;

CREATE VIEW section_clauses AS
SELECT section_parts.section_id, section_parts.position + clause_runs.position AS position, clause_runs.clause_id,
       CASE clause_runs.form & 3 WHEN 0 THEN 'paragraph' WHEN 1 THEN 'item' WHEN 2 THEN 'row' ELSE CAST(clause_runs.form & 3 AS TEXT) END AS kind, clause_runs.form >> 2 AS depth,
       coalesce(clause_runs.marker, '') AS marker
FROM section_parts JOIN clause_runs ON clause_runs.run_id = section_parts.run_id;

CREATE VIEW text_sections AS
SELECT text_parts.text_id, text_parts.position + section_runs.position AS position, section_runs.section_id,
       section_runs.lineage_id, section_runs.level, section_runs.number,
       section_runs.confidence / 10000.0 AS confidence
FROM text_parts JOIN section_runs ON section_runs.run_id = text_parts.run_id;

CREATE VIEW changes AS
SELECT id, diff_id, position, CASE kind WHEN 0 THEN 'added' WHEN 1 THEN 'removed' WHEN 2 THEN 'edited' WHEN 3 THEN 'moved' WHEN 4 THEN 'moved-edited' WHEN 5 THEN 'split' WHEN 6 THEN 'merged' WHEN 7 THEN 'section-added' WHEN 8 THEN 'section-removed' WHEN 9 THEN 'section-moved' WHEN 10 THEN 'heading-renamed' WHEN 11 THEN 'heading-renumbered' ELSE CAST(kind AS TEXT) END AS kind,
       CASE tier WHEN 0 THEN '' WHEN 1 THEN 'typography' WHEN 2 THEN 'links' WHEN 3 THEN 'numbering' WHEN 4 THEN 'dates' WHEN 5 THEN 'contacts' WHEN 6 THEN 'order' WHEN 7 THEN 'edit' WHEN 8 THEN 'revision' WHEN 9 THEN 'rewrite' ELSE CAST(tier AS TEXT) END AS tier,
       (SELECT reasons.reason FROM reasons WHERE reasons.id = change_rows.reason_id) AS reason,
       before_section_id, after_section_id, words_added, words_removed, similarity / 10000.0 AS similarity
FROM change_rows;

CREATE VIEW change_clauses AS
SELECT change_id, CASE slot & 1 WHEN 0 THEN 'before' WHEN 1 THEN 'after' ELSE CAST(slot & 1 AS TEXT) END AS side, slot >> 1 AS position, clause_id FROM change_clause_rows;

CREATE TRIGGER headings_fts_insert AFTER INSERT ON section_rows BEGIN
    INSERT INTO headings_fts (rowid, heading) VALUES (new.id, new.heading);
END;

CREATE TRIGGER headings_fts_delete AFTER DELETE ON section_rows BEGIN
    INSERT INTO headings_fts (headings_fts, rowid, heading) VALUES ('delete', old.id, old.heading);
END;

CREATE TRIGGER headings_fts_update AFTER UPDATE OF heading ON section_rows BEGIN
    INSERT INTO headings_fts (headings_fts, rowid, heading) VALUES ('delete', old.id, old.heading);
    INSERT INTO headings_fts (rowid, heading) VALUES (new.id, new.heading);
END;

CREATE VIEW texts AS
SELECT id, policy_id, lower(hex(sha256)) AS sha256, title, language, words, stated_date, stated_kind, stated_words, confidence, structure, normaliser, reading_grade, stated_read
FROM text_rows;

CREATE VIEW history AS
SELECT s.host AS site, p.kind, p.label, v.number, v.place,
       v.not_before, v.first_seen, v.last_seen, v.gone_by,
       main.number AS variant_of, tr.kind AS transition, d.tier, d.reason,
       d.words_added, d.words_removed, d.words_moved, d.similarity, tr.silent, tr.redated,
       t.title, t.language, t.words, t.reading_grade, t.stated_date, t.sha256 AS text_sha256,
       CASE WHEN c.archive IN ('wayback', 'princeton-leuven') THEN 'https://web.archive.org'
            WHEN c.archive LIKE 'http://127.%' OR c.archive LIKE 'http://localhost%'
              OR c.archive LIKE 'http://[::1]%' THEN NULL
            WHEN c.archive LIKE 'http://%' OR c.archive LIKE 'https://%' THEN rtrim(c.archive, '/') END
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
LEFT JOIN diffs d ON d.id = tr.diff_id;

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

CREATE INDEX clause_rows_like ON clause_rows(like_id) WHERE like_id IS NOT NULL;

CREATE TRIGGER clauses_fts_insert AFTER INSERT ON clause_rows BEGIN INSERT INTO clauses_fts (rowid, text) SELECT id, text FROM clauses WHERE id = new.id; END;

CREATE TRIGGER clauses_fts_delete BEFORE DELETE ON clause_rows BEGIN INSERT INTO clauses_fts (clauses_fts, rowid, text) SELECT 'delete', id, text FROM clauses WHERE id = old.id; END;

CREATE TRIGGER clauses_fts_update BEFORE UPDATE OF text, like_id, head, tail ON clause_rows BEGIN INSERT INTO clauses_fts (clauses_fts, rowid, text) SELECT 'delete', id, text FROM clauses WHERE id = old.id; END;

CREATE TRIGGER clauses_fts_updated AFTER UPDATE OF text, like_id, head, tail ON clause_rows BEGIN INSERT INTO clauses_fts (rowid, text) SELECT id, text FROM clauses WHERE id = new.id; END;

CREATE INDEX text_rows_sha ON text_rows(substr(sha256, 1, 6));

CREATE VIEW sections AS
SELECT id, policy_id, lower(hex(sha)) AS sha256, heading,
       CASE heading_kind WHEN 0 THEN '' WHEN 1 THEN 'markup' WHEN 2 THEN 'bare' WHEN 3 THEN 'bold' WHEN 4 THEN 'bold-run-in' WHEN 5 THEN 'italic' WHEN 6 THEN 'italic-run-in' WHEN 7 THEN 'plain-run-in' WHEN 8 THEN 'capitals' WHEN 9 THEN 'colon' WHEN 10 THEN 'numbered' WHEN 11 THEN 'question' WHEN 12 THEN 'item' WHEN 13 THEN 'stopped' ELSE CAST(heading_kind AS TEXT) END AS heading_kind, words,
       CASE length(hex(structure)) WHEN 22 THEN substr(hex(structure), 1, 1) || '-' || substr(hex(structure), 2, 5) || '-' || lower(substr(hex(structure), 7)) ELSE CAST(structure AS TEXT) END AS structure
FROM section_rows;

CREATE VIEW capture_ledger AS
SELECT s.host AS site, p.kind, p.label, c.outcome, count(c.id) AS captures,
       min(c.captured_at) AS earliest, max(c.captured_at) AS latest,
       count(CASE WHEN c.outcome = 'skipped' AND c.reason LIKE 'assumed %' THEN 1 END) AS assumed, p.id AS policy_id
FROM captures c
JOIN policies p ON p.id = c.policy_id
JOIN sites s ON s.id = p.site_id
GROUP BY p.id, c.outcome, s.host, p.kind, p.label;

CREATE VIEW change_log AS
SELECT s.host AS site, p.kind AS policy_kind, p.label,
       after.number AS version, after.not_before, after.first_seen AS not_later_than,
       coalesce(sa.heading, sb.heading) AS heading, sb.heading AS heading_before, sa.heading AS heading_after,
       ch.kind, ch.tier, ch.reason,
       (SELECT group_concat(text, '

') FROM (
           SELECT c.text FROM change_clauses cc JOIN clauses c ON c.id = cc.clause_id
           WHERE cc.change_id = ch.id AND cc.side = 'before' ORDER BY cc.position)) AS before_text,
       (SELECT group_concat(text, '

') FROM (
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
WHERE tr.kind <> 'technical';

CREATE VIEW section_text AS
SELECT s.host AS site, p.kind, p.label, v.number AS version, v.first_seen, v.last_seen,
       ts.position, ts.level, ts.number, sec.heading, l.slug AS lineage,
       (SELECT group_concat(text, '

') FROM (
           SELECT c.text FROM section_clauses sc JOIN clauses c ON c.id = sc.clause_id
           WHERE sc.section_id = sec.id ORDER BY sc.position)) AS text,
       sec.words, v.variant_of IS NOT NULL AS is_variant,
       sec.id AS section_id, ts.lineage_id, v.id AS version_id, v.text_id, p.id AS policy_id
FROM versions v
JOIN policies p ON p.id = v.policy_id
JOIN sites s ON s.id = p.site_id
JOIN text_sections ts ON ts.text_id = v.text_id
JOIN sections sec ON sec.id = ts.section_id
LEFT JOIN lineages l ON l.id = ts.lineage_id;

CREATE VIEW version_text AS
SELECT s.host AS site, p.kind, p.label, v.number AS version,
       v.not_before, v.first_seen, v.last_seen, v.gone_by, t.title, t.language, t.stated_date, t.words,
       (SELECT group_concat(line, '

') FROM (
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
JOIN texts t ON t.id = v.text_id;

CREATE TABLE link_targets (id INTEGER PRIMARY KEY, url TEXT NOT NULL);

CREATE TABLE clause_links (
    clause_id INTEGER NOT NULL REFERENCES clause_rows(id),
    position INTEGER NOT NULL,
    start INTEGER NOT NULL,
    gap INTEGER NOT NULL,
    length INTEGER NOT NULL,
    target_id INTEGER NOT NULL,
    PRIMARY KEY (clause_id, position)
) WITHOUT ROWID;

CREATE INDEX link_targets_ends ON link_targets(substr(url, 13, 20) || substr(url, -8));

CREATE TRIGGER clause_links_delete AFTER DELETE ON clause_rows BEGIN
    DELETE FROM clause_links WHERE clause_id = old.id;
END;

CREATE VIEW clauses AS
SELECT id, lower(hex(sha)) AS sha256,
       CASE WHEN like_id IS NULL THEN text ELSE (
           SELECT substr(other.text, 1, clause_rows.head) || clause_rows.text
               || substr(other.text, length(other.text) + 1 - clause_rows.tail)
           FROM clause_rows other WHERE other.id = clause_rows.like_id) END AS text,
       CASE markdown WHEN '' THEN (
           SELECT group_concat(piece, '') || substr(max(whole), max(past)) FROM (
               SELECT substr(whole, links.start - links.gap, links.gap)
                       || '[' || substr(whole, links.start, links.length) || '](' || link_targets.url || ')' AS piece,
                   whole, links.start + links.length AS past
               FROM (SELECT CASE WHEN like_id IS NULL THEN text ELSE (
           SELECT substr(other.text, 1, clause_rows.head) || clause_rows.text
               || substr(other.text, length(other.text) + 1 - clause_rows.tail)
           FROM clause_rows other WHERE other.id = clause_rows.like_id) END AS whole) CROSS JOIN clause_links links
               JOIN link_targets ON link_targets.id = links.target_id
               WHERE links.clause_id = clause_rows.id ORDER BY links.position)) ELSE markdown END AS markdown,
       words
FROM clause_rows;

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
    body_id INTEGER REFERENCES "body_rows"(id),
    text_id INTEGER REFERENCES "text_rows"(id),
    version_id INTEGER REFERENCES versions(id)
);

CREATE INDEX captures_body ON captures(body_id) WHERE body_id IS NOT NULL;

CREATE INDEX captures_outcome ON captures(policy_id, outcome);

CREATE INDEX captures_policy ON captures(policy_id, captured_at);

CREATE INDEX captures_text ON captures(text_id) WHERE text_id IS NOT NULL;

CREATE INDEX captures_urlkey ON captures(urlkey);

CREATE INDEX captures_version ON captures(version_id) WHERE version_id IS NOT NULL;

CREATE INDEX captures_second ON captures(policy_id, timestamp);

CREATE TRIGGER captures_once BEFORE INSERT ON captures WHEN EXISTS (
    SELECT 1 FROM captures held WHERE held.policy_id = new.policy_id AND held.archive = new.archive AND held.url = new.url AND held.timestamp = new.timestamp AND held.digest = new.digest AND held.statuscode = new.statuscode)
BEGIN
    SELECT RAISE(IGNORE);
END;

CREATE TRIGGER captures_stay_once BEFORE UPDATE OF policy_id, archive, url, timestamp, digest, statuscode ON captures
WHEN EXISTS (
    SELECT 1 FROM captures held WHERE held.policy_id = new.policy_id AND held.archive = new.archive AND held.url = new.url AND held.timestamp = new.timestamp AND held.digest = new.digest AND held.statuscode = new.statuscode AND held.id <> new.id)
BEGIN
    SELECT RAISE(ABORT, 'two captures of a policy would be the same');
END;

CREATE INDEX reasons_ends ON reasons(length(reason) || substr(reason, 1, 3) || substr(reason, -4));

CREATE TABLE half_years (
    policy_id INTEGER NOT NULL REFERENCES policies(id),
    place INTEGER NOT NULL,
    text_id INTEGER NOT NULL,
    began INTEGER NOT NULL,
    seen INTEGER NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (policy_id, place)
) WITHOUT ROWID;

CREATE TABLE wide_diffs (
    policy_id INTEGER PRIMARY KEY REFERENCES policies(id),
    before_text_id INTEGER NOT NULL,
    after_text_id INTEGER NOT NULL,
    data BLOB NOT NULL
);

CREATE INDEX diffs_tier ON diffs(tier);

INSERT INTO _sqlite_migrations (migration_set, name, applied_at)
VALUES ('corpus', 'm001_corpus', strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now'));

INSERT INTO _sqlite_migrations (migration_set, name, applied_at)
VALUES ('corpus', 'm005_words_and_pointers', strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now'));

INSERT INTO _sqlite_migrations (migration_set, name, applied_at)
VALUES ('corpus', 'm008_archive_links', strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now'));

INSERT INTO _sqlite_migrations (migration_set, name, applied_at)
VALUES ('corpus', 'm006_unsettled', strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now'));

INSERT INTO _sqlite_migrations (migration_set, name, applied_at)
VALUES ('corpus', 'm002_reading_grade', strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now'));

INSERT INTO _sqlite_migrations (migration_set, name, applied_at)
VALUES ('corpus', 'm003_reasons', strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now'));

INSERT INTO _sqlite_migrations (migration_set, name, applied_at)
VALUES ('corpus', 'm013_stays', strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now'));

INSERT INTO _sqlite_migrations (migration_set, name, applied_at)
VALUES ('corpus', 'm010_dates_by_history', strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now'));

INSERT INTO _sqlite_migrations (migration_set, name, applied_at)
VALUES ('corpus', 'm009_compact', strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now'));

INSERT INTO _sqlite_migrations (migration_set, name, applied_at)
VALUES ('corpus', 'm014_likeness', strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now'));

INSERT INTO _sqlite_migrations (migration_set, name, applied_at)
VALUES ('corpus', 'm015_ranks', strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now'));

INSERT INTO _sqlite_migrations (migration_set, name, applied_at)
VALUES ('corpus', 'm016_duckdb', strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now'));

INSERT INTO _sqlite_migrations (migration_set, name, applied_at)
VALUES ('corpus', 'm017_clause_links', strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now'));

INSERT INTO _sqlite_migrations (migration_set, name, applied_at)
VALUES ('corpus', 'm018_captures_once', strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now'));

INSERT INTO _sqlite_migrations (migration_set, name, applied_at)
VALUES ('corpus', 'm019_reasons', strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now'));

INSERT INTO _sqlite_migrations (migration_set, name, applied_at)
VALUES ('corpus', 'm020_half_years', strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now'));

INSERT INTO _sqlite_migrations (migration_set, name, applied_at)
VALUES ('corpus', 'm021_wide_diffs', strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now'));

INSERT INTO _sqlite_migrations (migration_set, name, applied_at)
VALUES ('corpus', 'm022_tiers', strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now'));

PRAGMA application_id = 1349470305;
