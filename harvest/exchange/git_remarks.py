"""What the commits of a history tell of its crawler, one beside the other, that no capture shows by itself.

All are laid over the plan of an import: a table ``seen`` of files at commits, with what is remarked of each.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping

from harvest.exchange.git_runs import runs_anew
from harvest.model import RE_ASSEMBLED, RE_EXTRACTED

#: The commits of pages as they were fetched, which a commit of their text names: by links, in old ones by its hash.
_SNAPSHOT = re.compile(r"(?<=/commit/)[0-9a-f]{7,40}\b|(?<=/commits/)[0-9a-f]{7,40}\b|(?<=snapshot )[0-9a-f]{40}\b")

#: A text put down again this soon after the first record is not of the crawler's next run.
_AT_ONCE_S = 3 * 3_600

#: Commits of a rebase follow one another within this time, so many at least, and were written over so long a time.
_REBASED_PAUSE_S, _REBASED_COMMITS, _REBASED_SPAN_S = 60, 20, 30 * 86_400


def pages_of(message: str) -> int:
    """Return of how many pages a commit says that its text was put together, 0 where it says nothing.

    >>> pages_of("Record new changes of Alder Terms\\n\\nrecorded after filtering snapshot " + 40 * "a")
    1
    """
    return len(set(_SNAPSHOT.findall(message)))


def is_first(message: str) -> bool:
    """True for the commit with which somebody began to follow a document.

    >>> is_first("First record of Alder Terms of Service"), is_first("Record new changes of Alder Terms of Service")
    (True, False)
    """
    return message.startswith(("First record of", "Start tracking"))


def resolve_empty(plan: sqlite3.Connection, paths: Mapping[str, int]) -> None:
    """Take a commit that changed nothing but names a file for a capture of that file as it was.

    ToSBack's crawler committed so: 25 of 14,175 commits of 199 of its documents.
    """
    for at, nr, subject in plan.execute("SELECT at, nr, message FROM empty").fetchall():
        words = subject.split(" ")
        names = (" ".join(words[start:]) for start in range(len(words)))
        path = next((paths[name] for name in names if name in paths), None)
        before = plan.execute(
            "SELECT content FROM seen WHERE path = ? AND (at, nr) <= (?, ?) ORDER BY at DESC, nr DESC LIMIT 1",
            (path, at, nr),
        ).fetchone()
        if before is not None and before[0]:
            plan.execute("INSERT INTO seen VALUES (?, ?, ?, ?, '', '', 0, 0, ?)", (path, at, nr, before[0], at))


def date_by_authors(plan: sqlite3.Connection) -> int:
    """Give the commits of a rebase, hundreds within a minute, the times at which they were written; return how many.

    A crawler's run is as dense, but was written when it was committed. One history of 14 months was put anew into 2
    seconds: its documents seemed to have been put down again at once, and 39 changes were told as no changes.
    """
    found: list[tuple[int, int]] = []  # first and last number of each
    run: list[tuple[int, int, int]] = []
    commits = plan.execute("SELECT DISTINCT nr, at, authored FROM seen ORDER BY nr")
    for commit in (*commits, None):
        if commit is None or (run and abs(commit[1] - run[-1][1]) > _REBASED_PAUSE_S):
            written = [authored for _, _, authored in run]
            if len(run) >= _REBASED_COMMITS and max(written) - min(written) >= _REBASED_SPAN_S:
                found.append((run[0][0], run[-1][0]))
            run = []
        if commit is not None:
            run.append(commit)
    changed = plan.executemany(
        "UPDATE seen SET at = authored WHERE nr BETWEEN ? AND ? AND authored BETWEEN 1 AND at AND authored <> at", found
    )
    return max(0, changed.rowcount)


def say_what_crawlers_did(plan: sqlite3.Connection) -> None:
    """Remark in a plan which captures were put down by other rules than those before them."""
    _find_runs_anew(plan)
    _find_assembled_anew(plan)
    _find_put_down_again(plan)


def _find_runs_anew(plan: sqlite3.Connection) -> None:
    """Say of captures that were put down when the crawler put down nearly all documents anew."""
    sights = plan.execute(
        "SELECT s.at, s.path, s.content FROM seen s JOIN paths p ON p.id = s.path WHERE p.policy IS NOT NULL"
        " ORDER BY s.at, s.nr, s.path"
    )
    for run in runs_anew(sights):
        said = f"{RE_EXTRACTED}: {len(run.changed)} of {run.held} documents changed in one run"
        plan.executemany(
            "UPDATE seen SET remark = ? WHERE remark = '' AND path = ? AND content <> '' AND at BETWEEN ? AND ?",
            [(said, path, run.first, run.last) for path in run.changed],
        )


def _find_assembled_anew(plan: sqlite3.Connection) -> None:
    """Say of captures that were put together of more pages than the one before, or of fewer."""
    found = plan.execute(
        "SELECT row, before, pages FROM (SELECT rowid AS row, pages, remark, lag(pages) OVER"
        " (PARTITION BY path ORDER BY at, nr) AS before FROM seen WHERE content <> '')"
        " WHERE remark = '' AND before > 0 AND pages > 0 AND pages <> before"
    ).fetchall()
    plan.executemany(
        "UPDATE seen SET remark = ? WHERE rowid = ?",
        [(f"{RE_ASSEMBLED}: of {pages} pages, of {before} before", row) for row, before, pages in found],
    )


def _find_put_down_again(plan: sqlite3.Connection) -> None:
    """Say of captures that were put down again within hours of the first one: whoever began to collect was at it still.

    Such crawlers run once or twice a day. In one history 72 of 130 documents were put down anew an hour after the first
    time, without the menus around them.
    """
    found = plan.execute(
        "SELECT row, at - before FROM (SELECT rowid AS row, at, remark, lag(at) OVER w AS before, lag(begins) OVER w AS"
        " begun FROM seen WHERE content <> '' WINDOW w AS (PARTITION BY path ORDER BY at, nr))"
        " WHERE remark = '' AND begun AND at - before <= ?",
        (_AT_ONCE_S,),
    ).fetchall()
    plan.executemany(
        "UPDATE seen SET remark = ? WHERE rowid = ?",
        [(f"{RE_EXTRACTED}: {late_s // 60} minutes after the first record", row) for row, late_s in found],
    )
