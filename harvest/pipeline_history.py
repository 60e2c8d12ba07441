"""A history of somebody else's → captures and texts: read in chunks by an engine, written by one writer.

Chunks are consecutive captures of one policy, so that what neighbours share is prepared once. The writer commits
every few hundred captures; captures that are there already are not read again, so a killed import goes on where it
stopped, and an import that is repeated reads nothing.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING

from harvest.corpus.prepared import PreparedText
from harvest.corpus.queries_known import known_policy_id
from harvest.corpus.reading import CHUNK_BYTES, CHUNK_PAGES, Page, Reading, read_pages
from harvest.corpus.store_bulk import CaptureKey, Found, known_keys
from harvest.engine import Engine
from harvest.errors import Forgotten, NotAPolicy
from harvest.exchange.histories import Filing, History, Sighted, Unreadable
from harvest.exchange.princeton_leuven import header_of
from harvest.model import Capture
from harvest.pipeline_events import Event, OnEvent, PolicyReport
from harvest.text.markdown_header import header_of_link

if TYPE_CHECKING:
    from harvest.corpus.store import Store

#: Chunks of one transaction: each commit waits for the disk.
_BATCH_CHUNKS = 5
#: Longer files are no policies (the widest of 23,000 was 600 kB): they are recorded as failed and not read.
_MAX_BYTES = 20_000_000


@dataclass(slots=True)
class _Chunk:
    """Consecutive captures of one policy; *pages* are those that have to be read."""

    filing: Filing
    found: list[Found] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    size: int = 0

    @property
    def is_full(self) -> bool:
        return len(self.found) >= CHUNK_PAGES or self.size >= CHUNK_BYTES


class HistoryImport:
    """One import of one history. `go` does it; the counts are there afterwards."""

    def __init__(self, store: Store, history: History, *, engine: Engine, run_id: int, tell: OnEvent) -> None:
        self._store, self._history, self._engine = store, history, engine
        self._run_id, self._tell = run_id, tell
        self._under_way: deque[_Chunk] = deque()
        self._policy_ids: dict[tuple[int, str], int] = {}
        self._read: dict[str, Reading] = {}  # of the policy at hand, by content, without its sections
        self._reading_of = -1
        self.counts: Counter[int] = Counter()
        self.known = 0
        self.repeated = 0
        self.failed = 0
        self.errors: list[str] = []
        self._refused: set[int] = set()

    def go(self) -> tuple[PolicyReport, ...]:
        """Import what is new. Trouble with single files is counted; killed, the same call goes on."""
        for warning in self._history.warnings():
            self._trouble("warning", warning)
        for damage in self._history.damage():
            self._trouble("error", damage)
        total = sum(filing.captures for filing in self._history.filings())
        self._tell(Event("policy", f"reading {self._history.archive}"))
        self._tell(Event("pending", data={"pending": total}))
        results = self._engine.map(read_pages, self._pages())
        while batch := list(islice(results, _BATCH_CHUNKS)):
            with self._store.transaction():
                for readings in batch:
                    self._write(self._under_way.popleft(), readings)
        return tuple(
            PolicyReport(policy_id, self._history.archive, count, count, {"imported": count})
            for policy_id, count in self.counts.items()
        )

    # --- reading: runs ahead of the writing, and only reads the corpus ---------------------------------------

    def _pages(self) -> Iterator[list[Page]]:
        for chunk in self._chunks():
            self._under_way.append(chunk)
            yield chunk.pages

    def _chunks(self) -> Iterator[_Chunk]:
        for filing in self._history.filings():
            asked: set[str] = set()
            chunk = _Chunk(filing)
            for sighted, found in self._unknown(filing):
                chunk.found.append(found)
                if found.body is not None and sighted.content not in asked:
                    asked.add(sighted.content)
                    url = found.page_url or found.capture.url
                    chunk.pages.append(Page(len(chunk.found) - 1, found.capture.form, found.body, url))
                    chunk.size += len(found.body)
                if chunk.is_full:
                    yield chunk
                    chunk = _Chunk(filing)
            if chunk.found:
                yield chunk

    def _unknown(self, filing: Filing) -> Iterator[tuple[Sighted, Found]]:
        known = self._known_keys(filing)
        for sighted in self._history.sightings(filing):
            capture = sighted.capture(self._history.archive, None)
            if not self._history.self_describing and _key(capture) in known:
                self._skip(sighted)
                continue
            page_url = sighted.page_url if sighted.page_url != sighted.url else ""
            try:
                body = self._history.read(sighted, most=_MAX_BYTES) if sighted.content else None
            except Unreadable as error:
                self._trouble("error", f"{sighted.url} of {capture.timestamp}: {error}")
                if not self._history.self_describing:
                    yield sighted, Found(capture, None, None, str(error), page_url, failed=True)
                continue
            if self._history.self_describing:
                if body is not None:
                    yield from self._described(sighted, body)
            else:
                remark = sighted.remark if body is not None else "taken down: the file was removed from the history"
                capture = replace(capture, length=len(body) if body is not None else None)
                yield sighted, Found(capture, body, None, remark, page_url)

    def _described(self, sighted: Sighted, body: bytes) -> Iterator[tuple[Sighted, Found]]:
        """Read the header of a file that says itself what it is."""
        try:
            capture, _ = header_of(body, sighted.url, fallback=header_of_link(sighted.place.host, sighted.page_url))
        except NotAPolicy as error:
            self._trouble("error", str(error))
            return
        if self._store.has_capture(capture):
            self._skip(sighted)
            return
        yield sighted, Found(capture, body)

    def _known_keys(self, filing: Filing) -> set[CaptureKey]:
        place = filing.place
        policy_id = known_policy_id(self._store.conn, place.host, place.kind, place.label)
        return known_keys(self._store.conn, policy_id, self._history.archive) if policy_id is not None else set()

    def _skip(self, sighted: Sighted) -> None:
        self.known += 1
        self._tell(Event("page", data={"outcome": "known", "url": sighted.url}))

    # --- writing ---------------------------------------------------------------------------------------------

    def _write(self, chunk: _Chunk, readings: list[Reading]) -> None:
        if self._reading_of != chunk.filing.number:
            self._read, self._reading_of = {}, chunk.filing.number
        fresh = {reading.key: reading for reading in readings}
        groups: dict[int, list[Found]] = {}
        for place, found in enumerate(chunk.found):
            content = found.capture.digest
            reading = fresh.get(place) or self._read.get(content)
            if place in fresh:
                self._read[content] = _bare(fresh[place])
            try:
                policy_id = self._policy_id(chunk.filing, found)
            except Forgotten as error:
                self._refuse(chunk.filing, str(error))
                continue
            groups.setdefault(policy_id, []).append(replace(found, reading=reading))
        for policy_id, of_policy in groups.items():
            added = self._store.record_found(policy_id, of_policy)
            self.counts[policy_id] += added
            self.repeated += sum(not found.failed for found in of_policy) - added
        for found in chunk.found:
            self.failed += found.failed
            outcome = "failed" if found.failed else "imported"
            self._tell(Event("page", data={"outcome": outcome, "url": found.capture.url}))

    def _policy_id(self, filing: Filing, found: Found) -> int:
        place, url = filing.place, found.capture.url if self._history.self_describing else found.page_url
        key = (filing.number, url)
        if key in self._policy_ids:
            return self._policy_ids[key]
        if self._history.self_describing:
            policy_id, joined = self._store.policy_of(found.capture, filed=place.host)
            if joined is not None:
                self._policy_ids = {at: policy_id if one == joined else one for at, one in self._policy_ids.items()}
                self.counts[policy_id] += self.counts.pop(joined, 0)
        else:
            policy_id = self._store.ensure_policy(
                host=place.host, kind=place.kind, label=place.label, name=place.name, url=url, evidence="imported"
            )
        self._policy_ids[key] = policy_id
        return policy_id

    def _refuse(self, filing: Filing, message: str) -> None:
        """Say once for each policy that it was taken down and stays out."""
        if filing.number not in self._refused:
            self._refused.add(filing.number)
            self._trouble("error", message)

    def _trouble(self, level: str, message: str) -> None:
        if level == "error":
            self.errors.append(message)
        self._tell(Event(level, message=message))
        self._store.record_event(self._run_id, stage="import", level=level, message=message)


def _bare(reading: Reading) -> Reading:
    """Return a reading without its sections: enough for captures that show the same bytes again."""
    text = reading.text
    return replace(reading, text=replace(text, sections=(), places=())) if isinstance(text, PreparedText) else reading


def _key(capture: Capture) -> CaptureKey:
    return capture.url, capture.timestamp, capture.digest, capture.statuscode
