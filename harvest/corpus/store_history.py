"""Keep a policy's versions, transitions, diffs and lineages what `derive` says, writing only rows that differ."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from harvest.corpus.derive import derive_transitions, derive_versions
from harvest.corpus.derive_model import Sighting, TextFacts, Transition, Version, Versions
from harvest.corpus.store_diffs import drop_diffs, keep_diffs
from harvest.corpus.store_lineages import keep_lineages
from harvest.corpus.store_sections import SectionReader
from harvest.model import OUTCOME_OF_PAGE, Outcome, PageKind
from harvest.timestamps import parse_stamp, to_iso

_ABSENT = (Outcome.ERROR_PAGE, Outcome.BLOCKED_PAGE, Outcome.NO_TEXT, Outcome.OFF_TOPIC)


@dataclass(slots=True)
class HistoryCache:
    """What one recompute leaves for the next: sections by text, and the texts whose lineages are known."""

    sections: SectionReader = field(default_factory=SectionReader)
    linked: dict[int, tuple[str, ...]] = field(default_factory=dict)

    def clear(self) -> None:
        """Forget everything, for another process may have written."""
        self.sections.clear()
        self.linked.clear()


@dataclass(frozen=True, slots=True)
class _Row:
    """A capture's columns that history reads and writes."""

    id: int
    at: str
    archive: str
    url: str
    urlkey: str
    timestamp: str
    digest: str
    statuscode: str
    form: str
    outcome: str
    reason: str
    page_kind: str
    has_body: bool
    landed: bool
    text_id: int | None
    version_id: int | None


@dataclass(frozen=True, slots=True)
class _Judged:
    row: _Row
    outcome: str
    reason: str
    text_id: int | None
    gone: bool


def recompute(conn: sqlite3.Connection, policy_id: int, cache: HistoryCache) -> None:
    """Make the derived rows of one policy follow from its captures, texts and judgements. Call in a transaction."""
    judged = _judge(_rows(conn, policy_id), _judgements(conn, policy_id))
    ids, facts = _texts(conn, policy_id)
    shas = {text_id: sha for sha, text_id in ids.items()}
    variants = _variant_keys(conn, policy_id)
    history = derive_versions((_sighting(one, shas, variants) for one in judged), facts)
    diff_ids, diffs = keep_diffs(conn, policy_id, history.pairs, ids, cache.sections)
    transitions = derive_transitions(history, facts, diffs)
    version_ids = _keep_versions(conn, policy_id, history.versions, ids)
    _keep_transitions(conn, policy_id, history, transitions, version_ids, diff_ids)
    _keep_captures(conn, judged, history, version_ids)
    if cache.linked.get(policy_id) != history.texts:
        keep_lineages(conn, policy_id, history, ids, cache.sections)
        cache.linked[policy_id] = history.texts


def forget_structures(
    conn: sqlite3.Connection, policy_id: int, cache: HistoryCache, *, texts: Iterable[int], sections: Iterable[int]
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
        drop_diffs(conn, [int(row[0]) for row in rows])
    cache.sections.clear()
    cache.linked.pop(policy_id, None)


def _rows(conn: sqlite3.Connection, policy_id: int) -> list[_Row]:
    rows = conn.execute(
        "SELECT id, captured_at, landed_timestamp, archive, url, urlkey, timestamp, digest, statuscode, form, outcome,"
        " reason, page_kind, body_id IS NOT NULL, text_id, version_id FROM captures WHERE policy_id = ?"
        " AND outcome NOT IN ('listed', 'skipped', 'failed', 'missing', 'excluded', 'unplayable', 'redirect')",
        (policy_id,),
    )
    return [_row(row) for row in rows]


def _row(row: Sequence[Any]) -> _Row:
    row_id, captured_at, landed, archive, url, key, timestamp, digest, statuscode, form, *rest = row
    outcome, reason, page_kind, has_body, text_id, version_id = rest
    return _Row(
        id=row_id,
        at=_moment(captured_at, landed),
        archive=archive,
        url=url,
        urlkey=key,
        timestamp=timestamp,
        digest=digest,
        statuscode=statuscode,
        form=form,
        outcome=outcome,
        reason=reason,
        page_kind=page_kind,
        has_body=bool(has_body),
        landed=bool(landed) and landed != timestamp,
        text_id=text_id,
        version_id=version_id,
    )


def _moment(captured_at: str, landed: str) -> str:
    if not landed:
        return captured_at
    try:
        return to_iso(parse_stamp(landed)[0])
    except ValueError:
        return captured_at


def _judgements(conn: sqlite3.Connection, policy_id: int) -> dict[tuple[str, str, str], tuple[str, str]]:
    """Map (archive, url, timestamp) to the last verdict on a capture and its reason."""
    rows = conn.execute(
        "SELECT archive, url, timestamp, verdict, why FROM judgements WHERE policy_id = ?"
        " AND verdict IN ('off-topic', 'on-topic', 'none') ORDER BY decided_at, id",
        (policy_id,),
    )
    return {(row[0], row[1], row[2]): (row[3], row[4]) for row in rows}


def _judge(rows: Sequence[_Row], judgements: Mapping[tuple[str, str, str], tuple[str, str]]) -> list[_Judged]:
    """Settle what each capture shows: by its page, by a person's word, or (duplicates) by the same bytes elsewhere."""
    read = {row.id: _judge_one(row, judgements.get((row.archive, row.url, row.timestamp))) for row in rows}
    twins: dict[tuple[str, str], _Judged] = {}
    for one in sorted(read.values(), key=lambda one: (one.row.at, one.row.url, one.row.timestamp, one.row.statuscode)):
        if one.row.has_body and not one.row.landed and one.row.digest not in ("", "-"):
            twins.setdefault((one.row.archive, one.row.digest), one)
    return [_judge_twin(one, twins.get((one.row.archive, one.row.digest))) for one in read.values()]


def _judge_one(row: _Row, verdict: tuple[str, str] | None) -> _Judged:
    said, why = verdict or ("", "")
    if said == "off-topic":
        return _Judged(row, Outcome.OFF_TOPIC, f"judged: {why}", row.text_id, True)
    outcome, reason = row.outcome, row.reason
    if row.outcome == Outcome.OFF_TOPIC and row.reason.startswith("judged: "):
        outcome, reason = _natural(row), ""
    if said == "on-topic" and row.text_id is not None:
        outcome, reason = Outcome.FETCHED, f"judged: {why}"
    return _Judged(row, outcome, reason, row.text_id, outcome in _ABSENT)


def _natural(row: _Row) -> str:
    if not row.has_body:
        return Outcome.DUPLICATE
    if row.page_kind == PageKind.POLICY and row.text_id is None:
        return Outcome.NO_TEXT
    return OUTCOME_OF_PAGE[PageKind(row.page_kind)] if row.page_kind else Outcome.FETCHED


def _judge_twin(one: _Judged, twin: _Judged | None) -> _Judged:
    """A duplicate shows what its twin shows, an absence too."""
    if one.row.has_body or one.outcome != Outcome.DUPLICATE:
        return one
    if twin is None:
        return _Judged(one.row, one.outcome, one.reason, None, False)
    return _Judged(one.row, one.outcome, one.reason, None if twin.gone else twin.text_id, twin.gone)


def _sighting(one: _Judged, shas: Mapping[int, str], variants: frozenset[str]) -> Sighting:
    row = one.row
    return Sighting(
        capture_id=row.id,
        at=row.at,
        archive=row.archive,
        url=row.url,
        urlkey=row.urlkey,
        row=(row.timestamp, row.digest, row.statuscode),
        form=row.form,
        text=shas[one.text_id] if one.text_id is not None and not one.gone else "",
        gone=one.gone,
        variant_url=row.urlkey in variants,
    )


def _texts(conn: sqlite3.Connection, policy_id: int) -> tuple[dict[str, int], dict[str, TextFacts]]:
    ids, facts = {}, {}
    for text_id, sha, language, stated in conn.execute(
        "SELECT id, sha256, language, stated_date FROM texts WHERE policy_id = ?", (policy_id,)
    ):
        ids[sha] = int(text_id)
        facts[sha] = TextFacts(language, stated or "")
    return ids, facts


def _variant_keys(conn: sqlite3.Connection, policy_id: int) -> frozenset[str]:
    """URL keys that are variants in every spelling known."""
    rows = conn.execute(
        "SELECT urlkey FROM policy_urls WHERE policy_id = ? GROUP BY urlkey HAVING min(role) = 'variant'", (policy_id,)
    )
    return frozenset(row[0] for row in rows)


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
            "SELECT id, before_version_id, after_version_id, diff_id, kind, silent, redated FROM transitions"
            " WHERE policy_id = ?",
            (policy_id,),
        )
    }
    wanted = {
        version_ids[one.after]: (
            version_ids[one.before],
            version_ids[one.after],
            diff_ids[texts[one.before], texts[one.after]],
            *(one.kind, one.silent, one.redated),
        )
        for one in transitions
    }
    _delete(conn, "transitions", [row[0] for after, row in held.items() if after not in wanted])
    for after, values in wanted.items():
        if after not in held:
            conn.execute(
                "INSERT INTO transitions (before_version_id, after_version_id, diff_id, kind, silent, redated,"
                " policy_id) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (*values, policy_id),
            )
        elif held[after][1:] != values:
            conn.execute(
                "UPDATE transitions SET before_version_id = ?, after_version_id = ?, diff_id = ?, kind = ?, silent = ?,"
                " redated = ? WHERE id = ?",
                (*values, held[after][0]),
            )


def _keep_captures(
    conn: sqlite3.Connection, judged: Sequence[_Judged], history: Versions, version_ids: Mapping[int, int]
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
