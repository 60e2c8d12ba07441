"""Our templates, style sheets, SQL functions and menu link, made known to Datasette."""

from __future__ import annotations

import gc
from pathlib import Path

from datasette import hookimpl
from datasette.utils.asgi import asgi_static
from jinja2 import ChoiceLoader, FileSystemLoader

from harvest.compare import sql
from harvest.web import access, descriptions, difference_map, difference_ops, presences, rendering, words
from harvest.web.links import Links

# `__file__` is as relative as the option was: settle it before anybody changes the directory.
HERE = Path(__file__).resolve().parent


#: A page makes tens of thousands of objects and leaves some hundred in cycles. With Python's own numbers every few
#: pages wait 60 to 100 ms while all objects of the process are walked. With these all are walked once in tens of
#: thousands of pages, and one page in seven waits 7 ms; with 50,000 in place of 10,000 one in forty waited 50 ms.
COLLECT_AFTER = (10_000, 20, 500)


@hookimpl
def startup(datasette):
    """Let Python look for cycles of garbage less often, and let no page wait for its template to be compiled."""
    gc.set_threshold(*COLLECT_AFTER)
    ours = (HERE / "templates").glob("policy/*.html")
    rendering.compile_ahead(datasette, sorted(f"policy/{path.name}" for path in ours))


@hookimpl
def prepare_jinja2_environment(env, datasette):
    """Find our templates last, so that a --template-dir may replace them and we shadow nothing."""
    loaders = [env.loader, FileSystemLoader(str(HERE / "templates"))]
    env.loader = ChoiceLoader([loader for loader in loaders if loader is not None])
    env.bytecode_cache = env.bytecode_cache or rendering.COMPILED
    env.filters.update(words.FILTERS)
    env.filters["policy_trimmed"] = difference_ops.trimmed
    env.filters["policy_shortened"] = presences.shortened
    env.globals["policy_changes_page"] = words.changes_page
    env.globals["policy_map"] = difference_map.entries
    env.globals["policy_window"] = words.window
    env.globals["policy_standing"] = words.standing


@hookimpl
def register_routes():
    """Serve our style sheet and scripts; Datasette's own lookup cannot find a plugins directory's."""
    return [(r"^/-/policy-static/(?P<path>[a-z0-9._-]+)$", asgi_static(HERE / "static"))]


@hookimpl
def extra_css_urls(datasette, database):
    """Give Datasette's pages of a corpus room for its many columns and long queries."""
    if database in descriptions.corpora_of(datasette):
        return [Links(datasette.urls.path).static("datasette.css")]
    return []


@hookimpl
def prepare_connection(conn):
    """Offer the comparison functions to people who write SQL."""
    sql.register(conn)


@hookimpl
def menu_links(datasette, actor, request):
    """Offer our pages to those who may see a corpus."""

    async def links():
        for name in await access.corpora(datasette, request):
            if await access.can_view(datasette, actor, name, request):
                to = Links(datasette.urls.path)
                return [
                    {"href": to.overview(), "label": "Policies"},
                    {"href": to.changes(), "label": "Policy changes"},
                    {"href": to.search(), "label": "Search policies"},
                    {"href": to.trends(), "label": "Trends in policies"},
                ]
        return []

    return links
