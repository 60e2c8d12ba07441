"""What people decided of a corpus: words on captures and addresses, taking down and lifting; history follows each."""

from __future__ import annotations

from harvest.corpus import store_forget
from harvest.corpus.store_forget import Removed
from harvest.corpus.store_journal import merge_indexes
from harvest.corpus.store_judgements import ONE_POLICY, Judgement, record_judgement, take_url, undo_judgement
from harvest.corpus.store_upkeep import Upkeep
from harvest.errors import LockedCorpus


class Decisions(Upkeep):
    """The part of `Store` that records what people say, and undoes it."""

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
            self._drop_caches()
            for policy_id in removed.touched:
                self._rewrite(policy_id)
            merge_indexes(conn)
            self._drop_caches()
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
