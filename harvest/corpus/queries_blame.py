"""Since when each word of a version is there: the main line up to it, compared step by step."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from harvest.compare.blame import Stay, TextBlame, WordRun, blame_words
from harvest.corpus.queries_history import version_as_of, versions
from harvest.corpus.queries_json import version_view_json
from harvest.corpus.queries_json_values import Json, bounds_json
from harvest.corpus.queries_model import Bounds, PolicyRef, Version, VersionView
from harvest.corpus.queries_rows import rows
from harvest.model import Clause, Section

#: Words of all versions together that a page looks at: about two seconds of work. A policy of 2,000 words may have
#: 2,500 versions; one of 28,000 words is followed through its last 180.
PAGE_WORDS = 5_000_000


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

    Linear in the versions up to it: a millisecond for each of a policy of usual length, ten for one of 28,000 words.
    *max_words* (of all versions together, None: no bound) stops going back. Raises UnknownTarget as `version_as_of`.
    """
    view = version_as_of(conn, policy, moment)
    line = [version for version in versions(conn, policy) if version.variant_of is None]
    line = line[: next(n for n, version in enumerate(line) if version.number == view.version.number) + 1]
    start = _start([version.text.words for version in line], max_words)
    looked_at = line[start:]
    found = blame_words(_texts(conn, [version.text.id for version in looked_at]))
    return WordBlame(view, tuple(looked_at), found, start)


def _start(words: Sequence[int], max_words: int | None) -> int:
    """Return the index of the first version to look at: as far back as the bound allows, the last one always."""
    left = float("inf") if max_words is None else max_words
    start = len(words) - 1
    while start and words[start] + words[start - 1] <= left:
        left -= words[start]
        start -= 1
    return max(0, start)


def _texts(conn: sqlite3.Connection, text_ids: Sequence[int]) -> Iterator[tuple[Section, ...]]:
    """Yield texts in order; each distinct section is read once, and equal ones are one object."""
    known: dict[int, tuple[str, str, tuple[Clause, ...]]] = {}
    made: dict[int, tuple[Section, ...]] = {}
    for text_id in text_ids:
        if text_id not in made:
            heads = rows(
                conn,
                "SELECT level, number, confidence, section_id FROM text_sections WHERE text_id = ? ORDER BY position",
                (text_id,),
            )
            for section_id in {row["section_id"] for row in heads} - known.keys():
                known[section_id] = _section(conn, section_id)
            made[text_id] = tuple(
                Section(row["level"], row["number"] or "", heading, kind, row["confidence"], clauses)
                for row in heads
                for heading, kind, clauses in (known[row["section_id"]],)
            )
        yield made[text_id]


def _section(conn: sqlite3.Connection, section_id: int) -> tuple[str, str, tuple[Clause, ...]]:
    [head] = rows(conn, "SELECT heading, heading_kind FROM sections WHERE id = ?", (section_id,))
    clauses = rows(
        conn,
        "SELECT sc.kind, sc.depth, c.text, coalesce(c.markdown, c.text) AS markdown FROM section_clauses sc"
        " JOIN clauses c ON c.id = sc.clause_id WHERE sc.section_id = ? ORDER BY sc.position",
        (section_id,),
    )
    made = tuple(Clause(row["kind"], row["depth"], row["text"], row["markdown"]) for row in clauses)
    return head["heading"], head["heading_kind"] or "", made


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
