"""Every write to the corpus, in domain verbs, each one transaction: killed at any instant, the next run carries on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from harvest.corpus import (
    store_bulk,
    store_forget,
    store_history,
    store_import,
    store_ledger,
    store_merge,
    store_pages,
    store_rebuild,
    store_settle,
)
from harvest.corpus.comparing import Links
from harvest.corpus.derived_columns import Rows
from harvest.corpus.derived_rows import replace_derived
from harvest.corpus.normaliser import NORMALISER
from harvest.corpus.reading import Reading
from harvest.corpus.static_copy import refuse_published
from harvest.corpus.store_bulk import Found, Pen
from harvest.corpus.store_forget import Removed
from harvest.corpus.store_history import Derived
from harvest.corpus.store_import import ImportedPage
from harvest.corpus.store_journal import Journal
from harvest.corpus.store_judgements import ONE_POLICY, Judgement, record_judgement, take_url, undo_judgement
from harvest.corpus.store_ledger import ListingCounts
from harvest.corpus.store_merge import Merged
from harvest.corpus.store_opening import open_other, refuse_mixing
from harvest.corpus.store_rebuild import TransitionChanges, TransitionKey
from harvest.engine import Engine, Serial
from harvest.errors import LockedCorpus
from harvest.model import Capture, Document, Listing, Outcome, RawPage, Selected
from harvest.timestamps import to_iso

__all__ = ["ListingCounts", "Store"]


class _Undone(Exception):
    """Rolls a transaction back on purpose."""


Page = tuple[int, RawPage, Document | None]


class Store(Journal):
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

    def record_pages(self, policy_id: int, pages: Sequence[Page]) -> None:
        """Store what came back for captures (id, page, its reading) and bring the policy's history up to date.

        One transaction: bodies, outcomes, texts, versions, diffs. Any batching and any order end in the same rows.
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
            self._recompute(policy_id)

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

    def settle(self, *, engine: Engine | None = None, on_policy: Callable[[int], None] | None = None) -> int:
        """Make the history of every policy with new captures follow; return how many there were. *engine* compares.

        One transaction a policy, more for one of many versions; killed, it is simply called again and goes on.
        """
        policy_ids = store_bulk.unsettled(self.conn)
        for settling in store_settle.compared(self.conn, policy_ids, engine or Serial()):
            links: dict[tuple[str, str], Links] = {}
            for ready, is_last in store_settle.batches(settling.windows):
                with self.transaction() as conn:
                    # another process may have written since: then what was found out elsewhere does not count
                    holds = store_settle.data_version(conn) == settling.seen
                    if holds:
                        store_settle.write_diffs(conn, settling, ready)
                        links |= ready.links
                    if is_last:
                        self._settle_one(settling.policy_id, settling.derived if holds else None, links)
            if on_policy is not None:
                on_policy(settling.policy_id)
        return len(policy_ids)

    def _settle_one(self, policy_id: int, derived: Derived | None, links: Mapping[tuple[str, str], Links]) -> None:
        self._history.clear()
        links = links if derived else {}
        store_history.recompute(self.conn, policy_id, self._history, derived=derived, links=links)
        store_rebuild.sweep(self.conn, policy_id)
        self._history.clear()

    def rebuild(
        self,
        policy_id: int | None = None,
        *,
        engine: Engine | None = None,
        on_policy: Callable[[int], None] | None = None,
    ) -> None:
        """Re-derive one policy, or all, from the stored bodies; *engine* maps the reading and the comparing.

        Texts first, one transaction a policy, then `settle`. After all of them the corpus carries the stamp of this
        program's normaliser. Killed, it is simply run again.
        """
        engine = engine or Serial()
        policy_ids = [policy_id] if policy_id is not None else self.policy_ids()
        for one, fresh in store_rebuild.readings(self.conn, policy_ids, engine):
            with self.transaction() as conn:
                store_rebuild.rewrite_texts(conn, one, fresh, normaliser=NORMALISER, known=self._known)
        self._history.clear()
        self.settle(engine=engine, on_policy=on_policy)
        if policy_id is None:
            self.set_meta("normaliser", NORMALISER)

    def preview(self, policy_id: int | None = None, *, engine: Engine | None = None) -> TransitionChanges:
        """Return which transitions of one policy, or of all, `rebuild` would make appear or vanish. Keeps nothing."""
        policy_ids = [policy_id] if policy_id is not None else self.policy_ids()
        before: set[TransitionKey] = set()
        after: set[TransitionKey] = set()
        for one, fresh in store_rebuild.readings(self.conn, policy_ids, engine or Serial()):
            before |= store_rebuild.transition_keys(self.conn, one)
            with suppress(_Undone), self.transaction():
                self._rewrite(one, fresh)
                after |= store_rebuild.transition_keys(self.conn, one)
                raise _Undone
        return TransitionChanges(tuple(sorted(after - before)), tuple(sorted(before - after)))

    def policy_ids(self) -> list[int]:
        """Return the ids of all policies."""
        return [int(row[0]) for row in self.conn.execute("SELECT id FROM policies ORDER BY id")]

    def judge(
        self,
        policy_id: int,
        verdict: str,
        *,
        archive: str = "",
        url: str = "",
        timestamp: str = "",
        by: str = "",
        why: str = "",
    ) -> None:
        """Record what a person decided and let history follow; the last word on a subject counts.

        *verdict*: ``off-topic``, ``on-topic`` or ``none`` (taken back) for the capture *archive*, *url*, *timestamp*;
        ``one-policy``: *url*, wherever it was recorded, is a URL of this policy; ``note``: something worth knowing.
        """
        judgement = Judgement(verdict, archive, url, timestamp, by, why)
        with self.transaction() as conn:
            reread = record_judgement(conn, policy_id, judgement, at=self._clock())
            if verdict == ONE_POLICY:
                for one in (*take_url(conn, policy_id, url, why=why), policy_id):
                    self._rewrite(one)
            elif reread:
                self._rewrite(policy_id)
            else:
                self._recompute(policy_id)

    def undo_judgement(self, judgement_id: int, *, by: str = "") -> None:
        """Take a word of a person back; history follows what is left of what was said. Raises HarvestError."""
        with self.transaction() as conn:
            for policy_id in undo_judgement(conn, judgement_id, by=by, at=self._clock()):
                self._rewrite(policy_id)

    def forget(self, scope: str, subject: str, *, by: str = "", why: str = "") -> Removed:
        """Take a site, a URL or a capture down and remember that; see `harvest.corpus.store_forget`.

        *scope*: ``site`` (*subject*: its host), ``url``, or ``capture`` (*subject*: ``ARCHIVE URL TIMESTAMP``). What
        nobody else uses is gone from the file; LockedCorpus says that somebody reads it, so that it must be done once
        more. Raises UnknownTarget where nothing was ever known of the subject.
        """
        self.conn.execute("PRAGMA secure_delete = ON")
        with self.transaction() as conn:
            removed = store_forget.forget(conn, scope, subject, by=by, why=why, at=self._clock())
            self._forget()
            for policy_id in removed.touched:
                self._rewrite(policy_id)
            store_forget.scrub(conn)
            self._forget()
        if not self.pack_if_free():
            raise LockedCorpus(
                f"{subject} was taken down, but another process reads {self.path}, so that words of it may still lie in"
                " the file: stop that process and run the same command again, which packs it"
            )
        return removed

    def lift(self, scope: str, subject: str, *, by: str = "") -> int:
        """Lift the ban on what was taken down; return how many bans there were. Its content comes by harvesting."""
        with self.transaction() as conn:
            return store_forget.lift(conn, scope, subject, by=by, at=self._clock())

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
                self._forget()
                self._stamp_normaliser()
                for policy_id in sorted(touched & set(self.policy_ids())):
                    self._rewrite(policy_id)
                store_merge.balance(conn)
                store_forget.scrub(conn)
                self._forget()
        return merged

    def take_derived(self, parts: Mapping[str, Rows]) -> None:
        """Put rows that were derived elsewhere, by policy, in the place of those held (`harvest.corpus.derived_rows`).

        Raises CorpusError where they were not derived from this corpus.
        """
        with self.transaction() as conn:
            for policy, rows in parts.items():
                replace_derived(conn, policy, rows)
            self._forget()

    def recompute(self, policy_id: int) -> None:
        """Make a policy's versions, transitions and lineages follow from its captures once more."""
        with self.transaction():
            self._recompute(policy_id)

    # --- within ----------------------------------------------------------------------------------------------

    def _recompute(self, policy_id: int) -> None:
        self._forget_structures()
        store_history.recompute(self.conn, policy_id, self._history)

    def _bring_up_to_date(self, policy_id: int) -> None:
        """Have a policy of which texts were made by other rules made anew: theirs must not stand beside ours.

        Asked once for each policy a writer comes to, for the answer is in every text of it.
        """
        if self._known.up_to_date != policy_id:
            if store_rebuild.is_outdated(self.conn, policy_id, NORMALISER):
                self._rewrite(policy_id)
            self._known.up_to_date = policy_id

    def _forget_structures(self) -> None:
        texts, sections = self._known.restructured_texts, self._known.restructured_sections
        store_history.forget_structures(self.conn, self._history, texts=texts, sections=sections)
        texts.clear()
        sections.clear()

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

    def _rewrite(self, policy_id: int, fresh: Iterable[Reading] | None = None) -> None:
        """Re-derive a policy from *fresh* readings, or from its stored bodies. Call in a transaction."""
        if fresh is None:
            fresh = next(store_rebuild.readings(self.conn, [policy_id], Serial()))[1]
        store_rebuild.rewrite_policy(
            self.conn, policy_id, fresh, normaliser=NORMALISER, known=self._known, history=self._history
        )

    def _stamp_normaliser(self) -> None:
        if self.get_meta("normaliser") == "":
            self.set_meta("normaliser", NORMALISER)
