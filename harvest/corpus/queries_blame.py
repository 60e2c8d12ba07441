"""Since when each word of a version is there: the main line up to it, compared step by step."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from harvest.compare.blame import Stay, TextBlame, WordRun, blame_words
from harvest.corpus.queries_as_of import bare_view, in_force
from harvest.corpus.queries_json import Json, bounds_json, version_view_json
from harvest.corpus.queries_model import Bounds, PolicyRef, Version, VersionView
from harvest.corpus.queries_rows import VERSION_COLUMNS, VERSION_TABLES, rows, version_of
from harvest.corpus.queries_sections import clauses_of
from harvest.corpus.queries_texts import sections_of
from harvest.model import Clause, Section

#: Words of changed sections that are compared for a page: 35 ms of work, the whole history of most policies. A page
#: that looks further back says so in its address; ``harvest blame`` knows no bound.
PAGE_WORDS = 8_000
FURTHER = (PAGE_WORDS, 100_000, 600_000)
#: What a comparison takes whatever it finds, in words.
_STEP_WORDS = 60


@dataclass(frozen=True, slots=True)
class WordBlame:
    """A version with the age of each of its words.

    *line*: the main-line versions looked at, oldest first, ending with the version itself; numbers of texts in
    *blame* count them from 0. *skipped*: older ones that were not looked at, for there are too many: words that were
    there at the first of *line* may be older.
    """

    view: VersionView
    line: tuple[Version, ...]
    blame: TextBlame
    skipped: int

    def since(self, stay: Stay) -> Bounds:
        """Return when a stay began, both bounds, and how long it is known to last."""
        return self._bounds(stay.since, len(self.line) - 1)

    def earlier(self, stay: Stay) -> tuple[Bounds, ...]:
        """Return the stays before it, oldest first."""
        return tuple(self._bounds(came, gone - 1) for came, gone in stay.earlier)

    def _bounds(self, first: int, last: int) -> Bounds:
        begun, ended = self.line[first].bounds, self.line[last].bounds
        not_before = None if self.skipped and not first else begun.not_before
        return Bounds(not_before, begun.first_seen, ended.last_seen, ended.gone_by)


def blame_of_words(
    conn: sqlite3.Connection, policy: PolicyRef, moment: datetime, *, max_words: int | None = PAGE_WORDS
) -> WordBlame:
    """Return the version in force at *moment* with, for every word, since when it is there: computed anew.

    Linear in what changed up to it: some four seconds for a million words of changed sections. *max_words* (of them,
    None: no bound) stops going back. Raises UnknownTarget as `version_as_of`.
    """
    here = in_force(conn, policy, moment)
    view = bare_view(conn, policy, moment, here)
    first = 1 if max_words is None else _start(conn, policy, here.place, max_words)
    where = "v.policy_id = ? AND v.place BETWEEN ? AND ?"
    sql = f"SELECT {VERSION_COLUMNS} FROM {VERSION_TABLES} WHERE {where} ORDER BY v.place"
    line = tuple(version_of(row) for row in rows(conn, sql, (policy.id, first, here.place)))
    texts = list(_texts(conn, [version.text.id for version in line]))
    ((_, slugs),) = sections_of(conn, (view.version.text.id,), heads_only=True)
    return WordBlame(replace(view, sections=texts[-1], slugs=slugs), line, blame_words(texts), first - 1)


_HEADS = """
    SELECT v.place, ts.position, ts.section_id, ts.number, s.words
    FROM versions v CROSS JOIN text_sections ts ON ts.text_id = v.text_id CROSS JOIN sections s ON s.id = ts.section_id
    WHERE v.policy_id = ? AND v.place <= ? ORDER BY v.place DESC
"""


def _start(conn: sqlite3.Connection, policy: PolicyRef, place: int, max_words: int) -> int:
    """Return the first place to look at: as far back as the bound allows. Reads no further than that."""
    left, later, first = max_words, None, place
    for at, found in groupby(conn.execute(_HEADS, (policy.id, place)), key=itemgetter(0)):
        heads = [row[2:] for row in sorted(found, key=itemgetter(1))]
        if later is not None:
            left -= _changed(heads, later) + _STEP_WORDS
        if left < 0:
            break
        first, later = at, heads
    return first


def _changed(old: Sequence[tuple[int, str, int]], new: Sequence[tuple[int, str, int]]) -> int:
    """Return the words of the sections between those that two texts begin and those that they end with alike.

    >>> _changed([(1, "", 10), (2, "", 20), (3, "", 30)], [(1, "", 10), (4, "", 25), (3, "", 30)])
    45
    """
    most = min(len(old), len(new))
    head = next((n for n in range(most) if old[n] != new[n]), most)
    tail = next((n for n in range(most - head) if old[-1 - n] != new[-1 - n]), most - head)
    return sum(words for side in (old, new) for _, _, words in side[head : len(side) - tail])


def _texts(conn: sqlite3.Connection, text_ids: Sequence[int]) -> Iterator[tuple[Section, ...]]:
    """Yield texts in order; everything is read at once, and equal sections are one object."""
    heads: dict[int, list[sqlite3.Row]] = {text_id: [] for text_id in text_ids}
    for row in rows(
        conn,
        "SELECT ts.text_id, ts.section_id, ts.level, ts.number, ts.confidence, s.heading, s.heading_kind"
        " FROM json_each(?) j CROSS JOIN text_sections ts ON ts.text_id = j.value"
        " CROSS JOIN sections s ON s.id = ts.section_id ORDER BY ts.text_id, ts.position",
        (json.dumps(sorted(heads)),),
    ):
        heads[row["text_id"]].append(row)
    clauses = clauses_of(conn, {row["section_id"] for held in heads.values() for row in held})
    made: dict[int, tuple[Section, ...]] = {}
    for text_id in text_ids:
        if text_id not in made:
            made[text_id] = tuple(_section(row, clauses[row["section_id"]]) for row in heads[text_id])
        yield made[text_id]


def _section(row: sqlite3.Row, clauses: tuple[Clause, ...]) -> Section:
    kind = row["heading_kind"] or ""
    return Section(row["level"], row["number"] or "", row["heading"], kind, row["confidence"], clauses)


def word_blame_json(found: WordBlame) -> Json:
    """The version with its words by age; versions are named by number, *section* and *clause* count from 0."""
    return {
        **version_view_json(found.view),
        "looked_from": found.line[0].number,
        "not_looked_at": found.skipped,
        "unsure": found.blame.unsure,
        "words": [
            {
                "section": each.section,
                "clause": each.clause,
                "came": _stay(found, each.came),
                "edited_by": [found.line[n].number for n in each.edited],
                "runs": [_run(found, run) for run in each.runs],
            }
            for each in found.blame.clauses
        ],
        "headings": [
            {"section": each.section, "runs": [_run(found, run) for run in each.runs]} for each in found.blame.headings
        ],
    }


def _run(found: WordBlame, run: WordRun) -> Json:
    return {"text": run.text, **_stay(found, run.stay)}


def _stay(found: WordBlame, stay: Stay) -> Json:
    earlier = [
        {**bounds_json(bounds), "since_version": found.line[came].number, "gone_with_version": found.line[gone].number}
        for (came, gone), bounds in zip(stay.earlier, found.earlier(stay), strict=True)
    ]
    return {**bounds_json(found.since(stay)), "since_version": found.line[stay.since].number, "earlier": earlier}
