"""The language of a text."""

from __future__ import annotations

import re

from resiliparse.parse.lang import detect_fast

_CODE = re.compile(r"^([a-z]{2})(?:[-_].*)?$")
_OUT_OF_PLACE = 1200  # resiliparse's measure of doubt: real policies score below 1,000, tables of names above


def detect_language(text: str, declared: str = "") -> str:
    """The ISO 639-1 code of *text*'s language, '' where nothing can be said.

    *declared* is what the page says of itself (``en-GB``); it decides only where the text does not: pages are
    copied with the ``lang`` of another. Up to 20,000 characters are read.
    """
    said = declared_code(declared)
    sample = text[:20_000]
    if len(sample.split()) < 8 and len(sample) < 60:
        return said
    code, doubt = detect_fast(sample)
    if len(code) != 2 or (doubt > _OUT_OF_PLACE and said):
        return said
    return str(code)


def declared_code(declared: str) -> str:
    """The two-letter code in a language tag such as ``en-US``; '' for anything else."""
    match = _CODE.match(declared.strip().lower())
    return match[1] if match else ""
