"""What stands beside a text, told by its words: its date, addresses, copyright, the words of single buttons."""

from __future__ import annotations

import re

from harvest.text.fold import fold
from harvest.text.headings_words import count_words, remember

_MONTH = (
    r"(?:jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?|july?|aug(?:ust|\.)?|"
    r"sept?(?:ember|\.)?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?|janvier|février|mars|avril|mai|juin|juillet|"
    r"août|septembre|octobre|novembre|décembre|januar|februar|märz|juni|juli|oktober|dezember)"
)
_DATE = re.compile(rf"\b(?:19|20)\d\d\b|\b\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}}\b|\b{_MONTH}\W+\d{{1,2}}\b|\d年", re.I)
LONGEST_DATE = 120  # characters of a line that states a date and little else
_DIGIT = re.compile(r"\d")  # that every form of _DATE holds: the cheap test comes first
_DATED = re.compile(
    r"更新|生效|发布|修订|日期|"
    r"\b(?:updated?|modified|revised|revision|effective|amended|published|posted|version|as of|dated?|created|"
    r"mise à jour|version du|stand|aktualisiert|gültig|actualizad[oa]|atualizad[oa]|última|aggiornat[oa]|bijgewerkt|"
    r"gewijzigd|uppdatera[td]|opdateret|oppdatert|päivitetty|güncelle\w*|zaktualizowan\w*|обновлен\w*)\b",
    re.I,
)
_CONTACT = re.compile(
    r"\S@\S|https?://|\bwww\.|\bP\.?\s?O\.?\s+Box\b|"
    r"\b(?:tel|fax|phone|telephone|e-?mail|[Aa]ttn|[Aa]ttention)(?: address)?\s*[.:#]|(?:\d[\s().-]*){7,}|"
    r"\b\d{4}(?:[A-Z]{2}\b| [A-Z]{2} [A-Z][a-z])|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b|\b[A-Z]\d[\dW] ?[A-Z\d]{4}\b|"
    r"\b[A-Z]{2}\s+\d{5}\b|,\s*(?:[A-Z]\w+\s){1,2}\s?\d{5}\b|,\s*\d{4,6}\s+[A-Z]\w|"
    r"\b\d{1,5}\s+(?:[NSEW]\.?\s+)?[A-Z][\w.]*\s+(?:[A-Z][\w.]*\s+)?"
    r"(?:St(?:reet)?|Ave(?:nue)?|R(?:oa)?d|Blvd|Boulevard|Dr(?:ive)?|Lane|Way|Court|Floor|Suite|Square)\b"
)
# One of these or a digit is in all that _CONTACT finds.
_CONTACT_SIGNS = ("@", "://", "www.", "Box", "tel", "fax", "phone", "mail", "att", "Att")
_STREET = re.compile(r"\d{2,5}[A-Z]?(?:-\d+)?,?\s+[A-Z][^.;?!]*$")  # "7412 SW Beaverton Hillsdale Hwy, Suite 102"
_COMPANY = re.compile(r"\b(?:Inc|LLC|L\.L\.C|Ltd|Limited|GmbH|Corp|Corporation|B\.?V|S\.A|Co|PLC|AG)\.?\s*$", re.I)
_TOP = re.compile(
    r"^\W*(?:back\s+to\s+(?:the\s+)?top|(?:return|go)\s+to\s+(?:the\s+)?top|top(?:\s+of\s+(?:the\s+)?page)?)\W*$", re.I
)
_COPYRIGHT = re.compile(r"©|\(c\)\s*(?:19|20)\d\d|\bcopyright\s+(?:©|\(c\)|\d)|all rights reserved", re.I)
_BUTTONS = frozenset(
    "print,home,close,menu,search,login,log in,sign up,sign in,share,next,previous,continue,more".split(",")
)


@remember
def is_date_line(text: str) -> bool:
    """True for a line that states a date of the document ("Last updated: May 2018") and little else."""
    if len(text) >= LONGEST_DATE or not _DIGIT.search(text):
        return False
    return bool(_DATE.search(text)) and (bool(_DATED.search(text)) or count_words(text) <= 4)


def is_bare_date(text: str) -> bool:
    """True for a date and nothing that says of what: "May 2024", as logs of changes name their entries.

    >>> is_bare_date("May 2024"), is_bare_date("Updated May 2024"), is_bare_date("Garden news, May 2024")
    (True, False, False)
    """
    return count_words(text) <= 3 and is_date_line(text) and not _DATED.search(text)


@remember
def is_aside(text: str) -> bool:
    """True for lines beside the text: dates of the document, copyright, back-to-top, the words of single buttons.

    >>> is_aside("Print"), is_aside("Back to the top"), is_aside("© 2004 Acme"), is_aside("Prints and cards")
    (True, True, True, False)
    """
    if is_date_line(text) or _TOP.match(text) or _is_copyright(text):
        return True
    return len(text) < 60 and fold(text) in _BUTTONS


def is_notice(text: str) -> bool:
    """True for lines that stand outside the text: asides and addresses."""
    return is_aside(text) or is_contact(text)


@remember
def is_contact(text: str) -> bool:
    """True for a line of an address: a street, a postcode, a telephone number, an e-mail or web address."""
    return holds_contact(text[:300]) or (len(text) < 80 and bool(_STREET.match(text)))


def holds_contact(text: str) -> bool:
    """True if a telephone number, an e-mail or web address, a postcode or a named street is in a short text."""
    possible = _DIGIT.search(text) or any(map(text.__contains__, _CONTACT_SIGNS))
    return bool(possible and _CONTACT.search(text))


def _is_copyright(text: str) -> bool:
    if text.isascii() and "(" not in text:  # other letters may equal ASCII ones where case does not count
        lower = text.lower()
        return "all rights reserved" in lower or ("copyright" in lower and bool(_COPYRIGHT.search(text)))
    return bool(_COPYRIGHT.search(text))


@remember
def is_company(text: str) -> bool:
    """True for a line that ends as the name of a company does ("… Inc.")."""
    return bool(_COMPANY.search(text[-40:]))
