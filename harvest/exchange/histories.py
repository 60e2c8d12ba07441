"""Histories of policies as a stream of captures, whatever they are kept in: git, or a folder of dated files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from harvest.exchange.git_layouts import Place
from harvest.model import Capture
from harvest.timestamps import format_stamp
from harvest.urls import urlkey


@dataclass(frozen=True, slots=True)
class Sighted:
    """One file as it was at one moment. *content* names its bytes ('' where it was taken down) for `History.read`.

    *url* is that of the capture: an address in the history, which stays the same however the page moved; *page_url*
    is where the page was, if anybody said so. *remark*: what a reader should know of this capture. *late_s*:
    by how much it counts as later than it says, for another one of the same page and moment came before it.
    *is_back*: it shows what it showed before within this second, and something else between: by what it says it would
    be known for the earlier one, so it is known by what it counts as. *approximate*: only the day is known, say.
    """

    place: Place
    when: datetime
    content: str
    url: str
    page_url: str = ""
    remark: str = ""
    late_s: int = 0
    is_back: bool = False
    approximate: bool = False

    def capture(self, archive: str, length: int | None) -> Capture:
        """Return the capture this stands for."""
        counted = self.when + timedelta(seconds=self.late_s)
        return Capture(
            archive=archive,
            url=self.url,
            urlkey=urlkey(self.url),
            timestamp=format_stamp(counted if self.is_back else self.when),
            captured_at=counted,
            approximate=self.approximate or self.late_s > 0,
            mimetype=self.place.mimetype,
            digest=self.content,
            length=length,
            form=self.place.form,
        )


@dataclass(frozen=True, slots=True)
class Filing:
    """All that a history holds of one policy: an opaque *number*, the place, and how many captures."""

    number: int
    place: Place
    captures: int


def readable(path: str) -> str:
    """Return the path of a file as text that can be stored: a name that is no UTF-8 is taken for windows-1252."""
    name = os.fsencode(path)
    try:
        return name.decode()
    except UnicodeDecodeError:
        return name.decode("cp1252", "replace")


class Unreadable(Exception):
    """The bytes of one capture cannot be had; the message says why. Those of others can."""


class History(Protocol):
    """Somebody's collection of captures, planned: everything is known but the bytes."""

    @property
    def archive(self) -> str:
        """What ``captures.archive`` says."""
        ...

    @property
    def self_describing(self) -> bool:
        """True where each file says itself which policy it shows and when it was captured."""
        ...

    def warnings(self) -> tuple[str, ...]:
        """Return what a user should know of the collection as a whole."""
        ...

    def damage(self) -> tuple[str, ...]:
        """Return what of the collection cannot be read at all, beyond single captures."""
        ...

    def filings(self) -> Iterator[Filing]:
        """Yield the policies of the collection, in a fixed order."""
        ...

    def sightings(self, filing: Filing) -> Iterator[Sighted]:
        """Yield the captures of one policy, oldest first."""
        ...

    def read(self, sighted: Sighted, *, most: int) -> bytes:
        """Return the bytes of a capture. Raises Unreadable where they cannot be had or are more than *most*."""
        ...
