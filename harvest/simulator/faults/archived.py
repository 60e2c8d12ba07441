"""Trouble that lies in the archive: captures of what should never have been archived."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from harvest.simulator.faults.model import HTML, Kind, Scene, Trouble
from harvest.simulator.playback import Reply

_CHALLENGE = (
    b"<!DOCTYPE html><html><head><title>Just a moment...</title></head><body><h1>Checking your browser</h1>"
    b"<noscript>Enable JavaScript and cookies to continue</noscript><p>Ray ID: 0123456789abcdef</p></body></html>\n"
)
_SOFT_404 = (
    b"<!DOCTYPE html><html><head><title>Page not found</title></head><body><h1>Page not found</h1>"
    b"<p>The page you are looking for does not exist or has been moved.</p></body></html>\n"
)
_SHELL = (
    b'<!DOCTYPE html><html><head><title>Loading</title><script src="/app.js"></script></head>'
    b'<body><noscript>You need to enable JavaScript to run this app.</noscript><div id="root"></div></body></html>\n'
)
_ERROR = b"<html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>\n"


def _archived(status: int, reason: str, body: bytes) -> Callable[[Scene, str], Trouble | None]:
    """A kind that puts another answer of the site in the place of the archived one."""
    page = Reply(status, reason, HTML, body.replace(b"{0}", f"{status} {reason}".encode()))
    return lambda scene, name: Trouble(name, scene.sends(page)) if scene.is_memento else None


def _archived_circle(scene: Scene, name: str) -> Trouble | None:
    """What the site itself did to visitors without cookies: back to the page it came from."""
    if not scene.is_memento:
        return None
    away = scene.url.removesuffix("/") + ("" if scene.url.endswith("?again") else "?again")
    back = scene.url.removesuffix("?again") if scene.url.endswith("?again") else away
    location = ("Location", f"{scene.base}/web/{scene.stamp}id_/{back}")
    return Trouble(name, scene.sends(Reply(302, "Found", (*HTML, location))))


def _stored_short(scene: Scene, name: str) -> Trouble | None:
    """The archive holds half of the page; only the site's own length tells."""
    if not scene.is_memento or len(scene.reply.body) < 2 or scene.reply.status != 200:
        return None
    lengths = ("x-archive-orig-content-length",)
    others = tuple((key, value) for key, value in scene.reply.headers if key.lower() not in lengths)
    headers = (*others, (lengths[0], str(len(scene.reply.body))))
    return Trouble(name, replace(scene.reply, headers=headers, body=scene.reply.body[: len(scene.reply.body) // 2]))


KINDS = (
    Kind(
        "archived-circle",
        "redirects of the site that lead back",
        "recorded answers",
        _archived_circle,
        0.1,
        attempts=0,
        outcome="redirect",
    ),
    Kind(
        "archived-404",
        "an archived 404 under a row that says 200",
        "recorded answers",
        _archived(404, "Not Found", _ERROR),
        0.1,
        attempts=0,
        outcome="error-page",
    ),
    Kind(
        "archived-429",
        "an archived 429: the site refused the crawler",
        "recorded answers",
        _archived(429, "Too Many Requests", _ERROR),
        0.1,
        attempts=0,
        outcome="blocked-page",
    ),
    Kind(
        "archived-503",
        "an archived 503",
        "recorded answers",
        _archived(503, "Service Unavailable", _ERROR),
        0.1,
        attempts=0,
        outcome="error-page",
    ),
    Kind(
        "soft-404",
        "an archived page with status 200 that says there is none",
        "Wayback Machine",
        _archived(200, "OK", _SOFT_404),
        0.1,
        attempts=0,
        outcome="error-page",
    ),
    Kind(
        "challenge",
        "an archived page of a firewall that checks browsers",
        "Wayback Machine, 2022",
        _archived(403, "Forbidden", _CHALLENGE),
        0.1,
        attempts=0,
        outcome="blocked-page",
    ),
    Kind(
        "shell",
        "an archived page that is all script",
        "Wayback Machine",
        _archived(200, "OK", _SHELL),
        0.1,
        attempts=0,
        outcome="no-text",
    ),
    Kind(
        "stored-short",
        "an archived body that is shorter than the site said",
        "Wayback Machine",
        _stored_short,
        0.1,
        attempts=0,
        outcome="fetched",
    ),
)
