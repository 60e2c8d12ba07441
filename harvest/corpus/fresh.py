"""A fresh corpus in one go: `schema.sql` is what all migrations come to.

Replaying them takes 80 ms of processor, 53 of them for 17 statements that add, drop or rename a column or a table,
after each of which SQLite reads the whole schema again; what they leave is made in 10 ms (2026-11-22, SQLite 3.40).
Tests that begin with an empty corpus pay for it, and so do scratch corpora. That both ways end in the same is tested.
"""

from __future__ import annotations

import sqlite3
from functools import cache
from pathlib import Path

#: Written by ``tests/corpus/test_fresh.py`` where it is missing.
SCHEMA = Path(__file__).with_name("schema.sql")


def create_schema(conn: sqlite3.Connection) -> None:
    """Make an empty database a corpus as of the migrations that `SCHEMA` names, which are noted as applied.

    Call in a transaction, with the table of migrations there; what is newer than the file is applied as to any corpus.
    """
    for statement in _schema():
        conn.execute(statement)


def statements(script: str) -> list[str]:
    """Split a script as SQLite reads it: triggers hold semicolons of their own."""
    found, pending = [], ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            found.append(pending)
            pending = ""
    return found


@cache
def _schema() -> tuple[str, ...]:
    return tuple(statements(SCHEMA.read_text(encoding="utf-8")))
