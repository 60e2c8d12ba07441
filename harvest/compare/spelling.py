"""The spelling of an English word that does not tell where it was printed: "organisation" and "organization" alike.

Pages for other readers differ by it, and what it says is the same. Told by the endings of words and by lists of stems:
an ending alone would make one word of "filed" and "filled".
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

# Stems of one word each in two spellings; what tells the American one apart stands beside the pattern that undoes the
# British one, made of the same stems.
_OUR_STEMS = (
    r"armo|behavio|cando|clamo|colo|demeano|endeavo|favo|flavo|glamo|fervo|harbo|hono|humo|labo|neighbo|\bodo|parlo"
    r"|ranco|rigo|rumo|savio|savo|splendo|tumo|valo|vapo|vigo"
)
_OUR = re.compile(rf"({_OUR_STEMS})ur")
# Not "Colorado", "honorary", "collaborate", "ad valorem", "honorific", "memorial", "humorist", "vaporize", "vigorous".
_OR = re.compile(rf"(?:{_OUR_STEMS})r(?!ad|ar|at|em|if|i[acsz]|os|ous)")
# Verbs in -ise that have no other form ("exercise") get another ending on both sides, which does no harm.
_ISE = re.compile(r"(?<=[a-z]{2})([iy])s(?=(?:e|ed|es|er|ers|ing|ings|able|ation|ations|ational|ationally|ement)$)")
_IZE = re.compile(r"(?<=[a-z]{3}[iy])z(?=(?:e|ed|es|er|ers|ing|able|ation|ations|ational|ationally)$)")
# In -ise, with two l, in -ogue and in -ize all over the world.
_ALWAYS_BRITISH = re.compile(
    r"(?:un|re)?(?:enrol|fulfil|instal|skil|wil)l|cancellation|(?:dia|mono|epi|pro)logue|(?:analy|cri)ses$"
    r"|(?:^|re|un|im)(?:adm|adv|advert|appra|ar|bru|chast|chem|circumc|cl|compr|comprom|conc|cru|dem|desp|dev|disgu"
    r"|enterpr|exc|exerc|expert|franch|fundra|gu|improv|inc|l|lia|likew|merchand|mo|no|otherw|parad|po|pra|prec|prem|pr|prom|ra|rev"
    r"|r|supervi|superv|surm|surpr|telev|torto|treat|v|w)is"
)
_ALWAYS_AMERICAN = re.compile(r"(?:^|re|down|over|up|cap)(?:siz|seiz|priz|citiz|matz|gaz)")
_L_STEMS = (
    r"(?:^|un|re|mis|pre)(?:cancel|channel|counsel|dial|enrol|equal|fuel|fulfil|initial|instal|jewel|label|level"
    r"|libel|marshal|model|panel|pencil|rival|signal|skil|snorkel|stencil|total|towel|travel|tunnel|wil)"
)
_DOUBLED_L = re.compile(rf"({_L_STEMS})l(?=(?:$|s$|ed|er|ing|ment|ful|ation|ist|ery))")
_ONE_L = re.compile(rf"{_L_STEMS}(?:ed|ing|ers?)$")
# The other way round: Britain fulfils where America fulfills, and both have fulfilled.
_FULFIL = re.compile(
    r"(?:un|re)?(?:(?:enro|fulfi)l(?P<more>l?)(?=s?$)|(?:enro|fulfi|insta|ski|wi)l(?P<most>l?)(?=ment|ful))"
)
_RE_STEMS = r"calib|cent|fib|theat"  # of the others the form in -er is a word of both: "meter", "cluster"
_RE = re.compile(rf"({_RE_STEMS}|lit|lust|maneuv|met|sab|scept|somb|spect)re(?=$|s$)")
_ER = re.compile(rf"(?:{_RE_STEMS})ers?$")
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
    word = _DOUBLED_L.sub(r"\1", word)
    word = _RED.sub(r"\1ered", _RE.sub(r"\1er", word))
    word = _OGUE.sub("og", word)
    word = _ENCE.sub(r"\1s", word)
    return _AE.sub("e", word)


def is_spelled_alike(word: str, other: str) -> bool:
    """Return whether two folded words are one in two spellings; most that are not begin with other letters.

    >>> is_spelled_alike("organise", "organize"), is_spelled_alike("grey", "gray"), is_spelled_alike("our", "your")
    (True, True, False)
    """
    if word == other:
        return True
    if word[:1] != other[:1] and word not in _WORDS and other not in _WORDS:
        return False  # of all spellings those of whole words alone begin otherwise
    return plain_spelling(word) == plain_spelling(other)


def printed_in(word: str) -> Literal["", "british", "american"]:
    """Say where a folded word was printed, if its spelling tells.

    >>> printed_in("personalised"), printed_in("personalized"), printed_in("exercised")
    ('british', 'american', '')
    """
    if len(word) < 5 or not word.isascii():
        return ""
    if told := _FULFIL.match(word):
        return "american" if told["more"] or told["most"] else "british"
    if plain_spelling(word) != word:
        return "" if _ALWAYS_BRITISH.match(word) else "british"
    if (
        (_IZE.search(word) and not _ALWAYS_AMERICAN.match(word))
        or _OR.search(word)
        or _ONE_L.search(word)
        or _ER.search(word)
    ):
        return "american"
    return ""
