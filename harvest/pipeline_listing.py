"""Listings one ahead: the index answers for the next address while the pages of this one are fetched.

An index allows few requests a minute and is never asked two things at once; pages have a limit of their own. Taken
in turn, a thousand policies of twenty captures take the sum of both times; this way they take the longer one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from harvest.archive import Archive, ArchiveInFront
from harvest.clock import Clock
from harvest.model import Listing
from harvest.pipeline_fetch import Crew


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of an index: the captures of *url* from *since* to *until*."""

    url: str
    since: datetime | None
    until: datetime | None


class ListingAhead(ArchiveInFront):
    """An archive that is asked for the next of *questions* as soon as one of them is answered.

    A question that is not the next one waits for what is under way, and is asked by itself.
    """

    def __init__(self, archive: Archive, clock: Clock, questions: Sequence[Question]) -> None:
        super().__init__(archive)
        self._rest = list(reversed(questions))
        self._crew: Crew[Question, Listing] = Crew(self._ask, clock, until_taken=False)
        self._under_way: Question | None = None
        self._early: tuple[Question, Listing | BaseException] | None = None

    def list_captures(self, url: str, *, since: datetime | None = None, until: datetime | None = None) -> Listing:
        """As the archive does, sooner."""
        question = Question(url, since, until)
        if self._under_way is not None:
            self._early = (self._under_way, self._crew.take()[1])
            self._under_way = None
        if self._early is not None and self._early[0] == question:
            found = self._early[1]
            self._early = None
        else:
            if self._rest and self._rest[-1] == question:
                self._rest.pop()
            found = self._ask(question)
        if isinstance(found, BaseException):
            raise found
        self._start_next()
        return found

    def close(self) -> None:
        """Let a listing under way end unseen. The archive stays open: it is its opener's."""
        self._crew.close()

    def _ask(self, question: Question) -> Listing:
        return self._archive.list_captures(question.url, since=question.since, until=question.until)

    def _start_next(self) -> None:
        if self._early is None and self._rest:
            self._under_way = self._rest.pop()
            self._crew.start(0, self._under_way)
