"""Links from Datasette's own table pages to ours: sites, versions, texts and clauses lead to where they are shown."""

from __future__ import annotations

from datasette import hookimpl
from markupsafe import Markup

from harvest.corpus.queries_model import PolicyRef
from harvest.timestamps import from_iso
from harvest.web.address import diff_token
from harvest.web.links import Links

VIEWS = {"history", "change_log", "version_text", "section_text", "clause_presence", "capture_ledger"}


@hookimpl
def render_cell(row, value, column, table, database, datasette):
    """Link a value of our views where a page of ours shows more of it; leave every other cell to Datasette."""
    if not isinstance(value, str | int) or value == "":
        return None
    several = sum(not name.startswith("_") for name in datasette.databases) > 1
    links = Links(datasette.urls.path, database if several else "")
    address = _address(links, dict(row), value, column, table)
    return Markup('<a href="{}">{}</a>').format(address, value) if address else None


def _address(links, row, value, column, table):
    """The page that shows *value*, None where there is none."""
    if column == "text_sha256" or (table == "texts" and column == "sha256"):
        return links.text(value)
    if table == "clauses" and column == "sha256":
        return links.clause(value)
    if table not in VIEWS or "site" not in row:
        return None
    policy = PolicyRef(
        0, row["site"], "", row.get("policy_kind") or row.get("kind") or "privacy", row.get("label") or ""
    )
    if column == "site":
        return links.policy(policy)
    if row.get("variant_of") or row.get("is_variant"):
        return None  # off the main line no date means it
    if column == "lineage":
        return links.section(policy, value)
    if column == "tier" and row.get("not_before") and (row.get("first_seen") or row.get("not_later_than")):
        return links.diff(policy, _token(row))
    if column in ("number", "version") and row.get("first_seen"):
        return links.as_of(policy, from_iso(row["first_seen"]))
    return None


def _token(row):
    """Both bounds of a change, as an address."""
    seen, gone = row.get("first_seen") or row["not_later_than"], row.get("gone_by")
    return diff_token(from_iso(row["not_before"]), from_iso(seen), from_iso(gone) if gone else None)
