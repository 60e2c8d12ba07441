"""Trouble with the index: pages that are no data, rows that are no rows, and keys that lead nowhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from urllib.parse import parse_qsl, quote_plus, urlencode

from harvest.simulator.faults.model import HTML, Kind, Scene, Trouble

# In the form of recorded answers; the words are ours.
_PAGE = b"<!DOCTYPE html><html><head><title>Maintenance</title></head><body><p>We are moving disks.</p></body></html>\n"
_ODD_ROWS = (
    "org,example)/ {stamp} http://mailto:office@example.org/ text/html 200 {digest} 512",
    "org,example)/data:image/gif;base64 {stamp} http://example.org/data:image/gif;base64,R0lG image/gif 404 {digest} -",
    "org,example)/ {stamp} http://example.org/ text/html 200",
    "org,example)/ {stamp} http://example.org/ text/html 200 {digest} 512 - extra words",
    "org,example)/ tomorrow http://example.org/ text/html 200 {digest} 512",
)
_DIGEST = "A" * 32
Rows = Sequence[str]


def _rewritten(change: Callable[[Rows, str, Scene], tuple[Rows, str] | None]) -> Callable[[Scene, str], Trouble | None]:
    """A kind that changes the rows or the resume key of an answer in seven fields."""

    def strike(scene: Scene, name: str) -> Trouble | None:
        if scene.endpoint != "listing" or scene.reply.status != 200 or scene.reply.body[:1] in (b"", b"[", b"{"):
            return None
        rows, key = _parts(scene.reply.body.decode("utf-8", "surrogateescape"))
        changed = change(rows, key, scene)
        if changed is None:
            return None
        body = "".join(f"{row}\n" for row in changed[0]) + (f"\n{changed[1]}\n" if changed[1] else "")
        return Trouble(name, replace(scene.reply, body=body.encode("utf-8", "surrogateescape")))

    return strike


def _parts(text: str) -> tuple[list[str], str]:
    lines = text.splitlines()
    if len(lines) >= 2 and not lines[-2]:
        return lines[:-2], lines[-1]
    return lines, ""


def _html(scene: Scene, name: str) -> Trouble | None:
    return Trouble(name, replace(scene.reply, headers=HTML, body=_PAGE)) if scene.endpoint == "listing" else None


def _words(scene: Scene, name: str) -> Trouble | None:
    if scene.endpoint != "listing":
        return None
    return Trouble(name, replace(scene.reply, body=b"Could not reach the index at this time, sorry\n"))


def _malformed(rows: Rows, key: str, scene: Scene) -> tuple[Rows, str] | None:
    if not rows:
        return None
    stamp = rows[0].split(" ")[1]
    odd = [row.format(stamp=stamp, digest=_DIGEST) for row in _ODD_ROWS]
    return [*odd[:2], *rows, *odd[2:]], key


def _odd_stamp(rows: Rows, key: str, scene: Scene) -> tuple[Rows, str] | None:
    if not rows:
        return None
    fields = rows[0].split(" ")
    fields[1] = f"{fields[1][:4]}00{fields[1][6:]}"
    return [" ".join(fields), *rows], key


def _repeated(rows: Rows, key: str, scene: Scene) -> tuple[Rows, str] | None:
    return ([row for row in rows for _ in range(2)], key) if rows else None


def _missing(rows: Rows, key: str, scene: Scene) -> tuple[Rows, str] | None:
    return (rows[::2], key) if len(rows) > 1 else None


def _disordered(rows: Rows, key: str, scene: Scene) -> tuple[Rows, str] | None:
    # A page that is full ends in the row its key was made of.
    return ([*reversed(rows[:-1]), rows[-1]], key) if len(rows) > 2 else None


def _half_a_line(rows: Rows, key: str, scene: Scene) -> tuple[Rows, str] | None:
    return ([*rows[:-1], rows[-1][: len(rows[-1]) // 2]], key) if rows else None


def _key_lost(rows: Rows, key: str, scene: Scene) -> tuple[Rows, str] | None:
    return (rows, "") if key else None


def _key_repeated(rows: Rows, key: str, scene: Scene) -> tuple[Rows, str] | None:
    asked = dict(parse_qsl(scene.target.partition("?")[2])).get("resumeKey", "")
    return (rows, asked) if key and asked else None


def _key_alone(rows: Rows, key: str, scene: Scene) -> tuple[Rows, str] | None:
    if not rows or "resumeKey=" in scene.target:
        return None
    first, stamp = rows[0].split(" ")[:2]
    return [], quote_plus(f"{first} {stamp}")


def _key_ignored(scene: Scene, name: str) -> Trouble | None:
    path, _, query = scene.target.partition("?")
    asked = parse_qsl(query, keep_blank_values=True)
    rest = [(key, value) for key, value in asked if key != "resumeKey"]
    if scene.endpoint != "listing" or len(rest) == len(asked):
        return None
    return Trouble(name, scene.ask(f"{path}?{urlencode(rest)}"))


def _excluded(scene: Scene, name: str) -> Trouble | None:
    if scene.endpoint != "listing":
        return None
    why = "org.archive.wayback.exception.RobotAccessControlException: Blocked By Robots"
    headers = (("Content-Type", "text/plain;charset=UTF-8"), ("X-Archive-Wayback-Runtime-Error", why))
    return Trouble(name, replace(scene.reply, status=403, reason="Forbidden", headers=headers, body=b""))


KINDS = (
    Kind(
        "html-for-data", "a web page, with status 200, instead of a listing", "Princeton–Leuven crawl, 2019", _html, 0.5
    ),
    Kind("words-for-data", "a line of words, with status 200, instead of a listing", "recorded answers", _words, 0.5),
    Kind(
        "malformed-rows",
        "rows of mail addresses, images, and too few or many fields",
        "recorded answers",
        _rewritten(_malformed),
        0.5,
        attempts=0,
    ),
    Kind("odd-stamp", "a row with month 00", "recorded answers", _rewritten(_odd_stamp), 0.5, attempts=0),
    Kind("repeated-rows", "every row twice", "EDGI, 2018", _rewritten(_repeated), 0.5, attempts=0),
    Kind(
        "missing-rows",
        "every second row is left out, the first time",
        "listings differ from day to day",
        _rewritten(_missing),
        0.5,
    ),
    Kind("disordered-rows", "newest rows first", "recorded answers", _rewritten(_disordered), 0.5, attempts=0),
    Kind(
        "half-a-line",
        "the last row breaks off, its answer looks whole",
        "waybackpy, 2022",
        _rewritten(_half_a_line),
        0.5,
    ),
    Kind("key-lost", "a full page without the key to the next", "EDGI, 2020", _rewritten(_key_lost), 0.9),
    Kind("key-repeated", "a page whose key leads back to itself", "waybackpy, 2022", _rewritten(_key_repeated), 0.9),
    Kind(
        "key-alone", "a first page that holds nothing but a key", "Wayback Machine, 2020", _rewritten(_key_alone), 0.9
    ),
    Kind("key-ignored", "the first page again, whatever the key", "pywb", _key_ignored, 0.9, attempts=2),
    Kind(
        "excluded-host",
        "403 with the reason in a header, for all of a site",
        "Wayback Machine",
        _excluded,
        0.5,
        attempts=0,
        outcome="excluded",
        by=Scene.host,
    ),
)
