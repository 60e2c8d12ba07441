"""What trends are counted out of: how many policies and how many distinct texts were in force at each half-year's end.

Counted from `half_years`, and of a larger corpus kept in ``meta``: 13,000 versions in force take 20 ms to count, the
few that a rare term stands in one. What is kept is dropped with the first version that changes and made again when a
run ends or a corpus is settled; without it trends count, to the same end.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from itertools import accumulate

from harvest.corpus.queries_rows import values
from harvest.corpus.store_half_years import COUNTS_KEY

#: Half-years for which an unseen version still stands: half the versions of the sample are seen once in two years.
CARRIED = 4
#: Versions in force from which on counts are kept; fewer are counted in a millisecond.
_MANY = 500

#: A version in the half-years it stands for: policy, place, hash of its wording, first and last half-year.
Span = tuple[int, int, bytes, int, int]
#: Policies and distinct texts.
Count = tuple[int, int]

_SPANS = """
    SELECT h.policy_id, h.place, t.sha256, h.began, min(h.until, h.seen + :carried)
    FROM {half_years} h CROSS JOIN text_rows t ON t.id = h.text_id {narrowed} ORDER BY h.policy_id, h.place
"""
_NARROWED = """(
      SELECT x.* FROM policies p JOIN sites s ON s.id = p.site_id CROSS JOIN half_years x ON x.policy_id = p.id
      WHERE (:site = '' OR s.host = :site) AND (:kind = '' OR p.kind = :kind))
"""
_OF_POLICIES = "WHERE h.policy_id IN (SELECT value FROM json_each(:policies))"


def spans_of(conn: sqlite3.Connection, *, site: str = "", kind: str = "", seen_only: bool = False) -> list[Span]:
    """Return the versions in force at the ends of half-years, by policy and place."""
    sql = _SPANS.format(half_years=_NARROWED if site or kind else "half_years", narrowed="")
    return values(conn, sql, {"site": site, "kind": kind, "carried": 0 if seen_only else CARRIED})


def spans_in(conn: sqlite3.Connection, policy_ids: Iterable[int], *, seen_only: bool = False) -> list[Span]:
    """Return those of a few policies."""
    sql = _SPANS.format(half_years="half_years", narrowed=_OF_POLICIES)
    asked = {"policies": json.dumps(sorted({*policy_ids})), "carried": 0 if seen_only else CARRIED}
    return values(conn, sql, asked)


def range_of(spans: Iterable[Span]) -> range:
    """Return the half-years from the first to the last of spans; none of none."""
    ends = [(span[3], span[4]) for span in spans]
    return range(min(end[0] for end in ends), max(end[1] for end in ends) + 1) if ends else range(0)


def count(spans: Iterable[Span], wanted: range) -> list[Count]:
    """Count policies and distinct texts in each half-year wanted; every policy has one span in each at most.

    By what changes from one half-year to the next: a text that stands for ten years costs two additions.

    >>> count([(1, 1, b"a", 5, 6), (2, 1, b"a", 6, 7), (2, 2, b"b", 8, 9)], range(5, 9))
    [(1, 1), (2, 1), (1, 1), (1, 1)]
    """
    start, stop = wanted.start, max(wanted.start, wanted.stop)
    policies, texts = [0] * (len(wanted) + 1), [0] * (len(wanted) + 1)
    one: dict[bytes, tuple[int, int]] = {}
    several: dict[bytes, list[tuple[int, int]]] = {}
    for _, _, text, began, until in spans:
        if until < start or began >= stop:
            continue
        run = began - start if began > start else 0, until + 1 - start if until + 1 < stop else stop - start
        policies[run[0]] += 1
        policies[run[1]] -= 1
        if one.setdefault(text, run) is not run:
            several.setdefault(text, [one[text]]).append(run)
    for text, run in one.items():
        for first, after in _joined(several[text]) if text in several else (run,):
            texts[first] += 1
            texts[after] -= 1
    return list(zip(accumulate(policies[:-1]), accumulate(texts[:-1]), strict=True))


def _joined(runs: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join runs that overlap: one wording at several policies at once is one text.

    >>> _joined([(5, 7), (1, 3), (2, 4)])
    [(1, 4), (5, 7)]
    """
    joined: list[tuple[int, int]] = []
    for began, after in sorted(runs):
        if joined and began < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(after, joined[-1][1]))
        else:
            joined.append((began, after))
    return joined


def kept_counts(conn: sqlite3.Connection, *, kind: str = "", seen_only: bool = False) -> Mapping[int, Count] | None:
    """Return the counts by half-year of all policies or those of a kind, where they are kept; None where not."""
    found = values(conn, "SELECT value FROM meta WHERE key = ?", (COUNTS_KEY,))
    if not found:
        return None
    first, counts = json.loads(found[0][0]).get(_name(kind, seen_only), (0, ()))
    return {first + number: (policies, texts) for number, (policies, texts) in enumerate(counts)}


def keep_counts(conn: sqlite3.Connection) -> None:
    """Keep the counts of a larger corpus unless they are. Call in a transaction."""
    if _is_kept_or_small(conn):
        return
    made = counts_of(conn)
    conn.execute("INSERT INTO meta (key, value) VALUES (?, ?)", (COUNTS_KEY, json.dumps(made, separators=(",", ":"))))


def counts_of(conn: sqlite3.Connection) -> Mapping[str, tuple[int, list[Count]]]:
    """Count all that `kept_counts` is asked for: by kind and whether only what was seen counts."""
    kinds = ("", *(str(kind) for (kind,) in values(conn, "SELECT DISTINCT kind FROM policies ORDER BY kind")))
    made = {}
    for kind in kinds:
        for seen_only in (False, True):
            spans = spans_of(conn, kind=kind, seen_only=seen_only)
            halves = range_of(spans)
            made[_name(kind, seen_only)] = halves.start, count(spans, halves)
    return made


def wrong_counts(conn: sqlite3.Connection) -> list[str]:
    """Return the counts that are kept and are not what `half_years` tells; none in a sound corpus."""
    found = values(conn, "SELECT value FROM meta WHERE key = ?", (COUNTS_KEY,))
    if not found:
        return []
    held, made = json.loads(found[0][0]), json.loads(json.dumps(counts_of(conn)))
    return sorted(name or "all" for name in {*held, *made} if held.get(name) != made.get(name))


def _name(kind: str, seen_only: bool) -> str:
    return f"{kind} seen".strip() if seen_only else kind


def _is_kept_or_small(conn: sqlite3.Connection) -> bool:
    sql = "SELECT EXISTS (SELECT 1 FROM meta WHERE key = ?) OR (SELECT count(*) FROM half_years) < ?"
    return bool(values(conn, sql, (COUNTS_KEY, _MANY))[0][0])
