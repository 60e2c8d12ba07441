"""One line of a diff: the texts of paired clauses compared, judged and made a Change."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import zip_longest

from harvest.compare.furniture import folded_away, is_menu, is_too_long
from harvest.compare.holes import Holes, holes_of
from harvest.compare.hunks import Hunk, exact_hunks
from harvest.compare.made import is_caption
from harvest.compare.menus import HEADING, Place, longest_repeat
from harvest.compare.ops import ops_of
from harvest.compare.pairing import Alignment, Group
from harvest.compare.tiers import Verdict, judge_menu, judge_words, say_noise
from harvest.compare.tokens import count_words, tokenise
from harvest.compare.units import JOINT, Unit
from harvest.compare.words import diff_words
from harvest.model import Change, ClauseRef, Op, Same, Section, Tier

NO_CHANGE = Verdict(Tier.TYPOGRAPHY, "", 0, 0)
# Kinds in which the words of a heading count beside those of the clauses.
_WITH_HEADING = frozenset({"heading-renamed", "section-added", "section-removed"})
_WHOLE_LINK = re.compile(r"\[[^\]]*\]\(([^()\s?#]+)[^()\s]*\)")  # its place, without what is asked of it
_TARGET = re.compile(r"\]\(([^()\s]*(?:\([^()\s]*\)[^()\s]*)*)\)")  # one level of brackets inside


@dataclass(frozen=True, slots=True)
class Compared:
    """Both texts of a change with their ops and the judgement of them; None and () where there is no text."""

    before: str | None
    after: str | None
    ops: tuple[Op, ...]
    verdict: Verdict

    @property
    def differs(self) -> bool:
        """Return whether any op is a change, or would be: ops rebuild both texts exactly."""
        return self.before != self.after


class Maker:
    """Makes the changes of one alignment.

    *coarse* counts, by reason, the changes whose texts are shown whole; *sentences* those shown so inside others;
    *repeated* the words that came or went and stand elsewhere as well. *brief*: what is only shown is left out (ops,
    links, what stayed), for whoever keeps changes by their clauses.
    """

    def __init__(self, alignment: Alignment, *, brief: bool = False) -> None:
        self.brief = brief
        self.coarse: Counter[str] = Counter()
        self.sentences = 0
        self.repeated = 0
        a, b = alignment.a.sections, alignment.b.sections
        self._after = b
        self._both = a, b
        self._longest = longest_repeat(a), longest_repeat(b)
        self._aside: dict[bool, frozenset[Place]] = {}
        self._alignment = alignment
        self._mates = dict(alignment.sections)
        self.headings_a = [show_heading(section) for section in a]
        self.headings_b = [show_heading(section) for section in b]
        self.numbers = {a[i].number.lower(): b[j].number.lower() for i, j in alignment.sections if a[i].number}

    def compare_clauses(self, units_a: Sequence[Unit], units_b: Sequence[Unit]) -> Compared:
        """Compare clauses that became clauses. The same words with other links are shown with their targets."""
        before, after = join_texts(units_a), join_texts(units_b)
        if before != after:
            found = self.compare_texts(before, after, links_differ=links_of(units_a) != links_of(units_b))
            if not found.verdict.tier.is_noise and _is_label_of_link(units_a, units_b):
                return replace(found, verdict=Verdict(Tier.LINKS, "the label of a link only", 0, 0))
            if not found.verdict.tier.is_noise and is_caption(before, after):
                return replace(found, verdict=Verdict(Tier.LINKS, "the name of a picture only", 0, 0))
            if found.verdict.tier.is_noise or not (
                all(is_menu(unit.markdown) for unit in (*units_a, *units_b))
                or (self.is_furniture(units_a, after=False) and self.is_furniture(units_b, after=True))
            ):
                return found
            return replace(found, verdict=judge_menu())
        before, after = JOINT.join(u.markdown for u in units_a), JOINT.join(u.markdown for u in units_b)
        ops = () if self.brief else ops_of(diff_words(tokenise(before), tokenise(after)))
        return Compared(before, after, ops, Verdict(Tier.LINKS, say_noise([Tier.LINKS]), 0, 0))

    def compare_texts(self, before: str, after: str, *, links_differ: bool = False) -> Compared:
        """Compare two texts word by word and judge the difference."""
        diff = diff_words(tokenise(before), tokenise(after))
        verdict = judge_words(diff, numbers=self.numbers, links_differ=links_differ, holes=self.holes)
        if diff.coarse:
            self.coarse[diff.coarse] += 1
        self.sentences += diff.sentences
        return Compared(before, after, () if self.brief else ops_of(diff), verdict)

    @cached_property
    def holes(self) -> Holes:
        """What the clauses that changed show of links whose words are lacking."""
        a, b = self._alignment.a.units, self._alignment.b.units
        groups = [group for group in self._alignment.groups if _differ(group, a, b)]
        return holes_of([([a[n] for n in group.a], [b[n] for n in group.b]) for group in groups])

    def is_furniture(self, units: Sequence[Unit], *, after: bool, heading: int | None = None) -> bool:
        """Return whether clauses of one side, and the heading of a section with them, are furniture of the page."""
        sections = self._both[after]
        if any(unit.size > 1 or is_too_long(unit.text, unit.words, self._longest[after]) for unit in units):
            return False  # most of what is edited: the page is not looked at
        if after not in self._aside:
            self._aside[after] = folded_away(sections)
        aside = self._aside[after]
        if heading is not None and (heading, HEADING) not in aside:
            return False
        return all((unit.section, unit.clause) in aside for unit in units)

    def is_inside(self, u: Unit, v: Unit) -> bool:
        """Return whether clauses of both sides stand in one and the same section."""
        return self._mates.get(u.section) == v.section

    def unchanged(self, u: Unit, v: Unit) -> Same:
        """Return the run of clauses, mostly one, that stayed as and where they were."""
        texts = (v.text,) if v.size == 1 else tuple([clause.text for clause in self._after[v.section].clauses])
        headings = self.headings_a[u.section], self.headings_b[v.section]
        return Same(u.section, v.section, u.clause, v.clause, *headings, texts)

    def change(
        self,
        kind: str,
        compared: Compared,
        *,
        i: int | None,
        j: int | None,
        units_a: Sequence[Unit] = (),
        units_b: Sequence[Unit] = (),
    ) -> Change:
        """Return the change of this kind between section *i* before and *j* after (None: on one side only)."""
        verdict = compared.verdict
        self.repeated += verdict.repeated
        heading_before = "" if i is None else self.headings_a[i]
        heading_after = "" if j is None else self.headings_b[j]
        share, changed = verdict.share, verdict.words_added + verdict.words_removed
        if share is None and changed:
            total = count_words(compared.before or "") + count_words(compared.after or "")
            if kind in _WITH_HEADING:
                total += count_words(heading_before) + count_words(heading_after)
            share = changed / max(total, changed)
        return Change(
            kind=kind,
            tier=None if kind == "same" else verdict.tier,
            reason=verdict.reason,
            before_section=i,
            after_section=j,
            heading_before=heading_before,
            heading_after=heading_after,
            before=compared.before,
            after=compared.after,
            ops=() if self.brief else compared.ops,
            before_clauses=_references(units_a),
            after_clauses=_references(units_b),
            words_added=verdict.words_added,
            words_removed=verdict.words_removed,
            similarity=round(1 - share, 4) if share else 1.0,
            links=_changed_links(links_of(units_a), links_of(units_b))
            if units_a and units_b and not self.brief
            else (),
        )


def show_heading(section: Section) -> str:
    """Return a heading as a reader sees it, number included.

    >>> show_heading(Section(2, "3", "Cookies", "atx", 1.0, ()))
    '3. Cookies'
    """
    number = section.number
    if not number:
        return section.heading
    return f"{number}. {section.heading}" if number.isalnum() else f"{number} {section.heading}"


_BEGINNING = 6  # words by which a reader finds a clause again


def beginning(text: str) -> str:
    """Return the first words of a clause, by which a reader finds it again."""
    words = text.split(maxsplit=_BEGINNING)
    return " ".join(words[:_BEGINNING])[:80] + (" …" if len(words) > _BEGINNING else "")


def _references(units: Sequence[Unit]) -> tuple[ClauseRef, ...]:
    return tuple([ClauseRef(u.section, u.clause + n) for u in units for n in range(u.size)])


def _is_label_of_link(units_a: Sequence[Unit], units_b: Sequence[Unit]) -> bool:
    """True where a line is a link and nothing else on both sides, to one place, and its label only begins the other."""
    if len(units_a) != 1 or len(units_b) != 1:
        return False
    shorter, longer = sorted((units_a[0].text, units_b[0].text), key=len)
    one, other = (_WHOLE_LINK.fullmatch(unit.markdown) for unit in (units_a[0], units_b[0]))
    return one is not None and other is not None and one[1] == other[1] and longer.startswith(shorter)


def _differ(group: Group, a: Sequence[Unit], b: Sequence[Unit]) -> bool:
    return len(group.a) != 1 or len(group.b) != 1 or a[group.a[0]].text != b[group.b[0]].text


def join_texts(units: Sequence[Unit]) -> str:
    """Return the texts of clauses joined by a blank line."""
    return JOINT.join(unit.text for unit in units)


def _changed_links(before: Sequence[str], after: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return targets that gave way to others, in order; '' where one came or went alone."""
    changed: list[tuple[str, str]] = []
    if before != after:
        for hunk in exact_hunks(before, after, Hunk(0, len(before), 0, len(after))):
            changed += zip_longest(before[hunk.a0 : hunk.a1], after[hunk.b0 : hunk.b1], fillvalue="")
    return tuple(changed)


def links_of(units: Sequence[Unit]) -> list[str]:
    """Return where the links of clauses point, in order."""
    return [target for u in units if u.markdown != u.text for target in _TARGET.findall(u.markdown)]
