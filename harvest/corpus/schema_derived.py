"""The first derived tables of a corpus, its indexes and its search."""

from __future__ import annotations

# What `harvest build` can make again from the tables above.
DERIVED_TABLES = """
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
INDEXES = """
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
SEARCH = """
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
