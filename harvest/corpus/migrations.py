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
from harvest.corpus.fresh import statements
from harvest.corpus.likeness import shorten_clauses
from harvest.corpus.schema_derived import DERIVED_TABLES, INDEXES, SEARCH
from harvest.corpus.schema_later import HALF_YEARS, STAYS, WIDE_DIFFS, WORDS_AND_POINTERS
from harvest.corpus.schema_source import SOURCE_TABLES
from harvest.corpus.schema_views import (
    ARCHIVE_URL,
    VIEW_CHANGE_LOG,
    VIEW_HISTORY,
    VIEW_OF_OUTCOMES,
    VIEW_SECTION_TEXT,
    VIEW_VERSION_TEXT,
    VIEWS,
)
from harvest.corpus.store_half_years import keep_half_years

migrations = Migrations("corpus")

#: ``PRAGMA application_id`` of a corpus ("PoHa"): tells our files from other people's SQLite databases.
APPLICATION_ID = 0x506F4861


@migrations()
def m001_corpus(db: Database) -> None:
    """Create every table, index, search index and view."""
    for script in (SOURCE_TABLES, DERIVED_TABLES, INDEXES, SEARCH):
        for statement in statements(script):
            db.conn.execute(statement)
    for view in VIEWS:
        db.conn.execute(view)
    db.conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")


@migrations()
def m005_words_and_pointers(db: Database) -> None:
    """Let judgements be undone, take-downs be remembered, and discoveries keep their evidence."""
    for statement in statements(WORDS_AND_POINTERS):
        db.conn.execute(statement)


@migrations()
def m008_archive_links(db: Database) -> None:
    """Link captures only to archives that others can reach."""
    begin, end = VIEW_HISTORY.index("       CASE WHEN c.archive"), VIEW_HISTORY.index("       v.id AS version_id")
    db.conn.execute("DROP VIEW history")
    db.conn.execute(VIEW_HISTORY[:begin] + ARCHIVE_URL.lstrip("\n") + VIEW_HISTORY[end:])


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


@migrations()
def m013_stays(db: Database) -> None:
    """Keep from where to where clauses and sections stood: what pages ask most, without joining what texts hold."""
    for statement in statements(STAYS):
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
        ("capture_ledger", VIEW_OF_OUTCOMES),
        ("change_log", VIEW_CHANGE_LOG),
        ("section_text", VIEW_SECTION_TEXT),
        ("version_text", VIEW_VERSION_TEXT),
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


@migrations()
def m019_reasons(db: Database) -> None:
    """Have a known reason found among as few in a large corpus as in a small one."""
    db.conn.execute("DROP INDEX reasons_ends")
    db.conn.execute(
        "CREATE INDEX reasons_ends ON reasons(length(reason) || substr(reason, 1, 3) || substr(reason, -4))"
    )


@migrations()
def m020_half_years(db: Database) -> None:
    """Keep which versions were in force at the ends of half-years, for trends."""
    for statement in statements(HALF_YEARS):
        db.conn.execute(statement)
    for (policy_id,) in db.conn.execute("SELECT id FROM policies ORDER BY id").fetchall():
        keep_half_years(db.conn, policy_id)


@migrations()
def m021_wide_diffs(db: Database) -> None:
    """Keep the diff of a policy's first and last text whole; it comes when the policy is derived the next time."""
    db.conn.execute(WIDE_DIFFS)


@migrations()
def m022_tiers(db: Database) -> None:
    """Have the few changes of a rare tier found without walking through all others."""
    db.conn.execute("CREATE INDEX diffs_tier ON diffs(tier)")
