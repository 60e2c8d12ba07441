"""What a page is: a policy, or an error, a wall, a shell, a stub that a harvester must not take for one.

A page is a policy until something says otherwise: every other kind needs positive evidence *and* the absence of a
document, so that a policy that writes about robots, errors or cookies is never thrown away.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import filterfalse, islice

from harvest.model import Block, Extracted, PageKind
from harvest.text import quality_words as say
from harvest.text.language import detect_language
from harvest.text.scripts import count_east

_ENOUGH = 7  # subjects of policies that a text names: more say nothing new
_SOME = 4  # … and so many show that a long text is one, whatever it is called
_LITTLE = 60  # words: fewer are no policy, whatever they say
_SAMPLE = 8000  # characters of a short page that are looked at
_LEAST = 25  # but there are one-paragraph policies ("We collect nothing …"), of 54 words in the old pages
_SHORT = 250  # words: pages of errors and walls are shorter; the shortest real policy seen has 140
_SUMMARY = 450
_CERTAIN = 600  # words under a policy's title: no other kind of page has them
_SENTENCE_END = re.compile(r"[.!?;:。！？；：]\W{0,9}$")
_MENU = re.compile(r"menu|nav|top|head|title|banner|logo|left|right|toc|index|foot|bottom|side|links?\b", re.I)
_WORD_RATIO = 1.7  # characters of Chinese or Japanese for a word


def judge_page(
    extracted: Extracted, *, status: int | None = None, text: str | None = None, language: str | None = None
) -> tuple[PageKind, str]:
    """Say what the page is, and why (``''`` for a policy).

    *text* is that of the blocks and *language* its language, if the caller has them; *status* the archived status
    code: an archived 4xx or 5xx is an error page whatever it says, unless it is a challenge or a refusal.
    """
    if text is None:
        text = "\n".join(block.text for block in extracted.blocks)
    if language is None:
        language = detect_language(text, extracted.language)
    head = f"{extracted.title[:300]}\n{_head(extracted.blocks)}"
    if status is not None and status >= 400:
        return _refusal(extracted, head, text, status)
    lost = say.NOT_FOUND.search(extracted.title[:300]) is not None
    about = not lost and not extracted.reason and _names_policy(head)
    words = count_words(text[:_SAMPLE])
    if words < _CERTAIN and len(text) > _SAMPLE:  # else it is long, by whatever limit: no more need be counted
        words = count_words(text)
    if about and words >= _CERTAIN:
        return PageKind.POLICY, ""
    if words < _SHORT:
        kind = _short_page(extracted, head, text, words, _policy_terms(text, language))
        if kind is not None:
            return kind
    if extracted.reason == "only a cookie dialog":
        if words < _SHORT and say.NEEDS_SCRIPT.search(extracted.noscript):
            return PageKind.SHELL, f"a cookie dialog of {words} words; the page says it needs scripts"
        return PageKind.COOKIE_WALL, f"a cookie dialog of {count_words(text)} words and no other sentences"
    if lost and _policy_terms(text, language) < _ENOUGH:
        return PageKind.SOFT_404, f"answered as a page, titled {_quote(extracted.title)}"
    return _long_page(extracted, text, words, language)


def count_words(text: str) -> int:
    """Words of a text; in scripts without spaces, as many as a translation would have."""
    sample = text[:4000]
    if count_east(sample) < len(sample) * 0.2:
        words = text.split()
        mixed = filterfalse(str.isalnum, set(words))
        signs = {word for word in mixed if not (word[0].isalnum() or any(map(str.isalnum, word)))}
        return len(words) - (sum(map(signs.__contains__, words)) if signs else 0)
    return int(count_east(text) / _WORD_RATIO) + sum(map(str.isascii, text.split()))


def _refusal(extracted: Extracted, head: str, text: str, status: int) -> tuple[PageKind, str]:
    words = count_words(text)
    sample = f"{head}\n{text[:4000]}"
    if words < _SHORT and say.CHALLENGE.search(sample):
        return PageKind.CHALLENGE, f"archived status {status}, {_quote_match(say.CHALLENGE, sample)}"
    if words < _LEAST and status in (401, 403, 405, 429, 503) and say.GUARDED.search(extracted.scripts):
        return PageKind.CHALLENGE, f"archived status {status}, with the script of a guard"
    if words < _SHORT and status in (401, 403, 429, 451) and say.BLOCKED.search(sample):
        return PageKind.BLOCKED, f"archived status {status}, {_quote_match(say.BLOCKED, sample)}"
    return PageKind.ERROR, f"archived status {status}"


def _short_page(extracted: Extracted, head: str, text: str, words: int, policy: int) -> tuple[PageKind, str] | None:
    sample = f"{head}\n{text[:_SAMPLE]}"
    if policy >= _ENOUGH and words >= _LITTLE:
        return None
    for kind, pattern in (
        (PageKind.CHALLENGE, say.CHALLENGE),
        (PageKind.BLOCKED, say.BLOCKED),
        (PageKind.PARKED, say.PARKED),
        (PageKind.ERROR, say.SERVER_ERROR),
    ):
        where = sample if words < 120 else head
        if pattern.search(where):
            return kind, f"{words} words, {_quote_match(pattern, where)}"
    if say.NOT_FOUND.search(head) or say.NOT_FOUND_TEXT.search(text[:_SAMPLE]):
        said = _quote_match(say.NOT_FOUND, head) or _quote_match(say.NOT_FOUND_TEXT, text[:_SAMPLE])
        return PageKind.SOFT_404, f"answered as a page, {said}"
    told = policy >= 3 or (policy < 0 and _names_policy(head))
    if words >= _LITTLE or (words >= _LEAST and told and _sentences(extracted.blocks, enough=1)):
        return None
    return _little(extracted, text, words)


def _little(extracted: Extracted, text: str, words: int) -> tuple[PageKind, str]:
    text = text[:_SAMPLE]
    frames = [frame for frame in extracted.frames if frame and not frame.startswith(("about:", "javascript:"))]
    if words < _LEAST and (guard := say.GUARDED.search(extracted.scripts)):
        return PageKind.CHALLENGE, f"{words} words and the script of a guard, {guard[0]}"
    if frames and "_Incapsula_Resource" in frames[0]:
        return PageKind.BLOCKED, f"{words} words and the frame of a guard, {frames[0][:100]}"
    if extracted.refresh:
        return PageKind.STUB, f"{words} words and a meta refresh to {extracted.refresh}"
    if say.SENDS_ON.search(text):
        return PageKind.STUB, f"{words} words: {_quote_match(say.SENDS_ON, text)}"
    if extracted.noscript and say.NEEDS_SCRIPT.search(extracted.noscript):
        return PageKind.SHELL, f"{words} words; the page says it needs scripts"
    if say.NEEDS_SCRIPT.search(text):
        return PageKind.SHELL, f"{words} words: {_quote_match(say.NEEDS_SCRIPT, text)}"
    if extracted.reason == "only a cookie dialog" or say.COOKIE_WALL.search(text):
        return PageKind.COOKIE_WALL, f"{words} words about cookies and no other sentences"
    if say.LOGIN.search(text):
        return PageKind.OTHER, f"{words} words: {_quote_match(say.LOGIN, text)}"
    if frames and not re.search(r"googletagmanager|doubleclick|pixel|analytics|facebook|recaptcha", frames[0]):
        text_in = next((frame for frame in frames if not _MENU.search(frame)), frames[0])
        return PageKind.STUB, f"{words} words; the text is in the frame {text_in[:100]}"
    if words < _LEAST and (sent := say.SCRIPT_SENDS_ON.search(extracted.scripts)):
        return PageKind.STUB, f"{words} words and a script that leads to {(sent[1] or sent[2])[:100]}"
    return PageKind.SHELL, f"{words} words of text"


def _long_page(extracted: Extracted, text: str, words: int, language: str) -> tuple[PageKind, str]:
    head = f"{extracted.title} {extracted.page_title} {_head(extracted.blocks)}"
    if not _names_policy(head) and 0 <= (policy := _policy_terms(text, language, enough=_SOME)) < _SOME:
        return PageKind.OTHER, f"{count_words(text)} words that name {policy} of the subjects of a policy"
    if words < _SUMMARY and len(extracted.blocks) >= 6 and _sentences(extracted.blocks, enough=3) <= 2:
        return PageKind.OTHER, f"{words} words in headings and lists, no sentences: a summary or an overview"
    return PageKind.POLICY, ""


def says_anything(blocks: Sequence[Block]) -> bool:
    """True where at least one block ends as a sentence does, however short: a menu has none."""
    return any(block.kind != "heading" and _SENTENCE_END.search(block.text[-30:]) for block in blocks)


def _policy_terms(text: str, language: str, *, enough: int = _ENOUGH) -> int:
    """How many of the subjects of policies a text names, up to *enough*; -1 where its language has no list.

    Those that it does not name are looked for in all of it: the first ones of the list are in most policies.
    """
    subjects = say.subjects(language)
    if not subjects:
        return -1
    sample = say.plain_english(text[:30_000]) if language == "en" else text[:30_000]
    return sum(1 for _ in islice((subject for subject in subjects if subject.search(sample)), enough))


def _sentences(blocks: Sequence[Block], *, enough: int) -> int:
    """How many blocks are sentences rather than labels, up to *enough*."""
    return sum(1 for _ in islice(filter(_is_sentence, blocks), enough))


def _is_sentence(block: Block) -> bool:
    if block.kind == "heading":
        return False
    text = block.text
    return (len(text) > 40 or count_east(text[:200]) > 0) and _SENTENCE_END.search(text[-30:]) is not None


def _head(blocks: Sequence[Block]) -> str:
    """What stands first on the page: its headings and first lines."""
    return "\n".join(block.text[:200] for block in blocks[:4])


@lru_cache(maxsize=256)  # captures of a policy begin alike, and where no word is found it was looked for everywhere
def _names_policy(head: str) -> bool:
    return say.ABOUT_POLICY.search(head) is not None


def _quote(text: str) -> str:
    return f"“{' '.join(text.split())[:80]}”"


def _quote_match(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return f"which says {_quote(match[0])}" if match else ""
