"""What a page of refusal can offer: what exists near what was asked for."""

from __future__ import annotations

import re
import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harvest.corpus.queries import near_hosts, policies_of, versions
from harvest.corpus.queries_model import PolicyRef, Version
from harvest.web.address import parse_address

if TYPE_CHECKING:
    from harvest.web.host import Visit


#: How messages go on that name what there is instead.
_LIST = re.compile(r"(, which has|; \S+ has|; did you mean): .*", re.DOTALL)
#: Versions listed of a policy; its timeline has all.
_VERSIONS = 12


@dataclass(frozen=True, slots=True)
class Offer:
    """Policies of the site asked for with their newest versions, or sites with names like it."""

    site: str
    policies: tuple[tuple[PolicyRef, tuple[Version, ...]], ...]
    hosts: tuple[str, ...]


def without_list(message: str) -> str:
    """Return a message without the names it ends in: the page lists them as links.

    >>> without_list("no site 'a.example' in this corpus, which has: b.example, c.example …")
    "no site 'a.example' in this corpus"
    """
    return _LIST.sub("", message)


async def what_exists(visit: Visit) -> Offer | None:
    """Return what exists for the site in the address of *visit*; None for pages that name no site."""
    path = visit.variable("path")
    site = path.partition("/")[0]
    if not site:
        return None
    with suppress(ValueError):
        site = parse_address(path).policy.partition("/")[0]
    return await visit.read(lambda conn: _offer(conn, site))


def _offer(conn: sqlite3.Connection, site: str) -> Offer:
    known = policies_of(conn, site)
    return Offer(
        site,
        tuple((policy, versions(conn, policy)[-_VERSIONS:][::-1]) for policy in known[:12]),
        () if known else near_hosts(conn, site, limit=24),
    )
