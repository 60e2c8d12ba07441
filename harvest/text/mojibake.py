"""Text that was decoded wrongly before it was published, put right where it is certain.

Two kinds occur in old policies: UTF-8 read as windows-1252 (``Â©``, ``donâ€™t``), which ftfy recognises, and the
punctuation of a Chinese editor read as Latin-1 (``user¡¯s``, whose bytes A1 AF are a right quote in GBK).
"""

from __future__ import annotations

import re

# What bytes 0x80-0xBF look like when read as windows-1252.
_TRAIL = (
    "\x80-\xbf\u20ac\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u017d\u2018\u2019"
    "\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u017e\u0178"
)
_SUSPECT = re.compile(f"[\xc2-\xf4][{_TRAIL}]")
_LEADS = "\xc2\xc3\xe2\xd0\xd1\xc4\xc5\xce\xcf\xe3\xe4\xe5\xe6"  # with which misread text begins; quicker to look for
# Whole characters of UTF-8, misread, in a row.
_SEQUENCES = re.compile(f"(?:[\xc2-\xdf][{_TRAIL}]|[\xe0-\xef][{_TRAIL}]{{2}}|[\xf0-\xf4][{_TRAIL}]{{3}}){{1,200}}")
# Sequences ftfy leaves alone as too short to judge; nobody writes them.
_CERTAIN = {
    "\xe2\u201e\xa2": "\u2122",
    "\xe2\u20ac\x9d": "\u201d",
    "\xe2\u20ac\u0153": "\u201c",
    "\xc2\xa0": "\xa0",
    "\xc2\xad": "\xad",
}
# GBK's row of punctuation, A1 xx, read as Latin-1. ``¡`` before these is no Spanish; ``¡¡`` may be and is left.
_GBK = {
    "\xa4": "\xb7",
    "\xaa": "\u2014",
    "\xad": "\u2026",
    "\xae": "\u2018",
    "\xaf": "\u2019",
    "\xb0": "\u201c",
    "\xb1": "\u201d",
}
_GBK_RUN = re.compile("\xa1([\xa4\xaa\xad\xae\xaf\xb0\xb1])")
# The same for a no-break space (C2 A0) whose second half became a plain space; no word ends so in any language.
_LONE = re.compile("(?<![^\\s\\d.,;:!?)a-z\"'])\xc2(?=\\s|$|<|&nbsp)")
_LONE_GRAVE = re.compile("\xc3[ \xa0] ?(?=[a-z])")


def repair(text: str) -> str:
    """Undo mojibake in *text*; every other character is left as it is. Never raises; costs nothing on clean text.

    Guarded three times: only sequences that could be misread UTF-8 are looked at, only where ftfy finds the reading
    plausible (``NESTLÉ®`` stays), and only where misreading the result gives the sequence back.

    >>> repair("\\xc2\\xa9 2003, the user\\xa1\\xafs data")
    '© 2003, the user’s data'
    """
    if "\xa1" in text:
        text = _GBK_RUN.sub(lambda match: _GBK[match[1]], text)
    if "\xc2" in text:
        text = _LONE.sub("", text)
    if any(lead in text for lead in _LEADS) and _SUSPECT.search(text):
        repaired = _SEQUENCES.sub(_repair_sequence, text)
        if repaired != text:
            text = _LONE_GRAVE.sub("\xe0 ", repaired)
    return text


def _repair_sequence(match: re.Match[str]) -> str:
    found = match[0]
    if found in _CERTAIN:
        return _CERTAIN[found]
    from ftfy import fix_encoding

    fixed = fix_encoding(found)
    if len(fixed) >= len(found):
        return found
    once = _misread(fixed)
    return fixed if found in (once, _misread(once)) else found


def _misread(text: str) -> str:
    """UTF-8 read as windows-1252, whose five holes read as control characters."""
    import ftfy.bad_codecs  # registers sloppy-windows-1252

    assert ftfy.bad_codecs
    return text.encode("utf-8", "replace").decode("sloppy-windows-1252", "replace")
