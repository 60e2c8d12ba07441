"""Keeping a corpus: what people say of it, taking down, joining, checking, handing on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harvest.corpus.audit import Audit
    from harvest.corpus.queries_judgements import RecordedJudgement
    from harvest.corpus.store import Store
    from harvest.corpus.store_forget import Removed
    from harvest.corpus.store_merge import Merged
    from harvest.corpus.verify import Verification
    from harvest.exchange.exports import Exported


def mark(corpus: Store, verdict: str, subjects: str | Sequence[str], *, by: str = "", why: str = "") -> list[str]:
    """Say what only a person can see, as ``harvest mark``; history follows, and every rebuild keeps it.

    *verdict*: ``off-topic`` or ``on-topic`` of captures (``URL@TIMESTAMP``), ``one-policy`` of a policy and then
    addresses, ``not-policy`` of addresses, ``note`` with *why* of anything. Returns a line for each word recorded.
    """
    from harvest import marking

    return marking.mark(corpus, verdict, [subjects] if isinstance(subjects, str) else subjects, by=by, why=why)


def forget(corpus: Store, subject: str, *, why: str, by: str = "") -> Removed:
    """Take a site, a URL or a capture down and keep it from coming back, as ``harvest forget``.

    No byte of it stays in the file; the note of what was taken down, by whom and *why* does.
    """
    from harvest import marking

    return marking.forget(corpus, subject, by=by, why=why)[2]


def judgements(corpus: Store, site: str = "") -> tuple[RecordedJudgement, ...]:
    """Return what people said of captures and addresses of a site ('': of all), oldest first; what was undone too."""
    from harvest.corpus.queries_judgements import judgements as read

    return read(corpus.conn, site)


def undo(corpus: Store, judgement_id: int, *, by: str = "") -> None:
    """Take a judgement back, as ``harvest mark --undo``; history follows. Raises HarvestError for one that is none."""
    corpus.undo_judgement(judgement_id, by=by)


def lift(corpus: Store, subject: str, *, by: str = "") -> None:
    """Let what was taken down be harvested again, as ``harvest forget --undo``. Raises UnknownTarget where none was."""
    from harvest import marking

    marking.lift(corpus, subject, by=by)


def merge(corpus: Store, other: str | Path) -> Merged:
    """Join another corpus into this one; the other is only read. Raises CorpusError where they do not go together."""
    return corpus.merge(Path(other))


def build(corpus: Store, *, workers: int | None = 1) -> int:
    """Derive everything again from the stored bodies, as ``harvest build``; return how many policies there are."""
    from harvest.engine import open_engine

    with open_engine(workers) as engine:
        corpus.rebuild(engine=engine)
    return len(corpus.policy_ids())


def audit(corpus: Store) -> Audit:
    """Check that the ledger of captures balances; ``findings`` is empty where it does."""
    from harvest.corpus.audit import audit as check

    return check(corpus.conn)


def verify(corpus: Store, *, workers: int | None = 1) -> Verification:
    """Check every checksum and every derived row; ``problems`` is empty where all is well. Changes nothing."""
    from harvest.corpus.verify import verify as check
    from harvest.engine import open_engine

    with open_engine(workers) as engine:
        return check(corpus.conn, engine=engine)


def export(
    corpus: Store,
    folder: str | Path,
    *,
    form: str = "princeton-leuven",
    sites: str | Sequence[str] = (),
    sample: int | None = None,
    seed: int = 0,
    diff: tuple[str, str] | None = None,
) -> Exported:
    """Write the corpus in another format into *folder*, as ``harvest export``.

    *form* is what ``--format`` takes; *sites* are ``SITE`` or ``SITE/KIND``, none for all; *diff*, two of
    ``SITE@DATE``, belongs to ``bundle``.
    """
    from harvest.exchange.exports import export as write

    chosen = [sites] if isinstance(sites, str) else sites
    return write(corpus.conn, Path(folder), form=form, sites=chosen, sample=sample, seed=seed, diff=diff)
