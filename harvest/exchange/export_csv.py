"""The history as tables for spreadsheets: ``history.csv``, one row a version, and ``changes.csv``, one row a change."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from harvest.corpus.queries_model import PolicyRef
from harvest.text.cells import plain_cell

_VIEWS = {"history.csv": "history", "changes.csv": "change_log"}


def export_csv(conn: sqlite3.Connection, folder: Path, policies: Sequence[PolicyRef]) -> int:
    """Write the views ``history`` and ``change_log`` of some policies as CSV; return the number of files.

    UTF-8 with a byte order mark, which spreadsheets need to see that it is. Texts that a spreadsheet would run as a
    formula get an apostrophe in front.
    """
    for name, view in _VIEWS.items():
        with (folder / name).open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            for number, policy in enumerate(policies):
                cursor = conn.execute(f"SELECT * FROM {view} WHERE policy_id = ?", (policy.id,))
                # Numbers of derived rows mean nothing outside this file, and change with every rebuild.
                kept = [at for at, column in enumerate(cursor.description) if not column[0].endswith("_id")]
                if number == 0:
                    writer.writerow(cursor.description[at][0] for at in kept)
                writer.writerows([plain_cell(row[at]) for at in kept] for row in cursor)
    return len(_VIEWS)
