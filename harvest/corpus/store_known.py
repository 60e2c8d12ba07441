"""What a writer remembers of the rows it wrote, and, while pages are read anew, which are as today's rules make them.

What was held when a policy is read anew is doubtful until a reading gives the same: then it stays as it is. The first
reading of a text or section need not be the best one, so those that are worse than what is held wait meanwhile: of
5,079 sections read again by the same rules 82 first came worse than they were held (a sixth of ToSBack2).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from harvest.corpus.likeness import WholeRows
from harvest.corpus.prepared import PreparedSection, PreparedText

#: About 20 MB of clause texts; a policy of 2,000 versions has a few thousand clauses.
_KNOWN_CLAUSES = 50_000
#: So many readings may wait, some 10 MB: where rules give all texts another rank, half of them would.
_MOST_WAITING = 500


class Ranked(Protocol):
    """What has an order of preference; the smallest wins."""

    @property
    def rank(self) -> str: ...


Reading = TypeVar("Reading", bound=Ranked)


@dataclass(slots=True)
class Doubts(Generic[Reading]):
    """Rows of one table by their ids, and of those in doubt the best reading so far."""

    waiting: dict[int, Reading] = field(default_factory=dict)
    _certain: set[int] = field(default_factory=set)

    def about(self, row_id: int) -> bool:
        """Return whether no reading has shown yet that a row is as today's rules make it."""
        return row_id not in self._certain

    def meet(self, row_id: int, reading: Reading, held: str) -> None:
        """Take a reading in: one as good as what is *held* now ends the doubt, a worse one waits for such a one."""
        if reading.rank <= held:
            self._certain.add(row_id)
            self.waiting.pop(row_id, None)
        elif row_id not in self.waiting or reading.rank < self.waiting[row_id].rank:
            self.waiting[row_id] = reading

    def take(self) -> dict[int, Reading]:
        """Return what waits, to be written; no doubt is left about these rows."""
        taken, self.waiting = self.waiting, {}
        self._certain.update(taken)
        return taken


@dataclass(frozen=True, slots=True)
class Renewal:
    """What is doubtful of a policy while its pages are read anew."""

    texts: Doubts[PreparedText] = field(default_factory=Doubts)
    sections: Doubts[PreparedSection] = field(default_factory=Doubts)

    @property
    def is_full(self) -> bool:
        """Whether too much waits."""
        return len(self.texts.waiting) + len(self.sections.waiting) > _MOST_WAITING


@dataclass(frozen=True, slots=True)
class Met:
    """Ids that came up while the whole corpus is derived again, a byte each: half a megabyte for 114,000 versions."""

    _marks: bytearray = field(default_factory=bytearray)

    def is_first(self, row_id: int) -> bool:
        """Note an id; return whether it had not come up."""
        if row_id >= len(self._marks):
            self._marks.extend(bytes(row_id + 1_000_000 - len(self._marks)))
        before, self._marks[row_id] = self._marks[row_id], 1
        return not before


@dataclass(slots=True)
class KnownRows:
    """Ids of rows already written, so that a run of similar pages costs few lookups. Dropped with a transaction."""

    clauses: dict[str, tuple[int, str, int]] = field(default_factory=dict)  # id, text, words
    sections: dict[tuple[int, str], tuple[int, str]] = field(default_factory=dict)
    restructured_texts: set[int] = field(default_factory=set)  # what was compared before must be compared again
    restructured_sections: set[int] = field(default_factory=set)
    whole: WholeRows = field(default_factory=WholeRows)
    up_to_date: int = 0  # the policy whose texts are known to be of this program's normaliser
    renewal: Renewal | None = None  # while a policy is read anew: what is held of it is doubtful
    met: Met | None = None  # clauses that today's rules gave, while all policies are derived again; outlives `clear`

    def keep_small(self) -> None:
        """Let go of ids when there are more than a few policies' worth."""
        if len(self.clauses) > _KNOWN_CLAUSES:
            self.clauses.clear()
            self.sections.clear()

    def clear(self) -> None:
        """Forget everything, for another process may have written."""
        self.clauses.clear()
        self.sections.clear()
        self.whole.clear()
        self.restructured_texts.clear()
        self.restructured_sections.clear()
        self.up_to_date = 0
        self.renewal = None
