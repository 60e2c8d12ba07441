"""Two corpora into one: rows by their natural keys, then what joins addresses, then history again.

Joining is idempotent, and the order does not matter: what both hold is settled by rules that know no sides. Words of
people are kept, and take-downs of either hold for both. Derived rows are not copied; they follow from the bodies.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from harvest.corpus.forgotten import why_forgotten
from harvest.corpus.store_judgements import owner_of, policy_named, settle_url, take_url
from harvest.corpus.store_merge_bans import drop_bare_sites, is_banned, is_hollow, take_bans
from harvest.corpus.store_merge_captures import merge_captures
from harvest.corpus.store_pages import BodyShelf

_POLICY = "s.host || '/' || p.kind || ':' || p.label"
_OF_POLICY = "policies p ON p.id = t.policy_id JOIN sites s ON s.id = p.site_id"
_LISTING = (
    "archive", "url", "asked_at", "from_ts", "to_ts", "outcome", "message", "rows", "repeated", "malformed", "added",
    "known",
)  # fmt: skip
_JUDGEMENT = (
    "verdict", "archive", "url", "timestamp", "decided_by", "decided_at", "why", "turn", "came_from", "undone_at",
    "undone_by",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Merged:
    """What came in: new rows. *touched*: policies to be derived again, none where all was known."""

    policies: int
    captures: int
    bodies: int
    judgements: int
    touched: tuple[int, ...]


def merge(conn: sqlite3.Connection, other: sqlite3.Connection, shelf: BodyShelf) -> Merged:
    """Take over the source rows of another corpus; call in a transaction, derive the *touched* policies afterwards."""
    before = _counts(conn)
    touched: set[int] = set()
    take_bans(conn, other)
    _sites(conn, other)
    banned = {name for name, policy in _policies(other) if is_banned(conn, name) or is_hollow(conn, other, policy)}
    for name, policy in _policies(other):
        if name in banned:
            continue
        ours = policy_named(conn, name)
        said = _said(conn, ours)
        _urls(conn, other, policy, ours)
        taken = merge_captures(conn, other, policy, ours, shelf)
        _listings(conn, other, policy, ours)
        _judgements(conn, other, policy, ours)
        _pointers(conn, other, policy, ours)
        if taken or _said(conn, ours) != said:
            touched.add(ours)
    _links(conn, other, banned)
    drop_bare_sites(conn, banned)
    touched |= _settle_addresses(conn)
    alive = {int(row[0]) for row in conn.execute("SELECT id FROM policies")}
    after = _counts(conn)
    new = [now - then for now, then in zip(after, before, strict=True)]
    return Merged(new[0], new[1], new[2], new[3], tuple(sorted(touched & alive)))


def balance(conn: sqlite3.Connection) -> None:
    """Count what both corpora listed once: the newest listings of a policy count such rows as known."""
    rows = conn.execute(
        "SELECT p.id, (SELECT coalesce(sum(added), 0) FROM listings WHERE policy_id = p.id)"
        " - (SELECT count(*) FROM captures WHERE policy_id = p.id AND form = 'raw') FROM policies p"
    ).fetchall()
    for policy_id, excess in rows:
        listings = conn.execute(
            "SELECT id, added FROM listings WHERE policy_id = ? AND added > 0"
            " ORDER BY asked_at DESC, archive DESC, url DESC, from_ts DESC, to_ts DESC, rows, repeated, id",
            (policy_id,),
        ).fetchall()
        for listing_id, added in listings if excess > 0 else ():
            less = min(added, excess)
            conn.execute("UPDATE listings SET added = added - ?1, known = known + ?1 WHERE id = ?2", (less, listing_id))
            excess -= less


def _counts(conn: sqlite3.Connection) -> list[int]:
    tables = ("policies", "captures", "bodies", "judgements")
    return [int(conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0]) for table in tables]


def _said(conn: sqlite3.Connection, policy_id: int) -> list[list[Any]]:
    """Return what the history of a policy follows from besides its captures: its addresses and people's words."""
    tables = ("policy_urls", "judgements")
    return [conn.execute(f"SELECT * FROM {one} WHERE policy_id = ?", (policy_id,)).fetchall() for one in tables]


def _policies(other: sqlite3.Connection) -> Iterator[tuple[str, int]]:
    rows = other.execute(f"SELECT {_POLICY} AS name, p.id FROM policies p JOIN sites s ON s.id = p.site_id")
    yield from sorted((str(row[0]), int(row[1])) for row in rows.fetchall())


def _sites(conn: sqlite3.Connection, other: sqlite3.Connection) -> None:
    rows = other.execute("SELECT host, name FROM sites").fetchall()
    conn.executemany(
        "INSERT INTO sites (host, name) VALUES (?, ?) ON CONFLICT (host) DO UPDATE SET name ="
        " CASE WHEN name = '' OR (excluded.name <> '' AND excluded.name < name) THEN excluded.name ELSE name END",
        [row for row in rows if not why_forgotten(conn, f"http://{row[0]}/")],
    )


def _urls(conn: sqlite3.Connection, other: sqlite3.Connection, theirs: int, ours: int) -> None:
    rows = other.execute(
        "SELECT url, urlkey, role, evidence, valid_from, valid_to, why FROM policy_urls WHERE policy_id = ?", (theirs,)
    )
    conn.executemany(
        "INSERT INTO policy_urls (policy_id, url, urlkey, role, evidence, valid_from, valid_to, why)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (policy_id, url) DO UPDATE SET role = min(role, excluded.role),"
        " evidence = min(evidence, excluded.evidence), why = max(why, excluded.why),"
        " valid_from = min(coalesce(valid_from, excluded.valid_from), coalesce(excluded.valid_from, valid_from)),"
        " valid_to = max(coalesce(valid_to, excluded.valid_to), coalesce(excluded.valid_to, valid_to))",
        [(ours, *row) for row in rows.fetchall() if not why_forgotten(conn, str(row[0]))],
    )


def _listings(conn: sqlite3.Connection, other: sqlite3.Connection, theirs: int, ours: int) -> None:
    names = ", ".join(_LISTING)
    for listing_id, *values in other.execute(
        f"SELECT id, {names} FROM listings WHERE policy_id = ? ORDER BY id", (theirs,)
    ).fetchall():
        if why_forgotten(conn, str(values[1])):
            continue
        key, added = values[:10], values[10]
        same = " AND ".join(f"{name} = ?" for name in _LISTING[:10])
        held = conn.execute(f"SELECT id, added FROM listings WHERE policy_id = ? AND {same}", (ours, *key)).fetchone()
        if held is not None:
            more = max(0, added - held[1])
            conn.execute("UPDATE listings SET added = added + ?1, known = known - ?1 WHERE id = ?2", (more, held[0]))
            continue
        cursor = conn.execute(
            f"INSERT INTO listings (policy_id, {names}) VALUES (?, {', '.join('?' * len(_LISTING))})", (ours, *values)
        )
        oddities = other.execute("SELECT line, why FROM listing_oddities WHERE listing_id = ?", (listing_id,))
        conn.executemany(
            "INSERT INTO listing_oddities (listing_id, line, why) VALUES (?, ?, ?)",
            [(cursor.lastrowid, *row) for row in oddities.fetchall()],
        )


def _judgements(conn: sqlite3.Connection, other: sqlite3.Connection, theirs: int, ours: int) -> None:
    names = ", ".join(_JUDGEMENT)
    for values in other.execute(
        f"SELECT {names} FROM judgements WHERE policy_id = ? ORDER BY decided_at, turn, id", (theirs,)
    ).fetchall():
        word = dict(zip(_JUDGEMENT, values, strict=True))
        if word["url"] and why_forgotten(conn, word["url"]):
            continue
        same = " AND ".join(f"{name} = ?" for name in _JUDGEMENT[:8])
        held = conn.execute(
            f"SELECT id FROM judgements WHERE (policy_id = ? OR verdict <> 'one-policy' AND url <> '') AND {same}",
            (ours, *values[:8]),
        ).fetchone()
        if held is None:
            conn.execute(
                f"INSERT INTO judgements (policy_id, {names}) VALUES (?, {', '.join('?' * len(_JUDGEMENT))})",
                (ours, *values),
            )
        else:
            conn.execute(
                "UPDATE judgements SET came_from = max(came_from, ?), undone_at = max(undone_at, ?),"
                " undone_by = max(undone_by, ?) WHERE id = ?",
                (word["came_from"], word["undone_at"], word["undone_by"], held[0]),
            )


def _pointers(conn: sqlite3.Connection, other: sqlite3.Connection, theirs: int, ours: int) -> None:
    rows = other.execute(
        "SELECT url, page, words, archive, first_timestamp, last_timestamp, score, evidence FROM pointers"
        " WHERE policy_id = ?",
        (theirs,),
    ).fetchall()
    conn.executemany(
        "INSERT INTO pointers (policy_id, url, page, words, archive, first_timestamp, last_timestamp, score, evidence)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (policy_id, url, page, words, archive) DO UPDATE SET"
        " first_timestamp = min(first_timestamp, excluded.first_timestamp),"
        " last_timestamp = max(last_timestamp, excluded.last_timestamp), score = max(score, excluded.score),"
        " evidence = max(evidence, excluded.evidence)",
        [(ours, *row) for row in rows if not why_forgotten(conn, str(row[0]))],
    )


def _links(conn: sqlite3.Connection, other: sqlite3.Connection, banned: set[str]) -> None:
    rows = other.execute(
        f"SELECT o.host, t.evidence, {_POLICY} FROM site_policies t JOIN sites o ON o.id = t.site_id JOIN {_OF_POLICY}"
    ).fetchall()
    for host, evidence, name in rows:
        if str(name) in banned or why_forgotten(conn, f"http://{host}/"):
            continue
        conn.execute(
            "INSERT INTO site_policies (site_id, policy_id, evidence) SELECT id, ?, ? FROM sites WHERE host = ?"
            " ON CONFLICT (site_id, policy_id) DO UPDATE SET evidence = min(evidence, excluded.evidence)",
            (policy_named(conn, str(name)), evidence, host),
        )


def _settle_addresses(conn: sqlite3.Connection) -> set[int]:
    """Put each address where a person said, and one that two policies hold to the first of them by name."""
    touched: set[int] = set()
    words = conn.execute("SELECT DISTINCT url FROM judgements WHERE verdict = 'one-policy' ORDER BY url").fetchall()
    for (url,) in words:
        touched.update(settle_url(conn, str(url)))
    shared = conn.execute(
        "SELECT min(url), urlkey FROM policy_urls GROUP BY urlkey HAVING count(DISTINCT policy_id) > 1 ORDER BY urlkey"
    ).fetchall()
    for url, key in shared:
        home = policy_named(conn, owner_of(conn, str(url)))
        kept = conn.execute(
            "SELECT url, evidence, why FROM policy_urls WHERE urlkey = ? ORDER BY evidence, why DESC, url", (key,)
        ).fetchone()
        touched.update(take_url(conn, home, str(kept[0]), evidence=str(kept[1])))
        conn.execute("UPDATE policy_urls SET why = ? WHERE policy_id = ? AND urlkey = ?", (kept[2], home, key))
        touched.add(home)
    return touched
