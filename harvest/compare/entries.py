"""An alignment → the lines of a diff, in reading order, each clause in exactly one of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from harvest.compare.ops import ops_of
from harvest.compare.order import heaviest_chain
from harvest.compare.pairing import Alignment, Group, Turned, moved_runs
from harvest.compare.tiers import Verdict, judge_whole, judge_words, say_noise
from harvest.compare.tokens import count_words, tokenise
from harvest.compare.units import Side, Unit
from harvest.compare.words import diff_words
from harvest.model import Change, ClauseRef, Op, Section, Tier

JOINT = "\n\n"  # between the clauses of one change
_Place = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class _Compared:
    before: str
    after: str
    ops: tuple[Op, ...]
    verdict: Verdict
    coarse: str


class Builder:
    """Turns one alignment into entries. *coarse* counts, by reason, the changes whose texts are shown whole."""

    def __init__(self, alignment: Alignment) -> None:
        self.alignment = alignment
        self.coarse: dict[str, int] = {}
        self._a, self._b = alignment.a, alignment.b
        self._headings_a = [show_heading(section) for section in self._a.sections]
        self._headings_b = [show_heading(section) for section in self._b.sections]
        self._numbers = {
            self._a.sections[i].number.lower(): self._b.sections[j].number.lower()
            for i, j in alignment.sections
            if self._a.sections[i].number
        }
        self._mate_a = dict(alignment.sections)
        self._mate_b = {j: i for i, j in alignment.sections}
        self._in_moved_section = frozenset(n for n, u in enumerate(self._a.units) if self._is_moved_section(u.section))
        self._grouped_a = {n for g in alignment.groups for n in g.a}
        self._grouped_b = {n for g in alignment.groups for n in g.b}
        self._turned_a = {i for t in alignment.turned for i in t.headings_a}
        self._turned_b = {j for t in alignment.turned for j in t.headings_b}
        self._grouped_a |= {n for t in alignment.turned for n in t.units_a}
        self._grouped_b |= {n for t in alignment.turned for n in t.units_b}
        self._group_a = {n: g for g in alignment.groups for n in g.a}
        self._group_b = {n: g for g in alignment.groups for n in g.b}
        self._anchors = self._find_anchors()

    def entries(self) -> list[Change]:
        """Return every change and every unchanged clause, in the order of the text after; what is gone stands
        where it was left."""
        placed: list[tuple[_Place, Change]] = []
        for i, j in self.alignment.sections:
            placed += self._heading_entries(i, j)
        placed += self._section_moves()
        placed += self._group_entries()
        placed += [self._turned_entry(turned) for turned in self.alignment.turned]
        placed += self._one_sided(self._a, self._grouped_a, self._mate_a, added=False)
        placed += self._one_sided(self._b, self._grouped_b, self._mate_b, added=True)
        placed.sort(key=lambda item: item[0])
        return [change for _, change in placed]

    # --- places ------------------------------------------------------------------------------------------------

    def _find_anchors(self) -> list[tuple[int, int]]:
        pairs = [
            (self._a.heading_place[i], self._b.heading_place[j])
            for i, j in self.alignment.sections
            if (i, j) not in self.alignment.moved_sections
        ]
        for group in self.alignment.groups:
            if group not in self.alignment.moved and group.a[0] not in self._in_moved_section:
                pairs.append((self._a.units[group.a[0]].place, self._b.units[group.b[0]].place))
        return heaviest_chain(pairs, lambda pair: 1.0)

    def _place_after(self, place: int) -> _Place:
        return place, 0, 0

    def _place_before(self, place: int) -> _Place:
        """Where something that is gone stood: behind what came before it and is still there."""
        low, high = 0, len(self._anchors)
        while low < high:
            middle = (low + high) // 2
            if self._anchors[middle][0] < place:
                low = middle + 1
            else:
                high = middle
        return (self._anchors[low - 1][1] if low else -1), 1, place

    def _is_moved_section(self, i: int) -> bool:
        return i in self._mate_a and (i, self._mate_a[i]) in self.alignment.moved_sections

    # --- headings and sections ---------------------------------------------------------------------------------

    def _heading_entries(self, i: int, j: int) -> list[tuple[_Place, Change]]:
        old, new = self._a.sections[i], self._b.sections[j]
        if (old.heading, old.number) == (new.heading, new.number):
            return []
        diff = diff_words(tokenise(old.heading), tokenise(new.heading))
        if old.heading == new.heading:
            kind, verdict = "heading-renumbered", Verdict(Tier.NUMBERING, _say_number(old, new), 0, 0)
        else:
            kind, verdict = "heading-renamed", judge_words(diff, numbers=self._numbers)
        change = self._change(kind, verdict, i, j, None, None, (), [], [])
        return [(self._place_after(self._b.heading_place[j]), change)]

    def _section_moves(self) -> list[tuple[_Place, Change]]:
        placed = []
        for run in moved_runs(self.alignment.moved_sections, self._b):
            i, j = run[0]
            texts_a, units_a = self._moved_texts(self._a, [pair[0] for pair in run], self._left_section)
            texts_b, units_b = self._moved_texts(self._b, [pair[1] for pair in run], self._came_from_elsewhere)
            compared = self._compare_texts(JOINT.join(texts_a), JOINT.join(texts_b), _links(units_a) != _links(units_b))
            verdict = _moved(compared.verdict, differ=any(op != "=" for op, _ in compared.ops))
            if len(run) > 1:
                verdict = replace(verdict, reason=f"{verdict.reason}; with {_count(len(run) - 1, 'subsection')}")
            change = self._change(
                "section-moved", verdict, i, j, compared.before, compared.after, compared.ops, units_a, units_b
            )
            placed.append((self._place_after(self._b.heading_place[j]), change))
        return placed

    def _moved_texts(
        self, side: Side, sections: Sequence[int], elsewhere: Callable[[Unit], bool]
    ) -> tuple[list[str], list[Unit]]:
        """Return the texts of a moved section (headings of its subsections included) and its clauses."""
        texts: list[str] = []
        units: list[Unit] = []
        for n, section in enumerate(sections):
            mine = [unit for unit in side.of_section[section] if not elsewhere(unit)]
            texts += ([show_heading(side.sections[section])] if n else []) + [unit.text for unit in mine]
            units += mine
        return texts, units

    def _left_section(self, unit: Unit) -> bool:
        group = self._group_a.get(unit.index)
        return group is not None and not self._is_moved_pair(group)

    def _came_from_elsewhere(self, unit: Unit) -> bool:
        group = self._group_b.get(unit.index)
        return group is not None and not self._is_moved_pair(group)

    def _is_moved_pair(self, group: Group) -> bool:
        pair = self._a.units[group.a[0]].section, self._b.units[group.b[0]].section
        return pair in self.alignment.moved_sections

    def _one_sided(
        self, side: Side, grouped: set[int], mate: dict[int, int], *, added: bool
    ) -> list[tuple[_Place, Change]]:
        """Entries for what stands on one side only."""
        place: Callable[[int], _Place] = self._place_after if added else self._place_before
        placed: list[tuple[_Place, Change]] = []
        for number, units in enumerate(side.of_section):
            if number in mate and self._in_move(number, added):
                continue
            free = [u for u in units if u.index not in grouped]
            heading = side.sections[number].heading
            if number not in mate and heading and number not in (self._turned_b if added else self._turned_a):
                kind = "section-added" if added else "section-removed"
                change = self._whole(kind, number, free, added=added, heading=heading)
                placed.append((place(side.heading_place[number]), change))
            else:
                for unit in free:
                    kind = "added" if added else "removed"
                    placed.append((place(unit.place), self._whole(kind, number, [unit], added=added, heading="")))
        return placed

    def _in_move(self, number: int, added: bool) -> bool:
        i = self._mate_b[number] if added else number
        return self._is_moved_section(i)

    def _whole(self, kind: str, number: int, units: Sequence[Unit], *, added: bool, heading: str) -> Change:
        text = JOINT.join(u.text for u in units)
        verdict = judge_whole(tokenise(f"{heading}{JOINT}{text}" if heading else text), added=added)
        shown = text if units else None
        ops: tuple[Op, ...] = ((("+" if added else "-"), text),) if text else ()
        if added:
            return self._change(kind, verdict, None, number, None, shown, ops, [], units)
        return self._change(kind, verdict, number, None, shown, None, ops, units, [])

    # --- clauses -----------------------------------------------------------------------------------------------

    def _group_entries(self) -> list[tuple[_Place, Change]]:
        placed = []
        for group in self.alignment.groups:
            i, j = self._a.units[group.a[0]].section, self._b.units[group.b[0]].section
            if (i, j) in self.alignment.moved_sections:
                continue
            place = self._place_after(self._b.units[group.b[0]].place)
            placed.append((place, self._group_change(group, i, j)))
        return placed

    def _group_change(self, group: Group, i: int, j: int) -> Change:
        units_a = [self._a.units[n] for n in group.a]
        units_b = [self._b.units[n] for n in group.b]
        moved = group in self.alignment.moved
        if len(units_a) == len(units_b) == 1 and units_a[0].markdown == units_b[0].markdown:
            text = units_a[0].text
            if not moved:
                return self._unchanged(units_a[0], units_b[0])
            verdict = _moved(Verdict(Tier.ORDER, "", 0, 0), differ=False)
            return self._change("moved", verdict, i, j, text, text, (("=", text),), units_a, units_b)
        compared = self._compare(units_a, units_b)
        verdict = compared.verdict
        kind = "edited"
        if len(units_a) != len(units_b):
            kind = "split" if len(units_a) < len(units_b) else "merged"
            if not verdict.words_added and not verdict.words_removed and verdict.tier == Tier.TYPOGRAPHY:
                says = "one clause became several" if kind == "split" else "several clauses became one"
                verdict = Verdict(verdict.tier, f"{says}, no word changed", 0, 0)
        elif moved:
            kind = "moved-edited" if not verdict.tier.is_noise else "moved"
            verdict = _moved(verdict, differ=not verdict.tier.is_noise)
        return self._change(kind, verdict, i, j, compared.before, compared.after, compared.ops, units_a, units_b)

    def _turned_entry(self, turned: Turned) -> tuple[_Place, Change]:
        """Headings that became clauses, or the other way round: unchanged but for typography."""
        before, units_a, i, _ = _pieces(self._a, turned.headings_a, turned.units_a)
        after, units_b, j, place = _pieces(self._b, turned.headings_b, turned.units_b)
        old, new = JOINT.join(before), JOINT.join(after)
        says = "a heading became a clause" if turned.headings_a else "a clause became a heading"
        verdict = Verdict(Tier.TYPOGRAPHY, says, 0, 0)
        split = self._split_run_in(turned)
        if split:
            ops = ops_of(diff_words(tokenise(old), tokenise(new)))
            change = self._change(split, verdict, i, j, old, new, ops, units_a, units_b)
        elif _RUN_IN.sub(" ", old) == _RUN_IN.sub(" ", new):
            shown = new if turned.headings_a else old  # the side on which no mark was dropped with the mark-up
            change = self._change("same", verdict, i, j, shown, shown, (), units_a, units_b)
        else:
            kind = "edited" if len(before) == len(after) else "merged" if len(before) > len(after) else "split"
            ops = ops_of(diff_words(tokenise(old), tokenise(new)))
            change = self._change(kind, verdict, i, j, old, new, ops, units_a, units_b)
        return self._place_after(place), change

    def _split_run_in(self, turned: Turned) -> str:
        """A heading that ran into its clause stands by itself on the other side: the paragraph was split, or merged."""
        if len(turned.headings_a) == len(turned.units_b) == 1 and not turned.units_a and not turned.headings_b:
            return "split" if "run-in" in self._a.sections[turned.headings_a[0]].heading_kind else ""
        if len(turned.headings_b) == len(turned.units_a) == 1 and not turned.units_b and not turned.headings_a:
            return "merged" if "run-in" in self._b.sections[turned.headings_b[0]].heading_kind else ""
        return ""

    def unchanged_headings(self) -> tuple[Change, ...]:
        """Return the headings that stayed as they were, in the order of the text after."""
        same = Verdict(Tier.TYPOGRAPHY, "heading", 0, 0)
        found = []
        for i, j in sorted(self.alignment.sections, key=lambda pair: pair[1]):
            old, new = self._a.sections[i], self._b.sections[j]
            if new.heading and (old.heading, old.number) == (new.heading, new.number) and not self._is_moved_section(i):
                text = show_heading(new)
                found.append(
                    replace(
                        self._change("same", same, i, j, text, text, (), [], []), heading_before="", heading_after=""
                    )
                )
        return tuple(found)

    def _compare(self, units_a: Sequence[Unit], units_b: Sequence[Unit]) -> _Compared:
        before, after = JOINT.join(u.text for u in units_a), JOINT.join(u.text for u in units_b)
        if before == after:  # the same words with other links: shown with their targets
            before, after = JOINT.join(u.markdown for u in units_a), JOINT.join(u.markdown for u in units_b)
            verdict = Verdict(Tier.LINKS, say_noise([Tier.LINKS]), 0, 0)
            return _Compared(before, after, ops_of(diff_words(tokenise(before), tokenise(after))), verdict, "")
        return self._compare_texts(before, after, _links(units_a) != _links(units_b))

    def _compare_texts(self, before: str, after: str, links_differ: bool) -> _Compared:
        diff = diff_words(tokenise(before), tokenise(after))
        verdict = judge_words(diff, numbers=self._numbers, links_differ=links_differ)
        if diff.coarse:
            self.coarse[diff.coarse] = self.coarse.get(diff.coarse, 0) + 1
        return _Compared(before, after, ops_of(diff), verdict, diff.coarse)

    def _unchanged(self, u: Unit, v: Unit) -> Change:
        return Change(
            kind="same",
            tier=None,
            reason="",
            before_section=u.section,
            after_section=v.section,
            heading_before=self._headings_a[u.section],
            heading_after=self._headings_b[v.section],
            before=u.text,
            after=v.text,
            ops=(),
            before_clauses=(ClauseRef(u.section, u.clause),),
            after_clauses=(ClauseRef(v.section, v.clause),),
            words_added=0,
            words_removed=0,
            similarity=1.0,
        )

    def _change(
        self,
        kind: str,
        verdict: Verdict,
        i: int | None,
        j: int | None,
        before: str | None,
        after: str | None,
        ops: tuple[Op, ...],
        units_a: Sequence[Unit],
        units_b: Sequence[Unit],
    ) -> Change:
        heading_before = "" if i is None else self._headings_a[i]
        heading_after = "" if j is None else self._headings_b[j]
        total = 0 if kind == "same" else count_words(before or "") + count_words(after or "")
        if kind in ("heading-renamed", "section-added", "section-removed"):
            total += count_words(heading_before) + count_words(heading_after)
        changed = verdict.words_added + verdict.words_removed
        return Change(
            kind=kind,
            tier=None if kind == "same" else verdict.tier,
            reason=verdict.reason,
            before_section=i,
            after_section=j,
            heading_before=heading_before,
            heading_after=heading_after,
            before=before,
            after=after,
            ops=ops,
            before_clauses=tuple(ClauseRef(u.section, u.clause) for u in units_a),
            after_clauses=tuple(ClauseRef(u.section, u.clause) for u in units_b),
            words_added=verdict.words_added,
            words_removed=verdict.words_removed,
            similarity=round(1 - min(1.0, changed / max(1, total)), 4),
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


# Between a heading and the text that runs on from it; readers of mark-up drop the mark with the mark-up.
_RUN_IN = re.compile(r"[\s.:\u2013\u2014-]+")


def _pieces(side: Side, headings: Sequence[int], units: Sequence[int]) -> tuple[list[str], list[Unit], int, int]:
    """Return texts of headings and clauses in order, the clauses, the section and place where they begin."""
    clauses = [side.units[n] for n in units]
    placed = [(side.heading_place[n], show_heading(side.sections[n]), n) for n in headings]
    placed += [(unit.place, unit.text, unit.section) for unit in clauses]
    placed.sort()
    return [text for _, text, _ in placed], clauses, placed[0][2], placed[0][0]


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _say_number(old: Section, new: Section) -> str:
    return f"number {old.number or 'none'} became {new.number or 'none'}"


def _moved(verdict: Verdict, *, differ: bool) -> Verdict:
    if differ and not verdict.tier.is_noise and verdict.tier != Tier.ORDER:
        return Verdict(verdict.tier, f"moved; {verdict.reason}", verdict.words_added, verdict.words_removed)
    return Verdict(Tier.ORDER, "moved, no word changed" if not differ else f"moved; {verdict.reason}", 0, 0)


_TARGET = re.compile(r"\]\(([^()\s]*(?:\([^()\s]*\)[^()\s]*)*)\)")  # one level of brackets inside


def _links(units: Sequence[Unit]) -> list[str]:
    """Return where the links of clauses point, in order."""
    return [target for u in units if u.markdown != u.text for target in _TARGET.findall(u.markdown)]
