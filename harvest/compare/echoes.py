"""What was added and says again what the text says elsewhere: an announced edition above the one in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace

from harvest.compare.candidates import likely_pairs
from harvest.compare.tiers import Verdict, tier_of_share
from harvest.compare.tokens import count_words
from harvest.compare.units import Side, Unit, Work, common
from harvest.model import Clause, Tier

# A clause of fewer words recurs by chance ("Learn more", "Contact us"): the number that moves are claimed of.
_WORDS = 8
# Equal clauses before clauses that are only alike are looked for: one or two are boilerplate, not an edition.
_EDITION = 3
_ALIKE = 0.7  # share of the words of a clause that must stand in one that stayed
_MOST = 0.5  # of the words of a change; where less is said again, it is new


class Echoes:
    """For one side of an alignment: how many words of a clause that came (or went) stand in one that stayed."""

    def __init__(self, side: Side, told: Set[int], work: Work) -> None:
        self._words: dict[int, int] = {}
        self._headings: set[str] = set()
        free = [unit for unit in side.units if unit.index not in told and unit.words >= _WORDS]
        if not free:
            return
        told_units = [unit for unit in side.units if unit.index in told]
        kept = {clause.text: clause for unit in told_units for clause in _clauses(side, unit)}
        self._words = {unit.index: unit.words for unit in free if unit.text in kept}
        if len(self._words) >= _EDITION:
            if other := [unit for unit in free if unit.index not in self._words]:
                self._find_alike(other, kept, side, work)
            self._headings = {side.sections[unit.section].heading for unit in told_units}

    def _find_alike(self, free: Sequence[Unit], kept: Mapping[str, Clause | Unit], side: Side, work: Work) -> None:
        units = [
            clause if isinstance(clause, Unit) else Unit(-1, -1, -1, -1, text, text, side.vocabulary)
            for text, clause in kept.items()
            if count_words(text) >= _WORDS
        ]
        for u, v in likely_pairs(free, units):
            if u.symbols and work.afford(len(u.symbols), len(v.symbols)):
                share = common(u.symbols, v.symbols) / len(u.symbols)
                if share >= _ALIKE:
                    self._words[u.index] = max(self._words.get(u.index, 0), round(share * u.words))

    def of(self, units: Sequence[Unit], heading: str = "") -> int:
        """Return how many words of a heading and clauses stand elsewhere in the text, in a place that stayed."""
        known = count_words(heading) if heading in self._headings else 0
        return known + sum(self._words.get(unit.index, 0) for unit in units)


def _clauses(side: Side, unit: Unit) -> Sequence[Clause | Unit]:
    return side.sections[unit.section].clauses if unit.size > 1 else [unit]


def say_echo(verdict: Verdict, repeated: int) -> Verdict:
    """Return the verdict of what came or went whole, judged by what is new in it where most of it is said again."""
    words = verdict.words_added + verdict.words_removed
    if verdict.tier is not Tier.REWRITE or repeated < _MOST * words or not words:
        return verdict
    new = max(0, words - repeated)
    says = f"{verdict.reason}; the text has {'all' if not new else repeated} of them elsewhere as well"
    tier = tier_of_share(new / words) if new else Tier.ORDER
    return replace(verdict, tier=tier, reason=says, repeated=min(repeated, words))
