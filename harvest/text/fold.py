"""The comparison form of a string, and headings split into number and title.

Two strings that a reader would call the same fold to the same string. Folded text is for comparing only: it is
never shown and never stored as anybody's words.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_QUOTES = dict.fromkeys(map(ord, "‘’‚‛ʼʹ′`´＇"), "'") | dict.fromkeys(map(ord, "“”„‟«»″〝〞＂"), '"')
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹘﹣－"), "-")
# Invisible in any browser, yet left in pages by editors: soft hyphen, zero-width characters, direction marks, BOM.
_INVISIBLE = dict.fromkeys(
    [0xAD, 0x180E, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065)]
)
_WIDE = {0xFF01 + sign: 0x21 + sign for sign in range(94)} | {0x3000: 0x20}  # full-width signs and their usual forms
_TABLE = _QUOTES | _DASHES | _INVISIBLE

_ROMAN = r"(?=[ivxlc])(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})"
_UNIT = (
    r"(?:section|article|part|chapter|clause|annexe?|appendix|schedule|exhibit|abschnitt|artikel|kapitel|teil|anhang|"
    r"titre|chapitre|artículo|sección|capítulo|cláusula|anexo|articolo|sezione|artigo|seção|hoofdstuk|bijlage|avsnitt|"
    r"punkt|madde|rozdział)"
)
_VALUE = rf"(?:\d{{1,3}}[a-z]?|\d{{1,3}}(?:\.\d{{1,3}})*|{_ROMAN}|[a-z])"
_WORD = r"(?:(?:1|i)er|premi[eè]re?|one|two|three|four|five|six|seven|eight|nine|ten)"
_EAST = r"[一二三四五六七八九十百\d]{1,4}"
_NAMED = rf"(?:{_UNIT}\s+(?:{_VALUE}|{_WORD})|§§?\s*\d{{1,4}}|第{_EAST}[条條章节節款項项部]|제\s?\d{{1,3}}\s?[조장항])"
# What may stand before a title. A bare number or letter needs a full stop, bracket or dash after it ("7 days" has
# none); a decimal number ("3.1 Cookies") and a named or § number do not, nor does 第一条.
_NUMBER = re.compile(
    rf"""\s*(?P<number>
        {_UNIT}\s+(?:{_VALUE}|{_WORD}) (?=\s*[.):\-–—]|\s+(?-i:[^\W\d_a-z])|\s+\() [.)]?
      | §§?\s*\d{{1,4}}[a-z]?(?:\.\d{{1,3}})*
      | \d{{1,3}}(?:\.\d{{1,3}})+[a-z]?
      | \d{{1,3}}(?:\.\d{{1,3}})*\.[a-z](?:\.(?:[ivx]{{1,5}}|[a-z]|\d{{1,2}}))? (?=[.)\s])
      | \(\s*{_VALUE}\s*\) | \d{{1,2}}[°º] (?=\s)
      | {_VALUE} (?=\s?[.)]|\s?[:\-–—]\s)
      | 第{_EAST}[条條章节節款項项部] | 제\s?\d{{1,3}}\s?[조장항] | [(（]{_EAST}[)）] | {_EAST} (?=、)
    )
    (?: \s*[.):\-–—、]+ (?=\s|$|[^\W\d_]{{2}}|["'“‘(\[])
      | (?<=[)）条條章节節款項项部조장항]) | (?=\s|(?-i:(?![\x00-\u2fff])\w)) )\s*""",
    re.X | re.I,
)
# A letter or a Roman number counts only where a word ends behind it.
_PLAIN = re.compile(rf"(?!(?:{_UNIT}|[ivxlc]+)\b)[a-zà-ÿ]{{2}}|[a-z] [a-z]", re.I)
_ALONE = re.compile(rf"{_NAMED}\s*[.):\-–—]?", re.I)
SHORT = 300
"""Characters up to which what was found out about a string is remembered: titles come back within a text, and texts
come back from capture to capture. Longer strings are seen once, and would fill the memory."""
FAMILIAR = 2000
"""Characters up to which the reading of a whole paragraph is remembered, from one capture of a policy to the next."""
_UNSEEN = re.compile(f"[{''.join(map(chr, _INVISIBLE))}]+")


def fold(text: str) -> str:
    """Return the form of *text* in which typography, case and numbering do not count.

    NFKC, straight quotes, plain hyphens, invisible characters dropped, case folded, a number at the start dropped,
    white space collapsed. Idempotent; '' for text that is nothing but numbering or space.

    >>> fold("3.1  “Your” Choices – Cookies ")
    '"your" choices - cookies'
    """
    return _fold_short(text) if len(text) <= SHORT else _fold_all(text)


def squash(text: str) -> str:
    """Return *text* without invisible characters, with every run of white space made one space.

    >>> squash(" a\\u00a0 b\\n")
    'a b'
    """
    # what is printable holds no invisible character and no white space but the blank; both tests are cheap
    if "  " not in text and text[:1] != " " and text[-1:] != " " and text.isprintable():
        return text
    return " ".join((text if text.isascii() or text.isprintable() else _UNSEEN.sub("", text)).split())


def split_number(heading: str) -> tuple[str, str]:
    """Split a heading into its number, without the punctuation around it, and its title.

    A heading that is nothing but a number keeps it as its title, since a section needs a name.

    >>> split_number("3.1 Cookies"), split_number("(a) Links"), split_number("Section 2 – Use")
    (('3.1', 'Cookies'), ('a', 'Links'), ('Section 2', 'Use'))
    """
    return _split_short(heading) if len(heading) <= SHORT else _split(heading)


def begins_plainly(text: str) -> bool:
    """True for what begins with a word that counts nothing, as most clauses do, and has no number; False is no answer.

    >>> begins_plainly("We keep it"), begins_plainly("Section a"), begins_plainly("a) keep it"), begins_plainly("iv.")
    (True, False, False, False)
    """
    return _PLAIN.match(text) is not None


def is_named_number(text: str) -> bool:
    """True for the number of a part of a document and nothing else: "Section 2", "Article 5 –", "第一条"."""
    return len(text) <= 30 and _ALONE.fullmatch(text) is not None


def _split(heading: str) -> tuple[str, str]:
    heading = squash(heading)
    match = _match_number(heading if heading.isascii() else heading.translate(_WIDE), 0)
    if match is None:
        return "", heading
    number = heading[match.start("number") : match.end("number")].strip().strip("()（）").rstrip(".").strip()
    return number, heading[match.end() :].strip()


_split_short = lru_cache(maxsize=4096)(_split)


def _match_number(text: str, start: int) -> re.Match[str] | None:
    """Match a number at *start* of *text* that something follows; 80 characters are enough for any."""
    match = _NUMBER.match(text, start, start + 80)
    return match if match and match.end() < len(text) else None


def _fold_all(text: str) -> str:
    while True:
        folded = _fold_once(text)
        if folded == text or (folded.isascii() and _PLAIN.match(folded)):
            return folded  # nothing of it folds again
        text = folded


_fold_short = lru_cache(maxsize=4096)(_fold_all)


def _fold_once(text: str) -> str:
    # of the signs in the table the grave accent alone is ASCII
    plain = text.replace("`", "'") if text.isascii() else unicodedata.normalize("NFKC", text).translate(_TABLE)
    return _drop_numbers(_drop_numbers(squash(plain)).casefold())


def _drop_numbers(text: str) -> str:
    start = 0
    while not _PLAIN.match(text, start) and (match := _match_number(text, start)):
        start = match.end()
    return text[start:].strip()
