"""Days as people write them, in the languages policies are written in, to dates."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import islice

# Month names and abbreviations of Latin, Cyrillic and Greek scripts; forms that two languages share mean the same.
_MONTHS = (
    "january jan januar janvier janv jänner enero ene gennaio gen janeiro january januari tammikuuta tammikuu stycznia "
    "styczeń ocak января январь ledna leden január ianuarie ιανουαρίου",
    "february feb febr febuary februar février févr fevrier febrero febbraio fevereiro fev februari helmikuuta "
    "helmikuu lutego "
    "luty şubat февраля февраль února únor február februarie φεβρουαρίου",
    "march mar märz maerz mrz mars marzo março marco maart marts maaliskuuta maaliskuu marca marzec mart марта март "
    "března březen március martie μαρτίου",
    "april apr avril avr abril abr aprile april huhtikuuta huhtikuu kwietnia kwiecień nisan апреля апрель dubna duben "
    "április aprilie απριλίου",
    "may mai mayo maggio mag maio mei maj toukokuuta toukokuu maja mayıs мая май května květen május μαΐου",
    "june jun juni juin junio giugno giu junho kesäkuuta kesäkuu czerwca czerwiec haziran июня июнь června červen "
    "június iunie ιουνίου",
    "july jul juli juillet juil julio luglio lug julho heinäkuuta heinäkuu lipca lipiec temmuz июля июль července "
    "červenec július iulie ιουλίου",
    "august aug août aout agosto ago augustus augusti elokuuta elokuu sierpnia sierpień ağustos августа август srpna "
    "srpen augusztus αυγούστου",
    "september sept sep septmeber septembre septiembre setiembre settembre set setembro syyskuuta syyskuu września "
    "wrzesień "
    "eylül сентября сентябрь září szeptember septembrie σεπτεμβρίου",
    "october oct oktober okt octobre octubre ottobre ott outubro out lokakuuta lokakuu października październik ekim "
    "октября октябрь října říjen október octombrie οκτωβρίου",
    "november nov novembre noviembre novembro marraskuuta marraskuu listopada listopad kasım ноября ноябрь listopadu "
    "noiembrie νοεμβρίου",
    "december dec dezember dez décembre déc decembre diciembre dic dicembre dezembro joulukuuta joulukuu grudnia "
    "grudzień aralık декабря декабрь prosince prosinec decembrie δεκεμβρίου",
)
MONTH_OF = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_MONTH = r"([^\W\d_]{3,12})(?!\w)\.?"  # any word so long: looking it up is quicker than 150 alternatives, four times
_DAY = r"(\d{1,2})\s?(?:st|nd|rd|th|er|re|[ºª°.])?"
_YEAR = r"((?:19|20)\d\d|['’]\d\d)(?!\d)"
_OF = r"(?:\s*[,./-]\s*|\s+)(?:(?:of|de|del|di|den|the|in|von)\s+)?"

_DAY_FIRST = re.compile(rf"(?<![\w.-]){_DAY}{_OF}{_MONTH}{_OF}{_YEAR}", re.I)
_MONTH_FIRST = re.compile(rf"(?<!\w){_MONTH}\s*[,.-]?\s*(?:the\s+)?{_DAY}(?!\d)\s*(?:of\s+|[,./-]\s*)?{_YEAR}", re.I)
_YEAR_FIRST = re.compile(rf"(?<!\w){_YEAR}{_OF}{_MONTH}\s*[,.-]?\s*{_DAY}(?!\w)", re.I)
_MONTH_ONLY = re.compile(rf"(?<!\w){_MONTH}{_OF}{_YEAR}", re.I)
_ISO = re.compile(r"(?<![\d./-])((?:19|20)\d\d)\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{1,2})(?!\d)")
_NUMBERS = re.compile(r"(?<![\d./-])(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?((?:19|20)\d\d|\d\d)(?!\d|[./-]\d)")
_COMPACT = re.compile(r"(?<![\d./-])((?:19|20)\d\d)(0[1-9]|1[0-2])([0-2]\d|3[01])(?!\d|[./-]\d)")
_EAST = re.compile(r"((?:19|20)\d\d)\s*[年년]\s*(\d{1,2})\s*[月월](?:\s*(\d{1,2})\s*[日일])?")
_MONTH_NUMBER = re.compile(r"(?<![\d./-])(\d{1,2})\s?[/.-]\s?((?:19|20)\d\d)(?![\d/-])")
_PATTERNS = (
    (_DAY_FIRST, "dmy"),
    (_MONTH_FIRST, "mdy"),
    (_YEAR_FIRST, "ymd"),
    (_EAST, "east"),
    (_ISO, "iso"),
    (_COMPACT, "compact"),
    (_NUMBERS, "numbers"),
    (_MONTH_ONLY, "my"),
    (_MONTH_NUMBER, "number"),
)
_YEARISH = re.compile(r"(?<!\d)(?:19|20)\d\d(?:[01]\d[0-3]\d)?(?!\d)|(?<=['’/.-])\s?\d\d(?!\d)")
_MAX_YEARS = 40  # in one line; a line with more is a table of laws


@dataclass(frozen=True, slots=True)
class Written:
    """A day found in a text: its value and where its words stand. *day* is the first of the month where only the
    month is written."""

    day: date
    start: int
    end: int
    exact: bool = True


def find_days(text: str, language: str = "", *, day_first: bool | None = None) -> list[Written]:
    """All days written in *text*, in order; overlapping readings are resolved to the longest.

    ``3/4/2010`` is the 4th of March where *language* is English (or unknown) and the 3rd of April elsewhere, unless
    one of the numbers or *day_first* decides. What is no day (``31/31/2010``) is left out.
    """
    if day_first is None:
        day_first = language not in ("en", "")
    found: list[Written] = []
    for start, end in _windows(text):
        for pattern, order in _PATTERNS:
            for match in pattern.finditer(text, start, end):
                day = _value(match, order, day_first)
                if day and not any(match.start() < one.end and one.start < match.end() for one in found):
                    exact = order not in ("my", "number") and not (order == "east" and not match[3])
                    found.append(Written(day, match.start(), match.end(), exact))
    return sorted(found, key=lambda one: one.start)


def _windows(text: str) -> list[tuple[int, int]]:
    """Where days may be: around what looks like a year. The patterns are slow, and text is long."""
    windows: list[tuple[int, int]] = []
    for match in islice(_YEARISH.finditer(text), _MAX_YEARS):
        start, end = max(0, match.start() - 32), match.end() + 18
        if windows and start <= windows[-1][1]:
            windows[-1] = (windows[-1][0], end)
        else:
            windows.append((start, end))
    return windows


_UNION_LAW = re.compile(r"\b(?:EU|EC|EEC|European|Directive|Regulation|Council|Commission|GDPR|Decision)\b")
_CITED = 100  # characters before the day in which a law is named
# Where people write English, or pages have it beside their own language, and the day stands first.
_DAY_FIRST_LANDS = frozenset(
    "uk gb ie au nz in za sg my hk ng ke gh mt cy pk bd lk jm tt eu de at ch fr be nl lu es it pt gr se no dk fi pl cz "
    "sk hu ro bg hr si ee lv lt br mx ar cl pe tr il".split()
)


def day_stands_first(texts: Iterable[str], *, region: str = "", host: str = "") -> bool | None:
    """Say whether numeric dates of a document put the day first, by what speaks for it; None where nothing does.

    *texts*: its lines. A date that can be read in one way only decides for the others; then how its days stand to the
    names of their months ("21 June 2004"; Union law is cited so everywhere); then the *region* of its language
    ("en-GB"), then the land that its *host* is in. ``.io``, ``.co`` and the like are no lands.
    """
    lines = list(texts)
    votes = [first > 12 for text in lines for first, second in _numeric(text) if (first > 12) != (second > 12)]
    if votes and len(set(votes)) == 1:
        return votes[0]
    named = [] if votes else [vote for text in lines for vote in _named(text)]
    if named and max(named.count(True), named.count(False)) * 4 >= len(named) * 3:  # one may be a quotation
        return named.count(True) * 2 > len(named)
    land = re.split("[-_]", region.lower())[-1] if "-" in region or "_" in region else ""
    if land in ("us", "ph"):
        return False
    return True if land in _DAY_FIRST_LANDS or host.rpartition(".")[2].lower() in _DAY_FIRST_LANDS else None


def _named(text: str) -> Iterable[bool]:
    """Whether the day stands first, for each date with the name of its month that is no citation of Union law."""
    for start, end in _windows(text):
        for match in _DAY_FIRST.finditer(text, start, end):
            if not _UNION_LAW.search(text[max(0, match.start() - _CITED) : match.start()]):
                yield True
        for _ in _MONTH_FIRST.finditer(text, start, end):
            yield False


def _numeric(text: str) -> Iterable[tuple[int, int]]:
    """The first two numbers of each numeric date that is no version number."""
    for match in islice(_NUMBERS.finditer(text), _MAX_YEARS):
        if match[2] != ".":
            yield int(match[1]), int(match[3])


def _value(match: re.Match[str], order: str, day_first: bool) -> date | None:
    try:
        if order == "dmy":
            return _date(short_year(match[3]), MONTH_OF[match[2].lower()], int(match[1]))
        if order == "mdy":
            return _date(short_year(match[3]), MONTH_OF[match[1].lower()], int(match[2]))
        if order == "ymd":
            return _date(short_year(match[1]), MONTH_OF[match[2].lower()], int(match[3]))
        if order == "my":
            return _date(short_year(match[2]), MONTH_OF[match[1].lower()], 1)
        if order == "east":
            return _date(int(match[1]), int(match[2]), int(match[3] or 1))
        if order == "iso":
            return _date(int(match[1]), int(match[3]), int(match[4]))
        if order == "compact":
            return _date(int(match[1]), int(match[2]), int(match[3]))
        if order == "number":
            return _date(int(match[2]), int(match[1]), 1)
        return _numbers(int(match[1]), match[2], int(match[3]), short_year(match[4]), day_first)
    except (ValueError, KeyError):
        return None


def _numbers(first: int, separator: str, second: int, year: int, day_first: bool) -> date | None:
    if first > 12 or (second <= 12 and (day_first or separator == ".")):
        return _date(year, second, first)
    return _date(year, first, second)


def short_year(text: str) -> int:
    """Return the year of "2021" or "21": two digits are 1960 to 2059."""
    text = text.strip("'’")
    if len(text) == 4:
        return int(text)
    return 2000 + int(text) if int(text) < 60 else 1900 + int(text)


def _date(year: int, month: int, day: int) -> date | None:
    """A day of the web's years; None for the rest (laws of 1978, licences until 2099)."""
    return date(year, month, day) if 1994 <= year <= 2040 else None
