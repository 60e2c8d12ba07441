"""The ages of words as the page of them shows them: clause by clause, each run of words with when it came. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from harvest.compare.blame import WordRun
from harvest.corpus.queries_blame import WordBlame
from harvest.corpus.queries_model import Bounds, Version
from harvest.model import Clause
from harvest.web.parts import Weigh, bytes_of

#: A clause that states a date is edited with every version: nobody reads a list of a thousand.
_NEWEST = 20


@dataclass(frozen=True, slots=True)
class Run:
    """Words that came together. *original*: they are as old as their clause. *earlier*: stays before a removal."""

    text: str
    since: Bounds
    version: Version
    original: bool
    earlier: tuple[Bounds, ...]

    @property
    def words(self) -> str:
        """The text without the white space it ends with."""
        return self.text.rstrip()

    @property
    def space(self) -> str:
        """The white space it ends with: outside of the line under the words, after the year."""
        return self.text[len(self.words) :]


@dataclass(frozen=True, slots=True)
class Aged:
    """A clause with when it came in any wording, how often it was edited, the newest editors, and its runs."""

    since: Bounds
    version: Version
    edited: int
    edits: tuple[Version, ...]
    runs: tuple[Run, ...]


def ages_of(found: WordBlame) -> tuple[Mapping[tuple[int, int], Aged], Mapping[int, tuple[Run, ...]]]:
    """Return the ages of clauses by section and place, and those of the words of headings by section."""
    clauses = {
        (each.section, each.clause): Aged(
            found.since(each.came),
            found.line[each.came.since],
            len(each.edited),
            tuple(found.line[index] for index in reversed(each.edited[-_NEWEST:])),
            tuple(_run(found, run, each.came.since) for run in each.runs),
        )
        for each in found.blame.clauses
    }
    headings = {
        each.section: tuple(_run(found, run, min(run.stay.since for run in each.runs)) for run in each.runs)
        for each in found.blame.headings
        if each.runs
    }
    return clauses, headings


def _run(found: WordBlame, run: WordRun, origin: int) -> Run:
    stay = run.stay
    return Run(run.text, found.since(stay), found.line[stay.since], stay.since == origin, found.earlier(stay))


def weigh(section: int, place: int, clause: Clause) -> int:
    """Return about how many bytes a clause takes with its age beside it."""
    return bytes_of(clause.text) + 480


def weighing(ages: Mapping[tuple[int, int], Aged]) -> Weigh:
    """Return how to weigh clauses whose words carry their ages: a run takes some 470 bytes, an edit 330."""

    def weigh_words(section: int, place: int, clause: Clause) -> int:
        aged = ages.get((section, place))
        extra = sum(470 for run in aged.runs if not run.original) + 330 * len(aged.edits) if aged else 0
        return weigh(section, place, clause) + extra

    return weigh_words
