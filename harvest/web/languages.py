"""The names of languages, for people."""

from __future__ import annotations

#: Those that texts are told to be in (`harvest.text.language`).
_NAMES = """
    af Afrikaans, ar Arabic, az Azerbaijani, be Belarusian, bg Bulgarian, bn Bengali, ca Catalan, cs Czech, cy Welsh,
    da Danish, de German, el Greek, en English, es Spanish, et Estonian, eu Basque, fa Persian, fi Finnish, fr French,
    ga Irish, gl Galician, gu Gujarati, he Hebrew, hi Hindi, hr Croatian, hu Hungarian, hy Armenian, id Indonesian,
    is Icelandic, it Italian, ja Japanese, ka Georgian, kn Kannada, ko Korean, lt Lithuanian, lv Latvian,
    mk Macedonian, ml Malayalam, mr Marathi, ms Malay, mt Maltese, nl Dutch, no Norwegian, pa Punjabi, pl Polish,
    pt Portuguese, ro Romanian, ru Russian, sk Slovak, sl Slovenian, sq Albanian, sr Serbian, sv Swedish, sw Swahili,
    ta Tamil, te Telugu, th Thai, tl Tagalog, tr Turkish, uk Ukrainian, ur Urdu, vi Vietnamese, yi Yiddish, zh Chinese
"""
LANGUAGE_WORDS = dict(each.split() for each in _NAMES.split(","))


def language(code: str) -> str:
    """Return the name of a language by its two letters; these where it has no name here.

    >>> language("fr"), language("tlh")
    ('French', 'tlh')
    """
    return LANGUAGE_WORDS.get(code, code)
