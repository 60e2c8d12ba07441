"""One capture → its page as archived, through the playback of a Wayback-compatible server.

``Memento-Datetime`` divides the answers: with it the *site* spoke (whatever the status), without it the archive.
A 302 without it leads to the nearest capture that can be played, which may be months away; a 3xx with it is what
the site answered then.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin

from harvest.archive.refusals import exclusion, is_absent
from harvest.archive.session import Answer, ArchiveSession
from harvest.config import Settings
from harvest.errors import ArchiveError, StopAsking
from harvest.model import Capture, Outcome, RawPage
from harvest.timestamps import format_stamp, parse_stamp
from harvest.urls import canonical_url, urlkey

# The archive itself needs one or two; sites of the 2010s chained four (country, log-in, https, slash).
_MAX_HOPS = 8
_MEMENTO = re.compile(r"/(\d{4,14})(?:[a-z]{2}_)?/(?=[a-z][a-z0-9+.-]*:/)", re.I)
_VIEW_OF_REDIRECT = re.compile(
    r"Got an HTTP (3\d\d) response at crawl time.{0,2000}?class=\"impatient\"><a href=\"([^\"]+)", re.S
)
_SLASHES = re.compile(r"^(https?):/+", re.I)


@dataclass(frozen=True, slots=True)
class Place:
    """A memento's address taken apart: when, and of what."""

    timestamp: str
    url: str

    @property
    def path(self) -> str:
        """What stands behind the archive's prefix to ask for the bytes as archived."""
        return f"{self.timestamp}id_/{self.url.replace('#', '%23')}"


def place_of(address: str) -> Place | None:
    """Return the timestamp and URL of a memento's address; None for anything else.

    >>> place_of("https://web.archive.org/web/20180101000000id_/http://a.example/x")
    Place(timestamp='20180101000000', url='http://a.example/x')
    """
    match = _MEMENTO.search(address)
    if match is None:
        return None
    return Place(match[1], _SLASHES.sub(r"\1://", address[match.end() :]))


def fetch(session: ArchiveSession, capture: Capture, *, prefix: str, settings: Settings) -> RawPage:
    """Return the page of a capture, or the outcome that says why there is none.

    *prefix* is what stands before the timestamp, such as ``https://web.archive.org/web/``. Raises `StopAsking`;
    every other trouble is the outcome ``failed`` (to be tried again) or a final one.
    """
    try:
        return _play(session, capture, prefix=prefix, settings=settings)
    except StopAsking:
        raise
    except ArchiveError as error:
        return RawPage(capture, Outcome.FAILED, str(error))


def _play(session: ArchiveSession, capture: Capture, *, prefix: str, settings: Settings) -> RawPage:
    """Follow a capture through the archive's and the site's redirects to an answer of the site, or a refusal."""
    wanted = Place(capture.timestamp, capture.url)
    seen: set[Place] = set()
    first: RawPage | None = None  # the archived redirect that this capture itself is
    targets: list[str] = []
    for _ in range(_MAX_HOPS):
        if wanted in seen:
            return _loop(first, capture)
        seen.add(wanted)
        answer = session.get(prefix + wanted.path, endpoint="memento")
        if not answer.is_archived:
            nearest = _nearest(answer)
            if nearest is None:
                return first or _view_of_redirect(answer, capture) or _refused(answer, capture)
            if not _within(nearest.timestamp, capture, settings):
                return first or _too_far(nearest, capture)
            wanted = nearest
            continue
        landed = _landed(answer, wanted)
        if not _within(landed.timestamp, capture, settings):
            return first or _too_far(landed, capture)
        if not _is_redirect(answer):
            return first if first is not None else _page(answer, capture, landed, settings)
        target = _target(answer, landed)
        targets.append(target)
        here = _page(answer, capture, landed, settings)
        # pywb sends no body with a redirect, others one of their own: it is no page, and not kept
        here = replace(here, outcome=Outcome.REDIRECT, reason=f"to {target}", body=None)
        first = replace(first or here, redirects=tuple(targets))
        if urlkey(target) == urlkey(landed.url) and canonical_url(target) != canonical_url(landed.url):
            return first  # http to https, www: the same address to the index, listed already
        wanted = Place(landed.timestamp, target)
    return first or RawPage(capture, Outcome.UNPLAYABLE, f"more than {_MAX_HOPS} redirects inside the archive")


def archived_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers of the site's answer, as far as the archive passed them on.

    Under ``x-archive-orig-`` where there are any. The outer Content-Type then counts for its type only: its
    charset is the archive's guess. Servers of pywb's kind pass the site's headers on under their own names.
    """
    prefix = "x-archive-orig-"
    original = {name[len(prefix) :]: value for name, value in headers.items() if name.startswith(prefix)}
    if not original:
        return {name: value for name, value in headers.items() if name != "content-encoding"}
    outer = headers.get("content-type", "").partition(";")[0].strip()
    if outer and "content-type" not in original:
        original["content-type"] = outer
    return original


def _page(answer: Answer, capture: Capture, landed: Place, settings: Settings) -> RawPage:
    headers = archived_headers(answer.headers)
    page = RawPage(
        capture,
        Outcome.FETCHED,
        body=answer.body,
        headers=headers,
        status=answer.status,
        landed_timestamp=landed.timestamp,
        landed_url=landed.url,
    )
    if answer.flaw == "too long":
        return replace(
            page, outcome=Outcome.UNPLAYABLE, reason=f"longer than {settings.max_body_bytes} bytes", body=None
        )
    return replace(page, reason=_truncation(answer, headers))


def _truncation(answer: Answer, headers: Mapping[str, str]) -> str:
    """Say what is missing of a body; lengths of encoded bodies cannot be compared."""
    if answer.flaw:
        return f"the body {answer.flaw}"
    length = headers.get("content-length", "")
    encoded = headers.get("content-encoding", "identity").lower() not in ("", "identity")
    if "x-archive-orig-content-length" not in answer.headers or encoded or not length.isdigit():
        return ""
    missing = int(length) - len(answer.body)
    return f"truncated: {len(answer.body)} of {length} bytes" if missing > 0 else ""


def _landed(answer: Answer, wanted: Place) -> Place:
    """Where the answer says it comes from: pywb answers a time it has not with the nearest, and status 200."""
    try:
        moment = parsedate_to_datetime(answer.headers["memento-datetime"])
    except (ValueError, TypeError):
        return wanted
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    if parse_stamp(wanted.timestamp)[0] == moment:
        return wanted  # keeps a stamp that is no date (month 00) as it was listed
    return Place(format_stamp(moment), wanted.url)


def _nearest(answer: Answer) -> Place | None:
    """The capture to which the archive sends us instead; None where it does not."""
    location = answer.headers.get("location", "")
    return place_of(urljoin(answer.url, location)) if 300 <= answer.status < 400 and location else None


def _is_redirect(answer: Answer) -> bool:
    return 300 <= answer.status < 400 and answer.status != 304 and bool(answer.headers.get("location"))


def _target(answer: Answer, landed: Place) -> str:
    """Where the site sent its visitors: Location with the archive's own address taken off."""
    location = answer.headers["location"]
    inner = place_of(location) or place_of(urljoin(answer.url, location))
    return inner.url if inner else urljoin(landed.url, location)


def _within(timestamp: str, capture: Capture, settings: Settings) -> bool:
    try:
        moment = parse_stamp(timestamp)[0]
    except ValueError:
        return False
    return abs(moment - capture.captured_at) <= timedelta(days=settings.landing_window_days)


def _too_far(landed: Place, capture: Capture) -> RawPage:
    moment = parse_stamp(landed.timestamp)[0]
    days = abs(moment - capture.captured_at).total_seconds() / 86_400
    return RawPage(
        capture,
        Outcome.UNPLAYABLE,
        f"the nearest capture that can be played is of {moment:%Y-%m-%d}, {days:.0f} days away",
        landed_timestamp=landed.timestamp,
        landed_url=landed.url,
    )


def _loop(first: RawPage | None, capture: Capture) -> RawPage:
    if first is None:
        return RawPage(capture, Outcome.UNPLAYABLE, "the archive redirects in a circle")
    return replace(first, reason=f"{first.reason}; a loop: no page at the end of it", redirects=())


def _view_of_redirect(answer: Answer, capture: Capture) -> RawPage | None:
    """Read the page that servers without ``id_`` show for an archived redirect: status 200, moved by a script."""
    match = _VIEW_OF_REDIRECT.search(answer.text) if answer.status == 200 else None
    target = place_of(urljoin(answer.url, match[2])) if match else None
    if match is None or target is None:
        return None
    return RawPage(
        capture,
        Outcome.REDIRECT,
        f"to {target.url}",
        status=int(match[1]),
        landed_timestamp=capture.timestamp,
        landed_url=capture.url,
        redirects=(target.url,),
    )


def _refused(answer: Answer, capture: Capture) -> RawPage:
    """What an answer of the archive itself, instead of a page, means for the capture."""
    refused = exclusion(answer.headers, answer.text)
    if refused:
        return RawPage(capture, Outcome.EXCLUDED, refused)
    if is_absent(answer.status, answer.headers, answer.text):
        return RawPage(capture, Outcome.MISSING, "the archive has no such capture after all")
    if answer.status in (401, 403, 410, 451):
        return RawPage(capture, Outcome.UNPLAYABLE, f"the archive refused with status {answer.status}")
    return RawPage(capture, Outcome.FAILED, f"the archive answered {answer.status} without a page of the site")
