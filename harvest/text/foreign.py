"""Bodies that are no page: PDF and office files, pictures, archives, noise.

Archives list them under addresses of policies, and crawls that took everything for text kept them as such: a PDF file
whose tags were taken out and whose other bytes became U+FFFD or letters of Latin-1 (ToSBack2, 2012 and 2013). Read as
prose they are clauses of noise that change wholly with every capture.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from harvest.model import Document, PageKind
from harvest.text.compressed import unpack

#: What files begin with, after white space and the tags and marks that crawls put around a text.
_BEGINNINGS = (
    (re.compile(rb"%PDF-\s{0,3}\d"), "a PDF file"),
    (re.compile(rb"%!PS-Adobe"), "a PostScript file"),
    (re.compile(rb"\{\\rtf1?\\"), "an RTF file"),
    (re.compile(rb"PK\x03\x04"), "a ZIP or office file"),
    (re.compile(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "an office file"),
    (re.compile(rb"\x89PNG\r\n|\xff\xd8\xff|GIF8[79]a|RIFF.{4}WEBP", re.S), "a picture"),
)
_AROUND = re.compile(rb"(?:\s|\xef\xbb\xbf|<(?:html|head|body|p|div|pre)>){0,20}", re.I)
#: Control characters that no text has; left out are white space, escape (ISO-2022-JP), and NUL, which pads pages.
_CONTROL = re.compile("[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_SAMPLE = 4000  # characters
#: A tenth of random bytes are such characters; in 20,000 pages and texts there was one in 4,300 at most.
_NOISE = 0.04
_LEAST = 64  # characters: of fewer a share says nothing


def foreign_document(body: bytes, text: str, headers: Mapping[str, str] = MappingProxyType({})) -> Document | None:
    """Return the document without sections of a body that is no page, with what it is as the reason; None for others.

    *text* is what the body was decoded to, *headers* are the archived ones. Never raises.
    """
    what = _format(body)
    if not what and (unpacked := unpack(body, headers)) is not body:
        what = _format(unpacked)
    if not what and _is_noise(text):
        what = "no text: control characters all over"
    return Document(title="", sections=(), page_kind=PageKind.STUB, reason=what) if what else None


def _format(body: bytes) -> str:
    """Say what begins as no page does, '' for the rest."""
    start = _AROUND.match(body, 0, 400)
    at = start.end() if start else 0
    return next((f"{name}, which is not read" for look, name in _BEGINNINGS if look.match(body, at)), "")


def _is_noise(text: str) -> bool:
    sample = text[:_SAMPLE]
    return len(sample) >= _LEAST and len(_CONTROL.findall(sample)) > _NOISE * len(sample)
