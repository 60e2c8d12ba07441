"""A corpus in Parquet shards: what a cluster reads and writes when one file is too small a door.

::

    FOLDER/source/NNNNN.parquet          captures with their bodies, some policies a shard
    FOLDER/derived/TABLE/NNNNN.parquet   what follows from them, by natural keys (`harvest.corpus.derived_rows`)

A shard is written beside its place and renamed: what is there is whole, and a killed run is carried on with what is
missing. docs/scale.md describes the columns.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import Any

from harvest.corpus.derived_columns import COLUMNS, Rows, column_type
from harvest.corpus.derived_rows import by_policy, derived_rows
from harvest.corpus.normaliser import NORMALISER
from harvest.corpus.queries import every_policy
from harvest.corpus.queries_exports import body_bytes
from harvest.corpus.queries_model import PolicyRef
from harvest.corpus.scratch import bodies_of, derive, source_tables
from harvest.corpus.store_opening import open_memory
from harvest.errors import HarvestError

_SHARD_BYTES = 64_000_000  # of bodies; a policy is never cut
_BATCH_ROWS, _DERIVED_ROWS = 64, 50_000
_SOURCE = {"policy": "string", "facts": "string", "body_id": "int64", "body": "binary"}


@dataclass(frozen=True, slots=True)
class ShardTask:
    """One shard to derive; picklable. *folder* must be the same place for every worker."""

    folder: str
    name: str


@dataclass(frozen=True, slots=True)
class ShardDone:
    """A shard whose derived rows are written."""

    name: str
    policies: tuple[str, ...]


def write_source(conn: sqlite3.Connection, folder: Path) -> list[ShardTask]:
    """Write the captures and bodies of a corpus as shards; return one task for each, in order.

    A policy is one row with what is known of its captures (``facts``, JSON) and a row for each body. What an earlier
    corpus, or a larger one, left in the folder under other names is removed.
    """
    (folder / "source").mkdir(parents=True, exist_ok=True)
    tasks = []
    for number, policies in enumerate(_grouped(conn)):
        name = f"{number:05}"
        rows = (row for policy in policies for row in _source_rows(conn, policy))
        _write(folder / "source" / f"{name}.parquet", rows, _SOURCE)
        tasks.append(ShardTask(str(folder), name))
    _remove_others(folder, {task.name for task in tasks})
    return tasks


def _remove_others(folder: Path, names: set[str]) -> None:
    """Remove shards that are not of this corpus: who reads ``derived/TABLE/*.parquet`` would read them too."""
    for place in (folder / "source", *(folder / "derived" / table for table in COLUMNS)):
        for path in place.glob("*.parquet"):
            if path.stem.isdigit() and path.stem not in names:
                path.unlink()


def derive_shard(task: ShardTask) -> ShardDone:
    """Derive everything that follows from a shard, and write it; where that was done of the same source, do nothing."""
    folder = Path(task.folder)
    mark = folder / "derived" / f"{task.name}.{NORMALISER}.done"
    source = _sha256(folder / "source" / f"{task.name}.parquet")
    if (done := _done(mark, source)) is not None:
        return ShardDone(task.name, done)
    names = []
    with closing(open_memory()) as scratch:
        for name, of_policy in groupby(_rows_of(folder / "source" / f"{task.name}.parquet"), key=itemgetter("policy")):
            _derive_policy(scratch, of_policy)
            names.append(name)
        rows = derived_rows(scratch)
    for table, columns in COLUMNS.items():
        target = folder / "derived" / table
        target.mkdir(parents=True, exist_ok=True)
        types = {column: column_type(table, column) for column in columns}
        _write(target / f"{task.name}.parquet", (dict(zip(columns, row, strict=True)) for row in rows[table]), types)
    _put(mark, json.dumps({"source": source, "policies": names}).encode())
    return ShardDone(task.name, tuple(names))


def _done(mark: Path, source: str) -> tuple[str, ...] | None:
    """Return the policies of a shard that was derived of this source, None of another one: a corpus grows."""
    try:
        told = json.loads(mark.read_text(encoding="utf-8"))
        return tuple(told["policies"]) if told["source"] == source else None
    except (FileNotFoundError, ValueError, TypeError, KeyError):
        return None


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _derive_policy(scratch: sqlite3.Connection, rows: Iterator[dict[str, Any]]) -> None:
    tables = json.loads(next(rows)["facts"])
    derive(scratch, tables, ((row["body_id"], row["body"]) for row in rows))


def _grouped(conn: sqlite3.Connection) -> Iterator[list[PolicyRef]]:
    """Cut the policies into shards by the size of their bodies."""
    sizes = body_bytes(conn)
    group: list[PolicyRef] = []
    size = 0
    for policy in every_policy(conn):
        group.append(policy)
        size += sizes.get(policy.id, 0)
        if size >= _SHARD_BYTES:
            yield group
            group, size = [], 0
    if group:
        yield group


def _source_rows(conn: sqlite3.Connection, policy: PolicyRef) -> Iterator[dict[str, object]]:
    name = f"{policy.host}/{policy.kind}:{policy.label}"
    tables = source_tables(conn, policy.id)
    yield {"policy": name, "facts": json.dumps(tables, ensure_ascii=False), "body_id": None, "body": None}
    for body_id, body in bodies_of(conn, tables):
        yield {"policy": name, "facts": None, "body_id": body_id, "body": body}


def _rows_of(path: Path) -> Iterator[dict[str, Any]]:
    with _parquet().ParquetFile(path) as file:
        for batch in file.iter_batches(_BATCH_ROWS):
            yield from batch.to_pylist()


def read_derived(folder: Path, name: str) -> Mapping[str, Rows]:
    """Return the derived rows of a shard by policy, for `harvest.corpus.store.Store.take_derived`."""
    parquet = _parquet()
    rows: dict[str, list[tuple[object, ...]]] = {}
    for table, columns in COLUMNS.items():
        found = parquet.read_table(folder / "derived" / table / f"{name}.parquet").to_pylist()
        rows[table] = [tuple(row[column] for column in columns) for row in found]
    return by_policy(rows)


def _write(path: Path, rows: Iterable[dict[str, Any]], types: Mapping[str, str]) -> None:
    parquet = _parquet()
    import pyarrow

    schema = pyarrow.schema([(name, pyarrow.type_for_alias(kind)) for name, kind in types.items()])
    beside = path.with_suffix(f".{os.getpid()}.part")
    source = iter(rows)
    with parquet.ParquetWriter(beside, schema, compression="zstd") as writer:
        while batch := list(islice(source, _BATCH_ROWS if "body" in types else _DERIVED_ROWS)):
            writer.write_table(pyarrow.Table.from_pylist(batch, schema))
    beside.replace(path)


def _put(path: Path, content: bytes) -> None:
    beside = path.with_suffix(f".{os.getpid()}.part")
    beside.write_bytes(content)
    beside.replace(path)


def _parquet() -> Any:
    try:
        import pyarrow.parquet
    except ImportError as error:
        raise HarvestError("shards need pyarrow: pip install 'policy-harvest[parquet]'") from error
    return pyarrow.parquet
