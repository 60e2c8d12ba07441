"""What blame says: since when words, clauses and headings are there. Texts of the history are counted from 0."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stay:
    """Since which text something is there without a break, and when it had been there before.

    *since* 0 means: as far back as was looked. *earlier* holds the stays that ended, oldest first, each as (the text
    that brought it, the first text without it).
    """

    since: int
    earlier: tuple[tuple[int, int], ...] = ()

    @property
    def first(self) -> int:
        """The text that first had it."""
        return self.earlier[0][0] if self.earlier else self.since


@dataclass(frozen=True, slots=True)
class WordRun:
    """Neighbouring words that came together; white space after them included."""

    text: str
    stay: Stay


@dataclass(frozen=True, slots=True)
class ClauseBlame:
    """A clause (indices of its section and of the clause in it) with its words; *runs* join to its text.

    *came*: when there first was this clause, whatever its wording; *edited*: the texts that changed words of it
    since, its marks and case aside.
    """

    section: int
    clause: int
    came: Stay
    edited: tuple[int, ...]
    runs: tuple[WordRun, ...]


@dataclass(frozen=True, slots=True)
class HeadingBlame:
    """The heading of a section, number included, with its words; *runs* join to it as it is shown."""

    section: int
    runs: tuple[WordRun, ...]


@dataclass(frozen=True, slots=True)
class TextBlame:
    """The last of *texts* texts, in reading order.

    *unsure* counts comparisons that were cut short by their bound: words may be older than is said.
    """

    clauses: tuple[ClauseBlame, ...]
    headings: tuple[HeadingBlame, ...]
    texts: int
    unsure: int
