"""From Datasette's own pages to ours: links in cells, and in the menus of databases, tables, rows and queries."""

from __future__ import annotations

from datasette import hookimpl

from harvest.corpus.queries_places import TABLES, place_of
from harvest.errors import UnknownTarget
from harvest.web import cells, descriptions
from harvest.web.host import routes_of
from harvest.web.links import Links


@hookimpl
def register_routes():
    """Rows of tables lead to their pages."""
    return routes_of({r"/row/(?P<table>[a-z_]+)/(?P<id>[0-9]+)": row_page}, extensions=())


async def row_page(visit):
    """/-/policies/row/TABLE/ID – send on to the page that shows the row."""
    # no row has so many digits, and what no page of ours takes is an error 500 of Datasette's (0.65.5, 1.0a41)
    table, row_id = visit.variable("table"), int(visit.variable("id")[:18])
    place = await visit.read(lambda conn: place_of(conn, table, row_id))
    links = visit.links
    if place.clause:
        return visit.redirect(links.clause(place.clause))
    if place.text:
        return visit.redirect(links.text(place.text))
    if place.version:
        return visit.redirect(links.version(place.policy, place.version))
    if place.transition:
        return visit.redirect(links.transition(place.policy, place.transition))
    if place.slug:
        return visit.redirect(links.section(place.policy, place.slug))
    if place.policy:
        return visit.redirect(links.policy(place.policy))
    raise UnknownTarget(f"row {row_id} of {table} has no page")


@hookimpl
def render_cell(row, value, column, table, database, datasette):
    """Link a value where a page of ours shows more of it; leave every other cell to Datasette."""
    links = _links(datasette, database)
    if links is None:
        return None
    other = cells.row_of(column)
    if isinstance(value, bytes) and table and cells.beneath(table) != table:
        # Datasette asks a view for the rowid of a row with a blob in it, and fails (0.65.5, 1.0a41)
        known = "id" in row.keys()  # noqa: SIM118 - of a sqlite3.Row
        own = datasette.urls.row_blob(database, cells.beneath(table), row["id"], column) if known else ""
        return cells.bytes_html(value, own=own)
    if isinstance(value, dict) and other and isinstance(value.get("value"), int):
        own = datasette.urls.row(database, cells.beneath(other), str(value["value"]))
        return cells.key_html(links, column, value, own=own)
    return cells.cell_html(links, dict(row), (column, value), table=table)


@hookimpl
def database_actions(datasette, database):
    """What can be done with a corpus."""
    links = _links(datasette, database)
    if links is None:
        return []
    return [
        _action(links.overview(), "Explore the policies", "Timelines, differences, sections through the years"),
        _action(links.changes(), "Newest changes", "Over all policies, by size"),
        _action(links.search(), "Search", "In texts, in what was added, in what was removed"),
        _action(links.phrase(), "Life of a phrase", "Who said it, and from when to when"),
        _action(links.trends(), "Trends", "Shares by half-year"),
    ]


@hookimpl
def table_actions(datasette, database, table):
    """Where the rows of a table can be read by people."""
    return _actions_of(datasette, database, table)


@hookimpl
def view_actions(datasette, database, view):
    """The same for views, which Datasette 1.0 tells apart."""
    return _actions_of(datasette, database, view)


@hookimpl
def row_actions(datasette, database, table, row):
    """The page of one row. Datasette 0.65 has no such menu; cells have links there."""
    links = _links(datasette, database)
    if links is None or table not in TABLES:
        return []
    return [_action(links.row(table, row["id"]), "Show in the policy explorer", f"The page of this row of {table}")]


@hookimpl
def query_actions(datasette, database):
    """From the result of a query to the explorer."""
    links = _links(datasette, database)
    return [] if links is None else [_action(links.overview(), "Explore the policies", "Timelines and differences")]


def _actions_of(datasette, database, table):
    links = _links(datasette, database)
    if links is None:
        return []
    special = {
        "history": (links.changes(tier="typography"), "These as newest changes"),
        "change_log": (links.changes(), "These as newest changes"),
        "transitions": (links.changes(tier="typography"), "These as newest changes"),
        "clauses": (links.search(), "Search in clauses"),
        "clauses_fts": (links.search(), "Search in clauses"),
        "section_text": (links.search(), "Search in sections"),
        "version_text": (links.search(), "Search in texts"),
        "clause_presence": (links.phrase(), "Life of a phrase"),
    }
    found = [special[table]] if table in special else []
    return [_action(*each) for each in [*found, (links.overview(), "Explore the policies")]]


def _action(href, label, description=""):
    return {"href": href, "label": label, "description": description}


def _links(datasette, database):
    """Addresses of our pages for a database; None where it holds no corpus."""
    known = descriptions.corpora_of(datasette)
    if database not in known:
        return None
    return Links(datasette.urls.path, database if len(known) > 1 else "")
