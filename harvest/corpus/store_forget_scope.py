"""What a take-down means: which captures and policies a site, a URL or a capture stands for."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

from harvest.urls import host_of, urlkey


def subject_of(scope: str, subject: str) -> str:
    """Return how a tombstone names what a person named: the host, the URL key, or the capture as it is."""
    if scope == "site":
        return host_of(subject if "://" in subject else f"http://{subject}")
    return urlkey(subject) if scope == "url" and "://" in subject else subject


def captures_of(conn: sqlite3.Connection, scope: str, subject: str) -> list[int]:
    """Return the ids of the captures that a subject stands for: by their address, or by the page's in a history."""
    if scope == "url":
        rows = conn.execute("SELECT id FROM captures WHERE urlkey = ?", (subject,))
    elif scope == "capture":
        rows = conn.execute("SELECT id FROM captures WHERE archive || ' ' || url || ' ' || timestamp = ?", (subject,))
    else:
        rows = conn.execute(
            f"SELECT c.id FROM captures c WHERE {_ON_HOST.format('c.urlkey')} OR c.policy_id IN"
            f" (SELECT p.id FROM policies p JOIN sites s ON s.id = p.site_id WHERE {OF_SITE})",
            host_params(subject),
        )
    named = [int(row[0]) for row in rows]
    return [*dict.fromkeys([*named, *landed_at(conn, scope, subject, in_histories=True)])]


def landed_at(conn: sqlite3.Connection, scope: str, subject: str, *, in_histories: bool) -> list[int]:
    """Return the ids of captures that show what was at an address of the subject, though they are named otherwise.

    *in_histories*: files of git histories, whose own address is a place in the history (its key has no host), else
    addresses that led on to it.
    """
    if scope == "capture":
        return []
    pages = conn.execute("SELECT DISTINCT landed_url FROM captures WHERE landed_url <> ''").fetchall()
    there = [str(row[0]) for row in pages if is_of(scope, subject, str(row[0]))]
    query = "SELECT id, url, substr(urlkey, 1, 1) = ')' FROM captures WHERE landed_url = ? AND body_id IS NOT NULL"
    rows = [row for url in there for row in conn.execute(query, (url,))]
    return [int(row[0]) for row in rows if bool(row[2]) == in_histories and not is_of(scope, subject, str(row[1]))]


# A URL key begins with the host turned round: `com,softperfect)` or, on a subdomain, `com,softperfect,`.
_ON_HOST = "(substr({0}, 1, length(:key) + 1) IN (:key || ')', :key || ',', :key || ':'))"
#: A row `s` of `sites` is the site or a subdomain of it.
OF_SITE = "(s.host = :host OR substr(s.host, -length(:host) - 1) = '.' || :host)"


def host_params(host: str) -> dict[str, str]:
    """Return what `OF_SITE` and the conditions on URL keys bind."""
    return {"host": host, "key": ",".join(reversed(host.split(".")))}


def policies_of(conn: sqlite3.Connection, scope: str, subject: str, captures: Sequence[int]) -> list[int]:
    """Return the ids of the policies that hold any of it: captures, URLs, or (a site's) their names."""
    found = {int(row[0]) for row in each(conn, "SELECT policy_id FROM captures WHERE id = ?", captures)}
    if scope == "site":
        named = conn.execute(
            f"SELECT p.id FROM policies p JOIN sites s ON s.id = p.site_id WHERE {OF_SITE} UNION"
            f" SELECT policy_id FROM policy_urls WHERE {_ON_HOST.format('urlkey')}",
            host_params(subject),
        )
        found |= {int(row[0]) for row in named}
    elif scope == "url":
        named = conn.execute("SELECT policy_id FROM policy_urls WHERE urlkey = ?", (subject,))
        found |= {int(row[0]) for row in named}
    return sorted(found)


def is_of(scope: str, subject: str, url: str) -> bool:
    """Return whether a URL is what a site or a URL key stands for."""
    if scope == "url":
        return urlkey(url) == subject
    host = host_of(url)
    return host == subject or host.endswith(f".{subject}")


def each(conn: sqlite3.Connection, query: str, ids: Iterable[int]) -> list[tuple[Any, ...]]:
    """Return the rows of a query that binds one id, for one id after the other."""
    return [row for one in ids for row in conn.execute(query, (one,))]
