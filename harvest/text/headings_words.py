"""What a short string looks like by its words: a title, a sentence, a question, a lead-in to a list.

English words decide only where mark-up does not; other languages are judged by punctuation, length and case.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache, wraps
from itertools import islice
from typing import TypeVar

from harvest.text.fold import SHORT, fold
from harvest.text.scripts import count_east

ENDS = (".", ":", ";", "!", "?", "…", "。", "：", "；", "！", "？")  # of sentences and lead-ins, full-width ones too
_UNSPACED = re.compile(r"[\u0e00-\u0eff]")  # Thai and Lao, beside those of the Far East

_STOPS = (".", "!", ";")  # one of which is in all ASCII that _INNER finds
_INNER = re.compile(r"[^\W\d_]{3,}[.!;]\s+[^\W\d_]|[。！？；]\w|，\w")  # the end of a sentence, and more text
# A title names a thing; these begin a sentence or an instruction.
_OPENERS = frozenset(
    "we i it they he she you this these those there that if when while as by in for from at on to with without because "
    "since although please note click see read visit thank welcome and or but so however also additionally "
    "furthermore write call send mail avoid never always ensure any all some such under upon during after before "
    "unless except depending according where".split()
)
_VERBS = frozenset(
    "is are was were am be been will shall may might can cannot could would should must do does did don't doesn't has "
    "have had isn't aren't won't includes include including applies contains provides describes explains means".split()
)
_COMMONEST = frozenset("the and of to we you your".split())
_ASKING = frozenset(
    "how what why when where who whom whose which whether do does is are can will may should did".split()
)
# "Occasionally, we …"; and the last words of a phrase that a list completes.
_ADVERB = re.compile(r"[^\W\d_]+ly,|[^,.]{1,60}, (?:we|you|they|it|your|our)\b", re.I)
_PENDING = frozenset("to that and or of for with by as from when if following follows below the a".split())
_PENDING |= frozenset(  # in French, German, Spanish, Italian and Dutch
    "de du des les le la à aux pour par sur dans et ou que qui avec zu zum zur der das den dem und oder für mit von "
    "bei di del della per che con el los las para y van het een voor te met".split()
)
_RELATIVE = frozenset("that which who whom we you i it they he she".split())
_SMALL = frozenset(
    "a an and as at but by for from in into is it of on or our the their to via vs we with you your".split()
)
_LEAD_INS = re.compile(
    r"^(?:for (?:example|instance|more)|in (?:addition|particular|general|short)|specifically|namely|however|examples?|"
    r"(?:last )?(?:updated|modified|revised|effective|posted|published)(?: date| on| as of)?|version|"
    r"note|please note|important|warning|the following|as follows|such as|including|e\.?g|i\.?e|that is|p\.?s|n\.?b|"
    r"(?:e-?)?mail|phone|tel|fax|address|date|attn|name|website|url|by (?:e-?mail|phone|mail|post)|"
    r"yes|no|of course|or|and|but|so|then|thus|also|otherwise|finally|further|moreover)$"
)


Judgement = TypeVar("Judgement")


def remember(judge: Callable[[str], Judgement]) -> Callable[[str], Judgement]:
    """Return a pure function that remembers what it said of short strings."""
    known = lru_cache(maxsize=4096)(judge)

    @wraps(judge)
    def judged(text: str) -> Judgement:
        return known(text) if len(text) <= SHORT else judge(text)

    return judged


@remember
def count_words(text: str) -> int:
    """Return how long a text is in words, for judging only: two characters of an unspaced script count as one."""
    words = text.split()
    signs = [word for word in words if not (word[0].isalnum() or any(map(str.isalnum, word)))]
    count = len(words) - len(signs)
    return count if text.isascii() else count + (len(_UNSPACED.findall(text)) + count_east(text)) // 2


def reads_english(texts: Iterable[str]) -> bool:
    """True if a document is in English, by its commonest words; what the word lists of this module are made for."""
    counts = [_commonest(text[:150]) for text in islice(texts, 400)]
    return sum([commonest for commonest, _ in counts]) * 12 >= sum([words for _, words in counts])


@lru_cache(maxsize=8192)  # lines come back from capture to capture
def _commonest(text: str) -> tuple[int, int]:
    """Return how many of the commonest words a text has, and how many words."""
    words = text.casefold().split()
    return sum(map(_COMMONEST.__contains__, words)), len(words)


@remember
def is_capitals(text: str) -> bool:
    """True where most words are in capitals ("COMMUNICATIONS BETWEEN Example.com AND YOU")."""
    words = [word for word in text.split() if sum(char.isalpha() for char in word) >= 2]
    letters = sum(char.isalpha() for char in text)
    capital = sum(1 for word in words if word.upper() == word and word.lower() != word)
    return letters >= 3 and bool(words) and capital * 10 >= len(words) * 7


@remember
def is_title_case(text: str) -> bool:
    """True where every word of weight begins with a capital."""
    words = [word.strip("\"'“”‘’()[]") for word in text.split()]
    weighty = [word for word in words if word[:1].isalpha() and word.casefold() not in _SMALL]
    return bool(weighty) and all(word[0].isupper() for word in weighty)


@remember
def is_sentence(text: str) -> bool:
    """True for what says something rather than names something: several sentences, or a finite verb and a full stop."""
    if holds_sentences(text) and count_words(text) > 8:
        return True
    return text.rstrip("\"'”’) ").endswith((".", "!", ";", ",", "。", "；", "！", "，")) and (
        count_words(text) > 14 or says_something(text)
    )


def holds_sentences(text: str) -> bool:
    """True if a sentence ends in the middle of a text."""
    possible = not text.isascii() or any(map(text[:-1].__contains__, _STOPS))
    return possible and bool(_INNER.search(text))


@remember
def says_something(text: str) -> bool:
    """True if an English phrase has a finite verb of its own, or opens as a sentence or instruction does.

    Verbs inside "how …", "what …" and after "that", "we", "you" are part of a name: "How we use cookies".
    """
    words = [word.strip(".,:;!?\"'“”‘’()").casefold() for word in text.split()]
    words = [word for word in words if word]
    if len(words) < 2 or words[0] in _ASKING:
        return False
    if re.split("['’]", words[0])[0] in _OPENERS or _ADVERB.match(text) or words[-1] in _VERBS or words[-1] in _PENDING:
        return True
    own = [n for n, word in enumerate(words) if word in _VERBS and (n == 0 or words[n - 1] != "to")]
    return bool(own) and not any(word in _RELATIVE for word in words[1 : own[0]])


def is_asking(text: str) -> bool:
    """True for questions and for phrases that begin like one: "How we share your data"."""
    words = text.split(maxsplit=1)
    return bool(words) and (text.endswith("?") or words[0].casefold().strip("¿\"'“") in _ASKING)


@remember
def has_verb(text: str) -> bool:
    """True if any word is an auxiliary verb: the strict test, for lines that end as sentences do."""
    return any(word.strip(".,;()").casefold() in _VERBS for word in text.split())


@remember
def is_lead_in(text: str) -> bool:
    """True for labels that announce rather than name: "For example", "Note", "E-mail"."""
    return bool(_LEAD_INS.match(fold(text).strip(" .:?!*-")))


@remember
def names_policy(text: str) -> bool:
    """True for what a document itself is called: "Privacy Policy", "Example Terms of Service"."""
    return count_words(text) <= 12 and bool(_DOCUMENT.search(text))


# What policies are called, in the languages they are written in.
_DOCUMENT = re.compile(
    r"\b(?:privacy|cookies?|security|data protection)\b.{0,40}"
    r"\b(?:policy|policies|statement|notice|agreement|questions and answers)\b|"
    r"\b(?:acceptable|fair) use policy\b|\bterms\b.{0,20}\b(?:of (?:service|use)|conditions|use)\b|"
    r"\bdatenschutz(?!beauf)|\bnutzungsbedingungen|\bpolitique (?:de|relative|sur)\b|\bmentions légales|"
    r"\bconditions (?:générales|d.utilisation)|\bpolítica de\b|\baviso (?:legal|de privacidad)|\btérminos (?:y|de)\b|"
    r"\btermos d[eo]\b|\binformativa\b|\btermini (?:e|di)\b|\bprivacy(?:verklaring|beleid)|\bgebruiksvoorwaarden|"
    r"\b(?:privatlivs|fortroligheds|persondata|cookie)politik|\b(?:integritets|sekretess|dataskydds)policy|"
    r"\b(?:användar|bruger|bruks)?vill?kår\b|\bpersonvern(?:erklæring|policy)|\btietosuoja|\byksityisyy|\bkäyttöehdot|"
    r"\bgizlilik|\baydınlatma metni|\bkullanım (?:koşulları|şartları)|\bpolityka (?:prywatności|cookies|plików)|"
    r"\bregulamin\b|\bzásady (?:ochrany|používání)|\badat(?:védelmi|kezelési)|\bpolitica de\b|"
    r"политика (?:конфиденциальности|обработки)|соглашение|隐私(?:政策|声明|协议)|隱私|用户协议|服务条款|"
    r"プライバシー|利用規約|개인정보\s*(?:처리|취급)|이용약관",
    re.I,
)
