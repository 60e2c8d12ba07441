"""A diff as a page shows it: grouped by section, unchanged text folded, noise set aside. Pure."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from harvest.compare.homes import Homes
from harvest.compare.render_words import title_of
from harvest.model import Change, Departure, Diff, Same, Section, Tier
from harvest.web.difference_model import DiffPage, Fold, FoldedSections, Group, Left, Part, Row
from harvest.web.difference_rows import Teller, is_noise, is_short
from harvest.web.trails import trails_of

#: Folded text is sent along while it and the changes have at most this many characters: pages stay under 200 KB but
#: for changes that are longer themselves. Beyond it the counts stay, and a link asks for the words.
_MAX_TEXT = 80_000
_Place = tuple[str, int]  # "before" or "after", and the index of a section
_Sides = Mapping[str, tuple[Sequence[Section], Sequence[tuple[str, ...]]]]
Line = Change | Same | Departure


def arrange(
    diff: Diff, before: Sequence[Section], after: Sequence[Section], *, noise: bool = False, everything: bool = False
) -> DiffPage:
    """Group the entries of a diff by section; fold what did not change and, unless *noise*, what is noise.

    *everything* sends all folded text along, however long.
    """
    changes = diff.changes
    homes = Homes(diff)
    entries_shown = list(_shown(diff))
    tell = Teller(diff, noise)
    tell.link([entry for entry in entries_shown if isinstance(entry, Change)])
    sides = {"before": (before, trails_of(before)), "after": (after, trails_of(after))}
    parts: list[Part] = []
    for place, entries in groupby(entries_shown, key=lambda entry: _place(entry, homes)):
        if place is None:
            parts += [tell.left(entry) for entry in entries if isinstance(entry, Departure)]
            continue
        held = list(entries)
        items = tuple(_items(held, tell))
        if any([not isinstance(item, Fold) for item in items]):
            parts.append(_group(place, held, items, sides))
            continue
        folded = (" ".join(_name(place, held[0], sides)).strip(), _merge(items))
        last = parts[-1] if parts else None
        if isinstance(last, FoldedSections):
            parts[-1] = FoldedSections((*last.sections, folded))
        else:
            parts.append(FoldedSections((folded,)))
    folded_out = not everything and _length(parts) > _MAX_TEXT
    parts = _told_apart(parts)
    aside = [c for c in changes if is_noise(c) and not noise]
    hidden = Counter(c.tier for c in aside if c.tier is not None)
    renumbered = tuple(tell.row(c) for c in changes if c.kind == "heading-renumbered")
    shown = sum(len(part.rows) for part in parts if isinstance(part, Group))
    words = sum(c.words_added for c in aside), sum(c.words_removed for c in aside)
    return DiffPage(tuple(parts), shown, tuple(sorted(hidden.items(), key=_rank)), renumbered, folded_out, words)


def _rank(item: tuple[Tier, int]) -> int:
    return item[0].rank


def _shown(diff: Diff) -> Iterator[Line]:
    for line in diff.reading:
        if not isinstance(line, Change) or line.kind != "heading-renumbered":
            yield line


def _place(change: Line, homes: Homes) -> _Place | None:
    """Return the section a change is shown in: of the text after where it lives on, else of the text before.

    None for a place that a section left: it stands between sections.
    """
    if isinstance(change, Same):
        return "after", change.after_section
    if isinstance(change, Departure) and change.is_section:
        return None
    section = homes.section_of(change)
    return ("before", change.before_section or 0) if section is None else ("after", section)


def _group(place: _Place, entries: list[Line], items: tuple[Row | Fold | Left, ...], sides: _Sides) -> Group:
    first = entries[0]
    kinds = ("section-added", "section-removed")
    came = next((entry for entry in entries if isinstance(entry, Change) and entry.kind in kinds), None)
    state = came.kind.removeprefix("section-") if came else "kept"
    number, heading = _name(place, first, sides)
    lasting = next((entry for entry in entries if not isinstance(entry, Departure)), first)
    after_section = None if isinstance(lasting, Departure) else lasting.after_section
    anchor = "s-" + _digest(number, heading, str(after_section), str(lasting.before_section))[:8]
    sections, trails = sides[place[0]]
    trail = trails[place[1]] if _section(sections, place[1]) else ()
    return Group(heading, number, state, anchor, items, trail, title_of(came) if came else "")


def _name(place: _Place, first: Line, sides: _Sides) -> tuple[str, str]:
    """Return the number and heading of a section; where the text has it not, the heading that its lines name."""
    section = _section(sides[place[0]][0], place[1])
    if section:
        return section.number, section.heading
    return "", ("" if isinstance(first, Departure) else first.heading_after) or first.heading_before


def _items(entries: Sequence[Line], tell: Teller) -> Iterable[Row | Fold | Left]:
    for quiet, run in groupby(entries, key=tell.is_quiet):
        if not quiet:
            yield from _told(run, tell)
            continue
        folded = list(run)
        texts = tuple([text for entry in folded for text in _texts(entry) if text])
        noise = sum(isinstance(entry, Change) and entry.kind != "same" for entry in folded)
        if texts or noise:
            yield Fold(texts, noise)


def _texts(entry: Line) -> Sequence[str]:
    if isinstance(entry, Same):
        return entry.texts
    return [entry.after or entry.before or ""] if isinstance(entry, Change) else ()


def _told(entries: Iterable[Line], tell: Teller) -> Iterable[Row | Left]:
    """Yield entries as rows and places; short items that came, or went, one after another know that they are a list."""
    above: Change | None = None
    for entry in entries:
        if not isinstance(entry, Change):
            above = None
            if isinstance(entry, Departure):
                yield tell.left(entry)
            continue
        alike = above is not None and above.kind == entry.kind and is_short(above) and is_short(entry)
        yield tell.row(entry, is_listed=alike)
        above = entry


def _told_apart(parts: Iterable[Part]) -> list[Part]:
    """Number the anchors of a section that is shown in two places: where it was removed, and where some of it left."""
    seen: Counter[str] = Counter()
    told: list[Part] = []
    for part in parts:
        if isinstance(part, Group):
            seen[part.anchor] += 1
            if seen[part.anchor] > 1:
                part = replace(part, anchor=f"{part.anchor}-{seen[part.anchor]}")
        told.append(part)
    return told


def _merge(items: Iterable[Row | Fold | Left]) -> Fold:
    known = [item for item in items if isinstance(item, Fold)]
    return Fold(tuple([clause for fold in known for clause in fold.clauses]), sum(fold.noise for fold in known))


def _length(parts: Sequence[Part]) -> int:
    folded = sum(len(clause) for part in parts for fold in _folds(part) for clause in fold.clauses)
    rows = [row for part in parts if isinstance(part, Group) for row in part.rows]
    return folded + sum(len(text) for row in rows for _, text in row.ops)


def _folds(part: Part) -> Iterable[Fold]:
    if isinstance(part, Group):
        return [item for item in part.items if isinstance(item, Fold)]
    if isinstance(part, Left):
        return []
    return [fold for _, fold in part.sections]


def _section(sections: Sequence[Section], index: int | None) -> Section | None:
    return sections[index] if index is not None and 0 <= index < len(sections) else None


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x00".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
