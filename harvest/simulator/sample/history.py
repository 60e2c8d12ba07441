"""From first wording and dated edits to the wording in force on a day. Edits that do not fit are errors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from harvest.simulator.sample.model import Chapter, Company, Edit, Look, Part, Wording
from harvest.simulator.sample.writing import read_chapters, read_parts


class BadEdit(ValueError):
    """An edit of the sample's sources does not fit the text it is applied to."""


def wording_at(company: Company, when: datetime) -> Wording:
    """The main text in force at a moment."""
    wording = company.first
    for edit in company.edits:
        if edit.when <= when.date():
            wording = _applied(company, edit, wording)
            wording = replace(wording, stated=edit.stated or wording.stated)
    return wording


def _applied(company: Company, edit: Edit, wording: Wording) -> Wording:
    try:
        return apply(wording, edit.operations)
    except BadEdit as error:
        raise BadEdit(f"{company.host}, edit of {edit.when}: {error}") from error


def wordings_at(company: Company, times: Sequence[datetime]) -> list[Wording]:
    """What captures at these times show, oldest first: within a variant's days, every second one its text."""
    shown: list[Wording] = []
    seen: Counter[int] = Counter()
    for when in times:
        wording = wording_at(company, when)
        for number, variant in enumerate(company.variants):
            if variant.since <= when.date() <= variant.until:
                seen[number] += 1
                wording = wording if seen[number] % 2 else apply(wording, variant.operations)
        shown.append(wording)
    return shown


def look_at(company: Company, when: datetime) -> Look:
    """How pages looked at a moment."""
    return [look for look in company.looks if look.since <= when.date()][-1]


def address_at(company: Company, when: datetime) -> str:
    """Where the policy lived at a moment."""
    return [url for since, url in company.addresses if since <= when.date()][-1]


def apply(wording: Wording, operations: Sequence[Sequence[str]]) -> Wording:
    """Apply operations in order. Raises BadEdit where one finds nothing to work on.

    ``replace OLD NEW`` (everywhere), ``add AFTER TEXT`` (after the clause that holds AFTER), ``first KEY TEXT``
    (at the head of a section), ``remove TEXT`` (the clause), ``section AFTER-KEY SOURCE`` ('' for the front),
    ``drop KEY``, ``rename KEY HEADING``, ``move KEY AFTER-KEY``, ``shift TEXT KEY`` (a clause to the end of
    another section), ``numbering STYLE``, ``title TITLE``, ``whole SOURCE``.
    """
    for name, *arguments in operations:
        changed = _OPERATIONS[name](wording, *arguments)
        if changed == wording:
            raise BadEdit(f"{name} {arguments!r} changes nothing")
        wording = changed
    return wording


def _replace(wording: Wording, old: str, new: str) -> Wording:
    return _each_part(wording, lambda part: [replace(part, text=part.text.replace(old, new))])


def _add(wording: Wording, after: str, source: str) -> Wording:
    added = read_parts(source)
    return _each_part(wording, lambda part: [part, *added] if after in part.text else [part])


def _first(wording: Wording, key: str, source: str) -> Wording:
    at = _position(wording, key)
    chapter = wording.chapters[at]
    return _swap(wording, at, replace(chapter, parts=(*read_parts(source), *chapter.parts)))


def _remove(wording: Wording, text: str) -> Wording:
    return _each_part(wording, lambda part: [] if text in part.text else [part])


def _section(wording: Wording, after: str, source: str) -> Wording:
    at = _position(wording, after) + 1 if after else 0
    chapters = wording.chapters
    return replace(wording, chapters=(*chapters[:at], *read_chapters(source), *chapters[at:]))


def _drop(wording: Wording, key: str) -> Wording:
    at = _position(wording, key)
    return replace(wording, chapters=wording.chapters[:at] + wording.chapters[at + 1 :])


def _rename(wording: Wording, key: str, heading: str) -> Wording:
    at = _position(wording, key)
    return _swap(wording, at, replace(wording.chapters[at], heading=heading))


def _move(wording: Wording, key: str, after: str) -> Wording:
    moved = wording.chapters[_position(wording, key)]
    rest = replace(wording, chapters=tuple(chapter for chapter in wording.chapters if chapter.key != key))
    at = _position(rest, after) + 1 if after else 0
    return replace(rest, chapters=(*rest.chapters[:at], moved, *rest.chapters[at:]))


def _shift(wording: Wording, text: str, key: str) -> Wording:
    moved = tuple(part for chapter in wording.chapters for part in chapter.parts if text in part.text)
    rest = _remove(wording, text)
    at = _position(rest, key)
    return _swap(rest, at, replace(rest.chapters[at], parts=(*rest.chapters[at].parts, *moved)))


def _numbering(wording: Wording, style: str) -> Wording:
    return replace(wording, numbering=style)


def _title(wording: Wording, title: str) -> Wording:
    return replace(wording, title=title)


def _whole(wording: Wording, source: str) -> Wording:
    return replace(wording, chapters=read_chapters(source))


_OPERATIONS: Mapping[str, Callable[..., Wording]] = {
    "replace": _replace,
    "add": _add,
    "first": _first,
    "remove": _remove,
    "section": _section,
    "drop": _drop,
    "rename": _rename,
    "move": _move,
    "shift": _shift,
    "numbering": _numbering,
    "title": _title,
    "whole": _whole,
}


def _each_part(wording: Wording, change: Callable[[Part], Sequence[Part]]) -> Wording:
    chapters = tuple(
        replace(chapter, parts=tuple(new for part in chapter.parts for new in change(part)))
        for chapter in wording.chapters
    )
    return replace(wording, chapters=chapters)


def _swap(wording: Wording, at: int, chapter: Chapter) -> Wording:
    return replace(wording, chapters=(*wording.chapters[:at], chapter, *wording.chapters[at + 1 :]))


def _position(wording: Wording, key: str) -> int:
    for position, chapter in enumerate(wording.chapters):
        if chapter.key == key:
            return position
    raise BadEdit(f"no section {key!r}; there are {', '.join(chapter.key for chapter in wording.chapters)}")


def date_words(form: str, day: date) -> str:
    """Write a stated date: ``{B}`` month, ``{d}`` day, ``{Y}`` year, ``{m}`` and ``{dd}`` two digits."""
    return form.format(B=day.strftime("%B"), d=day.day, Y=day.year, m=f"{day.month:02}", dd=f"{day.day:02}")
