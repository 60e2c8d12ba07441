"""Blocks → sections of clauses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from harvest.model import Block, Clause, Section, Span
from harvest.text.clauses import make_clause
from harvest.text.headings import Found, find_headings
from harvest.text.headings_asides import is_date_line
from harvest.text.headings_levels import TOP, assign_levels
from harvest.text.headings_lines import Line, split_lines
from harvest.text.headings_proposal import Proposal
from harvest.text.line_breaks import find_joints

_SPACE = Span(" ")
NO_HEADINGS = 0.3  # confidence of the one section of a document in which no heading was found


def sectionise(blocks: Sequence[Block], *, title: str = "") -> tuple[Section, ...]:
    """Group blocks into sections by their headings, marked up or not; text before the first has heading ''.

    *title* is the title of the page, if known: it tells which heading names the document. Every word of *blocks*
    lands in one heading or clause, in order but for a date above the title, which comes below it. A document without
    headings is one section with low confidence; one without words has none. Pure; linear; never raises.
    """
    lines = split_lines(blocks)
    found = find_headings(lines, title)
    headings = {proposal.line: proposal for proposal in found.headings}
    levels = dict(zip(headings, assign_levels(found.headings, found.contents.listed, title=title), strict=True))
    sections: list[Section] = []
    clauses: list[Clause] = []
    opened: Proposal | None = None

    def close() -> None:
        if opened is not None or clauses:
            sections.append(_section(opened, levels.get(opened.line, TOP) if opened else TOP, clauses, found))

    for index, group in _group_lines(lines, headings):
        heading = headings.get(index)
        if heading is not None:
            close()
            opened, clauses = heading, []
            line = lines[index].but(marker="")  # it counts the heading
            group = [*([(line, heading.body)] if heading.body else []), *group[1:]]
        clauses += _clauses(group)
    close()
    return tuple(_date_under_title(sections))


def _date_under_title(sections: Sequence[Section]) -> Sequence[Section]:
    """Put a date that stands above the first heading below it, where most pages have it."""
    if len(sections) < 2 or sections[0].heading or not all(is_date_line(c.text) for c in sections[0].clauses):
        return sections
    first = replace(sections[1], clauses=(*sections[0].clauses, *sections[1].clauses))
    return [first, *sections[2:]]


def overall_confidence(sections: Sequence[Section]) -> float:
    """Return how sure the structure of a document is, 0 to 1: the mean over its headings."""
    sure = [section.confidence for section in sections if section.heading] or [NO_HEADINGS]
    return round(sum(sure) / len(sure), 3)


Piece = tuple[Line, tuple[Span, ...]]


def _group_lines(lines: Sequence[Line], headings: dict[int, Proposal]) -> list[tuple[int, list[Piece]]]:
    """Group the lines of a clause; each heading is a group of its own, with its body if the text runs on from it."""
    groups: list[tuple[int, list[Piece]]] = []
    joints = find_joints(lines)
    for index, line in enumerate(lines):
        above = headings.get(index - 1)
        joined = index in joints and index not in headings and (above is None or bool(above.body))
        if joined:
            groups[-1][1].append((line, line.spans))
        else:
            groups.append((index, [(line, line.spans)]))
    return groups


def _clauses(group: Sequence[Piece]) -> list[Clause]:
    if not group:
        return []
    line, spans = group[0]
    if len(group) == 1 and spans is line.spans:
        if not hasattr(line.seen, "clause"):
            line.seen.clause = make_clause(spans, line.kind, line.depth, marker=line.marker)
        clause = line.seen.clause
    else:
        spans = tuple(span for _, part in group for span in (_SPACE, *part))[1:]
        clause = make_clause(spans, line.kind, line.depth, marker=line.marker)
    return [clause] if clause else []


def _section(heading: Proposal | None, level: int, clauses: Sequence[Clause], found: Found) -> Section:
    if heading is None:
        return Section(level, "", "", "", 1.0 if found.headings else NO_HEADINGS, tuple(clauses))
    confidence = found.confidence(heading)
    return Section(level, heading.number, heading.title, heading.style, confidence, tuple(clauses))
