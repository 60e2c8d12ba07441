"""An alignment → the lines of a diff, in reading order, each clause in exactly one of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from harvest.compare.change import Compared, Maker, join_texts
from harvest.compare.echoes import Echoes, say_echo
from harvest.compare.entries_sections import heading_entries, section_moves, turned_entries
from harvest.compare.moves import Moves, Placed
from harvest.compare.notices import is_title
from harvest.compare.pairing import Alignment, Group
from harvest.compare.places import Places
from harvest.compare.tiers import Verdict, judge_menu, judge_title, judge_whole, say_moved
from harvest.compare.units import JOINT, Unit
from harvest.model import Change, Departure, Same, Tier


def lines_of(alignment: Alignment, make: Maker) -> tuple[tuple[Change | Same, ...], tuple[Departure, ...]]:
    """Return every change and every run of unchanged clauses, in the order of the text after.

    What is gone stands where it was left; what moved stands once, where it is now, and the second tuple has the places
    it left.
    """
    places = Places(alignment)
    moves = Moves(alignment, make, places)
    placed: list[Placed] = [
        *heading_entries(alignment, make, places),
        *section_moves(alignment, make, places, moves),
        *turned_entries(alignment, make, places),
        *_paired(alignment, make, places, moves),
        *_one_sided(alignment, make, places, added=False),
        *_one_sided(alignment, make, places, added=True),
    ]
    placed.sort(key=lambda item: item[0])
    return tuple([change for _, change in placed]), () if make.brief else moves.departures(placed)


# --- clauses on both sides -------------------------------------------------------------------------------------


def _paired(alignment: Alignment, make: Maker, places: Places, moves: Moves) -> Iterator[Placed]:
    a, b = alignment.a.units, alignment.b.units
    for group in alignment.groups:
        u, v = a[group.a[0]], b[group.b[0]]
        if (u.section, v.section) in alignment.moved_sections and group not in alignment.moved:
            continue  # told of with its section
        if len(group.a) == len(group.b) == 1 and u.markdown == v.markdown and group not in alignment.moved:
            if not make.brief:
                yield places.after(v.place), make.unchanged(u, v)
        else:
            yield places.after(v.place), _change(alignment, make, moves, group)


def _change(alignment: Alignment, make: Maker, moves: Moves, group: Group) -> Change:
    units_a = [alignment.a.units[n] for n in group.a]
    units_b = [alignment.b.units[n] for n in group.b]
    i, j = units_a[0].section, units_b[0].section
    compared = make.compare_clauses(units_a, units_b)
    verdict, kind = compared.verdict, "edited"
    if len(units_a) != len(units_b):
        kind = "split" if len(units_a) < len(units_b) else "merged"
        if verdict.tier == Tier.TYPOGRAPHY:
            says = "one clause became several" if kind == "split" else "several clauses became one"
            verdict = replace(verdict, reason=f"{says}, no word changed")
    elif group in alignment.moved:
        kind = "moved" if verdict.tier.is_noise else "moved-edited"
    if group not in alignment.moved:
        compared = compared if verdict is compared.verdict else replace(compared, verdict=verdict)
        return make.change(kind, compared, i=i, j=j, units_a=units_a, units_b=units_b)
    move = moves.of_clause(units_a[0], units_b[0])
    compared = replace(compared, verdict=say_moved(verdict, differ=compared.differs, origin=move.origin))
    return moves.tell(make.change(kind, compared, i=i, j=j, units_a=units_a, units_b=units_b), move)


# --- clauses and sections on one side --------------------------------------------------------------------------


def _one_sided(alignment: Alignment, make: Maker, places: Places, *, added: bool) -> Iterator[Placed]:
    """Yield what was added or removed: a section as a whole with those of its clauses that are not elsewhere."""
    side = alignment.b if added else alignment.a
    paired = {pair[added] for pair in alignment.sections}
    moved = {pair[added] for pair in alignment.moved_sections}
    turned = {n for t in alignment.turned for n in (t.headings_b if added else t.headings_a)}
    told = _told(alignment, added=added)
    echoes = Echoes(side, told, alignment.work)
    for number, units in enumerate(side.of_section):
        free = [unit for unit in units if unit.index not in told]
        at = places.after if added else partial(places.before, section=number)
        if number in moved:
            continue
        if number not in paired and number not in turned and side.sections[number].heading:
            heading = side.sections[number].heading
            run_in = len(free) == 1 and "run-in" in side.sections[number].heading_kind
            make_one = _paragraph if run_in else _section
            yield at(side.heading_place[number]), make_one(make, number, free, heading, echoes, added=added)
        else:
            yield from ((at(unit.place), _clause(make, number, unit, echoes, added=added)) for unit in free)


def _told(alignment: Alignment, *, added: bool) -> set[int]:
    told = {n for group in alignment.groups for n in (group.b if added else group.a)}
    return told | {n for t in alignment.turned for n in (t.units_b if added else t.units_a)}


def _section(make: Maker, number: int, units: Sequence[Unit], heading: str, echoes: Echoes, *, added: bool) -> Change:
    """A section that came or went, with those of its clauses that are not elsewhere."""
    text = join_texts(units)
    verdict = judge_whole(f"{heading}\n\n{text}", added=added)
    if number == 0 and not units and is_title(heading):
        verdict = judge_title(added=added)
    elif not verdict.tier.is_noise and make.is_furniture(units, after=added, heading=number):
        verdict = judge_menu("added" if added else "removed")
    verdict = say_echo(verdict, echoes.of(units, heading))
    return _whole(make, number, units, text, verdict, added=added, kind="section-")


def _paragraph(make: Maker, number: int, units: Sequence[Unit], heading: str, echoes: Echoes, *, added: bool) -> Change:
    """A paragraph whose first words are its heading: on the page they are one, and so they come and go."""
    text = f"{heading}{JOINT}{join_texts(units)}"
    verdict = say_echo(judge_whole(text, added=added), echoes.of(units, heading))
    return _whole(make, number, units, text, verdict, added=added)


def _clause(make: Maker, number: int, unit: Unit, echoes: Echoes, *, added: bool) -> Change:
    verdict = judge_whole(unit.text, added=added, markdown=unit.markdown)
    if unit.section == unit.clause == 0 and unit.size == 1 and is_title(unit.text):
        verdict = judge_title(added=added)
    elif not verdict.tier.is_noise and make.is_furniture([unit], after=added):
        verdict = judge_menu("added" if added else "removed")
    verdict = say_echo(verdict, echoes.of([unit]))
    return _whole(make, number, [unit], unit.text, verdict, added=added)


def _whole(
    make: Maker, number: int, units: Sequence[Unit], text: str, verdict: Verdict, *, added: bool, kind: str = ""
) -> Change:
    shown = text if units else None
    if added:
        compared = Compared(None, shown, (("+", text),) if text else (), verdict)
        return make.change(f"{kind}added", compared, i=None, j=number, units_b=units)
    compared = Compared(shown, None, (("-", text),) if text else (), verdict)
    return make.change(f"{kind}removed", compared, i=number, j=None, units_a=units)
