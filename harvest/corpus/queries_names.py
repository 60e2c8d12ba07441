"""What a name means: the policy or site that people call by it, and what to offer where there is none."""

from __future__ import annotations

import re
import sqlite3
from difflib import get_close_matches
from urllib.parse import urlsplit

from harvest.corpus.queries_model import PolicyRef
from harvest.corpus.queries_rows import POLICY_COLUMNS, policy_of, rows
from harvest.errors import UnknownTarget
from harvest.policy_names import split_name
from harvest.urls import host_of, urlkey

#: What a URL begins with; a policy may have one in its label.
_URL = re.compile(r"\s*[a-z][a-z0-9+.-]*://", re.IGNORECASE)


def policies_of(conn: sqlite3.Connection, host: str) -> tuple[PolicyRef, ...]:
    """Return the policies of a site, its privacy policy first; also those of other sites it points at."""
    return tuple(
        policy_of(row)
        for row in rows(
            conn,
            f"SELECT {POLICY_COLUMNS} FROM policies p JOIN sites s ON s.id = p.site_id"
            " WHERE p.id IN (SELECT own.id FROM policies own JOIN sites home ON home.id = own.site_id"
            "   WHERE home.host = :host UNION SELECT sp.policy_id FROM site_policies sp"
            "   JOIN sites other ON other.id = sp.site_id WHERE other.host = :host)"
            " ORDER BY s.host = :host DESC, p.kind != 'privacy', p.kind, p.label",
            {"host": host},
        )
    )


def resolve_policy(conn: sqlite3.Connection, target: str) -> PolicyRef:
    """Return the policy that ``SITE[/KIND[:LABEL]]`` or a known URL means.

    KIND left out: the site's privacy policy, or its only policy. Raises UnknownTarget with what exists.
    """
    if _URL.match(target):
        return _by_url(conn, target)
    host, kind, label = split_name(target)
    known = policies_of(conn, host_of(f"http://{host}") or host.lower())
    if not known:
        raise UnknownTarget(_no_site(conn, host))
    of_kind = [policy for policy in known if policy.kind == (kind or "privacy")]
    wanted = [each for each in of_kind if each.label == label] or [
        each for each in of_kind if each.label == label.strip(" /")
    ]
    if not wanted and not label:
        same_kind = [policy for policy in known if policy.kind == (kind or policy.kind)]
        wanted = same_kind if len(same_kind) == 1 else []
    if not wanted:
        names = ", ".join(policy.address for policy in known)
        raise UnknownTarget(f"no policy {target!r} in this corpus; {host} has: {names}")
    return wanted[0]


def host_of_site(conn: sqlite3.Connection, site: str) -> str:
    """Return the host that *site*, as people write one, has in the corpus; '' for ''. Raises UnknownTarget for others.

    Asked for a site that is not there, a search would find nothing, which reads as an answer.
    """
    if not site:
        return ""
    host = host_of(site if "://" in site else f"http://{site}") or site.lower()
    if not rows(conn, "SELECT 1 FROM sites WHERE host = ?", (host,)):
        raise UnknownTarget(_no_site(conn, host))
    return host


def _by_url(conn: sqlite3.Connection, url: str) -> PolicyRef:
    found = rows(
        conn,
        f"SELECT {POLICY_COLUMNS} FROM policies p JOIN sites s ON s.id = p.site_id"
        " WHERE p.id IN (SELECT policy_id FROM policy_urls WHERE urlkey = ?) ORDER BY p.id LIMIT 1",
        (urlkey(url),),
    )
    if found:
        return policy_of(found[0])
    host = host_of(url)
    path = urlsplit(url).path
    if path in ("", "/") and host:
        return resolve_policy(conn, host)
    raise UnknownTarget(f"no policy at {url} in this corpus; " + _no_site(conn, host))


def _no_site(conn: sqlite3.Connection, host: str) -> str:
    near = _near(conn, host, limit=8)
    if near:
        return f"no site {host!r} in this corpus; did you mean: {', '.join(near)}?"
    some = near_hosts(conn, host)
    return f"no site {host!r} in this corpus, " + (f"which has: {', '.join(some)} …" if some else "which is empty")


def near_hosts(conn: sqlite3.Connection, host: str, *, limit: int = 8) -> tuple[str, ...]:
    """Return hosts with names like *host*, else the first ones there are: what a message can offer."""
    near = _near(conn, host, limit=limit)
    found = near or [row["host"] for row in rows(conn, "SELECT host FROM sites ORDER BY host LIMIT ?", (limit,))]
    return tuple(found)


def _near(conn: sqlite3.Connection, host: str, *, limit: int) -> list[str]:
    """Hosts that hold the telling part of a name, or are spelt nearly so (among those that begin alike)."""
    core = _core(host)
    if not core:
        return []
    like = "SELECT host FROM sites WHERE host LIKE ? ESCAPE '\\' ORDER BY host LIMIT ?"
    holding = [row["host"] for row in rows(conn, like, (f"%{like_text(core)}%", limit))]
    if holding:
        return holding
    alike = [row["host"] for row in rows(conn, like, (f"{like_text(core[:1])}%", 2_000))]
    return get_close_matches(host.lower(), alike, limit, cutoff=0.75)


def like_text(text: str) -> str:
    """Return a text for ``LIKE … ESCAPE '\\'`` that stands for itself."""
    return re.sub(r"([\\%_])", r"\\\1", text)


def _core(host: str) -> str:
    parts = [part for part in host.lower().split(".") if part not in ("www", "")]
    return max(parts[:-1] or parts or [host], key=len)
