"""Version pairs for language research: every change with its old and new text, as JSON Lines or Parquet.

The columns are those of `harvest.corpus.queries_pairs.Pair`, described in docs/exports.md.
"""

from __future__ import annotations

import dataclasses
import hashlib
import heapq
import json
import math
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from harvest.corpus.queries_model import PolicyRef
from harvest.corpus.queries_pairs import Pair, pairs
from harvest.errors import HarvestError
from harvest.exchange.beside import put_when_whole

_ROWS_AT_ONCE = 5_000
_NULLABLE = {"silent": "bool", "similarity": "float64"}


def export_pairs(
    conn: sqlite3.Connection, folder: Path, policies: Sequence[PolicyRef], *, sample: int = 0, seed: int = 0
) -> int:
    """Write ``pairs.jsonl``; return 1. *sample*, *seed*: see `chosen`."""
    with put_when_whole(folder / "pairs.jsonl") as part, part.open("w", encoding="utf-8") as file:
        for pair in chosen(_every(conn, policies), sample=sample, seed=seed):
            file.write(json.dumps(dataclasses.asdict(pair), ensure_ascii=False) + "\n")
    return 1


def export_parquet(
    conn: sqlite3.Connection, folder: Path, policies: Sequence[PolicyRef], *, sample: int = 0, seed: int = 0
) -> int:
    """Write ``pairs.parquet``, compressed with zstd; return 1. *sample*, *seed*: see `chosen`.

    Raises HarvestError without pyarrow: ``pip install 'policy-harvest[parquet]'``.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise HarvestError("Parquet needs pyarrow: pip install 'policy-harvest[parquet]'") from error
    schema = pyarrow.schema([_field(pyarrow, field) for field in dataclasses.fields(Pair)])
    found = chosen(_every(conn, policies), sample=sample, seed=seed)
    with (
        put_when_whole(folder / "pairs.parquet") as part,
        pyarrow.parquet.ParquetWriter(part, schema, compression="zstd") as writer,
    ):
        for rows in _batches(found):
            writer.write_table(pyarrow.Table.from_pylist([dataclasses.asdict(row) for row in rows], schema))
    return 1


def _field(pyarrow: Any, field: dataclasses.Field[Any]) -> Any:
    name = _NULLABLE.get(field.name) or {"int": "int32"}.get(str(field.type), "string")
    return pyarrow.field(field.name, pyarrow.type_for_alias(name), nullable=field.name in _NULLABLE)


def chosen(found: Iterable[Pair], *, sample: int, seed: int) -> Iterator[Pair]:
    """Yield all pairs, or *sample* of them spread evenly over years and kinds of change.

    Each year and kind gives as many as the smallest share allows, and the rest is filled up from all; which ones
    follows from *seed* and the ids. 0 for all. Holds at most *sample* pairs for each year and kind.
    """
    if not sample:
        yield from found
        return
    strata: defaultdict[tuple[str, str], list[tuple[int, str, Pair]]] = defaultdict(list)
    for pair in found:
        heap = strata[pair.not_later_than[:4], pair.kind]
        entry = (-_lot(seed, pair.id), pair.id, pair)
        if len(heap) < sample:
            heapq.heappush(heap, entry)
        elif entry[0] > heap[0][0]:
            heapq.heapreplace(heap, entry)
    yield from _evenly([sorted(heap, key=lambda entry: (-entry[0], entry[1])) for heap in strata.values()], sample)


def _evenly(strata: list[list[tuple[int, str, Pair]]], sample: int) -> Iterator[Pair]:
    share = math.ceil(sample / max(1, len(strata)))
    first = sorted(chain.from_iterable(stratum[:share] for stratum in strata), key=lambda e: (-e[0], e[1]))
    rest = sorted(chain.from_iterable(stratum[share:] for stratum in strata), key=lambda e: (-e[0], e[1]))
    taken = [*first, *rest][:sample]
    yield from (pair for _, _, pair in sorted(taken, key=lambda e: (e[2].site, e[2].not_later_than, e[2].position)))


def _lot(seed: int, name: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{seed} {name}".encode()).digest()[:8], "big")


def _every(conn: sqlite3.Connection, policies: Sequence[PolicyRef]) -> Iterator[Pair]:
    for policy in policies:
        yield from pairs(conn, policy)


def _batches(found: Iterable[Pair]) -> Iterator[Sequence[Pair]]:
    batch: list[Pair] = []
    for pair in found:
        batch.append(pair)
        if len(batch) == _ROWS_AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch
