"""The spelling of an English word that does not tell where it was printed: "organisation" and "organization" alike.

Pages for other readers differ by it, and what it says is the same. Told by the endings of words and by lists of stems:
an ending alone would make one word of "filed" and "filled".
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

_OUR = re.compile(
    r"(armo|behavio|cando|clamo|colo|demeano|endeavo|favo|flavo|glamo|fervo|harbo|hono|humo|labo|neighbo|odo|parlo|ranco"
    r"|rigo|rumo|savio|savo|splendo|tumo|valo|vapo|vigo)ur"
)
# Verbs in -ise that have no other form ("exercise") get another ending on both sides, which does no harm.
_ISE = re.compile(r"(?<=[a-z]{2})([iy])s(?=(?:e|ed|es|er|ers|ing|ings|able|ation|ations|ational|ationally|ement)$)")
_DOUBLED = re.compile(
    r"((?:^|un|re|mis|pre)(?:cancel|channel|counsel|dial|enrol|equal|fuel|fulfil|initial|instal|jewel|label|level"
    r"|libel|marshal|model|panel|pencil|rival|signal|skil|snorkel|stencil|total|towel|travel|tunnel|wil))"
    r"l(?=(?:$|s$|ed|er|ing|ment|ful|ation|ist|ery))"
)
_RE = re.compile(r"(calib|cent|fib|lit|lust|maneuv|met|sab|scept|somb|spect|theat)re(?=$|s$)")
_RED = re.compile(r"(cent|lust|maneuv)red$")
_OGUE = re.compile(r"(?<=(?:ana|ata|dia|ono)l)ogue(?=$|s$|d$)")
_ENCE = re.compile(r"^((?:un)?licen|defen|offen|preten)c(?=e$|es$|ed$|ing$|ees?$|ors?$|eless$)")
_AE = re.compile(r"(?:(?<=encyclop)|(?<=^p)|(?<=^orthop)|(?<=^an)|(?<=^arch)|(?<=^h)|(?<=^gyn))ae(?=d|sth|olog|m|col)")
_WORDS = {
    "acknowledgement": "acknowledgment",
    "acknowledgements": "acknowledgments",
    "ageing": "aging",
    "aluminium": "aluminum",
    "artefact": "artifact",
    "artefacts": "artifacts",
    "enquire": "inquire",
    "enquiries": "inquiries",
    "enquiry": "inquiry",
    "foetal": "fetal",
    "foetus": "fetus",
    "grey": "gray",
    "jewellery": "jewelry",
    "judgement": "judgment",
    "judgements": "judgments",
    "manoeuvre": "maneuvre",
    "manoeuvres": "maneuvres",
    "mould": "mold",
    "plough": "plow",
    "practise": "practice",
    "practised": "practiced",
    "practises": "practices",
    "practising": "practicing",
    "programme": "program",
    "programmes": "programs",
    "pyjamas": "pajamas",
    "sceptical": "skeptical",
}


# Verbs and nouns in -ise all over the world.
_ALWAYS_ISE = re.compile(
    r"(?:^|re|un)(?:adm|adv|advert|appra|ar|bru|chast|chem|circumc|cl|compr|comprom|conc|cru|dem|desp|dev|disgu"
    r"|enterpr|exc|exerc|expert|franch|gu|improv|inc|l|likew|mo|no|otherw|parad|po|pra|prec|prem|pr|prom|ra|rev|r|supervi"
    r"|superv|surm|surpr|telev|treat|v|w)is"
)
_SIZE = re.compile(r"(?:^|re|down|over|up|cap)(?:siz|seiz|priz|citiz|matz|gaz)")
_OR = re.compile(r"(?:behavi|col|fav|flav|hon|hum|lab|neighb|rum|harb|endeav)or(?!ar|at|if|i[ac])")
_Z = re.compile(r"(?<=[a-z]{3}[iy])z(?=(?:e|ed|es|er|ers|ing|able|ation|ations|ational|ationally)$)")
_L = re.compile(r"(?:cancel|label|model|travel|fuel|signal|channel|counsel|marshal|level)(?:ed|ing|er|ers)$")
_ER = re.compile(r"(?:cent|theat|calib|fib)ers?$")


def read_spelling(folded: str) -> tuple[str, int, int]:
    """Return a folded line with each word in its plain spelling; how many are spelled as in Britain, and in America."""
    words = [*map(_spelled, folded.split())]
    where = [word[1] for word in words if word[1]]
    return " ".join([word[0] for word in words]), where.count("british"), where.count("american")


@lru_cache(maxsize=50_000)
def _spelled(word: str) -> tuple[str, str]:
    return plain_spelling(word), printed_in(word)


@lru_cache(maxsize=50_000)  # the vocabulary of policies is small
def plain_spelling(word: str) -> str:
    """Return a folded word as it is spelled for comparing, wherever it was printed.

    >>> plain_spelling("organisations") == plain_spelling("organizations")
    True
    >>> [plain_spelling(word) for word in ("filled", "filed", "your", "labelling", "centre", "licence")]
    ['filled', 'filed', 'your', 'labeling', 'center', 'license']
    """
    if len(word) < 4 or not word.isascii():
        return word
    word = _WORDS.get(word, word)
    word = _OUR.sub(r"\1r", word)
    word = _ISE.sub(r"\1z", word)
    word = _DOUBLED.sub(r"\1", word)
    word = _RED.sub(r"\1ered", _RE.sub(r"\1er", word))
    word = _OGUE.sub("og", word)
    word = _ENCE.sub(r"\1s", word)
    return _AE.sub("e", word)


@lru_cache(maxsize=50_000)
def printed_in(word: str) -> Literal["", "british", "american"]:
    """Say where a folded word was printed, if its spelling tells.

    >>> printed_in("personalised"), printed_in("personalized"), printed_in("exercised")
    ('british', 'american', '')
    """
    if len(word) < 5 or not word.isascii():
        return ""
    if plain_spelling(word) != word:
        return "" if _ALWAYS_ISE.match(word) else "british"
    if (_Z.search(word) and not _SIZE.match(word)) or _OR.search(word) or _L.search(word) or _ER.search(word):
        return "american"
    return ""
