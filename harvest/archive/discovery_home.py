"""A domain → the addresses of its policies over time, from its archived home pages.

One or two home pages a year are read (`harvest.archive.discovery_links`), through frames, splash pages and hubs of
legal matters; addresses that follow each other are one policy where the archive shows that they are. Only exact
addresses are listed: queries for a whole domain lose rows, and are refused for large sites.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from harvest.archive.discovery import FoundPolicy, Pointer, Seam
from harvest.archive.discovery_addresses import label_of
from harvest.archive.discovery_judge import PolicyLink
from harvest.archive.discovery_seams import likeness
from harvest.archive.discovery_visit import Asked, Tell, Visit
from harvest.archive.selection import is_listed_error, select
from harvest.errors import ArchiveError, UnknownTarget
from harvest.timestamps import parse_stamp
from harvest.urls import host_of, urlkey

#: One page for each half-year: addresses of policies live for years.
EVERY = "6m"
_KINDS = ("privacy", "terms", "cookies")
_HOMES = ("index.html", "index.htm", "home.html")  # asked for where the archive never saw the bare address


@dataclass(frozen=True, slots=True)
class Discovery:
    """What was found for a host. *policies*: best first in each kind; *pages*: home pages that were read.

    *trouble*: what could not be. No policies and no trouble means: the archived home pages lead to none.
    """

    host: str
    archive: str
    policies: tuple[FoundPolicy, ...]
    pages: int
    first: str = ""
    last: str = ""
    trouble: tuple[str, ...] = ()


@dataclass(slots=True)
class _Sighting:
    """A link as it was seen on one home page."""

    link: PolicyLink
    stamp: str
    page: str


def discover(
    archive: Asked,
    host: str,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    tell: Tell | None = None,
) -> Discovery:
    """Read the archived home pages of *host*, and return the policies they lead to.

    Raises `ArchiveError` where the archive could not be asked for the home page, or answers nobody; trouble on the way
    is in the result. Costs one listing and about two pages a year, and a listing for each address found.
    """
    visit = Visit(archive, since, until, tell or (lambda message: None))
    captures = visit.captures_of(f"http://{host}/", needed=True)
    for name in _HOMES if not captures else ():
        captures = captures or visit.captures_of(f"http://{host}/{name}", needed=True)
    selected = [item.capture for item in select(captures, every=EVERY) if item.fetch]
    chosen = [capture for capture in selected if not is_listed_error(capture)]
    seen: list[_Sighting] = []
    read: list[str] = []
    for number, capture in enumerate(chosen, start=1):
        visit.tell(f"home page {number} of {len(chosen)}, {capture.captured_at:%Y-%m-%d}")
        found = visit.read(capture)
        if found is not None:
            read.append(capture.timestamp)
            seen += [_Sighting(link, capture.timestamp, capture.url) for link in found]
    pointers = list(_pointers(seen, archive.name))
    if not any(pointer.kind == "privacy" for pointer in pointers):
        pointers += visit.usual(host)
    policies = [policy for kind in _KINDS for policy in _policies(visit, kind, pointers)]
    bounds = (min(read, default=""), max(read, default=""))
    return Discovery(host, archive.name, tuple(policies), len(read), *bounds, tuple(visit.trouble))


def find_policies(archive: Asked, host: str) -> tuple[FoundPolicy, ...]:
    """Return the policies that the archived home pages of *host* lead to.

    Raises `UnknownTarget`, with what to do, where they lead to none, and `ArchiveError` where that could not be seen.
    """
    found = discover(archive, host)
    if found.policies:
        return found.policies
    if found.trouble:
        raise ArchiveError(f"{host}: its home pages could not all be read: {'; '.join(found.trouble[:3])}")
    span = f"{found.first[:4]} to {found.last[:4]}"
    read = f"the {found.pages} archived home pages of {host} that were read ({span}) lead to no policy"
    raise UnknownTarget(
        f"{read if found.pages else f'{archive.name} has no home page of {host}'}: name the URL of its policy, such as"
        f" http://www.{host}/privacy.html (an address of years ago will do: moves are followed)"
    )


def _pointers(seen: Sequence[_Sighting], archive: str) -> Iterator[Pointer]:
    """Yield one pointer for each address, kind and words: from when to when they were seen."""
    groups: dict[tuple[str, str, str], list[_Sighting]] = {}
    for one in seen:
        groups.setdefault((one.link.kind, urlkey(one.link.url), one.link.words), []).append(one)
    for (kind, _, words), group in groups.items():
        best = max(group, key=lambda one: (one.link.score, one.stamp))
        stamps = sorted({one.stamp for one in group})
        yield Pointer(
            group[-1].link.url, kind, best.page, words, archive, stamps[0], stamps[-1], len(stamps), best.link.score,
            best.link.evidence,
        )  # fmt: skip


@dataclass(slots=True)
class _Address:
    """One address of a kind, with all that points at it."""

    url: str
    pointers: list[Pointer] = field(default_factory=list)

    @property
    def first(self) -> str:
        return min(pointer.first for pointer in self.pointers)

    @property
    def last(self) -> str:
        return max(pointer.last for pointer in self.pointers)

    @property
    def weight(self) -> tuple[int, float, str]:
        return sum(one.times for one in self.pointers), max(one.score for one in self.pointers), self.last


def _policies(visit: Visit, kind: str, pointers: Sequence[Pointer]) -> Iterator[FoundPolicy]:
    """Yield the policies of a kind, the one most often linked first; addresses that follow each other by evidence."""
    addresses: dict[str, _Address] = {}
    for pointer in sorted(pointers, key=lambda one: (one.last, one.url)):
        if pointer.kind == kind:
            held = addresses.setdefault(urlkey(pointer.url), _Address(pointer.url))
            held.pointers.append(pointer)
            held.url = pointer.url
    groups = [[address] for address in sorted(addresses.values(), key=lambda one: (one.first, one.last, one.url))]
    seams: list[Seam] = []
    for before, after in pairwise([group[0] for group in groups]):
        visit.tell(f"{before.url} → {after.url}")
        seam = _seam(visit, before, after)
        if seam is not None:
            seams.append(seam)
            one, other = (next(group for group in groups if address in group) for address in (before, after))
            if one is not other:
                groups.remove(other)
                one += other
    groups.sort(key=lambda group: max(address.weight for address in group), reverse=True)
    for number, group in enumerate(groups):
        group.sort(key=lambda one: (one.first, one.last, one.url))
        newest = max(group, key=lambda one: (one.last, one.weight))
        label = label_of(newest.url) if number and host_of(newest.url) == host_of(groups[0][-1].url) else ""
        urls = tuple((address.url, "discovered") for address in group)
        inside = {urlkey(address.url) for address in group}
        own_seams = tuple(seam for seam in seams if urlkey(seam.after) in inside)
        yield FoundPolicy(
            host_of(newest.url),
            kind,
            label,
            urls,
            tuple(one for address in group for one in address.pointers),
            own_seams,
        )


def _seam(visit: Visit, before: _Address, after: _Address) -> Seam | None:
    """Return the evidence that a policy went from one address to another, None where the archive shows none."""
    for source, target in ((before, after), (after, before)):
        moved = next((one for one in visit.captures_of(source.url) if one.statuscode.startswith("3")), None)
        page = visit.fetch(moved) if moved is not None else None
        if moved is not None and page is not None and urlkey(target.url) in map(urlkey, page.redirects):
            why = f"{source.url} redirected to {target.url}, captured {moved.captured_at:%Y-%m-%d}"
            return Seam(before.url, after.url, "redirect", why)
    texts = [
        visit.near(address.url, moment)
        for address, moment in ((before, _moment(before.last)), (after, _moment(after.first)))
    ]
    share = likeness(*texts)
    if share is None or share < 0.5:
        return None
    days = " and ".join(f"{page.capture.captured_at:%Y-%m-%d}" for page in texts if page is not None)
    return Seam(
        before.url, after.url, "similar text", f"{before.url} and {after.url} share {share:.0%} of their text ({days})"
    )


def _moment(stamp: str) -> datetime:
    return parse_stamp(stamp)[0]
