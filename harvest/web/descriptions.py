"""What tables, columns and example queries are called, for every database that holds a corpus.

``metadata.yaml`` describes them once, under the name ``corpus``. Datasette gives descriptions to a database by the
name of its file; people call theirs ``my.db`` or serve two of them. What an operator says in a file of their own
comes first. ``facets_if_quick`` are ours: facets of tables whose rows are few enough (`harvest.web.facets`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from datasette.utils import parse_metadata

from harvest.web import facets

NAME = "corpus"
#: What Datasette 1.0 calls settings of a table, not descriptions.
_SETTINGS = ("hidden", "sort", "sort_desc", "size", "label_column", "facets", "facet_size")

Description = Mapping[str, Any]
#: Tables whose facets are left out, by database, by instance: the plugin manager is one for the process, a Datasette
#: is not.
_known: WeakKeyDictionary[Any, dict[str, frozenset[str]]] = WeakKeyDictionary()


def read_description(folders: Sequence[Path]) -> Description:
    """Return what the ``metadata.yaml`` in the first of *folders* that has one says of a corpus; {} without one."""
    for folder in folders:
        if (folder / "metadata.yaml").is_file():
            return _parsed((folder / "metadata.yaml").read_text(encoding="utf-8"))
    return {}


@lru_cache(maxsize=1)
def _parsed(text: str) -> Description:
    """Parse once for all instances of a process, each of which executes its plugins anew: 70 ms a time (2026-11-22)."""
    found: Description = parse_metadata(text).get("databases", {}).get(NAME, {})
    return found


def corpora_of(datasette: Any) -> tuple[str, ...]:
    """Return the databases that held a corpus when Datasette started; () before that."""
    return tuple(_known.get(datasette, ()))


def described(datasette: Any, key: str | None, description: Description) -> dict[str, Any]:
    """Return metadata for Datasette 0.65, which asks its plugins for it; {} before `describe` was called.

    It asks some 400 times for one page of a database and nine times for one of ours, nearly always about permission,
    and writes into what it gets, after copying it whole: hence only what belongs to *key*, new each time (210 ms a page
    of a database with everything, 60 ms so).
    """
    if key not in (None, "databases", "tables", "queries"):
        return {}
    return {"databases": {name: _part(description, key, slow) for name, slow in _known.get(datasette, {}).items()}}


def _part(description: Description, key: str | None, slow: Collection[str]) -> dict[str, Any]:
    if key == "queries":
        return {"queries": {name: dict(each) for name, each in description.get("queries", {}).items()}}
    tables = description.get("tables", {})
    if key == "tables":  # asked for every permission; it takes rules, of which we have none, and this one thing
        sizes = {name: about["facet_size"] for name, about in tables.items() if "facet_size" in about}
        return {"tables": {name: {"facet_size": size} for name, size in sizes.items()}}
    settled = {name: _settled(name, each, slow) for name, each in tables.items()}
    copied = {name: {**each, "columns": dict(each.get("columns", {}))} for name, each in settled.items()}
    return {**description, **_part(description, "queries", slow), "tables": copied}


def _settled(name: str, about: Mapping[str, Any], slow: Collection[str]) -> dict[str, Any]:
    """Return what is said of a table with the facets its page begins with."""
    quick = {} if name in slow or "facets_if_quick" not in about else {"facets": about["facets_if_quick"]}
    return {**{key: value for key, value in about.items() if key != "facets_if_quick"}, **quick}


async def describe(datasette: Any, names: Sequence[str], description: Description) -> None:
    """Describe the databases *names*; once, when Datasette starts."""
    _known[datasette] = {name: await facets.slow_tables(datasette, name) for name in names}
    if not hasattr(datasette, "add_query"):  # 0.65 asks; goes when 0.65 is no longer supported
        return
    for name in names:
        _set(datasette.config, name, description, _known[datasette][name])
        await datasette.get_internal_database().execute_write_fn(_writing(name, description))
        stored = [query.name for query in (await datasette.list_queries(name, limit=1000)).queries]
        for query, about in description.get("queries", {}).items():
            if query not in stored:
                about_query = {key: about.get(key) for key in ("title", "description")}
                await datasette.add_query(name, query, about["sql"], parameters=about.get("params"), **about_query)


def _set(config: dict[str, Any], name: str, description: Description, slow: Collection[str]) -> None:
    tables = config.setdefault("databases", {}).setdefault(name, {}).setdefault("tables", {})
    for table, about in description.get("tables", {}).items():
        settings = {key: value for key, value in _settled(table, about, slow).items() if key in _SETTINGS}
        if settings:
            tables[table] = {**settings, **tables.get(table, {})}


def _writing(name: str, description: Description) -> Callable[[sqlite3.Connection], None]:
    """As ``set_column_metadata`` and its sisters write, but 350 rows at once: one by one they take half a second."""
    database = [(name, key, value) for key, value in description.items() if isinstance(value, str)]
    tables = description.get("tables", {})
    resources = [(name, table, "description", about.get("description", "")) for table, about in tables.items()]
    columns = [
        (name, table, column, "description", text)
        for table, about in tables.items()
        for column, text in about.get("columns", {}).items()
    ]

    def write(conn: sqlite3.Connection) -> None:
        conn.executemany("INSERT OR IGNORE INTO metadata_databases VALUES (?, ?, ?)", database)
        conn.executemany("INSERT OR IGNORE INTO metadata_resources VALUES (?, ?, ?, ?)", resources)
        conn.executemany("INSERT OR IGNORE INTO metadata_columns VALUES (?, ?, ?, ?, ?)", columns)

    return write
