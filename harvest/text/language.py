"""The language of a text."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

_CODE = re.compile(r"^([a-z]{2})(?:[-_].*)?$")
_WORDS = re.compile(r"[^\W\d_]+")
_PUNCTUATION = "’‘“”–—•\xa0«»…·®©™§"  # of texts whose letters are ASCII
# Where all is ASCII, words are what is left when the rest is blank: twice as fast.
_BLANK = {sign: sign if chr(sign).isalpha() else " " for sign in range(128)}
_SAMPLE = 5_000  # characters
_DOUBTFUL = 1200  # resiliparse's measure of doubt: real policies score below 1,000, tables of names above
# Languages that a script gives away, most telling first.
_SCRIPTS = (
    ("ja", "\u3040", "\u30ff", 0.05),
    ("ko", "\uac00", "\ud7af", 0.2),
    ("zh", "\u3400", "\u9fff", 0.2),
    ("el", "\u0370", "\u03ff", 0.3),
    ("he", "\u0590", "\u05ff", 0.3),
    ("th", "\u0e00", "\u0e7f", 0.3),
)
_BEYOND_LATIN = re.compile("[\u0370-\U0010ffff]")  # what comes after the letters of Europe's West
_FEW = min(share for *_, share in _SCRIPTS)
# Words that carry no subject; the commonest of each language, without those that its neighbours share.
_COMMON = {
    "en": "the of and to you we your our that for is are or with this by not any may from will have which be",
    "de": "der die und das wir sie ist nicht ihre von mit für auf dem den werden wird oder eine zu bei durch sich",
    "fr": "le les des et nous vous votre vos que est pas pour dans une sont nos par sur avec ces qui leur aux peut",
    "es": "el los las y usted su sus que es no para en una con por del lo se como nuestros más cuando puede o al",
    "pt": "os as e você seu sua seus que é não para em uma com por do da no na dos das ao nossos mais quando pode ou",
    "it": "il gli le e che di non per una con sono nostri suoi della dei delle del nel alla si può sito lei ci da i",
    "nl": "de het een en wij u uw van dat niet voor op met die zijn worden aan ook door bij onze of om deze als te",
    "af": "die en nie van is ons jou jy wat vir om te hierdie sal met op aan of as deur kan word wees ook ander dit sy",
    "sv": "och att det som vi du din på är för med av inte den till om från eller kan vår våra dina dig har ett",
    "da": "og at det som vi du din på er for med af ikke den til om fra eller kan vores dine dig har et hvis når",
    "no": "og at det som vi du din på er for med av ikke den til om fra eller kan vår våre dine deg har et hvis når",
    "fi": "ja on ei että se tai voi olla emme kun sekä ovat tämä jos joka voimme mukaan sinun sinulle kanssa ole",
    "pl": "i w na z do się że nie jest oraz dla przez lub są o od państwa nas które jako tym może po dane tych",
    "cs": "a v na se že je pro nebo jsou s z o které jako může vaše naše od k být pokud tyto osobních při není",
    "hu": "a az és hogy nem egy is vagy meg ezt az ön mi által ha azt csak kell lehet valamint illetve során ezek",
    "ro": "și de la în pe cu că nu este sunt sau pentru care din prin dumneavoastră noastre vă ne unui ale acest",
    "tr": "ve bir bu için ile olarak veya de da olan sizin siz biz kişisel tarafından gibi daha kadar her ne olduğu",
}
# Further languages that resiliparse may name; of constructed and very small ones it sees too many.
_OTHERS = frozenset(
    "ru uk bg sr mk be hr sl sk et lv lt is ga cy eu ca gl sq az ka hy ar fa ur hi bn ta te ml mr gu kn pa vi id ms tl"
    " sw mt".split()
)


def _by_word() -> dict[str, list[str]]:
    """For each common word the languages that have it."""
    speakers: dict[str, list[str]] = {}
    for language, words in _COMMON.items():
        for word in words.split():
            speakers.setdefault(word, []).append(language)
    return speakers


_SPEAKERS = _by_word()
_LEAST = 0.12  # share of common words in running text of a language: 0.25 to 0.5; in another language below 0.1


def detect_language(text: str, declared: str = "") -> str:
    """The ISO 639-1 code of *text*'s language, '' where nothing can be said.

    *declared* is what the page says of itself (``en-GB``); it decides only where the text does not: pages are
    copied with the ``lang`` of another. The script, then the commonest words, then resiliparse's statistics decide.
    """
    return _detect(text[:_SAMPLE], declared_code(declared))


@lru_cache(maxsize=64)  # many captures of a policy begin alike
def _detect(sample: str, said: str) -> str:
    plain = sample.lower()
    if not plain.isascii():
        for sign in _PUNCTUATION:
            plain = plain.replace(sign, " ")
    words = plain.translate(_BLANK).split() if plain.isascii() else _WORDS.findall(plain)
    letters = sum(map(len, words))
    if letters < 20:
        return said
    foreign = _BEYOND_LATIN.findall(sample) if not sample.isascii() else []
    for language, first, last, share in _SCRIPTS if len(foreign) > _FEW * letters else ():
        if sum(1 for sign in foreign if first <= sign <= last) > share * letters:
            return language
    by_words = _by_common_words(words, said)
    return by_words or _by_statistics(sample, len(words), said)


def declared_code(declared: str) -> str:
    """The two-letter code in a language tag such as ``en-US``; '' for anything else."""
    match = _CODE.match(declared.strip().lower())
    return match[1] if match else ""


def _by_common_words(words: list[str], said: str) -> str:
    """The language whose commonest words fill the text; the declared one where two are close."""
    hits = dict.fromkeys(_COMMON, 0)
    for word, count in Counter(filter(_SPEAKERS.__contains__, words)).items():
        for language in _SPEAKERS[word]:
            hits[language] += count
    first, second = sorted(hits, key=lambda language: (-hits[language], language))[:2]
    if len(words) < 8 or hits[first] < _LEAST * len(words):
        return ""
    if said == second and hits[second] > 0.97 * hits[first]:
        return second
    return first


def _by_statistics(sample: str, words: int, said: str) -> str:
    if words < 8:
        return said
    from resiliparse.parse.lang import detect_fast

    code, doubt = detect_fast(sample)
    if code not in _OTHERS or (doubt > _DOUBTFUL and said):
        return said
    if (code, said) == ("id", "ms"):  # Malay is taken for Indonesian, which it is nearly (resiliparse 2.0)
        return said
    return str(code)
