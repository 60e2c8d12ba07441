"""Settings of a run. Frozen; made once by the command line or a script and passed down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from harvest._version import __version__
from harvest.clock import SYSTEM_CLOCK, Clock

PROJECT_URL = "https://policy-harvest.example/"


@dataclass(frozen=True, slots=True)
class Rate:
    """At most *per_minute* requests in any 60 seconds; None: no limit (local archives)."""

    per_minute: int | None


#: The limits by the names that people set them by.
RATES = {"listings_per_minute": "listing_rate", "mementos_per_minute": "memento_rate"}
# 80 % of what they say they allow. Arquivo.pt blocks for good who goes over it (its wiki on APIs, January 2025).
_KNOWN_RATES = {"arquivo.pt": {"listing": Rate(200), "memento": Rate(320)}}


@dataclass(frozen=True, slots=True)
class Settings:
    """How to talk to archives, and how much to take.

    *contact* goes into the user agent: an address where the archive's staff can reach you.
    Rates are 80 % of what web.archive.org allows (30 listings, 600 playbacks a minute, as of 2026-06).

    *concurrency*: pages asked for at the same time at most; how many really are follows from how slowly the archive
    answers (`ArchiveSession.concurrency`). Listings are never asked for side by side. *patience_s*: how long after
    a failure it is tried again in the same run. *give_up_after*: a capture that failed in so many runs is left alone.
    *archives*: limits (``listing``, ``memento``) of single archives, by host. *govern_loopback*: keep limits and
    blocks towards servers on this computer too. *state*: the folder of what processes share, '' for the user's.
    *clock*: by which all waiting is done.
    """

    contact: str = ""
    listing_rate: Rate = field(default_factory=lambda: Rate(24))
    memento_rate: Rate = field(default_factory=lambda: Rate(480))
    timeout_s: float = 60.0
    max_body_bytes: int = 20_000_000
    listing_page_rows: int = 5_000
    landing_window_days: int = 1
    attempts: int = 3
    concurrency: int = 32
    patience_s: float = 300.0
    give_up_after: int = 12
    govern_loopback: bool = False
    state: str = ""
    archives: Mapping[str, Mapping[str, Rate]] = field(default_factory=dict)
    clock: Clock = field(default=SYSTEM_CLOCK, compare=False)

    def rates_of(self, host: str) -> Mapping[str, Rate]:
        """Return the limits towards an archive: its own, what is known of it, or the general ones."""
        general = {"listing": self.listing_rate, "memento": self.memento_rate}
        unchanged = general == {"listing": Rate(24), "memento": Rate(480)}
        return {**general, **(_KNOWN_RATES.get(host, {}) if unchanged else {}), **self.archives.get(host, {})}

    @property
    def user_agent(self) -> str:
        """Name, version, project address and the user's contact."""
        contact = f"; {self.contact}" if self.contact else ""
        return f"policy-harvest/{__version__} (+{PROJECT_URL}{contact})"


def with_values(settings: Settings, values: Mapping[str, Any]) -> Settings:
    """Return settings with some changed, by the names that `harvest settings` shows."""
    changes: dict[str, Any] = {
        RATES.get(name, name): Rate(int(value)) if name in RATES else value for name, value in values.items()
    }
    if RATES.keys() & values.keys():
        changes["govern_loopback"] = True  # who names a limit wants it kept, towards a server on this computer too
    return replace(settings, **changes)


def value_of(settings: Settings, name: str) -> Any:
    """Return one setting by the name that `harvest settings` shows."""
    value = getattr(settings, RATES.get(name, name))
    return value.per_minute if isinstance(value, Rate) else value
