"""Which captures to fetch. Pure: the same captures give the same choice, each with its reason.

Digests do not decide here: on modern pages they change with every capture while the text stays
(4,069 captures of one policy of bumble.com had 4,069 digests and 33 wordings). Where digests *are* equal, the
pipeline settles a capture without asking, whether it was chosen or not.

``change`` looks at the texts of what was fetched and decides in rounds (`harvest.archive.selection_changes`); all
other ways decide once.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby

from harvest.archive.selection_changes import Shown, at_least, next_round
from harvest.model import Capture, Selected

_MONTHS = {"1m": 1, "6m": 6, "1y": 12}
# Redirects are no pages to compare: where a search for changes finds no page, one for each half-year tells the move.
_REDIRECTS_EVERY = "6m"
_NEAR = "near:"
# Listings of the 1990s and of revisits name no type; ``unk`` is what the archive writes when it could not tell.
_PAGES = (
    "",
    "-",
    "unk",
    "text/html",
    "application/xhtml+xml",
    "text/plain",
    "application/octet-stream",
    "warc/revisit",
)


@dataclass(frozen=True, slots=True)
class Hole:
    """A capture that could not be played, and the moment of the nearest one that can (None: not said)."""

    urlkey: str
    at: datetime
    nearest: datetime | None = None


def near(days: Iterable[datetime]) -> str:
    """Return what `select` takes as *every* for the captures nearest to some days.

    >>> near([datetime(2012, 5, 1, tzinfo=UTC), datetime(2009, 1, 1, tzinfo=UTC)])
    'near:2009-01-01,2012-05-01'
    """
    return _NEAR + ",".join(sorted({f"{day:%Y-%m-%d}" for day in days}))


def select(
    captures: Iterable[Capture], *, every: str = "all", holes: Sequence[Hole] = (), shown: Shown | None = None
) -> list[Selected]:
    """Decide for each capture whether it is to be fetched, and say why; oldest first.

    *every*: ``all``; one capture for each month (``1m``), half-year (``6m``) or year (``1y``): the one nearest to the
    first day of it, at most half an interval away; `near` some days; or ``change``: what tells where the text changed.
    By interval the first and the last page are always chosen, so are the first and the last archived redirect, and a
    redirect where no page is near. Captures listed as errors are chosen too: what the listing says of them is all
    there is to know, nothing is asked for them.

    *holes*: what earlier choices ran into. Captures in them are passed over, so that the next nearest is chosen.
    *shown*: for ``change``, what is known by now; captures that are not decided yet are left out of the answer. Fetch
    what is chosen and ask again, until nothing new is.
    """
    ordered = sorted(captures, key=_order)
    if every == "all":
        return [_of_all(capture) for capture in ordered]
    barred = {capture for capture in ordered for hole in holes if _is_in(capture, hole)}
    readable = [capture for capture in ordered if _is_readable(capture) and capture not in barred]
    if every.startswith(_NEAR):
        choice = _near_days(readable, every.removeprefix(_NEAR))
    elif every == "change":
        choice = _changes(readable, shown or {})
    else:
        choice = _by_interval(readable, every)
    passed_over = {**dict.fromkeys(barred, "the archive plays nothing near"), **choice.passed_over}
    return [
        _of_chosen(capture, choice.chosen, passed_over, choice.left)
        for capture in ordered
        if capture not in choice.undecided
    ]


def least(captures: Iterable[Capture]) -> int:
    """Return how many pages a search for changes asks for where no text ever changes: all that can be said before."""
    found = 0
    for _, line in groupby(sorted(filter(_is_page, captures), key=_line), key=lambda capture: capture.urlkey):
        pages = list(line)
        found += at_least(len(pages), (pages[-1].captured_at - pages[0].captured_at).days)
    return found


@dataclass(frozen=True, slots=True)
class _Choice:
    """What to fetch with the reason, what not with its own reason or (*left*) the common one, what to decide later."""

    chosen: Mapping[Capture, str]
    left: str
    passed_over: Mapping[Capture, str] = field(default_factory=dict)
    undecided: frozenset[Capture] = frozenset()


def _near_days(readable: Sequence[Capture], days: str) -> _Choice:
    pages = [capture for capture in readable if _is_page(capture)]
    pool = pages or [capture for capture in readable if not is_listed_error(capture)]
    targets = [datetime.fromisoformat(day).replace(tzinfo=UTC) for day in days.split(",")]
    return _Choice(_nearest_to(pool, targets), f"not the nearest to {days}")


def _by_interval(readable: Sequence[Capture], every: str) -> _Choice:
    pages = [capture for capture in readable if _is_page(capture)]
    redirects = [capture for capture in readable if capture.statuscode.startswith("3")]
    chosen, bare = _nearest(pages, every, _targets(readable, every), what="page")
    moved, _ = _nearest(redirects, every, bare, what="redirect")
    return _Choice({**chosen, **moved}, f"not needed for one capture every {every}")


def _changes(readable: Sequence[Capture], shown: Shown) -> _Choice:
    """Search each address by itself: two that show different languages are no change of either."""
    chosen: dict[Capture, str] = {}
    assumed: dict[Capture, str] = {}
    pages_of_all = sorted((capture for capture in readable if _is_page(capture)), key=_line)
    for _, line in groupby(pages_of_all, key=lambda capture: capture.urlkey):
        pages = list(line)
        found = next_round(pages, shown)
        chosen.update({**dict.fromkeys((page for page in pages if page in shown), "looked at"), **found.wanted})
        assumed.update(found.assumed)
    by_half_year = _by_interval(readable, _REDIRECTS_EVERY).chosen
    chosen.update({capture: why for capture, why in by_half_year.items() if capture.statuscode.startswith("3")})
    undecided = frozenset(pages_of_all) - chosen.keys() - assumed.keys()
    return _Choice(chosen, "a redirect beside pages", assumed, undecided)


def _line(capture: Capture) -> tuple[str, datetime, str, str, str, str]:
    return capture.urlkey, *_order(capture)


def _order(capture: Capture) -> tuple[datetime, str, str, str, str]:
    return capture.captured_at, capture.url, capture.digest, capture.statuscode, capture.mimetype


def is_listed_error(capture: Capture) -> bool:
    """True when the listing itself says that the site answered with an error."""
    return capture.statuscode.startswith(("4", "5"))


def _is_readable(capture: Capture) -> bool:
    return capture.mimetype.lower() in _PAGES or capture.statuscode.startswith(("3", "4", "5"))


def _of_all(capture: Capture) -> Selected:
    if not _is_readable(capture):
        return Selected(capture, False, f"{capture.mimetype} is no web page")
    return Selected(capture, True, "every capture")


def _is_in(capture: Capture, hole: Hole) -> bool:
    """True for the capture itself, and all that are nearer to it than the nearest that can be played."""
    if capture.urlkey != hole.urlkey:
        return False
    distance = abs(capture.captured_at - hole.at)
    return not distance or (hole.nearest is not None and distance < abs(hole.nearest - hole.at))


def _is_page(capture: Capture) -> bool:
    return _is_readable(capture) and not capture.statuscode.startswith(("3", "4", "5"))


def _of_chosen(
    capture: Capture, chosen: Mapping[Capture, str], passed_over: Mapping[Capture, str], left: str
) -> Selected:
    if not _is_readable(capture):
        return Selected(capture, False, f"{capture.mimetype} is no web page")
    if is_listed_error(capture):
        return Selected(capture, True, "listed as an error")
    if capture in chosen:
        return Selected(capture, True, chosen[capture])
    return Selected(capture, False, passed_over.get(capture, left))


def _nearest_to(pool: Sequence[Capture], targets: Iterable[datetime]) -> dict[Capture, str]:
    """Return the captures nearest to some days, however far away; of two as near the earlier."""
    chosen: dict[Capture, str] = {}
    times = [capture.captured_at for capture in pool]
    for target in targets:
        place = bisect_left(times, target)
        near = [(abs((times[at] - target).total_seconds()), at) for at in (place - 1, place) if 0 <= at < len(pool)]
        if near:
            distance_s, at = min(near)
            at = times.index(times[at])
            chosen.setdefault(pool[at], f"nearest to {target:%Y-%m-%d} ({distance_s / 86_400:.0f} days away)")
    return chosen


def _nearest(
    pool: Sequence[Capture], every: str, targets: Iterable[datetime], *, what: str
) -> tuple[dict[Capture, str], list[datetime]]:
    """Return the captures nearest to the targets with their reasons, and the targets that had none."""
    chosen: dict[Capture, str] = {}
    bare: list[datetime] = []
    times = [capture.captured_at for capture in pool]
    reach_s = _MONTHS[every] * 30.5 * 86_400 / 2
    for target in targets:
        place = bisect_left(times, target)
        near = [(abs((times[at] - target).total_seconds()), at) for at in (place - 1, place) if 0 <= at < len(pool)]
        distance_s, at = min(near, default=(reach_s + 1, -1))
        if distance_s > reach_s:
            bare.append(target)
        else:
            at = times.index(times[at])  # the first of several in one second, whichever side it was reached from
            chosen.setdefault(pool[at], f"nearest to {target:%Y-%m-%d} ({distance_s / 86_400:.0f} days away)")
    if pool:
        chosen[pool[0]] = f"first {what}"
        chosen[pool[-1]] = f"last {what}"
    return chosen, bare


def _targets(captures: Sequence[Capture], every: str) -> Iterator[datetime]:
    """Yield the first days of the calendar intervals the captures span; the grid does not depend on them."""
    if not captures:
        return
    step = _MONTHS[every]
    first, last = captures[0].captured_at, captures[-1].captured_at
    months = (first.year * 12 + first.month - 1) // step * step
    while months <= last.year * 12 + last.month - 1 + step:
        yield datetime(months // 12, months % 12 + 1, 1, tzinfo=UTC)
        months += step
