"""The date a policy states of itself: "Last updated …", "Effective …", "Stand: …", "Dernière mise à jour …".

Words that state a date (``stated_words``) must stand next to a day (``stated_days``), in a short line of their own or
in a sentence about the document itself. Dates of laws, of earlier versions and of users' contracts are not it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import accumulate

from harvest.model import Block, Section, StatedDate
from harvest.text.stated_days import Written, day_stands_first, find_days
from harvest.text.stated_words import CUES, FOREIGN, GAP, SUBJECT, may_state

_SHORT = 110  # characters: a line of its own ("This policy was last updated on …" has 60)
_HEAD, _TAIL = 14, 10  # lines at the top and bottom of a policy where its date usually stands
_WORTH = {"updated": 3.0, "effective": 2.0, "published": 1.0}
_MAX_LINE = 3000
# The first digit of a line, and the rest of it. Digits of the scripts that dates are read in.
_DIGIT = re.compile(r"[0-9\u0660-\u0669\u06f0-\u06f9\uff10-\uff19][^\n]*")
_ASCII_DIGIT = re.compile(r"[0-9][^\n]*")
# A year, or the end of a date. That it begins with one set of signs makes the search for it five times as fast.
_YEAR = re.compile(r"[\d'’](?:(?<=\d)(?:\d{3}|[./' ’-]\s?\d\d)|(?<=['’])\d\d)")
_NUMERIC = re.compile(r"\d[/-]\s?\d{1,2}\s?[/-]\s?\d\d")
_SCOPE = re.compile(r"(?: date)? (?:in|outside|for|within)\b[^.:;!?\d]{2,50}:\s*", re.I)  # "Effective in the EEA: …"
Reader = Callable[[str], list[Written]]
_ALONE = 40  # characters: a line that may hold a day and nothing else
_REACH = 120  # characters before a day in which its stating words must begin


_find_known_days = lru_cache(maxsize=2_048)(find_days)  # lines with a date stand in many captures of a policy


@dataclass(frozen=True, slots=True)
class _Candidate:
    score: float
    at: int
    stated: StatedDate


def stated_date(
    parts: Sequence[Block | Section | str], language: str = "", *, region: str = "", host: str = ""
) -> StatedDate | None:
    """The date a text states of itself; None where it states none.

    *parts* are blocks, sections or lines in reading order. Whether 3/4 is in March or April is decided by other dates
    of the text, the *region* in the language the page declares ("en-GB"), its *host*, then by *language*. Where
    several are stated, the update wins over coming into effect, a line of its own over a sentence, the top and bottom
    of the text over its middle, then the first. ``day`` is the first of the month where only the month is written;
    ``words`` are the stating words and the date as written.
    """
    lines = _lines(parts)
    counted = [(at, lines[at]) for at in _counted(lines)]
    read = _reader([line for _, line in counted], language, region, host)
    found: list[_Candidate] = []
    for at, line in counted:
        if _YEAR.search(line):
            before = _tidy(lines[at - 1]) if at else ""
            found += _in_line(_tidy(line), before, at, len(lines), read)
    if found:
        return max(found, key=lambda one: (one.score, -one.at)).stated
    return _bare([_tidy(line) for line in lines[:5]], read)


def _counted(lines: Sequence[str]) -> list[int]:
    """Where the lines with digits are. One search through all of them takes half the time of one in each."""
    text = "\n".join(lines)
    ends = list(accumulate(map((1).__add__, map(len, lines))))
    # asking each character for its decimal value takes twice as long
    digits = (_ASCII_DIGIT if text.isascii() else _DIGIT).finditer(text)
    return [bisect_right(ends, match.start()) for match in digits]


def _reader(lines: Sequence[str], language: str, region: str, host: str) -> Reader:
    """Return what finds the days of a line; *lines* are those with digits.

    Only English leaves open which number of a date is the day.
    """
    order: bool | None = None
    if language in ("en", "") and any(_holds_numeric(line[:_MAX_LINE]) for line in lines):
        order = day_stands_first(map(_tidy, lines), region=region, host=host)
    return partial(_find_known_days, language=language, day_first=order)


def _holds_numeric(line: str) -> bool:
    return line.count("/") + line.count("-") >= 2 and _NUMERIC.search(line) is not None


def _lines(parts: Iterable[Block | Section | str]) -> list[str]:
    lines: list[str] = []
    for part in parts:
        if isinstance(part, str):
            texts = [part]
        elif isinstance(part, Block):
            texts = [part.text]
        else:
            texts = [f"{part.number} {part.heading}".strip(), *(clause.text for clause in part.clauses)]
        for text in texts:
            lines += filter(str.strip, text.split("\n"))
    return lines


def _tidy(line: str) -> str:
    return " ".join(line[:_MAX_LINE].split())


def _in_line(line: str, before: str, at: int, lines: int, read: Reader) -> Iterable[_Candidate]:
    if len(line) >= _ALONE and not may_state(line):
        return
    days = read(line)
    if not days:
        return
    cued = False
    for day in days:
        start, end = max(0, day.start - _REACH), day.end + _REACH // 3
        if not may_state(line[start:end]):
            continue
        for kind, pattern in CUES:
            for match in pattern.finditer(line, start, end):
                cued = True
                if day.end <= match.start() and _has_its_own(line, match.end(), days):
                    continue
                words = _stating(line, day, match.start(), match.end())
                if words and _is_own(line, day, match.start(), at, lines, kind):
                    yield _Candidate(_score(kind, line, day, at, lines), at, StatedDate(day.day, kind, words))
    if not cued and len(line) < _ALONE and len(before) < 60 and GAP.match(line[: days[0].start].lower()):
        yield from _in_joined(f"{before} {line}", before, at, lines, read)  # the words stand on the line above


def _has_its_own(line: str, end: int, days: Sequence[Written]) -> bool:
    """True where a day follows the stating words: "Version: July 5, 2017. Updated on: July 6, 2017"."""
    return any(0 <= day.start - end <= 70 and GAP.match(line[end : day.start].lower()) for day in days)


def _in_joined(joined: str, before: str, at: int, lines: int, read: Reader) -> Iterable[_Candidate]:
    days = read(joined)
    for kind, pattern in CUES:
        for match in pattern.finditer(before):
            words = _stating(joined, days[0], match.start(), match.end()) if days else ""
            if words and GAP.match(before[match.end() :].lower()):
                yield _Candidate(_score(kind, joined, days[0], at, lines), at, StatedDate(days[0].day, kind, words))


def _stating(line: str, day: Written, start: int, end: int) -> str:
    """The words from the stating ones to the day, or from the day to them; '' where they are not neighbours."""
    between = line[end : day.start] if end <= day.start and day.start - end <= 70 else None
    label = start < 4 and len(line) <= _SHORT
    if between is not None and (GAP.match(between.lower()) or (label and _SCOPE.fullmatch(between))):
        return line[start : day.end]
    if day.end <= start and start - day.end <= 4 and len(line) < 80 and not line[day.end : start].strip(" (,:–-"):
        return line[day.start : end]
    return ""


def _is_own(line: str, day: Written, start: int, at: int, lines: int, kind: str) -> bool:
    """True where the date is the document's own."""
    first = min(start, day.start)
    begin = _sentence_start(line, first)
    sentence = line[begin : day.end].lower()
    lead = line[begin:first].lower()
    if FOREIGN.search(lead) and not (SUBJECT.search(lead[-40:]) and not FOREIGN.search(lead[-25:])):
        return False
    if kind == "published" and len(line) - max(start, day.end) > 60 and not SUBJECT.search(sentence):
        return False  # "As of May 25, 2018, the new law gives you …"
    if len(line) <= _SHORT and (first < 12 or at < _HEAD or at >= lines - _TAIL):
        return True
    if first == 0 or not lead.strip(" *_(["):
        return len(sentence) <= _SHORT
    return SUBJECT.search(sentence) is not None


def _sentence_start(line: str, at: int) -> int:
    return (
        max(line.rfind(". ", 0, at), line.rfind("! ", 0, at), line.rfind("? ", 0, at), line.rfind("。", 0, at), -1) + 1
    )


def _score(kind: str, line: str, day: Written, at: int, lines: int) -> float:
    score = _WORTH[kind]
    if len(line) <= _SHORT:
        score += 3
    if at < _HEAD or at >= lines - _TAIL:
        score += 1.5
    return score + 0.2 * day.exact


def _bare(lines: Sequence[str], read: Reader) -> StatedDate | None:
    """A day alone on the line under the title. With its weekday it is the page's clock."""
    for at, line in enumerate(lines[1:4], 1):
        days = read(line)
        if len(days) != 1 or len(line) > 32 or not SUBJECT.search(lines[at - 1].lower()) or len(lines[at - 1]) > 80:
            continue
        day = days[0]
        rest = (line[: day.start] + line[day.end :]).strip(" ()[]–-.,|*_")
        if not rest:
            return StatedDate(day.day, "published", line[day.start : day.end])
    return None
