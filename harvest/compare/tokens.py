"""Clause texts as tokens: what is compared (a folded key) beside what is shown (the text as it stands)."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, chain, filterfalse

from harvest.compare.cuts import EAST_WORD, cut, is_unspaced
from harvest.compare.known import Known
from harvest.text.scripts import count_east

_HAS_DIGIT = re.compile(r"\d").search
_HAS_DIGITS_BESIDE = re.compile(r"\d \d").search
_HAS_WORD = re.compile(r"[^\W_]").search
_QUOTES = "\"'`\u00b4\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u2032\u2033\u00ab\u00bb\u2039\u203a"
_DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\ufe58\ufe63\uff0d"
# Signs that keyboards write in letters: "(c)" for the first.
SIGNS = {"\u00a9": "c", "\u00ae": "r", "\u2122": "tm", "\u2120": "sm", "\u2117": "p"}
# Pictures drawn with the code of a letter or digit: the sign for information, letters in circles, keys of a telephone.
_PICTOGRAM = re.compile("[\u2139\u24c2\u3297\u3299]\ufe0f?|[0-9#*]\ufe0f?\u20e3")
_DRAWN = "\u2139\u24c2\u3297\u3299\u20e3"  # one of these is in every picture
_FOLDED_MARK = dict.fromkeys(_QUOTES, '"') | dict.fromkeys(_DASHES, "-")


Token = tuple[str, str, str, str, int]  # its core, the white space after it, its key, its bare word; how long it is


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text cut at every word edge: ``lead + cores[0] + spaces[0] + cores[1] + …`` is the text again.

    *cores* hold no white space, *spaces* only that; *keys* are the cores folded (Unicode form, case, quotes,
    dashes); *bares* are the keys of words without apostrophes, '' for marks; *starts*: where each token begins, and
    where the last one ends; *unspaced*: part of it is in a script without spaces, where runs are no measure of size.
    """

    text: str
    lead: str
    cores: tuple[str, ...]
    spaces: tuple[str, ...]
    keys: tuple[str, ...]
    bares: tuple[str, ...]
    starts: tuple[int, ...]
    unspaced: bool = False

    @property
    def words(self) -> int:
        """The number of words as a reader counts them."""
        return count_words(self.text)

    def slice(self, start: int, end: int) -> str:
        """Return the text of a run of tokens, trailing white space included."""
        return self.text[self.starts[start] : self.starts[end]]

    def size(self, start: int = 0, end: int | None = None) -> int:
        """Return how much a run of tokens is: its words as a reader counts them, in scripts without spaces all."""
        end = len(self.cores) if end is None else end
        if self.unspaced:
            return self.count_bares(start, end)
        return self.words if (start, end) == (0, len(self.cores)) else count_words(self.slice(start, end))

    def count_bares(self, start: int, end: int) -> int:
        """Return how many of a run of tokens are words, each part of "third-party" one."""
        return end - start - self.bares[start:end].count("")


def tokenise(text: str) -> Tokens:
    """Cut a text into tokens. Linear; any string will do.

    >>> tokenise("Don't call (212) 555-0147.").cores
    ("Don't", 'call', '(', '212', ')', '555', '-', '0147', '.')
    >>> tokenise("“Third–Party”").keys
    ('"', 'third', '-', 'party', '"')
    """
    return _cached(text) if len(text) <= _CACHED_LENGTH else _tokenise(text)


_CACHED_LENGTH = 10_000  # with the number of texts below this bounds the cache; one of usual length has 20 MB


def _tokenise(text: str) -> Tokens:
    lead = text[: len(text) - len(text.lstrip())]
    found = tokens_in(text)
    if not found:
        return Tokens(text, lead, (), (), (), (), (len(lead),))
    core, _, key, bare, _ = found[-1]
    tail = text[len(text.rstrip()) :]
    found[-1] = core, tail, key, bare, len(core) + len(tail)
    cores, spaces, keys, bares, sizes = zip(*found, strict=True)
    return Tokens(text, lead, cores, spaces, keys, bares, (*accumulate(sizes, initial=len(lead)),), is_unspaced(text))


def tokens_in(text: str) -> list[Token]:
    """Return the tokens of a text for who needs their keys or bare words alone; the last may have a space too many."""
    runs = [*map(_runs.__getitem__, text.split(" "))]
    if all(runs):
        return [*chain.from_iterable(runs)]
    return [*map(_seen.__getitem__, cut(text.lstrip()))]


_cached = lru_cache(maxsize=2_000)(_tokenise)  # consecutive versions of a policy share most clauses


def _read_token(token: str) -> Token:
    core = token.rstrip()
    return core, token[len(core) :], *_key(core), len(token)


def _read_run(run: str) -> tuple[Token, ...]:
    """Return the tokens of what stands between two spaces, with the second; none where white space is beside these."""
    if run.isascii():  # nine in ten are one word, or one with a mark behind it: uncut
        if run.isalnum():
            folded = run if run.islower() else run.lower()
            return ((run, " ", folded, folded, len(run) + 1),)
        word, mark = run[:-1], run[-1:]
        if mark in _ENDING and word.isalnum():
            folded = word if word.islower() else word.lower()
            return (word, "", folded, folded, len(word)), (mark, " ", mark, "", 2)
    if not run or run[0].isspace() or run[-1].isspace():
        return ()
    return tuple(map(_seen.__getitem__, cut(f"{run} ")))


_ENDING = frozenset(",.;:)")


_seen = Known(_read_token)
_runs = Known(_read_run)  # no token goes on behind a space, so that what stands between two is cut once


def _key(core: str) -> tuple[str, str]:
    if core in SIGNS:
        return core, SIGNS[core]
    if core == "&":
        return core, "and"
    if core == "\u2139":
        return core, ""
    if core.isascii():
        folded = core.lower() if len(core) > 1 else _FOLDED_MARK.get(core, core.lower())
    elif core in _FOLDED_MARK:
        folded = _FOLDED_MARK[core]
    else:
        folded = unicodedata.normalize("NFKC", core).casefold().replace("\u2019", "'")
        folded = "".join(c for c in folded if unicodedata.category(c) != "Cf")  # zero width, soft hyphen
    if not _HAS_WORD(folded):
        return folded, ""
    return folded, folded if folded.isalnum() else folded.replace("'", "").replace("_", "")


def count_words(text: str) -> int:
    """Count the runs of non-space characters that hold a letter or digit; in Chinese and Japanese each character.

    >>> count_words("We — the third-party site — care."), count_words("\u2139\ufe0f")
    (5, 0)
    >>> count_words("我们使用 Cookie。"), count_words("クッキーを使う。")
    (5, 4)
    """
    return _count_cached(text) if len(text) <= _COUNTED_LENGTH else _count_long(text)


# What Windows calls Latin: its quotes and dashes stand in most texts that are not plain ASCII.
_LATIN = bytes(range(256)).decode("cp1252", "replace")
_BESIDE_WORDS = bytes(code for code, sign in enumerate(_LATIN) if not (sign.isalnum() or sign.isspace()))
_BLANK = "".join(" " if sign.isspace() else sign for sign in _LATIN).encode("cp1252", "replace")


_TABLE = codecs.charmap_build(_LATIN.replace("\ufffd", "\ufffe"))


def encode_latin(text: str) -> bytes:
    """Return a text as Windows encodes it, in two thirds of the time that ``str.encode`` takes; or raise as that."""
    return codecs.charmap_encode(text, "strict", _TABLE)[0]


def _count(text: str) -> int:
    try:
        body = text.encode() if text.isascii() else encode_latin(text)
    except UnicodeEncodeError:
        return _count_any(text)
    return len(body.translate(_BLANK, _BESIDE_WORDS).split())  # twice as fast as a look at every run


def _count_any(text: str) -> int:
    if not text.isascii():
        if any(map(text.__contains__, _DRAWN)):
            text = _PICTOGRAM.sub("", text)
        if count_east(text):
            text = EAST_WORD.sub(r" \g<0> ", text)
    runs = text.split()
    mixed = filterfalse(str.isalnum, runs)  # one run in six; the others are words without a look inside
    return len(runs) - sum([not run[0].isalnum() and not _HAS_WORD(run) for run in mixed])


_COUNTED_LENGTH = 2_000
_count_cached = lru_cache(maxsize=20_000)(_count)  # the clauses of ten or twenty long policies, 5 MB
_count_long = lru_cache(maxsize=100)(_count)  # both sides of what is compared are counted five times over


def say_words(number: int) -> str:
    """Return a number of words as a reader says it.

    >>> say_words(1), say_words(2)
    ('1 word', '2 words')
    """
    return "1 word" if number == 1 else f"{number} words"


def fold_key(tokens: Tokens) -> str:
    """Return what is left of a text without white space, marks and case; equal keys differ in typography only.

    A space stays between two digits, where it carries meaning: ``1, 5`` is not ``15``.

    >>> fold_key(tokenise("The  Third-Party E-mail")) == fold_key(tokenise("the third party email"))
    True
    """
    return join_words(tokens.bares)


def join_words(bares: Sequence[str]) -> str:
    """Join folded words without spaces, save between digits."""
    joined = "".join(bares)
    if not _HAS_DIGIT(joined) or (joined.isascii() and not _HAS_DIGITS_BESIDE(" ".join(filter(None, bares)))):
        return joined
    parts: list[str] = []
    last = ""
    for bare in filter(None, bares):
        if last.isdigit() and bare[0].isdigit():
            parts.append(" ")
        parts.append(bare)
        last = bare[-1]
    return "".join(parts)
