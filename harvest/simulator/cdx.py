"""The index dialect of web.archive.org (``/cdx/search/cdx``) over what is held: a pure function of the query.

Where documentation and recorded answers differ, the recorded answers count. Observed there: a resume key comes
whenever the limit is reached, even if nothing follows. Until 2023 it was the last row's key and stamp with the last
digit's character raised by one (``…39`` becomes ``…3:``), percent-encoded, and clients sent it encoded once more;
an answer of May 2026 has the last row's key and stamp, deflated, in base 64 (here: *opaque_keys*).
"""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote_plus, unquote_plus

from harvest.simulator.holdings import Holding, Holdings
from harvest.urls import urlkey

FIELDS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")
Row = Mapping[str, str]
Params = Mapping[str, Sequence[str]]


class BadQuery(ValueError):
    """The query is none the index understands; the message goes to the client with status 400."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows of an answer in order, and the resume key ('' where none is due)."""

    rows: tuple[Row, ...]
    resume_key: str = ""


def answer(holdings: Holdings, params: Params, *, opaque_keys: bool = False) -> Answer:
    """Look up, filter, collapse and cut, in this order. Raises BadQuery."""
    rows: Iterator[Row] = (_row(held) for held in _matched(holdings, params))
    low, high = _one(params, "from"), _one(params, "to")
    rows = (row for row in rows if row["timestamp"] >= low and row["timestamp"][: len(high)] <= high)
    for test in [_filter(text) for text in params.get("filter", ())]:
        rows = filter(test, rows)
    for text in params.get("collapse", ()):
        rows = _collapse(rows, text)
    rows = _resumed(rows, _one(params, "resumeKey"))
    return _cut(list(rows), params, opaque_resume_key if opaque_keys else resume_key_after)


def render(found: Answer, params: Params) -> tuple[str, str]:
    """Write an answer as text or, with ``output=json``, as a list of lists; return (content type, body)."""
    fields = _fields(params)
    if _one(params, "output") == "json":
        return "application/json", _as_json(found, fields)
    lines = [" ".join(row[field] for field in fields) + "\n" for row in found.rows]
    if found.resume_key:
        lines.append(f"\n{found.resume_key}\n")
    return "text/plain;charset=UTF-8", "".join(lines)


def _as_json(found: Answer, fields: Sequence[str]) -> str:
    if not found.rows and not found.resume_key:
        return "[]\n"
    table = [list(fields), *([row[field] for field in fields] for row in found.rows)]
    if found.resume_key:
        table += [[], [found.resume_key]]
    return "[" + ",\n".join(json.dumps(row) for row in table) + "]\n"


def _matched(holdings: Holdings, params: Params) -> Sequence[Holding]:
    url = _one(params, "url")
    if not url:
        raise BadQuery("Request must have a url parameter")
    url, match = _match_type(url, _one(params, "matchType"))
    key = urlkey(url if "://" in url else f"http://{url}")
    host = key.split(")")[0]
    if match == "exact":
        return holdings.of(key)
    if match == "prefix":
        return holdings.starting(key)
    if match == "host":
        return holdings.starting(f"{host})")
    if match == "domain":
        return [*holdings.starting(f"{host})"), *holdings.starting(f"{host},")]
    raise BadQuery(f"matchType {match!r} is none of exact, prefix, host, domain")


def _match_type(url: str, given: str) -> tuple[str, str]:
    if given:
        return url, given
    if url.startswith("*."):
        return url[2:], "domain"
    if url.endswith("*"):
        return url[:-1], "prefix"
    return url, "exact"


def _row(held: Holding) -> Row:
    return {field: getattr(held, field) for field in FIELDS}


def _filter(text: str) -> Callable[[Row], bool]:
    """``field:regex`` matches the whole field, ``~field:text`` a part of it; ``!`` in front negates either."""
    wanted = not text.startswith("!")
    bare = text.removeprefix("!")
    contains = bare.startswith("~")
    field, colon, pattern = bare.removeprefix("~").partition(":")
    if not colon or field not in FIELDS:
        raise BadQuery(f"filter {text!r}: write [!]field:regex with one of {', '.join(FIELDS)}")
    if contains:
        return lambda row: (pattern in row[field]) is wanted
    try:
        regex = re.compile(pattern)
    except re.error as error:
        raise BadQuery(f"filter {text!r}: {error}") from error
    return lambda row: (regex.fullmatch(row[field]) is not None) is wanted


def _collapse(rows: Iterator[Row], text: str) -> Iterator[Row]:
    """Keep the first of adjacent rows that are equal in a field, or in its first N characters (``field:N``)."""
    field, _, count = text.partition(":")
    if field not in FIELDS or (count and not count.isdigit()):
        raise BadQuery(f"collapse {text!r}: write field or field:N with one of {', '.join(FIELDS)}")
    return _first_of_runs(rows, field, int(count) if count else None)


def _first_of_runs(rows: Iterator[Row], field: str, length: int | None) -> Iterator[Row]:
    last: tuple[str, str] | None = None
    for row in rows:
        # A run ends with the URL: two pages that share a month are two rows.
        current = (row["urlkey"], row[field][:length])
        if current != last:
            yield row
        last = current


def _resumed(rows: Iterator[Row], resume_key: str) -> Iterator[Row]:
    if not resume_key:
        return rows
    opened = _open_key(unquote_plus(resume_key))
    if opened:
        return (row for row in rows if f"{row['urlkey']} {row['timestamp']}" > opened)
    # Sent encoded twice it arrives encoded once; sent as received it arrives plain, which a blank shows.
    start = resume_key if " " in resume_key else unquote_plus(resume_key)
    return (row for row in rows if f"{row['urlkey']} {row['timestamp']}" >= start)


def _open_key(key: str) -> str:
    """The row that an opaque key names; '' for the older form."""
    try:
        return zlib.decompress(base64.urlsafe_b64decode(key)).decode()
    except (ValueError, zlib.error):
        return ""


def _cut(rows: list[Row], params: Params, key_after: Callable[[Row], str]) -> Answer:
    text = _one(params, "limit")
    if not text:
        return Answer(tuple(rows))
    try:
        limit = int(text)
    except ValueError as error:
        raise BadQuery(f"limit {text!r} is no number") from error
    if limit < 0:
        return Answer(tuple(rows[limit:]))
    page = tuple(rows[:limit])
    full = len(page) == limit and page
    wants_key = _one(params, "showResumeKey").lower() == "true"
    return Answer(page, key_after(page[-1]) if full and wants_key else "")


def resume_key_after(row: Row) -> str:
    """The key that asks for what comes after *row*. Rows of the same second are passed over, as in the original.

    >>> resume_key_after({"urlkey": "com,cnn)/", "timestamp": "20010414005939"})
    'com%2Ccnn%29%2F+2001041400593%3A'
    """
    stamp = row["timestamp"]
    return quote_plus(f"{row['urlkey']} {stamp[:-1]}{chr(ord(stamp[-1]) + 1)}")


def opaque_resume_key(row: Row) -> str:
    """The same in the form of 2026.

    >>> opaque_resume_key({"urlkey": "gov,nasa)/", "timestamp": "20040905075719"})
    'eJxLzy_TyUssTtTUVzAyMDAxsDQwNTA3NTe0BABfMwZl'
    """
    return base64.urlsafe_b64encode(zlib.compress(f"{row['urlkey']} {row['timestamp']}".encode())).decode()


def _fields(params: Params) -> tuple[str, ...]:
    wanted = tuple(filter(None, _one(params, "fl").split(","))) or FIELDS
    unknown = set(wanted) - set(FIELDS)
    if unknown:
        raise BadQuery(f"fl: no field {', '.join(sorted(unknown))}")
    return wanted


def _one(params: Params, name: str) -> str:
    values = params.get(name, ())
    return values[-1] if values else ""
