"""The ages of words as the page of them shows them: clause by clause, each run of words with when it came. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from harvest.compare.blame import WordRun
from harvest.corpus.queries_blame import WordBlame
from harvest.corpus.queries_model import Bounds, Version


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
    """A clause (or heading) with when it came in any wording, the versions that edited it, and its runs."""

    since: Bounds
    version: Version
    edits: tuple[Version, ...]
    runs: tuple[Run, ...]


def ages_of(found: WordBlame) -> tuple[Mapping[tuple[int, int], Aged], Mapping[int, tuple[Run, ...]]]:
    """Return the ages of clauses by section and place, and those of the words of headings by section."""
    clauses = {
        (each.section, each.clause): Aged(
            found.since(each.came),
            found.line[each.came.since],
            tuple(found.line[index] for index in each.edited),
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
