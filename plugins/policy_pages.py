"""The corpus, and the pages of one policy: timeline, version, diff, blame, section."""

from __future__ import annotations

from datasette import hookimpl

from harvest.compare import render
from harvest.corpus import queries, queries_json
from harvest.corpus.queries_blame import FURTHER, word_blame_json
from harvest.web import ages, chart, difference, difference_parts, feeds, months, redline
from harvest.web.address import parse_address
from harvest.web.difference_links import Places
from harvest.web.host import routes_of
from harvest.web.parts import MAX_CONTENTS, part_number, part_of

PER_PAGE = 50
#: Captures from which on a calendar says more than the list of changes.
CALENDAR = 6
#: Wordings of a section on a page; fewer where they are long.
STATES = 20


@hookimpl
def register_routes():
    """The overview, and everything whose path begins with a site. Sites have a dot; the fixed words have none."""
    return routes_of({"/?": overview, r"/(?P<path>[^/]*?\.[^/]*?(?:/.*?)?)": policy_page})


async def overview(visit):
    """/-/policies – the corpus: sites, policies, versions, span, activity."""
    filters = {"q": visit.argument("q"), "kind": visit.argument("kind"), "order": visit.argument("order", "name")}
    offset = visit.number("offset", 0, most=10_000_000)
    if visit.extension == ".atom":
        return await feeds.answer(visit, "Policy changes")
    found = await visit.read(lambda conn: queries.overview(conn, **filters, limit=PER_PAGE, offset=offset))
    if visit.extension:
        return visit.data(queries_json.overview_json(found))
    newest = await visit.read(lambda conn: queries.changes(conn, limit=6))
    return await visit.page("overview.html", {"found": found, "newest": newest, **filters})


async def policy_page(visit):
    """/-/policies/SITE[/KIND]… – hand over to the page the address means."""
    address = parse_address(visit.variable("path"))
    policy = await visit.read(lambda conn: queries.resolve_policy(conn, address.policy))
    page = {"version": version, "diff": diff, "blame": blame, "section": section}.get(address.page, timeline)
    return await page(visit, policy, address)


async def timeline(visit, policy, address):
    """The history of one policy; with ?date= on to the text of that day, with ?before= and ?after= to the diff."""
    if visit.argument("date"):
        return visit.redirect(visit.links.as_written(policy, visit.argument("date")))
    before, after = visit.argument("before"), visit.argument("after")
    if before and after:
        return visit.redirect(visit.links.diff(policy, f"{before}..{after}"))
    if visit.extension == ".atom":
        return await feeds.answer(visit, f"Changes of {policy.address}", policy=policy)
    if visit.extension:
        return visit.data(queries_json.timeline_json(await visit.read(lambda conn: queries.timeline(conn, policy))))
    history = await visit.read(lambda conn: queries.outline(conn, policy))
    picture = await visit.compute(lambda: chart.timeline_chart(history))
    every, offset = bool(visit.argument("noise")), visit.number("offset", 0, most=10_000_000)
    shown = [step for step in reversed(history.steps) if every or not step.is_noise]
    listed = [step.id for step in shown[offset : offset + PER_PAGE]]
    drawn = [window.step.id for window in picture.windows] if picture else []
    told = await visit.read(lambda conn: queries.steps_by_id(conn, [*listed, *drawn]))
    steps = [told[step_id] for step_id in listed]
    versions = await visit.read(lambda conn: queries.versions_by_number(conn, policy, [step.after for step in steps]))
    others = await visit.read(lambda conn: queries.policies_of(conn, policy.host))
    return await visit.page(
        "timeline.html",
        {
            "history": history,
            "policy": policy,
            "others": [other for other in others if other.id != policy.id],
            "chart": picture,
            "months": months.calendar(history.marks) if len(history.marks) >= CALENDAR else (),
            "told": told,
            "by_number": versions,
            "steps": steps,
            "steps_total": len(shown),
            "years": _years(shown) if len(shown) > PER_PAGE else (),
            "hidden": len(history.steps) - len(shown),
            "noise": every,
            "offset": offset,
            "per_page": PER_PAGE,
        },
    )


async def version(visit, policy, address):
    """The text as of a date."""
    view = await visit.read(lambda conn: queries.version_as_of(conn, policy, address.moments[0]))
    if visit.extension:
        return visit.data(queries_json.version_view_json(view))
    parts = part_of(view.sections, part_number(visit))
    context = {"view": view, "policy": policy, "asked": address.dates[0], "parts": parts, "most": MAX_CONTENTS}
    context["here_url"] = visit.url(visit.links.text(view.version.text.sha))
    return await visit.page("version.html", context)


async def diff(visit, policy, address):
    """What changed between two dates."""
    before, after = address.moments
    pair, found = await visit.read(lambda conn: _pair(conn, policy, before=before, after=after))
    found = found or await visit.compute(lambda: difference.diff_of(pair))
    if visit.extension:
        sides = {
            "before": queries_json.version_json(pair.before.version),
            "after": queries_json.version_json(pair.after.version),
        }
        return visit.data({"policy": queries_json.policy_json(policy), **sides, "diff": render.to_json(found)})
    noise, unfolded = bool(visit.argument("noise")), bool(visit.argument("unfold"))
    every = unfolded or bool(visit.argument("all"))
    dates = "..".join(address.dates)
    cited = visit.links.diff(policy, dates)
    if visit.argument("as") == "markdown":
        return visit.text(redline.redline(policy, pair, found, visit.url(cited), noise=noise))
    page = await visit.compute(lambda: difference.page_of(pair, found, noise=noise, everything=every))
    side = visit.argument("view") == "side"
    change = visit.argument("change")
    part = difference_parts.diff_part(page, part_number(visit), change=change, side=side)
    if part.cites:  # who came for one change cites that one
        cited = f"{visit.links.diff(policy, dates, change=change)}#{change}"
    everything = every and not unfolded
    shown = {"noise": noise and 1, "view": side and "side", "all": everything and 1, "unfold": unfolded and 1}

    def here(**other):
        return visit.links.diff(policy, dates, **{**shown, **other})

    return await visit.page(
        "diff.html",
        {
            "pair": pair,
            "diff": found,
            "page": page,
            "part": part,
            "policy": policy,
            "here": here,
            "places": Places(part, here),
            "here_url": visit.url(cited),
            "dates": dates,
            "noise": noise,
            "unfolded": unfolded,
            "side": side,
            "map_most": difference_parts.MAX_MAP,
        },
    )


def _pair(conn, policy, **dates):
    """Return the versions in force at two dates, and their diff if it is remembered: then without their clauses."""
    pair = queries.bare_pair(conn, policy, **dates)
    found = difference.known(pair)
    return queries.with_texts(conn, pair, heads_only=found is not None), found


async def blame(visit, policy, address):
    """Since when each clause stands there; with ?words=1 each word."""
    if visit.argument("words"):
        return await blame_words(visit, policy, address)
    found = await visit.read(lambda conn: queries.blame(conn, policy, address.moments[0]))
    if visit.extension:
        return visit.data(queries_json.blame_json(found))
    named = {(each.section, each.clause): each for each in found.blamed}
    parts = part_of(found.view.sections, part_number(visit), weigh=ages.weigh)
    context = {
        "view": found.view,
        "policy": policy,
        "ages": named,
        "words": False,
        "parts": parts,
        "most": 0,
        "back": 0,
    }
    return await visit.page("blame.html", context)


async def blame_words(visit, policy, address):
    """Since when each word stands there."""
    back = visit.number("back", 0, most=len(FURTHER) - 1)
    found = await visit.read(
        lambda conn: queries.blame_of_words(conn, policy, address.moments[0], max_words=FURTHER[back])
    )
    if visit.extension:
        return visit.data(word_blame_json(found))
    clauses, headings = ages.ages_of(found)
    starred = any(run.earlier for each in clauses.values() for run in each.runs)
    context = {
        "view": found.view,
        "policy": policy,
        "ages": clauses,
        "headings": headings,
        "looked": found,
        "back": back,
    }
    parts = part_of(found.view.sections, part_number(visit), weigh=ages.weighing(clauses))
    more = {"words": True, "starred": starred, "parts": parts, "most": 0, "furthest": len(FURTHER) - 1}
    return await visit.page("blame.html", {**context, **more})


async def section(visit, policy, address):
    """One section through the years; the page a part of them, JSON all."""
    offset = visit.number("offset", 0, most=10_000_000)
    window = {} if visit.extension else {"newest": STATES, "skip": offset}
    history = await visit.read(lambda conn: queries.section_history(conn, policy, address.slug, **window))
    if visit.extension:
        return visit.data(queries_json.section_history_json(history))
    steps = await visit.compute(
        lambda: difference_parts.newest_that_fit(difference.steps_back(history.states, history.before))
    )
    return await visit.page("section.html", {"history": history, "steps": steps, "policy": policy, "offset": offset})


def _years(steps):
    """Where each year begins in a list of steps that is longer than a page."""
    starts = {}
    for place, step in enumerate(steps):
        starts.setdefault(step.year, place)
    return tuple(starts.items())
