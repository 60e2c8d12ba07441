"""Captures that show no policy: errors, walls, shells, redirects. Templates ``special-KIND.html``, in our words."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass

from harvest.simulator.sample.eras import template
from harvest.simulator.sample.model import Company, Special

# kind: (status line, headers besides the type)
KINDS: Mapping[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "redirect": ("301 Moved Permanently", ()),
    "404": ("404 Not Found", ()),
    "503": ("503 Service Unavailable", (("Retry-After", "1800"),)),
    "soft-404": ("200 OK", ()),
    "blocked": ("403 Forbidden", (("Server", "EdgeGuard"),)),
    "challenge": ("200 OK", ()),
    "shell": ("200 OK", ()),
    "parked": ("200 OK", ()),
    "frameset": ("200 OK", ()),
    "refresh": ("200 OK", ()),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer as a crawler would have stored it."""

    status: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


def answer(company: Company, special: Special) -> Answer:
    """What the site said at that moment."""
    status, more = KINDS[special.kind]
    stamp = f"{special.when:%Y%m%d%H%M%S}"
    body = template(f"special-{special.kind}").substitute(
        name=html.escape(company.name), host=company.host, to=special.to, id=stamp, small=stamp[2:6]
    )
    headers = (("Content-Type", "text/html; charset=utf-8"), *more)
    if special.kind == "redirect":
        headers = (*headers, ("Location", special.to))
    return Answer(status, headers, body.encode())
