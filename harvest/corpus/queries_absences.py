"""When a policy was taken down and put back, as far as the captures tell."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from harvest.corpus.queries_model import Absence, CaptureMark
from harvest.model import Outcome

#: What shows that the policy is not there. A refusal, a wall or a shell says nothing about it.
_GONE = frozenset({Outcome.ERROR_PAGE, Outcome.OFF_TOPIC})
#: One error is a hiccup of the server: a policy is gone when two captures this far apart, and all between, say so.
_GONE_FOR = timedelta(days=1)


def find_absences(marks: Sequence[CaptureMark]) -> tuple[Absence, ...]:
    """Return the stretches in which a policy was not there. *marks* by time; what tells nothing is passed over.

    A policy never seen before cannot be taken down: errors before its first text are none of its events.
    """
    found: list[Absence] = []
    seen: CaptureMark | None = None
    gone: list[CaptureMark] = []
    for mark in marks:
        if mark.version is not None:
            found += _absence(seen, gone, mark)
            seen, gone = mark, []
        elif mark.outcome in _GONE:
            gone.append(mark)
    return (*found, *_absence(seen, gone, None))


def _absence(seen: CaptureMark | None, gone: Sequence[CaptureMark], back: CaptureMark | None) -> list[Absence]:
    if seen is None or seen.version is None or not gone or _length(gone) < _GONE_FOR:
        return []
    return [
        Absence(
            last_seen=seen.captured_at,
            gone_by=gone[0].captured_at,
            last_gone=gone[-1].captured_at,
            back_by=back.captured_at if back else None,
            captures=len(gone),
            outcomes=tuple(sorted({mark.outcome for mark in gone})),
            before=seen.version,
            after=back.version if back else None,
        )
    ]


def _length(gone: Sequence[CaptureMark]) -> timedelta:
    first: datetime = gone[0].captured_at
    return gone[-1].captured_at - first
