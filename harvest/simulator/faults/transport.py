"""Trouble that any answer may meet: refusals, errors of gateways, broken and slow connections."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from harvest.simulator.faults.model import HTML, Kind, Scene, Trouble
from harvest.simulator.playback import Reply

_ERROR = "<html><body><h1>{0}</h1>\nNo server is available to handle this request.\n</body></html>\n"
_RETRY_S = 5
_SKEW = timedelta(hours=7)
_OUTAGE_S = 90.0
_LATE_S = 120.0
_SLOW_S = 0.5


def _error(status: int, reason: str) -> Callable[[Scene, str], Trouble]:
    page = Reply(status, reason, HTML, _ERROR.format(f"{status} {reason}").encode())
    return lambda scene, name: Trouble(name, page)


def _retry_after(scene: Scene, name: str) -> Trouble:
    return Trouble(name, _too_many(("Retry-After", str(_RETRY_S))))


def _retry_after_date(scene: Scene, name: str) -> Trouble:
    return Trouble(name, _too_many(("Retry-After", _http_date(scene.now + _RETRY_S))))


def _skewed_clock(scene: Scene, name: str) -> Trouble:
    """The server's clock is hours ahead: a date for coming back makes sense beside its own ``Date`` only."""
    ahead = scene.now + _SKEW.total_seconds()
    return Trouble(name, _too_many(("Date", _http_date(ahead)), ("Retry-After", _http_date(ahead + _RETRY_S))))


def _too_many(*headers: tuple[str, str]) -> Reply:
    return Reply(429, "Too Many Requests", (*HTML, *headers), b"<h1>Too Many Requests</h1>\n")


def _http_date(seconds: float) -> str:
    return format_datetime(datetime.fromtimestamp(seconds, UTC), usegmt=True)


def _empty_504(scene: Scene, name: str) -> Trouble:
    return Trouble(name, Reply(504, "Gateway Time-out", ()))


def _late(scene: Scene, name: str) -> Trouble | None:
    # Some mementos time out at the gateway and are there minutes later: loading went on in the background.
    return _empty_504(scene, name) if scene.now < scene.first_asked + _LATE_S else None


def _delivered(delivery: str, *, delay_s: float = 0.0) -> Callable[[Scene, str], Trouble | None]:
    def strike(scene: Scene, name: str) -> Trouble | None:
        if delivery in ("cut", "unfinished", "aborted") and len(scene.reply.body) < 2:
            return None
        return Trouble(name, scene.reply, delay_s=delay_s, delivery=delivery)

    return strike


def _mislabelled_gzip(scene: Scene, name: str) -> Trouble | None:
    if not scene.reply.body:
        return None
    return Trouble(name, replace(scene.reply, headers=(*scene.reply.headers, ("Content-Encoding", "gzip"))))


def _shouted_headers(scene: Scene, name: str) -> Trouble:
    shouted = tuple((key.upper(), value) for key, value in scene.reply.headers)
    return Trouble(name, replace(scene.reply, headers=shouted))


def outage(started: float) -> Callable[[Scene, str], Trouble | None]:
    """For a while from *started* (seconds) on nobody answers at all."""

    def strike(scene: Scene, name: str) -> Trouble | None:
        away = scene.now < started + _OUTAGE_S
        return Trouble(name, scene.reply, delivery="none") if away else None

    return strike


KINDS = (
    Kind(
        "rate-limit",
        "429 without a word of when to come back",
        "Wayback Machine, 2023",
        _error(429, "Too Many Requests"),
        0.2,
    ),
    Kind("retry-after", "429 with Retry-After in seconds", "Wayback Machine, 2026", _retry_after, 0.2),
    Kind("retry-after-date", "429 with Retry-After as a date", "RFC 9110", _retry_after_date, 0.2),
    Kind("skewed-clock", "429 with dates of a clock that is hours ahead", "RFC 9110", _skewed_clock, 0.2),
    Kind("server-error", "500 with a small page", "Wayback Machine", _error(500, "Internal Server Error")),
    Kind("bad-gateway", "502 with a small page", "Wayback Machine", _error(502, "Bad Gateway")),
    Kind(
        "unavailable",
        "503, twice, with a page that is no data",
        "Wayback Machine",
        _error(503, "Service Unavailable"),
        attempts=2,
    ),
    Kind("empty-504", "504 without a body", "Wayback Machine", _empty_504),
    Kind(
        "overload", "599, the answer of an overloaded proxy", "Wayback Machine", _error(599, "Network Connect Timeout")
    ),
    Kind("late", "504 for two minutes, then the true answer", "EDGI, 2019", _late, 0.1, attempts=1_000),
    Kind("slow", "half a second before the first byte", "Wayback Machine", _delivered("whole", delay_s=_SLOW_S)),
    Kind("dripping", "the body in small pieces", "Wayback Machine", _delivered("dripping", delay_s=_SLOW_S)),
    Kind("truncated", "closed in the middle of a body of known length", "Wayback Machine", _delivered("cut")),
    Kind("unfinished", "closed in the middle of a chunked body", "Wayback Machine", _delivered("unfinished")),
    Kind("reset", "closed without an answer", "Wayback Machine", _delivered("none")),
    Kind("aborted", "connection reset in the middle of the body", "Wayback Machine", _delivered("aborted")),
    Kind(
        "mislabelled-gzip",
        "Content-Encoding: gzip over a plain body",
        "recorded answers",
        _mislabelled_gzip,
        attempts=0,
    ),
    Kind("shouted-headers", "header names in capitals", "recorded answers", _shouted_headers, attempts=0),
)
