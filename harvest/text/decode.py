"""Bytes of a page to text, and how that was decided.

Evidence, strongest first: a byte order mark; ``charset`` in a meta element of the first 2,048 bytes; the XML
prolog; ``charset`` of the archived Content-Type; the detector; windows-1252. A browser would put the header
before the meta element; in archives the header is more often wrong than the page (archive.org 2008 sent
``ISO-8859-1`` over UTF-8), so the page's own word comes first, and either is overruled where the bytes prove it
wrong: bytes that are valid multi-byte UTF-8 are UTF-8, and a declared UTF-8 that is full of errors is not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from harvest.model import Decoded
from harvest.text.compressed import unpack
from harvest.text.encodings import codec_of
from harvest.text.mojibake import repair

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_META_BYTES = 2048
_COMMENT = re.compile(rb"<!--.*?-->", re.S)
_META = re.compile(rb"<meta\b[^>]{0,400}?charset\s*=\s*[\"']?\s*([^\"'\s;/>]{1,60})", re.I)
_XML = re.compile(rb"^\s*<\?xml\b[^>]{0,200}?encoding\s*=\s*[\"']([^\"']{1,60})[\"']", re.I)
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([^\"'\s;,]{1,60})", re.I)
_MULTIBYTE = re.compile(rb"[\xc2-\xf4][\x80-\xbf]")
_HIGH = re.compile(rb"[\x80-\xff]")
_DETECT_BYTES = 64_000
_SINGLE_BYTE_GARBAGE = re.compile("[\x80-\x9f]")
_C1 = re.compile(rb"[\x80-\x9f]")
_LETTER = re.compile(rb"[A-Za-z\x80-\xff]")
# Guesses worth believing on the web, and the codec to use. DOS code pages (cp852 for a short English text) are not
# among them. The detector's ISO encodings become their Windows supersets where bytes 80-9F occur.
_GUESSES = (
    "cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 cp874 iso8859-2 iso8859-5 iso8859-6 iso8859-7 "
    "iso8859-8 iso8859-13 iso8859-15 koi8-r koi8-u gb18030 big5hkscs cp932 euc_jp cp949 iso2022_jp mac-cyrillic "
    "mac-roman"
).split()
_SUPERSETS = {"iso8859-2": "cp1250", "iso8859-6": "cp1256", "iso8859-7": "cp1253", "iso8859-8": "cp1255"}
_SUPERSETS |= {"iso8859-13": "cp1257", "iso8859-15": "cp1252"}
_WESTERN = frozenset(("cp1252", "iso8859-15", "cp1254", "cp1257", "cp1258", "mac-roman"))


def decode(body: bytes, headers: Mapping[str, str]) -> Decoded:
    """Turn the bytes of a page into text.

    *headers* are those the site sent (names in any case); those of the archive itself say nothing of the page.
    ``encoding`` is Python's name of the codec used, ``source`` the evidence that decided (``wrong-label`` where the
    bytes overruled *declared*), ``undecodable`` the number of U+FFFD standing for bytes that mean nothing in it.
    ``repaired`` is True where text that had been decoded wrongly before it was published was put right. Bodies still
    compressed (gzip, brotli) are unpacked. Never raises.
    """
    body = unpack(body, headers)
    for bom, codec in _BOMS:
        if body.startswith(bom) and not (codec == "utf-16-le" and body.startswith(b"\xff\xfe\x00\x00")):
            return _read(body[len(bom) :], codec, "bom", codec)
    utf16 = _utf16_without_bom(body)
    if utf16:
        return _read(body, utf16, "detector", "")
    return _finish(_decide(body, headers))


def _decide(body: bytes, headers: Mapping[str, str]) -> Decoded:
    declared, source = declared_charset(body, headers)
    codec = codec_of(declared)
    if body.isascii() and codec != "iso2022_jp":
        if b"\x1b$" in body:
            return _read(body, "iso2022_jp", "detector", declared)
        return _read(body, codec or "utf-8", source if codec else "default", declared)
    text = _as_utf8(body)
    if text is not None:
        how = source if codec == "utf-8" else "wrong-label" if codec else "detector"
        return Decoded(text, "utf-8", how, declared=declared, undecodable=text.count("\ufffd"))
    if codec:
        decoded = _read(body, codec, source, declared)
        guess = _detected(body) if _looks_wrong(decoded, body) else ""
        if not guess or guess == codec:
            return decoded
        other = _read(body, guess, "wrong-label", declared)
        if _damage(other) < _damage(decoded) or (codec in _WESTERN and guess not in _WESTERN and not _damage(other)):
            return other
        return decoded
    guess = _detected(body)
    return _read(body, guess or "cp1252", "detector" if guess else "default", declared)


def declared_charset(body: bytes, headers: Mapping[str, str]) -> tuple[str, str]:
    """What the page, else its header, says its encoding is, and which of them said it; ('', '') if nothing does."""
    head = body[:_META_BYTES]
    meta = _META.search(_COMMENT.sub(b"", head))
    if meta and codec_of(meta[1].decode("latin-1")):
        return meta[1].decode("latin-1"), "meta"
    xml = _XML.match(head)
    if xml and codec_of(xml[1].decode("latin-1")):
        return xml[1].decode("latin-1"), "xml"
    content_type = next((value for name, value in headers.items() if name.lower() == "content-type"), "")
    header = _HEADER.search(content_type[:500])
    if header and codec_of(header[1]):
        return header[1], "header"
    late = _META.search(body[_META_BYTES : _META_BYTES * 16])  # behind a long script; weaker than the header
    if late and codec_of(late[1].decode("latin-1")):
        return late[1].decode("latin-1"), "meta"
    return "", ""


def _as_utf8(body: bytes) -> str | None:
    """The text of valid UTF-8, forgiving a character cut off at the end and a rare stray byte; None for other bytes."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    good = len(_MULTIBYTE.findall(body))
    if good < 5:
        return None
    text = body.decode("utf-8", "replace")
    return text if text.count("\ufffd") <= good * 0.02 + 1 else None


def _looks_wrong(decoded: Decoded, body: bytes) -> bool:
    """True where text decoded as declared is unlike any page: undecodable bytes, control characters, or a western
    label over text whose letters are mostly accented (Cyrillic or Chinese bytes; real French has 5 % of them).
    """
    high = len(_HIGH.findall(body))
    if _damage(decoded) > high * 0.1:
        return True
    if decoded.encoding not in _WESTERN or high < 20:
        return False
    text = _text_of(body)
    return len(_HIGH.findall(text)) > 0.3 * len(_LETTER.findall(text))


def _damage(decoded: Decoded) -> int:
    return decoded.undecodable + len(_SINGLE_BYTE_GARBAGE.findall(decoded.text))


def _detected(body: bytes) -> str:
    """The detector's guess as a Python codec, '' where it has none or its guess is not worth believing."""
    from resiliparse.parse.encoding import EncodingDetector

    detector = EncodingDetector()
    sample = _text_of(body)[:_DETECT_BYTES]
    detector.update(sample)
    codec = codec_of(detector.encoding(html5_compatible=False) or "")
    if codec not in _GUESSES:
        return ""
    if codec in ("iso8859-7", "cp1253"):
        return _which_greek(body)
    if codec == "iso8859-15" and b"\xa4" not in body:
        return "cp1252"
    return _SUPERSETS.get(codec, codec) if _C1.search(body) else codec


def _which_greek(body: bytes) -> str:
    """An accented capital alpha that begins a word is B6 in ISO-8859-7 and A2 in windows-1253; all else is equal."""
    if _C1.search(body):
        return "cp1253"
    iso = len(re.findall(rb"(?<![\xb5-\xfe])\xb6[\xdc-\xfe]", body))
    return "iso8859-7" if iso >= len(re.findall(rb"(?<![\xb5-\xfe])\xa2[\xdc-\xfe]", body)) else "cp1253"


def _text_of(body: bytes) -> bytes:
    """The bytes without scripts and tags, whose ASCII hides the rest from a detector."""
    body = re.sub(rb"(?is)<(script|style)\b.*?</\1", b" ", body[: _DETECT_BYTES * 8])
    return re.sub(rb"<[^<>]{0,2000}>", b" ", body)


def _utf16_without_bom(body: bytes) -> str:
    sample = body[:400]
    if len(sample) < 8:
        return ""
    zeros_even, zeros_odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if zeros_odd > 0.4 * half and zeros_even < 0.05 * half:
        return "utf-16-le"
    if zeros_even > 0.4 * half and zeros_odd < 0.05 * half:
        return "utf-16-be"
    return ""


def _read(body: bytes, codec: str, source: str, declared: str) -> Decoded:
    try:
        text = body.decode(codec)
    except UnicodeDecodeError:
        text = _read_browser(body, codec)
    except (LookupError, ValueError):
        codec, text = "cp1252", _read_browser(body, "cp1252")
    return Decoded(text, codec, source, declared=declared, undecodable=text.count("\ufffd"))


def _read_browser(body: bytes, codec: str) -> str:
    """Decode, with U+FFFD for what cannot be. The five holes of windows-1252 read as control characters in browsers."""
    if codec == "cp1252":
        text = body.decode("cp1252", "replace")
        if text.count("\ufffd") and len(text) == len(body):
            return text
    return body.decode(codec, "replace")


def _finish(decoded: Decoded) -> Decoded:
    if decoded.text.isascii():
        return decoded
    text = repair(decoded.text)
    return decoded if text == decoded.text else replace(decoded, text=text, repaired=True)
