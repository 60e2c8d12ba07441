"""Keep a policy's versions, transitions, diffs and lineages what `derive` says, writing only rows that differ."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from harvest.compare.menus import Short
from harvest.corpus.comparing import Links
from harvest.corpus.derive import derive_transitions, derive_versions
from harvest.corpus.derive_dates import Stated, settle_dates
from harvest.corpus.derive_model import Sighting, TextFacts, Transition, Version, Versions
from harvest.corpus.derive_wordings import Passage, Wordings
from harvest.corpus.store_diffs import Pair, drop_diffs, held_diffs, keep_diffs
from harvest.corpus.store_lineages import LineageMemory, keep_lineages
from harvest.corpus.store_sections import SectionReader
from harvest.corpus.store_sightings import Judged, read_sightings
from harvest.corpus.store_site_lines import judge_site
from harvest.corpus.store_urls import keep_urls
from harvest.corpus.store_wordings import passage_reader


@dataclass(slots=True)
class HistoryCache:
    """What one recompute of a policy leaves for the next. Holds one policy only, so that it never grows for long."""

    policy_id: int = 0
    sections: SectionReader = field(default_factory=SectionReader)
    passages: dict[Hashable, Passage | Short] = field(default_factory=dict)
    wordings: Wordings = field(default_factory=Wordings)
    lineages: LineageMemory = field(default_factory=LineageMemory)
    linked: tuple[tuple[str, ...], tuple[str, ...]] | None = None  # texts and main line that lineages hold for

    def clear(self) -> None:
        """Forget everything, for another process may have written."""
        self.sections.clear()
        self.passages.clear()
        self.wordings.clear()
        self.lineages.clear()
        self.linked = None

    def turn_to(self, policy_id: int) -> None:
        """Forget everything unless it is about this policy."""
        if self.policy_id != policy_id:
            self.clear()
            self.policy_id = policy_id


@dataclass(frozen=True, slots=True)
class Derived:
    """What the captures and texts of a policy come to, before anything is compared or written."""

    ids: Mapping[str, int]  # rows of texts by sha256
    facts: Mapping[str, TextFacts]
    judged: Sequence[Judged]
    sightings: Sequence[Sighting]
    history: Versions
    wordings: Wordings

    @property
    def links(self) -> tuple[Pair, ...]:
        """The pairs of texts that lie next to each other when sections are linked: the main line, then variants."""
        line = [version.text for version in self.history.main_line]
        known = set(line)
        return tuple(dict.fromkeys(pairwise((*line, *(sha for sha in self.history.texts if sha not in known)))))


def derive_history(conn: sqlite3.Connection, policy_id: int, cache: HistoryCache) -> Derived:
    """Return the history of a policy as it follows from its captures now. Reads only."""
    cache.turn_to(policy_id)
    ids, facts = _texts(conn, policy_id)
    judged, sightings = read_sightings(conn, policy_id, {text_id: sha for sha, text_id in ids.items()})
    wordings = cache.wordings.reading(passage_reader(conn, ids, cache.sections, cache.passages))
    history = derive_versions(sightings, facts, wordings)
    return Derived(ids, _settled(facts, history), judged, sightings, history, wordings)


def missing_pairs(conn: sqlite3.Connection, policy_id: int, derived: Derived) -> list[Pair]:
    """Return the pairs of texts (sha256) that `recompute` would have to compare."""
    held = held_diffs(conn, policy_id)
    return [pair for pair in derived.history.pairs if (derived.ids[pair[0]], derived.ids[pair[1]]) not in held]


def recompute(
    conn: sqlite3.Connection,
    policy_id: int,
    cache: HistoryCache,
    *,
    derived: Derived | None = None,
    links: Mapping[Pair, Links] | None = None,
) -> None:
    """Make the derived rows of one policy follow from its captures, texts and judgements. Call in a transaction.

    *derived*: what `derive_history` said, if nothing was written since but diffs. *links*: which sections of two texts
    are one, where that was found out elsewhere.
    """
    found = derived or derive_history(conn, policy_id, cache)
    cache.turn_to(policy_id)
    ids, facts, history = found.ids, found.facts, found.history
    diff_ids, diffs = keep_diffs(conn, policy_id, history.pairs, ids, cache.sections)
    _keep_dates(conn, ids, facts)
    transitions = derive_transitions(history, facts, diffs, found.wordings)
    version_ids = _keep_versions(conn, policy_id, history.versions, ids)
    _keep_transitions(conn, policy_id, history, transitions, version_ids, diff_ids)
    _keep_captures(conn, found.judged, history, version_ids)
    keep_urls(conn, policy_id, found.sightings)
    line = (history.texts, tuple(version.text for version in history.main_line))
    if cache.linked != line:
        keep_lineages(conn, policy_id, history, ids, cache.sections, cache.lineages, paired=links)
        cache.linked = line
    judge_site(conn, policy_id)
    conn.execute("DELETE FROM unsettled WHERE policy_id = ?", (policy_id,))


def forget_structures(
    conn: sqlite3.Connection, cache: HistoryCache, *, texts: Iterable[int], sections: Iterable[int]
) -> None:
    """Have texts compared and linked again whose structure (not wording) has changed. Call before `recompute`."""
    stale = set(texts)
    for section_id in sections:
        rows = conn.execute("SELECT text_id FROM text_sections WHERE section_id = ?", (section_id,))
        stale.update(int(row[0]) for row in rows)
    if not stale:
        return
    for text_id in stale:
        rows = conn.execute("SELECT id FROM diffs WHERE before_text_id = ?1 OR after_text_id = ?1", (text_id,))
        diff_ids = [int(row[0]) for row in rows]
        conn.executemany("UPDATE transitions SET diff_id = NULL WHERE diff_id = ?", [(one,) for one in diff_ids])
        drop_diffs(conn, diff_ids)
    cache.clear()


def _texts(conn: sqlite3.Connection, policy_id: int) -> tuple[dict[str, int], dict[str, TextFacts]]:
    ids, facts = {}, {}
    for text_id, sha, language, read, kind, words in conn.execute(
        "SELECT id, sha256, language, coalesce(stated_read, stated_date, ''), stated_kind, stated_words"
        " FROM texts WHERE policy_id = ?",
        (policy_id,),
    ):
        ids[sha] = int(text_id)
        facts[sha] = TextFacts(language, read, Stated(read, kind, words))
    return ids, facts


def _settled(facts: Mapping[str, TextFacts], history: Versions) -> dict[str, TextFacts]:
    """Return the facts with the days that history reads otherwise than a page alone."""
    first_seen: dict[str, str] = {}
    for version in history.versions:
        first_seen[version.text] = min(version.first_seen, first_seen.get(version.text, version.first_seen))
    days = settle_dates({sha: one.stated for sha, one in facts.items() if one.stated}, first_seen)
    return {sha: replace(one, stated_date=days.get(sha, one.stated_date)) for sha, one in facts.items()}


def _keep_dates(conn: sqlite3.Connection, ids: Mapping[str, int], facts: Mapping[str, TextFacts]) -> None:
    """Write the days of texts, and beside those that history reads otherwise what the page alone says."""
    wanted = {ids[sha]: (one.stated_date or None, one.read_otherwise) for sha, one in facts.items()}
    rows = conn.execute(
        "SELECT t.id, t.stated_date, t.stated_read FROM json_each(?) j CROSS JOIN texts t ON t.id = j.value",
        (json.dumps(list(wanted)),),
    )
    changed = [(*wanted[row[0]], row[0]) for row in rows.fetchall() if wanted[row[0]] != (row[1], row[2])]
    conn.executemany("UPDATE text_rows SET stated_date = ?, stated_read = ? WHERE id = ?", changed)


def _keep_versions(
    conn: sqlite3.Connection, policy_id: int, versions: Sequence[Version], ids: Mapping[str, int]
) -> dict[int, int]:
    """Write the versions and return their row ids by number."""
    columns = "place, text_id, first_capture_id, last_capture_id, not_before, first_seen, last_seen, gone_by"
    held = {
        row[1]: row
        for row in conn.execute(
            f"SELECT id, number, variant_of, {columns} FROM versions WHERE policy_id = ?", (policy_id,)
        )
    }
    wanted = {version.number: _version_columns(version, ids) for version in versions}
    _delete(conn, "versions", [held[number][0] for number in held if number not in wanted])
    row_ids = {number: int(held[number][0]) for number in wanted if number in held}
    for number, values in wanted.items():
        if number not in row_ids:
            cursor = conn.execute(
                f"INSERT INTO versions (policy_id, number, {columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (policy_id, number, *values),
            )
            row_ids[number] = int(cursor.lastrowid or 0)
        elif held[number][3:] != values:
            conn.execute(
                "UPDATE versions SET place = ?, text_id = ?, first_capture_id = ?, last_capture_id = ?, not_before = ?,"
                " first_seen = ?, last_seen = ?, gone_by = ? WHERE id = ?",
                (*values, row_ids[number]),
            )
    for version in versions:
        main = row_ids[version.variant_of] if version.variant_of is not None else None
        if (held[version.number][2] if version.number in held else None) != main:
            conn.execute("UPDATE versions SET variant_of = ? WHERE id = ?", (main, row_ids[version.number]))
    return row_ids


def _version_columns(version: Version, ids: Mapping[str, int]) -> tuple[object, ...]:
    return (
        version.place,
        ids[version.text],
        version.first_capture_id,
        version.last_capture_id,
        version.not_before,
        version.first_seen,
        version.last_seen,
        version.gone_by,
    )


def _keep_transitions(
    conn: sqlite3.Connection,
    policy_id: int,
    history: Versions,
    transitions: Sequence[Transition],
    version_ids: Mapping[int, int],
    diff_ids: Mapping[tuple[str, str], int],
) -> None:
    texts = {version.number: version.text for version in history.versions}
    held = {
        row[2]: row
        for row in conn.execute(
            "SELECT id, before_version_id, after_version_id, diff_id, kind, silent, redated, reason FROM transitions"
            " WHERE policy_id = ?",
            (policy_id,),
        )
    }
    wanted = {
        version_ids[one.after]: (
            version_ids[one.before],
            version_ids[one.after],
            diff_ids[texts[one.before], texts[one.after]],
            *(one.kind, one.silent, one.redated, one.reason),
        )
        for one in transitions
    }
    _delete(conn, "transitions", [row[0] for after, row in held.items() if after not in wanted])
    for after, values in wanted.items():
        if after not in held:
            conn.execute(
                "INSERT INTO transitions (before_version_id, after_version_id, diff_id, kind, silent, redated,"
                " reason, policy_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (*values, policy_id),
            )
        elif held[after][1:] != values:
            conn.execute(
                "UPDATE transitions SET before_version_id = ?, after_version_id = ?, diff_id = ?, kind = ?, silent = ?,"
                " redated = ?, reason = ? WHERE id = ?",
                (*values, held[after][0]),
            )


def _keep_captures(
    conn: sqlite3.Connection, judged: Sequence[Judged], history: Versions, version_ids: Mapping[int, int]
) -> None:
    changed = []
    for one in judged:
        number = history.of_capture.get(one.row.id)
        values = (one.outcome, one.reason, one.text_id, version_ids[number] if number is not None else None)
        if values != (one.row.outcome, one.row.reason, one.row.text_id, one.row.version_id):
            changed.append((*values, one.row.id))
    conn.executemany("UPDATE captures SET outcome = ?, reason = ?, text_id = ?, version_id = ? WHERE id = ?", changed)


def _delete(conn: sqlite3.Connection, table: str, row_ids: Sequence[int]) -> None:
    conn.executemany(f"DELETE FROM {table} WHERE id = ?", [(row_id,) for row_id in row_ids])
