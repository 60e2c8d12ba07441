"""Tables of contents: lists of short lines that come back, in order, as the headings of the text below.

What a contents list names is a heading of the first order, however it is marked up; its entries themselves are not,
nor is the label above them.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from harvest.text.fold import fold, split_number
from harvest.text.headings_lines import Line, strip_ornament
from harvest.text.headings_words import remember

_SHORTEST = 3  # entries: two lines that recur are a coincidence
_LONGEST_ENTRY = 150  # characters; longer ones are entries where a heading of the same words follows
# What a contents list is called; alone on a line, such a label is no heading, whether its list is still there or not.
_LABEL = re.compile(
    r"(?:table of )?contents(?: list)?|index|on this page|in this (?:policy|notice|statement|document|article)|"
    r"(?:list of |key )?topics|quick (?:links|navigation)|jump to|inhalt(?:sverzeichnis|sübersicht)?|übersicht|"
    r"sommaire|table des matières|índice|contenidos?|indice|sommario|sumário|conteúdo|inhoud(?:sopgave)?|"
    r"innehåll(?:sförteckning)?|indhold(?:sfortegnelse)?|innhold(?:sfortegnelse)?|sisällys(?:luettelo)?|spis treści|"
    r"i̇?çindekiler|obsah|tartalom(?:jegyzék)?|cuprins|содержание|оглавление|目录|目錄|目次|목차"
)
_LOST = 80  # characters that the key of a line may lack: its number, signs and white space
_SIGNS = re.compile(r"[\W_]+")
_JOINER = re.compile(r" (?:and|or)$")


@dataclass(frozen=True, slots=True)
class Contents:
    """Indexes of the lines that are *entries* of a contents list, and of those *listed* in one.

    *listed* gives the depth of the entry and the parts of its outline number: 2 for "3.1 Cookies", 0 for none.
    """

    entries: frozenset[int] = frozenset()
    listed: dict[int, tuple[int, int]] = field(default_factory=dict)


@lru_cache(maxsize=4096)
def title_key(text: str) -> str:
    """Return the form in which an entry and its heading are the same: folded, without signs or a final "and"."""
    return _JOINER.sub("", _SIGNS.sub(" ", fold(strip_ornament(text))).strip())


@remember
def labels_contents(title: str) -> bool:
    """True for what a table of contents is called, and nothing else: "Contents:", "On this page", "Sommaire"."""
    return len(title) <= 40 and _LABEL.fullmatch(title_key(title)) is not None


def find_contents(lines: Sequence[Line], headings: Iterable[int]) -> Contents:
    """Find runs of at least 3 short lines most of which come back later in the document, in order, as *headings*.

    *headings*: indexes of lines that look like headings. What such a list names is a heading even if it did not look
    like one, where it stands between the headings that its neighbours name. Linear but for the lookups.
    """
    places: dict[str, list[int]] = {}
    for index in headings:
        places.setdefault(title_key(lines[index].text), []).append(index)
    longest = max(_LONGEST_ENTRY, max(map(len, places), default=0) + _LOST)
    keys = [_entry_key(line, places) if len(line.text) <= longest else "" for line in lines]
    plain: dict[str, list[int]] = {}
    for index, key in enumerate(keys):
        plain.setdefault(key, []).append(index)
    entries: set[int] = set()
    listed: dict[int, tuple[int, int]] = {}
    start = 0
    while start < len(lines):
        end, seen = start, set[str]()
        while end < len(lines) and keys[end] and keys[end] not in seen:
            seen.add(keys[end])
            end += 1
        matched = _match_in_order(range(start, end), keys, places, end)
        run = range(min(matched), max(matched) + 1) if matched else range(0)
        if len(matched) >= _SHORTEST and len(matched) * 5 >= len(run) * 3:
            matched |= _match_between(range(start, end), keys, plain, matched)
            entries.update(range(min(matched), max(matched) + 1))
            for entry, heading in matched.items():
                listed.setdefault(heading, (lines[entry].depth, _parts(lines[entry])))
        start = max(end, start + 1)
    return Contents(frozenset(entries), listed)


def _parts(entry: Line) -> int:
    number = split_number(entry.text)[0].rpartition(" ")[2]
    return number.count(".") + 1 if number[:1].isdigit() else 0


def _entry_key(line: Line, places: Mapping[str, Sequence[int]]) -> str:
    """The form of a line that may be an entry; '' for others."""
    text = line.text
    if line.kind not in ("item", "paragraph") or len(text) > 500:
        return ""
    key = title_key(text)
    return key if (len(text) <= _LONGEST_ENTRY and text.count(" ") < 16) or key in places else ""


def _match_between(
    run: range, keys: Sequence[str], plain: Mapping[str, Sequence[int]], matched: Mapping[int, int]
) -> dict[int, int]:
    """Return for entries without a heading the one line of their words between those that their neighbours name."""
    found: dict[int, int] = {}
    following: dict[int, int] = {}  # for each entry the heading that the next one names
    for entry in reversed(run):
        following[entry] = matched.get(entry + 1, following.get(entry + 1, 0))
    after = run.stop
    for entry in run:
        if entry in matched:
            after = matched[entry] + 1
            continue
        before = following[entry]
        known = plain.get(keys[entry], ())
        position = bisect_left(known, after)
        if position < len(known) and known[position] < before:
            found[entry] = known[position]
    return found


def _match_in_order(run: range, keys: Sequence[str], places: Mapping[str, Sequence[int]], after: int) -> dict[int, int]:
    """Return for lines of *run* the heading each names, the first after that of the entry before it."""
    matched: dict[int, int] = {}
    for entry in run:
        known = places.get(keys[entry], ())
        position = bisect_left(known, after)
        if position < len(known):
            matched[entry] = known[position]
            after = known[position] + 1
    return matched
