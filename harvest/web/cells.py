"""Where the values of Datasette's own pages lead: our pages, and the archive. Pure.

A row of a table is shown by ``/-/policies/row/TABLE/ID``, which sends on to its page when it is followed: a page of
a hundred rows need not ask for a hundred addresses that nobody follows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from harvest.corpus.compact import SHOWN_AS
from harvest.corpus.queries_model import CaptureRef, PolicyRef
from harvest.timestamps import from_iso
from harvest.web.address import diff_token
from harvest.web.links import Links

#: Columns that hold ids of rows of another table.
_ROWS: Mapping[str, str] = {
    "policy_id": "policies",
    "site_id": "sites",
    "version_id": "versions",
    "before_version_id": "versions",
    "after_version_id": "versions",
    "first_capture_id": "captures",
    "last_capture_id": "captures",
    "capture_id": "captures",
    "text_id": "texts",
    "before_text_id": "texts",
    "after_text_id": "texts",
    "section_id": "sections",
    "before_section_id": "sections",
    "after_section_id": "sections",
    "lineage_id": "lineages",
    "clause_id": "clauses",
    "transition_id": "transitions",
    "diff_id": "diffs",
    "change_id": "changes",
}
_TIMES = frozenset({"not_before", "first_seen", "last_seen", "gone_by", "not_later_than", "earliest", "latest"})
#: Views and tables whose rows name the policy by site, kind and label.
_VIEWS = frozenset({"history", "change_log", "version_text", "section_text", "clause_presence", "capture_ledger"})

#: What the archive's address of a capture is made of.
_OF_CAPTURE = frozenset({"archive", "url", "timestamp", "captured_at"})
_OUTSIDE = re.compile(r"https?://\S+")
#: Addresses are shown up to so many characters.
_LONG = 200

Cell = tuple[str, Any]


def cell_html(links: Links, row: Mapping[str, Any], cell: Cell, *, table: str | None) -> Markup | None:
    """Return a value with its link; None where nothing of ours shows more of it, for Datasette to print.

    *table* is None for the result of a query.
    """
    column, value = cell
    if not isinstance(value, str | int) or value == "":
        return None
    if isinstance(value, str) and _OUTSIDE.fullmatch(value):  # Datasette links these too, and tells where we came from
        return _outside(value, value if len(value) <= _LONG else value[: _LONG - 1] + "…")
    if column == "timestamp" and table == "captures":
        address = _capture(row).archive_url if row.keys() >= _OF_CAPTURE else ""  # ?_col= may leave columns out
        return _outside(address, value) if address else None
    address = _address(links, row, cell, table)
    return Markup('<a href="{}">{}</a>').format(address, value) if address else None


def key_html(links: Links, column: str, value: Mapping[str, Any], *, own: str) -> Markup:
    """Return a foreign key as Datasette prints it, with the address *own* of its row, and our page beside it."""
    ours = Markup('<a href="{}" title="in the policy explorer">page</a>').format(
        links.row(_ROWS[column], value["value"])
    )
    label = Markup('<a href="{}">{}</a>').format(own, value.get("label") or value["value"])
    return label + Markup("&nbsp;<em>{}</em> · {}").format(value["value"], ours)


def bytes_html(value: bytes, *, own: str) -> Markup:
    """Return how long a value of bytes is, with the address *own* at which it can be had ('': that is not known)."""
    said = Markup("&lt;Binary:&nbsp;{:,}&nbsp;bytes&gt;").format(len(value))
    return Markup('<a class="blob-download" href="{}">{}</a>').format(own, said) if own else said


def row_of(column: str) -> str:
    """Return the table whose ids a column holds; '' for none."""
    return _ROWS.get(column, "")


def beneath(name: str) -> str:
    """Return the table whose rows Datasette shows one by one for a table, or for a view over a compact one."""
    return next((table for table, view in SHOWN_AS.items() if view == name), name)


def _outside(address: str, value: object) -> Markup:
    return Markup('<a href="{}" rel="noreferrer noopener">{}</a>').format(address, value)


def _address(links: Links, row: Mapping[str, Any], cell: Cell, table: str | None) -> str:
    """The page that shows a value, '' where there is none."""
    column, value = cell
    if column in _ROWS and isinstance(value, int):
        return links.row(_ROWS[column], value)
    if column == "text_sha256" or (table == "texts" and column == "sha256"):
        return links.text(str(value))
    if column == "clause_sha256" or (table == "clauses" and column == "sha256"):
        return links.clause(str(value))
    if table in ("versions", "captures") and column in (*_TIMES, "captured_at"):
        return links.row(table, row["id"]) if "id" in row else ""
    if "site" not in row or (table is not None and table not in _VIEWS):
        return ""
    return _of_policy(links, row, cell)


def _of_policy(links: Links, row: Mapping[str, Any], cell: Cell) -> str:
    column, value = cell
    kind = row.get("policy_kind") or row.get("kind") or "privacy"
    policy = PolicyRef(0, str(row["site"]), "", str(kind), str(row.get("label") or ""))
    if column == "site":
        return links.policy(policy)
    if row.get("variant_of") or row.get("is_variant"):
        return ""  # off the main line no date means it
    if column == "lineage":
        return links.section(policy, str(value))
    seen = row.get("first_seen") or row.get("not_later_than")
    if column == "tier" and row.get("not_before") and seen:
        gone = row.get("gone_by")
        token = diff_token(from_iso(row["not_before"]), from_iso(seen), from_iso(gone) if gone else None)
        return links.diff(policy, token)
    if column in ("number", "version") and seen:
        return links.as_of(policy, from_iso(seen))
    return links.as_of(policy, from_iso(str(value))) if column in _TIMES and _is_time(value) else ""


def _is_time(value: object) -> bool:
    return isinstance(value, str) and len(value) == 20 and value.endswith("Z")


def _capture(row: Mapping[str, Any]) -> CaptureRef:
    landed = (row.get("landed_url") or row["url"], row.get("landed_timestamp") or row["timestamp"])
    return CaptureRef(row["archive"], *landed, captured_at=from_iso(row["captured_at"]))
