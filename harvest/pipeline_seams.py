"""Where a policy went: the addresses that archived redirects lead to, and why some are not followed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from harvest.archive.discovery_addresses import may_follow
from harvest.corpus.forgotten import why_forgotten
from harvest.corpus.queries_known import known_by_key
from harvest.model import Capture, RawPage
from harvest.resolve import PolicyTarget, TargetUrl
from harvest.urls import urlkey

if TYPE_CHECKING:
    from harvest.corpus.store import Store

# Policies that move more often than this within one archive were redirect mazes (log-in pages, campaigns).
_MAX_SEAMS = 8


class Seams:
    """The moves of one policy in this run. *claimed*: what the run harvests itself, by URL key.

    *tell* is given the event of each new move, *warn* why one was not followed.
    """

    def __init__(
        self,
        store: Store,
        target: PolicyTarget,
        claimed: Mapping[str, PolicyTarget],
        *,
        tell: Callable[[str, str, Mapping[str, object]], None],
        warn: Callable[[str], None],
    ) -> None:
        self._store = store
        self._target = target
        self._claimed = claimed
        self._tell = tell
        self._warn = warn
        self._since = {urlkey(item.url): item.since for item in target.urls}
        self._seen_moving: dict[str, datetime] = {}  # earliest redirect to an address in this run
        self._found = 0

    def follow(self, page: RawPage, policy_id: int) -> TargetUrl | None:
        """Take the address an archived redirect leads to as a URL of the policy, to be listed from the move on.

        Returns None where there is none, where it is not followed, or was before.
        """
        if not page.redirects:
            return None
        target = page.redirects[-1]
        key = urlkey(target)
        if page.capture.captured_at >= self._seen_moving.get(key, page.capture.captured_at + timedelta(1)):
            return None  # an earlier redirect to it was looked at
        self._seen_moving[key] = page.capture.captured_at
        since = self._moved_after(page.capture, policy_id)
        if key in self._since:
            held = self._since[key]
            if held is None or held <= since:
                return None
        else:
            why_not = self._why_not(page.capture.url, target, key, policy_id)
            if why_not:
                self._since[key] = None
                self._warn(f"redirect to {target} not followed: {why_not}")
                return None
            self._found += 1
            self._tell("seam", f"{page.capture.url} → {target}", {"from": since.isoformat()})
        self._since[key] = since
        self._store.record_url(policy_id, target, evidence="redirect", valid_from=since)
        return TargetUrl(target, "redirect", since)

    def _why_not(self, source: str, target: str, key: str, policy_id: int) -> str:
        taken_down = why_forgotten(self._store.conn, target)
        if taken_down:
            return taken_down
        known = known_by_key(self._store.conn, key)
        if known is not None and known.policy_id != policy_id:
            self._store.link_site(known.policy_id, self._target.host, evidence="redirect")
            return f"it is known as {known.host}/{known.kind}"
        owner = self._claimed.get(key, self._target)
        if owner.name != self._target.name:
            owner_id = self._store.ensure_policy(host=owner.host, kind=owner.kind, label=owner.label)
            self._store.link_site(owner_id, self._target.host, evidence="redirect")
            return f"it is harvested as {owner.name}"
        if self._found >= _MAX_SEAMS:
            return f"the policy moved more than {_MAX_SEAMS} times"
        return may_follow(source, target, self._target.kind)

    def _moved_after(self, redirect: Capture, policy_id: int) -> datetime:
        """When the old address last showed a page before it redirected: the new one may show it from then on."""
        pages = [
            capture.captured_at
            for capture in self._store.captures_of(policy_id)
            if capture.urlkey == redirect.urlkey and capture.statuscode in ("", "200")
        ]
        return max((moment for moment in pages if moment < redirect.captured_at), default=redirect.captured_at)
