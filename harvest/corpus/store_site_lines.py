"""What several documents of a site share is the site's: transitions of nothing but its masthead, footer or home page.

The one judgement that looks beyond a policy. It is laid over the transitions derived from the policy's own captures,
as a pure function of the stored rows of all policies of the site, and made again for all of them whenever one of them
is derived: any order of arrival gives the same rows.

A transition is the site's where every line that came or went stands in another policy of the site, too, and on its own
page above or below all that is the policy's own. What the policy says of itself (“this policy”), and documents that
share their text, are left alone: a company that adds one rule to several documents changes each of them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from harvest.compare.parts import part_of
from harvest.corpus.site_lines import LOUD, SAME_PAGE, Site

#: The reasons of these judgements: rows that bear one are what their own policy says else (`own`).
FURNITURE = "only lines at the edge of the page that other documents of the site have, too"
OTHER_PAGE = "another page stands here, as at the addresses of other documents of the site"
_REASONS = (FURNITURE, OTHER_PAGE)

#: A host of more documents than this is a host of other people's: what they share says nothing.
_MOST_POLICIES = 50
_OTHERS_UNSETTLED = (
    "SELECT 1 FROM policies a JOIN policies b ON b.site_id = a.site_id AND b.id <> a.id"
    " JOIN unsettled u ON u.policy_id = b.id WHERE a.id = ? LIMIT 1"
)
Judgements = Mapping[int, str]


def judge_site(conn: sqlite3.Connection, policy_id: int) -> None:
    """Lay the judgements over the transitions of all policies of a site. Call in a transaction, after `recompute`.

    While others of the site are unsettled nothing is done: the last of them judges all, once, not each of them anew.
    """
    if conn.execute(_OTHERS_UNSETTLED, (policy_id,)).fetchone() is not None:
        return
    for sibling in _policies_of_site(conn, policy_id):
        apply_judgements(conn, sibling, site_judgements(conn, sibling))


def apply_judgements(conn: sqlite3.Connection, policy_id: int, judgements: Judgements) -> None:
    """Lay judgements (by number of the version after) over the transitions of a policy, and take off all others."""
    held = conn.execute(
        "SELECT t.id, v.number, t.kind, t.reason, EXISTS (SELECT 1 FROM versions w WHERE w.text_id = v.text_id"
        " AND w.policy_id = v.policy_id AND w.place < v.place), coalesce(d.reason, '')"
        " FROM transitions t JOIN versions v ON v.id = t.after_version_id LEFT JOIN diffs d ON d.id = t.diff_id"
        " WHERE t.policy_id = ? AND (t.kind <> 'technical' OR t.reason IN (?, ?))",
        (policy_id, *_REASONS),
    ).fetchall()
    for row_id, number, kind, reason, is_back, said in held:
        own = ("return" if is_back else part_of(said) or "change", "")
        wanted = ("technical", judgements[number]) if number in judgements else own
        if wanted != (kind, reason):
            conn.execute("UPDATE transitions SET kind = ?, reason = ? WHERE id = ?", (*wanted, row_id))


def site_judgements(conn: sqlite3.Connection, policy_id: int) -> Judgements:
    """Return which transitions of a policy are the site's, and why, by number of the version after. Reads only.

    A policy that is the only one of its site has none. Costs a few look-ups for each transition that is shown, and
    reads both texts of those that may be meant.
    """
    siblings = [one for one in _policies_of_site(conn, policy_id) if one != policy_id]
    if not 0 < len(siblings) < _MOST_POLICIES:
        return {}
    site = Site(conn, siblings)
    found = {}
    for number, diff_id, before, after, seen, similarity, is_later in conn.execute(
        "SELECT v.number, d.id, d.before_text_id, d.after_text_id, v.first_seen, d.similarity,"
        " '' < b.stated_date AND b.stated_date < a.stated_date FROM transitions t"
        " JOIN versions v ON v.id = t.after_version_id JOIN diffs d ON d.id = t.diff_id"
        " JOIN texts b ON b.id = d.before_text_id JOIN texts a ON a.id = d.after_text_id WHERE t.policy_id = ?"
        f" AND (t.kind <> 'technical' OR t.reason IN (?, ?)) AND d.tier IN ({', '.join('?' * len(LOUD))})",
        (policy_id, *_REASONS, *LOUD),
    ).fetchall():
        if site.is_furniture(diff_id, before, after):
            found[number] = FURNITURE
        elif similarity <= 1 - SAME_PAGE and not is_later and site.is_other_page(before, after, seen):
            found[number] = OTHER_PAGE
    return found


def _policies_of_site(conn: sqlite3.Connection, policy_id: int) -> list[int]:
    rows = conn.execute(
        "SELECT b.id FROM policies a JOIN policies b ON b.site_id = a.site_id WHERE a.id = ? ORDER BY b.id",
        (policy_id,),
    )
    return [int(row[0]) for row in rows]
