"""Keep a policy's versions, transitions, diffs and lineages what `derive` says, writing only rows that differ."""

from __future__ import annotations

import sqlite3
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from harvest.compare.menus import Short
from harvest.corpus.comparing import Links
from harvest.corpus.derive import derive_transitions, derive_versions, texts_in_order
from harvest.corpus.derive_dates import Stated, settle_dates
from harvest.corpus.derive_model import Sighting, TextFacts, Versions
from harvest.corpus.derive_passages import Passage
from harvest.corpus.derive_wordings import Wordings
from harvest.corpus.store_diffs import Pair, drop_diffs, held_diffs, keep_diffs
from harvest.corpus.store_half_years import keep_half_years
from harvest.corpus.store_history_rows import keep_captures, keep_dates, keep_transitions, keep_versions
from harvest.corpus.store_lineages import LineageMemory, keep_lineages
from harvest.corpus.store_sections import SectionReader
from harvest.corpus.store_sightings import Judged, read_sightings
from harvest.corpus.store_site_lines import judge_site
from harvest.corpus.store_urls import keep_urls
from harvest.corpus.store_wide import drop_wide, keep_wide
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


def worded_texts(conn: sqlite3.Connection, policy_id: int) -> dict[str, int]:
    """Return the texts of which `derive_history` will ask what came and went from each to the next: sha256 → row."""
    ids, facts = _texts(conn, policy_id)
    _, sightings = read_sightings(conn, policy_id, {text_id: sha for sha, text_id in ids.items()})
    return {sha: ids[sha] for sha in texts_in_order(sightings, facts)}


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
    keep_wide(conn, policy_id, history, ids, cache.sections)
    keep_dates(conn, ids, facts)
    transitions = derive_transitions(history, facts, diffs, found.wordings)
    version_ids = keep_versions(conn, policy_id, history.versions, ids)
    keep_half_years(conn, policy_id)
    keep_transitions(conn, policy_id, history, transitions, version_ids, diff_ids)
    keep_captures(conn, found.judged, history, version_ids)
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
        for (policy_id,) in conn.execute("SELECT policy_id FROM text_rows WHERE id = ?", (text_id,)).fetchall():
            drop_wide(conn, policy_id)
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
