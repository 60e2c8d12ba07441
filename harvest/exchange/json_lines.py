"""A corpus as JSON Lines: ``versions.jsonl`` and ``changes.jsonl``, in the shapes of the pages."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from harvest.corpus import queries
from harvest.corpus.queries_json import policy_json, section_json, version_json
from harvest.corpus.queries_model import PolicyRef
from harvest.exchange.beside import put_when_whole
from harvest.exchange.shapes import as_dict


def export_lines(conn: sqlite3.Connection, folder: Path, policies: Sequence[PolicyRef]) -> int:
    """Write versions with their texts and changes with their lines; return the number of files."""
    _write(folder / "versions.jsonl", _versions(conn, policies))
    _write(folder / "changes.jsonl", _changes(conn, policies))
    return 2


def _versions(conn: sqlite3.Connection, policies: Sequence[PolicyRef]) -> Iterator[Any]:
    for policy in policies:
        for version in queries.versions(conn, policy):
            sections, slugs = queries.text_sections(conn, version.text.id)
            parts = [section_json(part, slug) for part, slug in zip(sections, slugs, strict=True)]
            yield {"policy": policy_json(policy), **version_json(version), "sections": parts}


def _changes(conn: sqlite3.Connection, policies: Sequence[PolicyRef]) -> Iterator[Any]:
    wanted = {policy.id for policy in policies}
    for host in dict.fromkeys(policy.host for policy in policies):
        yield from (as_dict(item) for item in queries.changes_of(conn, host) if item.policy.id in wanted)


def _write(path: Path, items: Iterable[Any]) -> None:
    with put_when_whole(path) as part, part.open("w", encoding="utf-8") as file:
        for item in items:
            file.write(json.dumps(item, ensure_ascii=False) + "\n")
