"""Pages as they come → corpus, in transactions of some pages; history follows as a policy grows."""

from __future__ import annotations

from collections.abc import Iterator
from time import monotonic
from typing import TYPE_CHECKING

from harvest.errors import ArchiveError
from harvest.pipeline_steps import Handled

if TYPE_CHECKING:
    from harvest.corpus.store import Store

# A batch is one transaction: small enough that a kill loses little and memory stays flat.
_BATCH_PAGES = 60
_BATCH_BYTES = 24_000_000
_BATCH_S = 30.0
#: History follows when so much is new, measured by what it followed last. It costs 2 ms a version of the policy: after
#: each batch that is ten times the reading of 10,000 versions; this way all of it together costs three times the last.
_GROWN = 0.5


def record(store: Store, policy_id: int, pages: Iterator[Handled]) -> None:
    """Store pages of a policy as they come, and have its history follow: now and then, and at the end.

    Killed in between, the policy is noted as unsettled, and followed when anything is recorded of it again.
    """
    followed = waiting = 0
    try:
        for batch in batches(pages):
            waiting += len(batch)
            follow = waiting > _GROWN * followed
            store.record_pages(policy_id, batch, follow=follow)
            if follow:
                followed, waiting = followed + waiting, 0
    finally:
        store.catch_up(policy_id)


def batches(pages: Iterator[Handled]) -> Iterator[list[Handled]]:
    """Cut a stream of pages into transactions by number, bytes and time. What was fetched before trouble is kept."""
    batch: list[Handled] = []
    size, began = 0, monotonic()
    try:
        for item in pages:
            batch.append(item)
            size += len(item[1].body or b"")
            if len(batch) >= _BATCH_PAGES or size >= _BATCH_BYTES or monotonic() - began > _BATCH_S:
                yield batch
                batch, size, began = [], 0, monotonic()
    except (ArchiveError, KeyboardInterrupt):
        if batch:
            yield batch
        raise
    if batch:
        yield batch
