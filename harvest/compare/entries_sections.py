"""The lines of a diff that tell of headings and whole sections: renamed, renumbered, moved, turned into clauses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from harvest.compare.change import NO_CHANGE, Compared, Maker, links_of, show_heading
from harvest.compare.made import is_summary
from harvest.compare.moves import Moves, Placed
from harvest.compare.notices import is_title
from harvest.compare.pairing import Alignment, Turned, moved_runs
from harvest.compare.places import Places
from harvest.compare.tiers import Verdict, judge_menu, judge_title, judge_whole, say_moved
from harvest.compare.tokens import fold_key, tokenise
from harvest.compare.units import JOINT, Side, Unit
from harvest.model import Same, Tier
from harvest.text.fold import split_number

# Between a heading and the text that runs on from it; reading drops the mark with the mark-up.
_RUN_IN = re.compile(r"[\s.:\u2013\u2014-]+")
_UNREAD = re.compile(r"^#{1,6}\s+")  # "### 3a. Your content": Markdown within a line


def heading_entries(alignment: Alignment, make: Maker, places: Places) -> Iterator[Placed]:
    """Yield a change for every heading that was renamed or renumbered."""
    for i, j in alignment.sections:
        old, new = alignment.a.sections[i], alignment.b.sections[j]
        if (old.heading, old.number) == (new.heading, new.number):
            continue
        if old.heading == new.heading:
            kind, says = "heading-renumbered", f"number {old.number or 'none'} became {new.number or 'none'}"
            verdict = Verdict(Tier.NUMBERING, says, 0, 0)
        else:
            top = i == 0 or j == 0
            kind, verdict = "heading-renamed", _judge_heading(make, old.heading, new.heading, top=top)
        place = places.after(alignment.b.heading_place[j])
        yield place, make.change(kind, Compared(None, None, (), verdict), i=i, j=j)


def _judge_heading(make: Maker, before: str, after: str, *, top: bool) -> Verdict:
    if before and after and before.isdigit() != after.isdigit():
        return Verdict(Tier.NUMBERING, "a number in the place of a heading", 0, 0)
    if is_summary(before) and is_summary(after):
        return judge_menu()
    if before and after and _without_marks(before) == _without_marks(after):
        return Verdict(Tier.NUMBERING, "marks of a heading only", 0, 0)
    if before and after:
        return make.compare_texts(before, after).verdict
    if top and is_title(before or after):
        return judge_title(added=not before)
    return judge_whole(after or before, added=not before)


def _without_marks(heading: str) -> str:
    """Return a heading without a mark-up that was not read, and the number that stood behind it."""
    bare = _UNREAD.sub("", heading)
    return split_number(bare)[1] if bare != heading else heading


def unchanged_headings(alignment: Alignment, make: Maker) -> tuple[Same, ...]:
    """Return the headings that stayed as they were, in the order of the text after."""
    found = []
    for i, j in sorted(alignment.sections, key=lambda pair: pair[1]):
        old, new = alignment.a.sections[i], alignment.b.sections[j]
        same = (old.heading, old.number) == (new.heading, new.number)
        if new.heading and same and (i, j) not in alignment.moved_sections:
            found.append(Same(i, j, 0, 0, "", "", (make.headings_b[j],), heading=True))
    return tuple(found)


# --- moves -----------------------------------------------------------------------------------------------------


def section_moves(alignment: Alignment, make: Maker, places: Places, moves: Moves) -> Iterator[Placed]:
    """Yield a change for every section that moved.

    Edits inside it and the sections that moved along with it, its subsections and neighbours, are part of it.
    """
    elsewhere_a, elsewhere_b = _elsewhere(alignment)
    for run in moved_runs(alignment.moved_sections):
        i, j = run[0]
        texts_a, units_a = _texts(alignment.a, [pair[0] for pair in run], elsewhere_a)
        texts_b, units_b = _texts(alignment.b, [pair[1] for pair in run], elsewhere_b)
        links_differ = links_of(units_a) != links_of(units_b)
        kind = "section-moved"
        if len(run) == 1 and _is_paragraph(alignment.a, i, units_a) and _is_paragraph(alignment.b, j, units_b):
            texts_a, texts_b = [make.headings_a[i], *texts_a], [make.headings_b[j], *texts_b]
            kind = "moved"
        compared = make.compare_texts(JOINT.join(texts_a), JOINT.join(texts_b), links_differ=links_differ)
        if kind == "moved" and not compared.verdict.tier.is_noise:
            kind = "moved-edited"
        move = moves.of_section(i, j, paragraph=kind != "section-moved")
        verdict = say_moved(compared.verdict, differ=compared.differs, origin=move.origin)
        if len(run) > 1:
            along = f"the {len(run) - 1} sections after it" if len(run) > 2 else "the section after it"
            verdict = replace(verdict, reason=f"{verdict.reason}; with {along}")
        change = make.change(kind, replace(compared, verdict=verdict), i=i, j=j, units_a=units_a, units_b=units_b)
        yield places.after(alignment.b.heading_place[j]), moves.tell(change, move)


def _is_paragraph(side: Side, section: int, units: Sequence[Unit]) -> bool:
    """Return whether what moved of a section is one paragraph whose first words are its heading."""
    return len(units) == 1 and units[0].clause == 0 and "run-in" in side.sections[section].heading_kind


def _elsewhere(alignment: Alignment) -> tuple[Callable[[Unit], bool], Callable[[Unit], bool]]:
    """Return what says of a clause of a moved section that another entry tells of it."""
    told_a = {n for turned in alignment.turned for n in turned.units_a}
    told_b = {n for turned in alignment.turned for n in turned.units_b}
    for group in alignment.groups:
        pair = alignment.a.units[group.a[0]].section, alignment.b.units[group.b[0]].section
        if pair not in alignment.moved_sections or group in alignment.moved:
            told_a.update(group.a)
            told_b.update(group.b)
    return (lambda unit: unit.index in told_a), (lambda unit: unit.index in told_b)


def _texts(side: Side, sections: Sequence[int], elsewhere: Callable[[Unit], bool]) -> tuple[list[str], list[Unit]]:
    """Return the texts of a moved section, headings of those that came along included, and its clauses."""
    texts: list[str] = []
    units: list[Unit] = []
    for n, section in enumerate(sections):
        mine = [unit for unit in side.of_section[section] if not elsewhere(unit)]
        texts += ([show_heading(side.sections[section])] if n else []) + [unit.text for unit in mine]
        units += mine
    return texts, units


# --- headings that became clauses ------------------------------------------------------------------------------


def turned_entries(alignment: Alignment, make: Maker, places: Places) -> Iterator[Placed]:
    """Yield an entry for headings that became clauses, or the other way round: at most typography changed."""
    for turned in alignment.turned:
        before, units_a, i, _ = _pieces(alignment.a, turned.headings_a, turned.units_a)
        after, units_b, j, place = _pieces(alignment.b, turned.headings_b, turned.units_b)
        old, new = JOINT.join(before), JOINT.join(after)
        kind = _split_run_in(alignment, turned)
        if not kind and _RUN_IN.sub(" ", old) == _RUN_IN.sub(" ", new):
            shown = new if turned.headings_a else old  # the side on which no mark was dropped with the mark-up
            kind, compared = "same", Compared(shown, shown, (), NO_CHANGE)
        else:
            kind = kind or (
                "edited" if len(before) == len(after) else "merged" if len(before) > len(after) else "split"
            )
            compared = _structural(
                turned, make.compare_texts(old, new, links_differ=links_of(units_a) != links_of(units_b))
            )
        yield places.after(place), make.change(kind, compared, i=i, j=j, units_a=units_a, units_b=units_b)


def _structural(turned: Turned, compared: Compared) -> Compared:
    """Judge what changed beside what is a heading: mostly nothing, or its number."""
    says = "a heading became a clause" if turned.headings_a else "a clause became a heading"
    before, after = compared.before or "", compared.after or ""
    if fold_key(tokenise(before)) == fold_key(tokenise(after)):
        verdict = replace(NO_CHANGE, reason=says)
    elif _words_alone(before) == _words_alone(after):
        verdict = Verdict(Tier.NUMBERING, f"{says} with another number", 0, 0)
    else:
        verdict = replace(compared.verdict, reason=f"{says}; {compared.verdict.reason}")
    return replace(compared, verdict=verdict)


def _words_alone(joined: str) -> str:
    return "".join(fold_key(tokenise(split_number(piece)[1])) for piece in joined.split(JOINT))


def _split_run_in(alignment: Alignment, turned: Turned) -> str:
    """A heading that ran into its clause stands by itself on the other side: the paragraph was split, or merged."""
    counts = tuple(map(len, (turned.headings_a, turned.units_a, turned.headings_b, turned.units_b)))
    if counts == (1, 0, 0, 1) and "run-in" in alignment.a.sections[turned.headings_a[0]].heading_kind:
        return "split"
    if counts == (0, 1, 1, 0) and "run-in" in alignment.b.sections[turned.headings_b[0]].heading_kind:
        return "merged"
    return ""


def _pieces(side: Side, headings: Sequence[int], units: Sequence[int]) -> tuple[list[str], list[Unit], int, int]:
    """Return texts of headings and clauses in order, the clauses, the section and place where they begin."""
    clauses = [side.units[n] for n in units]
    placed = [(side.heading_place[n], show_heading(side.sections[n]), n) for n in headings]
    placed += [(unit.place, unit.text, unit.section) for unit in clauses]
    placed.sort()
    return [text for _, text, _ in placed], clauses, placed[0][2], placed[0][0]
