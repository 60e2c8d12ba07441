"""Trouble of the archive with captures: another one comes, or none, or one that is mislabelled."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from harvest.simulator.faults.model import HTML, Kind, Scene, Trouble
from harvest.simulator.playback import Reply, excluded, http_date, not_archived
from harvest.timestamps import parse_stamp
from harvest.urls import urlkey

_MONTHS_AWAY = timedelta(days=45)


def _own(make: Callable[[str], Reply]) -> Callable[[Scene, str], Trouble | None]:
    """A kind in which the archive speaks itself."""
    return lambda scene, name: Trouble(name, make(scene.url)) if scene.endpoint == "memento" else None


def _blocked_with_200(url: str) -> Reply:
    return replace(excluded(url), status=200, reason="OK")


def _nearest(scene: Scene, name: str) -> Trouble | None:
    """The way to another capture, months away, though this one is listed."""
    if not scene.is_memento or not scene.stamp.isdigit() or len(scene.stamp) != 14:
        return None
    wanted = parse_stamp(scene.stamp)[0]
    rows = scene.holdings.playable(urlkey(scene.url))
    far = [row for row in rows if abs(parse_stamp(row.timestamp)[0] - wanted) > _MONTHS_AWAY]
    if not far:
        return None
    row = min(far, key=lambda row: abs(parse_stamp(row.timestamp)[0] - wanted))
    return _sent_to(scene, name, f"/web/{row.timestamp}id_/{row.original}")


def _circle(scene: Scene, name: str) -> Trouble | None:
    """To the other spelling of the URL and back, without end, by the archive's own redirects."""
    if scene.endpoint != "memento" or "://" not in scene.url:
        return None
    scheme, _, rest = scene.url.partition("://")
    other = "http" if scheme == "https" else "https"
    return _sent_to(scene, name, f"/web/{scene.stamp}id_/{other}://{rest}")


def _sent_to(scene: Scene, name: str, path: str) -> Trouble:
    headers = (*HTML, ("Location", f"{scene.base}{path}"))
    return Trouble(name, Reply(302, "FOUND", headers))


def _packed(scene: Scene, name: str) -> Trouble | None:
    if not scene.is_memento or not scene.reply.body:
        return None
    packed = gzip.compress(scene.reply.body, mtime=0)
    return Trouble(name, replace(scene.reply, body=packed, headers=(*_plain(scene), ("content-encoding", ""))))


def _plain(scene: Scene) -> tuple[tuple[str, str], ...]:
    return tuple((key, value) for key, value in scene.reply.headers if key.lower() != "content-encoding")


def _mislabelled_charset(scene: Scene, name: str) -> Trouble | None:
    if not scene.is_memento:
        return None
    others = tuple((key, value) for key, value in scene.reply.headers if key.lower() != "content-type")
    labelled = (("Content-Type", "text/html; charset=x-mac-klingon"), *others)
    return Trouble(name, replace(scene.reply, headers=labelled))


def _wait_page(scene: Scene, name: str) -> Trouble | None:
    page = b"<!DOCTYPE html><html><head><title>Archive</title></head><body><p>One moment, please.</p></body></html>\n"
    return Trouble(name, Reply(200, "OK", HTML, page)) if scene.endpoint == "memento" else None


def _other_second(scene: Scene, name: str) -> Trouble | None:
    """The right page under a time seconds off, as servers answer whose index and pages disagree."""
    if not scene.is_memento or len(scene.stamp) != 14:
        return None
    shifted = parse_stamp(scene.stamp)[0] + timedelta(seconds=2)
    others = tuple((key, value) for key, value in scene.reply.headers if key.lower() != "memento-datetime")
    date = http_date(f"{shifted:%Y%m%d%H%M%S}")
    return Trouble(name, replace(scene.reply, headers=(*others, ("Memento-Datetime", date))))


KINDS = (
    Kind(
        "wait-page",
        "a page of the archive's own, with status 200, where a capture was asked for",
        "Wayback Machine",
        _wait_page,
    ),
    Kind("packed", "the body still gzipped, its label empty", "EDGI, 2020", _packed, attempts=0),
    Kind(
        "mislabelled-charset",
        "an unknown charset in the outer Content-Type",
        "Wayback Machine",
        _mislabelled_charset,
        attempts=0,
    ),
    Kind("other-second", "Memento-Datetime two seconds off", "pywb", _other_second, attempts=0),
    Kind(
        "unplayable",
        "404 of the archive for a capture that is listed",
        "Wayback Machine",
        _own(not_archived),
        0.1,
        attempts=0,
        outcome="missing",
    ),
    Kind(
        "blocked-200",
        "the archive's page about an excluded site, with status 200, for all of a site",
        "Wayback Machine, 2020",
        _own(_blocked_with_200),
        0.5,
        attempts=0,
        outcome="excluded",
        by=Scene.host,
    ),
    Kind(
        "blocked-403",
        "the same with status 403",
        "Wayback Machine, 2023",
        _own(excluded),
        0.5,
        attempts=0,
        outcome="excluded",
        by=Scene.host,
    ),
    Kind(
        "nearest-capture",
        "the way to a capture of another month",
        "Wayback Machine",
        _nearest,
        0.1,
        attempts=0,
        outcome="unplayable",
    ),
    Kind(
        "circle",
        "redirects of the archive that lead back",
        "Wayback Machine",
        _circle,
        0.1,
        attempts=0,
        outcome="unplayable",
    ),
)
