"""A copy of the corpus for publishing: everything Datasette shows, without the raw bodies."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from harvest.corpus.queries_model import PolicyRef
from harvest.corpus.static_copy import is_published, publish
from harvest.errors import CorpusError
from harvest.exchange.beside import put_when_whole


def export_static(conn: sqlite3.Connection, folder: Path, policies: Sequence[PolicyRef]) -> int:
    """Write ``corpus.db`` without bodies, ready for ``harvest serve`` or any Datasette; return 1.

    Policies that are not among *policies* are left out. Such a copy can be read and served; what would write to it or
    derive from it refuses (`harvest.corpus.static_copy.refuse_published`). Raises CorpusError where a file of that name
    is no such copy: the corpus itself has the same name where nobody gave it another; and where the disk is full.
    """
    target = folder / "corpus.db"
    if target.exists() and not is_published(target):
        raise CorpusError(f"{target} is there already and no copy for publishing: name another folder")
    with put_when_whole(target) as part:  # until it holds nothing but what may be published
        try:
            publish(conn, part, [policy.id for policy in policies])
        except sqlite3.OperationalError as error:
            if "full" not in str(error):
                raise
            raise CorpusError(f"no space left for {target}: make room, or name a folder on another disk") from error
    return 1
