"""The first tables of a corpus that cannot be recomputed."""

from __future__ import annotations

# What cannot be recomputed: what was asked, what came back, what a person decided.
SOURCE_TABLES = """
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
