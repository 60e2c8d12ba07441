"""Which databases hold a corpus, and who may see them; works on Datasette 0.65 and 1.0."""

from __future__ import annotations

import sqlite3
from typing import Any

from datasette.plugins import pm
from datasette.utils import await_me_maybe
from datasette.utils.asgi import Forbidden

try:  # 1.0; asked once: to look for a module that is not there takes 0.3 ms
    from datasette.resources import DatabaseResource
except ImportError:  # 0.65; goes when 0.65 is no longer supported
    DatabaseResource = None

#: What our pages show, in one form or another. Who may not see one of these tables sees none of the pages.
READ = ("sites", "policies", "captures", "versions", "texts", "sections", "clauses", "changes")
_TABLES = ("policies", "versions", "transitions", "text_sections")


class NoCorpus(Exception):
    """None of the databases served holds a corpus, or none of them may be seen."""


async def ensure_can_view(datasette: Any, actor: Any, database: str) -> None:
    """Raise Datasette's Forbidden unless *actor* may see *database* and every table our pages read."""
    if DatabaseResource is None:  # 0.65
        await datasette.ensure_permissions(actor, [("view-database", database), "view-instance"])
        for table in READ:
            if not await _may_view_table(datasette, actor, database, table):
                raise Forbidden("view-table")
        return
    await datasette.ensure_permission(action="view-database", resource=DatabaseResource(database), actor=actor)
    page = await datasette.allowed_resources("view-table", actor, parent=database, limit=1000)
    if not {resource.child for resource in page.resources}.issuperset(READ):
        raise Forbidden("view-table")


async def _may_view_table(datasette: Any, actor: Any, database: str, table: str) -> bool:
    """Ask all who are asked by ``permission_allowed`` of Datasette 0.65, in its order; the last who answers decides.

    Datasette asks the database each time how the name of a table is spelled, in a thread: for eight tables 1.5 ms,
    more than all else a short page does. Names of READ are those of the schema, letter for letter.
    """
    allowed = True
    asked = {"datasette": datasette, "actor": actor, "action": "view-table", "resource": (database, table)}
    for answer in pm.hook.permission_allowed(**asked):
        said = await await_me_maybe(answer)
        allowed = allowed if said is None else bool(said)
    return allowed


async def corpora(datasette: Any, request: Any = None) -> tuple[str, ...]:
    """Return the names of the databases that hold a corpus, in Datasette's order; once for each *request*."""
    known = _memory(request).get("corpora")
    if known is None:
        known = _memory(request)["corpora"] = await _find_corpora(datasette)
    found: tuple[str, ...] = known
    return found


def _memory(request: Any) -> dict[object, Any]:
    """What was found out for a request already: its page, its menu and its policy ask the same."""
    memory: dict[object, Any] = {} if request is None else request.scope.setdefault("policy_explorer", {})
    return memory


async def _find_corpora(datasette: Any) -> tuple[str, ...]:
    """Those of the newest shape first: a backup that `harvest migrate` left beside a corpus is older than it."""
    shapes: dict[str, int] = {}
    for name, database in datasette.databases.items():
        if name.startswith("_"):
            continue
        try:
            shapes[name] = await database.execute_fn(_shape)
        except sqlite3.DatabaseError:  # a damaged neighbour must not take our pages down
            continue
    return tuple(sorted((name for name in shapes if shapes[name]), key=lambda name: -shapes[name]))


async def choose_corpus(datasette: Any, request: Any) -> tuple[str, tuple[str, ...]]:
    """Return the corpus a request means (``?db=``, else the first it may see) and all it may see.

    Raises NoCorpus where there is none, Forbidden where there are only ones it may not see.
    """
    known = await corpora(datasette, request)
    wanted = request.args.get("db")
    if not known or (wanted and wanted not in known):
        raise NoCorpus(wanted if known else "")
    visible = [name for name in known if await can_view(datasette, request.actor, name, request)]
    if not visible or (wanted and wanted not in visible):
        await ensure_can_view(datasette, request.actor, wanted or known[0])
    return wanted or visible[0], tuple(visible)


async def can_view(datasette: Any, actor: Any, database: str, request: Any = None) -> bool:
    """Return whether *actor* may see *database*; asked once for each *request*."""
    memory = _memory(request)
    if ("view", database) not in memory:
        try:
            await ensure_can_view(datasette, actor, database)
        except Forbidden:
            memory["view", database] = False
        else:
            memory["view", database] = True
    return bool(memory["view", database])


def _shape(conn: sqlite3.Connection) -> int:
    """How many changes of shape a corpus has seen; 0 for a database that is none."""
    marks = ", ".join("?" * len(_TABLES))
    sql = f"SELECT count(*) FROM sqlite_master WHERE type IN ('table', 'view') AND name IN ({marks})"
    if conn.execute(sql, _TABLES).fetchone()[0] < len(_TABLES):
        return 0
    try:
        applied: int = conn.execute("SELECT count(*) FROM _sqlite_migrations").fetchone()[0]
    except sqlite3.OperationalError:  # made by other means
        return 1
    return applied or 1
