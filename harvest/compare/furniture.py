"""What stands on a page around its policy: menus, footers, lists of contents.

Extraction leaves them out where it sees the page. In texts that others extracted, and on pages without structure, they
come and go with the layout of the site. Below the last sentence nothing is furniture on its looks alone: a menu (links
that touch), a copyright line or links about the site itself must show that the page's footer was caught.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from typing import NamedTuple

from harvest.compare.controls import is_control, is_feedback
from harvest.compare.made import made_of
from harvest.compare.menus import (
    HEADING,
    Place,
    Short,
    is_glued_menu,
    menu_of,
    repeats_of,
    runs_of,
    short_lines,
)
from harvest.compare.spans import has_date
from harvest.compare.tokens import count_words
from harvest.model import Clause, Section

# A label is read in one way: up to its first letter, then on to its end. With two ways for each letter of it, a row of
# twelve links that was followed by words was tried in 10¹⁰ ways (a newspaper's footer).
_TOUCHING = re.compile(r"\]\([^()\s]*\)\[[^\]\w]*\w")
_LINK = re.compile(r"\[([^\]]*)\]\([^()]*\)")
# Four and more; commas would make a list of them.
_ROW_OF_LINKS = re.compile(r"(?:[\s|·•›»/>*-]{0,4}\[[^\]\w]*\w[^\]]*\]\([^()\s]*\)){4,}[\s|·•›»/>*-]{0,4}")
_ENDS = re.compile(r"[.!?:;…。！？；：][\W_]*$")
_COPYRIGHT = re.compile(r"©|\(c\)\s|\bcopyright\b|\ball rights reserved\b", re.I)
_PROSE_WORDS = 8  # a shorter line may be a label, whatever it ends with
_LABEL_WORDS = 6  # "Do not sell my personal information"
_COPYRIGHT_WORDS = 15
_SAID_WORDS = 6  # "This cookie is for site analytics" stands in a table as often as it is true
_EVERYWHERE = 5  # times the same short line stands on one page: the way back, a player, a mark for readers
_WHOLE_LINK = re.compile(r"\[[^\]]*\]\((?:https?:)?//(?P<host>[^/()\s]+)[^()\s]*\)")
_BELOW_QUESTION = 40  # lines; one that says as much as the second of these is a part of the policy
_LABEL_WORDS_ASKED = 24
_LEAST_LINKS = 3
_AWAY = 200  # lines at an end of a page that are looked at: lists of languages have up to 110 (seen)


class _Line(NamedTuple):
    section: int
    clause: int
    text: str
    markdown: str
    words: int
    kind: str = "paragraph"


def furniture_of(sections: Sequence[Section], short: Sequence[Short] | None = None) -> dict[int, frozenset[int]]:
    """Return which lines of a text are furniture: by section, the places of clauses (or `HEADING`). Menus apart.

    *short*: `short_lines` of each section, if the caller has them: sections come back from text to text.
    """
    short = [short_lines(section) for section in sections] if short is None else short
    lead, tail = _end(_lines(sections)), _end(_lines_back(sections))
    places = [*((line.section, line.clause) for line in (*_above(lead), *_below(tail))), *_blocks(sections, short)]
    found: dict[int, set[int]] = {}
    for number, place in (*places, *_controls(sections, short), *_asked(sections), *made_of(sections, short)):
        found.setdefault(number, set()).add(place)
    return {number: frozenset(places) for number, places in found.items()}


def folded_away(sections: Sequence[Section]) -> frozenset[Place]:
    """Return the lines of a text that are furniture beyond doubt, for whoever shows changes one by one.

    Not the labels above the first sentence: the title of the policy is one of them.
    """
    short = [short_lines(section) for section in sections]
    return frozenset(
        (*_blocks(sections, short), *_controls(sections, short), *_asked(sections), *made_of(sections, short))
    )


def is_too_long(text: str, words: int, longest: int) -> bool:
    """True for a line that cannot be among those of its page that are `folded_away`: prose, for the most part.

    *longest*: the `longest_repeat` of the page.
    """
    return words > _LABEL_WORDS_ASKED and len(text) > longest


def is_menu(markdown: str) -> bool:
    """True for a line of links that touch one another or stand in a row, and nothing that is said.

    >>> is_menu("[About](https://a.example/about)[Careers](https://a.example/jobs)")
    True
    """
    if "](" not in markdown:
        return is_glued_menu(markdown)
    if _ENDS.search(markdown):
        return False
    if not _TOUCHING.search(markdown):
        return _ROW_OF_LINKS.fullmatch(markdown) is not None
    linked = sum(count_words(words) for words in _LINK.findall(markdown))
    return 2 * linked >= count_words(_LINK.sub(r" \1 ", markdown))


def _lines(sections: Sequence[Section]) -> Iterator[_Line]:
    for number, section in enumerate(sections):
        if section.heading:
            yield _Line(number, HEADING, section.heading, section.heading, count_words(section.heading))
        for place, clause in enumerate(section.clauses):
            yield _line(number, place, clause)


def _lines_back(sections: Sequence[Section]) -> Iterator[_Line]:
    for number in range(len(sections) - 1, -1, -1):
        section = sections[number]
        for place in range(len(section.clauses) - 1, -1, -1):
            yield _line(number, place, section.clauses[place])
        if section.heading:
            yield _Line(number, HEADING, section.heading, section.heading, count_words(section.heading))


def _line(number: int, place: int, clause: Clause) -> _Line:
    return _Line(number, place, clause.text, clause.markdown, count_words(clause.text), clause.kind)


def _end(lines: Iterable[_Line]) -> list[_Line]:
    """Return the lines at an end of the page before anything is said."""
    found: list[_Line] = []
    for line in lines:
        if len(found) == _AWAY:
            return []
        if _says(line):
            return found
        found.append(line)
    return []  # nothing is said on the whole page: a list is all there is


def _says(line: _Line) -> bool:
    return (
        line.words >= _PROSE_WORDS and _ENDS.search(line.text) is not None and not is_copyright(line.text, line.words)
    )


def _above(lead: Sequence[_Line]) -> list[_Line]:
    """Return the labels above the first sentence: title, masthead, the way to the page. Dates are none."""
    return [line for line in lead if line.words <= _LABEL_WORDS and not has_date(line.text)]


def _below(tail: Sequence[_Line]) -> list[_Line]:
    """Return the footer of the page, from its end upwards: labels up to the topmost line that shows what they are.

    Above that line names of languages or countries may stand, as paragraphs; items of a list there are the policy's.
    """
    hosts = [match["host"] for line in tail if (match := _WHOLE_LINK.fullmatch(line.markdown))]
    about = len(hosts) >= _LEAST_LINKS and len(set(hosts)) == 1  # links within one site: not a list of partners

    def is_link(line: _Line) -> bool:
        return about and _WHOLE_LINK.fullmatch(line.markdown) is not None

    labels = takewhile(lambda line: line.words <= _LABEL_WORDS or _shows_footer(line) or is_link(line), tail)
    lines = list(labels)
    top, shown = -1, 0
    for at, line in enumerate(lines):
        shown += is_link(line) or _shows_footer(line)
        if _shows_footer(line) or (is_link(line) and 2 * shown > at):  # a list with a link here and there is none
            top = at
    if top < 0:
        return []
    above = takewhile(lambda line: line.kind == "paragraph", lines[top + 1 :])
    return [
        line for line in (*lines[: top + 1], *above) if is_copyright(line.text, line.words) or not has_date(line.text)
    ]


def _shows_footer(line: _Line) -> bool:
    return is_menu(line.markdown) or is_copyright(line.text, line.words)


def _controls(sections: Sequence[Section], short: Sequence[Short]) -> Iterator[Place]:
    """Yield buttons and signs of the page: by their words, or since the same short line stands everywhere."""
    for number, section in enumerate(sections):
        if section.heading and (is_control(section.heading) or is_feedback(section.heading)):
            yield number, HEADING
    times = Counter([text for lines in short for _, text in lines])
    everywhere = {text for text, count in times.items() if count >= _EVERYWHERE and count_words(text) < _SAID_WORDS}
    for number, lines in enumerate(short):
        for place, text in lines:
            if text in everywhere or is_control(text):
                yield number, place


def _blocks(sections: Sequence[Section], short: Sequence[Short]) -> Iterator[Place]:
    yield from repeats_of(sections)
    for run in runs_of(sections, short):
        yield from menu_of(run)


def _asked(sections: Sequence[Section]) -> list[Place]:
    """Return what stands below the last question whether the page was of help, with the question."""
    found: list[Place] = []
    for line in _lines_back(sections):
        found.append((line.section, line.clause))
        if is_feedback(line.text):
            return found
        if len(found) == _BELOW_QUESTION or line.words > _LABEL_WORDS_ASKED:
            return []
    return []


def is_copyright(text: str, words: int) -> bool:
    """True for the short line that claims a page at its foot. *words*: how many it has."""
    return words <= _COPYRIGHT_WORDS and _COPYRIGHT.search(text) is not None
