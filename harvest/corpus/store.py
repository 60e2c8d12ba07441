"""Every write to the corpus, in domain verbs, each one transaction: killed at any instant, the next run carries on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from harvest.corpus import store_bulk, store_forget, store_import, store_ledger, store_merge, store_pages
from harvest.corpus.normaliser import NORMALISER
from harvest.corpus.static_copy import refuse_published
from harvest.corpus.store_bulk import Found, Pen
from harvest.corpus.store_decisions import Decisions
from harvest.corpus.store_import import ImportedPage
from harvest.corpus.store_journal import merge_indexes
from harvest.corpus.store_ledger import ListingCounts
from harvest.corpus.store_merge import Merged
from harvest.corpus.store_opening import open_other, refuse_mixing
from harvest.corpus.store_rebuild import sweep_unused
from harvest.model import Capture, Document, Listing, Outcome, RawPage, Selected
from harvest.timestamps import to_iso

__all__ = ["ListingCounts", "Store"]

Page = tuple[int, RawPage, Document | None]


class Store(Decisions):
    """The one writer of a corpus. A context manager; ``conn`` serves reads (`harvest.corpus.queries`).

    *clock* gives the wall time written to ``fetched_at`` and the like; a fixed one makes a corpus reproducible.
    """

    # --- policies --------------------------------------------------------------------------------------------

    def ensure_policy(
        self,
        *,
        host: str,
        kind: str = "privacy",
        label: str = "",
        url: str = "",
        role: str = "current",
        evidence: str = "given",
        name: str = "",
    ) -> int:
        """Return the id of a policy of a site, made if it is new; *url* is noted as one it lives at."""
        with self.transaction() as conn:
            return store_ledger.ensure_policy(
                conn, host=host, kind=kind, label=label, url=url, role=role, evidence=evidence, name=name
            )

    def record_url(
        self,
        policy_id: int,
        url: str,
        *,
        role: str = "current",
        evidence: str = "given",
        valid_from: datetime | None = None,
        valid_to: datetime | None = None,
    ) -> None:
        """Note another URL of a policy: ``variant`` for one that shows another language or region."""
        with self.transaction() as conn:
            store_ledger.record_url(
                conn,
                policy_id,
                url,
                role=role,
                evidence=evidence,
                valid_from=to_iso(valid_from) if valid_from else None,
                valid_to=to_iso(valid_to) if valid_to else None,
            )

    def link_site(self, policy_id: int, host: str, *, evidence: str = "") -> None:
        """Note that a site points at another site's policy."""
        with self.transaction() as conn:
            store_ledger.link_site(conn, policy_id, host, evidence=evidence)

    # --- captures --------------------------------------------------------------------------------------------

    def record_listing(self, policy_id: int, listing: Listing) -> ListingCounts:
        """Store one answer of an archive's index; every row is counted as added, known, repeated or malformed."""
        with self.transaction() as conn:
            return store_ledger.record_listing(conn, policy_id, listing)

    def captures_of(self, policy_id: int) -> list[Capture]:
        """Return every listed capture of a policy, oldest first."""
        return store_ledger.captures_of(self.conn, policy_id)

    def record_selection(self, policy_id: int, selected: Sequence[Selected]) -> int:
        """Note which captures to fetch, and why; return how many changed. Settled ones stay as they are."""
        with self.transaction() as conn:
            return store_ledger.record_selection(conn, policy_id, selected)

    def pending(self, policy_id: int | None = None, *, max_attempts: int | None = None) -> list[tuple[int, Capture]]:
        """Return captures chosen and not settled (id, capture), oldest first; failed ones below *max_attempts* too."""
        return store_ledger.pending(self.conn, policy_id, max_attempts=max_attempts)

    def record_pages(self, policy_id: int, pages: Sequence[Page], *, follow: bool = True) -> None:
        """Store what came back for captures (id, page, its reading) and bring the policy's history up to date.

        One transaction: bodies, outcomes, texts, versions, diffs. Any batching and any order end in the same rows.
        Without *follow* the history is left as it is until `catch_up`: deriving costs what all of the policy does.
        """
        if not pages:
            return
        with self.transaction() as conn:
            now = to_iso(self._clock())
            self._bring_up_to_date(policy_id)
            for capture_id, page, document in pages:
                store_pages.record_page(
                    conn,
                    policy_id,
                    capture_id,
                    page,
                    document,
                    fetched_at=now,
                    normaliser=NORMALISER,
                    known=self._known,
                    shelf=self._shelf,
                )
            self._stamp_normaliser()
            if follow:
                self._recompute(policy_id)
            else:
                self._forget_structures()
                store_bulk.note_unsettled(conn, policy_id)

    # --- what others collected -------------------------------------------------------------------------------

    def record_imports(self, pages: Sequence[ImportedPage]) -> list[int]:
        """Store imported files in one transaction; return the policy of each. What is known already stays as it is."""
        with self.transaction() as conn:
            policy_ids, grown = self._policies_for(pages)
            items: dict[int, list[Page]] = {}
            for policy_id, page in zip(policy_ids, pages, strict=True):
                store_ledger.add_capture(conn, policy_id, page.capture)
                capture_id = store_ledger.capture_id(conn, policy_id, page.capture)
                raw = RawPage(page.capture, Outcome.FETCHED, body=page.body)
                items.setdefault(policy_id, []).append((capture_id, raw, page.document))
            for policy_id, of_policy in items.items():
                if policy_id in grown:
                    self._rewrite(policy_id)
                self.record_pages(policy_id, of_policy)
        return policy_ids

    def record_found(self, policy_id: int, found: Sequence[Found]) -> int:
        """Store captures of one policy that were found and read elsewhere; return how many are new.

        Their history follows with `settle`. Many calls may share one transaction.
        """
        with self.transaction() as conn:
            self._bring_up_to_date(policy_id)
            pen = Pen(self._known, self._shelf, NORMALISER, to_iso(self._clock()))
            added = store_bulk.record_found(conn, policy_id, found, pen)
            self._forget_structures()
            self._stamp_normaliser()
        return added

    def policy_of(self, capture: Capture, *, filed: str) -> tuple[int, int | None]:
        """Return the policy an imported capture belongs to by its URL, and one that was joined to it and is no more.

        *filed*: the site it was filed under, which is linked to the policy. See `store_import.policy_for_import`.
        """
        with self.transaction() as conn:
            policy_id, joined = store_import.policy_for_import(conn, capture.url, filed)
            if joined is not None:
                self._rewrite(policy_id)
        return policy_id, joined

    def has_capture(self, capture: Capture) -> bool:
        """True where a capture of this archive, address, time and digest is there, in whichever policy."""
        return store_bulk.has_capture(self.conn, capture)

    def capture_count(self) -> int:
        """Return how many captures there are."""
        return int(self.conn.execute("SELECT count(*) FROM captures").fetchone()[0])

    def merge(self, other: Path) -> Merged:
        """Take over what another corpus has; see `harvest.corpus.store_merge`. The other file is only read.

        Raises CorpusError where the other is no corpus of this schema, a copy without bodies (its captures would count
        as fetched, with nothing to show), or this very file; SampleCorpus where one of the two is the invented sample
        and the other is not.
        """
        with open_other(other, this=self.path) as theirs:
            refuse_published(theirs, other)
            refuse_mixing(self.conn, theirs, other)
            self.conn.execute("PRAGMA secure_delete = ON")
            with self.transaction() as conn:
                merged = store_merge.merge(conn, theirs, self._shelf)
                touched = {*merged.touched, *store_forget.obey(conn)}
                self._drop_caches()
                self._stamp_normaliser()
                for policy_id in sorted(touched & set(self.policy_ids())):
                    self._rewrite(policy_id)
                sweep_unused(conn)
                store_merge.balance(conn)
                merge_indexes(conn)
                self._drop_caches()
        self.drop_unused()
        return merged

    # --- within ----------------------------------------------------------------------------------------------

    def _policies_for(self, pages: Sequence[ImportedPage]) -> tuple[list[int], set[int]]:
        """Return the policy of each page, and the policies that took in another one."""
        policy_ids: list[int] = []
        grown: set[int] = set()
        for page in pages:
            policy_id, joined = store_import.policy_for_import(self.conn, page.capture.url, page.host, kind=page.kind)
            if joined is not None:
                policy_ids = [policy_id if one == joined else one for one in policy_ids]
                grown.add(policy_id)
            policy_ids.append(policy_id)
        return policy_ids, grown
