"""One answer of a CDX index → captures, oddities and the resume key. Pure; tells dialects apart by what came back.

The Internet Archive answers seven fields a line; pywb CDXJ, or with ``output=json`` one object a line; old
OutbackCDX and wayback servers nine or eleven fields; ``output=json`` of the Internet Archive an array of arrays.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from waybackpy.cdx_snapshot import CDXSnapshot

from harvest.errors import BadListing
from harvest.model import Capture, Oddity
from harvest.timestamps import parse_stamp
from harvest.urls import urlkey

_FIELDS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")
# pywb's names for the archive's fields
_OTHER_NAMES = {"url": "original", "mime": "mimetype", "status": "statuscode"}
_DIGITS = re.compile(r"\d{4,14}")
_HTML = re.compile(r"\s*<(?:!doctype|html|head|body|h1|title|\?xml)", re.I)
_DATA_PATH = re.compile(r"/(?:[\"'<(]|%22|%27)*data:[a-z]+/", re.I)
_HOST = re.compile(r"[^\s/@:]+\.[^\s/@:]+|localhost|\[[0-9a-f:.]+\]|\d+", re.I)
# A page without rows may still hold the key to the next. The Wayback Machine has sent encoded URL keys with a
# timestamp, and (2020) base64; a bare number is a page count, a word is an error.
_LONE_KEY = re.compile(r"\S+(?:\+|%20)\d{13}\S+|[A-Za-z0-9+/_-]{24,}={0,2}")
# a URL key in front, or a timestamp second, and something after them
_ROWLIKE = re.compile(r"[\w.,:%-]+\)\S* \S+ \S|\S+ \d{4,14} \S", re.I)
_NAMING = frozenset({"urlkey", "timestamp", "original", "url"})
_LONGEST_ODDITY = 2_000


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of the index, read. *lines*: how many rows it held, readable or not."""

    captures: tuple[Capture, ...]
    oddities: tuple[Oddity, ...]
    resume_key: str = ""

    @property
    def lines(self) -> int:
        """Rows received in this answer."""
        return len(self.captures) + len(self.oddities)


class Snapshot(CDXSnapshot):
    """waybackpy's record of one row, with our reading of its timestamp: the original dies of a month ``00``."""

    def __init__(self, properties: Mapping[str, str]) -> None:
        moment, approximate = parse_stamp(properties["timestamp"])
        self.urlkey: str = properties.get("urlkey", "")
        self.timestamp: str = properties["timestamp"]
        self.datetime_timestamp: datetime = moment
        self.approximate: bool = approximate
        self.original: str = properties["original"]
        self.mimetype: str = _known(properties.get("mimetype"))
        self.statuscode: str = _known(properties.get("statuscode"))
        self.digest: str = _known(properties.get("digest"))
        self.length: str = _known(properties.get("length"))

    def capture(self, archive: str) -> Capture:
        """Return the row as the rest of the program knows it."""
        return Capture(
            archive=archive,
            url=self.original,
            urlkey=urlkey(self.original),
            timestamp=self.timestamp,
            captured_at=self.datetime_timestamp,
            approximate=self.approximate,
            mimetype=self.mimetype.lower(),
            statuscode=self.statuscode,
            digest=self.digest.rpartition(":")[2],
            length=int(self.length) if self.length.isascii() and self.length.isdigit() else None,
        )


def read_page(text: str, *, archive: str, asked: str = "", strict_url: bool = False) -> Page:
    """Read one answer of the index. Rows that cannot be read become oddities, the others are kept.

    *strict_url*: put rows of other addresses than *asked* aside (servers that answer with similar ones).
    Raises `BadListing` for what is no listing: HTML, an error message, words.
    """
    stripped = text.strip()
    if not stripped:
        return Page((), ())
    if _HTML.match(stripped):
        raise BadListing(f"the index answered with a web page instead of a listing: {_excerpt(stripped)}")
    lines, resume_key = _lines(stripped)
    captures: list[Capture] = []
    oddities: list[Oddity] = []
    for line, properties in lines:
        why = ""
        if properties is None:
            why = "not the fields of a listing"
        else:
            capture, why = _capture(properties, archive)
            if capture is not None and strict_url and not _is_asked(properties, asked):
                why = "another address than the one asked for"
            elif capture is not None:
                captures.append(capture)
        if why:
            oddities.append(Oddity(line[:_LONGEST_ODDITY], why))
    if not captures and oddities and not any(_looks_like_row(item.line) for item in oddities):
        raise BadListing(f"the index answered with something that is no listing: {_excerpt(stripped)}")
    return Page(tuple(captures), tuple(oddities), resume_key)


def is_web_address(url: str) -> bool:
    """True for what can have been a page: http(s), with a host that can exist.

    Listings hold ``http://mailto:name@host/``, ``http://name@host/``, images in ``data:`` URLs that a crawler took
    for paths, and paths without a host.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return False
    user, _, password = parts.netloc.rpartition("@")[0].lower().partition(":")
    is_mail = user == "mailto" or bool(user and not password)
    return (
        parts.scheme.lower() in ("http", "https")
        and bool(_HOST.fullmatch(host))
        and not is_mail
        and not _DATA_PATH.match(parts.path)
    )


def _lines(text: str) -> tuple[list[tuple[str, Mapping[str, str] | None]], str]:
    if text.startswith("["):
        return _array(text)
    lines = text.splitlines()
    resume_key = ""
    # a resume key is the last line, after an empty one; a first page may hold nothing but the key
    if len(lines) >= 2 and not lines[-2].strip():
        resume_key = lines[-1].strip()
        lines = lines[:-2]
    elif len(lines) == 1 and _LONE_KEY.fullmatch(lines[0].strip()):
        return [], lines[0].strip()
    return [(line, _properties(line)) for line in lines if line.strip()], resume_key


def _array(text: str) -> tuple[list[tuple[str, Mapping[str, str] | None]], str]:
    try:
        table = json.loads(text)
    except ValueError as error:
        raise BadListing(f"the index answered with broken JSON: {error}") from error
    if not isinstance(table, list) or not all(isinstance(row, list) for row in table):
        raise BadListing("the index answered with JSON that is no listing")
    if not table:
        return [], ""
    resume_key = ""
    if len(table) >= 2 and table[-2] == [] and len(table[-1]) == 1:
        resume_key = str(table[-1][0])
        table = table[:-2]
    names = [_OTHER_NAMES.get(str(name), str(name)) for name in table[0]] if table else []
    if not {"timestamp", "original"} <= set(names):
        raise BadListing(f"the index answered with a table that is no listing: {_excerpt(text)}")
    rows: list[tuple[str, Mapping[str, str] | None]] = []
    for row in table[1:]:
        good = len(row) == len(names)
        rows.append(
            (json.dumps(row), {name: str(value) for name, value in zip(names, row, strict=True)} if good else None)
        )
    return rows, resume_key


def _properties(line: str) -> Mapping[str, str] | None:
    """Return the named fields of one line of any dialect; None where they cannot be told."""
    line = line.strip()
    if line.startswith("{"):
        return _object(line, {})
    parts = line.split(" ")
    if len(parts) >= 3 and parts[2].startswith("{"):
        return _object(line.split(" ", 2)[2], {"urlkey": parts[0], "timestamp": parts[1]})
    if len(parts) == 7:
        return dict(zip(_FIELDS, parts, strict=True))
    if len(parts) == 9:  # N b a m s k r V g: no length
        return dict(zip(_FIELDS[:6], parts[:6], strict=True))
    if len(parts) in (11, 14):  # N b a m s k r M S V g, and OutbackCDX's three more of an original
        return {**dict(zip(_FIELDS[:6], parts[:6], strict=True)), "length": parts[8]}
    return None


def _object(text: str, known: Mapping[str, str]) -> Mapping[str, str] | None:
    try:
        fields: Any = json.loads(text)
    except ValueError:
        return None
    if not isinstance(fields, dict):
        return None
    named = dict(known)
    for name, value in fields.items():
        named[_OTHER_NAMES.get(str(name), str(name))] = str(value)
    return named if {"timestamp", "original"} <= named.keys() else None


def _capture(properties: Mapping[str, str], archive: str) -> tuple[Capture | None, str]:
    if not is_web_address(properties["original"]):
        return None, "not the address of a web page"
    if not _DIGITS.fullmatch(properties["timestamp"]):
        return None, "not a timestamp"
    try:
        return Snapshot(properties).capture(archive), ""
    except ValueError as error:
        return None, str(error)


def _is_asked(properties: Mapping[str, str], asked: str) -> bool:
    wanted = urlkey(asked)
    return wanted in (urlkey(properties["original"]), properties.get("urlkey"))


def _looks_like_row(line: str) -> bool:
    """True for a row with something wrong in it, as against words or an error in JSON."""
    if line.startswith("["):
        return True  # of a table whose first row named the fields
    if not line.startswith("{"):
        return bool(_ROWLIKE.match(line))
    try:
        fields: Any = json.loads(line)
    except ValueError:
        return False
    return isinstance(fields, dict) and bool(_NAMING.intersection(map(str, fields)))


def _known(value: str | None) -> str:
    return "" if value is None or value == "-" else value


def _excerpt(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", text))[:120].strip()
