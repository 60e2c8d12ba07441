"""One policy through a run: list, select, fetch, record, and follow it where archived redirects lead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from harvest.archive import Archive
from harvest.archive.selection import Hole, select
from harvest.config import Settings
from harvest.corpus.forgotten import why_forgotten
from harvest.corpus.queries_known import known_captures, known_policy_id
from harvest.counting import count_of
from harvest.model import Capture, Outcome
from harvest.pipeline_events import Event, OnEvent, PolicyReport
from harvest.pipeline_fetch import Feed
from harvest.pipeline_recording import record
from harvest.pipeline_seams import Seams
from harvest.pipeline_steps import Handled, Twins, holes, key_of, read_page, refusal, shown_by
from harvest.resolve import PolicyTarget, TargetUrl

if TYPE_CHECKING:
    from harvest.corpus.store import Store

# Every round asks once for each target whose nearest capture could not be played.
_ROUNDS = 5
_UNCHOSEN = (Outcome.LISTED, Outcome.SKIPPED)


@dataclass(frozen=True, slots=True)
class Task:
    """What all policies of a run share."""

    store: Store
    archive: Archive
    every: str
    since: datetime | None
    until: datetime | None
    settings: Settings
    tell: OnEvent
    claimed: Mapping[str, PolicyTarget] = field(default_factory=dict)  # by URL key: what this run harvests itself


class PolicyRun:
    """List, select, fetch and record one policy, following it where archived redirects lead."""

    def __init__(self, task: Task, target: PolicyTarget, *, run_id: int) -> None:
        self._task = task
        self._run_id = run_id
        self._store = task.store
        self._archive = task.archive
        self._target = target
        self._policy_id = known_policy_id(task.store.conn, target.host, target.kind, target.label)
        self._urls = list(target.urls)
        self._seams = Seams(
            task.store, target, task.claimed, tell=self._tell, warn=lambda why: self._trouble("warning", "fetch", why)
        )
        self._excluded: dict[str, str] = {}
        self._outcomes: Counter[str] = Counter()
        self._errors: list[str] = []
        self._refused: dict[str, str] = {}  # listings that failed, by URL
        self._asked: set[int] = set()  # captures asked for in this visit: what failed is left to the next
        self._listed = self._added = 0

    def go(self) -> None:
        """Harvest the policy. Raises `ArchiveError` where the archive answers nobody; what came so far is stored."""
        self._tell("policy", data={"urls": [item.url for item in self._urls]})
        self._visit(list(self._urls))
        self._tell("policy-done", data={"outcomes": dict(self._outcomes)})

    @property
    def has_failed(self) -> bool:
        """Whether anything may come of asking once more."""
        return bool(self._refused or self._outcomes[Outcome.FAILED])

    def retry(self) -> None:
        """Ask once more for what failed: slow pages and listings are often there minutes after they timed out."""
        if self.has_failed:
            failed = [item for item in self._urls if item.url in self._refused]
            self._outcomes[Outcome.FAILED] = 0
            self._visit(failed)

    def _visit(self, urls: Sequence[TargetUrl]) -> None:
        """List addresses, fetch what is chosen, and go on to the addresses that redirects led to meanwhile."""
        while True:
            place = len(self._urls)
            for item in urls:
                self._list(item)
            if self._policy_id is not None:
                self._choose_and_fetch(self._policy_id)
            if len(self._urls) == place:
                return
            urls = self._urls[place:]

    def report(self) -> PolicyReport:
        """Return what was done, and what was refused."""
        errors = [*self._errors, *self._refused.values()]
        failed = self._outcomes[Outcome.FAILED]
        if failed:
            errors.append(
                f"{self._target.name}: {count_of(failed, 'capture')} could not be fetched: run the same command again"
            )
        outcomes = {outcome: count for outcome, count in self._outcomes.items() if count}
        return PolicyReport(self._policy_id, self._target.name, self._listed, self._added, outcomes, tuple(errors))

    def _list(self, item: TargetUrl) -> None:
        taken_down = why_forgotten(self._store.conn, item.url)
        if taken_down:
            self._errors.append(taken_down)
            self._trouble("error", "list", taken_down)
            return
        since = max((moment for moment in (self._task.since, item.since) if moment), default=None)
        listing = self._archive.list_captures(item.url, since=since, until=self._task.until)
        data = {"url": item.url, "outcome": listing.outcome, "rows": listing.rows, "malformed": len(listing.oddities)}
        self._tell("listed", item.url, data)
        if self._policy_id is not None or listing.outcome in ("ok", "excluded"):  # no policy for a URL mistyped
            self._policy_id = self._ensure(item)
            self._added += self._store.record_listing(self._policy_id, listing).added
        self._listed += len(listing.captures)
        self._refused.pop(item.url, None)
        message = refusal(listing, evidence=item.evidence)
        if message:
            if listing.outcome == "failed":
                self._refused[item.url] = message
            else:
                self._errors.append(message)
            self._trouble("error", "list", message)

    def _ensure(self, item: TargetUrl) -> int:
        target = self._target
        policy_id = self._store.ensure_policy(
            host=target.host, kind=target.kind, label=target.label, url=item.url, evidence=item.evidence
        )
        if target.asked_host not in ("", target.host):
            self._store.link_site(policy_id, target.asked_host, evidence="subdomain")
        return policy_id

    def _choose_and_fetch(self, policy_id: int) -> None:
        """Fetch what is chosen; where that cannot be played, choose what is next to it, some times.

        A search for changes goes on as long as it finds something new to look at. What an earlier round chose is
        fetched before the next one: so a killed run makes the choices that an undisturbed one makes.
        """
        self._asked.clear()
        if self._task.every == "change":
            self._fetch(policy_id)
            while self._select(policy_id):
                self._fetch(policy_id)
            return
        for _ in range(_ROUNDS):
            self._select(policy_id)
            before = self._holes()
            self._fetch(policy_id)
            if self._task.every == "all" or self._holes() == before:
                return

    def _holes(self) -> list[Hole]:
        """Return captures of this archive that could not be played, with what the archive would play instead."""
        if self._policy_id is None:
            return []
        return holes(known_captures(self._store.conn, self._policy_id), self._archive.name)

    def _select(self, policy_id: int) -> bool:
        """Choose what to fetch; return whether anything new was chosen."""
        captures = [capture for capture in self._store.captures_of(policy_id) if self._is_ours(capture)]
        known = known_captures(self._store.conn, policy_id)
        shown = shown_by(captures, known) if self._task.every == "change" else None
        selected = select(captures, every=self._task.every, holes=self._holes(), shown=shown)
        self._store.record_selection(policy_id, selected)
        self._tell("selected", data={"wanted": sum(item.fetch for item in selected), "of": len(captures)})
        unchosen = {key_of(item) for item in known if not item.wanted and item.outcome in _UNCHOSEN}
        return any(item.fetch and key_of(item.capture) in unchosen for item in selected)

    def _is_ours(self, capture: Capture) -> bool:
        since, until = self._task.since, self._task.until
        return (
            capture.archive == self._archive.name
            and capture.form == "raw"
            and (since is None or capture.captured_at >= since)
            and (until is None or capture.captured_at <= until)
        )

    def _fetch(self, policy_id: int) -> None:
        pending = [
            item
            for item in self._store.pending(policy_id, max_attempts=self._task.settings.give_up_after or None)
            if item[1].archive == self._archive.name and item[0] not in self._asked
        ]
        self._asked.update(capture_id for capture_id, _ in pending)
        rate = self._task.settings.memento_rate.per_minute if self._archive.patience_s else None
        self._tell("pending", data={"pending": len(pending), "per_minute": rate})
        twins = Twins(known_captures(self._store.conn, policy_id))
        record(self._store, policy_id, self._pages(pending, twins))
        self._settle_twins(policy_id, twins)

    def _pages(self, pending: Sequence[tuple[int, Capture]], twins: Twins) -> Iterator[Handled]:
        feed = Feed(self._archive, self._task.settings.clock, excluded=self._excluded, on_excluded=self._note_exclusion)
        for capture_id, raw in feed.pages(pending, twins):
            page, document = read_page(raw)
            twins.learn(page)
            # before the page is stored: a kill in between must not lose the new address
            if self._policy_id is not None and (moved := self._seams.follow(page, self._policy_id)):
                self._urls.append(moved)
            self._outcomes[page.outcome] += 1
            capture = page.capture
            self._tell("page", page.reason, {"outcome": page.outcome, "url": capture.url, "at": capture.timestamp})
            yield capture_id, page, document

    def _note_exclusion(self, capture: Capture, reason: str) -> None:
        message = f"{capture.url} is {reason}: nothing can be done about it"
        self._errors.append(message)
        self._trouble("error", "fetch", message)

    def _settle_twins(self, policy_id: int, twins: Twins) -> None:
        """Give captures that were not chosen the outcome of a fetched one with equal bytes: it costs nothing."""
        skipped = {
            key_of(item): item.id
            for item in known_captures(self._store.conn, policy_id)
            if item.outcome in _UNCHOSEN and not item.wanted and item.archive == self._archive.name
        }
        settled: list[Handled] = []
        for capture in self._store.captures_of(policy_id) if skipped else ():
            key = key_of(capture)
            page = twins.page_of(capture) if key in skipped else None
            if page is not None:
                settled.append((skipped[key], page, None))
                self._outcomes[page.outcome] += 1
        record(self._store, policy_id, iter(settled))

    def _tell(self, name: str, message: str = "", data: Mapping[str, object] | None = None) -> None:
        self._task.tell(Event(name, self._target.name, message, data or {}))

    def _trouble(self, level: str, stage: str, message: str) -> None:
        self._tell(level, message)
        self._store.record_event(self._run_id, stage=stage, level=level, message=message, policy_id=self._policy_id)
