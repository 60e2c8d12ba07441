"""Where a text is cut into words and marks, by its script."""

from __future__ import annotations

import re

# Marks that stand beside words and never inside them. Everything else that is no white space belongs to a word,
# so that combining marks and zero-width joiners are never cut. The underscore counts as a letter, as it does in \w.
_MARKS = r"!-/:-@\[-\^`{-~\u00a1-\u00a9\u00ab\u00ac\u00ae-\u00b1\u00b4\u00b6-\u00b8\u00bb\u00bf\u00d7\u00f7"
_MARKS += r"\u2010-\u2027\u2030-\u205e\u2100-\u214f\u2190-\u2bff\u3000-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40"
_MARKS += r"\uff5b-\uff65\ufe10-\ufe6f"
# Scripts that put no spaces between words: Thai, Lao, Burmese, Khmer, kana, Han. Their characters are compared one by
# one, each with the marks on it (a dictionary of each language would cut better, and weigh more than all the rest);
# katakana writes foreign words and stays together.
_UNSPACED = r"\u0e01-\u0e7f\u0e80-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_UNSPACED += r"\uff66-\uff9f\U00020000-\U0003ffff"
_ON_TOP = r"\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u102b-\u103e\u1056-\u1059\u17b4-\u17d3"
_ON_TOP += r"\u3099\u309a\ufe00-\ufe0f\u200b-\u200d\U000e0100-\U000e01ef"
_WORD = rf"[^\s{_MARKS}{_UNSPACED}]+"
# Repetitions that could back up over one another are bounded: hostile text must stay linear.
_ADDRESSES = r"""
      (?:https?://|www\.)[^\s<>"]*[^\s<>".,;:!?()\[\]{}'\u2019\u201d]   # a web address, without closing punctuation
    | [\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}             # an e-mail address
    | """
_WORDS = rf"""
      [$\u20ac\u00a3\u00a5]?\d+(?:[.,:/]\d+)*%?(?![^\s{_MARKS}{_UNSPACED}])  # 3.3  1,000.50  12/31/2015  $5  10%
    | {_WORD}(?:['\u2019]{_WORD})*                                        # a word, don't
    | [\u30a0-\u30ff]+ | [{_UNSPACED}][{_ON_TOP}]*                        # what stands for one without spaces
    | [^\s]                                                               # a mark
"""
# Han and kana, of which each is counted as a word, a run of katakana as one (Unicode's UAX 29, and word processors but
# for katakana). What the other scripts without spaces call a word only a dictionary could tell: counted are their runs.
_EAST = r"\u3041-\u309f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
EAST_WORD = re.compile(rf"[\u30a0-\u30ff]+|[{_EAST}][{_ON_TOP}]*")
_TOKEN = re.compile(rf"(?:{_ADDRESSES}{_WORDS})\s*", re.VERBOSE)
_TOKEN_NO_ADDRESS = re.compile(rf"(?:{_WORDS})\s*", re.VERBOSE)  # a quarter faster: no word is tried as an address
_HAS_UNSPACED = re.compile(f"[{_UNSPACED}]").search
# With which U+0800 to U+1FFF and all from U+3000 on begin in UTF-8; what else is no ASCII in most texts has none.
_MAY_BE_UNSPACED = bytes([0xE0, 0xE1, *range(0xE3, 0xF5)])


def cut(text: str) -> list[str]:
    """Return the tokens of a text that begins with one, each with the white space after it."""
    pattern = _TOKEN if "@" in text or "://" in text or "www." in text else _TOKEN_NO_ADDRESS
    return pattern.findall(text)


def is_unspaced(text: str) -> bool:
    """Return whether part of a text is in a script that puts no spaces between words."""
    if text.isascii():
        return False
    body = text.encode("utf-8", "replace")
    return len(body.translate(None, _MAY_BE_UNSPACED)) < len(body) and _HAS_UNSPACED(text) is not None
