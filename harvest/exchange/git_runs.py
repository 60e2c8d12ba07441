"""Runs of an archive's crawler at which it put down nearly every document anew: its rules changed, not the policies.

Who says so in a message is believed (`git_layouts.is_upgrade`); others do not say. A crawler that runs every day finds
few documents changed; where it finds nearly all of them changed within hours, and never else, it reads them otherwise.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

_HOUR_S = 3_600
_DAY_S = 24 * _HOUR_S
#: Commits this far apart are of two runs, and one that takes longer is none: somebody commits all day.
_PAUSE_S, _LONGEST_S = _HOUR_S, 6 * _HOUR_S
#: Documents an archive must hold for its runs to be compared.
_LEAST_DOCUMENTS = 20
#: Share of the documents that must have changed. In a crawl of 199 documents over eight years, three times a day, one
#: run had 96 %, the next 30 %; in another archive the two highest had 61 and 48 %: left to what each document tells.
_NEARLY_ALL = 0.8
#: Share of the runs before that may have had half as much: where many did, such runs are this archive's way.
_SELDOM = 0.01
#: Runs that must have been within so long before: after a pause of years everything has changed.
_RUNS_BEFORE, _LATELY_S = 10, 14 * _DAY_S

#: What a file was at a time: seconds since 1970, a number for the file, what its content is known by ('' for none).
Sight = tuple[int, int, str]


@dataclass(slots=True)
class _Run:
    """From the *first* second to the *last*: which of *held* documents *changed*, and how often some did."""

    first: int
    last: int
    held: int
    changed: set[int] = field(default_factory=set)
    times: int = 0

    @property
    def share(self) -> float:
        return len(self.changed) / self.held if self.held >= _LEAST_DOCUMENTS else 0.0


@dataclass(frozen=True, slots=True)
class Anew:
    """A run, by its first and last second, at which these documents *changed*, of so many *held*."""

    first: int
    last: int
    changed: frozenset[int]
    held: int


def runs_anew(sights: Iterable[Sight]) -> list[Anew]:
    """Return the runs at which nearly all documents changed at once. *sights* in order of time.

    Only what was before a run tells: a history that grows says the same of it again.
    """
    found = []
    before: deque[_Run] = deque(maxlen=_RUNS_BEFORE)
    many = usual = 0  # runs so far that could have been such, and those that had half of it
    for run in _runs(sights):
        if run.share >= _NEARLY_ALL and usual <= _SELDOM * many and _is_of_a_routine(run, before):
            found.append(Anew(run.first, run.last, frozenset(run.changed), run.held))
        many += run.held >= _LEAST_DOCUMENTS
        usual += run.share >= _NEARLY_ALL / 2
        before.append(run)
    return found


def _is_of_a_routine(run: _Run, before: Sequence[_Run]) -> bool:
    """Return whether a run came soon after others, was brief and saw each document once."""
    lately = len(before) == _RUNS_BEFORE and run.first - before[0].last <= _LATELY_S
    return lately and run.last - run.first <= _LONGEST_S and run.times == len(run.changed)


def _runs(sights: Iterable[Sight]) -> Iterator[_Run]:
    known: dict[int, str] = {}
    held = 0  # documents that are there
    run: _Run | None = None
    for at, document, content in sights:
        if run is None or at - run.last > _PAUSE_S:
            if run is not None:
                yield run
            run = _Run(at, at, held)
        run.last = at
        if content and known.get(document) and known[document] != content:
            run.changed.add(document)
            run.times += 1
        held += bool(content) - bool(known.get(document))
        known[document] = content
    if run is not None:
        yield run
