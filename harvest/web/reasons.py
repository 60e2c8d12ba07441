"""How pages say why a change is of its tier: what data counts by the names of kinds, in English."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

#: Kinds as a reason counts them that are not of clauses.
COUNTED_WORDS: Mapping[str, tuple[str, str]] = {
    "heading-renamed": ("heading renamed", "headings renamed"),
    "heading-renumbered": ("heading renumbered", "headings renumbered"),
    "heading-added": ("heading added", "headings added"),
    "heading-removed": ("heading removed", "headings removed"),
    "section-added": ("section added", "sections added"),
    "section-removed": ("section removed", "sections removed"),
    "section-moved": ("section moved", "sections moved"),
}
_OF_CLAUSES = "added|removed|edited|moved|moved-edited|split|merged"
_COUNTED = re.compile(rf"([0-9]+) ({'|'.join(COUNTED_WORDS)}|{_OF_CLAUSES})")
_PARTS = re.compile(r"(.*?)((?:: |; |$).*)", re.DOTALL)
_LONG_NUMBER = re.compile(r"\b\d{5,9}\b|\b\d{4}(?= (?:words?\b|clauses |edited|added|removed|moved|of these))")
#: What a change is the share of, at the end of its part of a reason.
_SHARE = re.compile(r"(\d% of \d+)(?=;|$)")
_PERCENT = re.compile(r"(?<=\d)%")
_OF_THEM = re.compile(r"(\d+) of them(?= stand| elsewhere)")
_WORD_COUNTS = re.compile(r"(^|: |; )\d+ words? (?:added|removed)(?:, \d+ removed)?(, |: |; |$)")


def reason(text: str) -> str:
    r"""Write the reason of a tier without the names that data has for kinds of changes.

    >>> reason("1 edited, 2 section-added: 52 words added")
    '1 clause edited, 2 sections added: 52 words added'
    >>> reason("2 added, 1 heading-renamed, 1 moved-edited, 3 removed: nothing above order")
    '2 clauses added, 1 heading renamed, 1 clause moved and edited, 3 removed: nothing more than order'
    >>> reason("1500 edited: 61002 words added")
    '1,500 clauses edited: 61,002 words added'
    >>> reason("1 edited: 1 word added, 0 removed, 0.0% of both texts")
    '1 clause edited: 1 word added, 0 removed, less than 0.1\xa0% of both texts'
    >>> reason("2 words added, 0 removed: 7% of 28; link targets too")
    '2 words added, 0 removed: 7\xa0% of 28 words; link targets too'
    """
    parts = _PARTS.match(text)
    told = _SHARE.sub(r"\1 words", _kinds_counted(parts[1]) + parts[2] if parts else text)
    told = _OF_THEM.sub(r"\1 of these words", told).replace("has all of them ", "has all these words ")
    told = told.replace("nothing above ", "nothing more than ").replace(" 0.0% of ", " less than 0.1% of ")
    # of four digits some are years
    return _LONG_NUMBER.sub(lambda found: f"{int(found[0]):,}", _PERCENT.sub("\u00a0%", told))


@lru_cache(maxsize=5_000)  # a dozen searches in it; most changes say what others say
def why(text: str) -> str:
    r"""Write a reason beside which the words that came and went are counted: without these counts.

    >>> why("4 added, 1 edited: 26 words added, 24 removed, 0.8% of both texts; 1900 of them stand elsewhere")
    '4 clauses added, 1 edited; 0.8\xa0% of both texts; 1,900 of these words stand elsewhere'
    >>> why("a clause became a heading; 2 words added, 0 removed: 7% of 28")
    'a clause became a heading; 7\xa0% of 28 words'
    >>> why("3 words added"), why("1 word added, 19 removed: 59% of 34"), why("typography only")
    ('', '59\xa0% of 34 words', 'typography only')
    """
    return reason(_WORD_COUNTS.sub(lambda found: "; " if found[1] and found[2] else "", text))


def _kinds_counted(text: str) -> str:
    """Name what is counted: data names headings and sections, and leaves clauses out."""
    told, of_clauses = [], False
    for each in text.split(", "):
        found = _COUNTED.fullmatch(each)
        if found is None:
            return text
        count, kind = int(found[1]), found[2]
        if kind in COUNTED_WORDS:
            told.append(f"{count} {COUNTED_WORDS[kind][count != 1]}")
        else:
            noun = "" if of_clauses else "clause " if count == 1 else "clauses "
            told.append(f"{count} {noun}{kind.replace('-', ' and ')}")
        of_clauses = kind not in COUNTED_WORDS
    return ", ".join(told)
