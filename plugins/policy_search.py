"""Looking for words: search, the life of a phrase, one clause, a text by its hash, newest changes."""

from __future__ import annotations

from datasette import hookimpl

from harvest.corpus import queries, queries_json
from harvest.corpus.trends import FEW, MAX_TERMS
from harvest.errors import UnknownTarget
from harvest.model import Tier
from harvest.timestamps import end_of, start_of, to_iso
from harvest.web import chart, feeds, presences
from harvest.web.host import routes_of
from harvest.web.parts import MAX_CONTENTS, part_number, part_of
from harvest.web.trend_chart import trend_chart

PER_PAGE = 25
#: Policies with a phrase on a page, or fewer where it came and went often.
PRESENCES = 100
#: Changes on a page, and in a table to take away: enough for a year of a large corpus, and read in time.
LISTED, MOST_LISTED = 50, 5_000
#: Terms whose curves cross in most corpora of these years.
EXAMPLES = (("cookie", "web beacon", "pixel"), ("safe harbor", "privacy shield", "GDPR"), ("do not track", "opt out"))


@hookimpl
def register_routes():
    """The pages whose path begins with a fixed word."""
    own = routes_of({"/trends": trends}, extensions=(".json", ".csv"))
    own += routes_of({"/changes": changes}, extensions=(".json", ".atom", ".csv"))
    return own + routes_of(
        {
            "/search": search,
            "/phrase": phrase,
            r"/clause/(?P<sha>[0-9a-fA-F]{6,64})": clause,
            r"/text/(?P<sha>[0-9a-fA-F]{6,64})": text,
            r"/(?P<word>(?!trends$|row/[a-z_]+/[0-9]+$)[^/.]+(?:/.*?)?)": nothing,
        }
    )


async def search(visit):
    """/-/policies/search – in texts, in what was added, in what was removed."""
    asked = _asked(visit)
    if visit.extension == ".atom":
        return await feeds.answer_search(visit, asked)
    found = None
    if asked["q"]:
        offset = visit.number("offset", 0, most=10_000)
        found = await visit.read(
            lambda conn: queries.search(conn, asked["q"], **_narrowing(asked), limit=PER_PAGE, offset=offset)
        )
    if visit.extension:
        if found is None:
            raise ValueError("search for what? add ?q=")
        return visit.data(queries_json.search_json(found))
    return await visit.page("search.html", {"found": found, "asked": asked, "tiers": list(Tier)})


async def phrase(visit):
    """/-/policies/phrase – in which policies a phrase stood, and when."""
    asked = {"q": visit.argument("q"), "site": visit.argument("site"), "kind": visit.argument("kind")}
    life, offset = None, visit.number("offset", 0, most=1_000_000)
    if asked["q"]:
        life = await visit.read(lambda conn: queries.phrase(conn, **asked, limit=PRESENCES, offset=offset))
    if visit.extension:
        if life is None:
            raise ValueError("the life of which phrase? add ?q=")
        return visit.data(queries_json.phrase_json(life))
    told = presences.told(life.presences) if life else ()
    picture = chart.presence_chart([presence.drawn for presence in told])
    context = {"life": life, "asked": asked, "chart": picture, "presences": told, "offset": offset, "size": PRESENCES}
    return await visit.page("phrase.html", context)


async def trends(visit):
    """/-/policies/trends – several terms by half-year, with denominators."""
    count = visit.argument("count", "texts")
    if count not in ("texts", "policies"):
        raise ValueError(f"cannot count {count!r}: choose texts or policies")
    asked = {name: visit.argument(name) for name in ("site", "kind", "from", "to", "seen")}
    asked |= {"terms": visit.arguments("q"), "count": count}
    found = await _trends(visit, asked) if asked["terms"] else None
    if visit.extension and found is None:
        raise ValueError("trends of which terms? add ?q= once or several times")
    if visit.extension == ".csv":
        return visit.table(queries_json.trends_rows(found))
    if visit.extension:
        return visit.data(queries_json.trends_json(found))

    def again(**other):
        narrowed = {name: asked[name] for name in ("site", "kind", "count", "seen")}
        return visit.links.trends(
            **{"q": asked["terms"], **narrowed, "from_": asked["from"], "to": asked["to"], **other}
        )

    context = {
        "found": found,
        "asked": asked,
        "again": again,
        "chart": trend_chart(found, count=count) if found else None,
        "boxes": min(MAX_TERMS, max(3, len(asked["terms"]) + 1)),
        "few": FEW,
        "most": MAX_TERMS,
        "examples": EXAMPLES,
    }
    return await visit.page("trends.html", context)


async def _trends(visit, asked):
    since, until = (read(asked[name]) if asked[name] else None for name, read in (("from", start_of), ("to", end_of)))
    return await visit.read(
        lambda conn: queries.trends(
            conn,
            asked["terms"],
            site=asked["site"],
            kind=asked["kind"],
            since=since,
            until=until,
            seen_only=bool(asked["seen"]),
        )
    )


async def changes(visit):
    """/-/policies/changes – newest changes over the corpus."""
    if visit.extension == ".atom":
        return await feeds.answer(visit, "Policy changes")
    asked = _asked(visit)
    tier = visit.argument("tier", "order")
    silent = {"1": True, "0": False}.get(visit.argument("silent"))
    offset = visit.number("offset", 0, most=10_000_000)
    narrowed = {name: asked[name] for name in ("site", "kind", "since", "until")}
    limit = MOST_LISTED if visit.extension == ".csv" else LISTED
    lines = bool(visit.argument("lines"))
    found = await visit.read(
        lambda conn: queries.changes(
            conn, **narrowed, tier=tier, silent=silent, lines=lines, limit=limit, offset=offset
        )
    )
    if visit.extension == ".csv":
        return visit.table(queries_json.changes_rows(found, lambda item: visit.url(_at(visit, item))))
    if visit.extension:
        return visit.data(queries_json.changes_json(found))
    asked |= {"tier": tier, "silent": visit.argument("silent")}

    def again(**other):
        kept = {name: asked[name] for name in ("tier", "site", "kind", "silent", "to")}
        return visit.links.changes(**{**kept, "from_": asked["from"], **other})

    return await visit.page("changes.html", {"found": found, "asked": asked, "again": again, "tiers": list(Tier)})


def _at(visit, item):
    return visit.links.transition(item.policy, item.transition)


async def clause(visit):
    """/-/policies/clause/SHA12 – one clause and where it stands."""
    view = await visit.read(lambda conn: queries.clause_by_sha(conn, visit.variable("sha")))
    if visit.extension:
        return visit.data(queries_json.clause_json(view))
    told = presences.told(view.presences)
    picture = chart.presence_chart([presence.drawn for presence in told])
    return await visit.page("clause.html", {"view": view, "chart": picture, "presences": told})


async def text(visit):
    """/-/policies/text/SHA12 – a text by its hash, an address that never moves."""
    views = await visit.read(lambda conn: queries.text_by_sha(conn, visit.variable("sha")))
    if visit.extension:
        return visit.data(queries_json.text_view_json(views))
    parts = part_of(views[0].sections, part_number(visit))
    context = {"views": views, "view": views[0], "policy": views[0].policy, "parts": parts, "most": MAX_CONTENTS}
    return await visit.page("text.html", context)


async def nothing(visit):
    """Any other word: say what there is."""
    raise UnknownTarget(
        f"there is no page {visit.variable('word')[:80]!r}: a site has a dot in its name, and the other pages are"
        " search, phrase, trends, changes, clause/SHA and text/SHA"
    )


def _asked(visit):
    """Read what a search or list is narrowed to, as typed; times also as ISO."""
    typed = {name: visit.argument(name) for name in ("q", "site", "kind", "tier", "order", "from", "to", "whole")}
    where = visit.argument("in", "text")
    since = to_iso(start_of(typed["from"])) if typed["from"] else ""
    until = to_iso(end_of(typed["to"])) if typed["to"] else ""
    return {**typed, "where": where, "since": since, "until": until}


def _narrowing(asked):
    """Name what is asked as `queries.search` does."""
    named = {name: asked[name] for name in ("where", "site", "kind", "since", "until")}
    changes_only = {"tier": asked["tier"], "whole": bool(asked["whole"])} if asked["where"] != "text" else {}
    return {**named, **changes_only, "order": asked["order"] or "best"}
