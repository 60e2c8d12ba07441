"""Keeping what is derived in step with what is recorded: histories, and texts made by other rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress

from harvest.corpus import store_bulk, store_history, store_rebuild, store_settle
from harvest.corpus.comparing import Links
from harvest.corpus.derived_columns import Rows
from harvest.corpus.derived_rows import replace_derived
from harvest.corpus.half_year_counts import keep_counts
from harvest.corpus.normaliser import NORMALISER
from harvest.corpus.reading import Reading
from harvest.corpus.rules import rules_digest
from harvest.corpus.store_journal import Journal
from harvest.corpus.store_known import Met
from harvest.corpus.store_rebuild import TransitionChanges, TransitionKey
from harvest.corpus.store_settle import Settling
from harvest.engine import Engine, Serial


class _Undone(Exception):
    """Rolls a transaction back on purpose."""


class Upkeep(Journal):
    """The part of `Store` that derives: texts from bodies, histories from captures."""

    def policy_ids(self) -> list[int]:
        """Return the ids of all policies."""
        return [int(row[0]) for row in self.conn.execute("SELECT id FROM policies ORDER BY id")]

    def settle(self, *, engine: Engine | None = None, on_policy: Callable[[int], None] | None = None) -> int:
        """Make the history of every policy with new captures follow; return how many there were. *engine* compares.

        One transaction a policy, more for one of many versions; killed, it is simply called again and goes on.
        """
        policy_ids = store_bulk.unsettled(self.conn)
        for settling in store_settle.compared(self.conn, policy_ids, engine or Serial()):
            links: dict[tuple[str, str], Links] = {}
            for ready, is_last in store_settle.batches(settling.windows):
                with self.transaction() as conn:
                    self._note_rules()
                    # another process may have written since: then what was found out elsewhere does not count
                    holds = store_settle.data_version(conn) == settling.seen
                    if holds:
                        store_settle.write_diffs(conn, settling, ready)
                        links |= ready.links
                    if is_last:
                        self._settle_one(settling, links) if holds else self._settle_anew(settling.policy_id)
            if on_policy is not None:
                on_policy(settling.policy_id)
        with self.transaction() as conn:
            keep_counts(conn)
        return len(policy_ids)

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

        Where only the reading of pages has changed since the corpus was derived, texts that are as they were are not
        compared again. Who rebuilds by the very rules of the corpus wants all of it made anew.
        """
        engine = engine or Serial()
        policy_ids = [policy_id] if policy_id is not None else self.policy_ids()
        keep = policy_id is None and self._histories_hold()
        if policy_id is None:
            self.begin_rebuild()
        for one, fresh in store_rebuild.readings(self.conn, policy_ids, engine):
            with self.transaction() as conn:
                store_rebuild.rewrite_texts(conn, one, fresh, normaliser=NORMALISER, known=self._known, keep=keep)
                follows = store_bulk.is_settled(conn, one)
            if follows and on_policy is not None:
                on_policy(one)
        self._history.clear()
        self.settle(engine=engine, on_policy=on_policy)
        if policy_id is None:
            self.end_rebuild()

    def begin_rebuild(self) -> None:
        """Take no clause as it is held until today's rules have given it: all policies are derived again."""
        self._known.met = Met()

    def end_rebuild(self) -> None:
        """Note that all policies follow from the rules of this program, and drop what only older ones led to."""
        self._known.met = None
        self.drop_unused()
        with self.transaction() as conn:
            self._stamp()
            keep_counts(conn)

    def preview(self, policy_id: int | None = None, *, engine: Engine | None = None) -> TransitionChanges:
        """Return which transitions of one policy, or of all, `rebuild` would make appear or vanish. Keeps nothing."""
        policy_ids = [policy_id] if policy_id is not None else self.policy_ids()
        appear: list[TransitionKey] = []
        vanish: list[TransitionKey] = []
        for one, fresh in store_rebuild.readings(self.conn, policy_ids, engine or Serial()):
            before = store_rebuild.transition_keys(self.conn, one)
            with suppress(_Undone), self.transaction():
                self._rewrite(one, fresh)
                after = store_rebuild.transition_keys(self.conn, one)
                appear += after - before
                vanish += before - after
                raise _Undone
        return TransitionChanges(tuple(sorted(appear)), tuple(sorted(vanish)))

    def take_derived(self, parts: Mapping[str, Rows]) -> None:
        """Put rows that were derived elsewhere, by policy, in the place of those held (`harvest.corpus.derived_rows`).

        Raises CorpusError where they were not derived from this corpus.
        """
        with self.transaction() as conn:
            for policy, rows in parts.items():
                replace_derived(conn, policy, rows, self._known.met)
            self._note_rules()
            self._drop_caches()

    def recompute(self, policy_id: int) -> None:
        """Make a policy's versions, transitions and lineages follow from its captures once more."""
        with self.transaction():
            self._recompute(policy_id)

    def catch_up(self, policy_id: int) -> None:
        """Make the history of a policy follow if it does not yet: what was recorded without, or by a killed run."""
        if policy_id in store_bulk.unsettled(self.conn):
            self.recompute(policy_id)

    # --- within ----------------------------------------------------------------------------------------------

    def _histories_hold(self) -> bool:
        """True where the corpus was read by an older normaliser, and all else in it is what the rules of today make."""
        made_by = self.get_meta("normaliser")
        return made_by not in ("", NORMALISER) and self.get_meta("rules") == f"{made_by} {rules_digest()}"

    def _note_rules(self) -> None:
        """Note that histories of these rules stand beside others, if they do: none is kept by `rebuild` then."""
        held = self.get_meta("rules")
        if held and held.partition(" ")[2] != rules_digest():
            self.set_meta("rules", "")

    def _stamp(self) -> None:
        self.set_meta("normaliser", NORMALISER)
        # not of the sample: the one that the repository carries would change with every rule
        rules = f"{NORMALISER} {rules_digest()}" if rules_digest() and not self.is_sample else ""
        if rules != self.get_meta("rules"):
            self.set_meta("rules", rules)

    def _settle_one(self, settling: Settling, links: Mapping[tuple[str, str], Links]) -> None:
        policy_id = settling.policy_id
        store_history.recompute(self.conn, policy_id, settling.cache, derived=settling.derived, links=links)
        self._settled(policy_id)

    def _settle_anew(self, policy_id: int) -> None:
        self._history.clear()
        store_history.recompute(self.conn, policy_id, self._history)
        self._settled(policy_id)

    def _settled(self, policy_id: int) -> None:
        store_rebuild.sweep(self.conn, policy_id)
        self._history.clear()

    def _recompute(self, policy_id: int) -> None:
        self._note_rules()
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

    def _rewrite(self, policy_id: int, fresh: Iterable[Reading] | None = None) -> None:
        """Re-derive a policy from *fresh* readings, or from its stored bodies. Call in a transaction."""
        self._note_rules()
        if fresh is None:
            fresh = next(store_rebuild.readings(self.conn, [policy_id], Serial()))[1]
        store_rebuild.rewrite_policy(
            self.conn, policy_id, fresh, normaliser=NORMALISER, known=self._known, history=self._history
        )

    def _stamp_normaliser(self) -> None:
        if self.get_meta("normaliser") == "":
            self._stamp()
