"""What the kinds of trouble are made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import parse_qs

from harvest.simulator.holdings import Holdings
from harvest.simulator.limits import endpoint_of
from harvest.simulator.playback import Reply, parse_address
from harvest.urls import host_of, urlkey

HTML = (("Content-Type", "text/html; charset=utf-8"),)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is sent instead of the true answer, and how.

    *delivery*: ``whole``; ``none`` (the connection is closed without a word); ``cut`` (closed in the middle of a
    body of known length); ``unfinished`` (closed in the middle of a chunked body); ``aborted`` (reset by the peer in
    the middle); ``dripping`` (in small pieces). *delay_s* seconds pass before the first byte.
    """

    name: str
    reply: Reply
    delay_s: float = 0.0
    delivery: str = "whole"


@dataclass(frozen=True, slots=True)
class Scene:
    """One request and its true answer. *ask* gives the true answer to another target; *now* is in seconds."""

    target: str
    reply: Reply
    base: str
    holdings: Holdings
    ask: Callable[[str], Reply]
    now: float
    first_asked: float

    @property
    def endpoint(self) -> str:
        """``listing`` or ``memento``."""
        return endpoint_of(self.target)

    @property
    def is_memento(self) -> bool:
        """True where the true answer is a page of an archived site."""
        return any(name.lower() == "memento-datetime" for name, _ in self.reply.headers)

    @property
    def url(self) -> str:
        """The archived URL that is asked about."""
        if self.endpoint == "listing":
            return parse_qs(self.target.partition("?")[2]).get("url", [""])[-1]
        asked = parse_address(self.target)
        return asked.url if asked else ""

    @property
    def stamp(self) -> str:
        """The timestamp asked for; '' in a listing."""
        asked = None if self.endpoint == "listing" else parse_address(self.target)
        return asked.stamp if asked else ""

    def identity(self) -> str:
        """Name the page of a listing, or the capture however its URL is spelled."""
        return self.target if self.endpoint == "listing" else f"{self.stamp} {urlkey(self.url)}"

    def host(self) -> str:
        """Name the archived site."""
        return host_of(self.url if "://" in self.url else f"http://{self.url}")

    def sends(self, reply: Reply) -> Reply:
        """Give *reply* the headers by which the true answer says that it comes from the archived site."""
        kept = tuple(
            (name, value)
            for name, value in self.reply.headers
            if name.lower() in ("memento-datetime", "link", "x-archive-src")
        )
        return replace(reply, headers=(*reply.headers, *kept))


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of trouble.

    *does*: what a client meets, in a sentence. *seen*: where it was observed. *strike* returns what is sent, None
    where this kind has nothing to do with the scene. *share*: of the things it concerns, 0 to 1; *attempts*: how often
    in a row it hits the same thing, 0 for ever. *outcome*: what a careful client makes of a capture in the end; ''
    where it gets the true answer after all. *by*: what the lot is drawn for.
    """

    name: str
    does: str
    seen: str
    strike: Callable[[Scene, str], Trouble | None]
    share: float = 0.3
    attempts: int = 1
    outcome: str = ""
    by: Callable[[Scene], str] = Scene.identity

    @property
    def lasts(self) -> bool:
        """True for trouble that asking again does not end."""
        return self.attempts == 0
