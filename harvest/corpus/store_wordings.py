"""The wordings of a policy's stored texts, for `derive`: what came and went between two of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Hashable, Mapping, Sequence

from harvest.compare.menus import Short
from harvest.corpus.derive_passages import Passage, passages_of
from harvest.corpus.store_sections import SectionReader


def passage_reader(
    conn: sqlite3.Connection, ids: Mapping[str, int], reader: SectionReader, known: dict[Hashable, Passage | Short]
) -> Callable[[str], Sequence[Passage]]:
    """Return a function that reads the passages of a text by its sha256. *ids*: rows of texts by sha256."""

    def read(sha: str) -> Sequence[Passage]:
        rows = conn.execute("SELECT section_id FROM text_sections WHERE text_id = ? ORDER BY position", (ids[sha],))
        section_ids = [int(row[0]) for row in rows]
        return passages_of([reader.section(conn, one) for one in section_ids], section_ids, known)

    return read
