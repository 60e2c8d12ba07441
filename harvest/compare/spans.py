"""What a stretch of a clause is, beside plain words: a stated date, an address to contact, a number of a section."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import lru_cache

from harvest.compare.hints import hints_in
from harvest.compare.tokens import Tokens
from harvest.text.digits import has_digit

DATE, CONTACT, REFERENCE, LABEL, LEFTOVER = "date", "contact", "reference", "label", "leftover"
Span = tuple[int, int, str]

_MONTH = (
    r"(?:jan(?:uary|uar|vier|eiro)?|feb(?:ruary|ruar)?|fév(?:rier)?|fevereiro|mar(?:ch|s|zo|ço)?|märz|maart|apr(?:il)?"
    r"|avril|abril|aprile|may|mai|mayo|maio|maggio|mei|june?|juni|juin|junio|junho|giugno|july?|juli|juillet|julio"
    r"|julho|luglio|aug(?:ust)?|août|agosto|augustus|sept?(?:ember|embre|iembre)?|setembro|settembre|oct(?:ober|obre"
    r"|ubre)?|okt(?:ober)?|outubro|ottobre|nov(?:ember|embre|iembre|embro)?|dec(?:ember)?|déc(?:embre)?|dez(?:ember"
    r"|embro)?|dic(?:iembre|embre)?|enero|febrero|febbraio|gennaio|januari|februari)\b\.?"
)
# How each of them begins: at a word that begins otherwise no date is looked for.
BEGINNINGS = tuple(
    "jan feb fev fév mar mär maa mai may mag mei apr avr abr jun jui jul jún júi júl giu lug aug aoû ago sep set oct"
    " okt ott out nov dec dez déc déz dic diz ene gen".split()
)
_MONTHS_BEGIN = "|".join(BEGINNINGS)
MONTHS = frozenset(
    "january february march april june july august september october november december januar februar märz mai juni"
    " juli oktober dezember janvier février mars avril juin juillet août septembre octobre novembre décembre"
    " marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
    " enero febrero jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
_DAY = r"\d{1,2}(?:st|nd|rd|th|er|º|\.)?"
_YEAR = r"(?:19|20)\d\d"
_A_DATE = re.compile(
    rf"""(?<!\w)(?=\d|{_MONTHS_BEGIN})(?:
        {_MONTH}\s*(?:{_DAY}(?!\d)\s*,?\s*)?(?:of\s+)?{_YEAR}
      | {_DAY}\s*(?:of\s+|de\s+)?{_MONTH}\s*,?\s*(?:de\s+)?(?:{_YEAR})?
      | {_MONTH}\s+{_DAY}(?![\d.])
      | \d{{1,2}}[/.]{_YEAR}
      | {_YEAR}[-/.]\d{{1,2}}[-/.]\d{{1,2}}(?:T\d\d:\d\d(?::\d\d(?:\.\d{{1,6}})?)?(?:Z|[+-]\d\d:?\d\d)?)?
      | \d{{1,2}}[-/.]\d{{1,2}}[-/.](?:{_YEAR}|\d\d)
      | {_YEAR}(?:\s*[-\u2013,/]\s*(?:{_YEAR}|\d\d))*
    )(?!\w)
    | (?<!\d){_YEAR}\s?[\u5e74\ub144]\s?\d{{1,2}}\s?[\u6708\uc6d4]\s?\d{{1,2}}\s?[\u65e5\uc77c]""",
    re.X | re.I,
)
# A date is a stated one where the words before it say so; any other date is part of what the policy promises.
_STATES = re.compile(
    r"updated?\b|updates\b|\brev\b|revis"
    r"|modif|effective|version|posted|publi[sc]|amended|last chang|as of|dated?\s*:?\s*$"
    r"|in force|copyright|©|\(c\)|℗|all rights reserved|stand\b|gültig|aktuali|geändert|mise à jour|entrée en vigueur"
    r"|actualiza|vigente|vigencia|aggiorna|bijgewerkt|atualiza|última|dernière"
    r"|\u66f4\u65b0|\u751f\u6548|\u53d1\u5e03|\u767c\u5e03|\u65bd\u884c|\u6539\u5b9a|\u5236\u5b9a|\uac1c\uc815|\uc2dc\ud589",
    re.I,
)
_STATES_AFTER = re.compile(r"[\s,.\u2013-]*(?:copyright|©|\(c\)|all rights reserved)", re.I)
_STATES_WITHIN = 60  # characters before a date in which such words must stand

# What follows a street: ", Dublin 2, Ireland", in capitals or with digits, each part up to the next comma or stop.
_PART = r"(?-i:[A-Z][\w.'\u2019-]{0,20}|\d[\w-]{0,8})"
_TOWN = rf"(?:,\s+{_PART}(?:\s{_PART}){{0,2}}(?=\s*(?:[,.;)\n]|$))){{0,4}}"
# Hidden from harvesters: "privacy [at] alder [dot] example".
_AT, _DOT = r"\s?[\[(]\s?at\s?[\])]\s?", r"\s?[\[(]\s?dot\s?[\])]\s?"
STREET = (  # from its last digit on
    r"\d[a-z]?\s+(?:[\w.'\u2019]{1,20}\s+){1,4}(?:street|st|avenue|ave|road|rd|boulevard|blvd|drive|dr|lane"
    r"|ln|way|court|ct|place|pl|parkway|pkwy|square|quay|plaza|terrace|highway|hwy|circle)\b"
)
ROADS = ("Road", "Street", "Avenue", "Quay", "Boulevard", "Parkway")  # of which no number is known
# Each with what a text must have for it to match; where it has not, it is left out: at every word all are tried.
_LINKS, _MAILS, _SHIELDED, _NUMBERS, _TOWNS = 1, 2, 4, 8, 16
_CONTACTS = (
    (_LINKS, r"(?:https?://|www\.)[^\s<>\"]+"),
    (_MAILS, rf"[\w.+-]{{1,64}}+(?:@|{_AT})[\w-]{{1,63}}(?:(?:\.|{_DOT})[\w-]{{1,63}}){{1,8}}"),
    (_SHIELDED, r"\[?\be-?mail[\s\u00a0]protected\b\]?"),  # an address shielded from harvesters by the server
    (
        _LINKS,
        r"(?:[a-z0-9-]{1,40}+\.){1,3}(?:com|net|org|edu|gov|info|biz|io|eu|co\.uk|uk|de|fr|it|nl|ca|au)\b(?:/[^\s]*)?",
    ),
    (_LINKS, r"[\w%-]{1,80}+\.pdf\b"),  # what is left of an address that a line's end cut
    (_NUMBERS, r"\+?\(?\d[\d\s().\u2010-\u2015/-]{5,24}\d(?:\s*(?:ext|x)\.?\s*\d{1,5})?"),
    (_NUMBERS, r"(?:p\.?\s*o\.?\s*box|postfach|suite|floor|apt\.?|unit)\s*\#?\d[\w-]{0,8}"),
    (_NUMBERS, rf"\d{{0,4}}{STREET}\.?{_TOWN}"),
    (0, rf"(?-i:(?:[A-Z][\w'\u2019-]{{1,20}}\s){{1,3}}(?:{'|'.join(ROADS)}))(?=,){_TOWN}"),
    # postal codes of two islands
    (_NUMBERS, r"(?-i:[A-Z]{1,2}\d[\dA-Z]?\s\d[A-Z]{2}|[A-Z]\d[\dW]\s[\dA-Z]{4})\b"),
    # a town may begin at any word, so that this takes as long as the others together
    (_TOWNS, r"(?:[a-z.'\u2019-]{2,20}\s){0,2}[a-z.'\u2019-]{2,20},?\s+[a-z]{2}\.?\s+\d{5}(?:-\d{4})?(?!\d)"),
)
# Nothing without one of these can be a link, a mail address, a reference, a town with its code, a date.
_DOTTED = re.compile(r"\.(?<=\w.)[a-z]", re.I)
_HIDDEN_AT = re.compile(r"[\[(]\s?at\s?[\])]", re.I)
_MAY_BE_REFERENCE = re.compile(r"[\s§](?:(?<=§)|\d|[ivxlcIVXLC]+\b)")
_CODE = re.compile(r"\d\d{4}")
_DIGITS = re.compile(r"\d\d*")  # twice as fast as \d+: a pattern that begins with one sign is looked for by it
# A date has a year, a month beside a day, or three numbers with signs between them.
_BESIDE = 30  # characters between a day and the beginning of its month
_AROUND = 64  # characters on either side of a digit in which a date lies that it is part of
_REFERENCE = re.compile(
    r"""(?:\b(?:sections?|clauses?|paragraphs?|articles?|parts?|items?|points?|appendix|annex|chapter|sub-?sections?
        |abschnitt|ziffer|absatz|artikel|article|sección|apartado|sezione)\s+|§{1,2}\s*)
      (?P<number>(?:\d+[a-z]?|[ivxlc]+)(?:\.\d+)*(?:\s?\([\da-z]{1,3}\))*(?:\s*(?:,|and|or|to|through|[-\u2013&])\s*
        (?:\d+(?:\.\d+)*|[ivx]+)\b(?:\([\da-z]{1,3}\))*)*)\b""",
    re.X | re.I,
)
_PARTS = tuple(
    "section sections clause clauses paragraph paragraphs article articles part parts item items point points appendix"
    " annex chapter abschnitt ziffer absatz artikel sección apartado sezione".split()
)
_CALLED = 20  # characters before a number in which such a word stands
_LABEL = re.compile(
    # "2. 2." where a page numbers its items and their mark-up does, too
    r"(?:\s*(?:\(?(?:\d{1,3}(?:\.\d{1,3})*|[a-z]|[ivxlc]{1,6})[.)](?=\s)|\d{1,3}(?:\.\d{1,3})+(?=\s))){1,3}",
    re.I,
)


# "users[12] see": a mark that leads to a note, beside words.
_NOTE = re.compile(r"\[\d{1,3}\]")
# What is left of a link that began in a paragraph before: "](#annotation-12)"; of one to an address: "(mailto:".
_LEFTOVER = re.compile(r"\]\([^()\s]{0,2000}\)\[?|(?<=\])\[[\w -]{1,60}\]|^\[[\w -]{1,60}\]: \S+$|\(?\bmailto:")
# Mark-up that an extraction took for text: '<img height="1" src="https://a.example/count">'.
TAGS = re.compile(r"</?[a-z][a-z\d]{0,15}(?:\s+[a-z][^<>]{0,2000})?\s?/?>", re.I)
# Of how many a banner asks consent for: "we and our 1,565 partners", "Number of vendors seeking consent: 602".
_PARTNERS = re.compile(
    r"\b(?:our|nos|unseren?|nuestros|nossos|nostri|onze) (?P<many>\d[\d.,]{0,6})"
    r"(?= (?:\w+ )?(?:partners?|vendors|partenaires"
    r"|partnern?|socios|parceiros)\b)|\bnumber of vendors [^:.]{0,60}: (?P<asked>\d{1,6})\b",
    re.I,
)
_CALLED_PARTNERS = ("partner", "vendors", "partenaires", "socios", "parceiros")
# "…, free of charge. e. Deletion": a letter or number of a list inside a paragraph.
_ONE_LABEL = r"\(?(?:[a-z]|\d{1,2})[.)](?=\s*[A-Z])"
_FIRST_LABEL = re.compile(_ONE_LABEL)
_INNER_LABEL = re.compile(rf"[.;:] (?P<label>{_ONE_LABEL})")


@lru_cache(maxsize=4_096)  # the sides of an edited pair are asked for more than once
def spans_of(text: str) -> tuple[Span, ...]:
    """Return the stretches of *text* that are no plain words, as (start, end, what), by start."""
    found: list[Span] = []
    if label := _LABEL.match(text):
        found.append((label.start(), label.end(), LABEL))
    if _may_refer(text):
        found += [(m.start("number"), m.end("number"), REFERENCE) for m in _REFERENCE.finditer(text)]
    if label := _FIRST_LABEL.match(text):
        found.append((label.start(), label.end(), LABEL))
    found += [(m.start("label"), m.end("label"), LABEL) for m in _INNER_LABEL.finditer(text)]
    if "](" in text or "][" in text or "]: " in text or "mailto:" in text:
        found += [(m.start(), m.end(), LEFTOVER) for m in _LEFTOVER.finditer(text)]
    if "<" in text:
        found += [(m.start(), m.end(), LEFTOVER) for m in TAGS.finditer(text)]
    found += [(start, end, LEFTOVER) for start, end in hints_in(text)]
    has_digits = has_digit(text)
    if has_digits:
        found += [(m.start() + 1, m.end() - 1, LABEL) for m in _NOTE.finditer(text)]
        if any(map(text.lower().__contains__, _CALLED_PARTNERS)):
            found += [(*m.span(m.lastgroup or 0), LABEL) for m in _PARTNERS.finditer(text)]
        found += [(m.start(), m.end(), DATE) for m in _dates(text) if _is_stated(text, m.start(), m.end())]
    if kinds := kinds_of_contacts(text, has_digits=has_digits):
        found += [(m.start(), m.end(), CONTACT) for m in _contacts(kinds).finditer(text) if _is_contact(m.group())]
    return tuple(sorted(found))


def kinds_of_contacts(text: str, *, has_digits: bool) -> int:
    """Return which kinds of contacts a text may have; 0: none."""
    is_link = "://" in text or ("." in text and _DOTTED.search(text) is not None)
    is_mail = "@" in text or (("(" in text or "[" in text) and _HIDDEN_AT.search(text) is not None)
    kinds = is_link * _LINKS | is_mail * _MAILS | ("rotected" in text or "ROTECTED" in text) * _SHIELDED
    if has_digits:
        kinds |= _NUMBERS | (_CODE.search(text) is not None) * _TOWNS
    return kinds


@lru_cache(maxsize=32)
def _contacts(kinds: int) -> re.Pattern[str]:
    """Return the pattern of contacts of these kinds."""
    says = "|".join([pattern for kind, pattern in _CONTACTS if kinds & kind == kind])
    begins = r"(?=[\d+(apsfu]|(?-i:[A-Z]))" if kinds == _NUMBERS else ""  # quicker at all other words
    return re.compile(rf"(?<![\w@]){begins}(?:{says})", re.I)


def _may_refer(text: str) -> bool:
    """Return whether a number in *text* stands after a word that sections are called by, or § stands there."""
    for found in _MAY_BE_REFERENCE.finditer(text):
        start = found.start()
        if text[start] == "§" or text[max(0, start - _CALLED) : start].rstrip().lower().endswith(_PARTS):
            return True
    return False


def has_date(text: str) -> bool:
    """Return whether a day, month or year is named in *text*, stated or not."""
    return has_digit(text) and next(_dates(text), None) is not None


def _dates(text: str) -> Iterator[re.Match[str]]:
    """Yield the dates in *text*. Every one has a digit: it is looked for about digits only, a tenth of most texts."""
    start = end = -1
    may_be = False
    for digits in _DIGITS.finditer(text):
        if digits.start() - _AROUND > end:
            if may_be:
                yield from _A_DATE.finditer(text, start, end)
            start, may_be = max(0, digits.start() - _AROUND), False
        end = digits.end() + _AROUND
        may_be = may_be or _may_date(text, digits.start(), digits.end())
    if may_be:
        yield from _A_DATE.finditer(text, start, end)


def _may_date(text: str, start: int, end: int) -> bool:
    """Return whether the digits from *start* to *end* may be the year of a date, or its day."""
    if end - start == 4:
        return text[start : start + 2] in ("19", "20")
    if end - start > 2:
        return not text[start:end].isascii()
    beside = text[end : end + 1] in ("-", "/", ".") and text[end + 1 : end + 2].isdigit()
    return beside or any(map(text[max(0, start - _BESIDE) : end + _BESIDE].lower().__contains__, BEGINNINGS))


def _is_stated(text: str, start: int, end: int) -> bool:
    before = text[max(0, start - _STATES_WITHIN) : start]
    alone = len(text) - (end - start) <= 4  # a clause that is nothing but a date
    return alone or bool(_STATES.search(before)) or bool(_STATES_AFTER.match(text[end : end + 30]))


def _is_contact(found: str) -> bool:
    if found[:1].isdigit() or found[:1] in "+(":
        letters = any(c.isalpha() for c in found)
        return letters or 7 <= sum(c.isdigit() for c in found) <= 15
    return True


def kinds_of_tokens(tokens: Tokens) -> list[str]:
    """Return for each token what it is part of, '' for plain words. A date wins over a contact."""
    kinds = [""] * len(tokens.cores)
    spans = sorted(spans_of(tokens.text), key=lambda span: span[2] != CONTACT)
    if not spans:
        return kinds
    starts = tokens.starts
    for start, end, kind in spans:
        first = max(0, bisect_right(starts, start, hi=len(kinds)) - 1)
        for n in range(first, bisect_left(starts, end, lo=first, hi=len(kinds))):
            if starts[n] + len(tokens.cores[n]) > start:
                kinds[n] = kind
    return kinds
