"""The wordings of a policy's stored texts, for `derive`: what came and went between two of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Hashable, Mapping, Sequence

from harvest.corpus.derive_wordings import Passage, passages_of
from harvest.corpus.store_sections import SectionReader


def passage_reader(
    conn: sqlite3.Connection, ids: Mapping[str, int], reader: SectionReader, known: dict[Hashable, Passage]
) -> Callable[[str], Sequence[Passage]]:
    """Return a function that reads the passages of a text by its sha256. *ids*: rows of texts by sha256."""

    def read(sha: str) -> Sequence[Passage]:
        text = reader.read(conn, ids[sha])
        return passages_of(text.sections, text.section_ids, known)

    return read
