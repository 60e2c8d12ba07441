"""A whole diff in few characters, to be read back beside its two texts: what they say is named and not said again.

A diff of two long texts takes a third of a second to find and a hundredth to read back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from typing import Any

from harvest.compare.change import show_heading
from harvest.compare.units import JOINT
from harvest.model import Change, ClauseRef, Departure, Diff, Op, Repetition, Replacement, Same, Section, Tier

_FORM = 1  # of what is written; another one is not read
_OP = re.compile(r"([=+-])(\d+)")
_WAYS = range(4)  # texts of clauses; their Markdown; texts with the headings of sections, and but for the first
_TIERS = {tier.value: tier for tier in Tier}


def packed(diff: Diff, before: Sequence[Section], after: Sequence[Section]) -> str:
    """Return the diff of two texts as JSON that `unpacked` reads beside the very same texts."""
    writer = _Writer(_Side(before), _Side(after))
    told = {
        "form": _FORM,
        "sizes": [len(before), len(after)],
        "diff": [_name(diff.tier), diff.reason, diff.method, diff.similarity],
        "words": [diff.words_added, diff.words_removed, diff.words_moved],
        "lines": list(_in_runs(map(writer.line, diff.lines))),
        "headings": [(same.before_section, same.after_section) for same in diff.same_headings],
        "replacements": [astuple(each) for each in diff.replacements],
        "repetitions": [astuple(each) for each in diff.repetitions],
        "departures": [astuple(each) for each in diff.departures],
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def unpacked(text: str, before: Sequence[Section], after: Sequence[Section]) -> Diff | None:
    """Return the diff of two texts that `packed` wrote; None for one of another form, or of other texts."""
    told = json.loads(text)
    if told.get("form") != _FORM or told["sizes"] != [len(before), len(after)]:
        return None
    reader = _Reader(_Side(before), _Side(after))
    tier, reason, method, similarity = told["diff"]
    added, removed, moved = told["words"]
    return Diff(
        _tier(tier),
        reason,
        method,
        similarity,
        words_added=added,
        words_removed=removed,
        words_moved=moved,
        lines=tuple(reader.lines(told["lines"])),
        same_headings=tuple(reader.headings(told["headings"])),
        replacements=tuple(Replacement(*each) for each in told["replacements"]),
        repetitions=tuple(Repetition(*each) for each in told["repetitions"]),
        departures=tuple(Departure(*each) for each in told["departures"]),
    )


def _name(tier: Tier | None) -> str:
    return tier.value if tier else ""


def _tier(name: str) -> Tier | None:
    return _TIERS[name] if name else None


class _Side:
    """One text: its sections and their headings as they are shown."""

    def __init__(self, sections: Sequence[Section]) -> None:
        self.sections = sections
        self.headings = [show_heading(section) for section in sections]

    def heading(self, section: int | None) -> str:
        return "" if section is None else self.headings[section]

    def said(self, way: int, refs: Sequence[ClauseRef]) -> str:
        """Return what the text of a change that names these clauses may be in one of `_WAYS`; most are in the first."""
        if way == 0:
            return JOINT.join([self.sections[r.section].clauses[r.clause].text for r in refs])
        if way == 1:
            return JOINT.join([self.sections[r.section].clauses[r.clause].markdown for r in refs])
        return JOINT.join(self._with_headings(refs, first=way == 2))

    def _with_headings(self, refs: Sequence[ClauseRef], *, first: bool) -> Iterator[str]:
        last = None if first or not refs else refs[0].section
        for ref in refs:
            if ref.section != last:
                yield self.headings[ref.section]
            last = ref.section
            yield self.sections[ref.section].clauses[ref.clause].text


@dataclass(frozen=True, slots=True)
class _Writer:
    before: _Side
    after: _Side

    def line(self, line: Change | Same) -> list[Any]:
        if isinstance(line, Same):
            return [line.before_section, line.after_section, line.before_clause, line.after_clause, len(line.texts)]
        return [
            *(line.kind, _name(line.tier), line.reason, line.before_section, line.after_section),
            *(list(_refs(line.before_clauses)), list(_refs(line.after_clauses))),
            *(_said(line.before, self.before, line.before_clauses), _said(line.after, self.after, line.after_clauses)),
            *(_signs(line.ops), line.words_added, line.words_removed, line.similarity, line.links),
        ]


def _refs(refs: Sequence[ClauseRef]) -> Iterator[int]:
    """Yield section, clause and how many follow, for each run of clauses."""
    start = 0
    for end in range(1, len(refs) + 1):
        here, last = refs[start], refs[end - 1]
        if end == len(refs) or refs[end] != ClauseRef(last.section, last.clause + 1):
            yield from (here.section, here.clause, end - start)
            start = end


def _said(text: str | None, side: _Side, refs: Sequence[ClauseRef]) -> int | str | None:
    """Return how a text follows from its clauses; itself where it does not."""
    if text is None:
        return None
    return next((way for way in _WAYS if side.said(way, refs) == text), text)


def _signs(ops: Sequence[Op]) -> str:
    return "".join([f"{sign}{len(text)}" for sign, text in ops])


def _in_runs(lines: Iterable[list[Any]]) -> Iterator[list[Any]]:
    """Join single clauses that stayed one after the other: a sixth number says how many."""
    run: list[Any] = []
    for line in lines:
        if run and len(line) == 5 and line[4] == 1 and line[:4] == _following(run):
            run[5] += 1
            continue
        if run:
            yield run if run[5] > 1 else run[:5]
        run = []
        if len(line) == 5 and line[4] == 1:
            run = [*line, 1]
        else:
            yield line
    if run:
        yield run if run[5] > 1 else run[:5]


def _following(run: Sequence[int]) -> list[int]:
    return [run[0], run[1], run[2] + run[5], run[3] + run[5]]


@dataclass(frozen=True, slots=True)
class _Reader:
    before: _Side
    after: _Side

    def lines(self, lines: Iterable[list[Any]]) -> Iterator[Change | Same]:
        for line in lines:
            if isinstance(line[0], str):
                yield self.change(*line)
                continue
            i, j, u, v, size, *more = line
            headings = self.before.headings[i], self.after.headings[j]
            clauses = self.after.sections[j].clauses
            for n in range(more[0] if more else 1):
                yield Same(i, j, u + n, v + n, *headings, tuple([c.text for c in clauses[v + n : v + n + size]]))

    def headings(self, lines: Iterable[list[int]]) -> Iterator[Same]:
        for i, j in lines:
            yield Same(i, j, 0, 0, "", "", (self.after.headings[j],), heading=True)

    def change(
        self,
        kind: str,
        tier: str,
        reason: str,
        i: int | None,
        j: int | None,
        refs_a: list[int],
        refs_b: list[int],
        said_a: int | str | None,
        said_b: int | str | None,
        signs: str,
        added: int,
        removed: int,
        similarity: float,
        links: list[list[str]],
    ) -> Change:
        clauses_a, clauses_b = tuple(_clauses(refs_a)), tuple(_clauses(refs_b))
        before, after = _text(said_a, self.before, clauses_a), _text(said_b, self.after, clauses_b)
        return Change(
            kind=kind,
            tier=_tier(tier),
            reason=reason,
            before_section=i,
            after_section=j,
            heading_before=self.before.heading(i),
            heading_after=self.after.heading(j),
            before=before,
            after=after,
            ops=tuple(_ops(signs, before or "", after or "")),
            before_clauses=clauses_a,
            after_clauses=clauses_b,
            words_added=added,
            words_removed=removed,
            similarity=similarity,
            links=tuple([(old, new) for old, new in links]),
        )


def _clauses(refs: Sequence[int]) -> Iterator[ClauseRef]:
    for at in range(0, len(refs), 3):
        section, clause, count = refs[at : at + 3]
        yield from (ClauseRef(section, clause + n) for n in range(count))


def _text(said: int | str | None, side: _Side, refs: Sequence[ClauseRef]) -> str | None:
    return side.said(said, refs) if isinstance(said, int) else said


def _ops(signs: str, before: str, after: str) -> Iterator[Op]:
    a = b = 0
    for sign, length in _OP.findall(signs):
        size = int(length)
        yield sign, after[b : b + size] if sign == "+" else before[a : a + size]
        a += size if sign != "+" else 0
        b += size if sign != "-" else 0
