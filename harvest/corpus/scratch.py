"""What a policy is derived from, taken out of one corpus and put into an empty one: to derive it again elsewhere."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from harvest.corpus.bodies import BodyReader
from harvest.corpus.normaliser import NORMALISER
from harvest.corpus.reading import CHUNK_BYTES, CHUNK_PAGES, Page, Reading, read_pages
from harvest.corpus.store_history import HistoryCache
from harvest.corpus.store_known import KnownRows
from harvest.corpus.store_rebuild import rewrite_policy

#: Table → columns and rows, plain values.
Tables = dict[str, dict[str, list[Any]]]

_WHERE = {
    "sites": "id = (SELECT site_id FROM policies WHERE id = ?)",
    "policies": "id = ?",
    "policy_urls": "policy_id = ?",
    "judgements": "policy_id = ?",
    "captures": "policy_id = ?",
}
_BODIES = (
    "SELECT DISTINCT b.id, b.sha256, b.size FROM bodies b JOIN captures c ON c.body_id = b.id WHERE c.policy_id = ?"
    " ORDER BY b.id"
)


def source_tables(conn: sqlite3.Connection, policy_id: int) -> Tables:
    """Return the rows a policy is derived from, with their row ids; of bodies id, sha256 and size only."""
    tables: Tables = {}
    for table, where in _WHERE.items():
        columns = [str(row[1]) for row in conn.execute(f"PRAGMA table_info({table})")]
        rows = conn.execute(f"SELECT {', '.join(columns)} FROM {table} WHERE {where}", (policy_id,))
        tables[table] = {"columns": columns, "rows": [list(row) for row in rows]}
    bodies = [list(row) for row in conn.execute(_BODIES, (policy_id,))]
    tables["bodies"] = {"columns": ["id", "sha256", "size"], "rows": bodies}
    return tables


def fill(scratch: sqlite3.Connection, tables: Mapping[str, Mapping[str, list[Any]]]) -> None:
    """Put such rows into an empty corpus, or beside those of other policies of the same corpus."""
    scratch.execute("PRAGMA foreign_keys = OFF")
    for table, content in tables.items():
        columns, rows = list(content["columns"]), content["rows"]
        if table == "bodies":
            table, columns = "body_rows", [*columns, "codec", "data"]
            rows = [[row_id, bytes.fromhex(sha), size, "", b""] for row_id, sha, size in rows]
        marks = ", ".join("?" * len(columns))
        scratch.executemany(f"INSERT OR IGNORE INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)
    scratch.execute("UPDATE captures SET text_id = NULL, version_id = NULL WHERE policy_id = ?", (_policy_id(tables),))


def derive(
    scratch: sqlite3.Connection,
    tables: Mapping[str, Mapping[str, list[Any]]],
    bodies: Iterable[tuple[int, bytes]],
) -> None:
    """Fill a policy in and derive everything from its bodies, which come as (row id, bytes) in their order."""
    fill(scratch, tables)
    rewrite_policy(
        scratch,
        _policy_id(tables),
        _readings(_pages(tables, bodies)),
        normaliser=NORMALISER,
        known=KnownRows(),
        history=HistoryCache(),
    )


def bodies_of(conn: sqlite3.Connection, tables: Tables) -> Iterator[tuple[int, bytes]]:
    """Yield the bodies of a policy, one at a time. Raises CorpusError where one does not match its checksum."""
    reader = BodyReader(conn)
    for row in tables["bodies"]["rows"]:
        yield int(row[0]), reader.read(int(row[0]))


def _policy_id(tables: Mapping[str, Mapping[str, list[Any]]]) -> int:
    return int(tables["policies"]["rows"][0][tables["policies"]["columns"].index("id")])


def _pages(tables: Mapping[str, Mapping[str, list[Any]]], bodies: Iterable[tuple[int, bytes]]) -> Iterator[Page]:
    """The captures that were read as a page, as `harvest.corpus.store_rebuild.stored_pages` gives them."""
    columns = tables["captures"]["columns"]
    by_body: dict[int, list[dict[str, Any]]] = {}
    for row in tables["captures"]["rows"]:
        capture = dict(zip(columns, row, strict=True))
        if capture["body_id"] is not None and capture["page_kind"]:
            by_body.setdefault(capture["body_id"], []).append(capture)
    for body_id, body in bodies:
        for capture in sorted(by_body.get(body_id, ()), key=lambda each: int(each["id"])):
            headers = json.loads(capture["headers"]) if capture["headers"] else {}
            url = capture["landed_url"] or capture["url"]
            yield Page(capture["id"], capture["form"], body, url, capture["status"], headers)


def _readings(pages: Iterator[Page]) -> Iterator[Reading]:
    chunk: list[Page] = []
    for page in pages:
        chunk.append(page)
        if len(chunk) >= CHUNK_PAGES or sum(len(each.body) for each in chunk) >= CHUNK_BYTES:
            yield from read_pages(chunk)
            chunk = []
    yield from read_pages(chunk)
