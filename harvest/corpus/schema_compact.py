"""The compact tables of a corpus, and the views that carry the names of the schema, as they were made first."""

from __future__ import annotations

from harvest.corpus import codes
from harvest.corpus.codes import shown

TABLES = """
CREATE TABLE clause_rows (
    id INTEGER PRIMARY KEY,
    sha BLOB NOT NULL,
    text TEXT NOT NULL,
    markdown TEXT,
    words INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE section_rows (
    id INTEGER PRIMARY KEY,
    policy_id INTEGER NOT NULL REFERENCES policies(id),
    sha BLOB NOT NULL,
    heading TEXT NOT NULL DEFAULT '',
    heading_kind INTEGER NOT NULL DEFAULT 0,
    words INTEGER NOT NULL DEFAULT 0,
    structure TEXT NOT NULL DEFAULT ''
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
"""

# What is asked by section are changes of whole sections and of headings, whose kinds have the numbers from 7 on.
INDEXES = """
CREATE INDEX clause_rows_sha ON clause_rows(substr(sha, 1, 6));
CREATE INDEX section_rows_sha ON section_rows(policy_id, substr(sha, 1, 6));
CREATE INDEX text_rows_sha ON text_rows(sha256);
CREATE INDEX clause_runs_clause ON clause_runs(clause_id);
CREATE INDEX section_parts_run ON section_parts(run_id);
CREATE INDEX section_runs_section ON section_runs(section_id);
CREATE INDEX text_parts_run ON text_parts(run_id);
CREATE INDEX reasons_ends ON reasons(substr(reason, 1, 3) || substr(reason, -4));
CREATE INDEX change_rows_diff ON change_rows(diff_id);
CREATE INDEX change_rows_before ON change_rows(before_section_id) WHERE kind >= 7;
CREATE INDEX change_rows_after ON change_rows(after_section_id) WHERE kind >= 7;
CREATE INDEX change_clause_rows_clause ON change_clause_rows(clause_id);
"""

VIEWS = (
    """CREATE VIEW bodies AS
SELECT id, lower(hex(sha256)) AS sha256, size, codec, base_id, steps, cost, data FROM body_rows""",
    """CREATE VIEW clauses AS
SELECT id, lower(hex(sha)) AS sha256, text, markdown, words FROM clause_rows""",
    f"""CREATE VIEW sections AS
SELECT id, policy_id, lower(hex(sha)) AS sha256, heading,
       {shown("heading_kind", codes.HEADING_KINDS)} AS heading_kind, words, structure
FROM section_rows""",
    f"""CREATE VIEW section_clauses AS
SELECT section_parts.section_id, section_parts.position + clause_runs.position AS position, clause_runs.clause_id,
       {shown("clause_runs.form & 3", codes.CLAUSE_KINDS)} AS kind, clause_runs.form >> 2 AS depth,
       coalesce(clause_runs.marker, '') AS marker
FROM section_parts JOIN clause_runs ON clause_runs.run_id = section_parts.run_id""",
    f"""CREATE VIEW text_sections AS
SELECT text_parts.text_id, text_parts.position + section_runs.position AS position, section_runs.section_id,
       section_runs.lineage_id, section_runs.level, section_runs.number,
       section_runs.confidence / {codes.SHARE}.0 AS confidence
FROM text_parts JOIN section_runs ON section_runs.run_id = text_parts.run_id""",
    f"""CREATE VIEW changes AS
SELECT id, diff_id, position, {shown("kind", codes.CHANGE_KINDS)} AS kind,
       {shown("tier", codes.TIERS)} AS tier,
       (SELECT reasons.reason FROM reasons WHERE reasons.id = change_rows.reason_id) AS reason,
       before_section_id, after_section_id, words_added, words_removed, similarity / {codes.SHARE}.0 AS similarity
FROM change_rows""",
    f"""CREATE VIEW change_clauses AS
SELECT change_id, {shown("slot & 1", codes.SIDES)} AS side, slot >> 1 AS position, clause_id FROM change_clause_rows""",
)

# As before, but with the words of a clause read through the view: a row may hold only what tells it from another one.
TRIGGERS = (
    """CREATE TRIGGER clauses_fts_insert AFTER INSERT ON clause_rows BEGIN
    INSERT INTO clauses_fts (rowid, text) VALUES (new.id, new.text);
END""",
    """CREATE TRIGGER clauses_fts_delete AFTER DELETE ON clause_rows BEGIN
    INSERT INTO clauses_fts (clauses_fts, rowid, text) VALUES ('delete', old.id, old.text);
END""",
    """CREATE TRIGGER clauses_fts_update AFTER UPDATE OF text ON clause_rows BEGIN
    INSERT INTO clauses_fts (clauses_fts, rowid, text) VALUES ('delete', old.id, old.text);
    INSERT INTO clauses_fts (rowid, text) VALUES (new.id, new.text);
END""",
    """CREATE TRIGGER headings_fts_insert AFTER INSERT ON section_rows BEGIN
    INSERT INTO headings_fts (rowid, heading) VALUES (new.id, new.heading);
END""",
    """CREATE TRIGGER headings_fts_delete AFTER DELETE ON section_rows BEGIN
    INSERT INTO headings_fts (headings_fts, rowid, heading) VALUES ('delete', old.id, old.heading);
END""",
    """CREATE TRIGGER headings_fts_update AFTER UPDATE OF heading ON section_rows BEGIN
    INSERT INTO headings_fts (headings_fts, rowid, heading) VALUES ('delete', old.id, old.heading);
    INSERT INTO headings_fts (rowid, heading) VALUES (new.id, new.heading);
END""",
)
