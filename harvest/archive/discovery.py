"""Which pages are one policy, and what a site's policies are called. Pure: decides on what was seen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from harvest.archive.discovery_addresses import guess_kind, is_same_site, label_of, may_follow, urlsplit_or_empty
from harvest.targets import KINDS
from harvest.urls import host_of, urlkey


@dataclass(frozen=True, slots=True)
class PageSeen:
    """One HTML address of an archive: how often it was captured, when, and where it redirects to."""

    url: str
    captures: int
    first: str  # fourteen digits
    last: str
    title: str = ""
    redirects_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pointer:
    """A page that led to an address: on how many of its captures (*times*), from the first to the last (14 digits)."""

    url: str
    kind: str
    page: str
    words: str
    archive: str
    first: str
    last: str
    times: int
    score: float
    evidence: str


@dataclass(frozen=True, slots=True)
class Seam:
    """Why two addresses are one policy. *evidence*: ``redirect`` or ``similar text``; *why* in words."""

    before: str
    after: str
    evidence: str
    why: str


@dataclass(frozen=True, slots=True)
class FoundPolicy:
    """A policy as an archive shows it. *urls* oldest first, each with why it belongs (*evidence*).

    *pointers*: what leads to its addresses; *seams*: why its addresses are one policy.
    """

    host: str
    kind: str
    label: str
    urls: tuple[tuple[str, str], ...]
    pointers: tuple[Pointer, ...] = ()
    seams: tuple[Seam, ...] = ()

    def why(self, url: str) -> str:
        """Return in a sentence why an address belongs to the policy: what points at it, and the seam to it."""
        seam = next((seam.why for seam in self.seams if seam.after == url), "")
        pointer = max(
            (one for one in self.pointers if urlkey(one.url) == urlkey(url)), key=lambda one: one.times, default=None
        )
        if pointer is None or not pointer.times:
            return seam or (pointer.evidence if pointer else "")
        days = f"{pointer.first[:4]}-{pointer.first[4:6]} to {pointer.last[:4]}-{pointer.last[4:6]}"
        return "; ".join(filter(None, (f"linked from {pointer.page} as “{pointer.words}”, {days}", seam)))


def group_policies(
    pages: Iterable[PageSeen], *, known: Mapping[str, tuple[str, str]] | None = None
) -> tuple[FoundPolicy, ...]:
    """Sort pages into policies: one for each address, unless an archived redirect or a move on the site joins them.

    *known* maps URL keys to the (kind, label) they already have in the corpus. A move: the addresses end in the
    same name, and one was seen for the last time before the other was seen first. Of several policies of a kind
    the one captured most often has no label, the others are called by their path; kind ``other`` always has one.
    Deterministic; every page lands in exactly one policy.
    """
    by_key: dict[str, PageSeen] = {}
    for page in sorted(pages, key=lambda page: page.url):
        key = urlkey(page.url)
        by_key[key] = _merged(by_key[key], page) if key in by_key else page
    groups = _joined(by_key)
    found: list[FoundPolicy] = []
    taken: set[tuple[str, str, str]] = set()
    for group in sorted(
        groups, key=lambda group: (-sum(page.captures for page in group), len(group[0].url), group[0].url)
    ):
        home = group[-1]
        host, kind = host_of(home.url), _kind_of(group)
        label = "" if kind != "other" else label_of(home.url)
        for page in group:
            kind, label = (known or {}).get(urlkey(page.url), (kind, label))
        label = _free_label(taken, host, kind, label, home.url)
        taken.add((host, kind, label))
        found.append(FoundPolicy(host, kind, label, tuple((page.url, evidence) for page, evidence in _evidence(group))))
    return tuple(sorted(found, key=lambda policy: (policy.host, KINDS.index(policy.kind), policy.label)))


def _merged(one: PageSeen, other: PageSeen) -> PageSeen:
    # http and https, www and not: the spelling seen last is the one to show
    newest = max(one, other, key=lambda page: (page.last, page.url))
    return PageSeen(
        newest.url,
        one.captures + other.captures,
        min(one.first, other.first),
        max(one.last, other.last),
        newest.title or one.title or other.title,
        tuple(sorted({*one.redirects_to, *other.redirects_to})),
    )


def _joined(by_key: Mapping[str, PageSeen]) -> list[list[PageSeen]]:
    leader = {key: key for key in by_key}

    def find(key: str) -> str:
        while leader[key] != key:
            key = leader[key]
        return key

    for key, page in by_key.items():
        for target in page.redirects_to:
            other = urlkey(target)
            kind = guess_kind(page.url, page.title)
            if other in by_key and is_same_site(page.url, target) and not may_follow(page.url, target, kind):
                leader[find(key)] = find(other)
    for family in _moves(by_key):
        for key in family[1:]:
            leader[find(key)] = find(family[0])
    groups: dict[str, list[PageSeen]] = {}
    for key, page in by_key.items():
        groups.setdefault(find(key), []).append(page)
    return [sorted(group, key=lambda page: (page.first, page.last, page.url)) for group in groups.values()]


def _moves(by_key: Mapping[str, PageSeen]) -> Iterable[list[str]]:
    """Yield the URL keys of pages of one host, kind and name that follow each other in time without overlap.

    Folders of two languages (``/fr/privacy.htm``, ``/es/privacy.htm``) are two pages, however few their captures.
    """
    families: dict[tuple[str, str, str], list[str]] = {}
    for key, page in by_key.items():
        kind = guess_kind(page.url)
        if kind != "other":
            families.setdefault((host_of(page.url), kind, _name(page.url)), []).append(key)
    for family in families.values():
        family.sort(key=lambda key: (by_key[key].first, by_key[key].last, key))
        pages = [by_key[key] for key in family]
        languages = {code for page in pages if (code := _language(page.url))}
        if len(languages) <= 1 and all(one.last < other.first for one, other in pairwise(pages)):
            yield family


def _language(url: str) -> str:
    folders = urlsplit_or_empty(url).path.lower().split("/")[1:-1]
    return next((folder for folder in folders if re.fullmatch(r"[a-z]{2}(?:[-_][a-z]{2})?", folder)), "")


def _name(url: str) -> str:
    return label_of(urlsplit_or_empty(url).path.rstrip("/").rpartition("/")[2])


def _kind_of(group: Sequence[PageSeen]) -> str:
    kinds = [guess_kind(page.url, page.title) for page in group]
    return min(kinds, key=KINDS.index)


def _free_label(taken: set[tuple[str, str, str]], host: str, kind: str, label: str, url: str) -> str:
    candidate, number = label, 1
    while (host, kind, candidate) in taken:
        candidate = label_of(url) if number == 1 else f"{label_of(url)}-{number}"
        number += 1
    return candidate


def _evidence(group: Sequence[PageSeen]) -> Iterable[tuple[PageSeen, str]]:
    targets = {urlkey(target) for page in group for target in page.redirects_to}
    for page in group:
        yield page, "redirect" if urlkey(page.url) in targets else "discovered"
