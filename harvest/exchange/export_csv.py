"""The history as tables for spreadsheets: ``history.csv``, one row a version, and ``changes.csv``, one row a change."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from harvest.corpus.queries_exports import view_rows
from harvest.corpus.queries_model import PolicyRef
from harvest.exchange.beside import put_when_whole
from harvest.text.cells import plain_cell

_VIEWS = {"history.csv": "history", "changes.csv": "change_log"}


def export_csv(conn: sqlite3.Connection, folder: Path, policies: Sequence[PolicyRef]) -> int:
    """Write the views ``history`` and ``change_log`` of some policies as CSV; return the number of files.

    UTF-8 with a byte order mark, which spreadsheets need to see that it is. Texts that a spreadsheet would run as a
    formula get an apostrophe in front.
    """
    for name, view in _VIEWS.items():
        with (
            put_when_whole(folder / name) as part,
            part.open("w", encoding="utf-8-sig", newline="") as file,
        ):
            writer = csv.writer(file)
            for number, policy in enumerate(policies):
                columns, rows = view_rows(conn, view, policy)
                if number == 0:
                    writer.writerow(columns)
                writer.writerows([plain_cell(value) for value in row] for row in rows)
    return len(_VIEWS)
