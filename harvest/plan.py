"""What a run would ask for, and how long it would take: the index is asked, no page is fetched, nothing is stored."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from harvest.archive import Archive
from harvest.archive.selection import is_listed_error, least, select
from harvest.archive.wayback import is_loopback
from harvest.config import Rate, Settings
from harvest.corpus.queries_known import known_by_key, known_captures
from harvest.errors import HarvestError, StopAsking
from harvest.model import Capture, Outcome
from harvest.resolve import PolicyTarget, resolve_local, resolve_target
from harvest.targets import Target
from harvest.urls import urlkey

_OPEN = (Outcome.LISTED, Outcome.FAILED, Outcome.SKIPPED)  # what another run may still fetch


@dataclass(frozen=True, slots=True)
class PlannedPolicy:
    """One policy: index queries, captures listed, those that would be fetched, and those the corpus has settled."""

    name: str
    urls: tuple[str, ...]
    listings: int
    captures: int
    to_fetch: int
    settled: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run would do. *seconds* at the allowed rates, 0 for a local archive; *errors* would end with status 1.

    *is_least*: how much a search for changes asks for depends on what it finds; where nothing changed it is this.
    """

    archive: str
    policies: tuple[PlannedPolicy, ...]
    seconds: float
    errors: tuple[str, ...] = ()
    is_least: bool = False

    @property
    def listings(self) -> int:
        """Index queries."""
        return sum(policy.listings for policy in self.policies)

    @property
    def to_fetch(self) -> int:
        """Pages."""
        return sum(policy.to_fetch for policy in self.policies)


def plan(
    conn: sqlite3.Connection,
    archive: Archive,
    targets: Sequence[str | Target],
    *,
    every: str = "all",
    since: datetime | None = None,
    until: datetime | None = None,
    kind: str | None = None,
    settings: Settings | None = None,
) -> Plan:
    """Return what `pipeline.run` with the same arguments would ask for. Addresses found on the way are not counted."""
    policies: list[PlannedPolicy] = []
    errors: list[str] = []
    given: Sequence[str | Target | None] = targets or [None]
    for target in given:
        own = target if isinstance(target, Target) else Target("")
        bounds = (own.every or every, own.since or since, own.until or until)
        try:
            for policy in _resolve(conn, archive, target, kind):
                policies.append(_plan_policy(conn, archive, policy, *bounds, errors))
        except StopAsking as error:
            errors.append(f"{error} (of {len(given)} targets {len(policies)} policies are planned)")
            break
        except HarvestError as error:
            errors.append(str(error))
    settings = settings or Settings()
    free = archive.is_local or (is_loopback(archive.name) and not settings.govern_loopback)
    seconds = 0.0 if free else _seconds(policies, settings.rates_of(_host(archive.name)))
    return Plan(archive.name, tuple(policies), seconds, tuple(errors), every == "change")


def _resolve(
    conn: sqlite3.Connection, archive: Archive, target: str | Target | None, kind: str | None
) -> tuple[PolicyTarget, ...]:
    if target is None:
        return resolve_local(conn, archive, None, kind=kind)
    return resolve_target(conn, archive, target, kind=kind)


def _plan_policy(
    conn: sqlite3.Connection,
    archive: Archive,
    policy: PolicyTarget,
    every: str,
    since: datetime | None,
    until: datetime | None,
    errors: list[str],
) -> PlannedPolicy:
    captures: list[Capture] = []
    for item in policy.urls:
        listing = archive.list_captures(item.url, since=since, until=until)
        captures += listing.captures
        if listing.outcome not in ("ok", "empty"):
            errors.append(f"{item.url}: {listing.outcome}: {listing.message}")
    settled = _settled(conn, policy)
    urls = tuple(item.url for item in policy.urls)
    if every == "change":
        to_fetch = max(0, least(captures) - len(settled))
    else:
        wanted = [item.capture for item in select(captures, every=every) if item.fetch]
        to_fetch = sum(_key(capture) not in settled and not is_listed_error(capture) for capture in wanted)
    return PlannedPolicy(policy.name, urls, len(urls), len(captures), to_fetch, len(settled))


def _settled(conn: sqlite3.Connection, policy: PolicyTarget) -> set[tuple[str, str, str]]:
    known = next((item for url in policy.urls if (item := known_by_key(conn, urlkey(url.url)))), None)
    if known is None:
        return set()
    captures = known_captures(conn, known.policy_id)
    return {(item.url, item.timestamp, item.digest) for item in captures if item.outcome not in _OPEN}


def _key(capture: Capture) -> tuple[str, str, str]:
    return capture.url, capture.timestamp, capture.digest


def _seconds(policies: Sequence[PlannedPolicy], rates: Mapping[str, Rate]) -> float:
    """Listings and pages are asked for side by side: it takes the longer of both, and the first listing before."""
    listings = sum(policy.listings for policy in policies)
    pages = sum(policy.to_fetch for policy in policies)
    return max(_at(listings, rates["listing"]), _at(pages, rates["memento"]) + _at(min(1, listings), rates["listing"]))


def _host(archive: str) -> str:
    return "web.archive.org" if archive == "wayback" else urlsplit(archive).hostname or ""


def _at(count: int, rate: Rate) -> float:
    return 60.0 * count / rate.per_minute if rate.per_minute else 0.0
