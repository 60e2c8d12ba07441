"""Files of other people's corpora → captures: which policy they belong to, and joining two that are one."""

from __future__ import annotations

import sqlite3
from typing import Protocol

from harvest.corpus.store_half_years import drop_half_years
from harvest.corpus.store_ledger import ensure_policy, link_site
from harvest.corpus.store_runs import remove_texts
from harvest.corpus.store_stays import drop_stays
from harvest.corpus.store_wide import drop_wide
from harvest.model import Capture, Document
from harvest.urls import host_of, urlkey


class ImportedPage(Protocol):
    """What an importer hands over: the capture the file stands for, the site it was filed under, and its reading."""

    @property
    def capture(self) -> Capture: ...
    @property
    def host(self) -> str: ...
    @property
    def document(self) -> Document: ...
    @property
    def body(self) -> bytes: ...
    @property
    def kind(self) -> str: ...


def policy_for_import(
    conn: sqlite3.Connection, url: str, host: str, *, kind: str = "privacy"
) -> tuple[int, int | None]:
    """Return the policy a page at *url* belongs to, and the id of one that was joined to it and is no more.

    The policy is made if it is new; *host*, the site the page was filed under, is linked to it.

    A site's own policy is one, wherever on the site it lived. A policy on somebody else's site (a parent company, a
    hosting service with one page a customer) is one for each address, labelled with its path, until the site itself
    is seen to use that address: then it is the site's own. So the outcome does not depend on the order of files.
    """
    filed = host_of(f"//{host}") or host_of(url)
    home = _home(filed, host_of(url))
    known, joined = _policy_at(conn, url), None
    if home:
        policy_id = _ensure(conn, home, url, kind=kind, label="")
        if known is not None and known != policy_id and _is_claimable(conn, known):
            merge_policies(conn, known, policy_id)
            joined = known
    else:
        policy_id = known or _ensure(conn, host_of(url), url, kind=kind, label=_path_label(url))
    site = conn.execute(
        "SELECT host FROM sites JOIN policies p ON p.site_id = sites.id WHERE p.id = ?", (policy_id,)
    ).fetchone()[0]
    if filed != site:
        link_site(conn, policy_id, filed, evidence=url)
    return policy_id, joined


def merge_policies(conn: sqlite3.Connection, source: int, target: int) -> None:
    """Move all that was recorded of one policy to another and remove the first. Read the target again afterwards."""
    clear_derived(conn, source)
    move_rows(conn, source, target, "policy_id = ?1", ())
    for table in ("listings", "judgements", "events"):
        conn.execute(f"UPDATE {table} SET policy_id = ? WHERE policy_id = ?", (target, source))
    for table in ("site_policies", "pointers"):
        conn.execute(f"UPDATE OR IGNORE {table} SET policy_id = ? WHERE policy_id = ?", (target, source))
        conn.execute(f"DELETE FROM {table} WHERE policy_id = ?", (source,))
    conn.execute("DELETE FROM unsettled WHERE policy_id = ?", (source,))
    conn.execute("DELETE FROM policies WHERE id = ?", (source,))


def move_rows(conn: sqlite3.Connection, source: int, target: int, where: str, values: tuple[object, ...]) -> None:
    """Move captures and URLs of a policy (*where*: ``?1`` is its id, *values* from ``?3`` on) to another.

    Captures the other has too are dropped, and their listings count them as known.
    """
    named = (source, target, *values)
    conn.execute(f"UPDATE captures SET text_id = NULL, version_id = NULL WHERE {where} AND ?2 = ?2", named)
    # said in full: a trigger keeps captures apart (`captures_once`), of which OR IGNORE knows nothing
    key = "archive, url, timestamp, digest, statuscode"
    held = f"SELECT {key} FROM captures WHERE policy_id = ?2"
    conn.execute(f"UPDATE captures SET policy_id = ?2 WHERE {where} AND ({key}) NOT IN ({held})", named)
    conn.execute(f"UPDATE OR IGNORE policy_urls SET policy_id = ?2 WHERE {where}", named)
    double = f"SELECT id FROM captures WHERE {where} AND ?2 = ?2"
    conn.execute(f"UPDATE events SET capture_id = NULL WHERE capture_id IN ({double})", named)
    for _ in conn.execute(f"{double} AND form = 'raw'", named).fetchall():
        conn.execute(
            "UPDATE listings SET added = added - 1, known = known + 1 WHERE id ="
            " (SELECT id FROM listings WHERE policy_id = ? AND added > 0 ORDER BY id DESC LIMIT 1)",
            (source,),
        )
    for table in ("captures", "policy_urls"):
        conn.execute(f"DELETE FROM {table} WHERE {where} AND ?2 = ?2", named)


def clear_derived(conn: sqlite3.Connection, policy_id: int) -> set[int]:
    """Remove every derived row of a policy but clauses, which policies share; return those that may be nobody's."""
    drop_stays(conn, policy_id)
    drop_half_years(conn, policy_id)
    drop_wide(conn, policy_id)
    texts = "(SELECT id FROM text_rows WHERE policy_id = ?1)"
    diffs = f"(SELECT id FROM diffs WHERE before_text_id IN {texts})"
    for statement in (
        "UPDATE captures SET text_id = NULL, version_id = NULL WHERE policy_id = ?1",
        "DELETE FROM transitions WHERE policy_id = ?1",
        "DELETE FROM versions WHERE policy_id = ?1",
        f"DELETE FROM change_clause_rows WHERE change_id IN (SELECT id FROM change_rows WHERE diff_id IN {diffs})",
        f"DELETE FROM change_rows WHERE diff_id IN {diffs}",
        f"DELETE FROM diffs WHERE before_text_id IN {texts}",
        "DELETE FROM lineages WHERE policy_id = ?1",
    ):
        conn.execute(statement, (policy_id,))
    return remove_texts(conn, policy_id)


def _home(filed: str, host: str) -> str:
    """Return the site whose own page this is, '' if somebody else's: hosts are kin where one is within the other."""
    if host == filed or host.endswith(f".{filed}"):
        return filed
    return host if filed.endswith(f".{host}") else ""


def _ensure(conn: sqlite3.Connection, host: str, url: str, *, kind: str, label: str) -> int:
    return ensure_policy(conn, host=host, kind=kind, label=label, url=url, role="current", evidence="imported", name="")


def _policy_at(conn: sqlite3.Connection, url: str) -> int | None:
    row = conn.execute(
        "SELECT u.policy_id FROM policy_urls u JOIN policies p ON p.id = u.policy_id WHERE u.urlkey = ?"
        " ORDER BY p.label, u.policy_id LIMIT 1",
        (urlkey(url),),
    ).fetchone()
    return int(row[0]) if row else None


def _is_claimable(conn: sqlite3.Connection, policy_id: int) -> bool:
    """True for a policy known only because other sites' files point at it."""
    return bool(
        conn.execute(
            "SELECT label <> '' AND NOT EXISTS (SELECT 1 FROM policy_urls WHERE policy_id = p.id"
            " AND evidence <> 'imported') FROM policies p WHERE p.id = ?",
            (policy_id,),
        ).fetchone()[0]
    )


def _path_label(url: str) -> str:
    return urlkey(url).partition(")")[2].strip("/") or "home"
