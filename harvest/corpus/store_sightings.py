"""Captures as history sees them: what each showed, by its page, by a person's word, or by equal bytes elsewhere."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harvest.corpus.derive_model import Sighting
from harvest.model import OUTCOME_OF_PAGE, RE_ASSEMBLED, RE_EXTRACTED, Outcome, PageKind
from harvest.timestamps import parse_stamp, to_iso

_ABSENT = (Outcome.ERROR_PAGE, Outcome.BLOCKED_PAGE, Outcome.NO_TEXT, Outcome.OFF_TOPIC)


@dataclass(frozen=True, slots=True)
class CaptureRow:
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
class Judged:
    """A capture with what it comes to. *gone*: it shows that the policy was not there (an error, another page)."""

    row: CaptureRow
    outcome: str
    reason: str
    text_id: int | None
    gone: bool


def read_sightings(
    conn: sqlite3.Connection, policy_id: int, shas: Mapping[int, str]
) -> tuple[list[Judged], list[Sighting]]:
    """Return what each settled capture of a policy comes to, and the same as values for `derive`.

    *shas*: sha256 of the policy's texts by row id.
    """
    judged = _judge(_rows(conn, policy_id), _judgements(conn, policy_id))
    variants = _variant_keys(conn, policy_id)
    return judged, [_sighting(one, shas, variants) for one in judged]


def _rows(conn: sqlite3.Connection, policy_id: int) -> list[CaptureRow]:
    rows = conn.execute(
        "SELECT id, captured_at, landed_timestamp, archive, url, urlkey, timestamp, digest, statuscode, form, outcome,"
        " reason, page_kind, body_id IS NOT NULL, text_id, version_id FROM captures WHERE policy_id = ?"
        " AND outcome NOT IN ('listed', 'skipped', 'failed', 'missing', 'excluded', 'unplayable', 'redirect')",
        (policy_id,),
    )
    return [_row(row) for row in rows]


def _row(row: Sequence[Any]) -> CaptureRow:
    row_id, captured_at, landed, archive, url, key, timestamp, digest, statuscode, form, *rest = row
    outcome, reason, page_kind, has_body, text_id, version_id = rest
    return CaptureRow(
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
        " AND verdict IN ('off-topic', 'on-topic', 'none') AND undone_at = '' ORDER BY decided_at, turn, id",
        (policy_id,),
    )
    return {(row[0], row[1], row[2]): (row[3], row[4]) for row in rows}


def _judge(rows: Sequence[CaptureRow], judgements: Mapping[tuple[str, str, str], tuple[str, str]]) -> list[Judged]:
    """Settle what each capture shows: by its page, by a person's word, or (duplicates) by the same bytes elsewhere."""
    read = [_judge_one(row, judgements.get((row.archive, row.url, row.timestamp))) for row in rows]
    twins: dict[tuple[str, ...], Judged] = {}
    for one in sorted(read, key=lambda one: (one.row.at, one.row.archive, one.row.url, one.row.timestamp)):
        if one.row.has_body and not one.row.landed and one.row.form == "raw" and len(one.row.digest) > 1:
            twins.setdefault((one.row.digest, one.row.urlkey), one)
            twins.setdefault((one.row.digest,), one)
    return [_judge_twin(one, twins) for one in read]


def _judge_one(row: CaptureRow, verdict: tuple[str, str] | None) -> Judged:
    said, why = verdict or ("", "")
    if said == "off-topic":
        return Judged(row, Outcome.OFF_TOPIC, f"judged: {why}", row.text_id, True)
    if said == "on-topic" and row.text_id is not None:
        return Judged(row, Outcome.FETCHED, f"judged: {why}", row.text_id, False)
    outcome, reason = row.outcome, row.reason
    if row.reason.startswith("judged: "):
        outcome, reason = _natural(row), ""
    return Judged(row, outcome, reason, row.text_id, outcome in _ABSENT)


def _natural(row: CaptureRow) -> str:
    if not row.has_body:
        return Outcome.DUPLICATE
    if row.page_kind == PageKind.POLICY and row.text_id is None:
        return Outcome.NO_TEXT
    return OUTCOME_OF_PAGE[PageKind(row.page_kind)] if row.page_kind else Outcome.FETCHED


def _judge_twin(one: Judged, twins: Mapping[tuple[str, ...], Judged]) -> Judged:
    """Let a duplicate show what the first capture with its bytes shows, at the same URL if possible; an absence too."""
    if one.row.has_body or one.outcome != Outcome.DUPLICATE:
        return one
    twin = twins.get((one.row.digest, one.row.urlkey)) or twins.get((one.row.digest,))
    if twin is None:
        return Judged(one.row, one.outcome, one.reason, None, False)
    return Judged(one.row, one.outcome, one.reason, None if twin.gone else twin.text_id, twin.gone)


def _sighting(one: Judged, shas: Mapping[int, str], variants: frozenset[str]) -> Sighting:
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
        redone=_is_redone(row.reason),
        filtered=row.reason.startswith(RE_EXTRACTED) and not _is_redone(row.reason),
        joined=row.reason.startswith(RE_ASSEMBLED),
    )


def _is_redone(reason: str) -> bool:
    """Return whether a remark counts what shows that a page was as before; others only quote who says so."""
    return reason.startswith(RE_EXTRACTED) and reason[len(RE_EXTRACTED) :].lstrip(": ")[:1].isdigit()


def _variant_keys(conn: sqlite3.Connection, policy_id: int) -> frozenset[str]:
    """URL keys that are variants in every spelling known."""
    rows = conn.execute(
        "SELECT urlkey FROM policy_urls WHERE policy_id = ? GROUP BY urlkey HAVING min(role) = 'variant'", (policy_id,)
    )
    return frozenset(row[0] for row in rows)
