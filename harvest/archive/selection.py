"""Which captures to fetch. Pure: the same captures give the same choice, each with its reason.

Digests do not decide here: on modern pages they change with every capture while the text stays
(4,069 captures of one policy of bumble.com had 4,069 digests and 33 wordings). Where digests *are* equal, the
pipeline settles a capture without asking, whether it was chosen or not.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from harvest.model import Capture, Selected

EVERY = ("all", "1m", "6m", "1y")
_MONTHS = {"1m": 1, "6m": 6, "1y": 12}
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


def select(captures: Iterable[Capture], *, every: str = "all", holes: Sequence[Hole] = ()) -> list[Selected]:
    """Decide for each capture whether it is to be fetched, and say why; oldest first.

    *every*: ``all``, or one capture for each month (``1m``), half-year (``6m``) or year (``1y``): the one nearest
    to the first day of it, at most half an interval away. The first and the last page are always chosen, so are
    the first and the last archived redirect, and a redirect where no page is near. Captures listed as errors are
    chosen too: what the listing says of them is all there is to know, nothing is asked for them.

    *holes*: what earlier choices ran into. Captures in them are passed over, so that the next nearest is chosen.
    """
    ordered = sorted(captures, key=_order)
    if every == "all":
        return [_of_all(capture) for capture in ordered]
    barred = {capture for capture in ordered for hole in holes if _is_in(capture, hole)}
    readable = [capture for capture in ordered if _is_readable(capture) and capture not in barred]
    pages = [capture for capture in readable if not capture.statuscode.startswith(("3", "4", "5"))]
    redirects = [capture for capture in readable if capture.statuscode.startswith("3")]
    chosen, bare = _nearest(pages, every, _targets(readable, every), what="page")
    moved, _ = _nearest(redirects, every, bare, what="redirect")
    chosen.update(moved)
    return [_of_chosen(capture, chosen, barred, every) for capture in ordered]


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


def _of_chosen(capture: Capture, chosen: dict[Capture, str], barred: set[Capture], every: str) -> Selected:
    if not _is_readable(capture):
        return Selected(capture, False, f"{capture.mimetype} is no web page")
    if is_listed_error(capture):
        return Selected(capture, True, "listed as an error")
    if capture in chosen:
        return Selected(capture, True, chosen[capture])
    if capture in barred:
        return Selected(capture, False, "the archive plays nothing near")
    return Selected(capture, False, f"not needed for one capture every {every}")


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
