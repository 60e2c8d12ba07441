"""What ``/web/<stamp>[modifier]/<url>`` answers: a capture, the way to the nearest one, or that there is none.

Pure: an address and the holdings in, a Reply out. Modelled on recorded answers of web.archive.org: archived
errors and redirects carry ``Memento-Datetime``, the archive's own do not.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from urllib.parse import urljoin

from harvest.simulator.holdings import Holding, Holdings, Stored
from harvest.timestamps import parse_stamp
from harvest.urls import host_of, urlkey

_ADDRESS = re.compile(r"/web/(?:(?P<stamp>\d{1,14})(?P<modifier>[a-z]{2}_)?/)?(?P<url>.+)")
# Without a copy in recorded answers: the type stands under its own name, Location is rewritten, coding is undone.
# (Transfer-Encoding has one there, though chunks are undone as well.)
_NOT_COPIED = ("content-type", "location", "content-encoding")


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer: status, reason, headers in order, body. ``Content-Length`` is the server's business."""

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Asked:
    """The parts of a playback address. *stamp* is '' where none was given: the newest capture is meant."""

    stamp: str
    modifier: str
    url: str


def parse_address(path: str) -> Asked | None:
    """Take a playback address apart; None if it is none."""
    match = _ADDRESS.fullmatch(path)
    if match is None:
        return None
    url = match["url"]
    if not re.match(r"https?:/", url, re.I):
        url = f"http://{url}"
    return Asked(match["stamp"] or "", match["modifier"] or "", url)


def play(holdings: Holdings, asked: Asked, base: str) -> Reply:
    """Answer a playback address on the server at *base* (``http://127.0.0.1:8080``)."""
    rows = holdings.playable(urlkey(asked.url))
    if not rows:
        return not_archived(asked.url)
    row = _nearest(rows, asked)
    if row.timestamp != asked.stamp:
        return _found_at(row, asked, base)
    stored = holdings.load(row)
    headers = _headers(row, rows, stored, base)
    if asked.modifier:
        return Reply(stored.status, stored.reason, _as_archived(headers, row, asked, stored, base), stored.body)
    if stored.header("Location"):
        # The original sends the follower on by script: a client that takes this page for the policy is wrong.
        return _redirect_page(row, stored, base)
    return Reply(stored.status, stored.reason, headers, _with_banner(row, stored))


def not_archived(url: str) -> Reply:
    """The archive never saw this URL: 404 without ``Memento-Datetime``."""
    return _own_page(404, "NOT FOUND", f"Hrm. The archive has not archived that URL: {url}")


def excluded(url: str) -> Reply:
    """The site asked to be left out: 403 without ``Memento-Datetime``, as since 2023 (before, it was a 200)."""
    return _own_page(403, "FORBIDDEN", f"Sorry. This URL has been excluded from the Wayback Machine. ({url})")


def is_excluded(url: str, hosts: Sequence[str]) -> bool:
    """True if the URL is on one of these hosts or below it."""
    host = host_of(url if "://" in url else f"http://{url}")
    return any(host == out or host.endswith(f".{out}") for out in hosts)


def _nearest(rows: Sequence[Holding], asked: Asked) -> Holding:
    if not asked.stamp:
        return rows[-1]
    wanted = _moment(asked.stamp)
    # Same second: the spelling that was asked for comes first.
    return min(rows, key=lambda row: (abs(_moment(row.timestamp) - wanted), row.original != asked.url))


def _moment(stamp: str) -> datetime:
    try:
        return parse_stamp(stamp)[0]
    except ValueError:
        return parse_stamp("1990")[0]


def _found_at(row: Holding, asked: Asked, base: str) -> Reply:
    headers = (
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Location", f"{base}/web/{row.timestamp}{asked.modifier}/{row.original}"),
        ("X-Archive-Redirect-Reason", f"found capture at {row.timestamp}"),
    )
    return Reply(302, "FOUND", headers)


def _headers(row: Holding, rows: Sequence[Holding], stored: Stored, base: str) -> tuple[tuple[str, str], ...]:
    copied = [(f"x-archive-orig-{k.lower()}", v) for k, v in stored.headers if k.lower() not in _NOT_COPIED]
    content_type = stored.header("Content-Type")
    return (
        *([("Content-Type", content_type)] if content_type else []),
        ("Memento-Datetime", http_date(row.timestamp)),
        ("Link", _links(row, rows, base)),
        *copied,
        ("X-Archive-Src", row.path.name),
    )


def _as_archived(
    headers: tuple[tuple[str, str], ...], row: Holding, asked: Asked, stored: Stored, base: str
) -> tuple[tuple[str, str], ...]:
    location = stored.header("Location")
    if not location or not 300 <= stored.status < 400:
        return headers
    target = urljoin(row.original, location)
    return (*headers, ("Location", f"{base}/web/{row.timestamp}{asked.modifier}/{target}"))


def _links(row: Holding, rows: Sequence[Holding], base: str) -> str:
    position = rows.index(row)
    named = [("first memento", 0), ("prev memento", position - 1), ("memento", position)]
    named += [("next memento", position + 1), ("last memento", len(rows) - 1)]
    mementos = [
        f'<{base}/web/{rows[at].timestamp}/{rows[at].original}>; rel="{name}"; '
        f'datetime="{http_date(rows[at].timestamp)}"'
        for name, at in named
        if 0 <= at < len(rows)
    ]
    gates = [
        f'<{row.original}>; rel="original"',
        f'<{base}/web/timemap/link/{row.original}>; rel="timemap"; type="application/link-format"',
        f'<{base}/web/{row.original}>; rel="timegate"',
    ]
    return ", ".join(gates + mementos)


def http_date(stamp: str) -> str:
    """A stamp as HTTP writes times."""
    return format_datetime(_moment(stamp), usegmt=True)


def _own_page(status: int, reason: str, message: str) -> Reply:
    page = f"<!DOCTYPE html><html><head><title>Archive</title></head><body><p>{html.escape(message)}</p></body></html>"
    return Reply(status, reason, (("Content-Type", "text/html; charset=utf-8"),), page.encode())


def _redirect_page(row: Holding, stored: Stored, base: str) -> Reply:
    target = f"{base}/web/{row.timestamp}/{urljoin(row.original, stored.header('Location'))}"
    link = html.escape(target, quote=True)
    page = (
        "<!DOCTYPE html><html><head><title></title></head><body><p>Loading...</p>"
        f"<p>Got an HTTP {stored.status} response at crawl time</p>"
        f'<p class="impatient"><a href="{link}">Redirecting to... {link}</a></p></body></html>'
    )
    return Reply(200, "OK", (("Content-Type", "text/html; charset=utf-8"),), page.encode())


def _with_banner(row: Holding, stored: Stored) -> bytes:
    if "html" not in stored.header("Content-Type").lower():
        return stored.body
    when = _moment(row.timestamp).strftime("%d %B %Y, %H:%M:%S UTC")
    banner = (
        '<div style="background:#222;color:#eee;font:13px sans-serif;padding:6px 10px;text-align:left">'
        f"Simulated archive: {html.escape(row.original)} as captured on {when}</div>"
    ).encode("ascii", "xmlcharrefreplace")
    found = re.search(rb"<body[^>]*>", stored.body, re.I)
    at = found.end() if found else 0
    return stored.body[:at] + banner + stored.body[at:]
