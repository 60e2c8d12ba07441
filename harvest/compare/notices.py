"""Lines that say nothing of a policy itself: what any such document is called, and announcements of its editions."""

from __future__ import annotations

import re

from harvest.compare.spans import has_date
from harvest.compare.tokens import count_words
from harvest.text import stated_words
from harvest.text.digits import has_digit
from harvest.text.fold import fold

_TITLE_LENGTH = 50
_NOTICE_WORDS = 60
#: What documents are called in the menus of sites, as well as above their text.
USUAL_TITLES = frozenset(
    "terms|terms of use|terms of service|terms and conditions|privacy|privacy policy|privacy notice|privacy statement"
    "|cookies|cookie policy|legal|legal notice|datenschutz|agb".split("|")
)
_TITLES = USUAL_TITLES | frozenset(
    "terms & conditions|terms and conditions of use|user agreement|cookies policy|cookie notice|community guidelines"
    "|community standards|content policy|acceptable use policy|datenschutzerklärung|nutzungsbedingungen|impressum"
    "|politique de confidentialité|conditions d'utilisation|conditions générales d'utilisation|política de privacidad"
    "|términos y condiciones|condiciones de uso|informativa sulla privacy|privacybeleid|política de privacidade"
    "|termos de uso".split("|")
)
_SENTENCES = re.compile(r"(?<=[.!?])\s+")
_EDITION = re.compile(
    r"\b(?:we(?:['’]re| are|['’]ve| have)?(?: \w+)? (?:updat|revis|chang|amend|modif)\w+"
    r"|we(?:['’]re| are|['’]ve| have)? (?:made|making) (?:\w+ ){0,2}(?:updates|revisions|changes|amendments)"
    r" to (?:our|this|these) (?:\w+ ){0,3}(?:polic(?:y|ies)|terms|notice|agreement|statement|guidelines|conditions)"
    r"|this (?:privacy |cookie |cookies )?(?:policy|notice|agreement|statement) (?:takes|comes|goes|enters)"
    r"|(?:new|newer|updated|revised|previous|prior|earlier|older|current|following|upcoming) (?:\w+ ){0,3}"
    r"(?:version|edition|polic(?:y|ies)|terms|notice|agreement|statement|guidelines|conditions|addendum))\b",
    re.I,
)
_POINTS = re.compile(r"\b(?:here|view|read|see|preview|review|available|find|click|learn more|note|visit)\b", re.I)
_COMES = re.compile(r"\b(?:go|goes|come|comes|enter|enters|take|takes) (?:in ?to |in )?(?:effect|force)\b", re.I)
# Words with which a sentence binds, allows or refuses: whatever else it says, it is a rule.
_BINDS = re.compile(
    r"\b(?:must|shall|(?<!\d )may(?! \d)|should|agree(?!ment)|accept|consent|rights?|collect|share|sell|disclos"
    r"|continu(?!\w* to apply)|using|can(?:not|['’]t)?(?! (?:view|read|see|find|preview|review|access))"
    r"|let|allow|enabl|permit)\w*",
    re.I,
)


def is_title(text: str) -> bool:
    """True for what a document is called on any site: at the top of its page, it may come or go and say nothing.

    >>> is_title("Terms of Service"), is_title("Alder Terms for Sellers")
    (True, False)
    """
    return len(text) <= _TITLE_LENGTH and fold(text).strip(" .:|-*") in _TITLES


def is_notice(text: str) -> bool:
    """True for an announcement that an edition changes or has changed, on what day, and where the other one is.

    >>> is_notice("We’re updating our Terms. The updates go into effect on 5 July 2023. Read the new terms here.")
    True
    >>> is_notice("This version takes effect on 5 July 2023. Until then, the current Terms continue to apply.")
    True
    """
    if count_words(text) > _NOTICE_WORDS or not has_digit(text):
        return False
    if not has_date(text) or not stated_words.may_state(text):
        return False
    about = _EDITION.search(text) and not _BINDS.search(text)
    return bool(about) and all(map(_speaks_of_editions, _SENTENCES.split(text)))


def _speaks_of_editions(sentence: str) -> bool:
    if count_words(sentence) <= 3 or _POINTS.search(sentence) or _EDITION.search(sentence):
        return True
    stated = _COMES.search(sentence) or any(cue.search(sentence) for _, cue in stated_words.CUES)
    return bool(stated) and has_date(sentence)
